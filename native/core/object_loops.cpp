// Ufuncs on Python objects: operators and methods of the elements.
#include "../python/ref.hpp"
#include "casting.hpp"
#include "core_loops.hpp"
#include "state.hpp"

namespace wasmnp {

namespace {

using Unary = PyObject* (*)(PyObject*);
using Binary = PyObject* (*)(PyObject*, PyObject*);

template <class Function>
Function function_in(void* data) {
  return reinterpret_cast<Function>(data);
}
template <class Function>
void* data_of(Function function) {
  return reinterpret_cast<void*>(function);
}

// Every loop stops at the first error.
template <int nin, int nout, class Apply>
void for_each(char** args, const intp* dimensions, const intp* strides, Apply apply) {
  char* pointers[nin + nout];
  for (int k = 0; k < nin + nout; k++) pointers[k] = args[k];
  for (intp i = 0; i < *dimensions; i++) {
    if (!apply(pointers)) return;
    for (int k = 0; k < nin + nout; k++) pointers[k] += strides[k];
  }
}

bool store(char* out, PyObject* result) {
  if (!result) return false;
  put_object(out, steal(result));
  return true;
}
bool store_truth(char* out, int truth) {
  *out = static_cast<char>(truth);
  return truth >= 0;
}

void unary(char** args, const intp* dimensions, const intp* strides, void* data) {
  for_each<1, 1>(args, dimensions, strides,
                 [&](char** p) { return store(p[1], function_in<Unary>(data)(object_at(p[0]).get())); });
}
void unary_truth(char** args, const intp* dimensions, const intp* strides, void*) {
  for_each<1, 1>(args, dimensions, strides, [&](char** p) {
    const int truth = PyObject_IsTrue(object_at(p[0]).get());
    return store_truth(p[1], truth < 0 ? truth : !truth);
  });
}
void binary(char** args, const intp* dimensions, const intp* strides, void* data) {
  for_each<2, 1>(args, dimensions, strides, [&](char** p) {
    const Ref<> a = object_at(p[0]), b = object_at(p[1]);
    return store(p[2], function_in<Binary>(data)(a.get(), b.get()));
  });
}
void binary_truth(char** args, const intp* dimensions, const intp* strides, void* data) {
  for_each<2, 1>(args, dimensions, strides, [&](char** p) {
    const Ref<> a = object_at(p[0]), b = object_at(p[1]);
    const Ref<> result = steal(function_in<Binary>(data)(a.get(), b.get()));
    return store_truth(p[2], result ? PyObject_IsTrue(result.get()) : -1);
  });
}

// obj.name(*others), NumPy's way to sin, sqrt and their like of objects.
template <int nin>
void method(char** args, const intp* dimensions, const intp* strides, void* data) {
  const char* name = static_cast<const char*>(data);
  intp index = 0;
  for_each<nin, 1>(args, dimensions, strides, [&](char** p) {
    const Ref<> self = object_at(p[0]);
    Ref<> bound = steal(PyObject_GetAttrString(self.get(), name));
    if (!bound || !PyCallable_Check(bound.get())) {
      PyErr_Clear();
      PyErr_Format(PyExc_TypeError,
                   "loop of ufunc does not support argument %zd of type %s which has no callable %s method", index,
                   Py_TYPE(self.get())->tp_name, name);
      return false;
    }
    index++;
    Ref<> other;
    if (nin == 2) other = object_at(p[1]);
    return store(p[nin], PyObject_CallFunctionObjArgs(bound.get(), other.get(), nullptr));
  });
}

PyObject* from_math(const char* name, PyObject* a, PyObject* b = nullptr) {
  Ref<> module = steal(PyImport_ImportModule("math"));
  Ref<> function = module ? steal(PyObject_GetAttrString(module.get(), name)) : Ref<>();
  return function ? PyObject_CallFunctionObjArgs(function.get(), a, b, nullptr) : nullptr;
}
PyObject* floor_of(PyObject* a) { return from_math("floor", a); }
PyObject* ceil_of(PyObject* a) { return from_math("ceil", a); }
PyObject* trunc_of(PyObject* a) { return from_math("trunc", a); }
PyObject* square_of(PyObject* a) { return PyNumber_Multiply(a, a); }
PyObject* reciprocal_of(PyObject* a) {
  Ref<> one = steal(PyLong_FromLong(1));
  return one ? PyNumber_TrueDivide(one.get(), a) : nullptr;
}
PyObject* sign_of(PyObject* a) {
  Ref<> zero = steal(PyLong_FromLong(0));
  const int below = zero ? PyObject_RichCompareBool(a, zero.get(), Py_LT) : -1;
  if (below) return below < 0 ? nullptr : PyLong_FromLong(-1);
  const int above = PyObject_RichCompareBool(a, zero.get(), Py_GT);
  if (above) return above < 0 ? nullptr : PyLong_FromLong(1);
  const int equal = PyObject_RichCompareBool(a, zero.get(), Py_EQ);
  if (equal > 0) return PyLong_FromLong(0);
  if (equal == 0) PyErr_SetString(PyExc_TypeError, "unorderable types for comparison");
  return nullptr;
}
PyObject* not_of(PyObject* a) {
  const int truth = PyObject_IsTrue(a);
  return truth < 0 ? nullptr : PyBool_FromLong(!truth);
}
PyObject* power_of(PyObject* a, PyObject* b) { return PyNumber_Power(a, b, Py_None); }

template <int operation>
PyObject* compare(PyObject* a, PyObject* b) {
  return PyObject_RichCompare(a, b, operation);
}
template <int operation>
PyObject* extreme(PyObject* a, PyObject* b) {
  const int first = PyObject_RichCompareBool(a, b, operation);
  return first < 0 ? nullptr : new_ref(first ? a : b);
}

PyObject* logical_and(PyObject* a, PyObject* b) {
  const int truth = PyObject_IsTrue(a);
  return truth < 0 ? nullptr : new_ref(truth ? b : a);
}
PyObject* logical_or(PyObject* a, PyObject* b) {
  const int truth = PyObject_IsTrue(a);
  return truth < 0 ? nullptr : new_ref(truth ? a : b);
}
PyObject* logical_xor(PyObject* a, PyObject* b) {
  const int x = PyObject_IsTrue(a), y = x < 0 ? -1 : PyObject_IsTrue(b);
  return y < 0 ? nullptr : PyBool_FromLong(x != y);
}
PyObject* one_of(PyObject*) { return PyLong_FromLong(1); }

// Whether an error says that math has no answer for these types.
bool is_no_integer() {
  if (!PyErr_ExceptionMatches(PyExc_TypeError)) return false;
  PyErr_Clear();
  return true;
}
// Euclid's algorithm for fractions, decimals and other numbers.
PyObject* gcd_of(PyObject* a, PyObject* b) {
  if (PyObject* integer = from_math("gcd", a, b)) return integer;
  if (!is_no_integer()) return nullptr;
  for (PyObject* number : {a, b}) {
    const Ref<> finite = steal(from_math("isfinite", number));
    if (!finite) return nullptr;
    if (finite.get() == Py_True) continue;
    PyErr_Format(PyExc_ValueError, "Can only find greatest common divisor of finite arguments, found %R", number);
    return nullptr;
  }
  Ref<> first = steal(PyNumber_Absolute(a)), second = steal(PyNumber_Absolute(b));
  while (first && second) {
    const int more = PyObject_IsTrue(second.get());
    if (more < 0) return nullptr;
    if (!more) return first.release();
    Ref<> rest = steal(PyNumber_Remainder(first.get(), second.get()));
    first = std::move(second);
    second = std::move(rest);
  }
  return nullptr;
}
PyObject* lcm_of(PyObject* a, PyObject* b) {
  const Ref<> divisor = steal(gcd_of(a, b));
  const Ref<> part = divisor ? steal(PyNumber_FloorDivide(a, divisor.get())) : Ref<>();
  const Ref<> product = part ? steal(PyNumber_Multiply(part.get(), b)) : Ref<>();
  return product ? PyNumber_Absolute(product.get()) : nullptr;
}

void clip(char** args, const intp* dimensions, const intp* strides, void*) {
  for_each<3, 1>(args, dimensions, strides, [&](char** p) {
    const Ref<> value = object_at(p[0]), low = object_at(p[1]), high = object_at(p[2]);
    const Ref<> raised = low.get() == Py_None ? borrow(value.get()) : steal(extreme<Py_GE>(value.get(), low.get()));
    if (!raised) return false;
    return store(p[3], high.get() == Py_None ? new_ref(raised.get()) : extreme<Py_LE>(raised.get(), high.get()));
  });
}

constexpr char kUnary[] = "O->O", kBinary[] = "OO->O", kTruth[] = "OO->?";

CoreLoop method_row(const char* name, const char* method_name = nullptr) {
  return {name, kUnary, method<1>, const_cast<char*>(method_name ? method_name : name)};
}

}  // namespace

CoreLoops object_loops() {
  static const CoreLoop rows[] = {
      {"add", kBinary, binary, data_of(PyNumber_Add)},
      {"subtract", kBinary, binary, data_of(PyNumber_Subtract)},
      {"multiply", kBinary, binary, data_of(PyNumber_Multiply)},
      {"divide", kBinary, binary, data_of(PyNumber_TrueDivide)},
      {"floor_divide", kBinary, binary, data_of(PyNumber_FloorDivide)},
      {"remainder", kBinary, binary, data_of(PyNumber_Remainder)},
      {"power", kBinary, binary, data_of(power_of)},
      {"left_shift", kBinary, binary, data_of(PyNumber_Lshift)},
      {"right_shift", kBinary, binary, data_of(PyNumber_Rshift)},
      {"bitwise_and", kBinary, binary, data_of(PyNumber_And)},
      {"bitwise_or", kBinary, binary, data_of(PyNumber_Or)},
      {"bitwise_xor", kBinary, binary, data_of(PyNumber_Xor)},
      {"invert", kUnary, unary, data_of(PyNumber_Invert)},
      {"negative", kUnary, unary, data_of(PyNumber_Negative)},
      {"positive", kUnary, unary, data_of(PyNumber_Positive)},
      {"absolute", kUnary, unary, data_of(PyNumber_Absolute)},
      {"square", kUnary, unary, data_of(square_of)},
      {"reciprocal", kUnary, unary, data_of(reciprocal_of)},
      {"sign", kUnary, unary, data_of(sign_of)},
      {"_ones_like", kUnary, unary, data_of(one_of)},
      {"floor", kUnary, unary, data_of(floor_of)},
      {"ceil", kUnary, unary, data_of(ceil_of)},
      {"trunc", kUnary, unary, data_of(trunc_of)},
      {"gcd", kBinary, binary, data_of(gcd_of)},
      {"lcm", kBinary, binary, data_of(lcm_of)},
      {"maximum", kBinary, binary, data_of(extreme<Py_GE>)},
      {"minimum", kBinary, binary, data_of(extreme<Py_LE>)},
      {"fmax", kBinary, binary, data_of(extreme<Py_GE>)},
      {"fmin", kBinary, binary, data_of(extreme<Py_LE>)},
      {"clip", "OOO->O", clip, nullptr},
      {"logical_not", "O->?", unary_truth, nullptr},
      {"logical_not", kUnary, unary, data_of(not_of)},
      {"logical_and", kTruth, binary_truth, data_of(logical_and)},
      {"logical_and", kBinary, binary, data_of(logical_and)},
      {"logical_or", kTruth, binary_truth, data_of(logical_or)},
      {"logical_or", kBinary, binary, data_of(logical_or)},
      {"logical_xor", kTruth, binary_truth, data_of(logical_xor)},
      {"logical_xor", kBinary, method<2>, const_cast<char*>("logical_xor")},  // as NumPy does
      {"equal", kTruth, binary_truth, data_of(compare<Py_EQ>)},
      {"equal", kBinary, binary, data_of(compare<Py_EQ>)},
      {"not_equal", kTruth, binary_truth, data_of(compare<Py_NE>)},
      {"not_equal", kBinary, binary, data_of(compare<Py_NE>)},
      {"less", kTruth, binary_truth, data_of(compare<Py_LT>)},
      {"less", kBinary, binary, data_of(compare<Py_LT>)},
      {"less_equal", kTruth, binary_truth, data_of(compare<Py_LE>)},
      {"less_equal", kBinary, binary, data_of(compare<Py_LE>)},
      {"greater", kTruth, binary_truth, data_of(compare<Py_GT>)},
      {"greater", kBinary, binary, data_of(compare<Py_GT>)},
      {"greater_equal", kTruth, binary_truth, data_of(compare<Py_GE>)},
      {"greater_equal", kBinary, binary, data_of(compare<Py_GE>)},
      {"arctan2", kBinary, method<2>, const_cast<char*>("arctan2")},
      {"hypot", kBinary, method<2>, const_cast<char*>("hypot")},
      {"fmod", kBinary, method<2>, const_cast<char*>("fmod")},
      method_row("conjugate"),
      method_row("sqrt"),
      method_row("cbrt"),
      method_row("exp"),
      method_row("exp2"),
      method_row("expm1"),
      method_row("log"),
      method_row("log2"),
      method_row("log10"),
      method_row("log1p"),
      method_row("sin"),
      method_row("cos"),
      method_row("tan"),
      method_row("arcsin"),
      method_row("arccos"),
      method_row("arctan"),
      method_row("sinh"),
      method_row("cosh"),
      method_row("tanh"),
      method_row("arcsinh"),
      method_row("arccosh"),
      method_row("arctanh"),
      method_row("degrees"),
      method_row("radians"),
      method_row("rad2deg"),
      method_row("deg2rad"),
      method_row("rint"),
      method_row("fabs"),
      method_row("bitwise_count", "bit_count"),
  };
  return {rows, static_cast<int>(sizeof rows / sizeof *rows)};
}

}  // namespace wasmnp
