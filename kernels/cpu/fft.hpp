// Complex discrete Fourier transforms of any length, over rows of interleaved numbers.
#pragma once

#include "fft_plan.hpp"

namespace wasmnp::ISA {

// ---- pairs of parts, some lanes at a time

// Calls body(lanes, k) for groups of k = first .. below `end`, then for single ones.
template <typename T, typename Body>
WASMNP_INLINE void for_lanes(std::intptr_t first, std::intptr_t end, Body&& body) {
  constexpr int kLanes = TileLanes<T>::kLanes;
  std::intptr_t k = first;
  for (; k + kLanes <= end; k += kLanes) body(std::integral_constant<int, kLanes>{}, k);
  for (; k < end; ++k) body(std::integral_constant<int, 1>{}, k);
}

// Elements k, k + 1, ... of an interleaved array; with kReversed k, k - 1, ...
template <int kLanes, bool kReversed = false, typename T>
WASMNP_INLINE auto load_pairs(const T* x, std::intptr_t k) {
  if constexpr (kLanes == 1) {
    return Complex<T>{x[2 * k], x[2 * k + 1]};
  } else {
    const auto value = load_interleaved(x + 2 * (kReversed ? k - kLanes + 1 : k), 0);
    if constexpr (!kReversed) return value;
    return decltype(value){reverse<kLanes>(value.real), reverse<kLanes>(value.imag)};
  }
}

template <int kLanes, bool kReversed = false, typename T, typename V>
WASMNP_INLINE void store_pairs(T* x, std::intptr_t k, Complex<V> value) {
  if constexpr (kLanes == 1) {
    x[2 * k] = value.real;
    x[2 * k + 1] = value.imag;
  } else {
    if constexpr (kReversed) value = {reverse<kLanes>(value.real), reverse<kLanes>(value.imag)};
    store_interleaved(x + 2 * (kReversed ? k - kLanes + 1 : k), 0, value);
  }
}

// ---- transforms as columns of a tile

// How a transform reads and writes. Exchanging the parts of what is read and of what is written makes it an inverse.
template <typename T>
struct Ends {
  bool swap_in, swap_out;
  T factor;
};

template <typename T>
WASMNP_INLINE int groups_of(std::intptr_t columns) {
  return static_cast<int>((columns + TileLanes<T>::kLanes - 1) / TileLanes<T>::kLanes);
}

// `count` <= 8 columns of a row of a tile, from and to interleaved numbers `step` of their parts apart.
template <typename T>
void read_columns(T* row, const T* in, std::intptr_t step, std::intptr_t count, bool swap) {
  for (std::intptr_t column = 0; column < kColumns; ++column, in += step) {
    row[column] = column < count ? in[swap] : T(0);
    row[column + kColumns] = column < count ? in[!swap] : T(0);
  }
}

template <typename T>
void write_columns(T* out, std::intptr_t step, const T* row, std::intptr_t count, Ends<T> ends) {
  for (std::intptr_t column = 0; column < count; ++column, out += step) {
    out[ends.swap_out] = row[column] * ends.factor;
    out[!ends.swap_out] = row[column + kColumns] * ends.factor;
  }
}

// Up to eight short transforms, each a column of the tile; distances of rows are in parts.
template <typename T>
void transform_short(const T* in, std::intptr_t in_row, T* out, std::intptr_t out_row, std::intptr_t rows,
                     const SmoothPlan<T>& plan, Ends<T> ends) {
  using L = TileLanes<T>;
  constexpr int kLanes = L::kLanes;
  T* tile = plan.tile;
  const std::intptr_t whole_rows = rows == kColumns ? plan.n / kLanes * kLanes : 0;
  // Blocks of kLanes rows and as many points are transposed in registers.
  for (std::intptr_t k = 0; k < whole_rows; k += kLanes) {
    for (int lane = 0; lane < kColumns; lane += kLanes) {
      typename L::Lanes real[kLanes], imag[kLanes];
      unroll<kLanes>([&](auto i) {
        const auto value = swapped_if(ends.swap_in, load_interleaved(in + (lane + i) * in_row + 2 * k, 0));
        real[i] = value.real;
        imag[i] = value.imag;
      });
      transpose<kLanes>(real);
      transpose<kLanes>(imag);
      unroll<kLanes>([&](auto i) { store_tile(tile + lane, k + i, 0, {real[i], imag[i]}); });
    }
  }
  for (std::intptr_t k = whole_rows; k < plan.n; ++k) {
    read_columns(tile + k * 2 * kColumns, in + 2 * k, in_row, rows, ends.swap_in);
  }
  transform_tile(tile, plan.first, groups_of<T>(rows));
  for (std::intptr_t k = 0; k < whole_rows; k += kLanes) {
    for (int lane = 0; lane < kColumns; lane += kLanes) {
      typename L::Lanes real[kLanes], imag[kLanes];
      unroll<kLanes>([&](auto i) {
        const T* from = tile + plan.first_offset[k + i] + lane;
        real[i] = load<typename L::Lanes>(from) * ends.factor;
        imag[i] = load<typename L::Lanes>(from + kColumns) * ends.factor;
      });
      transpose<kLanes>(real);
      transpose<kLanes>(imag);
      unroll<kLanes>([&](auto i) {
        store_interleaved(out + (lane + i) * out_row + 2 * k, 0,
                          swapped_if(ends.swap_out, typename L::Value{real[i], imag[i]}));
      });
    }
  }
  for (std::intptr_t k = whole_rows; k < plan.n; ++k) {
    write_columns(out + 2 * k, out_row, tile + plan.first_offset[k], rows, ends);
  }
}

// Eight short transforms whose points lie side by side, so that nothing is transposed; distances of points are in
// parts.
template <typename T>
void transform_columns(const T* in, std::intptr_t in_step, T* out, std::intptr_t out_step, const SmoothPlan<T>& plan,
                       Ends<T> ends) {
  constexpr int kGroups = TileLanes<T>::kGroups;
  for (std::intptr_t k = 0; k < plan.n; ++k) {
    for (int g = 0; g < kGroups; ++g) {
      store_tile(plan.tile, k, g, swapped_if(ends.swap_in, load_interleaved(in + k * in_step, g)));
    }
  }
  transform_tile(plan.tile, plan.first, kGroups);
  for (std::intptr_t k = 0; k < plan.n; ++k) {
    for (int g = 0; g < kGroups; ++g) {
      const auto value = scaled(load_tile(plan.tile + plan.first_offset[k], 0, g), ends.factor);
      store_interleaved(out + k * out_step, g, swapped_if(ends.swap_out, value));
    }
  }
}

// The second step of a first stage: outputs k < `count` of eight columns, eight outputs at a time, are transposed into
// the tiles of the second stage that they belong to. source(k) is where the row of an output lies, up to the next
// multiple of eight.
template <typename T, typename Source>
WASMNP_INLINE void spread_columns(const SmoothPlan<T>& plan, std::intptr_t column, int groups, std::intptr_t count,
                                  Source&& source) {
  using L = TileLanes<T>;
  using Lanes = typename L::Lanes;
  T* target = plan.work + column * 2 * kColumns;
  for (std::intptr_t k = 0; k < count; k += kColumns, target += 2 * kColumns * plan.work_rows()) {
    for (int block = 0; block < kColumns; block += L::kLanes) {
      const T* sources[L::kLanes];
      unroll<L::kLanes>([&](auto i) { sources[i] = source(k + block + i); });
      for (int lane = 0; lane < groups * L::kLanes; lane += L::kLanes) {
        for (int part = 0; part < 2 * kColumns; part += kColumns) {
          Lanes lines[L::kLanes];
          unroll<L::kLanes>([&](auto i) { lines[i] = load<Lanes>(sources[i] + part + lane); });
          transpose<L::kLanes>(lines);
          unroll<L::kLanes>([&](auto i) { store(target + 2 * kColumns * (lane + i) + part + block, lines[i]); });
        }
      }
    }
  }
}

// Columns of the input, which is read as rows of second.length, then twiddles.
template <typename T>
void first_stage(const T* in, const SmoothPlan<T>& plan, bool swap) {
  using L = TileLanes<T>;
  const std::intptr_t length = plan.first.length(), columns = plan.second.length();
  const std::intptr_t* offsets = plan.first_offset;
  T* tile = plan.tile;
  const auto store_row = [=](std::intptr_t row, int g, typename L::Value value) { store_tile(tile, row, g, value); };
  for (std::intptr_t column = 0; column < columns; column += kColumns) {
    const bool whole = column + kColumns <= columns;
    const int groups = whole ? L::kGroups : groups_of<T>(columns - column);
    const T* from = in + 2 * column;
    const auto load_row = [=](std::intptr_t row, int g) {
      return swapped_if(swap, load_interleaved(from + 2 * row * columns, g));
    };
    int pass = 0;
    std::intptr_t rows = length;
    if (!whole) {
      for (std::intptr_t row = 0; row < length; ++row) {
        read_columns(tile + row * 2 * kColumns, from + 2 * row * columns, 2, columns - column, swap);
      }
    } else if (plan.first.shape.passes > 1) {
      column_pass<false>(plan.first, 0, rows, groups, load_row, store_row);
      rows /= plan.first.shape.radices[pass++];
    } else {
      for (std::intptr_t row = 0; row < length; ++row) {
        for (int g = 0; g < groups; ++g) store_row(row, g, load_row(row, g));
      }
    }
    rows = middle_passes(tile, plan.first, pass, rows, groups);
    const T* grid = plan.grid + column * length * 2;
    last_pass(tile, plan.first, rows, groups, [=](std::intptr_t row, int g, typename L::Value value) {
      store_tile(tile, row, g, value * load_tile(grid, row, g));
    });
    spread_columns(plan, column, groups, length, [=](std::intptr_t k) { return tile + offsets[k]; });
  }
}

template <typename T>
void second_stage(T* out, const SmoothPlan<T>& plan, Ends<T> ends) {
  using Value = typename TileLanes<T>::Value;
  const std::intptr_t length = plan.second.length(), columns = plan.first.length();
  const std::intptr_t* offsets = plan.second_offset;
  T* tile = plan.work;
  for (std::intptr_t column = 0; column < columns; column += kColumns, out += 2 * kColumns) {
    if (column + kColumns <= columns) {
      const std::intptr_t rows = middle_passes(tile, plan.second, 0, length, TileLanes<T>::kGroups);
      last_pass(tile, plan.second, rows, TileLanes<T>::kGroups, [=](std::intptr_t row, int g, Value value) {
        store_interleaved(out + offsets[row], g, swapped_if(ends.swap_out, scaled(value, ends.factor)));
      });
    } else {
      transform_tile(tile, plan.second, groups_of<T>(columns - column));
      for (std::intptr_t row = 0; row < length; ++row) {
        write_columns(out + offsets[row], 2, tile + row * 2 * kColumns, columns - column, ends);
      }
    }
    tile += 2 * kColumns * plan.work_rows();
  }
}

template <typename T>
void transform_smooth(const T* in, std::intptr_t in_row, T* out, std::intptr_t out_row, std::intptr_t rows,
                      const SmoothPlan<T>& plan, Ends<T> ends) {
  if (!plan.tiled) return transform_short(in, in_row, out, out_row, rows, plan, ends);
  for (std::intptr_t row = 0; row < rows; ++row, in += in_row, out += out_row) {
    first_stage(in, plan, ends.swap_in);
    second_stage(out, plan, ends);
  }
}

// ---- lengths with a large prime

// L. Bluestein, "A linear filtering approach to the computation of discrete Fourier transform", 1970: with
// 2 j k = j^2 + k^2 - (k - j)^2 a transform is a convolution with the chirp exp(pi i k^2 / n).
template <typename T>
void transform_by_convolution(const T* in, T* out, const FourierPlan<T>& plan, Ends<T> ends) {
  const SmoothPlan<T>& smooth = plan.smooth;
  const T *chirp = plan.chirp, *filter = plan.filter;
  T* padded = plan.padded;
  for_lanes<T>(0, plan.points, [=](auto lanes, std::intptr_t k) {
    store_pairs<lanes>(padded, k, swapped_if(ends.swap_in, load_pairs<lanes>(in, k)) * load_pairs<lanes>(chirp, k));
  });
  std::memset(padded + 2 * plan.points, 0, static_cast<std::size_t>(2 * (smooth.n - plan.points)) * sizeof(T));
  transform_smooth(padded, 0, padded, 0, 1, smooth, {false, false, T(1)});
  for_lanes<T>(0, smooth.n, [=](auto lanes, std::intptr_t k) {
    store_pairs<lanes>(padded, k, load_pairs<lanes>(padded, k) * load_pairs<lanes>(filter, k));
  });
  transform_smooth(padded, 0, padded, 0, 1, smooth, {true, true, T(1)});
  for_lanes<T>(0, plan.points, [=](auto lanes, std::intptr_t k) {
    const auto value = scaled(load_pairs<lanes>(padded, k) * load_pairs<lanes>(chirp, k), ends.factor);
    store_pairs<lanes>(out, k, swapped_if(ends.swap_out, value));
  });
}

// The transform of the conjugate chirp, divided by the length of the convolution.
template <typename T>
void fill_filter(FourierPlan<T>& plan) {
  const std::intptr_t length = plan.smooth.n;
  std::memset(plan.filter, 0, static_cast<std::size_t>(2 * length) * sizeof(T));
  for (std::intptr_t k = 0; k < plan.points; ++k) {
    const std::intptr_t mirrored = k == 0 ? 0 : length - k;
    plan.filter[2 * k] = plan.filter[2 * mirrored] = plan.chirp[2 * k];
    plan.filter[2 * k + 1] = plan.filter[2 * mirrored + 1] = -plan.chirp[2 * k + 1];
  }
  transform_smooth(plan.filter, 0, plan.filter, 0, 1, plan.smooth,
                   {false, false, static_cast<T>(1.0 / static_cast<double>(length))});
}

// `rows` transforms of plan.points numbers, at most plan.rows_at_once() of them where a row of the output overlaps
// another row of the input.
template <typename T>
void transform_rows(const T* in, std::intptr_t in_row, T* out, std::intptr_t out_row, std::intptr_t rows,
                    const FourierPlan<T>& plan, Ends<T> ends) {
  if (!plan.by_convolution) return transform_smooth(in, in_row, out, out_row, rows, plan.smooth, ends);
  for (std::intptr_t row = 0; row < rows; ++row, in += in_row, out += out_row) {
    transform_by_convolution(in, out, plan, ends);
  }
}

template <typename T>
FourierPlan<T>* take_plan(std::intptr_t n, bool real) {
  FourierPlan<T>* plan = plan_cache<T>.take(n, real);
  if (plan) return plan;
  plan = make_plan<T>(n, real);
  if (plan && plan->by_convolution) fill_filter(*plan);
  return plan;
}

}  // namespace wasmnp::ISA
