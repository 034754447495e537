// Attributes and methods of scalars: a scalar is a 0-d array that cannot change.
#include <cmath>
#include <cstring>

#include "../python/arguments.hpp"
#include "array.hpp"
#include "casting.hpp"
#include "datetime.hpp"
#include "flexible.hpp"
#include "long_double.hpp"
#include "operators.hpp"
#include "scalar.hpp"
#include "scalar_slots.hpp"
#include "state.hpp"

namespace wasmnp {

namespace {

Ref<ArrayObject> as_0d(PyObject* self) {
  if (PyObject_TypeCheck(self, &Flexible_Type) || time_descr_of(self)) return array_from_any(self);
  ArrayDescr* descr = scalar_descr(self);
  if (!descr) {
    PyErr_Format(PyExc_TypeError, "'%s' has no data type", Py_TYPE(self)->tp_name);
    return nullptr;
  }
  Ref<ArrayObject> array = new_array(descr, 0, nullptr);
  if (!array) return nullptr;
  if (is_plain_builtin(descr)) {
    if (scalar_to_data(self, descr, array->data) < 0) return nullptr;
  } else if (dtype_slots(descr)->setitem(descr, self, array->data) < 0) {
    return nullptr;
  }
  return array;
}

PyObject* get_dtype(PyObject* self, void*) {
  ArrayDescr* descr = scalar_descr(self);
  if (!descr) {
    PyErr_SetString(PyExc_AttributeError, "this scalar has no data type");
    return nullptr;
  }
  return new_ref(descr);
}
PyObject* get_array_attribute(PyObject* self, void* name) {
  Ref<ArrayObject> array = as_0d(self);
  if (array) array->flags &= ~kWriteable;
  Ref<> value = array ? steal(PyObject_GetAttrString(array.object(), static_cast<const char*>(name))) : Ref<>();
  if (value && is_exact_array(value.get())) return array_return(Ref<ArrayObject>(std::move(value)));
  return value.release();
}
PyObject* get_none(PyObject*, void*) { return new_ref(Py_None); }
PyObject* get_priority(PyObject*, void*) { return PyFloat_FromDouble(-1000000.0); }

PyObject* call_array_method(const char* name, PyObject* self, PyObject* const* args, Py_ssize_t nargs,
                            PyObject* kwnames) {
  Ref<ArrayObject> array = as_0d(self);
  Ref<> method = array ? steal(PyObject_GetAttrString(array.object(), name)) : Ref<>();
  Ref<> positional = method ? steal(PyTuple_New(nargs)) : Ref<>();
  if (!positional) return nullptr;
  for (Py_ssize_t i = 0; i < nargs; i++) PyTuple_SetItem(positional.get(), i, new_ref(args[i]));
  Ref<> keywords;
  if (kwnames) {
    keywords = steal(PyDict_New());
    for (Py_ssize_t i = 0; keywords && i < PyTuple_Size(kwnames); i++)
      if (PyDict_SetItem(keywords.get(), PyTuple_GetItem(kwnames, i), args[nargs + i]) < 0) return nullptr;
  }
  Ref<> result = steal(PyObject_Call(method.get(), positional.get(), keywords.get()));
  if (result && is_exact_array(result.get())) return array_return(Ref<ArrayObject>(std::move(result)));
  return result.release();
}

// Methods that a scalar has because an array of no dimensions has them: name, and what it gives.
// clang-format off
#define WASMNP_DELEGATES(row) \
  row(all, "Whether the value is true.") \
  row(any, "Whether the value is true.") \
  row(argmax, "Zero.") \
  row(argmin, "Zero.") \
  row(argsort, "As of an array without dimensions.") \
  row(astype, "The value converted to another data type.") \
  row(byteswap, "The value with its bytes reversed.") \
  row(choose, "As of an array without dimensions.") \
  row(clip, "The value moved into a range.") \
  row(conj, "The complex conjugate.") \
  row(conjugate, "The complex conjugate.") \
  row(compress, "As of an array without dimensions.") \
  row(copy, "The same value.") \
  row(cumprod, "An array of the value.") \
  row(cumsum, "An array of the value.") \
  row(diagonal, "As of an array without dimensions.") \
  row(dump, "Writes a pickle to a file.") \
  row(dumps, "The bytes of a pickle.") \
  row(fill, "As of an array without dimensions.") \
  row(flatten, "A 1-d array of the value.") \
  row(getfield, "Part of the bytes as another data type.") \
  row(item, "The value as a Python object.") \
  row(max, "The value.") \
  row(mean, "The value.") \
  row(min, "The value.") \
  row(nonzero, "As of an array without dimensions.") \
  row(prod, "The value, in the type that products use.") \
  row(put, "As of an array without dimensions.") \
  row(ravel, "A 1-d array of the value.") \
  row(repeat, "A 1-d array of copies of the value.") \
  row(reshape, "An array of one element.") \
  row(round, "The value rounded to some decimals.") \
  row(searchsorted, "As of an array without dimensions.") \
  row(sort, "As of an array without dimensions.") \
  row(squeeze, "The value.") \
  row(std, "Zero.") \
  row(sum, "The value, in the type that sums use.") \
  row(swapaxes, "As of an array without dimensions.") \
  row(take, "As of an array without dimensions.") \
  row(tobytes, "The bytes of the value.") \
  row(tofile, "Writes the bytes to a file.") \
  row(tolist, "The value as a Python object.") \
  row(trace, "As of an array without dimensions.") \
  row(transpose, "The value.") \
  row(var, "Zero.") \
  row(view, "The same bytes as another data type.")
// clang-format on

#define WASMNP_METHOD(name, doc)                                                                        \
  PyObject* method_##name(PyObject* self, PyObject* const* args, Py_ssize_t nargs, PyObject* kwnames) { \
    return call_array_method(#name, self, args, nargs, kwnames);                                        \
  }
WASMNP_DELEGATES(WASMNP_METHOD)
#undef WASMNP_METHOD

// numerator, denominator of a real number, in lowest terms; long doubles by way of their exact mantissa.
PyObject* method_as_integer_ratio(PyObject* self, PyObject*) {
  long double number;
  if (!scalar_value(self, Element::LongDouble, reinterpret_cast<char*>(&number))) {
    Ref<> value = python_value(self);
    return value ? PyObject_CallMethod(value.get(), "as_integer_ratio", nullptr) : nullptr;
  }
  if (std::isnan(number) || std::isinf(number)) {
    PyErr_SetString(
        std::isnan(number) ? PyExc_ValueError : PyExc_OverflowError,
        std::isnan(number) ? "cannot convert NaN to integer ratio" : "cannot convert Infinity to integer ratio");
    return nullptr;
  }
  int exponent;
  long double mantissa = std::frexp(number, &exponent);
  while (mantissa != std::floor(mantissa)) {
    mantissa *= 2;
    exponent--;
  }
  Ref<> numerator = steal(long_double_to_integer(mantissa)), denominator = steal(PyLong_FromLong(1));
  Ref<> shift = steal(PyLong_FromLong(exponent < 0 ? -exponent : exponent));
  if (!numerator || !denominator || !shift) return nullptr;
  Ref<>& moved = exponent < 0 ? denominator : numerator;
  moved = steal(PyNumber_Lshift(moved.get(), shift.get()));
  return moved ? PyTuple_Pack(2, numerator.get(), denominator.get()) : nullptr;
}
PyObject* method_is_integer(PyObject* self, PyObject*) {
  long double number;
  if (scalar_value(self, Element::LongDouble, reinterpret_cast<char*>(&number)))
    return PyBool_FromLong(std::isfinite(number) && number == std::floor(number));
  Ref<> value = python_value(self);
  if (!value) return nullptr;
  return PyFloat_Check(value.get()) ? PyObject_CallMethod(value.get(), "is_integer", nullptr) : new_ref(Py_True);
}
PyObject* method_bit_count(PyObject* self, PyObject*) {
  Ref<> value = python_value(self);
  Ref<> size = value ? steal(PyNumber_Absolute(value.get())) : Ref<>();
  Ref<> count = size ? steal(PyObject_CallMethod(size.get(), "bit_count", nullptr)) : Ref<>();
  if (!count) return nullptr;
  PyTypeObject* byte = descr_of(Element::UInt8)->typeobj;
  return PyObject_CallFunctionObjArgs(reinterpret_cast<PyObject*>(byte), count.get(), nullptr);
}

PyObject* method_self(PyObject* self, PyObject*) { return new_ref(self); }
PyObject* method_to_device(PyObject* self, PyObject* const* args, Py_ssize_t nargs, PyObject* kwnames) {
  Ref<> checked = steal(call_array_method("to_device", self, args, nargs, kwnames));
  return checked ? new_ref(self) : nullptr;
}
PyObject* method_nothing(PyObject*, PyObject*) { Py_RETURN_NONE; }
PyObject* method_setfield(PyObject*, PyObject*) {
  PyErr_SetString(PyExc_TypeError, "Can't set fields in a non-void array scalar.");
  return nullptr;
}
PyObject* method_namespace(PyObject* self, PyObject* const* args, Py_ssize_t nargs, PyObject* kwnames) {
  return call_array_method("__array_namespace__", self, args, nargs, kwnames);
}
PyObject* method_class_getitem(PyObject* type, PyObject* parameters) {
  auto* own = reinterpret_cast<PyTypeObject*>(type);
  // Abstract numbers are generic over their width, complex ones over their parts; of the others bool and datetime64.
  bool concrete = false;
  for (int i = 0; i < kBuiltinCount; i++) concrete |= PyType_IsSubtype(own, builtin_scalar_type(i));
  concrete |= PyType_IsSubtype(own, &Timedelta_Type);
  const bool chosen = PyType_IsSubtype(own, descr_of(Element::Bool)->typeobj) || PyType_IsSubtype(own, &Datetime_Type);
  if (!chosen && (concrete || !PyType_IsSubtype(own, abstract_scalar_type("number")))) {
    PyErr_Format(PyExc_TypeError, "type '%s' is not subscriptable", own->tp_name);
    return nullptr;
  }
  const Py_ssize_t given = PyTuple_Check(parameters) ? PyTuple_Size(parameters) : 1;
  const Py_ssize_t most = PyType_IsSubtype(own, abstract_scalar_type("complexfloating")) ? 2 : 1;
  if (given < 1 || given > most) {
    PyErr_Format(PyExc_TypeError, "Too %s arguments for %s", given < 1 ? "few" : "many", own->tp_name);
    return nullptr;
  }
  return Py_GenericAlias(type, parameters);
}

PyObject* subscript(PyObject* self, PyObject* key) {
  Ref<ArrayObject> array = as_0d(self);
  if (!array) return nullptr;
  PyObject* result = array_subscript(array.object(), key);
  if (!result && PyErr_ExceptionMatches(PyExc_IndexError)) {
    PyErr_Clear();
    PyErr_SetString(PyExc_IndexError, "invalid index to scalar variable.");
  }
  return result;
}

// The bytes of a scalar are those of an array that is made for the view.
int get_buffer(PyObject* self, Py_buffer* view, int flags) {
  if (flags & PyBUF_WRITABLE) {
    view->obj = nullptr;
    PyErr_SetString(PyExc_BufferError, "scalar buffer is readonly");
    return -1;
  }
  Ref<ArrayObject> array = as_0d(self);
  if (!array) {
    view->obj = nullptr;
    return -1;
  }
  array->flags &= ~kWriteable;
  return PyObject_GetBuffer(array.object(), view, flags);
}

PyObject* method_array(PyObject* self, PyObject* args, PyObject* kwargs) {
  PyObject *dtype = Py_None, *copy = Py_None;
  static const char* keywords[] = {"dtype", "copy", nullptr};
  if (!PyArg_ParseTupleAndKeywords(args, kwargs, "|O$O:__array__", const_cast<char**>(keywords), &dtype, &copy))
    return nullptr;
  Ref<ArrayObject> array = as_0d(self);
  if (!array || dtype == Py_None) return array.release_object();
  Ref<ArrayDescr> descr = descr_from_object(dtype);
  return descr ? copy_array(array.get(), descr.get(), Order::K, false).release_object() : nullptr;
}

PyObject* method_array_wrap(PyObject*, PyObject* args) {
  PyObject *array, *context = nullptr, *return_scalar = Py_True;
  if (!PyArg_ParseTuple(args, "O|OO:__array_wrap__", &array, &context, &return_scalar)) return nullptr;
  const int scalar = return_scalar == Py_None ? 1 : PyObject_IsTrue(return_scalar);
  if (scalar < 0) return nullptr;
  return scalar && is_array(array) ? array_return(Ref<ArrayObject>::borrow(array)) : new_ref(array);
}

PyObject* method_reduce(PyObject* self, PyObject*) {
  ArrayDescr* descr = scalar_descr(self);
  alignas(16) char data[kMaxElementSize];
  if (!descr || !is_plain_builtin(descr) || scalar_to_data(self, descr, data) < 0) {
    if (!PyErr_Occurred()) PyErr_Format(PyExc_TypeError, "cannot pickle '%s' object", Py_TYPE(self)->tp_name);
    return nullptr;
  }
  Ref<> function = steal(import_member("_core.multiarray", "scalar"));
  Ref<> bytes = steal(PyBytes_FromStringAndSize(data, descr->elsize));
  if (!function || !bytes) return nullptr;
  return Py_BuildValue("(O(OO))", function.get(), reinterpret_cast<PyObject*>(descr), bytes.get());
}

PyObject* method_complex(PyObject* self, PyObject*) {
  Ref<> value = python_value(self);
  if (!value) return nullptr;
  return PyObject_CallFunctionObjArgs(reinterpret_cast<PyObject*>(&PyComplex_Type), value.get(), nullptr);
}

PyObject* method_format(PyObject* self, PyObject* spec) {
  if (!PyUnicode_Check(spec)) {
    PyErr_Format(PyExc_TypeError, "__format__() argument must be str, not %s", Py_TYPE(spec)->tp_name);
    return nullptr;
  }
  // Numbers as Python's; text, times and structures as their own text.
  const ArrayDescr* descr = scalar_descr(self);
  const bool number = descr && std::strchr("biufc", descr->kind);
  Ref<> value = number ? python_value(self) : steal(PyObject_Str(self));
  return value ? PyObject_Format(value.get(), spec) : nullptr;
}

PyObject* method_round(PyObject* self, PyObject* args) {
  PyObject* digits = Py_None;
  if (!PyArg_ParseTuple(args, "|O:__round__", &digits)) return nullptr;
  const ArrayDescr* descr = scalar_descr(self);
  if (!descr || !std::strchr("iuf", descr->kind)) {
    PyErr_Format(PyExc_TypeError, "type %s doesn't define __round__ method", Py_TYPE(self)->tp_name);
    return nullptr;
  }
  const bool whole = digits == Py_None;
  Ref<> rounded = steal(call_array_method("round", self, whole ? nullptr : &digits, whole ? 0 : 1, nullptr));
  return rounded && whole ? PyNumber_Long(rounded.get()) : rounded.release();
}

char* attribute_name(const char* name) { return const_cast<char*>(name); }

}  // namespace

PyMethodDef real_scalar_methods[] = {
    {"as_integer_ratio", method_as_integer_ratio, METH_NOARGS,
     "as_integer_ratio($self, /)\n--\n\nThe value as a pair of integers, numerator and denominator."},
    {"is_integer", method_is_integer, METH_NOARGS, "is_integer($self, /)\n--\n\nWhether the value is whole."},
    {nullptr, nullptr, 0, nullptr},
};
PyMethodDef integer_scalar_methods[] = {
    {"is_integer", method_is_integer, METH_NOARGS, "is_integer($self, /)\n--\n\nTrue."},
    {"bit_count", method_bit_count, METH_NOARGS,
     "bit_count($self, /)\n--\n\nHow many bits of the value without its sign are ones."},
    {nullptr, nullptr, 0, nullptr},
};

PyGetSetDef scalar_getset[] = {
    {"dtype", get_dtype, nullptr, "Data type of the scalar.", nullptr},
    {"shape", get_array_attribute, nullptr, "The empty tuple.", attribute_name("shape")},
    {"strides", get_array_attribute, nullptr, "The empty tuple.", attribute_name("strides")},
    {"ndim", get_array_attribute, nullptr, "Zero.", attribute_name("ndim")},
    {"size", get_array_attribute, nullptr, "One.", attribute_name("size")},
    {"itemsize", get_array_attribute, nullptr, "Bytes of the scalar.", attribute_name("itemsize")},
    {"nbytes", get_array_attribute, nullptr, "Bytes of the scalar.", attribute_name("nbytes")},
    {"real", get_array_attribute, nullptr, "Real part.", attribute_name("real")},
    {"imag", get_array_attribute, nullptr, "Imaginary part.", attribute_name("imag")},
    {"T", get_array_attribute, nullptr, "The scalar itself.", attribute_name("T")},
    {"base", get_none, nullptr, "None: scalars own their value.", nullptr},
    {"data", get_array_attribute, nullptr, "A read-only view of the bytes.", attribute_name("data")},
    {"device", get_array_attribute, nullptr, "'cpu'.", attribute_name("device")},
    {"flags", get_array_attribute, nullptr, "The memory layout, read-only.", attribute_name("flags")},
    {"flat", get_array_attribute, nullptr, "An iterator over the value.", attribute_name("flat")},
    {"__array_interface__", get_array_attribute, nullptr, "The value as the array interface describes it.",
     attribute_name("__array_interface__")},
    {"__array_struct__", get_array_attribute, nullptr, "The value as the array interface of C describes it.",
     attribute_name("__array_struct__")},
    {"__array_priority__", get_priority, nullptr, "Below every array.", nullptr},
    {nullptr, nullptr, nullptr, nullptr, nullptr},
};

constinit MappingMethods scalar_mapping{nullptr, subscript, nullptr};
constinit BufferMethods scalar_buffer{get_buffer, nullptr};

#define WASMNP_METHOD(name, doc) {#name, as_method(method_##name), kFastKeywords, #name "(...)\n\n" doc},
PyMethodDef scalar_methods[] = {
    WASMNP_DELEGATES(WASMNP_METHOD){"resize", method_nothing, METH_VARARGS,
                                    "resize(new_shape)\n\nNothing: scalars do not change."},
    {"setfield", method_setfield, METH_VARARGS, "setfield(value, dtype)\n\nRaises: scalars do not change."},
    {"setflags", method_nothing, METH_VARARGS | METH_KEYWORDS, "setflags()\n\nNothing: scalars do not change."},
    {"to_device", as_method(method_to_device), kFastKeywords, "to_device(device)\n\nThe scalar itself."},
    {"__copy__", method_self, METH_NOARGS, "The scalar itself."},
    {"__deepcopy__", method_self, METH_O, "The scalar itself."},
    {"__array_namespace__", as_method(method_namespace), kFastKeywords, "The module of array functions."},
    {"__class_getitem__", method_class_getitem, METH_O | METH_CLASS, "A type that is generic in annotations."},
    {"__array__", reinterpret_cast<PyCFunction>(reinterpret_cast<void*>(method_array)), METH_VARARGS | METH_KEYWORDS,
     "The value as a 0-d array."},
    {"__array_wrap__", method_array_wrap, METH_VARARGS, "An array as a scalar where it has no dimensions."},
    {"__complex__", method_complex, METH_NOARGS, "complex(self)"},
    {"__round__", method_round, METH_VARARGS, "round(self, ndigits)"},
    {"__format__", method_format, METH_O, "Formats the value as the Python number."},
    {"__reduce__", method_reduce, METH_NOARGS, "Helper for pickle."},
    {nullptr, nullptr, 0, nullptr},
};

}  // namespace wasmnp
