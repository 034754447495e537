// Transforms of the columns of a tile: eight columns side by side, so that all arithmetic is lane by lane, twiddle
// factors are scalars, and no level's vector width shows in the result.
#pragma once

#include "simd.hpp"
#include "unit_roots.hpp"

namespace wasmnp::ISA {

// A complex number of scalars or of vectors.
template <typename V>
struct Complex {
  V real, imag;
};

template <typename V>
WASMNP_INLINE Complex<V> operator+(Complex<V> a, Complex<V> b) {
  return {a.real + b.real, a.imag + b.imag};
}
template <typename V>
WASMNP_INLINE Complex<V> operator-(Complex<V> a, Complex<V> b) {
  return {a.real - b.real, a.imag - b.imag};
}
template <typename V, typename F>
WASMNP_INLINE Complex<V> operator*(Complex<V> a, Complex<F> b) {
  return {a.real * b.real - a.imag * b.imag, a.real * b.imag + a.imag * b.real};
}
template <typename V>
WASMNP_INLINE Complex<V> conjugate(Complex<V> a) {
  return {a.real, -a.imag};
}
template <typename V>
WASMNP_INLINE Complex<V> times_minus_i(Complex<V> a) {
  return {a.imag, -a.real};
}
template <typename V, typename F>
WASMNP_INLINE Complex<V> scaled(Complex<V> a, F factor) {
  return {a.real * factor, a.imag * factor};
}
template <typename V>
WASMNP_INLINE Complex<V> swapped_if(bool swap, Complex<V> a) {
  return swap ? Complex<V>{a.imag, a.real} : a;
}

template <typename T>
WASMNP_INLINE Complex<T> rounded(Root root) {
  return {static_cast<T>(root.real.high), static_cast<T>(root.imag.high)};
}

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

inline constexpr int kColumns = 8;

inline std::intptr_t whole_tiles(std::intptr_t columns) { return (columns + kColumns - 1) / kColumns * kColumns; }

// A tile's row is eight real parts, then eight imaginary parts; a group is as many of them as fit one vector.
template <typename T>
struct TileLanes {
  static constexpr int kLanes = kLanesOf<T, kColumns>;
  static constexpr int kGroups = kColumns / kLanes;
  using Lanes = Vector<T, kLanes>;
  using Value = Complex<Lanes>;
};

template <typename T>
WASMNP_INLINE typename TileLanes<T>::Value load_tile(const T* tile, std::intptr_t row, int group) {
  using L = TileLanes<T>;
  const T* at = tile + row * 2 * kColumns + group * L::kLanes;
  return {load<typename L::Lanes>(at), load<typename L::Lanes>(at + kColumns)};
}

template <typename T>
WASMNP_INLINE void store_tile(T* tile, std::intptr_t row, int group, typename TileLanes<T>::Value value) {
  T* at = tile + row * 2 * kColumns + group * TileLanes<T>::kLanes;
  store(at, value.real);
  store(at + kColumns, value.imag);
}

// Eight interleaved complex numbers at `at`, part `group` of them.
template <typename T>
WASMNP_INLINE typename TileLanes<T>::Value load_interleaved(const T* at, int group) {
  using L = TileLanes<T>;
  const auto low = load<typename L::Lanes>(at + group * 2 * L::kLanes);
  const auto high = load<typename L::Lanes>(at + group * 2 * L::kLanes + L::kLanes);
  return {unzip<L::kLanes, 0>(low, high), unzip<L::kLanes, 1>(low, high)};
}

template <typename T>
WASMNP_INLINE void store_interleaved(T* at, int group, typename TileLanes<T>::Value value) {
  using L = TileLanes<T>;
  store(at + group * 2 * L::kLanes, zip_low<L::kLanes>(value.real, value.imag));
  store(at + group * 2 * L::kLanes + L::kLanes, zip_high<L::kLanes>(value.real, value.imag));
}

template <typename V>
WASMNP_INLINE void butterfly_4(Complex<V>& a0, Complex<V>& a1, Complex<V>& a2, Complex<V>& a3) {
  const Complex<V> t0 = a0 + a2, t1 = a0 - a2, t2 = a1 + a3, t3 = times_minus_i(a1 - a3);
  a0 = t0 + t2;
  a1 = t1 + t3;
  a2 = t0 - t2;
  a3 = t1 - t3;
}

template <typename T, typename V>
WASMNP_INLINE void butterfly_8(Complex<V>* a) {
  constexpr T kHalfRoot = static_cast<T>(0x1.6a09e667f3bcdp-1);  // sqrt(1/2)
  Complex<V> b0 = a[0] + a[4], b1 = a[1] + a[5], b2 = a[2] + a[6], b3 = a[3] + a[7];
  Complex<V> c0 = a[0] - a[4], c1 = a[1] - a[5], c2 = times_minus_i(a[2] - a[6]), c3 = a[3] - a[7];
  c1 = {(c1.real + c1.imag) * kHalfRoot, (c1.imag - c1.real) * kHalfRoot};
  c3 = {(c3.imag - c3.real) * kHalfRoot, -(c3.real + c3.imag) * kHalfRoot};
  butterfly_4(b0, b1, b2, b3);
  butterfly_4(c0, c1, c2, c3);
  a[0] = b0, a[2] = b1, a[4] = b2, a[6] = b3;
  a[1] = c0, a[3] = c1, a[5] = c2, a[7] = c3;
}

// An odd prime number of points, by symmetric and antisymmetric pairs; roots are those of kRadix points.
template <int kRadix, typename T, typename V>
WASMNP_INLINE void butterfly_odd(Complex<V>* a, const Complex<T>* roots) {
  constexpr int kHalf = kRadix / 2;
  Complex<V> even[kHalf], odd[kHalf];
  const Complex<V> first = a[0];
  unroll<kHalf>([&](auto j) {
    even[j] = a[j + 1] + a[kRadix - 1 - j];
    odd[j] = a[j + 1] - a[kRadix - 1 - j];
    a[0] = a[0] + even[j];
  });
  unroll<kHalf>([&](auto k) {
    Complex<V> cosines = first + scaled(even[0], roots[k + 1].real), sines = scaled(odd[0], roots[k + 1].imag);
    unroll<kHalf - 1>([&](auto j) {
      constexpr int kPower = (j + 2) * (k + 1) % kRadix;
      cosines = cosines + scaled(even[j + 1], roots[kPower].real);
      sines = sines + scaled(odd[j + 1], roots[kPower].imag);
    });
    a[k + 1] = {cosines.real - sines.imag, cosines.imag + sines.real};
    a[kRadix - 1 - k] = {cosines.real + sines.imag, cosines.imag - sines.real};
  });
}

inline constexpr std::intptr_t kLargestRadix = 61;  // beyond, the convolution of Bluestein is faster

// The passes of a mixed-radix transform over `length` rows, decimation in frequency, in place (Van Loan, Computational
// Frameworks for the Fast Fourier Transform, 1992, chapter 2). Row position(k) then holds output k.
struct ColumnShape {
  static constexpr int kMostPasses = 20;  // 3^20 rows

  std::intptr_t length;
  int passes = 0;
  std::uint8_t radices[kMostPasses];

  // The primes of length must not exceed kLargestRadix.
  explicit ColumnShape(std::intptr_t rows) : length(rows) {
    int twos = 0;
    for (; rows % 2 == 0; rows /= 2) ++twos;
    const bool ends_with_8 = twos % 2 != 0 && twos >= 3;
    if (ends_with_8) twos -= 3;
    for (; twos >= 2; twos -= 2) add(4);
    if (twos != 0) add(2);
    for (std::intptr_t prime = 3; rows > 1; prime += 2) {
      for (; rows % prime == 0; rows /= prime) add(prime);
    }
    if (ends_with_8) add(8);
  }

  std::intptr_t position(std::intptr_t k) const {
    std::intptr_t at = 0, rows = length;
    for (int pass = 0; pass < passes; ++pass) {
      rows /= radices[pass];
      at += k % radices[pass] * rows;
      k /= radices[pass];
    }
    return at;
  }

 private:
  void add(std::intptr_t radix) { radices[passes++] = static_cast<std::uint8_t>(radix); }
};

// A shape with its tables, in order of use: for each pass the roots of an odd radix, then radix - 1 factors for each
// butterfly of a block.
template <typename T>
struct ColumnPlan {
  ColumnShape shape{1};
  Complex<T>* roots[ColumnShape::kMostPasses];
  Complex<T>* factors[ColumnShape::kMostPasses];

  std::intptr_t length() const { return shape.length; }

  void lay_out(Arena& arena) {
    std::intptr_t rows = shape.length;
    for (int pass = 0; pass < shape.passes; ++pass) {
      const int radix = shape.radices[pass];
      rows /= radix;
      roots[pass] = arena.take<Complex<T>>(radix % 2 != 0 ? radix : 0);
      factors[pass] = arena.take<Complex<T>>(rows > 1 ? (radix - 1) * rows : 0);
    }
  }

  // unit(k) is the k-th root of `period`, a multiple of the length.
  void fill(const UnitRoots& unit, std::intptr_t period) {
    std::intptr_t rows = shape.length;
    for (int pass = 0; pass < shape.passes; ++pass) {
      const int radix = shape.radices[pass];
      for (int k = 0; radix % 2 != 0 && k < radix; ++k) roots[pass][k] = rounded<T>(unit(period / radix * k));
      const std::intptr_t step = period / rows;
      rows /= radix;
      Complex<T>* next = factors[pass];
      for (std::intptr_t i = 0; rows > 1 && i < rows; ++i) {
        for (int power = 1; power < radix; ++power) *next++ = rounded<T>(unit(i * power * step));
      }
    }
  }
};

// One pass over blocks of `rows` rows: each butterfly reads load_row(row, group) and gives store_row(row, group,
// value).
template <int kRadix, bool kTwiddled, typename T, typename Load, typename Store>
WASMNP_INLINE void butterflies(std::intptr_t length, std::intptr_t rows, const Complex<T>* roots,
                               const Complex<T>* factors, int groups, Load&& load_row, Store&& store_row) {
  const std::intptr_t part = rows / kRadix;
  for (std::intptr_t block = 0; block < length; block += rows) {
    for (std::intptr_t i = 0; i < part; ++i) {
      const std::intptr_t row = block + i;
      for (int g = 0; g < groups; ++g) {
        typename TileLanes<T>::Value a[kRadix];
        unroll<kRadix>([&](auto k) { a[k] = load_row(row + k * part, g); });
        if constexpr (kRadix == 2) {
          const auto sum = a[0] + a[1];
          a[1] = a[0] - a[1];
          a[0] = sum;
        } else if constexpr (kRadix == 4) {
          butterfly_4(a[0], a[1], a[2], a[3]);
        } else if constexpr (kRadix == 8) {
          butterfly_8<T>(a);
        } else {
          butterfly_odd<kRadix>(a, roots);
        }
        store_row(row, g, a[0]);
        unroll<kRadix - 1>([&](auto k) {
          if constexpr (kTwiddled) a[k + 1] = a[k + 1] * factors[i * (kRadix - 1) + k];
          store_row(row + (k + 1) * part, g, a[k + 1]);
        });
      }
    }
  }
}

// The same for a radix that is any odd prime.
template <bool kTwiddled, typename T, typename Load, typename Store>
WASMNP_INLINE void long_butterflies(int radix, std::intptr_t length, std::intptr_t rows, const Complex<T>* roots,
                                    const Complex<T>* factors, int groups, Load&& load_row, Store&& store_row) {
  using Value = typename TileLanes<T>::Value;
  const std::intptr_t part = rows / radix;
  const auto twiddled = [&](std::intptr_t i, int k, Value value) {
    if constexpr (kTwiddled) value = value * factors[i * (radix - 1) + k - 1];
    return value;
  };
  for (std::intptr_t block = 0; block < length; block += rows) {
    for (std::intptr_t i = 0; i < part; ++i) {
      const std::intptr_t row = block + i;
      for (int g = 0; g < groups; ++g) {
        Value even[kLargestRadix / 2], odd[kLargestRadix / 2];
        const Value first = load_row(row, g);
        Value sum = first;
        const int half = radix / 2;
        for (int j = 0; j < half; ++j) {
          const Value low = load_row(row + (j + 1) * part, g), high = load_row(row + (radix - 1 - j) * part, g);
          even[j] = low + high;
          odd[j] = low - high;
          sum = sum + even[j];
        }
        store_row(row, g, sum);
        for (int k = 1; k <= half; ++k) {
          Value cosines = first, sines{};
          for (int j = 0, power = k; j < half; ++j) {
            cosines = cosines + scaled(even[j], roots[power].real);
            sines = sines + scaled(odd[j], roots[power].imag);
            power += k;
            if (power >= radix) power -= radix;
          }
          const Value low{cosines.real - sines.imag, cosines.imag + sines.real};
          const Value high{cosines.real + sines.imag, cosines.imag - sines.real};
          store_row(row + k * part, g, twiddled(i, k, low));
          store_row(row + (radix - k) * part, g, twiddled(i, radix - k, high));
        }
      }
    }
  }
}

// Pass `pass` of the plan, whose blocks have `rows` rows. Only the last one has no twiddles, only it has radix 8.
template <bool kLast, typename T, typename Load, typename Store>
void column_pass(const ColumnPlan<T>& plan, int pass, std::intptr_t rows, int groups, Load&& load_row,
                 Store&& store_row) {
  const auto run = [&](auto radix) {
    butterflies<radix, !kLast>(plan.length(), rows, plan.roots[pass], plan.factors[pass], groups, load_row, store_row);
  };
  const int radix = plan.shape.radices[pass];
  switch (radix) {
    case 2: return run(std::integral_constant<int, 2>{});
    case 3: return run(std::integral_constant<int, 3>{});
    case 4: return run(std::integral_constant<int, 4>{});
    case 5: return run(std::integral_constant<int, 5>{});
    case 7: return run(std::integral_constant<int, 7>{});
    case 8:
      if constexpr (kLast) run(std::integral_constant<int, 8>{});
      return;
    default:
      long_butterflies<!kLast>(radix, plan.length(), rows, plan.roots[pass], plan.factors[pass], groups, load_row,
                               store_row);
  }
}

// The passes from `pass` on but for the last, in place; returns the number of rows of the last one's blocks.
template <typename T>
std::intptr_t middle_passes(T* tile, const ColumnPlan<T>& plan, int pass, std::intptr_t rows, int groups) {
  for (; pass + 1 < plan.shape.passes; ++pass) {
    column_pass<false>(
        plan, pass, rows, groups, [=](std::intptr_t row, int g) { return load_tile(tile, row, g); },
        [=](std::intptr_t row, int g, typename TileLanes<T>::Value value) { store_tile(tile, row, g, value); });
    rows /= plan.shape.radices[pass];
  }
  return rows;
}

// The last pass from the tile to store_row(row, group, value).
template <typename T, typename Store>
void last_pass(const T* tile, const ColumnPlan<T>& plan, std::intptr_t rows, int groups, Store&& store_row) {
  column_pass<true>(
      plan, plan.shape.passes - 1, rows, groups, [=](std::intptr_t row, int g) { return load_tile(tile, row, g); },
      store_row);
}

// All passes, in place.
template <typename T>
void transform_tile(T* tile, const ColumnPlan<T>& plan, int groups) {
  if (plan.shape.passes == 0) return;
  const std::intptr_t rows = middle_passes(tile, plan, 0, plan.length(), groups);
  last_pass(tile, plan, rows, groups,
            [=](std::intptr_t row, int g, typename TileLanes<T>::Value value) { store_tile(tile, row, g, value); });
}

}  // namespace wasmnp::ISA
