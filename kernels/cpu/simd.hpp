// Vectors of the width of this instruction-set level, over the vector extensions that gcc and clang share.
//
// Everything here lives in the namespace of its level, so that one binary can hold the same templates compiled with
// different instruction sets without the linker merging them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <utility>

#ifndef ISA
#error "compile with -DISA=isa_base, isa_v2, isa_v3 or isa_v4"
#endif

#define WASMNP_INLINE inline __attribute__((always_inline))

namespace wasmnp::ISA {

#if defined(__AVX512F__)
inline constexpr int kVectorBytes = 64;
#elif defined(__AVX2__)
inline constexpr int kVectorBytes = 32;
#else
inline constexpr int kVectorBytes = 16;
#endif

template <typename T, int kLanes>
struct VectorOf {
  typedef T type __attribute__((vector_size(sizeof(T) * kLanes)));
};
template <typename T, int kLanes>
using Vector = typename VectorOf<T, kLanes>::type;

// The widest vector of T that the level has, but no wider than `kMost` lanes.
template <typename T, int kMost = 1 << 20>
inline constexpr int kLanesOf = kVectorBytes / int{sizeof(T)} < kMost ? kVectorBytes / int{sizeof(T)} : kMost;

template <typename V>
WASMNP_INLINE V load(const void* from) {
  V value;
  std::memcpy(&value, from, sizeof(V));
  return value;
}

template <typename V>
WASMNP_INLINE void store(void* to, V value) {
  std::memcpy(to, &value, sizeof(V));
}

// A number in every lane. (0 + x is not x for -0.0, and so an addition; x - 0 is none.)
template <typename V, typename T>
WASMNP_INLINE V splat(T value) {
  return value - V{};
}

// Calls body(std::integral_constant<int, 0>) ... body(std::integral_constant<int, kCount - 1>).
template <int kCount, typename Body>
WASMNP_INLINE void unroll(Body&& body) {
  [&]<int... kIndex>(std::integer_sequence<int, kIndex...>) {
    (body(std::integral_constant<int, kIndex>{}), ...);
  }(std::make_integer_sequence<int, kCount>{});
}

// Shuffles of two vectors of kLanes: [a0 b0 a1 b1 ...] as a low and a high half, and the inverse of that.
template <int kLanes, typename V>
WASMNP_INLINE V zip_low(V a, V b) {
  return [&]<int... i>(std::integer_sequence<int, i...>) {
    return __builtin_shufflevector(a, b, ((i & 1) * kLanes + i / 2)...);
  }(std::make_integer_sequence<int, kLanes>{});
}

template <int kLanes, typename V>
WASMNP_INLINE V zip_high(V a, V b) {
  return [&]<int... i>(std::integer_sequence<int, i...>) {
    return __builtin_shufflevector(a, b, ((i & 1) * kLanes + (kLanes + i) / 2)...);
  }(std::make_integer_sequence<int, kLanes>{});
}

template <int kLanes, int kOdd, typename V>
WASMNP_INLINE V unzip(V a, V b) {
  return [&]<int... i>(std::integer_sequence<int, i...>) {
    return __builtin_shufflevector(a, b, (2 * i + kOdd)...);
  }(std::make_integer_sequence<int, kLanes>{});
}

template <int kLanes, typename V>
WASMNP_INLINE V reverse(V a) {
  return [&]<int... i>(std::integer_sequence<int, i...>) {
    return __builtin_shufflevector(a, a, (kLanes - 1 - i)...);
  }(std::make_integer_sequence<int, kLanes>{});
}

// Transposes kLanes vectors of kLanes in place: zipping row i with row i + kLanes / 2, log2(kLanes) times.
template <int kLanes, typename V>
WASMNP_INLINE void transpose(V* rows) {
  for (int step = 1; step < kLanes; step *= 2) {
    V next[kLanes];
    unroll<kLanes / 2>([&](auto i) {
      next[2 * i] = zip_low<kLanes>(rows[i], rows[i + kLanes / 2]);
      next[2 * i + 1] = zip_high<kLanes>(rows[i], rows[i + kLanes / 2]);
    });
    unroll<kLanes>([&](auto i) { rows[i] = next[i]; });
  }
}

}  // namespace wasmnp::ISA
