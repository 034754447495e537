// What generated elementwise kernels are made of: vectors of N lanes, and the loops over a run of elements.
//
// A kernel K is a struct with
//   inputs, outputs           how many operands of each
//   sizes[]                   bytes of one element of each operand
//   lanes                     elements that one step takes
//   postpones                 whether the kernel has rare branches
//   cheap                     whether single elements cost less than packing
//   evaluate<N, careful>(operands, pending)
//                             computes N elements, returns LoopError bits. If not careful, rare branches are left out,
//                             and lanes that may need them raise a word of `pending` to kSuspicious.
// Vectors are GCC/clang vector types of any power-of-two length; the compiler splits those that are wider than the
// machine's. A bool is a mask: lanes of 0 or -1, as wide as the numbers it comes from.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>
#include <utility>

#include "kernels/cpu/kernel_table.hpp"

#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wpsabi"  // vectors never cross a function that is not inlined
#endif
#define WASMNP_INLINE [[gnu::always_inline]] inline
#if defined(__clang__)
#define WASMNP_KEEP_LOOP _Pragma("clang loop unroll(disable)")
#else
#define WASMNP_KEEP_LOOP
#endif

namespace wasmnp {
namespace ISA {

#if defined(__AVX512F__)
inline constexpr int kWidth = 64;
#elif defined(__AVX2__)
inline constexpr int kWidth = 32;
#else
inline constexpr int kWidth = 16;
#endif

template <class T, int N>
struct VectorOf {
  typedef T type __attribute__((vector_size(sizeof(T) * N)));
};
template <class T, int N>
using V = typename VectorOf<T, N>::type;

template <int bits>
struct IntegerOf;
template <>
struct IntegerOf<8> {
  using Signed = std::int8_t;
  using Unsigned = std::uint8_t;
};
template <>
struct IntegerOf<16> {
  using Signed = std::int16_t;
  using Unsigned = std::uint16_t;
};
template <>
struct IntegerOf<32> {
  using Signed = std::int32_t;
  using Unsigned = std::uint32_t;
};
template <>
struct IntegerOf<64> {
  using Signed = std::int64_t;
  using Unsigned = std::uint64_t;
};
template <int bits>
using Signed = typename IntegerOf<bits>::Signed;
template <int bits>
using Unsigned = typename IntegerOf<bits>::Unsigned;

template <int bits, int N>
using Mask = V<Signed<bits>, N>;

template <class T, int N>
WASMNP_INLINE V<T, N> load(const char* from) {
  V<T, N> r;
  std::memcpy(&r, from, sizeof r);
  return r;
}
template <class X>
WASMNP_INLINE void store(char* to, X x) {
#if defined(__x86_64__)
  // Registers go out in the order of their addresses: left to itself the scheduler shuffles them, and stores that jump
  // between cache lines cost a tenth of the speed of large arrays.
  if constexpr (sizeof x > kWidth) {
    for (std::size_t part = 0; part < sizeof x; part += kWidth) {
      std::memcpy(to + part, reinterpret_cast<const char*>(&x) + part, kWidth);
      asm volatile("" ::: "memory");
    }
    return;
  }
#endif
  std::memcpy(to, &x, sizeof x);
}
template <class T, int N>
WASMNP_INLINE V<T, N> splat(T x) {
  return x - V<T, N>{};  // unlike a sum, this keeps the sign of -0.0
}
template <>
WASMNP_INLINE V<float, 1> splat<float, 1>(float x) {
  return V<float, 1>{x};
}
template <>
WASMNP_INLINE V<double, 1> splat<double, 1>(double x) {
  return V<double, 1>{x};
}
template <class To, class X>
WASMNP_INLINE To cast(X x) {
  static_assert(sizeof(To) == sizeof(X));
  To r;
  std::memcpy(&r, &x, sizeof r);
  return r;
}
#if defined(__wasm_simd128__)
// The compiler knows the instruction that narrows two doubles only in this form, and otherwise takes lane by lane.
WASMNP_INLINE V<float, 4> narrow(V<double, 2> x) {
  const V<double, 2> zero{};
  return __builtin_convertvector(__builtin_shufflevector(x, zero, 0, 1, 2, 3), V<float, 4>);
}
#endif
template <class T, int N, class X>
WASMNP_INLINE V<T, N> convert(X x) {
#if defined(__wasm_simd128__)
  if constexpr (std::is_same_v<T, float> && N % 4 == 0 && std::is_same_v<X, V<double, N>>) {
    V<double, 2> pairs[N / 2];
    V<float, 4> parts[N / 4];
    V<float, N> r;
    std::memcpy(pairs, &x, sizeof x);
    for (int i = 0; i < N / 4; ++i) {
      parts[i] = __builtin_shufflevector(narrow(pairs[2 * i]), narrow(pairs[2 * i + 1]), 0, 1, 4, 5);
    }
    std::memcpy(&r, parts, sizeof r);
    return r;
  }
#endif
  return __builtin_convertvector(x, V<T, N>);
}
#if defined(__wasm_simd128__)
// A mask of half the width. The compiler would take single lanes.
template <int bits, int N>
WASMNP_INLINE Mask<bits / 2, N> halved(Mask<bits, N> x) {
  using Words = V<std::int32_t, 4>;
  V<std::int8_t, 16> in[bits * N / 128], out[(bits * N + 128) / 256];
  std::memcpy(in, &x, sizeof x);
  for (int i = 0; i < (bits * N + 128) / 256; ++i) {
    const auto low = in[2 * i], high = 2 * i + 1 < bits * N / 128 ? in[2 * i + 1] : low;
    if constexpr (bits == 64) {
      out[i] = cast<V<std::int8_t, 16>>(__builtin_shufflevector(cast<Words>(low), cast<Words>(high), 0, 2, 4, 6));
    } else if constexpr (bits == 32) {
      out[i] = cast<V<std::int8_t, 16>>(__builtin_wasm_narrow_s_i16x8_i32x4(cast<Words>(low), cast<Words>(high)));
    } else {
      using Halves = V<std::int16_t, 8>;
      out[i] = cast<V<std::int8_t, 16>>(__builtin_wasm_narrow_s_i8x16_i16x8(cast<Halves>(low), cast<Halves>(high)));
    }
  }
  Mask<bits / 2, N> r;
  std::memcpy(&r, out, sizeof r);
  return r;
}
#endif
template <int bits, int N, class X>
WASMNP_INLINE Mask<bits, N> mask(X x) {
  if constexpr (sizeof(x) * 8 == bits * N) {
    return cast<Mask<bits, N>>(x);
#if defined(__wasm_simd128__)
  } else if constexpr (sizeof(x) * 8 > bits * N && sizeof(x) >= 16) {
    return mask<bits, N>(halved<sizeof(x) * 8 / N, N>(x));
#endif
  } else {
    return __builtin_convertvector(x, Mask<bits, N>);
  }
}

template <class T>
inline constexpr T kInfinity = T(__builtin_inf());
template <class T>
inline constexpr T kSmallestNormal = T(sizeof(T) == 8 ? 0x1p-1022 : 0x1p-126);
template <class X>
WASMNP_INLINE X magnitude(X x) {
  using U = Unsigned<sizeof(x[0]) * 8>;
  using W = V<U, sizeof(x) / sizeof(x[0])>;
  return cast<X>(cast<W>(x) & (U(-1) >> 1));
}
template <int bits, int N, class X>
WASMNP_INLINE Mask<bits, N> isfinite(X x) {
  return cast<Mask<bits, N>>(magnitude(x) < kInfinity<std::remove_reference_t<decltype(x[0])>>);
}
template <int bits, int N, class X>
WASMNP_INLINE Mask<bits, N> isnormal(X x) {
  using T = std::remove_reference_t<decltype(x[0])>;
  const X size = magnitude(x);
  return cast<Mask<bits, N>>((size < kInfinity<T>)&(size >= kSmallestNormal<T>));
}

// Interleaved pairs (complex numbers): part 0 or 1 of N pairs, and N pairs from their parts.
template <class T, int N, int part, int... I>
WASMNP_INLINE V<T, N> pick(V<T, 2 * N> x, std::integer_sequence<int, I...>) {
  return __builtin_shufflevector(x, x, (2 * I + part)...);
}
template <class T, int N, int... I>
WASMNP_INLINE V<T, 2 * N> weave(V<T, N> x, V<T, N> y, std::integer_sequence<int, I...>) {
  return __builtin_shufflevector(x, y, (I / 2 + (I % 2) * N)...);
}

template <class M>
WASMNP_INLINE bool any(M m) {
  if constexpr (sizeof(M) <= 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, &m, sizeof m);
    return word != 0;
  } else {
#if defined(__clang__) && !defined(__wasm__)
    return __builtin_reduce_or(m) != 0;
#else
    std::uint64_t words[sizeof(M) / 8];
    using W = V<std::uint64_t, 2>;
    W r, part;
    std::memcpy(words, &m, sizeof m);
    std::memcpy(&r, words, 16);
    for (std::size_t i = 2; i < sizeof(M) / 8; i += 2) {
      std::memcpy(&part, words + i, 16);
      r |= part;
    }
#if defined(__wasm_simd128__)
    return __builtin_wasm_any_true_v128(cast<V<std::int8_t, 16>>(r));
#else
    return (r[0] | r[1]) != 0;
#endif
#endif
  }
}

// What a step without rare branches remembers: words, of which the largest count. A word from kSuspicious on tells
// that some lane may need a rare branch; the careful pass then decides. Lanes are folded into one register.
using Pending = V<std::uint32_t, kWidth / 4>;
inline constexpr std::uint32_t kSuspicious = 0xfe000000u;

template <class X>
WASMNP_INLINE void join(Pending& pending, X words) {
  constexpr int parts = (sizeof(words) + kWidth - 1) / kWidth;
  Pending part[parts]{};
  std::memcpy(part, &words, sizeof words);
  for (int i = 0; i < parts; ++i) pending = part[i] > pending ? part[i] : pending;
}
// Lanes of a mask.
template <int N, class M>
WASMNP_INLINE void postpone(Pending& pending, M m) {
  if constexpr (sizeof(m) < 4 * N) {
    join(pending, mask<32, N>(m));
  } else {
    join(pending, m);
  }
}
// The high words of doubles, in any order: that of shuffles inside 128 bits, which all processors have.
template <class W, int... I>
WASMNP_INLINE W odd_words(W x, W y, std::integer_sequence<int, I...>) {
  return __builtin_shufflevector(x, y,
                                 (I % 4 < 2 ? I / 4 * 4 + I % 4 * 2 + 1 : kWidth / 4 + I / 4 * 4 + I % 4 * 2 - 3)...);
}
template <int N>
WASMNP_INLINE V<std::uint32_t, N> high_words(V<double, N> x) {
  constexpr int lanes = kWidth / 4;
  V<std::uint32_t, N> r;
  if constexpr (N % lanes == 0) {
    V<std::uint32_t, lanes> in[2 * N / lanes], out[N / lanes];
    std::memcpy(in, &x, sizeof x);
    for (int i = 0; i < N / lanes; ++i) {
      out[i] = odd_words(in[2 * i], in[2 * i + 1], std::make_integer_sequence<int, lanes>{});
    }
    std::memcpy(&r, out, sizeof r);
  } else {
    r = __builtin_convertvector(cast<V<std::uint64_t, N>>(x) >> 32, V<std::uint32_t, N>);
  }
  return r;
}
// Numbers that are infinite or NaN, or, if not `normal`, close to it; and those below the smallest normal number.
template <int N, bool normal, class T>
WASMNP_INLINE void postpone_unless(Pending& pending, V<T, N> x) {
  V<std::uint32_t, N> words;
  if constexpr (sizeof(T) == 8) {
    words = high_words<N>(x);
  } else {
    words = cast<V<std::uint32_t, N>>(x);
  }
  words += words;                                                          // without the sign
  if constexpr (normal) words -= sizeof(T) == 8 ? 0x200000u : 0x1000000u;  // below the smallest: wraps around
  join(pending, words);
}

#if defined(__clang__)
#define WASMNP_ELEMENTWISE(name, builtin, scalar) \
  template <class X>                              \
  WASMNP_INLINE X name(X x) {                     \
    return builtin(x);                            \
  }
#else
#define WASMNP_ELEMENTWISE(name, builtin, scalar)                \
  template <class X>                                             \
  WASMNP_INLINE X name(X x) {                                    \
    for (std::size_t i = 0; i < sizeof(x) / sizeof(x[0]); ++i) { \
      if constexpr (sizeof(x[0]) == 4) {                         \
        x[i] = scalar##f(x[i]);                                  \
      } else {                                                   \
        x[i] = scalar(x[i]);                                     \
      }                                                          \
    }                                                            \
    return x;                                                    \
  }
#endif
WASMNP_ELEMENTWISE(square_root, __builtin_elementwise_sqrt, __builtin_sqrt)
WASMNP_ELEMENTWISE(round_down, __builtin_elementwise_floor, __builtin_floor)
WASMNP_ELEMENTWISE(round_up, __builtin_elementwise_ceil, __builtin_ceil)
WASMNP_ELEMENTWISE(round_to_zero, __builtin_elementwise_trunc, __builtin_trunc)
WASMNP_ELEMENTWISE(round_to_even, __builtin_elementwise_roundeven, __builtin_rint)
#undef WASMNP_ELEMENTWISE

template <class X>
WASMNP_INLINE X fused(X x, X y, X z) {
  for (std::size_t i = 0; i < sizeof(x) / sizeof(x[0]); ++i) {
    if constexpr (sizeof(x[0]) == 4) {
      x[i] = __builtin_fmaf(x[i], y[i], z[i]);
    } else {
      x[i] = __builtin_fma(x[i], y[i], z[i]);
    }
  }
  return x;
}

// The truncated quotients of integers up to 32 bits, of divisors that are not 0: by floats that have more than twice
// as many digits, or half as many again, so that no quotient is rounded up to the next integer. 2**31 wraps.
template <bool is_signed, int N, class U>
WASMNP_INLINE V<U, N> quotient_by_floats(V<U, N> x, V<U, N> y) {
  using Whole = std::conditional_t<is_signed, Signed<sizeof(U) * 8>, U>;
  using Wholes = V<Whole, N>;
  if constexpr (sizeof(U) < 4) {
    using Floats = V<float, N>;
    const auto quotient = __builtin_convertvector((Wholes)x, Floats) / __builtin_convertvector((Wholes)y, Floats);
    return __builtin_convertvector(__builtin_convertvector(quotient, V<std::int32_t, N>), V<U, N>);
  } else {
    // The low word of what is added to a large float is the integer.
    using Floats = V<double, N>;
    const auto quotient = __builtin_convertvector((Wholes)x, Floats) / __builtin_convertvector((Wholes)y, Floats);
    const auto sum = round_to_zero(quotient) + 0x1.8p52;
    return __builtin_convertvector((V<std::uint64_t, N>)sum, V<U, N>);
  }
}

// Truncating division that never traps: 0 for a zero divisor, and the smallest integer by -1 wraps. X is unsigned.
template <bool is_signed, class X>
WASMNP_INLINE X quotient(X x, X y) {
  using U = std::remove_reference_t<decltype(x[0])>;
  using S = Signed<sizeof(U) * 8>;
  if constexpr (sizeof(U) <= 4) {
    const auto zero = (X)(y == 0);
    return quotient_by_floats<is_signed, int(sizeof(X) / sizeof(U)), U>(x, y - zero) & ~zero;  // -1 where 0
  }
  for (std::size_t i = 0; i < sizeof(x) / sizeof(U); ++i) {
    const U a = x[i], b = y[i];
    if constexpr (is_signed) {
      x[i] = b == U(-1) ? U(0) - a : b == 0 ? U(0) : U(S(a) / S(b));
    } else {
      x[i] = b == 0 ? U(0) : U(a / b);
    }
  }
  return x;
}
template <bool is_signed, class X>
WASMNP_INLINE X modulus(X x, X y) {
  using U = std::remove_reference_t<decltype(x[0])>;
  using S = Signed<sizeof(U) * 8>;
  if constexpr (sizeof(U) <= 4) return (x - quotient<is_signed>(x, y) * y) & ~(X)(y == 0);
  for (std::size_t i = 0; i < sizeof(x) / sizeof(U); ++i) {
    const U a = x[i], b = y[i];
    if constexpr (is_signed) {
      x[i] = b == U(-1) || b == 0 ? U(0) : U(S(a) % S(b));
    } else {
      x[i] = b == 0 ? U(0) : U(a % b);
    }
  }
  return x;
}

template <class T, int N, std::size_t length, class I>
WASMNP_INLINE V<T, N> lookup(const T (&table)[length], I index) {
  V<T, N> r;
  for (int i = 0; i < N; ++i) r[i] = table[index[i] & (length - 1)];
  return r;
}

// Copies `count` elements of `size` bytes between strides; a stride of 0 repeats or overwrites one.
template <int size>
WASMNP_INLINE void copy_sized(char* to, std::intptr_t to_step, const char* from, std::intptr_t from_step, int count) {
  WASMNP_KEEP_LOOP
  for (int i = 0; i < count; ++i) std::memcpy(to + i * to_step, from + i * from_step, size);
}
[[gnu::noinline]] inline void copy_elements(char* to, std::intptr_t to_step, const char* from, std::intptr_t from_step,
                                            int size, int count) {
  switch (size) {
    case 1: return copy_sized<1>(to, to_step, from, from_step, count);
    case 2: return copy_sized<2>(to, to_step, from, from_step, count);
    case 4: return copy_sized<4>(to, to_step, from, from_step, count);
    case 8: return copy_sized<8>(to, to_step, from, from_step, count);
    default: return copy_sized<16>(to, to_step, from, from_step, count);
  }
}

inline constexpr std::uint32_t kPostponed = 1u << 31;  // beside LoopError bits: compute this chunk again, carefully

// `count` steps of `lanes` elements.
template <class K, bool careful>
std::uint32_t steps_of(char* const* operands, const std::intptr_t* steps, std::intptr_t count) {
  constexpr int total = K::inputs + K::outputs;
  char* at[total];
  std::intptr_t step[total];
  for (int k = 0; k < total; ++k) {
    at[k] = operands[k];
    step[k] = steps[k];
  }
  std::uint32_t errors = 0;
  Pending pending{};
  for (; count > 0; --count) {
    errors |= K::template evaluate<K::lanes, careful>(at, pending);
    for (int k = 0; k < total; ++k) at[k] += step[k];
  }
  return !careful && any(pending >= kSuspicious) ? kPostponed : errors;
}

// Element by element, for operations that cost less than packing.
template <class K>
std::uint32_t strided_direct(char* const* operands, const std::intptr_t* strides, std::intptr_t count) {
  constexpr int total = K::inputs + K::outputs;
  char* at[total];
  std::intptr_t step[total];
  for (int k = 0; k < total; ++k) {
    at[k] = operands[k];
    step[k] = strides[k];
  }
  std::uint32_t errors = 0;
  Pending pending{};
  for (; count > 0; --count) {
    errors |= K::template evaluate<1, true>(at, pending);
    for (int k = 0; k < total; ++k) at[k] += step[k];
  }
  return errors;
}

// What the drivers, which all kernels share, need to know of one.
struct Sizes {
  int of[kMaxOperands];
  constexpr int operator[](int k) const { return of[k]; }
};
struct Shape {
  int inputs, outputs, lanes;
  Sizes sizes;
  StridedKernel quick, careful;  // steps of `lanes` elements; the same where nothing is postponed
  StridedKernel single;          // steps of one element, or null
};
template <class K>
constexpr StridedKernel single_steps() {
  if constexpr (K::cheap) {
    return strided_direct<K>;
  } else {
    return nullptr;
  }
}
template <class K>
inline constexpr Shape shape_of = {K::inputs,         K::outputs,       K::lanes, K::sizes, steps_of<K, !K::postpones>,
                                   steps_of<K, true>, single_steps<K>()};

// Whole steps in chunks, which are computed without the rare branches first: calls in a loop make compilers keep
// everything in memory. A chunk with postponed lanes is computed again. That needs its inputs, so that results which
// would overwrite them wait in a buffer. Moves the pointers on.
[[gnu::noinline]] inline std::uint32_t drive_chunks(const Shape& shape, char** at, const std::intptr_t* step,
                                                    std::intptr_t count) {
  constexpr int longest = 64, bytes = 8192;
  alignas(64) char buffer[bytes];
  const int total = shape.inputs + shape.outputs;
  int limit = longest;
  bool in_place = false;
  for (int j = shape.inputs; j < total; ++j) {
    for (int k = 0; k < shape.inputs; ++k) in_place |= at[k] == at[j];
  }
  char* target[kMaxOperands];
  if (in_place) {
    std::intptr_t written = 0;
    for (int j = shape.inputs; j < total; ++j) written += step[j];
    if (limit > bytes / written) limit = int(bytes / written);
    std::intptr_t offset = 0;
    for (int j = shape.inputs; j < total; ++j) {
      target[j] = buffer + offset;
      offset += step[j] * limit;
    }
    for (int k = 0; k < shape.inputs; ++k) target[k] = at[k];
  }
  std::uint32_t errors = 0;
  while (count > 0) {
    const std::intptr_t chunk = count < limit ? count : limit;
    count -= chunk;
    std::uint32_t found = shape.quick(in_place ? target : at, step, chunk);
    if (found & kPostponed) {
      found = shape.careful(at, step, chunk);
    } else if (in_place) {
      for (int j = shape.inputs; j < total; ++j) std::memcpy(at[j], target[j], std::size_t(step[j] * chunk));
    }
    errors |= found;
    for (int k = 0; k < total; ++k) {
      at[k] += step[k] * chunk;
      if (k < shape.inputs) target[k] = at[k];
    }
  }
  return errors;
}

inline constexpr int kLargestStep = 4 * 64 * 2;  // four registers of one part of a complex number

// Whole steps over the run; the rest goes one by one, or through small buffers whose spare lanes repeat a real element,
// so that they can raise nothing new. `scalar` is the operand that is one element, or -1.
[[gnu::noinline]] inline std::uint32_t drive(const Shape& shape, char* const* operands, std::intptr_t count,
                                             int scalar) {
  const int total = shape.inputs + shape.outputs, lanes = shape.lanes;
  alignas(64) char buffers[kMaxOperands][kLargestStep];
  char* at[kMaxOperands];
  std::intptr_t step[kMaxOperands];
  for (int k = 0; k < total; ++k) {
    at[k] = operands[k];
    step[k] = k == scalar ? 0 : std::intptr_t(shape.sizes[k]);
  }
  if (count <= 0) return 0;
  if (count < lanes && shape.single) return shape.single(at, step, count);
  if (scalar >= 0) {
    const int size = shape.sizes[scalar];
    copy_elements(buffers[scalar], size, operands[scalar], 0, size, lanes);
    at[scalar] = buffers[scalar];
  }
  const int rest = int(count % lanes);
  std::uint32_t errors = 0;
  if (count >= lanes) {
    for (int k = 0; k < total; ++k) step[k] *= lanes;
    if (shape.quick == shape.careful) {
      errors = shape.careful(at, step, count / lanes);
      for (int k = 0; k < total; ++k) at[k] += step[k] * (count / lanes);
    } else {
      errors = drive_chunks(shape, at, step, count / lanes);
    }
    for (int k = 0; k < total; ++k) step[k] = k == scalar ? 0 : std::intptr_t(shape.sizes[k]);
  }
  if (rest == 0) return errors;
  if (shape.single) return errors | shape.single(at, step, rest);
  char* outputs[kMaxOperands];
  for (int k = 0; k < total; ++k) {
    const int size = shape.sizes[k];
    if (k < shape.inputs && k != scalar) {
      copy_elements(buffers[k], size, at[k], size, size, rest);
      copy_elements(buffers[k] + rest * size, size, at[k], 0, size, lanes - rest);
    }
    outputs[k] = at[k];
    at[k] = buffers[k];
  }
  errors |= shape.careful(at, step, 1);
  for (int k = shape.inputs; k < total; ++k) {
    copy_elements(outputs[k], shape.sizes[k], buffers[k], shape.sizes[k], shape.sizes[k], rest);
  }
  return errors;
}

template <class K>
std::uint32_t contiguous(char* const* operands, std::intptr_t count) {
  return drive(shape_of<K>, operands, count, -1);
}
template <class K>
std::uint32_t scalar_first(char* const* operands, std::intptr_t count) {
  return drive(shape_of<K>, operands, count, 0);
}
template <class K>
std::uint32_t scalar_second(char* const* operands, std::intptr_t count) {
  return drive(shape_of<K>, operands, count, 1);
}

// Blocks gathered into buffers. An output that does not move is an accumulator, which makes the blocks one element.
[[gnu::noinline]] inline std::uint32_t drive_packed(const Shape& shape, char* const* operands,
                                                    const std::intptr_t* strides, std::intptr_t count) {
  constexpr int bytes = 2048;
  const int total = shape.inputs + shape.outputs;
  int block = bytes / 16;
  alignas(64) char buffers[kMaxOperands][bytes];
  char* at[kMaxOperands];
  char* packed[kMaxOperands];
  for (int k = 0; k < total; ++k) {
    at[k] = operands[k];
    packed[k] = buffers[k];
    if (k >= shape.inputs && strides[k] == 0) block = 1;
  }
  std::uint32_t errors = 0;
  for (; count > 0; count -= block) {
    const int size = count < block ? int(count) : block;
    for (int k = 0; k < shape.inputs; ++k)
      copy_elements(buffers[k], shape.sizes[k], at[k], strides[k], shape.sizes[k], size);
    errors |= drive(shape, packed, size, -1);
    for (int k = 0; k < total; ++k) {
      if (k >= shape.inputs) copy_elements(at[k], strides[k], buffers[k], shape.sizes[k], shape.sizes[k], size);
      at[k] += strides[k] * size;
    }
  }
  return errors;
}
template <class K>
std::uint32_t strided_packed(char* const* operands, const std::intptr_t* strides, std::intptr_t count) {
  return drive_packed(shape_of<K>, operands, strides, count);
}

}  // namespace ISA
}  // namespace wasmnp
