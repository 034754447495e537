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

template <typename T>
WASMNP_INLINE Complex<T> rounded(Root root) {
  return {static_cast<T>(root.real), static_cast<T>(root.imag)};
}

inline constexpr int kColumns = 8;

// A tile is `length` rows of eight real parts followed by eight imaginary parts.
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

// Decimation in frequency over `length` rows, in place: radix-4 passes with twiddles, then one pass of radix 4 or 8
// without (Van Loan, Computational Frameworks for the Fast Fourier Transform, 1992, chapter 2). Row position(k) then
// holds output k.
struct ColumnShape {
  std::intptr_t length;
  int twiddled;  // number of radix-4 passes with twiddles
  bool ends_with_8;

  explicit ColumnShape(int exponent)
      : length(std::intptr_t{1} << exponent), twiddled((exponent - 2) / 2), ends_with_8(exponent % 2 != 0) {}

  std::intptr_t position(std::intptr_t k) const {
    std::intptr_t at = 0, rows = length;
    for (int pass = 0; pass <= twiddled; ++pass) {
      const std::intptr_t radix = pass == twiddled && ends_with_8 ? 8 : 4;
      rows /= radix;
      at += k % radix * rows;
      k /= radix;
    }
    return at;
  }

  // Three factors for each butterfly of each twiddled pass, in order of use.
  std::intptr_t factor_count() const {
    std::intptr_t count = 0;
    for (std::intptr_t pass = 0, rows = length; pass < twiddled; ++pass, rows /= 4) count += 3 * (rows / 4);
    return count;
  }

  template <typename T>
  void fill_factors(Complex<T>* factors, const UnitRoots& roots, std::intptr_t n) const {
    for (std::intptr_t pass = 0, rows = length; pass < twiddled; ++pass, rows /= 4) {
      for (std::intptr_t i = 0; i < rows / 4; ++i) {
        for (int power = 1; power < 4; ++power) *factors++ = rounded<T>(roots(i * power * (n / rows)));
      }
    }
  }
};

template <typename T, typename Load>
WASMNP_INLINE void twiddled_pass(T* tile, std::intptr_t length, std::intptr_t rows, const Complex<T>* factors,
                                 Load&& load_row) {
  const std::intptr_t quarter = rows / 4;
  for (std::intptr_t block = 0; block < length; block += rows) {
    for (std::intptr_t i = 0; i < quarter; ++i) {
      const Complex<T> w1 = factors[3 * i], w2 = factors[3 * i + 1], w3 = factors[3 * i + 2];
      const std::intptr_t row = block + i;
      for (int g = 0; g < TileLanes<T>::kGroups; ++g) {
        auto a0 = load_row(row, g), a1 = load_row(row + quarter, g);
        auto a2 = load_row(row + 2 * quarter, g), a3 = load_row(row + 3 * quarter, g);
        butterfly_4(a0, a1, a2, a3);
        store_tile(tile, row, g, a0);
        store_tile(tile, row + quarter, g, a1 * w1);
        store_tile(tile, row + 2 * quarter, g, a2 * w2);
        store_tile(tile, row + 3 * quarter, g, a3 * w3);
      }
    }
  }
}

// The twiddled passes from `rows` downwards, in place.
template <typename T>
void twiddled_passes(T* tile, std::intptr_t length, std::intptr_t rows, const Complex<T>* factors) {
  for (; rows >= 16; rows /= 4) {
    twiddled_pass(tile, length, rows, factors, [&](std::intptr_t row, int g) { return load_tile(tile, row, g); });
    factors += 3 * (rows / 4);
  }
}

// One butterfly of the last pass on kRadix rows from `row` on. The rows' targets are looked up before the loop over
// groups: a compiler cannot know that no store changes the tables.
template <int kRadix, typename T, typename Target, typename Store>
WASMNP_INLINE void last_butterfly(const T* tile, std::intptr_t row, Target&& target, Store&& store_row) {
  using L = TileLanes<T>;
  T* targets[kRadix];
  unroll<kRadix>([&](auto i) { targets[i] = target(row + i); });
  for (int g = 0; g < L::kGroups; ++g) {
    typename L::Value a[kRadix];
    unroll<kRadix>([&](auto i) { a[i] = load_tile(tile, row + i, g); });
    if constexpr (kRadix == 8) {
      butterfly_8<T>(a);
    } else {
      butterfly_4(a[0], a[1], a[2], a[3]);
    }
    unroll<kRadix>([&](auto i) { store_row(targets[i], row + i, g, a[i]); });
  }
}

// The last pass; each result goes to store_row(target(position), position, group, value).
template <typename T, typename Target, typename Store>
WASMNP_INLINE void last_pass(const T* tile, const ColumnShape& shape, Target&& target, Store&& store_row) {
  const std::intptr_t length = shape.length;
  if (shape.ends_with_8) {
    for (std::intptr_t row = 0; row < length; row += 8) last_butterfly<8>(tile, row, target, store_row);
  } else {
    for (std::intptr_t row = 0; row < length; row += 4) last_butterfly<4>(tile, row, target, store_row);
  }
}

}  // namespace wasmnp::ISA
