// IEEE 754 binary16: bits, converted with integer arithmetic (not every target has the type).
#pragma once

#include <cstdint>
#include <cstring>

#include "../../kernels/cpu/kernel_table.hpp"

namespace wasmnp {

struct Half {
  std::uint16_t bits;
};

inline float half_to_float(Half half) {
  // The exponent, 0 for subnormals included, becomes a float's by a multiplication.
  const std::uint32_t shifted = (half.bits & 0x7fffu) << 13;
  float scaled;
  std::memcpy(&scaled, &shifted, sizeof scaled);
  scaled *= 0x1p112f;
  std::uint32_t pattern;
  std::memcpy(&pattern, &scaled, sizeof pattern);
  if ((half.bits & 0x7c00) == 0x7c00) pattern |= 0x7f800000u;
  pattern |= (half.bits & 0x8000u) << 16;
  float value;
  std::memcpy(&value, &pattern, sizeof value);
  return value;
}

// Rounds to nearest, ties to even; adds kOverflow, and kUnderflow for an inexact subnormal or zero, to `errors`.
// NaNs keep the upper bits of their payload. Bits is the unsigned integer of the width of Float.
template <class Float, class Bits, int kMantissaBits, int kBias>
Half round_to_half(Float value, std::uint32_t& errors) {
  constexpr int kDropped = kMantissaBits - 10;
  constexpr Bits kInfinite = Bits{2 * kBias + 1} << kMantissaBits;
  constexpr Bits kSmallestNormal = Bits{kBias - 14} << kMantissaBits;
  constexpr Bits kBeyond = Bits{kBias + 16} << kMantissaBits;
  Bits pattern;
  std::memcpy(&pattern, &value, sizeof pattern);
  const Bits size = pattern & ~(Bits{1} << (sizeof(Bits) * 8 - 1));
  std::uint32_t result;
  if (size > kInfinite) {
    const auto payload = static_cast<std::uint32_t>((size & ((Bits{1} << kMantissaBits) - 1)) >> kDropped);
    result = 0x7c00u | (payload ? payload : 1u);
  } else if (size >= kBeyond) {
    result = 0x7c00u;
    if (size < kInfinite) errors |= kOverflow;
  } else if (size >= kSmallestNormal) {
    const Bits odd = (size >> kDropped) & 1;
    const Bits rounded = size - (Bits{kBias - 15} << kMantissaBits) + ((Bits{1} << (kDropped - 1)) - 1) + odd;
    result = static_cast<std::uint32_t>(rounded >> kDropped);
    if (result == 0x7c00u) errors |= kOverflow;
  } else {
    // A power of two whose unit in the last place is that of subnormal halves, 2**-24.
    constexpr Bits kUnit = Bits{kBias + kMantissaBits - 24} << kMantissaBits;
    Float magnitude, unit;
    std::memcpy(&magnitude, &size, sizeof magnitude);
    std::memcpy(&unit, &kUnit, sizeof unit);
    const Float sum = magnitude + unit;
    if (sum - unit != magnitude) errors |= kUnderflow;
    Bits moved;
    std::memcpy(&moved, &sum, sizeof moved);
    result = static_cast<std::uint32_t>(moved - kUnit);
  }
  const auto sign = static_cast<std::uint32_t>(pattern >> (sizeof(Bits) * 8 - 16)) & 0x8000u;
  return Half{static_cast<std::uint16_t>(result | sign)};
}

inline Half to_half(float value, std::uint32_t& errors) {
  return round_to_half<float, std::uint32_t, 23, 127>(value, errors);
}
inline Half to_half(double value, std::uint32_t& errors) {
  return round_to_half<double, std::uint64_t, 52, 1023>(value, errors);
}

}  // namespace wasmnp
