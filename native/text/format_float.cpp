#include "format_float.hpp"

#include <cfloat>
#include <cstring>
#include <type_traits>

namespace wasmnp::text {

namespace {

// Doubles need at most 1,140 bits, long doubles of either format 16,630.
constexpr int kDoubleWords = 42, kLongDoubleWords = 530;

// An unsigned integer of up to 32 * kWords bits.
template <int kWords>
class BigInteger {
 public:
  BigInteger() = default;
  BigInteger(const BigInteger& other) : size_(other.size_) { copy_words(other); }
  BigInteger& operator=(const BigInteger& other) {
    size_ = other.size_;
    copy_words(other);
    return *this;
  }
  explicit BigInteger(Mantissa value) {
    for (; value; value >>= 32) words_[size_++] = static_cast<std::uint32_t>(value);
  }

  bool is_zero() const { return size_ == 0; }

  void multiply(std::uint32_t factor) {
    std::uint64_t carry = 0;
    for (int i = 0; i < size_; ++i) {
      carry += std::uint64_t{words_[i]} * factor;
      words_[i] = static_cast<std::uint32_t>(carry);
      carry >>= 32;
    }
    if (carry) words_[size_++] = static_cast<std::uint32_t>(carry);
  }

  void multiply_power_of_ten(int power) {
    for (; power >= 9; power -= 9) multiply(1000000000u);
    std::uint32_t rest = 1;
    for (; power > 0; --power) rest *= 10;
    multiply(rest);
  }

  void shift_left(int bits) {
    if (size_ == 0) return;
    const int words = bits / 32, rest = bits % 32;
    if (words) {
      for (int i = size_ - 1; i >= 0; --i) words_[i + words] = words_[i];
      for (int i = 0; i < words; ++i) words_[i] = 0;
      size_ += words;
    }
    if (rest) multiply(std::uint32_t{1} << rest);
  }

  // Negative, zero or positive as a < b, a == b or a > b.
  static int compare(const BigInteger& a, const BigInteger& b) {
    if (a.size_ != b.size_) return a.size_ - b.size_;
    for (int i = a.size_ - 1; i >= 0; --i) {
      if (a.words_[i] != b.words_[i]) return a.words_[i] < b.words_[i] ? -1 : 1;
    }
    return 0;
  }

  static BigInteger sum(const BigInteger& a, const BigInteger& b) {
    BigInteger result;
    std::uint64_t carry = 0;
    const int size = a.size_ > b.size_ ? a.size_ : b.size_;
    for (int i = 0; i < size; ++i) {
      carry += (i < a.size_ ? a.words_[i] : 0);
      carry += (i < b.size_ ? b.words_[i] : 0);
      result.words_[i] = static_cast<std::uint32_t>(carry);
      carry >>= 32;
    }
    result.size_ = size;
    if (carry) result.words_[result.size_++] = static_cast<std::uint32_t>(carry);
    return result;
  }

  // The quotient by `divisor`, which is at most 9; *this becomes the remainder. The leading words give an estimate
  // that is never too large and, with a divisor from make_divisor(), too small by one at most.
  int divide(const BigInteger& divisor) {
    if (size_ < divisor.size_) return 0;
    const int top = divisor.size_ - 1;
    std::uint32_t quotient = words_[top] / (divisor.words_[top] + 1);
    if (quotient) subtract_multiple(divisor, quotient);
    while (compare(*this, divisor) >= 0) {
      subtract_multiple(divisor, 1);
      ++quotient;
    }
    return static_cast<int>(quotient);
  }

  // How far to shift so that the top word has its leading bit at 2^27: a ten times larger number still has as many
  // words, and the estimate of a quotient is good.
  int divisor_shift() const { return (__builtin_clz(words_[size_ - 1]) + 28) % 32; }

 private:
  void copy_words(const BigInteger& other) {
    std::memcpy(words_, other.words_, sizeof(std::uint32_t) * static_cast<std::size_t>(size_));
  }
  void subtract_multiple(const BigInteger& other, std::uint32_t factor) {
    std::uint64_t product = 0;
    std::int64_t borrow = 0;
    for (int i = 0; i < other.size_; ++i) {
      product += std::uint64_t{other.words_[i]} * factor;
      borrow += std::int64_t{words_[i]} - static_cast<std::uint32_t>(product);
      words_[i] = static_cast<std::uint32_t>(borrow);
      borrow >>= 32;
      product >>= 32;
    }
    for (int i = other.size_; i < size_; ++i) {
      borrow += std::int64_t{words_[i]} - static_cast<std::int64_t>(product);
      words_[i] = static_cast<std::uint32_t>(borrow);
      borrow >>= 32;
      product = 0;
    }
    while (size_ > 0 && words_[size_ - 1] == 0) --size_;
  }

  int size_ = 0;
  std::uint32_t words_[kWords];  // set up to size_
};

// floor(log10(m * 2^e)) or one more: 78913 / 2^18 is log10(2) to seven digits.
int estimate_exponent(const BinaryFloat& value) {
  const auto high = static_cast<std::uint64_t>(value.mantissa >> 64), low = static_cast<std::uint64_t>(value.mantissa);
  const int length = high ? 128 - __builtin_clzll(high) : 64 - __builtin_clzll(low);
  const int bits = length + value.exponent - 1;
  return static_cast<int>((std::int64_t{bits} * 78913) >> 18);
}

// Steele & White, "How to print floating-point numbers accurately" (1990), algorithm FPP, in exact integers: the
// remaining value is value / scale, and the number's neighbours are more than margin / scale away.
template <int kWords>
void make_digits_in(const BinaryFloat& binary, const DigitRequest& request, Decimal* decimal) {
  using BigInteger = BigInteger<kWords>;
  const bool even = (binary.mantissa & 1) == 0;
  BigInteger value(binary.mantissa), scale(1), low_margin(1), high_margin(1);
  // Everything is doubled once so that margins, half gaps, are whole; twice where the lower gap is smaller.
  const int doubling = binary.narrow_below ? 2 : 1;
  value.shift_left(doubling);
  scale.shift_left(doubling);
  if (binary.narrow_below) high_margin.shift_left(1);
  if (binary.exponent > 0) {
    value.shift_left(binary.exponent);
    low_margin.shift_left(binary.exponent);
    high_margin.shift_left(binary.exponent);
  } else {
    scale.shift_left(-binary.exponent);
  }
  int exponent = estimate_exponent(binary);
  const auto scale_value = [&](int power) {
    value.multiply_power_of_ten(power);
    low_margin.multiply_power_of_ten(power);
    high_margin.multiply_power_of_ten(power);
  };
  if (exponent > 0) {
    scale.multiply_power_of_ten(exponent);
  } else {
    scale_value(-exponent);
  }
  // The estimate may be one too small.
  BigInteger ten_times = scale;
  ten_times.multiply(10);
  if (BigInteger::compare(value, ten_times) >= 0) {
    scale = ten_times;
    ++exponent;
  }
  const int shift = scale.divisor_shift();
  scale.shift_left(shift);
  value.shift_left(shift);
  low_margin.shift_left(shift);
  high_margin.shift_left(shift);

  const int origin = request.relative ? exponent : 0;
  const int last = request.last_position + origin, least = request.min_position + origin;
  if (last > exponent) {
    // Rounding happens above the first digit: the result is one unit of the last position, or 0 there.
    BigInteger half = scale;
    half.multiply(5);
    const bool up = last == exponent + 1 && BigInteger::compare(value, half) > 0;
    decimal->count = 1;
    decimal->digits[0] = up ? '1' : '0';
    decimal->exponent = last;
    return;
  }
  int position = exponent, count = 0, digit;
  bool low = false, high = false;
  for (;; --position) {
    digit = value.divide(scale);
    if (request.unique) {
      const int below = BigInteger::compare(value, low_margin);
      const int above = BigInteger::compare(BigInteger::sum(value, high_margin), scale);
      low = even ? below <= 0 : below < 0;
      high = even ? above >= 0 : above > 0;
      if ((low || high) && position <= least) break;
    } else if (value.is_zero()) {
      break;
    }
    if (position == last || count == kMaxDigits - 1) break;
    decimal->digits[count++] = static_cast<char>('0' + digit);
    value.multiply(10);
    // Margins beyond the scale need not grow: nothing can be told from its neighbours any more.
    if (request.unique && BigInteger::compare(low_margin, scale) <= 0) {
      low_margin.multiply(10);
      high_margin.multiply(10);
    }
  }
  bool down = low;
  if (low == high) {
    value.shift_left(1);
    const int half = BigInteger::compare(value, scale);
    down = half < 0 || (half == 0 && digit % 2 == 0);
  }
  if (!down && digit == 9) {
    while (count > 0 && decimal->digits[count - 1] == '9') --count;
    if (count > 0) {
      ++decimal->digits[count - 1];
    } else {
      decimal->digits[count++] = '1';
      ++exponent;
    }
  } else {
    decimal->digits[count++] = static_cast<char>('0' + digit + (down ? 0 : 1));
  }
  decimal->count = count;
  decimal->exponent = exponent;
}

}  // namespace

void make_digits(const BinaryFloat& binary, const DigitRequest& request, Decimal* decimal) {
  const bool fits = binary.mantissa >> 64 == 0 && binary.exponent > -1075 && binary.exponent < 972;
  (fits ? make_digits_in<kDoubleWords> : make_digits_in<kLongDoubleWords>)(binary, request, decimal);
}

namespace {

template <typename Bits, int kMantissaBits, int kBias, typename Float>
DecodedFloat decode_as(Float value) {
  Bits bits;
  static_assert(sizeof(bits) == sizeof(value));
  std::memcpy(&bits, &value, sizeof(bits));
  constexpr Bits kHidden = Bits{1} << kMantissaBits;
  const Bits fraction = bits & (kHidden - 1);
  const int top = static_cast<int>(static_cast<Bits>(bits << 1) >> (kMantissaBits + 1));
  DecodedFloat result{FloatClass::Finite, (bits >> (sizeof(Bits) * 8 - 1)) != 0, {fraction, 1 - kBias, false}};
  if (top == 2 * kBias + 1 - 2 * kMantissaBits) {
    result.kind = fraction ? FloatClass::NotANumber : FloatClass::Infinite;
  } else if (top != 0) {
    result.magnitude = {Mantissa{fraction} | kHidden, top - kBias, fraction == 0 && top > 1};
  } else if (fraction == 0) {
    result.kind = FloatClass::Zero;
  }
  return result;
}

template <typename Float>
int shortest(Float value, char* digits, int* exponent) {
  const DecodedFloat decoded = decode(value);
  Decimal decimal;
  decimal.count = 1;
  decimal.exponent = 0;
  decimal.digits[0] = '0';
  if (decoded.kind == FloatClass::Finite) {
    make_digits(decoded.magnitude, DigitRequest{}, &decimal);
  } else if (decoded.kind != FloatClass::Zero) {
    return 0;
  }
  std::memcpy(digits, decimal.digits, static_cast<std::size_t>(decimal.count));
  *exponent = decimal.exponent + 1;
  return decimal.count;
}

// Text that is counted beyond the end of its buffer.
class Writer {
 public:
  Writer(char* text, std::size_t capacity) : text_(text), capacity_(capacity) {}

  void put(char character, int times = 1) {
    for (; times > 0; --times, ++length_) {
      if (length_ < capacity_) text_[length_] = character;
    }
  }
  void put(const char* characters, int count) {
    for (int i = 0; i < count; ++i) put(characters[i]);
  }
  std::size_t length() const { return length_; }

 private:
  char* text_;
  std::size_t capacity_;
  std::size_t length_ = 0;
};

bool put_special(const DecodedFloat& value, const FloatTextOptions& options, Writer& out) {
  if (value.kind == FloatClass::NotANumber) {
    out.put("nan", 3);
    return true;
  }
  if (value.kind != FloatClass::Infinite) return false;
  if (value.negative || options.sign) out.put(value.negative ? '-' : '+');
  out.put("inf", 3);
  return true;
}

void put_sign(const DecodedFloat& value, const FloatTextOptions& options, int whole_digits, Writer& out) {
  const bool sign = value.negative || options.sign;
  out.put(' ', options.pad_left - whole_digits - (sign ? 1 : 0));
  if (sign) out.put(value.negative ? '-' : '+');
}

// The digits after the point: `zeros` zeros, then `count` digits, then zeros up to `wanted`, trimmed as asked. Returns
// how many were written. `keep_point` keeps the point before digits that were all trimmed.
int put_fraction(const char* digits, int zeros, int count, int wanted, char trim, bool keep_point, Writer& out) {
  keep_point &= count > 0;
  if (trim != 'k') {
    wanted = 0;
    while (count > 0 && digits[count - 1] == '0') --count;
    if (count == 0) zeros = 0;
  }
  int fill = wanted - zeros - count;
  if (fill < 0) fill = 0;
  if (trim == '0' && zeros + count == 0) fill = 1;
  if (trim != '-' || keep_point || zeros + count > 0) out.put('.');
  out.put('0', zeros);
  out.put(digits, count);
  out.put('0', fill);
  return zeros + count + fill;
}

}  // namespace

DecodedFloat decode(long double value) {
  if constexpr (sizeof(long double) == sizeof(double)) return decode(static_cast<double>(value));
  DecodedFloat result{FloatClass::Finite, static_cast<bool>(__builtin_signbit(value)), {0, 0, false}};
  if (value != value) {
    result.kind = FloatClass::NotANumber;
  } else if (__builtin_isinf(value)) {
    result.kind = FloatClass::Infinite;
  } else if (value == 0) {
    result.kind = FloatClass::Zero;
  } else {
    int exponent;
    const long double fraction = __builtin_frexpl(__builtin_fabsl(value), &exponent);
    // Subnormal numbers keep the exponent of the smallest normal one.
    const int shift = exponent < LDBL_MIN_EXP ? LDBL_MANT_DIG - (LDBL_MIN_EXP - exponent) : LDBL_MANT_DIG;
    // 64 bits need no call of the compiler's library.
    using Significand = std::conditional_t<LDBL_MANT_DIG <= 64, uint64_t, Mantissa>;
    result.magnitude.mantissa = static_cast<Significand>(__builtin_ldexpl(fraction, shift));
    result.magnitude.exponent = exponent - shift;
    result.magnitude.narrow_below = fraction == 0.5L && exponent > LDBL_MIN_EXP;
  }
  return result;
}
DecodedFloat decode(double value) { return decode_as<std::uint64_t, 52, 1075>(value); }
DecodedFloat decode(float value) { return decode_as<std::uint32_t, 23, 150>(value); }
DecodedFloat decode(Half value) { return decode_as<std::uint16_t, 10, 25>(value); }

int shortest_digits(double value, char* digits, int* exponent) { return shortest(value, digits, exponent); }
int shortest_digits(float value, char* digits, int* exponent) { return shortest(value, digits, exponent); }

std::size_t format_positional(const DecodedFloat& value, const FloatTextOptions& options, char* text,
                              std::size_t capacity) {
  Writer out(text, capacity);
  if (put_special(value, options, out)) return out.length();
  Decimal decimal;
  decimal.count = 1;
  decimal.exponent = 0;
  decimal.digits[0] = '0';
  if (value.kind == FloatClass::Finite) {
    DigitRequest request;
    request.unique = options.unique;
    request.relative = !options.fractional;
    const int ones = options.fractional ? 0 : 1;
    if (options.precision >= 0) request.last_position = ones - options.precision;
    if (options.min_digits >= 0) request.min_position = ones - options.min_digits;
    make_digits(value.magnitude, request, &decimal);
  }
  const int whole = decimal.exponent < 0 ? 1 : decimal.exponent + 1;
  put_sign(value, options, whole, out);
  int used = 0, zeros = 0;
  if (decimal.exponent < 0) {
    out.put('0');
    zeros = -decimal.exponent - 1;
  } else {
    used = decimal.count < whole ? decimal.count : whole;
    out.put(decimal.digits, used);
    out.put('0', whole - used);
  }
  int wanted = options.unique ? options.min_digits : options.precision;
  if (!options.fractional) wanted -= whole;
  const int fraction =
      put_fraction(decimal.digits + used, zeros, decimal.count - used, wanted, options.trim, false, out);
  if (options.pad_right > fraction) {
    out.put(' ', options.pad_right - fraction + (options.trim == '-' && fraction == 0 ? 1 : 0));
  } else if (options.pad_right == 0 && options.trim == '-' && fraction == 0) {
    out.put(' ');
  }
  return out.length();
}

std::size_t format_scientific(const DecodedFloat& value, const FloatTextOptions& options, char* text,
                              std::size_t capacity) {
  Writer out(text, capacity);
  if (put_special(value, options, out)) return out.length();
  Decimal decimal;
  decimal.count = 1;
  decimal.exponent = 0;
  decimal.digits[0] = '0';
  if (value.kind == FloatClass::Finite) {
    DigitRequest request;
    request.unique = options.unique;
    request.relative = true;
    if (options.precision >= 0) request.last_position = -options.precision;
    if (options.min_digits >= 0) request.min_position = -options.min_digits;
    make_digits(value.magnitude, request, &decimal);
  }
  put_sign(value, options, 1, out);
  out.put(decimal.digits[0]);
  const int wanted = options.unique ? options.min_digits : options.precision;
  // NumPy leaves the point here, but not in positional text.
  put_fraction(decimal.digits + 1, 0, decimal.count - 1, wanted, options.trim, true, out);
  out.put('e');
  int exponent = decimal.exponent;
  out.put(exponent < 0 ? '-' : '+');
  if (exponent < 0) exponent = -exponent;
  char digits[8];
  int count = 0;
  for (; exponent; exponent /= 10) digits[count++] = static_cast<char>('0' + exponent % 10);
  const int least = options.exp_digits < 0 ? 2 : options.exp_digits > 5 ? 5 : options.exp_digits;  // NumPy's limit
  out.put('0', least - count);
  while (count > 0) out.put(digits[--count]);
  return out.length();
}

namespace {

// Numbers from this one on are written in scientific form.
constexpr double scientific_from(double) { return 1e16; }
constexpr double scientific_from(float) { return 1e6; }
constexpr double scientific_from(Half) { return 1e3; }
constexpr double scientific_from(long double) { return 1e16; }

double widened(double value) { return value; }
double widened(long double value) { return static_cast<double>(value); }
double widened(float value) { return static_cast<double>(value); }
double widened(Half value) { return static_cast<double>(half_to_float(value)); }

// C's %g, in no locale: positional where the exponent of the rounded number is neither small nor beyond the digits.
int general(const DecodedFloat& value, int digits, FloatTextOptions options, char* buffer) {
  int exponent = 0;
  if (value.kind == FloatClass::Finite) {
    Decimal decimal;
    make_digits(value.magnitude, {false, true, 1 - digits}, &decimal);
    exponent = decimal.exponent;
  }
  options.unique = false;
  options.fractional = false;
  if (exponent >= -4 && exponent < digits) {
    options.precision = digits;
    return static_cast<int>(format_positional(value, options, buffer, 64));
  }
  options.precision = digits - 1;
  options.trim = '-';
  const int length = static_cast<int>(format_scientific(value, options, buffer, 64));
  char* mark = static_cast<char*>(std::memchr(buffer, 'e', static_cast<std::size_t>(length)));
  if (!mark || mark[-1] != '.') return length;
  std::memmove(mark - 1, mark, static_cast<std::size_t>(buffer + length - mark));
  return length - 1;
}

template <typename Float>
int repr(Float value, char positional_trim, bool sign, NumberStyle style, char* buffer) {
  const DecodedFloat decoded = decode(value);
  FloatTextOptions options;
  options.sign = sign;
  options.trim = positional_trim;
  if (style.digits) return general(decoded, style.digits, options, buffer);
  // A long double that is not zero may be zero as a double.
  const double magnitude = __builtin_fabs(widened(value));
  const double cutoff = style.one_cutoff ? 1e16 : scientific_from(value);
  const bool positional = decoded.kind == FloatClass::Zero || (magnitude >= 1e-4 && magnitude < cutoff);
  if (!positional) options.trim = '-';
  return static_cast<int>(positional ? format_positional(decoded, options, buffer, 64)
                                     : format_scientific(decoded, options, buffer, 64));
}

template <typename Float>
int repr_complex(Float real, Float imag, NumberStyle style, char* buffer) {
  const DecodedFloat decoded = decode(real);
  int length = 0;
  const bool imaginary_only = decoded.kind == FloatClass::Zero && !decoded.negative;
  if (!imaginary_only) {
    buffer[length++] = '(';
    length += repr(real, '-', false, style, buffer + length);
  }
  const DecodedFloat imaginary = decode(imag);
  const bool special = imaginary.kind == FloatClass::NotANumber;
  if (!imaginary_only && special) buffer[length++] = '+';
  length += repr(imag, '-', !imaginary_only && !special, style, buffer + length);
  if (style.digits && (special || imaginary.kind == FloatClass::Infinite)) buffer[length++] = '*';
  buffer[length++] = 'j';
  if (!imaginary_only) buffer[length++] = ')';
  return length;
}

}  // namespace

int repr_float64(double value, char* buffer, NumberStyle style) { return repr(value, '0', false, style, buffer); }
int repr_longdouble(long double value, char* buffer, NumberStyle style) {
  return repr(value, '0', false, style, buffer);
}
int repr_float16(Half value, char* buffer, NumberStyle style) { return repr(value, '0', false, style, buffer); }
int repr_float32(float value, char* buffer, NumberStyle style) { return repr(value, '0', false, style, buffer); }
int repr_complex128(double real, double imag, char* buffer, NumberStyle style) {
  return repr_complex(real, imag, style, buffer);
}
int repr_complex64(float real, float imag, char* buffer, NumberStyle style) {
  return repr_complex(real, imag, style, buffer);
}
int repr_clongdouble(long double real, long double imag, char* buffer, NumberStyle style) {
  return repr_complex(real, imag, style, buffer);
}

}  // namespace wasmnp::text
