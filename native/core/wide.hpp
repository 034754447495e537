#pragma once

#include <cstdint>

namespace wasmnp {

// Quotient (towards zero) and rest of 128-bit integers. The operators / and % are calls of the compiler's library, with
// which zig would link its own mathematics and memcpy in place of the system's.
struct WideDivision {
  __int128 quotient, rest;
};

inline WideDivision divide_wide(__int128 a, __int128 b) {
  const auto small_a = static_cast<int64_t>(a), small_b = static_cast<int64_t>(b);
  if (small_a == a && small_b == b && small_b != -1) return {small_a / small_b, small_a % small_b};
  using Bits = unsigned __int128;
  const Bits size = a < 0 ? -static_cast<Bits>(a) : static_cast<Bits>(a);
  const Bits divisor = b < 0 ? -static_cast<Bits>(b) : static_cast<Bits>(b);
  Bits quotient = 0, rest = 0;
  for (int bit = 127; bit >= 0; bit--) {
    const bool carry = rest >> 127;
    rest = rest << 1 | (size >> bit & 1);
    if (carry || rest >= divisor) {
      rest -= divisor;
      quotient |= Bits{1} << bit;
    }
  }
  return {static_cast<__int128>((a < 0) != (b < 0) ? -quotient : quotient),
          static_cast<__int128>(a < 0 ? -rest : rest)};
}

}  // namespace wasmnp
