// Conversions of contiguous runs whose instructions differ much between levels.
#pragma once

#include "routines.hpp"
#include "simd.hpp"

namespace wasmnp::ISA {

// Floats to int32, block after block, until one holds a value that does not fit (see `Truncation` in routines.hpp).
template <typename T>
std::intptr_t truncate_to_int32(const char* in, char* out, std::intptr_t count) {
  constexpr int kLanes = kLanesOf<T>, kBlock = 512;
  constexpr T kLow = -2147483648.0, kHigh = 2147483648.0;
  using Floats = Vector<T, kLanes>;
  using Integers = Vector<std::int32_t, kLanes>;
  using Mask = decltype(Floats{} < Floats{});
  std::intptr_t done = 0;
  while (done < count) {
    const int size = static_cast<int>(count - done < kBlock ? count - done : kBlock);
    const char* from = in + done * std::intptr_t{sizeof(T)};
    char* to = out + done * std::intptr_t{sizeof(std::int32_t)};
    Mask outside{};
    int i = 0;
    for (; i + kLanes <= size; i += kLanes) {
      const auto values = load<Floats>(from + i * sizeof(T));
      outside |= ~((values >= kLow) & (values < kHigh));
      store(to + i * sizeof(std::int32_t), __builtin_convertvector(values, Integers));
    }
    bool fits = true;
    for (int lane = 0; lane < kLanes; ++lane) fits &= outside[lane] == 0;
    for (; i < size; ++i) {
      const T value = load<T>(from + i * sizeof(T));
      if (!(value >= kLow && value < kHigh)) return done;
      store(to + i * sizeof(std::int32_t), static_cast<std::int32_t>(value));
    }
    if (!fits) return done;
    done += size;
  }
  return done;
}

}  // namespace wasmnp::ISA
