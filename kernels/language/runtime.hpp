// What generated elementwise kernels are made of: vectors of N lanes, and the loops over a run of elements.
//
// A kernel K is a struct with
//   inputs, outputs           how many operands of each
//   sizes[]                   bytes of one element of each operand
//   lanes                     elements that one call of evaluate takes
//   evaluate<N>(operands)     computes N elements, returns LoopError bits
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
  std::memcpy(to, &x, sizeof x);
}
template <class T, int N>
WASMNP_INLINE V<T, N> splat(T x) {
  V<T, N> r{};
  return r + x;
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
template <class T, int N, class X>
WASMNP_INLINE V<T, N> convert(X x) {
  return __builtin_convertvector(x, V<T, N>);
}
template <int bits, int N, class X>
WASMNP_INLINE Mask<bits, N> mask(X x) {
  if constexpr (sizeof(x) * 8 == bits * N) {
    return cast<Mask<bits, N>>(x);
  } else {
    return __builtin_convertvector(x, Mask<bits, N>);
  }
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

#if defined(__clang__)
#define WASMNP_ELEMENTWISE(name, builtin, scalar)            \
  template <class X>                                        \
  WASMNP_INLINE X name(X x) {                               \
    return builtin(x);                                      \
  }
#else
#define WASMNP_ELEMENTWISE(name, builtin, scalar)            \
  template <class X>                                        \
  WASMNP_INLINE X name(X x) {                               \
    for (std::size_t i = 0; i < sizeof(x) / sizeof(x[0]); ++i) { \
      if constexpr (sizeof(x[0]) == 4) {                    \
        x[i] = scalar##f(x[i]);                             \
      } else {                                              \
        x[i] = scalar(x[i]);                                \
      }                                                     \
    }                                                       \
    return x;                                               \
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

// Truncating division that never traps: 0 for a zero divisor, and the smallest integer by -1 wraps. X is unsigned.
template <bool is_signed, class X>
WASMNP_INLINE X quotient(X x, X y) {
  using U = std::remove_reference_t<decltype(x[0])>;
  using S = Signed<sizeof(U) * 8>;
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

// One call of evaluate over full blocks; the rest goes through small buffers whose spare lanes repeat a real element,
// so that they can raise nothing new. `scalar` is the operand that is one element, or -1.
template <class K>
[[gnu::noinline]] std::uint32_t run(char* const* operands, std::intptr_t count, int scalar) {
  constexpr int N = K::lanes, total = K::inputs + K::outputs;
  alignas(64) char buffers[total][N * K::largest];
  char* at[total];
  std::intptr_t step[total];
  for (int k = 0; k < total; ++k) {
    at[k] = operands[k];
    step[k] = N * K::sizes[k];
  }
  if (count <= 0) return 0;
  for (int k = 0; k < K::inputs; ++k) {
    if (k != scalar) continue;
    for (int i = 0; i < N; ++i) std::memcpy(buffers[k] + i * K::sizes[k], operands[k], K::sizes[k]);
    at[k] = buffers[k];
    step[k] = 0;
  }
  std::uint32_t errors = 0;
  std::intptr_t blocks = count / N;
  const int rest = int(count % N);
  char* outputs[K::outputs];
  for (bool last = rest == 0;; last = true) {
    for (; blocks > 0; --blocks) {
      errors |= K::template evaluate<N>(at);
      for (int k = 0; k < total; ++k) at[k] += step[k];
    }
    if (last) break;
    for (int k = 0; k < total; ++k) {
      if (k >= K::inputs) {
        outputs[k - K::inputs] = at[k];
      } else if (k != scalar) {
        for (int i = 0; i < N; ++i) {
          std::memcpy(buffers[k] + i * K::sizes[k], at[k] + (i < rest ? i : 0) * K::sizes[k], K::sizes[k]);
        }
      }
      at[k] = buffers[k];
    }
    blocks = 1;
  }
  if (rest != 0) {
    for (int k = 0; k < K::outputs; ++k) {
      constexpr int first = K::inputs;
      for (int i = 0; i < rest; ++i) {
        std::memcpy(outputs[k] + i * K::sizes[first + k], buffers[first + k] + i * K::sizes[first + k],
                    K::sizes[first + k]);
      }
    }
  }
  return errors;
}

template <class K>
std::uint32_t contiguous(char* const* operands, std::intptr_t count) {
  return run<K>(operands, count, -1);
}
template <class K>
std::uint32_t scalar_first(char* const* operands, std::intptr_t count) {
  return run<K>(operands, count, 0);
}
template <class K>
std::uint32_t scalar_second(char* const* operands, std::intptr_t count) {
  return run<K>(operands, count, 1);
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
  for (; count > 0; --count) {
    errors |= K::template evaluate<1>(at);
    for (int k = 0; k < total; ++k) at[k] += step[k];
  }
  return errors;
}

// Blocks gathered into buffers. An output that does not move is an accumulator, which makes the blocks one element.
template <class K>
std::uint32_t strided_packed(char* const* operands, const std::intptr_t* strides, std::intptr_t count) {
  constexpr int total = K::inputs + K::outputs;
  int block = 16 * K::lanes;
  alignas(64) char buffers[total][16 * K::lanes * K::largest];
  char* at[total];
  char* packed[total];
  for (int k = 0; k < total; ++k) {
    at[k] = operands[k];
    packed[k] = buffers[k];
    if (k >= K::inputs && strides[k] == 0) block = 1;
  }
  std::uint32_t errors = 0;
  while (count > 0) {
    const int size = count < block ? int(count) : block;
    for (int k = 0; k < K::inputs; ++k) {
      for (int i = 0; i < size; ++i, at[k] += strides[k]) std::memcpy(buffers[k] + i * K::sizes[k], at[k], K::sizes[k]);
    }
    errors |= run<K>(packed, size, -1);
    for (int k = K::inputs; k < total; ++k) {
      for (int i = 0; i < size; ++i, at[k] += strides[k]) std::memcpy(at[k], buffers[k] + i * K::sizes[k], K::sizes[k]);
    }
    count -= size;
  }
  return errors;
}

}  // namespace ISA
}  // namespace wasmnp
