// Fourier transforms between real numbers and halves of spectra.
#pragma once

#include "fft.hpp"

namespace wasmnp::ISA {

// ---- an even number of real points, as half as many complex ones

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

// Calls body(lanes, k) for k = 1 to half / 2: each stands for the pair of k and half - k.
template <typename T, typename Body>
WASMNP_INLINE void for_pairs(std::intptr_t half, Body&& body) {
  for_lanes<T>(1, half / 2 + half % 2, body);
  if (half % 2 == 0 && half > 0) body(std::integral_constant<int, 1>{}, half / 2);
}

// With z = even + i odd and Z its transform, X[k] = (Z[k] + conj Z[half-k]) / 2 - i w^k (Z[k] - conj Z[half-k]) / 2.
template <typename T>
void separate(T* out, const FourierPlan<T>& plan, T factor) {
  const std::intptr_t half = plan.points;
  const T half_factor = T(0.5) * factor;
  const T real = out[0], imag = out[1];
  const RootTable<T> roots{plan.root_real, plan.root_imag};
  for_pairs<T>(half, [=](auto lanes, std::intptr_t k) {
    const auto a = load_pairs<lanes>(out, k);
    const auto b = conjugate(load_pairs<lanes, true>(out, half - k));
    const auto even = a + b, odd = times_minus_i((a - b) * roots.template load_at<lanes>(k));
    const auto low = even + odd, high = even - odd;
    store_pairs<lanes, true>(out, half - k, Complex{high.real * half_factor, -high.imag * half_factor});
    store_pairs<lanes>(out, k, Complex{low.real * half_factor, low.imag * half_factor});
  });
  out[0] = (real + imag) * factor;
  out[1] = T(0);
  out[2 * half] = (real - imag) * factor;
  out[2 * half + 1] = T(0);
}

// The inverse of the above, without dividing by 2; the parts of z are exchanged.
template <typename T>
void unite(const T* in, T* out, const FourierPlan<T>& plan, T factor) {
  const std::intptr_t half = plan.points;
  out[1] = (in[0] + in[2 * half]) * factor;
  out[0] = (in[0] - in[2 * half]) * factor;
  const RootTable<T> roots{plan.root_real, plan.root_imag};
  for_pairs<T>(half, [=](auto lanes, std::intptr_t k) {
    const auto a = load_pairs<lanes>(in, k);
    const auto b = conjugate(load_pairs<lanes, true>(in, half - k));
    const auto even = a + b, odd = (a - b) * conjugate(roots.template load_at<lanes>(k));
    // even + i odd at k, and the conjugate of even - i odd at half - k
    store_pairs<lanes, true>(out, half - k, Complex{(odd.real - even.imag) * factor, (even.real + odd.imag) * factor});
    store_pairs<lanes>(out, k, Complex{(even.imag + odd.real) * factor, (even.real - odd.imag) * factor});
  });
}

// ---- an odd number of real points that is first.length x second.length

// Real columns are transformed in pairs, as real and imaginary parts: a tile holds sixteen. Of the outputs, which are
// conjugate to one another, the first half goes on.
template <typename T>
void first_stage_of_reals(const T* in, const FourierPlan<T>& plan) {
  using L = TileLanes<T>;
  using Value = typename L::Value;
  const SmoothPlan<T>& smooth = plan.smooth;
  const std::intptr_t length = smooth.first.length(), columns = smooth.second.length(), half = length / 2 + 1;
  const std::intptr_t* offsets = smooth.first_offset;
  T *tile = smooth.tile, *pairs = plan.spread;
  for (std::intptr_t column = 0; column < columns; column += 2 * kColumns) {
    for (std::intptr_t row = 0; row < length; ++row) {
      const T* from = in + row * columns + column;
      T* to = tile + row * 2 * kColumns;
      if (column + 2 * kColumns <= columns) {
        std::memcpy(to, from, 2 * kColumns * sizeof(T));
      } else {
        for (std::intptr_t k = 0; k < 2 * kColumns; ++k) to[k] = column + k < columns ? from[k] : T(0);
      }
    }
    transform_tile(tile, smooth.first, L::kGroups);
    const bool both = column + kColumns < columns;
    const T* grid = smooth.grid + column * length * 2;
    for (std::intptr_t k = 0; k < half; ++k) {
      const std::intptr_t row = offsets[k];
      const T* mirrored = tile + offsets[k == 0 ? 0 : length - k];
      for (int g = 0; g < L::kGroups; ++g) {
        const Value a = load_tile(tile + row, 0, g), b = conjugate(load_tile(mirrored, 0, g));
        store_tile(pairs, k, g, scaled(a + b, T(0.5)) * load_tile(grid + row, 0, g));
        if (!both) continue;
        const Value roots = load_tile(grid + length * 2 * kColumns + row, 0, g);
        store_tile(pairs, half + k, g, times_minus_i(scaled(a - b, T(0.5))) * roots);
      }
    }
    for (int which = 0; which <= both; ++which) {
      const std::intptr_t own = column + which * kColumns;
      const int groups = own + kColumns <= columns ? L::kGroups : groups_of<T>(columns - own);
      const T* outputs = pairs + which * half * 2 * kColumns;
      spread_columns(smooth, own, groups, half,
                     [=](std::intptr_t k) { return outputs + (k < half ? k : 0) * 2 * kColumns; });
    }
  }
}

// Column k of the second stage gives outputs m = k, k + length, ...: where m > n / 2, the conjugate of output n - m.
template <typename T>
void second_stage_of_reals(T* out, const FourierPlan<T>& plan, T factor) {
  constexpr int kLanes = TileLanes<T>::kLanes;
  const SmoothPlan<T>& smooth = plan.smooth;
  const std::intptr_t n = plan.n, half = smooth.first.length() / 2 + 1;
  T* tile = smooth.work;
  for (std::intptr_t column = 0; column < half; column += kColumns, tile += 2 * kColumns * smooth.work_rows()) {
    const std::intptr_t count = half - column < kColumns ? half - column : kColumns;
    transform_tile(tile, smooth.second, groups_of<T>(count));
    for (std::intptr_t row = 0; row < smooth.second.length(); ++row) {
      const std::intptr_t first = column + smooth.second_offset[row] / 2;
      for_lanes<T>(0, count, [=](auto lanes, std::intptr_t lane) {
        const T* from = tile + row * 2 * kColumns + lane;
        const std::intptr_t m = first + lane;
        if constexpr (lanes == 1) {
          const Complex<T> value{from[0] * factor, from[kColumns] * factor};
          if (m <= n / 2) {
            store_pairs<1>(out, m, value);
          } else if (column + lane > 0) {
            store_pairs<1>(out, n - m, conjugate(value));
          }
        } else {
          const auto value = scaled(load_tile(tile, row, static_cast<int>(lane / kLanes)), factor);
          if (m + kLanes - 1 <= n / 2) {
            store_pairs<kLanes>(out, m, value);
          } else if (m > n / 2 && column + lane > 0) {
            store_pairs<kLanes, true>(out, n - m, conjugate(value));
          } else {
            for (int i = 0; i < kLanes; ++i) {
              const Complex<T> one{value.real[i], value.imag[i]};
              if (m + i <= n / 2) {
                store_pairs<1>(out, m + i, one);
              } else if (column + lane + i > 0) {
                store_pairs<1>(out, n - m - i, conjugate(one));
              }
            }
          }
        }
      });
    }
  }
  out[1] = T(0);
}

// ---- contiguous rows; distances of rows are in parts

// The second half of each spectrum is the conjugate of the first, by a difference: zeros stay positive.
template <typename T>
void complete_spectrum(T* out, std::intptr_t n) {
  for_lanes<T>(1, (n + 1) / 2, [=](auto lanes, std::intptr_t k) {
    const auto value = load_pairs<lanes>(out, k);
    store_pairs<lanes, true>(out, n - k, Complex{value.real, T(0) - value.imag});
  });
}

// Transforms of whole rows of complex numbers in plan.spread, as many at a time as the plan takes: fill(row, spread)
// writes one there, and take(row, spread) reads what becomes of it.
template <typename T, typename Fill, typename Take>
void transform_spread(std::intptr_t rows, const FourierPlan<T>& plan, Ends<T> ends, Fill fill, Take take) {
  const std::intptr_t size = 2 * plan.n, most = plan.rows_at_once();
  for (std::intptr_t first = 0; first < rows; first += most) {
    const std::intptr_t count = rows - first < most ? rows - first : most;
    for (std::intptr_t row = 0; row < count; ++row) fill(first + row, plan.spread + row * size);
    transform_rows(plan.spread, size, plan.spread, size, count, plan, ends);
    for (std::intptr_t row = 0; row < count; ++row) take(first + row, plan.spread + row * size);
  }
}

template <typename T>
void spectra_of_reals(const T* in, std::intptr_t in_row, T* out, std::intptr_t out_row, std::intptr_t rows,
                      const FourierPlan<T>& plan, T factor) {
  if (plan.halved()) {
    transform_rows(in, in_row, out, out_row, rows, plan, Ends<T>{false, false, T(1)});
    for (std::intptr_t row = 0; row < rows; ++row) separate(out + row * out_row, plan, factor);
    return;
  }
  if (plan.smooth.tiled && !plan.by_convolution) {
    for (std::intptr_t row = 0; row < rows; ++row) {
      first_stage_of_reals(in + row * in_row, plan);
      second_stage_of_reals(out + row * out_row, plan, factor);
    }
    return;
  }
  const std::intptr_t n = plan.n;
  transform_spread(
      rows, plan, Ends<T>{false, false, factor},
      [=](std::intptr_t row, T* spread) {
        for (std::intptr_t k = 0; k < n; ++k) spread[2 * k] = in[row * in_row + k], spread[2 * k + 1] = T(0);
      },
      [=](std::intptr_t row, const T* spread) {
        T* to = out + row * out_row;
        std::memcpy(to, spread, static_cast<std::size_t>(n + 1) * sizeof(T));
        to[1] = T(0);
      });
}

template <typename T>
void reals_of_spectra(const T* in, std::intptr_t in_row, T* out, std::intptr_t out_row, std::intptr_t rows,
                      const FourierPlan<T>& plan, T factor) {
  if (plan.halved()) {
    for (std::intptr_t row = 0; row < rows; ++row) unite(in + row * in_row, out + row * out_row, plan, factor);
    transform_rows(out, out_row, out, out_row, rows, plan, Ends<T>{false, true, T(1)});
    return;
  }
  const std::intptr_t n = plan.n;
  transform_spread(
      rows, plan, Ends<T>{true, true, factor},
      [=](std::intptr_t row, T* spread) {
        std::memcpy(spread, in + row * in_row, static_cast<std::size_t>(n + 1) * sizeof(T));
        spread[1] = T(0);
        complete_spectrum(spread, n);
      },
      [=](std::intptr_t row, const T* spread) {
        T* to = out + row * out_row;
        for (std::intptr_t k = 0; k < n; ++k) to[k] = spread[2 * k];
      });
}

}  // namespace wasmnp::ISA
