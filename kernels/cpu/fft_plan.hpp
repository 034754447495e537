// Plans of transforms: tables of roots and work space for one length, and the cache that keeps the last few.
#pragma once

#include <atomic>

#include "fft_columns.hpp"

namespace wasmnp::ISA {

inline std::intptr_t largest_prime(std::intptr_t n) {
  std::intptr_t largest = 1;
  for (std::intptr_t prime = 2; prime * prime <= n; ++prime) {
    for (; n % prime == 0; n /= prime) largest = prime;
  }
  return n > largest ? n : largest;
}

// A complex transform of `n` points whose primes are small. Few points are the rows of one tile whose columns are
// different transforms. More are done as first x second ("six-step": D. H. Bailey, "FFTs in external or hierarchical
// memory", 1990) in tiles of eight columns that stay in the first-level cache.
template <typename T>
struct SmoothPlan {
  std::intptr_t n = 1;
  bool tiled = false;
  ColumnPlan<T> first, second;   // when not tiled, `first` is all
  std::intptr_t* first_offset;   // of the row that holds each output of the first stage
  std::intptr_t* second_offset;  // in the output, of what each row of the second stage holds
  T* grid;                       // exp(-2 pi i column row / n), as tiles of the first stage in order of position
  T* tile;
  T* work;

  // Rows of a tile of the second stage in `work`.
  std::intptr_t work_rows() const { return whole_tiles(second.length()); }

  void choose(std::intptr_t points) {
    n = points;
    first.shape = ColumnShape(n);
    if (n < kTiledFrom && n != kColumns * kColumns) return;  // 64 fills whole tiles in both stages
    double least = 0;
    for (std::intptr_t length = 2; length * length <= n; ++length) {
      if (n % length != 0) continue;
      for (const std::intptr_t one : {length, n / length}) {
        const double cost = stage_cost(one, n / one) + stage_cost(n / one, one);
        if (tiled && cost >= least) continue;
        tiled = true;
        least = cost;
        first.shape.length = one;
      }
    }
    if (!tiled) return;  // a prime
    const std::intptr_t one = first.shape.length;
    first.shape = ColumnShape(one);
    second.shape = ColumnShape(n / one);
  }

  void lay_out(Arena& arena) {
    first.lay_out(arena);
    tile = arena.take<T>(2 * kColumns * first.length());
    if (!tiled) {
      first_offset = arena.take<std::intptr_t>(n);
      return;
    }
    second.lay_out(arena);
    first_offset = arena.take<std::intptr_t>(whole_tiles(first.length()));
    second_offset = arena.take<std::intptr_t>(second.length());
    grid = arena.take<T>(2 * first.length() * work_rows());
    work = arena.take<T>(2 * whole_tiles(first.length()) * work_rows());
  }

  // `unit` has a period that is a multiple of n.
  void fill(const UnitRoots& unit, std::intptr_t period) {
    first.fill(unit, period);
    const std::intptr_t length = first.length();
    for (std::intptr_t k = 0; k < length; ++k) first_offset[k] = first.shape.position(k) * 2 * kColumns;
    if (!tiled) return;
    for (std::intptr_t k = length; k < whole_tiles(length); ++k) first_offset[k] = 0;
    second.fill(unit, period);
    for (std::intptr_t k = 0; k < second.length(); ++k) second_offset[second.shape.position(k)] = 2 * length * k;
    for (std::intptr_t k = 0; k < length; ++k) {
      for (std::intptr_t column = 0; column < work_rows(); ++column) {
        T* at = grid + (column / kColumns * length) * 2 * kColumns + first_offset[k] + column % kColumns;
        const bool inside = column < second.length();
        const Complex<T> root = inside ? rounded<T>(unit(period / n * (column * k))) : Complex<T>{};
        at[0] = root.real;
        at[kColumns] = root.imag;
      }
    }
  }

 private:
  static constexpr std::intptr_t kTiledFrom = 128;

  // Of transforms of `length` rows over so many columns: passes times tiles, dearer beyond the first-level cache.
  static double stage_cost(std::intptr_t length, std::intptr_t columns) {
    const ColumnShape shape(length);
    double work = 2;  // reading and writing
    for (int pass = 0; pass < shape.passes; ++pass) work += shape.radices[pass] > 8 ? shape.radices[pass] / 3.0 : 1.3;
    if (length > 256) work *= 1.5;
    return work * static_cast<double>(length) * static_cast<double>(whole_tiles(columns));
  }
};

// A complex transform of n points of any length, and what real ones need beside.
template <typename T>
struct FourierPlan {
  std::intptr_t n;  // the key of the cache
  bool real;        // likewise: of n real points
  std::size_t bytes;

  // Of `points` complex numbers: n, or n / 2 where an even number of real ones is taken as half as many complex ones.
  std::intptr_t points;
  bool by_convolution;
  SmoothPlan<T> smooth;  // of `points` points, or long enough to convolve them
  T *chirp, *filter, *padded;

  bool halved() const { return real && n % 2 == 0; }
  T *root_real, *root_imag;  // exp(-2 pi i k / n) for k <= points / 2, when halved
  T* spread;                 // when real and not halved: real points as complex ones, or outputs of pairs of columns

  // So many transforms are done side by side.
  std::intptr_t rows_at_once() const { return smooth.tiled || by_convolution ? 1 : kColumns; }
};

template <typename T>
void lay_out(FourierPlan<T>& plan, Arena& arena) {
  plan.smooth.lay_out(arena);
  if (plan.by_convolution) {
    plan.chirp = arena.take<T>(2 * plan.points);
    plan.filter = arena.take<T>(2 * plan.smooth.n);
    plan.padded = arena.take<T>(2 * plan.smooth.n);
  }
  if (plan.halved()) {
    plan.root_real = arena.take<T>(plan.points / 2 + 1);
    plan.root_imag = arena.take<T>(plan.points / 2 + 1);
  } else if (plan.real) {
    const std::intptr_t rows = 2 * plan.n * plan.rows_at_once(),
                        pairs = 2 * kColumns * (plan.smooth.first.length() + 1);
    plan.spread = arena.take<T>(rows > pairs ? rows : pairs);
  }
}

// Fills a laid-out plan, except for the filter of a convolution (its transform is the business of fft.hpp); false
// without memory.
template <typename T>
bool fill(FourierPlan<T>& plan) {
  const UnitRoots unit(plan.n);
  if (!unit.valid()) return false;
  for (std::intptr_t k = 0; plan.halved() && k <= plan.points / 2; ++k) {
    const Complex<T> root = rounded<T>(unit(k));
    plan.root_real[k] = root.real;
    plan.root_imag[k] = root.imag;
  }
  if (!plan.by_convolution) {
    plan.smooth.fill(unit, plan.n);
    return true;
  }
  const UnitRoots smooth_unit(plan.smooth.n), chirp_unit(2 * plan.points);
  if (!smooth_unit.valid() || !chirp_unit.valid()) return false;
  plan.smooth.fill(smooth_unit, plan.smooth.n);
  // exp(-pi i k^2 / points), where k^2 is counted modulo 2 points
  for (std::intptr_t k = 0, square = 0; k < plan.points; ++k) {
    const Complex<T> root = rounded<T>(chirp_unit(square));
    plan.chirp[2 * k] = root.real;
    plan.chirp[2 * k + 1] = root.imag;
    square += 2 * k + 1;
    if (square >= 2 * plan.points) square -= 2 * plan.points;
  }
  return true;
}

// The least product of small primes and 64 that is not below `least`: both stages then have whole tiles.
inline std::intptr_t convolution_length(std::intptr_t least) {
  std::intptr_t best = 64;
  while (best < least) best *= 2;
  for (std::intptr_t fives = 64; fives < best; fives *= 5) {
    for (std::intptr_t threes = fives; threes < best; threes *= 3) {
      std::intptr_t length = threes;
      while (length < least) length *= 2;
      if (length < best) best = length;
    }
  }
  return best;
}

template <typename T>
FourierPlan<T>* make_plan(std::intptr_t n, bool real) {
  FourierPlan<T> plan{};
  plan.n = n;
  plan.real = real;
  plan.points = plan.halved() ? n / 2 : n;
  plan.by_convolution = largest_prime(plan.points) > kLargestRadix;
  plan.smooth.choose(plan.by_convolution ? convolution_length(2 * plan.points - 1) : plan.points);
  Arena measure(nullptr);
  lay_out(plan, measure);
  plan.bytes = sizeof(plan) + measure.end() + 64;
  char* memory = static_cast<char*>(std::malloc(plan.bytes));
  if (!memory) return nullptr;
  // The plan lies at the very start, so that it can be freed; the pieces follow on cache lines.
  Arena arena(memory + sizeof(plan));
  lay_out(plan, arena);
  if (!fill(plan)) {
    std::free(memory);
    return nullptr;
  }
  std::memcpy(static_cast<void*>(memory), &plan, sizeof(plan));
  return reinterpret_cast<FourierPlan<T>*>(memory);
}

// Plans that nobody uses at the moment. A transform takes its plan out and puts it back, so that its work space is its
// own without the interpreter's lock; the spin lock covers pointer moves only.
template <typename T>
class PlanCache {
 public:
  // Null where there is none.
  FourierPlan<T>* take(std::intptr_t n, bool real) {
    FourierPlan<T>* found = nullptr;
    lock();
    for (FourierPlan<T>*& slot : slots_) {
      if (slot && slot->n == n && slot->real == real) {
        found = slot;
        slot = nullptr;
        break;
      }
    }
    unlock();
    return found;
  }

  void put(FourierPlan<T>* plan) {
    if (plan->bytes <= kKeptBytes) {
      lock();
      FourierPlan<T>** slot = nullptr;
      for (FourierPlan<T>*& empty : slots_) {
        if (!empty) slot = &empty;
      }
      if (!slot) {
        slot = &slots_[next_];
        next_ = (next_ + 1) % kSlots;
      }
      FourierPlan<T>* evicted = *slot;
      *slot = plan;
      unlock();
      plan = evicted;
    }
    std::free(plan);
  }

 private:
  static constexpr int kSlots = 16;
  static constexpr std::size_t kKeptBytes = std::size_t{1} << 25;

  void lock() {
    while (busy_.test_and_set(std::memory_order_acquire)) {
    }
  }
  void unlock() { busy_.clear(std::memory_order_release); }

  std::atomic_flag busy_{};
  int next_ = 0;
  FourierPlan<T>* slots_[kSlots] = {};
};

// Mutable state of this file: one cache per element type.
template <typename T>
inline PlanCache<T> plan_cache{};

}  // namespace wasmnp::ISA
