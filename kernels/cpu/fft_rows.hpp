// Fourier transforms of rows in any layout (see `FourierRows` in routines.hpp).
#pragma once

#include "fft_real.hpp"
#include "routines.hpp"

namespace wasmnp::ISA {

// ---- contiguous rows; distances of rows are in parts

template <typename T>
void transform_block(FourierKind kind, const T* in, std::intptr_t in_row, T* out, std::intptr_t out_row,
                     std::intptr_t rows, const FourierPlan<T>& plan, T factor) {
  switch (kind) {
    case FourierKind::Forward:
      return transform_rows(in, in_row, out, out_row, rows, plan, Ends<T>{false, false, factor});
    case FourierKind::Inverse: return transform_rows(in, in_row, out, out_row, rows, plan, Ends<T>{true, true, factor});
    case FourierKind::RealToHalf: return spectra_of_reals(in, in_row, out, out_row, rows, plan, factor);
    case FourierKind::HalfToReal: return reals_of_spectra(in, in_row, out, out_row, rows, plan, factor);
    default:
      spectra_of_reals(in, in_row, out, out_row, rows, plan, factor);
      for (std::intptr_t row = 0; row < rows; ++row) {
        T* spectrum = out + row * out_row;
        complete_spectrum(spectrum, plan.n);
        if (kind == FourierKind::RealToInverse) {
          for (std::intptr_t k = 0; k < plan.n; ++k) spectrum[2 * k + 1] = T(0) - spectrum[2 * k + 1];
        }
      }
  }
}

// ---- rows in any layout

// Moves `count` elements of each of `rows` rows. Neighbours are taken together: a block of eight often is one or two
// cache lines.
template <typename Element>
void move_elements(const char* from, std::intptr_t from_step, std::intptr_t from_row, char* to, std::intptr_t to_step,
                   std::intptr_t to_row, std::intptr_t count, std::intptr_t rows) {
  for (std::intptr_t k = 0; k < count; ++k, from += from_step, to += to_step) {
    if (rows == kColumns) {
      unroll<kColumns>([&](auto row) { std::memcpy(to + row * to_row, from + row * from_row, sizeof(Element)); });
    } else {
      for (std::intptr_t row = 0; row < rows; ++row) {
        std::memcpy(to + row * to_row, from + row * from_row, sizeof(Element));
      }
    }
  }
}

template <typename T>
void move_rows(int parts, const char* from, std::intptr_t from_step, std::intptr_t from_row, char* to,
               std::intptr_t to_step, std::intptr_t to_row, std::intptr_t count, std::intptr_t rows) {
  const auto move = parts == 1 ? move_elements<T> : move_elements<Complex<T>>;
  move(from, from_step, from_row, to, to_step, to_row, count, rows);
}

template <typename T>
bool transform_layout(const FourierRows& run) {
  constexpr std::intptr_t kPart = sizeof(T);
  const bool to_real = run.kind == FourierKind::HalfToReal;
  const bool complex_plan = run.kind == FourierKind::Forward || run.kind == FourierKind::Inverse;
  const int in_parts = complex_plan || to_real ? 2 : 1, out_parts = to_real ? 1 : 2;
  const std::intptr_t half = run.n / 2 + 1;
  const std::intptr_t in_length = to_real ? half : run.n;
  const std::intptr_t out_length = run.kind == FourierKind::RealToHalf ? half : run.n;
  const std::intptr_t given = run.in_length < in_length ? run.in_length : in_length;
  const bool gathers = given < in_length || run.in_step != in_parts * kPart;
  const bool scatters = run.out_step != out_parts * kPart && out_length > 1;
  // Blocks of eight rows, fewer where they would leave the second-level cache.
  std::intptr_t block = run.factor_row != 0 ? 1 : kColumns;
  while ((gathers || scatters) && block > 1 && block * run.n > (std::intptr_t{1} << 17)) block /= 2;
  if (block > run.rows) block = run.rows;

  FourierPlan<T>* plan = take_plan<T>(run.n, !complex_plan);
  if (!plan) return false;
  // One cache line apart from a power of two, lest the rows of a block meet in few sets of the cache.
  constexpr std::intptr_t kLine = 64 / kPart;
  const std::intptr_t in_size = gathers ? in_length * in_parts + kLine : 0;
  const std::intptr_t out_size = scatters ? out_length * out_parts + kLine : 0;
  T* gathered = nullptr;
  if (gathers || scatters) {
    gathered = static_cast<T*>(std::malloc(static_cast<std::size_t>(block * (in_size + out_size) * kPart)));
    if (!gathered) return plan_cache<T>.put(plan), false;
  }
  T* scattered = gathered + block * in_size;
  // Short columns of a matrix need no gathering.
  const bool side_by_side = complex_plan && gathers && scatters && given == in_length && block == kColumns &&
                            run.in_row == 2 * kPart && run.out_row == 2 * kPart && plan->rows_at_once() == kColumns;
  for (std::intptr_t first = 0; first < run.rows; first += block) {
    const std::intptr_t rows = run.rows - first < block ? run.rows - first : block;
    const char* in = run.in + first * run.in_row;
    char* out = run.out + first * run.out_row;
    const T factor = load<T>(run.factor + first * run.factor_row);
    if (side_by_side && rows == kColumns) {
      const bool inverse = run.kind == FourierKind::Inverse;
      transform_columns(reinterpret_cast<const T*>(in), run.in_step / kPart, reinterpret_cast<T*>(out),
                        run.out_step / kPart, plan->smooth, Ends<T>{inverse, inverse, factor});
      continue;
    }
    if (gathers) {
      auto* to = reinterpret_cast<char*>(gathered);
      move_rows<T>(in_parts, in, run.in_step, run.in_row, to, in_parts * kPart, in_size * kPart, given, rows);
      for (std::intptr_t row = 0; row < rows; ++row) {
        std::memset(gathered + row * in_size + given * in_parts, 0,
                    static_cast<std::size_t>((in_length - given) * in_parts * kPart));
      }
    }
    transform_block(run.kind, gathers ? gathered : reinterpret_cast<const T*>(in),
                    gathers ? in_size : run.in_row / kPart, scatters ? scattered : reinterpret_cast<T*>(out),
                    scatters ? out_size : run.out_row / kPart, rows, *plan, factor);
    if (scatters) {
      const auto* from = reinterpret_cast<const char*>(scattered);
      move_rows<T>(out_parts, from, out_parts * kPart, out_size * kPart, out, run.out_step, run.out_row, out_length,
                   rows);
    }
  }
  std::free(gathered);
  plan_cache<T>.put(plan);
  return true;
}

}  // namespace wasmnp::ISA
