// Everything that one instruction-set level offers to the array core, as one table of functions per level.
#pragma once

#include "kernel_table.hpp"

namespace wasmnp {

// Reduces a run of `count` >= 1 elements, `stride` bytes apart (any alignment), to one element at `out`.
// Result bits depend on the values and their order alone, never on the stride. Returns LoopError bits.
using Fold = std::uint32_t (*)(const char* in, std::intptr_t stride, std::intptr_t count, char* out);

// `rows` real transforms of power-of-two length `n`, contiguous; each gives n/2 + 1 complex numbers (interleaved),
// times `scale`. False: no memory for the plan.
using ForwardRealFft = bool (*)(const void* in, void* out, std::intptr_t n, std::intptr_t rows, double scale);
using InverseRealFft = ForwardRealFft;

struct Routines {
  const char* level;            // "v2", "v3", "v4", "neon", "simd128", "base"
  const LoopBodies* loops;      // parallel to loop_rows
  Fold sum[kElementCount];      // pairwise for float and complex types, wrapping for integers; null where not built
  Fold maximum[kElementCount];  // NaN-propagating
  Fold minimum[kElementCount];
  ForwardRealFft rfft_float32, rfft_float64;
  InverseRealFft irfft_float32, irfft_float64;
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
