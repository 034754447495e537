// Everything that one instruction-set level offers to the array core, as one table of functions per level.
#pragma once

#include "kernel_table.hpp"

namespace wasmnp {

// Reduces a run of `count` >= 1 elements, `stride` bytes apart (any alignment), to one element at `out`.
// Result bits depend on the values and their order alone, never on the stride. Returns LoopError bits.
using Fold = std::uint32_t (*)(const char* in, std::intptr_t stride, std::intptr_t count, char* out);

// `out[i] = out[i - 1] + in[i]` of `count` >= 0 elements any number of bytes apart; the one before the first is there.
// Sums of floats are associated otherwise, in the same way at every level. Returns how many are done: floats stop, up
// to three elements early, where a sum is not finite.
using RunningSum = std::intptr_t (*)(const char* in, std::intptr_t in_step, char* out, std::intptr_t out_step,
                                     std::intptr_t count);

// The sum of `(in[i] - center)**2` over `count` >= 1 contiguous elements, in the order of `Fold` sums.
using SumSquaresAround = void (*)(const char* in, std::intptr_t count, const char* center, char* out);

// Contiguous floats to int32, towards zero. Returns how many are done, which are all that come before the block of a
// value that does not fit; what is written behind them counts for nothing.
using Truncation = std::intptr_t (*)(const char* in, char* out, std::intptr_t count);

enum class FourierKind : std::uint8_t {
  Forward,        // complex numbers to complex ones
  Inverse,        // likewise, without dividing by n
  RealToHalf,     // n real numbers to the first n / 2 + 1 of their spectrum
  HalfToReal,     // the inverse of that, without dividing; imaginary parts that a real signal lacks are ignored
  RealToWhole,    // n real numbers to all of their spectrum
  RealToInverse,  // n real numbers to their inverse transform
};

// Discrete Fourier transforms of `n` >= 1 points along rows of any byte strides (multiples of a part's size), which
// must not overlap. Inputs are cut or continued with zeros; results are multiplied by the factor of their row.
struct FourierRows {
  FourierKind kind;
  std::intptr_t n, rows;
  const char* in;
  std::intptr_t in_length, in_step, in_row;
  char* out;
  std::intptr_t out_step, out_row;
  const char* factor;
  std::intptr_t factor_row;
};
// False: no memory for the plan.
using FourierTransform = bool (*)(const FourierRows& run);

// C = A B over matrices of any byte strides; mode 1 adds to C and -1 subtracts from it.
struct MatrixProduct {
  const char* a;
  std::intptr_t a_row, a_column;
  const char* b;
  std::intptr_t b_row, b_column;
  char* c;
  std::intptr_t c_row, c_column;
  std::intptr_t rows, depth, columns;
  int mode;
};
// False: no memory to pack into.
using MultiplyMatrices = bool (*)(const MatrixProduct& product);

struct Routines {
  const char* level;            // "v2", "v3", "v4", "neon", "simd128", "base"
  const LoopBodies* loops;      // parallel to loop_rows
  Fold sum[kElementCount];      // pairwise for float and complex types, wrapping for integers; null where not built
  Fold maximum[kElementCount];  // NaN-propagating
  Fold minimum[kElementCount];
  RunningSum running_sum[kElementCount];  // null where not built
  SumSquaresAround squares_float32, squares_float64;
  Truncation truncate_float32, truncate_float64;
  FourierTransform fourier_float32, fourier_float64;
  MultiplyMatrices multiply_float32, multiply_float64;
};

}  // namespace wasmnp

#define WASMNP_DECLARE_LEVEL(name) \
  namespace wasmnp::name {         \
  extern const Routines routines;  \
  }
#if defined(__x86_64__) || defined(_M_X64)
WASMNP_DECLARE_LEVEL(isa_v2)
WASMNP_DECLARE_LEVEL(isa_v3)
WASMNP_DECLARE_LEVEL(isa_v4)
#else
WASMNP_DECLARE_LEVEL(isa_base)
#endif
