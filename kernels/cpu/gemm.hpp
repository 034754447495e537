// Matrix products of float32 and float64: C = A B over operands of any strides, packed into panels and multiplied by a
// register-blocked micro-kernel (Goto and van de Geijn, Anatomy of High-Performance Matrix Multiplication, 2008).
#pragma once

#include <cstdlib>

#include "routines.hpp"
#include "simd.hpp"

namespace wasmnp::ISA {

using Length = std::intptr_t;

// Accumulators fill the registers that operands leave: kRows broadcast elements of A times kColumns vectors of B.
#if defined(__AVX512F__)
inline constexpr int kGemmRows = 8, kGemmVectors = 3;
#elif defined(__AVX2__)
inline constexpr int kGemmRows = 4, kGemmVectors = 3;
#elif defined(__aarch64__)
inline constexpr int kGemmRows = 8, kGemmVectors = 2;
#else
inline constexpr int kGemmRows = 4, kGemmVectors = 2;
#endif
// A panel of B stays in L1 while blocks of A stream through L2.
inline constexpr Length kGemmDepth = 256, kGemmBlockRows = 96, kGemmBlockColumns = 768;

template <typename V>
WASMNP_INLINE V multiply_add(V a, V b, V c) {
#if defined(__clang__) && (defined(__FMA__) || defined(__aarch64__))
  return __builtin_elementwise_fma(a, b, c);
#else
  return a * b + c;
#endif
}

template <typename T>
struct Tile {
  static constexpr int kLanes = kLanesOf<T>;
  static constexpr int kColumns = kGemmVectors * kLanes;
  using V = Vector<T, kLanes>;

  // C (kRows x kVectors * kLanes) = A B, or with `add` C += A B. Steps are in bytes: of A from row to row and along the
  // depth, of B and C from row to row.
  template <int kRows, int kVectors>
  static WASMNP_INLINE void multiply(const char* a, Length a_row, Length a_step, const char* b, Length b_step,
                                     Length depth, char* c, Length c_row, bool add) {
    constexpr Length kBytes = sizeof(V);
    V sums[kRows][kVectors] = {};
    for (Length p = 0; p < depth; p++) {
      V columns[kVectors];
      unroll<kVectors>([&](auto j) { columns[j] = load<V>(b + j * kBytes); });
      unroll<kRows>([&](auto i) {
        const V element = splat<V>(load<T>(a + i * a_row));
        unroll<kVectors>([&](auto j) { sums[i][j] = multiply_add(element, columns[j], sums[i][j]); });
      });
      a += a_step;
      b += b_step;
    }
    if (add) {
      unroll<kRows>(
          [&](auto i) { unroll<kVectors>([&](auto j) { sums[i][j] += load<V>(c + i * c_row + j * kBytes); }); });
    }
    unroll<kRows>([&](auto i) { unroll<kVectors>([&](auto j) { store(c + i * c_row + j * kBytes, sums[i][j]); }); });
  }

  // Operands that are packed: steps that are known.
  static void multiply_packed(const T* a, const T* b, Length depth, char* c, Length c_row, bool add) {
    constexpr Length kSize = sizeof(T);
    multiply<kGemmRows, kGemmVectors>(reinterpret_cast<const char*>(a), kSize, kGemmRows * kSize,
                                      reinterpret_cast<const char*>(b), kColumns * kSize, depth, c, c_row, add);
  }
};

// As many rows of A at once as there are, by halves: kRows, kRows / 2, ..., 1.
template <typename T, int kRows, int kVectors>
void multiply_rows(const MatrixProduct& p, Length row, Length column) {
  constexpr Length kSize = sizeof(T);
  for (; row + kRows <= p.rows; row += kRows)
    Tile<T>::template multiply<kRows, kVectors>(p.a + row * p.a_row, p.a_row, p.a_column, p.b + column * kSize, p.b_row,
                                                p.depth, p.c + row * p.c_row + column * kSize, p.c_row, false);
  if constexpr (kRows > 1) {
    if (row < p.rows) multiply_rows<T, kRows / 2, kVectors>(p, row, column);
  }
}

// Matrices that fit into the caches as they are, the rows of B and C contiguous and no shorter than a vector. The last
// vector of a row may overlap the one before it.
template <typename T>
void multiply_in_place(const MatrixProduct& p) {
  constexpr int kLanes = Tile<T>::kLanes;
  Length column = 0;
  for (; column + Tile<T>::kColumns <= p.columns; column += Tile<T>::kColumns)
    multiply_rows<T, kGemmRows, kGemmVectors>(p, 0, column);
  if constexpr (kGemmVectors > 2) {
    if (column + 2 * kLanes <= p.columns) {
      multiply_rows<T, kGemmRows, 2>(p, 0, column);
      column += 2 * kLanes;
    }
  }
  for (; column < p.columns; column += kLanes)
    multiply_rows<T, kGemmRows, 1>(p, 0, column + kLanes <= p.columns ? column : p.columns - kLanes);
}

// Panels of `width` rows (or columns) of a matrix, padded with zeros: panel after panel, `depth` groups of `width`.
template <typename T, int kWidth>
void pack_panels(const char* data, Length across, Length along, Length count, Length depth, T* out) {
  for (Length start = 0; start < count; start += kWidth) {
    const Length n = count - start < kWidth ? count - start : kWidth;
    const char* panel = data + start * across;
    if (n == kWidth && across == static_cast<Length>(sizeof(T))) {
      for (Length p = 0; p < depth; p++, out += kWidth)
        std::memcpy(out, panel + p * along, sizeof(T) * static_cast<std::size_t>(kWidth));
      continue;
    }
    for (Length p = 0; p < depth; p++, out += kWidth) {
      const char* group = panel + p * along;
      for (Length i = 0; i < n; i++) out[i] = load<T>(group + i * across);
      for (Length i = n; i < kWidth; i++) out[i] = T(0);
    }
  }
}

template <typename T>
T dot_run(const char* x, Length x_step, const char* y, Length y_step, Length count) {
  constexpr int kLanes = kLanesOf<T>;
  using V = Vector<T, kLanes>;
  constexpr Length kSize = sizeof(T);
  T sum = 0;
  Length i = 0;
  if (x_step == kSize && y_step == kSize) {
    V sums[4] = {};
    for (; i + 4 * kLanes <= count; i += 4 * kLanes)
      unroll<4>([&](auto j) {
        sums[j] = multiply_add(load<V>(x + (i + j * kLanes) * kSize), load<V>(y + (i + j * kLanes) * kSize), sums[j]);
      });
    for (; i + kLanes <= count; i += kLanes)
      sums[0] = multiply_add(load<V>(x + i * kSize), load<V>(y + i * kSize), sums[0]);
    const V all = (sums[0] + sums[1]) + (sums[2] + sums[3]);
    for (int lane = 0; lane < kLanes; lane++) sum += all[lane];
  }
  for (; i < count; i++) sum += load<T>(x + i * x_step) * load<T>(y + i * y_step);
  return sum;
}

template <typename T>
WASMNP_INLINE void put(char* to, T value, int mode) {
  if (mode > 0) value = load<T>(to) + value;
  if (mode < 0) value = load<T>(to) - value;
  store(to, value);
}

// Products too small to pack, or of a vector.
template <typename T>
bool multiply_small(const MatrixProduct& p) {
  constexpr Length kSize = sizeof(T);
  if (p.rows == 1 && p.columns > 1 && p.b_column == kSize && p.c_column == kSize && p.depth > 1 && p.mode == 0) {
    // A row times a matrix: sums of its rows.
    constexpr int kLanes = kLanesOf<T>;
    using V = Vector<T, kLanes>;
    for (Length j = 0; j < p.columns;) {
      if (p.columns - j >= 4 * kLanes) {
        V sums[4] = {};
        for (Length k = 0; k < p.depth; k++) {
          const V element = splat<V>(load<T>(p.a + k * p.a_column));
          const char* row = p.b + k * p.b_row + j * kSize;
          unroll<4>([&](auto v) { sums[v] = multiply_add(element, load<V>(row + v * kLanes * kSize), sums[v]); });
        }
        unroll<4>([&](auto v) { store(p.c + (j + v * kLanes) * kSize, sums[v]); });
        j += 4 * kLanes;
        continue;
      }
      T sum = 0;
      for (Length k = 0; k < p.depth; k++)
        sum += load<T>(p.a + k * p.a_column) * load<T>(p.b + k * p.b_row + j * kSize);
      put(p.c + j * kSize, sum, 0);
      j++;
    }
    return true;
  }
  for (Length i = 0; i < p.rows; i++)
    for (Length j = 0; j < p.columns; j++)
      put(p.c + i * p.c_row + j * p.c_column,
          dot_run<T>(p.a + i * p.a_row, p.a_column, p.b + j * p.b_column, p.b_row, p.depth), p.mode);
  return true;
}

template <typename T>
bool multiply_matrices(const MatrixProduct& p) {
  constexpr int kColumns = Tile<T>::kColumns;
  constexpr Length kSize = sizeof(T), kSmall = 4096, kCached = Length{1} << 20;
  const bool plain_rows = p.b_column == kSize && p.c_column == kSize && p.mode == 0;
  if (plain_rows && p.rows > 1 && p.depth > 0 && p.columns >= Tile<T>::kLanes &&
      p.depth * p.columns * p.rows <= kCached) {
    multiply_in_place<T>(p);
    return true;
  }
  if (p.rows == 1 || p.columns == 1 || p.depth == 0 || p.rows * p.columns * p.depth <= kSmall)
    return multiply_small<T>(p);
  const Length depth_room = p.depth < kGemmDepth ? p.depth : kGemmDepth;
  const Length column_room = (p.columns < kGemmBlockColumns ? p.columns : kGemmBlockColumns) + kColumns;
  const Length row_room = (p.rows < kGemmBlockRows ? p.rows : kGemmBlockRows) + kGemmRows;
  constexpr std::size_t kAlign = 64;
  const std::size_t elements = static_cast<std::size_t>(depth_room * (column_room + row_room)) + kAlign;
  void* const memory = std::malloc(elements * sizeof(T) + kAlign);
  if (!memory) return false;
  T* const b_panels = reinterpret_cast<T*>((reinterpret_cast<std::uintptr_t>(memory) + kAlign - 1) & ~(kAlign - 1));
  T* const a_panels = b_panels + (depth_room * column_room + 15) / 16 * 16;
  for (Length j0 = 0; j0 < p.columns; j0 += kGemmBlockColumns) {
    const Length columns = p.columns - j0 < kGemmBlockColumns ? p.columns - j0 : kGemmBlockColumns;
    for (Length k0 = 0; k0 < p.depth; k0 += kGemmDepth) {
      const Length depth = p.depth - k0 < kGemmDepth ? p.depth - k0 : kGemmDepth;
      const int mode = k0 > 0 && p.mode == 0 ? 1 : p.mode;
      pack_panels<T, kColumns>(p.b + k0 * p.b_row + j0 * p.b_column, p.b_column, p.b_row, columns, depth, b_panels);
      for (Length i0 = 0; i0 < p.rows; i0 += kGemmBlockRows) {
        const Length rows = p.rows - i0 < kGemmBlockRows ? p.rows - i0 : kGemmBlockRows;
        pack_panels<T, kGemmRows>(p.a + i0 * p.a_row + k0 * p.a_column, p.a_row, p.a_column, rows, depth, a_panels);
        for (Length j = 0; j < columns; j += kColumns) {
          const Length width = columns - j < kColumns ? columns - j : kColumns;
          for (Length i = 0; i < rows; i += kGemmRows) {
            const Length height = rows - i < kGemmRows ? rows - i : kGemmRows;
            const T *a_panel = a_panels + i * depth, *b_panel = b_panels + j * depth;
            char* corner = p.c + (i0 + i) * p.c_row + (j0 + j) * p.c_column;
            if (width == kColumns && height == kGemmRows && p.c_column == kSize && mode >= 0) {
              Tile<T>::multiply_packed(a_panel, b_panel, depth, corner, p.c_row, mode > 0);
              continue;
            }
            alignas(64) T tile[kGemmRows * kColumns];
            Tile<T>::multiply_packed(a_panel, b_panel, depth, reinterpret_cast<char*>(tile), kColumns * kSize, false);
            for (Length r = 0; r < height; r++) {
              char* row = corner + r * p.c_row;
              const T* from = tile + r * kColumns;
              if (mode == 0 && p.c_column == kSize) {
                std::memcpy(row, from, sizeof(T) * static_cast<std::size_t>(width));
                continue;
              }
              for (Length col = 0; col < width; col++) put(row + col * p.c_column, from[col], mode);
            }
          }
        }
      }
    }
  }
  std::free(memory);
  return true;
}

}  // namespace wasmnp::ISA
