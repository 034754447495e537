// Folds of one strided run to one element: sum, maximum, minimum (see `Fold` in routines.hpp).
//
// The order of the operations is fixed by the values' positions alone: eight accumulators for sums, 128 bytes of
// accumulators for extrema, whatever the vector width of the level. A strided or unaligned run is gathered, leaf by
// leaf, into a small buffer and then takes the same path as a contiguous one.
#pragma once

#include "routines.hpp"
#include "simd.hpp"

namespace wasmnp::ISA {

template <typename T>
WASMNP_INLINE void gather(const char* in, std::intptr_t stride, int count, T* out) {
  for (int i = 0; i < count; ++i) std::memcpy(out + i, in + i * stride, sizeof(T));
}

// The part [first, first + count) of a run as contiguous elements; `buffer` is used when it is not contiguous.
template <typename T>
struct Run {
  const char* in;
  std::intptr_t stride;

  WASMNP_INLINE const char* part(std::intptr_t first, int count, T* buffer) const {
    const char* start = in + first * stride;
    if (stride == std::intptr_t{sizeof(T)}) return start;
    gather(start, stride, count, buffer);
    return reinterpret_cast<const char*>(buffer);
  }
};

// Floating-point errors of additions, one mask for a scalar or for each lane of a vector.
template <typename V>
struct AdditionErrors {
  using Mask = decltype(V{} == V{});
  Mask overflow{}, invalid{};

  WASMNP_INLINE void see(V a, V b, V sum) {
    // x - x is 0 for finite x and NaN otherwise.
    overflow |= (sum == sum) & (sum - sum != V{}) & (a - a == V{}) & (b - b == V{});
    invalid |= (sum != sum) & (a == a) & (b == b);
  }
};

template <typename T>
struct ComplexValue {
  T real, imag;
};

template <typename T, int kParts>
struct Parts {
  T parts[kParts];
};

// NumPy's pairwise summation: fewer than 8 values one after the other, up to 128 with eight accumulators, more by
// halves that are multiples of 8. A complex run is summed as its 2 n parts, four accumulators for each.
// With kChecked every addition is watched for overflow and invalid; that costs three times as much and is only done
// when an unchecked pass gave an infinity or a NaN.
template <typename T, bool kComplex, bool kChecked, typename Source = Run<Parts<T, kComplex ? 2 : 1>>>
class PairwiseSum {
 public:
  static constexpr int kParts = kComplex ? 2 : 1;
  using Element = Parts<T, kParts>;
  using Value = Element;

  explicit PairwiseSum(Source run) : run_(run) {}

  Value sum(std::intptr_t first, std::intptr_t parts) {
    if (parts <= kLeaf) return leaf(first, static_cast<int>(parts));
    std::intptr_t half = parts / 2;
    half -= half % 8;
    const Value left = sum(first, half);
    const Value right = sum(first + half / kParts, parts - half);
    Value value;
    for (int k = 0; k < kParts; ++k) value.parts[k] = add(left.parts[k], right.parts[k]);
    return value;
  }

  std::uint32_t errors() const {
    std::uint32_t bits = 0;
    if (scalar_.overflow) bits |= kOverflow;
    if (scalar_.invalid) bits |= kInvalid;
    for (int i = 0; i < kLanes; ++i) {
      if (vector_.overflow[i]) bits |= kOverflow;
      if (vector_.invalid[i]) bits |= kInvalid;
    }
    return bits;
  }

 private:
  static constexpr int kLeaf = 128;
  static constexpr int kLanes = kLanesOf<T, 8>;
  static constexpr int kVectors = 8 / kLanes;
  using Lanes = Vector<T, kLanes>;

  template <typename V>
  WASMNP_INLINE V add(V a, V b) {
    const V sum = a + b;
    if constexpr (kChecked) {
      if constexpr (sizeof(V) == sizeof(T)) {
        scalar_.see(a, b, sum);
      } else {
        vector_.see(a, b, sum);
      }
    }
    return sum;
  }

  WASMNP_INLINE T part(const char* in, int i) { return load<T>(in + i * sizeof(T)); }

  WASMNP_INLINE Value leaf(std::intptr_t first, int parts) {
    Element buffer[kLeaf / kParts];
    const char* in = run_.part(first, parts / kParts, buffer);
    Value value;
    if (parts < 8) {
      for (int k = 0; k < kParts; ++k) {
        T sum = T(-0.0);
        for (int i = k; i < parts; i += kParts) sum = add(sum, part(in, i));
        value.parts[k] = sum;
      }
      return value;
    }
    Lanes lanes[kVectors];
    unroll<kVectors>([&](auto v) { lanes[v] = load<Lanes>(in + v * sizeof(Lanes)); });
    int i = 8;
    for (; i + 8 <= parts; i += 8) {
      const char* next = in + i * sizeof(T);
      unroll<kVectors>([&](auto v) { lanes[v] = add(lanes[v], load<Lanes>(next + v * sizeof(Lanes))); });
    }
    T r[8];
    std::memcpy(r, lanes, sizeof(r));
    if constexpr (kComplex) {
      value.parts[0] = add(add(r[0], r[2]), add(r[4], r[6]));
      value.parts[1] = add(add(r[1], r[3]), add(r[5], r[7]));
    } else {
      value.parts[0] = add(add(add(r[0], r[1]), add(r[2], r[3])), add(add(r[4], r[5]), add(r[6], r[7])));
    }
    for (; i < parts; i += kParts) {
      for (int k = 0; k < kParts; ++k) value.parts[k] = add(value.parts[k], part(in, i + k));
    }
    return value;
  }

  Source run_;
  AdditionErrors<T> scalar_;
  AdditionErrors<Lanes> vector_;
};

template <typename T, bool kComplex>
std::uint32_t sum_floats(const char* in, std::intptr_t stride, std::intptr_t count, char* out) {
  using Plain = PairwiseSum<T, kComplex, false>;
  using Checked = PairwiseSum<T, kComplex, true>;
  const std::intptr_t parts = count * Plain::kParts;
  Plain plain({in, stride});
  const auto value = plain.sum(0, parts);
  store(out, value);
  bool finite = true;
  for (const T part : value.parts) finite &= part - part == T(0);
  if (finite) return 0;
  Checked checked({in, stride});
  (void)checked.sum(0, parts);
  return checked.errors();
}

// The squared distances of a contiguous run from a number, as a run to sum.
template <typename T>
struct SquaresAround {
  const char* in;
  T center;

  WASMNP_INLINE const char* part(std::intptr_t first, int count, Parts<T, 1>* buffer) const {
    constexpr int kLanes = kLanesOf<T, 8>;
    using Lanes = Vector<T, kLanes>;
    const char* start = in + first * std::intptr_t{sizeof(T)};
    char* out = reinterpret_cast<char*>(buffer);
    int i = 0;
    for (; i + kLanes <= count; i += kLanes) {
      const Lanes distance = load<Lanes>(start + i * sizeof(T)) - center;
      store(out + i * sizeof(T), distance * distance);
    }
    for (; i < count; ++i) {
      const T distance = load<T>(start + i * sizeof(T)) - center;
      store(out + i * sizeof(T), distance * distance);
    }
    return out;
  }
};

template <typename T>
void sum_squares_around(const char* in, std::intptr_t count, const char* center, char* out) {
  PairwiseSum<T, false, false, SquaresAround<T>> sum({in, load<T>(center)});
  store(out, sum.sum(0, count));
}

// Wrapping sum; T is the unsigned type of the element's size.
template <typename T>
std::uint32_t sum_integers(const char* in, std::intptr_t stride, std::intptr_t count, char* out) {
  constexpr int kLanes = kLanesOf<T>;
  constexpr int kBlock = 512;
  using Lanes = Vector<T, kLanes>;
  const Run<T> run{in, stride};
  Lanes even{}, odd{};
  T rest = 0;
  for (std::intptr_t first = 0; first < count; first += kBlock) {
    const int length = static_cast<int>(count - first < kBlock ? count - first : kBlock);
    T buffer[kBlock];
    const char* block = run.part(first, length, buffer);
    int i = 0;
    for (; i + 2 * kLanes <= length; i += 2 * kLanes) {
      even += load<Lanes>(block + i * sizeof(T));
      odd += load<Lanes>(block + (i + kLanes) * sizeof(T));
    }
    for (; i < length; ++i) rest = static_cast<T>(rest + load<T>(block + i * sizeof(T)));
  }
  even += odd;
  for (int i = 0; i < kLanes; ++i) rest = static_cast<T>(rest + even[i]);
  store(out, rest);
  return 0;
}

// Ties (only zeros of different sign can tell them apart) go to the later operand, as NumPy's scalar loop has it.
template <bool kMaximum, typename V>
WASMNP_INLINE V extremum(V a, V b) {
  if constexpr (kMaximum) {
    return a > b ? a : b;
  } else {
    return a < b ? a : b;
  }
}

template <typename T>
WASMNP_INLINE T first_nan(const char* block, int count) {
  T value{};
  for (int i = 0; i < count; ++i) {
    value = load<T>(block + i * sizeof(T));
    if (value != value) break;
  }
  return value;
}

template <typename T, bool kMaximum>
std::uint32_t extremum_reals(const char* in, std::intptr_t stride, std::intptr_t count, char* out) {
  constexpr bool kFloat = static_cast<T>(0.5) != T(0);
  constexpr int kLanes = kLanesOf<T>;
  constexpr int kVectors = 128 / kVectorBytes;
  constexpr int kStep = kLanes * kVectors;
  constexpr int kBlock = 1024;
  using Lanes = Vector<T, kLanes>;
  using Mask = decltype(Lanes{} == Lanes{});
  const Run<T> run{in, stride};
  T best = load<T>(in);
  for (std::intptr_t first = 0; first < count; first += kBlock) {
    const int length = static_cast<int>(count - first < kBlock ? count - first : kBlock);
    T buffer[kBlock];
    const char* block = run.part(first, length, buffer);
    T value = load<T>(block);
    bool nan = false;
    int i = 0;
    if (length >= kStep) {
      Lanes lanes[kVectors];
      Mask unordered{};
      unroll<kVectors>([&](auto v) {
        lanes[v] = load<Lanes>(block + v * sizeof(Lanes));
        if constexpr (kFloat) unordered |= lanes[v] != lanes[v];
      });
      for (i = kStep; i + kStep <= length; i += kStep) {
        unroll<kVectors>([&](auto v) {
          const Lanes next = load<Lanes>(block + i * sizeof(T) + v * sizeof(Lanes));
          lanes[v] = extremum<kMaximum>(lanes[v], next);
          if constexpr (kFloat) unordered |= next != next;
        });
      }
      if constexpr (kFloat) {
        for (int lane = 0; lane < kLanes; ++lane) nan |= unordered[lane] != 0;
      }
      T values[kStep];
      std::memcpy(values, lanes, sizeof(values));
      value = values[0];
      for (int lane = 1; lane < kStep; ++lane) value = extremum<kMaximum>(value, values[lane]);
    }
    for (; i < length; ++i) {
      const T next = load<T>(block + i * sizeof(T));
      value = extremum<kMaximum>(value, next);
      if constexpr (kFloat) nan |= next != next;
    }
    if (nan) {
      store(out, first_nan<T>(block, length));
      return 0;
    }
    best = first == 0 ? value : extremum<kMaximum>(best, value);
  }
  store(out, best);
  return 0;
}

// A bool is any byte; the result is 0 or 1.
template <bool kMaximum>
std::uint32_t extremum_bools(const char* in, std::intptr_t stride, std::intptr_t count, char* out) {
  extremum_reals<std::uint8_t, kMaximum>(in, stride, count, out);
  *out = *out != 0;
  return 0;
}

// Lexicographic order; the first element with a NaN part wins.
template <typename T, bool kMaximum>
std::uint32_t extremum_complex(const char* in, std::intptr_t stride, std::intptr_t count, char* out) {
  using Element = ComplexValue<T>;
  const auto is_nan = [](Element x) { return x.real != x.real || x.imag != x.imag; };
  Element best = load<Element>(in);
  for (std::intptr_t i = 1; i < count && !is_nan(best); ++i) {
    const Element next = load<Element>(in + i * stride);
    const bool keep = kMaximum ? best.real > next.real || (best.real == next.real && best.imag >= next.imag)
                               : best.real < next.real || (best.real == next.real && best.imag <= next.imag);
    if (!keep || is_nan(next)) best = next;
  }
  store(out, best);
  return 0;
}

}  // namespace wasmnp::ISA
