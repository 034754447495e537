#include "operators.hpp"

#include <cstring>

#include "array.hpp"
#include "datetime.hpp"
#include "errstate.hpp"
#include "flexible.hpp"
#include "long_double.hpp"
#include "products.hpp"
#include "scalar.hpp"
#include "state.hpp"
#include "ufunc.hpp"

namespace wasmnp {

namespace {

// Ufuncs behind operators, looked up once at import; null where this version has none.
struct OperatorUfuncs {
  UfuncObject *add, *subtract, *multiply, *divide, *floor_divide, *remainder, *divmod, *power, *negative, *positive,
      *absolute, *square, *sqrt, *reciprocal, *equal, *not_equal, *less, *less_equal, *greater, *greater_equal,
      *bitwise_and, *bitwise_or, *bitwise_xor, *invert, *left_shift, *right_shift;
} ufuncs;

// Whether an operation with a long double would be one of objects: as an object it is itself again.
bool never_ends(PyObject* a, PyObject* b) {
  char number[kMaxElementSize];
  const auto wide = [&](PyObject* object) {
    return scalar_value(object, Element::LongDouble, number) || scalar_value(object, Element::CLongDouble, number);
  };
  if (!wide(a) && !wide(b)) return false;
  PyObject* other = wide(a) ? b : a;
  if (weak_kind(other) || PyList_Check(other) || PyTuple_Check(other)) return false;
  ArrayDescr* descr = scalar_descr(other);
  if (descr) return is_object(descr);
  static Name array_name("__array__"), ufunc_name("__array_ufunc__");
  return !lookup_on_type(other, array_name.get()) && !lookup_on_type(other, ufunc_name.get()) &&
         !PyObject_CheckBuffer(other);
}

// `a op b` where either may be ours; what is no number is an object like any other.
PyObject* binary(UfuncObject* ufunc, PyObject* a, PyObject* b) {
  if (is_exact_array(a) && is_exact_array(b)) return ufunc_binary(ufunc, a, b);
  const bool ours_first = is_array(a) || PyObject_TypeCheck(a, &Generic_Type);
  if (should_defer(ours_first ? a : b, ours_first ? b : a) && ours_first) Py_RETURN_NOTIMPLEMENTED;
  if (!is_array(a) && !is_array(b) && never_ends(a, b)) Py_RETURN_NOTIMPLEMENTED;
  return is_array(a) || is_array(b) ? ufunc_binary(ufunc, a, b) : ufunc_scalars(ufunc, a, b);
}

PyObject* inplace(UfuncObject* ufunc, PyObject* a, PyObject* b) {
  if (!is_exact_array(b) && should_defer(a, b, true)) Py_RETURN_NOTIMPLEMENTED;
  return ufunc_inplace(ufunc, a, b);
}

// np.float64 beside itself or one of Python's own numbers, which are most of what scalars meet.
bool as_double(PyObject* object, double* value) {
  if (is_float64(object) || PyFloat_CheckExact(object)) {
    *value = PyFloat_AsDouble(object);
    return true;
  }
  if (!PyLong_CheckExact(object)) return false;
  int overflow;
  const long long whole = PyLong_AsLongLongAndOverflow(object, &overflow);
  constexpr long long exact = 1LL << 53;
  if (overflow || whole > exact || whole < -exact) return false;
  *value = static_cast<double>(whole);
  return true;
}

// The sum, difference, product or quotient where nothing is to be reported; null without an error otherwise.
template <class Apply>
PyObject* quick_float64(PyObject* a, PyObject* b, Apply apply) {
  double x, y;
  if ((!is_float64(a) && !is_float64(b)) || !as_double(a, &x) || !as_double(b, &y)) return nullptr;
  const double result = apply(x, y);
  return __builtin_isnormal(result) ? make_float64(result) : nullptr;
}

#define WASMNP_BINARY(name)                                                           \
  PyObject* nb_##name(PyObject* a, PyObject* b) { return binary(ufuncs.name, a, b); } \
  PyObject* nb_inplace_##name(PyObject* a, PyObject* b) { return inplace(ufuncs.name, a, b); }
#define WASMNP_QUICK(name, sign)                                                                          \
  PyObject* nb_##name(PyObject* a, PyObject* b) {                                                         \
    if (PyObject *quick = quick_float64(a, b, [](double x, double y) { return x sign y; })) return quick; \
    return binary(ufuncs.name, a, b);                                                                     \
  }                                                                                                       \
  PyObject* nb_inplace_##name(PyObject* a, PyObject* b) { return inplace(ufuncs.name, a, b); }
WASMNP_QUICK(add, +)
WASMNP_QUICK(subtract, -)
WASMNP_QUICK(multiply, *)
WASMNP_QUICK(divide, /)
#undef WASMNP_QUICK
WASMNP_BINARY(floor_divide)
WASMNP_BINARY(remainder)
WASMNP_BINARY(bitwise_and)
WASMNP_BINARY(bitwise_or)
WASMNP_BINARY(bitwise_xor)
WASMNP_BINARY(left_shift)
WASMNP_BINARY(right_shift)
#undef WASMNP_BINARY

// The cheaper ufunc for a Python exponent of a float or complex array: the same values as NumPy's power fast path.
UfuncObject* power_shortcut(PyObject* base, PyObject* exponent) {
  if (!is_array(base) || !(PyFloat_CheckExact(exponent) || PyLong_CheckExact(exponent))) return nullptr;
  const char kind = as_array(base)->descr->kind;
  const double value = PyFloat_CheckExact(exponent) ? PyFloat_AsDouble(exponent) : PyLong_AsDouble(exponent);
  PyErr_Clear();
  const bool inexact = kind == 'f' || kind == 'c';
  if (value == 2.0 && (inexact || (PyLong_CheckExact(exponent) && kind != 'b'))) return ufuncs.square;
  if (!inexact) return nullptr;
  if (value == 0.5) return ufuncs.sqrt;
  if (value == -1.0) return ufuncs.reciprocal;
  return nullptr;
}

PyObject* nb_power(PyObject* a, PyObject* b, PyObject* modulo) {
  if (modulo != Py_None) Py_RETURN_NOTIMPLEMENTED;
  if (UfuncObject* shortcut = power_shortcut(a, b)) return ufunc_unary(shortcut, a);
  return binary(ufuncs.power, a, b);
}

PyObject* nb_inplace_power(PyObject* a, PyObject* b, PyObject*) {
  if (UfuncObject* shortcut = power_shortcut(a, b)) {
    PyObject* args[] = {a, a};
    return ufunc_vectorcall(reinterpret_cast<PyObject*>(shortcut), args, 2, nullptr);
  }
  return inplace(ufuncs.power, a, b);
}

PyObject* nb_divmod(PyObject* a, PyObject* b) { return binary(ufuncs.divmod, a, b); }

PyObject* nb_negative(PyObject* a) { return ufunc_unary(ufuncs.negative, a); }
// Of an integer scalar, one without a negative reports an overflow: the smallest, and unsigned ones but 0.
PyObject* scalar_negative(PyObject* a) {
  PyObject* result = nb_negative(a);
  ArrayDescr* descr = result ? scalar_descr(a) : nullptr;
  if (!descr || (descr->kind != 'i' && descr->kind != 'u') || scalar_descr(result) != descr) return result;
  char before[kMaxElementSize] = {}, after[kMaxElementSize] = {};
  const char zero[kMaxElementSize] = {};
  if (scalar_to_data(a, descr, before) < 0 || scalar_to_data(result, descr, after) < 0) return result;
  if (!std::memcmp(before, zero, sizeof zero)) return result;
  if (descr->kind == 'i' && std::memcmp(before, after, sizeof before)) return result;
  Ref<> owner = steal(result);
  return report_errors(kOverflow, "scalar negative") < 0 ? nullptr : owner.release();
}
PyObject* nb_absolute(PyObject* a) { return ufunc_unary(ufuncs.absolute, a); }
PyObject* nb_invert(PyObject* a) { return ufunc_unary(ufuncs.invert, a); }
PyObject* array_positive(PyObject* a) { return ufunc_unary(ufuncs.positive, a); }
PyObject* scalar_positive(PyObject* a) {
  const ArrayDescr* descr = scalar_descr(a);
  return descr && descr->kind == 'b' ? array_positive(a) : new_ref(a);
}

// ---- single elements as Python numbers

const char* one_element(PyObject* self) {
  ArrayObject* array = as_array(self);
  if (array->nd == 0) return array->data;
  PyErr_SetString(PyExc_TypeError, "only 0-dimensional arrays can be converted to Python scalars");
  return nullptr;
}

int depth_of_conversions = 0;

// A conversion of what an array of objects holds, which may be the array itself. From Python 3.12 on the interpreter
// bounds such calls by the stack that it sees; in WebAssembly that of the host, which it does not see, ends sooner.
template <class Result>
Result converted(PyObject* value, Result (*conversion)(PyObject*), const char* where, Result failure) {
  constexpr int deepest = 500;
  if (!value) return failure;
  if (depth_of_conversions >= deepest) {
    PyErr_Format(PyExc_RecursionError, "maximum recursion depth exceeded%s", where);
    return failure;
  }
  if (Py_EnterRecursiveCall(where)) return failure;
  depth_of_conversions++;
  const Result result = conversion(value);
  depth_of_conversions--;
  Py_LeaveRecursiveCall();
  return result;
}

PyObject* convert(ArrayDescr* descr, const char* data, PyObject* (*conversion)(PyObject*)) {
  Ref<> value = steal(dtype_slots(descr)->getitem(descr, data));
  return converted<PyObject*>(value.get(), conversion, " while converting an array to a number", nullptr);
}

PyObject* array_int(PyObject* self) {
  const char* data = one_element(self);
  return data ? convert(as_array(self)->descr, data, PyNumber_Long) : nullptr;
}
PyObject* array_float(PyObject* self) {
  const char* data = one_element(self);
  return data ? convert(as_array(self)->descr, data, PyNumber_Float) : nullptr;
}
PyObject* array_index(PyObject* self) {
  ArrayObject* array = as_array(self);
  if (array->nd != 0 || (array->descr->kind != 'i' && array->descr->kind != 'u')) {
    PyErr_SetString(PyExc_TypeError, "only integer scalar arrays can be converted to a scalar index");
    return nullptr;
  }
  return convert(array->descr, array->data, PyNumber_Index);
}
int array_bool(PyObject* self) {
  ArrayObject* array = as_array(self);
  const intp size = array_size(array);
  if (size == 1) {
    if (is_time(array->descr)) {  // the epoch and the span of nothing are false
      int64_t count;
      std::memcpy(&count, array->data, sizeof count);
      return count != 0;
    }
    Ref<> value = steal(dtype_slots(array->descr)->getitem(array->descr, array->data));
    return converted<int>(value.get(), PyObject_IsTrue, " while converting array to bool", -1);
  }
  if (size == 0) {
    PyErr_SetString(
        PyExc_ValueError,
        "The truth value of an empty array is ambiguous. Use `array.size > 0` to check that an array is not empty.");
    return -1;
  }
  PyErr_SetString(PyExc_ValueError,
                  "The truth value of an array with more than one element is ambiguous. Use a.any() or a.all()");
  return -1;
}

}  // namespace

Ref<> python_value(PyObject* scalar) {
  if (time_descr_of(scalar)) return steal(PyObject_CallMethod(scalar, "item", nullptr));
  ArrayDescr* descr = scalar_descr(scalar);
  alignas(16) char data[kMaxElementSize] = {};
  if (!descr || !is_plain_builtin(descr) || scalar_to_data(scalar, descr, data) < 0) {
    if (!PyErr_Occurred())
      PyErr_Format(PyExc_TypeError, "cannot convert '%s' to a Python number", Py_TYPE(scalar)->tp_name);
    return nullptr;
  }
  // Python's own numbers are the nearest that there is to a long double.
  long double number[2];
  std::memcpy(number, data, sizeof number);
  switch (static_cast<Element>(element_index(descr))) {
    case Element::LongDouble: return steal(PyFloat_FromDouble(static_cast<double>(number[0])));
    case Element::CLongDouble:
      return steal(PyComplex_FromDoubles(static_cast<double>(number[0]), static_cast<double>(number[1])));
    default: return steal(dtype_slots(descr)->getitem(descr, data));
  }
}
namespace {

// The real part of a complex number, with a warning; other values as they are.
Ref<> real_part(const ArrayDescr* descr, Ref<> value) {
  if (!value || !descr || !is_complex(descr)) return value;
  if (warn_complex_to_real(descr, descr_of(Element::Float64)) < 0) return nullptr;
  return steal(PyObject_GetAttrString(value.get(), "real"));
}

PyObject* scalar_int(PyObject* self) {
  long double number;
  if (scalar_value(self, Element::LongDouble, reinterpret_cast<char*>(&number))) return long_double_to_integer(number);
  Ref<> value = real_part(scalar_descr(self), python_value(self));
  return value ? PyNumber_Long(value.get()) : nullptr;
}
PyObject* scalar_float(PyObject* self) {
  Ref<> value = real_part(scalar_descr(self), python_value(self));
  return value ? PyNumber_Float(value.get()) : nullptr;
}
PyObject* scalar_index(PyObject* self) {
  ArrayDescr* descr = scalar_descr(self);
  if (descr && (descr->kind == 'i' || descr->kind == 'u')) return scalar_int(self);
  PyErr_Format(PyExc_TypeError, "'%s' object cannot be interpreted as an integer", Py_TYPE(self)->tp_name);
  return nullptr;
}
int scalar_bool(PyObject* self) {
  long double number[2] = {};
  if (scalar_value(self, Element::LongDouble, reinterpret_cast<char*>(number)) ||
      scalar_value(self, Element::CLongDouble, reinterpret_cast<char*>(number)))
    return number[0] != 0 || number[1] != 0;
  if (time_descr_of(self)) {
    const Ref<ArrayObject> array = array_from_any(self);
    return array ? array_bool(array.object()) : -1;
  }
  Ref<> value = python_value(self);
  return value ? PyObject_IsTrue(value.get()) : -1;
}

PyObject* nb_matrix_multiply(PyObject* a, PyObject* b) { return binary(matmul_ufunc, a, b); }

// Into the left operand, whose core axes are kept whatever the right one has.
PyObject* nb_inplace_matrix_multiply(PyObject* a, PyObject* b) {
  if (!is_exact_array(b) && should_defer(a, b, true)) Py_RETURN_NOTIMPLEMENTED;
  Ref<> names = steal(Py_BuildValue("(ss)", "out", "axes"));
  Ref<> axes = steal(as_array(a)->nd == 1 ? Py_BuildValue("[(i)(ii)(i)]", -1, -2, -1, -1)
                                          : Py_BuildValue("[(ii)(ii)(ii)]", -2, -1, -2, -1, -2, -1));
  if (!names || !axes) return nullptr;
  PyObject* args[] = {a, b, a, axes.get()};
  PyObject* result = ufunc_vectorcall(reinterpret_cast<PyObject*>(matmul_ufunc), args, 2, names.get());
  if (result) return result;
  Ref<> axis_error;
  {
    SavedError raised;
    axis_error = steal(import_member("exceptions", "AxisError"));
    PyErr_Clear();
  }
  if (!axis_error || !PyErr_ExceptionMatches(axis_error.get())) return nullptr;
  PyErr_Clear();
  PyErr_SetString(PyExc_ValueError,
                  "inplace matrix multiplication requires the first operand to have at least one and the second at "
                  "least two dimensions.");
  return nullptr;
}

constexpr NumberMethods shared_number() {
  NumberMethods m{};
  m.add = nb_add;
  m.subtract = nb_subtract;
  m.multiply = nb_multiply;
  m.remainder = nb_remainder;
  m.divmod = nb_divmod;
  m.power = nb_power;
  m.negative = nb_negative;
  m.absolute = nb_absolute;
  m.invert = nb_invert;
  m.left_shift = nb_left_shift;
  m.right_shift = nb_right_shift;
  m.bit_and = nb_bitwise_and;
  m.bit_xor = nb_bitwise_xor;
  m.bit_or = nb_bitwise_or;
  m.floor_divide = nb_floor_divide;
  m.true_divide = nb_divide;
  return m;
}

}  // namespace

constinit NumberMethods array_number = [] {
  NumberMethods m = shared_number();
  m.positive = array_positive;
  m.boolean = array_bool;
  m.integer = array_int;
  m.floating = array_float;
  m.index = array_index;
  m.inplace_add = nb_inplace_add;
  m.inplace_subtract = nb_inplace_subtract;
  m.inplace_multiply = nb_inplace_multiply;
  m.inplace_remainder = nb_inplace_remainder;
  m.inplace_power = nb_inplace_power;
  m.inplace_left_shift = nb_inplace_left_shift;
  m.inplace_right_shift = nb_inplace_right_shift;
  m.inplace_and = nb_inplace_bitwise_and;
  m.inplace_xor = nb_inplace_bitwise_xor;
  m.inplace_or = nb_inplace_bitwise_or;
  m.inplace_floor_divide = nb_inplace_floor_divide;
  m.inplace_true_divide = nb_inplace_divide;
  m.matrix_multiply = nb_matrix_multiply;
  m.inplace_matrix_multiply = nb_inplace_matrix_multiply;
  return m;
}();

constinit NumberMethods scalar_number = [] {
  NumberMethods m = shared_number();
  m.negative = scalar_negative;
  m.positive = scalar_positive;
  m.boolean = scalar_bool;
  m.integer = scalar_int;
  m.floating = scalar_float;
  m.index = scalar_index;
  return m;
}();

namespace {

UfuncObject* comparison(int operation) {
  switch (operation) {
    case Py_LT: return ufuncs.less;
    case Py_LE: return ufuncs.less_equal;
    case Py_EQ: return ufuncs.equal;
    case Py_NE: return ufuncs.not_equal;
    case Py_GT: return ufuncs.greater;
    default: return ufuncs.greater_equal;
  }
}

}  // namespace

PyObject* array_richcompare(PyObject* a, PyObject* b, int operation) {
  if (!is_exact_array(b) && should_defer(a, b)) Py_RETURN_NOTIMPLEMENTED;
  if (as_array(a)->descr->type_num == kVoid) {
    Ref<> compare = steal(import_member("_core._internal", "_compare_structures"));
    return compare ? PyObject_CallFunction(compare.get(), "OOi", a, b, operation) : nullptr;
  }
  PyObject* result = ufunc_binary(comparison(operation), a, b);
  if (result || (operation != Py_EQ && operation != Py_NE) || !PyErr_ExceptionMatches(PyExc_TypeError)) return result;
  // Types without a comparison, such as text and numbers, are unequal.
  Ref<> no_loop;
  {
    SavedError error;
    no_loop = steal(import_member("_core._exceptions", "_UFuncNoLoopError"));
    PyErr_Clear();
  }
  if (!no_loop || !PyErr_ExceptionMatches(no_loop.get())) return nullptr;
  PyErr_Clear();
  Ref<ArrayObject> other = array_from_any(b);
  if (!other) return nullptr;
  intp dims[kMaxDims];
  int nd = 0;
  if (!broadcast_shape(&nd, dims, as_array(a)->nd, as_array(a)->dimensions) ||
      !broadcast_shape(&nd, dims, other->nd, other->dimensions)) {
    PyErr_SetString(PyExc_ValueError, "operands could not be broadcast together");
    return nullptr;
  }
  Ref<ArrayObject> outcome = new_array(descr_of(Element::Bool), nd, dims);
  if (!outcome || assign_object(outcome.get(), operation == Py_NE ? Py_True : Py_False) < 0) return nullptr;
  return array_return(std::move(outcome));
}

PyObject* scalar_richcompare(PyObject* a, PyObject* b, int operation) {
  if (!is_array(b) && should_defer(a, b)) Py_RETURN_NOTIMPLEMENTED;
  if (PyObject_TypeCheck(a, &Void_Type)) {
    Ref<ArrayObject> array = array_from_any(a);
    return array ? array_richcompare(array.object(), b, operation) : nullptr;
  }
  if (!is_array(b) && never_ends(a, b)) Py_RETURN_NOTIMPLEMENTED;
  if ((PyUnicode_Check(b) || PyBytes_Check(b)) && (operation == Py_EQ || operation == Py_NE))
    return new_ref(boolean_value(operation == Py_NE));
  PyObject* result =
      is_array(b) ? ufunc_binary(comparison(operation), a, b) : ufunc_scalars(comparison(operation), a, b);
  if (result || (operation != Py_EQ && operation != Py_NE) || !PyErr_ExceptionMatches(PyExc_TypeError)) return result;
  // What has no comparison is unequal, or fails once more.
  PyErr_Clear();
  Ref<ArrayObject> array = array_from_any(a);
  return array ? array_richcompare(array.object(), b, operation) : nullptr;
}

int init_operators() {
  const struct {
    const char* name;
    UfuncObject** slot;
  } wanted[] = {{"add", &ufuncs.add},
                {"subtract", &ufuncs.subtract},
                {"multiply", &ufuncs.multiply},
                {"divide", &ufuncs.divide},
                {"floor_divide", &ufuncs.floor_divide},
                {"remainder", &ufuncs.remainder},
                {"divmod", &ufuncs.divmod},
                {"power", &ufuncs.power},
                {"negative", &ufuncs.negative},
                {"positive", &ufuncs.positive},
                {"absolute", &ufuncs.absolute},
                {"square", &ufuncs.square},
                {"sqrt", &ufuncs.sqrt},
                {"reciprocal", &ufuncs.reciprocal},
                {"equal", &ufuncs.equal},
                {"not_equal", &ufuncs.not_equal},
                {"less", &ufuncs.less},
                {"less_equal", &ufuncs.less_equal},
                {"greater", &ufuncs.greater},
                {"greater_equal", &ufuncs.greater_equal},
                {"bitwise_and", &ufuncs.bitwise_and},
                {"bitwise_or", &ufuncs.bitwise_or},
                {"bitwise_xor", &ufuncs.bitwise_xor},
                {"invert", &ufuncs.invert},
                {"left_shift", &ufuncs.left_shift},
                {"right_shift", &ufuncs.right_shift}};
  for (const auto& entry : wanted) {
    *entry.slot = find_ufunc(entry.name);
    if (!*entry.slot) {
      PyErr_Format(PyExc_ImportError, "the kernel registry lacks '%s'", entry.name);
      return -1;
    }
  }
  return 0;
}

}  // namespace wasmnp
