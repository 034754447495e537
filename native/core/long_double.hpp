// long double to and from Python's integers and text. Python's float is narrower, so integers are the exact middle.
#pragma once

#include "../python/ref.hpp"

namespace wasmnp {

// The nearest long double; an infinity (with errstate's overflow reported) beyond the range. -1 with an error.
int long_double_from_integer(PyObject* integer, long double* out);
// Decimal text as C reads it: digits with a point and an exponent, "inf", "infinity", "nan", any case. ValueError else.
int long_double_from_text(PyObject* text, long double* out);
// The integer part; OverflowError for an infinity, ValueError for NaN.
PyObject* long_double_to_integer(long double value);

}  // namespace wasmnp
