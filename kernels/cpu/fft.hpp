// Real discrete Fourier transforms of power-of-two length (see `ForwardRealFft` in routines.hpp).
#pragma once

#include "fft_plan.hpp"
#include "routines.hpp"

namespace wasmnp::ISA {

// Stockham's radix-2 autosort transform of few points, result in `x`; roots are those of twice as many points.
template <typename T>
void small_transform(Complex<T>* x, const RealPlan<T>& plan) {
  Complex<T>*from = x, *to = reinterpret_cast<Complex<T>*>(plan.work);
  for (std::intptr_t length = plan.half, stride = 1; length > 1; length /= 2, stride *= 2) {
    for (std::intptr_t p = 0; p < length / 2; ++p) {
      const Complex<T> root{plan.root_real[2 * p * stride], plan.root_imag[2 * p * stride]};
      for (std::intptr_t q = 0; q < stride; ++q) {
        const Complex<T> a = from[q + stride * p], b = from[q + stride * (p + length / 2)];
        to[q + stride * 2 * p] = a + b;
        to[q + stride * (2 * p + 1)] = (a - b) * root;
      }
    }
    std::swap(from, to);
  }
  if (from != x) std::memcpy(x, from, static_cast<std::size_t>(plan.half) * sizeof(Complex<T>));
}

// Columns of the input, which is read as first.length rows of second.length, then twiddles, then eight rows at a time
// transposed into the tile of the second stage that they belong to.
template <typename T>
void first_stage(const T* in, const RealPlan<T>& plan) {
  using L = TileLanes<T>;
  using Lanes = typename L::Lanes;
  const std::intptr_t length = plan.first.length, columns = plan.second.length;
  const std::int32_t* offsets = plan.first_offset;
  T* tile = plan.tile;
  for (std::intptr_t column = 0; column < columns; column += kColumns) {
    const auto load_row = [&](std::intptr_t row, int g) {
      return load_interleaved(in + 2 * (row * columns + column), g);
    };
    if (plan.first.twiddled > 0) {
      twiddled_pass(tile, length, length, plan.first_factors, load_row);
      twiddled_passes(tile, length, length / 4, plan.first_factors + 3 * (length / 4));
    } else {
      for (std::intptr_t row = 0; row < length; ++row) {
        for (int g = 0; g < L::kGroups; ++g) store_tile(tile, row, g, load_row(row, g));
      }
    }
    const T* grid = plan.grid + column * length * 2;
    last_pass(
        tile, plan.first, [&](std::intptr_t row) { return tile + row * 2 * kColumns; },
        [&](T* at, std::intptr_t row, int g, typename L::Value value) {
          store_tile(at, 0, g, value * load_tile(grid, row, g));
        });
    T* target = plan.work + column * 2 * kColumns;
    for (std::intptr_t k = 0; k < length; k += kColumns, target += columns * 2 * kColumns) {
      for (int block = 0; block < kColumns; block += L::kLanes) {
        const T* from[L::kLanes];
        unroll<L::kLanes>([&](auto i) { from[i] = tile + offsets[k + block + i]; });
        for (int lane = 0; lane < kColumns; lane += L::kLanes) {
          for (int part = 0; part < 2 * kColumns; part += kColumns) {
            Lanes rows[L::kLanes];
            unroll<L::kLanes>([&](auto i) { rows[i] = load<Lanes>(from[i] + part + lane); });
            transpose<L::kLanes>(rows);
            unroll<L::kLanes>([&](auto i) { store(target + 2 * kColumns * (lane + i) + part + block, rows[i]); });
          }
        }
      }
    }
  }
}

template <typename T>
void second_stage(T* out, const RealPlan<T>& plan, bool swap_parts) {
  const std::intptr_t length = plan.second.length, columns = plan.first.length;
  const std::int32_t* offsets = plan.second_offset;
  for (std::intptr_t column = 0; column < columns; column += kColumns, out += 2 * kColumns) {
    T* tile = plan.work + column * length * 2;
    twiddled_passes(tile, length, length, plan.second_factors);
    last_pass(
        tile, plan.second, [&](std::intptr_t row) { return out + offsets[row]; },
        [&](T* at, std::intptr_t, int g, typename TileLanes<T>::Value value) {
          if (swap_parts) std::swap(value.real, value.imag);
          store_interleaved(at, g, value);
        });
  }
}

// The complex transform from `in` to `out` (which may be the same); with swap_parts the parts of the result are
// exchanged, which makes an inverse transform of an input whose parts are exchanged as well.
template <typename T>
void complex_transform(const T* in, T* out, const RealPlan<T>& plan, bool swap_parts) {
  if (plan.tiled()) {
    first_stage(in, plan);
    second_stage(out, plan, swap_parts);
    return;
  }
  auto* x = reinterpret_cast<Complex<T>*>(out);
  if (in != out) std::memcpy(out, in, static_cast<std::size_t>(plan.n) * sizeof(T));
  small_transform(x, plan);
  for (std::intptr_t k = 0; swap_parts && k < plan.half; ++k) std::swap(x[k].real, x[k].imag);
}

// Calls body(lanes, k) for groups of k = 1 .. below half / 2, then for single ones up to half / 2.
template <typename T, typename Body>
WASMNP_INLINE void for_pairs(std::intptr_t half, Body&& body) {
  constexpr int kLanes = TileLanes<T>::kLanes;
  std::intptr_t k = 1;
  for (; k + kLanes <= half / 2; k += kLanes) body(std::integral_constant<int, kLanes>{}, k);
  for (; k <= half / 2; ++k) body(std::integral_constant<int, 1>{}, k);
}

// Elements k, k + 1, ... of an interleaved array; with kReversed k, k - 1, ...
template <int kLanes, bool kReversed, typename T>
WASMNP_INLINE auto load_pairs(const T* x, std::intptr_t k) {
  if constexpr (kLanes == 1) {
    return Complex<T>{x[2 * k], x[2 * k + 1]};
  } else {
    const auto value = load_interleaved(x + 2 * (kReversed ? k - kLanes + 1 : k), 0);
    if constexpr (!kReversed) return value;
    return decltype(value){reverse<kLanes>(value.real), reverse<kLanes>(value.imag)};
  }
}

template <int kLanes, bool kReversed, typename T, typename V>
WASMNP_INLINE void store_pairs(T* x, std::intptr_t k, Complex<V> value) {
  if constexpr (kLanes == 1) {
    x[2 * k] = value.real;
    x[2 * k + 1] = value.imag;
  } else {
    if constexpr (kReversed) value = {reverse<kLanes>(value.real), reverse<kLanes>(value.imag)};
    store_interleaved(x + 2 * (kReversed ? k - kLanes + 1 : k), 0, value);
  }
}

// exp(-2 pi i k / n) for k, k + 1, ...
template <typename T>
struct RootTable {
  const T *real, *imag;

  template <int kLanes>
  WASMNP_INLINE auto load_at(std::intptr_t k) const {
    using Lanes = Vector<T, kLanes>;
    if constexpr (kLanes == 1) {
      return Complex<T>{real[k], imag[k]};
    } else {
      return Complex<Lanes>{load<Lanes>(real + k), load<Lanes>(imag + k)};
    }
  }
};

// With z = even + i odd and Z its transform, X[k] = (Z[k] + conj Z[half-k]) / 2 - i w^k (Z[k] - conj Z[half-k]) / 2.
template <typename T>
void forward_row(const T* in, T* out, const RealPlan<T>& plan, T factor) {
  complex_transform(in, out, plan, false);
  const std::intptr_t half = plan.half;
  const T half_factor = T(0.5) * factor;
  const T real = out[0], imag = out[1];
  const RootTable<T> roots{plan.root_real, plan.root_imag};
  for_pairs<T>(half, [=](auto lanes, std::intptr_t k) {
    const auto a = load_pairs<lanes, false>(out, k);
    const auto b = conjugate(load_pairs<lanes, true>(out, half - k));
    const auto even = a + b, odd = times_minus_i((a - b) * roots.template load_at<lanes>(k));
    const auto low = even + odd, high = even - odd;
    store_pairs<lanes, true>(out, half - k, Complex{high.real * half_factor, -high.imag * half_factor});
    store_pairs<lanes, false>(out, k, Complex{low.real * half_factor, low.imag * half_factor});
  });
  out[0] = (real + imag) * factor;
  out[1] = T(0);
  out[2 * half] = (real - imag) * factor;
  out[2 * half + 1] = T(0);
}

// The inverse of the above, without dividing by 2; the parts of z are exchanged for complex_transform.
template <typename T>
void inverse_row(const T* in, T* out, const RealPlan<T>& plan, T factor) {
  const std::intptr_t half = plan.half;
  out[1] = (in[0] + in[2 * half]) * factor;
  out[0] = (in[0] - in[2 * half]) * factor;
  const RootTable<T> roots{plan.root_real, plan.root_imag};
  for_pairs<T>(half, [=](auto lanes, std::intptr_t k) {
    const auto a = load_pairs<lanes, false>(in, k);
    const auto b = conjugate(load_pairs<lanes, true>(in, half - k));
    const auto even = a + b, odd = (a - b) * conjugate(roots.template load_at<lanes>(k));
    // even + i odd at k, and the conjugate of even - i odd at half - k
    store_pairs<lanes, true>(out, half - k, Complex{(odd.real - even.imag) * factor, (even.real + odd.imag) * factor});
    store_pairs<lanes, false>(out, k, Complex{(even.imag + odd.real) * factor, (even.real - odd.imag) * factor});
  });
  complex_transform(out, out, plan, true);
}

template <typename T>
bool rfft(const void* in, void* out, std::intptr_t n, std::intptr_t rows, double scale) {
  const T factor = static_cast<T>(scale);
  const T* from = static_cast<const T*>(in);
  T* to = static_cast<T*>(out);
  if (n == 1) {
    for (std::intptr_t row = 0; row < rows; ++row) to[2 * row] = from[row] * factor, to[2 * row + 1] = T(0);
    return true;
  }
  RealPlan<T>* plan = plan_cache<T>.take(n);
  if (!plan) return false;
  for (std::intptr_t row = 0; row < rows; ++row) forward_row(from + row * n, to + row * (n + 2), *plan, factor);
  plan_cache<T>.put(plan);
  return true;
}

template <typename T>
bool irfft(const void* in, void* out, std::intptr_t n, std::intptr_t rows, double scale) {
  const T factor = static_cast<T>(scale);
  const T* from = static_cast<const T*>(in);
  T* to = static_cast<T*>(out);
  if (n == 1) {
    for (std::intptr_t row = 0; row < rows; ++row) to[row] = from[2 * row] * factor;
    return true;
  }
  RealPlan<T>* plan = plan_cache<T>.take(n);
  if (!plan) return false;
  for (std::intptr_t row = 0; row < rows; ++row) inverse_row(from + row * (n + 2), to + row * n, *plan, factor);
  plan_cache<T>.put(plan);
  return true;
}

}  // namespace wasmnp::ISA
