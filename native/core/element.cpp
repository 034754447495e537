// Single elements to and from Python objects.
#include <cmath>
#include "../text/half.hpp"

#include "casting.hpp"
#include "errstate.hpp"
#include "long_double.hpp"
#include "scalar.hpp"

namespace wasmnp {

namespace {

// Components of one machine word, swapped or not.
template <class T>
T load(const char* data, bool swapped) {
  T value;
  copy_run(reinterpret_cast<char*>(&value), 0, data, 0, 1, sizeof value, swapped ? sizeof value : 0);
  return value;
}
template <class T>
void store(char* data, T value, bool swapped) {
  copy_run(data, 0, reinterpret_cast<const char*>(&value), 0, 1, sizeof value, swapped ? sizeof value : 0);
}

// An integer from any object: ints through __index__, floats truncated, with NumPy's message out of bounds.
template <class T>
int store_integer(PyObject* value, char* data, bool swapped, const char* name) {
  Ref<> number;
  if (PyLong_Check(value)) {
    number = borrow(value);
  } else if (PyFloat_Check(value)) {
    number = steal(PyNumber_Long(value));
  } else {
    number = steal(PyNumber_Index(value));
    if (!number && PyErr_ExceptionMatches(PyExc_TypeError)) {
      PyErr_Clear();
      number = steal(PyNumber_Long(value));
    }
  }
  if (!number) return -1;
  int overflow = 0;
  const long long wide = PyLong_AsLongLongAndOverflow(number.get(), &overflow);
  if (wide == -1 && !overflow && PyErr_Occurred()) return -1;
  T narrow = static_cast<T>(wide);
  bool fits = !overflow && (sizeof(T) == 8 ? std::is_signed_v<T> || wide >= 0 : static_cast<long long>(narrow) == wide);
  if (std::is_same_v<T, uint64_t> && overflow > 0) {
    narrow = static_cast<T>(PyLong_AsUnsignedLongLong(number.get()));
    fits = !PyErr_Occurred();
    PyErr_Clear();
  }
  if (!fits) {
    PyErr_Format(PyExc_OverflowError, "Python integer %S out of bounds for %s", number.get(), name);
    return -1;
  }
  store(data, narrow, swapped);
  return 0;
}

bool overflows(double wide, float narrow) { return __builtin_isinf(narrow) && !__builtin_isinf(wide); }

int real_from_python(PyObject* value, double* result) {
  if (value == Py_None) {
    *result = NAN;
    return 0;
  }
  if (PyFloat_Check(value)) {
    *result = PyFloat_AsDouble(value);
    return 0;
  }
  if (PyComplex_Check(value)) {
    PyErr_Format(PyExc_TypeError, "float() argument must be a string or a real number, not '%s'",
                 Py_TYPE(value)->tp_name);
    return -1;
  }
  Ref<> number = steal(PyNumber_Float(value));
  if (!number) return -1;
  *result = PyFloat_AsDouble(number.get());
  return 0;
}

int complex_from_python(PyObject* value, double* real, double* imag) {
  if (value == Py_None) {
    *real = *imag = NAN;
    return 0;
  }
  if (!PyComplex_Check(value)) {
    // complex() reads no bytes.
    Ref<> given = PyBytes_Check(value) ? steal(PyUnicode_FromEncodedObject(value, "utf-8", "strict")) : borrow(value);
    Ref<> number =
        given ? steal(PyObject_CallFunctionObjArgs(reinterpret_cast<PyObject*>(&PyComplex_Type), given.get(), nullptr))
              : Ref<>();
    if (!number) return -1;
    *real = PyComplex_RealAsDouble(number.get());
    *imag = PyComplex_ImagAsDouble(number.get());
    return 0;
  }
  *real = PyComplex_RealAsDouble(value);
  *imag = PyComplex_ImagAsDouble(value);
  return 0;
}

int long_double_from_python(PyObject* value, long double* result) {
  if (PyLong_Check(value)) return long_double_from_integer(value, result);
  if (PyUnicode_Check(value)) return long_double_from_text(value, result);
  if (PyBytes_Check(value)) {
    Ref<> text = steal(PyUnicode_FromEncodedObject(value, "ascii", "strict"));
    return text ? long_double_from_text(text.get(), result) : -1;
  }
  // A scalar of the type itself keeps its digits.
  if (scalar_value(value, Element::LongDouble, reinterpret_cast<char*>(result))) return 0;
  double real;
  if (real_from_python(value, &real) < 0) return -1;
  *result = static_cast<long double>(real);
  return 0;
}

int complex_long_double_from_python(PyObject* value, long double* result) {
  if (scalar_value(value, Element::CLongDouble, reinterpret_cast<char*>(result))) return 0;
  result[1] = 0;
  if (PyLong_Check(value) || scalar_value(value, Element::LongDouble, reinterpret_cast<char*>(result)))
    return long_double_from_python(value, result);
  double real, imag;
  if (complex_from_python(value, &real, &imag) < 0) return -1;
  result[0] = static_cast<long double>(real);
  result[1] = static_cast<long double>(imag);
  return 0;
}

}  // namespace

PyObject* element_to_python(Element element, const char* data, bool swapped) {
  switch (element) {
    case Element::Bool: return PyBool_FromLong(*data);
    case Element::Int8: return PyLong_FromLong(load<int8_t>(data, false));
    case Element::UInt8: return PyLong_FromLong(load<uint8_t>(data, false));
    case Element::Int16: return PyLong_FromLong(load<int16_t>(data, swapped));
    case Element::UInt16: return PyLong_FromLong(load<uint16_t>(data, swapped));
    case Element::Int32: return PyLong_FromLong(load<int32_t>(data, swapped));
    case Element::UInt32: return PyLong_FromUnsignedLong(load<uint32_t>(data, swapped));
    case Element::Int64: return PyLong_FromLongLong(load<int64_t>(data, swapped));
    case Element::UInt64: return PyLong_FromUnsignedLongLong(load<uint64_t>(data, swapped));
    case Element::Float16:
      return PyFloat_FromDouble(static_cast<double>(half_to_float({load<uint16_t>(data, swapped)})));
    case Element::Float32: return PyFloat_FromDouble(static_cast<double>(load<float>(data, swapped)));
    case Element::Float64: return PyFloat_FromDouble(load<double>(data, swapped));
    case Element::Complex64:
      return PyComplex_FromDoubles(static_cast<double>(load<float>(data, swapped)),
                                   static_cast<double>(load<float>(data + 4, swapped)));
    case Element::Complex128:
      return PyComplex_FromDoubles(load<double>(data, swapped), load<double>(data + 8, swapped));
    case Element::Object: return object_at(data).release();
    case Element::LongDouble:
    case Element::CLongDouble: {  // Python has no such number
      ArrayDescr* descr = descr_of(element);
      alignas(16) char native[kMaxElementSize];
      copy_run(native, 0, data, 0, 1, descr->elsize, swapped ? static_cast<intp>(sizeof(long double)) : 0);
      return scalar_from_data(descr, native);
    }
  }
  PyErr_SetString(PyExc_SystemError, "element type is not built");
  return nullptr;
}

int element_from_python(Element element, PyObject* value, char* data, bool swapped) {
  switch (element) {
    case Element::Bool: {
      const int truth = PyObject_IsTrue(value);
      if (truth < 0) return -1;
      *data = static_cast<char>(truth);
      return 0;
    }
    case Element::Int8: return store_integer<int8_t>(value, data, swapped, "int8");
    case Element::UInt8: return store_integer<uint8_t>(value, data, swapped, "uint8");
    case Element::Int16: return store_integer<int16_t>(value, data, swapped, "int16");
    case Element::UInt16: return store_integer<uint16_t>(value, data, swapped, "uint16");
    case Element::Int32: return store_integer<int32_t>(value, data, swapped, "int32");
    case Element::UInt32: return store_integer<uint32_t>(value, data, swapped, "uint32");
    case Element::Int64: return store_integer<int64_t>(value, data, swapped, "int64");
    case Element::UInt64: return store_integer<uint64_t>(value, data, swapped, "uint64");
    case Element::Float16: {
      double real;
      if (real_from_python(value, &real) < 0) return -1;
      uint32_t errors = 0;
      store(data, to_half(real, errors).bits, swapped);
      return report_errors(errors & kOverflow, "cast");
    }
    case Element::Float32: {
      double real;
      if (real_from_python(value, &real) < 0) return -1;
      const float narrow = static_cast<float>(real);
      store(data, narrow, swapped);
      return report_errors(overflows(real, narrow) ? kOverflow : 0u, "cast");
    }
    case Element::Float64: {
      double real;
      if (real_from_python(value, &real) < 0) return -1;
      store(data, real, swapped);
      return 0;
    }
    case Element::Complex64:
    case Element::Complex128: {
      double real, imag;
      if (complex_from_python(value, &real, &imag) < 0) return -1;
      if (element == Element::Complex64) {
        const float narrow[2] = {static_cast<float>(real), static_cast<float>(imag)};
        store(data, narrow[0], swapped);
        store(data + 4, narrow[1], swapped);
        if (overflows(real, narrow[0]) || overflows(imag, narrow[1])) return report_errors(kOverflow, "cast");
      } else {
        store(data, real, swapped);
        store(data + 8, imag, swapped);
      }
      return 0;
    }
    case Element::LongDouble:
    case Element::CLongDouble: {
      const intp part = sizeof(long double), size = element == Element::LongDouble ? part : 2 * part;
      long double number[2] = {};
      if (element == Element::LongDouble ? long_double_from_python(value, number) < 0
                                         : complex_long_double_from_python(value, number) < 0)
        return -1;
      copy_run(data, 0, reinterpret_cast<const char*>(number), 0, 1, size, swapped ? part : 0);
      return 0;
    }
    case Element::Object: put_object(data, borrow(value)); return 0;
  }
  PyErr_SetString(PyExc_SystemError, "element type is not built");
  return -1;
}

}  // namespace wasmnp
