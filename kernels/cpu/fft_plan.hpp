// Plans of real transforms: tables of roots and work space for one length, and the cache that keeps the last few.
#pragma once

#include <atomic>

#include "fft_columns.hpp"

namespace wasmnp::ISA {

// A real transform of n = 2 half points is a complex one of `half` points and a pass that separates even from odd.
// From 64 points on the complex transform is done as first_length x second_length ("six-step": D. H. Bailey, "FFTs in
// external or hierarchical memory", 1990) in tiles of eight columns that stay in the first-level cache.
template <typename T>
struct RealPlan {
  static constexpr int kTiledFrom = 6;  // exponent

  std::intptr_t n, half;
  int exponent;                     // of `half`
  ColumnShape first{3}, second{3};  // meaningful when tiled()
  T *root_real, *root_imag;         // exp(-2 pi i k / n), k <= half / 2 (all k < half when not tiled)
  Complex<T>*first_factors, *second_factors;
  std::int32_t* first_offset;   // of the row that holds each output of the first stage
  std::int32_t* second_offset;  // in the output, of what each row of the second stage holds
  T* grid;                      // exp(-2 pi i column row / half), as tiles of the first stage in order of position
  T* tile;
  T* work;
  std::size_t bytes;

  bool tiled() const { return exponent >= kTiledFrom; }
};

// Hands out pieces of one allocation, each on a cache line; run once with a null start to learn the size.
class Arena {
 public:
  explicit Arena(char* start) : at_(reinterpret_cast<std::uintptr_t>(start)) {}

  template <typename U>
  U* take(std::intptr_t count) {
    at_ = (at_ + 63) & ~std::uintptr_t{63};
    U* piece = reinterpret_cast<U*>(at_);
    at_ += static_cast<std::uintptr_t>(count) * sizeof(U);
    return piece;
  }
  std::size_t end() const { return at_; }

 private:
  std::uintptr_t at_;
};

template <typename T>
void lay_out(RealPlan<T>& plan, Arena& arena) {
  const std::intptr_t roots = plan.tiled() ? plan.half / 2 + 1 : plan.half;
  plan.root_real = arena.take<T>(roots);
  plan.root_imag = arena.take<T>(roots);
  plan.work = arena.take<T>(2 * plan.half);
  if (!plan.tiled()) return;
  plan.first_factors = arena.take<Complex<T>>(plan.first.factor_count());
  plan.second_factors = arena.take<Complex<T>>(plan.second.factor_count());
  plan.first_offset = arena.take<std::int32_t>(plan.first.length);
  plan.second_offset = arena.take<std::int32_t>(plan.second.length);
  plan.tile = arena.take<T>(2 * kColumns * plan.first.length);
  plan.grid = arena.take<T>(2 * plan.half);
}

template <typename T>
void fill(RealPlan<T>& plan, const UnitRoots& roots) {
  // The table of roots is for max(n, 8).
  const std::intptr_t period = plan.n < 8 ? 8 : plan.n;
  const std::intptr_t count = plan.tiled() ? plan.half / 2 + 1 : plan.half;
  for (std::intptr_t k = 0; k < count; ++k) {
    const Complex<T> root = rounded<T>(roots(k * (period / plan.n)));
    plan.root_real[k] = root.real;
    plan.root_imag[k] = root.imag;
  }
  if (!plan.tiled()) return;
  plan.first.fill_factors(plan.first_factors, roots, plan.n);
  plan.second.fill_factors(plan.second_factors, roots, plan.n);
  for (std::intptr_t k = 0; k < plan.second.length; ++k) {
    plan.second_offset[plan.second.position(k)] = static_cast<std::int32_t>(2 * plan.first.length * k);
  }
  for (std::intptr_t k = 0; k < plan.first.length; ++k) {
    const std::intptr_t position = plan.first.position(k);
    plan.first_offset[k] = static_cast<std::int32_t>(position * 2 * kColumns);
    for (std::intptr_t column = 0; column < plan.second.length; ++column) {
      const std::intptr_t tile = column / kColumns, lane = column % kColumns;
      T* at = plan.grid + (tile * plan.first.length + position) * 2 * kColumns + lane;
      const Complex<T> root = rounded<T>(roots(2 * column * k));
      at[0] = root.real;
      at[kColumns] = root.imag;
    }
  }
}

template <typename T>
RealPlan<T>* make_plan(std::intptr_t n) {
  RealPlan<T> plan{};
  plan.n = n;
  plan.half = n / 2;
  while ((std::intptr_t{1} << plan.exponent) < plan.half) ++plan.exponent;
  if (plan.tiled()) {
    plan.first = ColumnShape(plan.exponent / 2);
    plan.second = ColumnShape(plan.exponent - plan.exponent / 2);
  }
  Arena measure(nullptr);
  measure.take<RealPlan<T>>(1);
  lay_out(plan, measure);
  const UnitRoots roots(n < 8 ? 8 : n);
  char* memory = roots.valid() ? static_cast<char*>(std::malloc(measure.end() + 64)) : nullptr;
  if (!memory) return nullptr;
  plan.bytes = measure.end() + 64;
  // The plan lies at the very start, so that it can be freed; the pieces follow on cache lines.
  Arena arena(memory + sizeof(RealPlan<T>));
  lay_out(plan, arena);
  fill(plan, roots);
  std::memcpy(static_cast<void*>(memory), &plan, sizeof(plan));
  return reinterpret_cast<RealPlan<T>*>(memory);
}

// Plans that nobody uses at the moment. A transform takes its plan out and puts it back, so that its work space is its
// own without the interpreter's lock; the spin lock covers pointer moves only.
template <typename T>
class PlanCache {
 public:
  RealPlan<T>* take(std::intptr_t n) {
    RealPlan<T>* found = nullptr;
    lock();
    for (RealPlan<T>*& slot : slots_) {
      if (slot && slot->n == n) {
        found = slot;
        slot = nullptr;
        break;
      }
    }
    unlock();
    return found ? found : make_plan<T>(n);
  }

  void put(RealPlan<T>* plan) {
    if (plan->bytes <= kKeptBytes) {
      lock();
      RealPlan<T>*& slot = slots_[next_];
      RealPlan<T>* evicted = slot;
      slot = plan;
      next_ = (next_ + 1) % kSlots;
      unlock();
      plan = evicted;
    }
    std::free(plan);
  }

 private:
  static constexpr int kSlots = 8;
  static constexpr std::size_t kKeptBytes = std::size_t{1} << 25;

  void lock() {
    while (busy_.test_and_set(std::memory_order_acquire)) {
    }
  }
  void unlock() { busy_.clear(std::memory_order_release); }

  std::atomic_flag busy_{};
  int next_ = 0;
  RealPlan<T>* slots_[kSlots] = {};
};

// Mutable state of this file: one cache per element type.
template <typename T>
inline PlanCache<T> plan_cache{};

}  // namespace wasmnp::ISA
