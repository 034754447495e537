#include "long_double.hpp"

#include <cfloat>
#include <cmath>
#include <cstring>

#include "../../kernels/cpu/kernel_table.hpp"
#include "errstate.hpp"

namespace wasmnp {

namespace {

using Wide = unsigned __int128;

Py_ssize_t bit_length(PyObject* integer) {
  Ref<> bits = steal(PyObject_CallMethod(integer, "bit_length", nullptr));
  return bits ? PyLong_AsSsize_t(bits.get()) : -1;
}

Ref<> shifted(PyObject* integer, Py_ssize_t left) {
  Ref<> count = steal(PyLong_FromSsize_t(left < 0 ? -left : left));
  if (!count) return nullptr;
  return steal((left < 0 ? PyNumber_Rshift : PyNumber_Lshift)(integer, count.get()));
}

bool to_wide(PyObject* integer, Wide* out) {
  Ref<> high = shifted(integer, -64);
  if (!high) return false;
  *out = static_cast<Wide>(PyLong_AsUnsignedLongLongMask(high.get())) << 64 | PyLong_AsUnsignedLongLongMask(integer);
  return !PyErr_Occurred();
}

// numerator / denominator (both positive), rounded once to nearest even.
int ratio(PyObject* numerator, PyObject* denominator, long double* out) {
  constexpr int kBits = 125;
  const Py_ssize_t a = bit_length(numerator), b = bit_length(denominator);
  if (a < 0 || b < 0) return -1;
  const Py_ssize_t shift = kBits - (a - b);
  Ref<> scaled = shift > 0 ? shifted(numerator, shift) : borrow(numerator);
  Ref<> divisor = shift < 0 ? shifted(denominator, -shift) : borrow(denominator);
  Ref<> pair = scaled && divisor ? steal(PyNumber_Divmod(scaled.get(), divisor.get())) : Ref<>();
  Wide quotient;
  if (!pair || !to_wide(PyTuple_GetItem(pair.get(), 0), &quotient)) return -1;
  const int inexact = PyObject_IsTrue(PyTuple_GetItem(pair.get(), 1));
  // A subnormal result has fewer bits: what is dropped goes into one sticky bit, so that only the scaling rounds.
  int length = quotient >> 64 ? 128 - __builtin_clzll(static_cast<uint64_t>(quotient >> 64)) : 64;
  Py_ssize_t exponent = -shift;
  bool sticky = inexact > 0;
  for (const Py_ssize_t kept = LDBL_MANT_DIG - (LDBL_MIN_EXP - (length + exponent)) + 2;
       length + exponent < LDBL_MIN_EXP && length > (kept < 2 ? 2 : kept); length--) {
    sticky |= quotient & 1;
    quotient >>= 1;
    exponent++;
  }
  quotient |= sticky ? 1 : 0;
  long double rounded;
  if constexpr (LDBL_MANT_DIG < 64)
    rounded = static_cast<long double>(quotient);
  else  // both halves are exact, and the sum rounds; see wide.hpp for what the cast would call
    rounded = static_cast<long double>(static_cast<uint64_t>(quotient >> 64)) * 0x1p64L +
              static_cast<long double>(static_cast<uint64_t>(quotient));
  *out = std::scalbn(rounded, static_cast<int>(exponent > 100000 ? 100000 : exponent < -100000 ? -100000 : exponent));
  return 0;
}

int out_of_range(long double value, const char* what) { return std::isinf(value) ? report_errors(kOverflow, what) : 0; }

bool digit(char c) { return c >= '0' && c <= '9'; }

bool matches(const char* text, const char* lower) {
  for (; *lower; text++, lower++)
    if ((*text | 0x20) != *lower) return false;
  return !*text;
}

}  // namespace

int long_double_from_integer(PyObject* integer, long double* out) {
  int overflow = 0;
  const long long small = PyLong_AsLongLongAndOverflow(integer, &overflow);
  if (!overflow) {
    *out = static_cast<long double>(small);
    return small == -1 && PyErr_Occurred() ? -1 : 0;
  }
  Ref<> size = steal(PyNumber_Absolute(integer)), one = steal(PyLong_FromLong(1));
  if (!size || !one || ratio(size.get(), one.get(), out) < 0) return -1;
  if (overflow < 0) *out = -*out;
  return out_of_range(*out, "conversion from string");
}

int long_double_from_text(PyObject* text, long double* out) {
  const char* start = PyUnicode_AsUTF8AndSize(text, nullptr);
  if (!start) return -1;
  // As strtold reads it for NumPy: space before the number is passed over, and nothing but space is zero.
  const char* at = start;
  while (*at == ' ' || (*at >= '\t' && *at <= '\r')) at++;
  if (!*at && at > start) return *out = 0, 0;
  const bool negative = *at == '-';
  if (*at == '-' || *at == '+') at++;
  if (matches(at, "inf") || matches(at, "infinity") || matches(at, "nan")) {
    *out = (*at | 0x20) == 'i' ? HUGE_VALL : static_cast<long double>(NAN);
    if (negative) *out = -*out;
    return 0;
  }
  // The digits without the point, as text of an integer, and the power of ten that they count in.
  Ref<> digits = steal(PyLong_FromLong(0)), chunk_size = steal(PyLong_FromLong(10));
  if (!digits || !chunk_size) return -1;
  bool any = false, point = false;
  long power = 0;
  for (; digit(*at) || (*at == '.' && !point); at++) {
    if (*at == '.') {
      point = true;
      continue;
    }
    any = true;
    power -= point;
    Ref<> moved = steal(PyNumber_Multiply(digits.get(), chunk_size.get())), unit = steal(PyLong_FromLong(*at - '0'));
    digits = moved && unit ? steal(PyNumber_Add(moved.get(), unit.get())) : Ref<>();
    if (!digits) return -1;
  }
  if (any && (*at | 0x20) == 'e') {
    const char* sign = at + 1;
    const char* exponent = sign + (*sign == '-' || *sign == '+');
    long value = 0;
    at = digit(*exponent) ? exponent : at;
    for (; digit(*at); at++) value = value > 100000 ? value : value * 10 + (*at - '0');
    power += *sign == '-' ? -value : value;
  }
  if (!any || *at) {
    PyErr_Format(PyExc_ValueError, "invalid literal for long double: %U", text);
    return -1;
  }
  *out = 0;
  if (PyObject_IsTrue(digits.get())) {
    const Py_ssize_t bits = bit_length(digits.get());
    if (bits < 0) return -1;
    // Far outside the range no power of ten is worked out: log10(2) is just above 0.301.
    const double size = static_cast<double>(power) + static_cast<double>(bits) * 0.301;
    if (size > LDBL_MAX_10_EXP + 100) {
      *out = HUGE_VALL;
    } else if (size > LDBL_MIN_10_EXP - LDBL_DIG - 100) {
      Ref<> ten = steal(PyLong_FromLong(10)), count = steal(PyLong_FromLong(power < 0 ? -power : power));
      Ref<> scale = ten && count ? steal(PyNumber_Power(ten.get(), count.get(), Py_None)) : Ref<>();
      Ref<> one = steal(PyLong_FromLong(1));
      Ref<> numerator = !scale || !one ? Ref<>()
                        : power > 0    ? steal(PyNumber_Multiply(digits.get(), scale.get()))
                                       : borrow(digits.get());
      if (!numerator || ratio(numerator.get(), power < 0 ? scale.get() : one.get(), out) < 0) return -1;
    }
  }
  if (negative) *out = -*out;
  return out_of_range(*out, "conversion from string");
}

PyObject* long_double_to_integer(long double value) {
  if (std::isnan(value)) {
    PyErr_SetString(PyExc_ValueError, "cannot convert float NaN to integer");
    return nullptr;
  }
  if (std::isinf(value)) {
    PyErr_SetString(PyExc_OverflowError, "cannot convert float infinity to integer");
    return nullptr;
  }
  int exponent;
  long double fraction = std::frexp(std::fabs(std::trunc(value)), &exponent);  // in [0.5, 1)
  Ref<> result = steal(PyLong_FromLong(0));
  // 32 bits at a time, from the top.
  for (; result && exponent > 0 && fraction != 0; exponent -= 32) {
    fraction = std::scalbn(fraction, 32);
    const auto part = static_cast<uint32_t>(fraction);
    fraction -= static_cast<long double>(part);
    Ref<> moved = shifted(result.get(), 32), unit = steal(PyLong_FromUnsignedLong(part));
    result = moved && unit ? steal(PyNumber_Or(moved.get(), unit.get())) : Ref<>();
  }
  if (result && exponent != 0) result = shifted(result.get(), exponent);
  return !result ? nullptr : std::signbit(value) ? PyNumber_Negative(result.get()) : result.release();
}

}  // namespace wasmnp
