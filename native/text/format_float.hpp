// Decimal text of binary floating-point numbers: shortest round-trip digits and NumPy's formatting options.
#pragma once

#include <cstddef>
#include <cstdint>

#include "half.hpp"

namespace wasmnp::text {

using Mantissa = unsigned __int128;  // binary128 has 113 bits

// A finite nonzero number without its sign: value = mantissa * 2^exponent.
struct BinaryFloat {
  Mantissa mantissa;
  int exponent;
  bool narrow_below;  // the gap to the next smaller number is half of the gap above
};

enum class FloatClass { Zero, Finite, Infinite, NotANumber };

struct DecodedFloat {
  FloatClass kind;
  bool negative;
  BinaryFloat magnitude;  // of a Finite one
};

DecodedFloat decode(double value);
DecodedFloat decode(float value);
DecodedFloat decode(Half value);
DecodedFloat decode(long double value);

// The longest exact decimal expansion of a double has 767 digits, that of a long double (binary128) 11,563.
inline constexpr int kMaxDigits = 11600;

// d[0].d[1]d[2]... * 10^exponent, d[0] != '0' (but for the one digit of a zero).
struct Decimal {
  int count;
  int exponent;
  char digits[kMaxDigits];
};

inline constexpr int kNoLimit = 1 << 20;

// Which digits to make. Positions are powers of ten: 0 is the ones digit, -1 the first after the point.
struct DigitRequest {
  bool unique = true;             // stop as soon as the digits tell the number from its neighbours
  bool relative = false;          // positions count from the first digit: -2 is the third digit
  int last_position = -kNoLimit;  // round here at the latest
  int min_position = kNoLimit;    // do not stop before this one
};

void make_digits(const BinaryFloat& value, const DigitRequest& request, Decimal* decimal);

// Shortest digits that read back as the same number, closest to it among these, ties to an even last digit. Returns
// their number (at most 17); the value is 0.d1d2d3... * 10^exponent. Infinities and NaN give 0 digits.
int shortest_digits(double value, char* digits, int* exponent);
int shortest_digits(float value, char* digits, int* exponent);

// The options of NumPy's dragon4_positional and dragon4_scientific, with their defaults.
struct FloatTextOptions {
  int precision = -1;  // -1: as many digits as needed
  bool unique = true;
  bool fractional = true;  // precision counts digits after the point, otherwise all significant ones
  char trim = 'k';         // 'k' keep zeros, '.' trim zeros, '0' leave one zero, '-' trim zeros and point
  bool sign = false;       // '+' before positive numbers
  int pad_left = -1;       // characters before the point, sign included
  int pad_right = -1;      // characters after the point
  int min_digits = -1;
  int exp_digits = -1;  // at least so many digits of exponent; -1: two
};

// Both write at most `capacity` characters (no terminating null) and return the length of the whole text.
std::size_t format_positional(const DecodedFloat& value, const FloatTextOptions& options, char* text,
                              std::size_t capacity);
std::size_t format_scientific(const DecodedFloat& value, const FloatTextOptions& options, char* text,
                              std::size_t capacity);

// How scalars read in older styles.
struct NumberStyle {
  bool one_cutoff = false;  // numbers below 1e16 are positional in every precision
  int digits = 0;           // if not 0: so many digits at most, as C's %g writes them, and 1+inf*j for 1+infj
};

// What str() of NumPy's scalars gives: positional from 1e-4 to below 1e16 (float32: 1e6), otherwise scientific. Complex
// numbers read (1+2j), or 2j when the real part is +0. The buffer holds at least 64 characters, 136 for complex ones;
// returns the length, without a terminating null.
int repr_float64(double value, char* buffer, NumberStyle style = {});
int repr_float32(float value, char* buffer, NumberStyle style = {});
int repr_float16(Half value, char* buffer, NumberStyle style = {});
int repr_longdouble(long double value, char* buffer, NumberStyle style = {});
int repr_complex128(double real, double imag, char* buffer, NumberStyle style = {});
int repr_complex64(float real, float imag, char* buffer, NumberStyle style = {});
int repr_clongdouble(long double real, long double imag, char* buffer, NumberStyle style = {});

}  // namespace wasmnp::text
