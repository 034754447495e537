// Python faces of the float formatting routines.
#include <cstdlib>
#include <cstring>

#include "../python/arguments.hpp"
#include "../python/nonlimited.hpp"
#include "../text/format_float.hpp"
#include "array.hpp"
#include "functions.hpp"
#include "scalar.hpp"
#include "state.hpp"

namespace wasmnp {

namespace {

using text::FloatTextOptions;

bool decode_object(PyObject* object, text::DecodedFloat* decoded) {
  ArrayDescr* descr = PyObject_TypeCheck(object, &Generic_Type) ? scalar_descr(object) : nullptr;
  if (descr && element_index(descr) == static_cast<int>(Element::Float32)) {
    float value;
    if (scalar_to_data(object, descr, reinterpret_cast<char*>(&value)) < 0) return false;
    *decoded = text::decode(value);
    return true;
  }
  if (descr && element_index(descr) == static_cast<int>(Element::Float16)) {
    Half value;
    if (scalar_to_data(object, descr, reinterpret_cast<char*>(&value)) < 0) return false;
    *decoded = text::decode(value);
    return true;
  }
  if (descr && element_index(descr) == static_cast<int>(Element::LongDouble)) {
    long double value;
    if (scalar_to_data(object, descr, reinterpret_cast<char*>(&value)) < 0) return false;
    *decoded = text::decode(value);
    return true;
  }
  const double value = PyFloat_AsDouble(object);
  if (value == -1.0 && PyErr_Occurred()) return false;
  *decoded = text::decode(value);
  return true;
}

constexpr long kMaxText = 16384;  // characters, as in NumPy

bool parse_count(PyObject* object, const char* name, int* out) {
  if (!object || object == Py_None) return true;
  const long value = PyLong_AsLong(object);
  if (value == -1 && PyErr_Occurred()) return false;
  if (value < -1) {
    PyErr_Format(PyExc_ValueError, "%s must be a count, not %ld", name, value);
    return false;
  }
  // More than this is too large for a text that is filled up, and is no limit to one that is not.
  *out = static_cast<int>(value > 2 * kMaxText ? 2 * kMaxText : value);
  return true;
}

bool parse_flag(PyObject* object, bool* out) {
  if (!object) return true;
  const int truth = PyObject_IsTrue(object);
  *out = truth > 0;
  return truth >= 0;
}

bool parse_trim(PyObject* object, char* out) {
  if (!object) return true;
  const char* trim = PyUnicode_Check(object) ? PyUnicode_AsUTF8AndSize(object, nullptr) : nullptr;
  if (trim && trim[0] && !trim[1] && std::strchr("k.0-", trim[0])) {
    *out = trim[0];
    return true;
  }
  if (!PyErr_Occurred()) PyErr_SetString(PyExc_TypeError, "if supplied, trim must be 'k', '.', '0' or '-'");
  return false;
}

PyObject* finish(std::size_t (*format)(const text::DecodedFloat&, const FloatTextOptions&, char*, std::size_t),
                 const text::DecodedFloat& value, const FloatTextOptions& options) {
  if (!options.unique && options.precision < 0) {
    PyErr_SetString(PyExc_TypeError, "in non-unique mode `precision` must be supplied");
    return nullptr;
  }
  char small[512];
  const std::size_t length = format(value, options, small, sizeof small);
  if (length <= sizeof small) return PyUnicode_FromStringAndSize(small, static_cast<Py_ssize_t>(length));
  if (length > kMaxText) {
    PyErr_Format(PyExc_RuntimeError, "Float formatting result too large: %zu characters, of at most %ld", length,
                 kMaxText);
    return nullptr;
  }
  char* large = static_cast<char*>(std::malloc(length));
  if (!large) return PyErr_NoMemory();
  format(value, options, large, length);
  PyObject* result = PyUnicode_FromStringAndSize(large, static_cast<Py_ssize_t>(length));
  std::free(large);
  return result;
}

PyObject* positional(PyObject*, PyObject* const* args, Py_ssize_t nargs, PyObject* kwnames) {
  static const char* const names[] = {"x",    "precision", "unique",    "fractional", "trim",
                                      "sign", "pad_left",  "pad_right", "min_digits"};
  PyObject* values[9];
  text::DecodedFloat value;
  FloatTextOptions options;
  if (!parse_arguments({"dragon4_positional", names, 9, 1}, args, nargs, kwnames, values) ||
      !decode_object(values[0], &value) || !parse_count(values[1], "precision", &options.precision) ||
      !parse_flag(values[2], &options.unique) || !parse_flag(values[3], &options.fractional) ||
      !parse_trim(values[4], &options.trim) || !parse_flag(values[5], &options.sign) ||
      !parse_count(values[6], "pad_left", &options.pad_left) ||
      !parse_count(values[7], "pad_right", &options.pad_right) ||
      !parse_count(values[8], "min_digits", &options.min_digits))
    return nullptr;
  return finish(text::format_positional, value, options);
}

PyObject* scientific(PyObject*, PyObject* const* args, Py_ssize_t nargs, PyObject* kwnames) {
  static const char* const names[] = {"x",    "precision", "unique",     "trim",
                                      "sign", "pad_left",  "exp_digits", "min_digits"};
  PyObject* values[8];
  text::DecodedFloat value;
  FloatTextOptions options;
  if (!parse_arguments({"dragon4_scientific", names, 8, 1}, args, nargs, kwnames, values) ||
      !decode_object(values[0], &value) || !parse_count(values[1], "precision", &options.precision) ||
      !parse_flag(values[2], &options.unique) || !parse_trim(values[3], &options.trim) ||
      !parse_flag(values[4], &options.sign) || !parse_count(values[5], "pad_left", &options.pad_left) ||
      !parse_count(values[6], "exp_digits", &options.exp_digits) ||
      !parse_count(values[7], "min_digits", &options.min_digits))
    return nullptr;
  return finish(text::format_scientific, value, options);
}

PyObject* set_print_options(PyObject*, PyObject* variable) {
  PyObject* old = state.print_options;
  state.print_options = Py_NewRef(variable);
  Py_XDECREF(old);
  Py_RETURN_NONE;
}

PyMethodDef functions[] = {
    {"_set_print_options", set_print_options, METH_O, "Says which ContextVar holds the print options."},
    {"dragon4_positional", as_method(positional), kFastKeywords, "Positional decimal text of a float."},
    {"dragon4_scientific", as_method(scientific), kFastKeywords, "Scientific decimal text of a float."},
    {nullptr, nullptr, 0, nullptr},
};

}  // namespace

int legacy_style() {
  if (!state.print_options) return kCurrentStyle;
  PyObject* current = nullptr;
  if (PyContextVar_Get(state.print_options, nullptr, &current) < 0) return -1;
  Ref<> options = steal(current);
  PyObject* style = options && PyDict_Check(options.get()) ? PyDict_GetItemString(options.get(), "legacy") : nullptr;
  if (!style) return kCurrentStyle;
  int overflow = 0;
  const long value = PyLong_AsLongAndOverflow(style, &overflow);
  if (value == -1 && PyErr_Occurred()) return -1;
  return overflow || value > kCurrentStyle ? kCurrentStyle : static_cast<int>(value);
}

int init_text(PyObject* module) { return PyModule_AddFunctions(module, functions); }

}  // namespace wasmnp
