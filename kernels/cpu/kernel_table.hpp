// The contract between generated elementwise kernels and the array core.
//
// The kernel generator writes two things: one level-independent table of ufunc rows and loop rows, and, once per
// instruction-set level, one table of loop bodies in the same order as the loop rows.
#pragma once

#include <cstddef>
#include <cstdint>

namespace wasmnp {

// Storage types. The order is NumPy's promotion order inside a kind; the array core maps type numbers (where `long` and
// `long long` may coincide) onto these. Kernels are generated for the first kKernelElements of them; the others have
// strided loops in the array core.
enum class Element : std::uint8_t {
  Bool,
  Int8,
  UInt8,
  Int16,
  UInt16,
  Int32,
  UInt32,
  Int64,
  UInt64,
  Float16,
  Float32,
  Float64,
  Complex64,
  Complex128,
  LongDouble,
  CLongDouble,
  Object,  // a counted reference to a Python object
};
inline constexpr int kElementCount = 17, kKernelElements = 14;

// Bits that a loop returns. The four floating-point ones have the values of NPY_FPE_*.
enum LoopError : std::uint32_t {
  kDivideByZero = 1,
  kOverflow = 2,
  kUnderflow = 4,
  kInvalid = 8,
  kNegativeIntegerPower = 16,  // "Integers to negative integer powers are not allowed."
};

// `count` elements; operands are inputs, then outputs, each contiguous and native-endian, of any alignment. An output
// may be the very same pointer as an input of the same itemsize; otherwise operands do not overlap.
using BlockKernel = std::uint32_t (*)(char* const* operands, std::intptr_t count);
// The same with a byte stride per operand (zero and negative ones included), evaluated in element order, so that an
// accumulator with stride 0 may be both input and output.
using StridedKernel = std::uint32_t (*)(char* const* operands, const std::intptr_t* strides, std::intptr_t count);

struct LoopBodies {
  BlockKernel contiguous;     // always present for a built loop
  BlockKernel scalar_first;   // operands[0] is one element, the others contiguous; may be null
  BlockKernel scalar_second;  // operands[1] is one element; may be null
  StridedKernel strided;      // present for cheap operations and for every loop T,T->T; may be null
};

inline constexpr int kMaxOperands = 6;

struct LoopRow {
  Element operands[kMaxOperands];
  bool built;  // false: NumPy has this loop, this build lacks one of its types
  bool cheap;  // costs less than moving its operands through memory
};

enum class Identity : std::int8_t { None, Zero, One, MinusOne, MinusInfinity, ReorderableNone };

struct UfuncRow {
  const char* name;
  const char* alias;  // other public names, separated by blanks, or null
  std::uint8_t nin, nout;
  Identity identity;
  std::uint16_t first_loop, loop_count;  // into loop_rows, in NumPy's order of `ufunc.types`
  const char* types;                     // all of NumPy's `ufunc.types`, separated by blanks
  const char* parameters;                // text signature, such as "x1, x2"
  const char* doc;
};

extern const UfuncRow ufunc_rows[];
extern const int ufunc_row_count;
extern const LoopRow loop_rows[];
extern const int loop_row_count;

}  // namespace wasmnp
