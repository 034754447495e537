// The methods of arrays.
#include <cstring>
#include <utility>

#include "../python/arguments.hpp"
#include "array.hpp"
#include "array_slots.hpp"
#include "casting.hpp"
#include "indexing.hpp"
#include "interchange.hpp"
#include "operands.hpp"
#include "products.hpp"
#include "scalar.hpp"
#include "search.hpp"
#include "sort.hpp"
#include "state.hpp"
#include "ufunc.hpp"
#include "view_methods.hpp"

namespace wasmnp {

namespace {

// Arguments that are one integer each; their number, or -1.
int parse_integers(PyObject* const* args, Py_ssize_t nargs, intp* values) {
  if (nargs > kMaxDims) {
    PyErr_Format(PyExc_ValueError, "at most %d integers are understood, %zd were given", kMaxDims, nargs);
    return -1;
  }
  for (Py_ssize_t i = 0; i < nargs; i++)
    if (!integer_argument(args[i], values + i)) return -1;
  return static_cast<int>(nargs);
}

PyObject* method_reshape(PyObject* self, PyObject* const* args, Py_ssize_t nargs, PyObject* kwnames) {
  Order order = Order::C;
  bool allow_copy = true;
  PyObject* shape = nullptr;
  for (Py_ssize_t i = 0; kwnames && i < PyTuple_Size(kwnames); i++) {
    PyObject *name = PyTuple_GetItem(kwnames, i), *value = args[nargs + i];
    if (PyUnicode_CompareWithASCIIString(name, "order") == 0) {
      if (!order_converter(value, &order)) return nullptr;
    } else if (PyUnicode_CompareWithASCIIString(name, "copy") == 0) {
      allow_copy = value != Py_False;
      if (value == Py_True) {
        Ref<ArrayObject> copy = copy_array(as_array(self), as_array(self)->descr, Order::K, true);
        if (!copy) return nullptr;
        // The copy is reshaped below like the array itself.
        Ref<> method = steal(PyObject_GetAttrString(copy.object(), "reshape"));
        Ref<> tuple = steal(PyTuple_New(nargs));
        for (Py_ssize_t k = 0; tuple && k < nargs; k++) PyTuple_SetItem(tuple.get(), k, new_ref(args[k]));
        return method && tuple ? PyObject_CallObject(method.get(), tuple.get()) : nullptr;
      }
    } else if (PyUnicode_CompareWithASCIIString(name, "shape") == 0) {
      shape = value;
    } else {
      PyErr_Format(PyExc_TypeError, "'%U' is an invalid keyword argument for reshape()", name);
      return nullptr;
    }
  }
  if (order == Order::K) {
    PyErr_SetString(PyExc_ValueError, "order 'K' is not permitted for reshaping");
    return nullptr;
  }
  intp dims[kMaxDims];
  int nd = 0;
  if (nargs == 1 || shape) {
    nd = parse_shape(shape ? shape : args[0], dims);
  } else {
    nd = parse_integers(args, nargs, dims);
  }
  if (nd < 0) return nullptr;
  return reshape(as_array(self), nd, dims, order, allow_copy).release_object();
}

bool parse_order(const char* function, PyObject* const* args, Py_ssize_t nargs, PyObject* kwnames, Order* order) {
  static const char* const names[] = {"order"};
  PyObject* values[1];
  if (!parse_arguments({function, names, 1, 0}, args, nargs, kwnames, values)) return false;
  return !values[0] || order_converter(values[0], order);
}

PyObject* method_ravel(PyObject* self, PyObject* const* args, Py_ssize_t nargs, PyObject* kwnames) {
  Order order = Order::C;
  if (!parse_order("ravel", args, nargs, kwnames, &order)) return nullptr;
  return ravel(as_array(self), order, false).release_object();
}
PyObject* method_flatten(PyObject* self, PyObject* const* args, Py_ssize_t nargs, PyObject* kwnames) {
  Order order = Order::C;
  if (!parse_order("flatten", args, nargs, kwnames, &order)) return nullptr;
  return ravel(as_array(self), order, true).release_object();
}
PyObject* method_copy(PyObject* self, PyObject* const* args, Py_ssize_t nargs, PyObject* kwnames) {
  Order order = Order::C;
  if (!parse_order("copy", args, nargs, kwnames, &order)) return nullptr;
  return copy_array(as_array(self), as_array(self)->descr, order, true).release_object();
}

PyObject* method_transpose(PyObject* self, PyObject* const* args, Py_ssize_t nargs, PyObject* kwnames) {
  if (kwnames && PyTuple_Size(kwnames)) {
    PyErr_SetString(PyExc_TypeError, "transpose() takes no keyword arguments");
    return nullptr;
  }
  ArrayObject* array = as_array(self);
  if (nargs == 0 || (nargs == 1 && args[0] == Py_None)) return transpose(array, nullptr).release_object();
  intp axes[kMaxDims];
  int count = 0;
  if (nargs == 1) {
    count = parse_shape(args[0], axes, "axes");
  } else {
    count = parse_integers(args, nargs, axes);
  }
  if (count < 0) return nullptr;
  if (count != array->nd) {
    PyErr_SetString(PyExc_ValueError, "axes don't match array");
    return nullptr;
  }
  bool seen[kMaxDims] = {};
  for (int i = 0; i < count; i++) {
    if (normalize_axis(&axes[i], array->nd) < 0) return nullptr;
    if (seen[axes[i]]) {
      PyErr_SetString(PyExc_ValueError, "repeated axis in transpose");
      return nullptr;
    }
    seen[axes[i]] = true;
  }
  return transpose(array, axes).release_object();
}

PyObject* method_astype(PyObject* self, PyObject* const* args, Py_ssize_t nargs, PyObject* kwnames) {
  static const char* const names[] = {"dtype", "order", "casting", "subok", "copy"};
  PyObject* values[5];
  if (!parse_arguments({"astype", names, 5, 1}, args, nargs, kwnames, values)) return nullptr;
  ArrayObject* array = as_array(self);
  Ref<ArrayDescr> descr = descr_from_object(values[0]);
  Order order = Order::K;
  Casting casting = Casting::Unsafe;
  const bool same_value =
      values[2] && PyUnicode_Check(values[2]) && PyUnicode_CompareWithASCIIString(values[2], "same_value") == 0;
  if (!descr || (values[1] && !order_converter(values[1], &order)) ||
      (values[2] && !same_value && !casting_converter(values[2], &casting)))
    return nullptr;
  const int subok = values[3] ? PyObject_IsTrue(values[3]) : 1;
  const int copy = values[4] ? PyObject_IsTrue(values[4]) : 1;
  if (subok < 0 || copy < 0) return nullptr;
  if (!can_cast(array->descr, descr.get(), casting)) {
    PyErr_Format(PyExc_TypeError, "Cannot cast array data from %R to %R according to the rule '%s'",
                 reinterpret_cast<PyObject*>(array->descr), descr.object(), casting_name(casting));
    return nullptr;
  }
  const bool layout_fits = order == Order::K || (order != Order::F && (array->flags & kCContiguous)) ||
                           (order != Order::C && (array->flags & kFContiguous));
  if (!copy && equivalent(array->descr, descr.get()) && layout_fits && (subok || is_exact_array(self)))
    return new_ref(self);
  Ref<ArrayObject> result = copy_array(array, descr.get(), order, subok);
  if (!result || !same_value) return result.release_object();
  Ref<> check = steal(import_member("_core._casting", "check_same_value"));
  Ref<> checked = check ? steal(PyObject_CallFunctionObjArgs(check.get(), self, result.object(), nullptr)) : Ref<>();
  return checked ? result.release_object() : nullptr;
}

PyObject* method_to_device(PyObject* self, PyObject* const* args, Py_ssize_t nargs, PyObject* kwnames) {
  static const char* const names[] = {"/device", "$stream"};
  PyObject* values[2];
  if (!parse_arguments({"to_device", names, 2, 1}, args, nargs, kwnames, values)) return nullptr;
  if (values[1] && values[1] != Py_None) {
    PyErr_SetString(PyExc_ValueError, "The stream argument in to_device() is not supported");
    return nullptr;
  }
  if (!PyUnicode_Check(values[0]) || PyUnicode_CompareWithASCIIString(values[0], "cpu") != 0) {
    PyErr_Format(PyExc_ValueError, "Unsupported device: %S.", values[0]);
    return nullptr;
  }
  return new_ref(self);
}

PyObject* method_namespace(PyObject*, PyObject* const* args, Py_ssize_t nargs, PyObject* kwnames) {
  static const char* const names[] = {"$api_version"};
  PyObject* version;
  if (!parse_arguments({"__array_namespace__", names, 1, 0}, args, nargs, kwnames, &version)) return nullptr;
  if (version && version != Py_None) {
    const char* text = PyUnicode_Check(version) ? PyUnicode_AsUTF8AndSize(version, nullptr) : nullptr;
    static const char* const known[] = {"2021.12", "2022.12", "2023.12", "2024.12"};
    bool found = false;
    for (const char* entry : known) found |= text && !std::strcmp(text, entry);
    if (!found) {
      PyErr_Clear();
      PyErr_Format(PyExc_ValueError, "Version \"%S\" of the Array API Standard is not supported.", version);
      return nullptr;
    }
  }
  return import_package();
}

PyObject* method_class_getitem(PyObject* type, PyObject* parameters) {
  const Py_ssize_t given = PyTuple_Check(parameters) ? PyTuple_Size(parameters) : 1;
  if (given < 1 || given > 2) {
    PyErr_Format(PyExc_TypeError, "Too %s arguments for %s", given < 1 ? "few" : "many",
                 reinterpret_cast<PyTypeObject*>(type)->tp_name);
    return nullptr;
  }
  return Py_GenericAlias(type, parameters);
}

// The same bytes as another type, NumPy's rule for the last axis when the item size changes.
Ref<ArrayObject> view_as(ArrayObject* array, ArrayDescr* descr, PyTypeObject* subtype) {
  auto* self = reinterpret_cast<PyObject*>(array);
  intp dims[kMaxDims], strides[kMaxDims];
  for (int i = 0; i < array->nd; i++) {
    dims[i] = array->dimensions[i];
    strides[i] = array->strides[i];
  }
  if ((has_references(array->descr) || has_references(descr)) && !equivalent(array->descr, descr)) {
    PyErr_SetString(PyExc_TypeError, "Cannot change data-type for array of references.");
    return nullptr;
  }
  if (descr->subarray) {
    PyErr_SetString(PyExc_TypeError, "cannot view an array as a sub-array type");
    return nullptr;
  }
  const intp from = array->descr->elsize, to = descr->elsize;
  if (from != to) {
    const int last = array->nd - 1;
    if (last < 0) {
      PyErr_SetString(PyExc_ValueError,
                      "Changing the dtype of a 0d array is only supported if the itemsize is unchanged");
      return nullptr;
    }
    if (dims[last] != 1 && array_size(array) != 0 && strides[last] != from) {
      PyErr_SetString(PyExc_ValueError, "To change to a dtype of a different size, the last axis must be contiguous");
      return nullptr;
    }
    if (to == 0 || (to < from ? from % to : (dims[last] * from) % to)) {
      PyErr_SetString(
          PyExc_ValueError,
          to > from ? "When changing to a larger dtype, its size must be a divisor of the total size in bytes of "
                      "the last axis of the array."
                    : "When changing to a smaller dtype, its size must be a divisor of the size of original dtype");
      return nullptr;
    }
    dims[last] = dims[last] * from / to;
    strides[last] = to;
  }
  return new_view(self, descr, array->nd, dims, strides, array->data, array->flags, subtype, self);
}

PyObject* method_view(PyObject* self, PyObject* const* args, Py_ssize_t nargs, PyObject* kwnames) {
  static const char* const names[] = {"dtype", "type"};
  PyObject* values[2];
  if (!parse_arguments({"view", names, 2, 0}, args, nargs, kwnames, values)) return nullptr;
  PyTypeObject* subtype = Py_TYPE(self);
  PyObject *dtype = values[0], *type = values[1];
  const auto is_array_type = [](PyObject* object) {
    return object && PyType_Check(object) && PyType_IsSubtype(reinterpret_cast<PyTypeObject*>(object), &Array_Type);
  };
  if (is_array_type(dtype)) {
    if (type) {
      PyErr_SetString(PyExc_ValueError, "Cannot specify output type twice.");
      return nullptr;
    }
    type = dtype;
    dtype = nullptr;
  }
  if (type) {
    if (!is_array_type(type)) {
      PyErr_SetString(PyExc_ValueError, "Type must be a sub-type of ndarray type");
      return nullptr;
    }
    subtype = reinterpret_cast<PyTypeObject*>(type);
  }
  ArrayObject* array = as_array(self);
  if (!dtype || dtype == Py_None) return view_as(array, array->descr, subtype).release_object();
  Ref<ArrayDescr> descr = descr_from_object(dtype);
  return descr ? view_as(array, descr.get(), subtype).release_object() : nullptr;
}

PyObject* list_of(ArrayObject* array, char* data, int axis) {
  if (axis == array->nd) return dtype_slots(array->descr)->getitem(array->descr, data);
  Ref<> list = steal(PyList_New(array->dimensions[axis]));
  for (intp i = 0; list && i < array->dimensions[axis]; i++) {
    PyObject* item = list_of(array, data + i * array->strides[axis], axis + 1);
    if (!item) return nullptr;
    PyList_SetItem(list.get(), i, item);
  }
  return list.release();
}
PyObject* method_tolist(PyObject* self, PyObject*) { return list_of(as_array(self), as_array(self)->data, 0); }

PyObject* method_item(PyObject* self, PyObject* const* args, Py_ssize_t nargs, PyObject*) {
  ArrayObject* array = as_array(self);
  const intp size = array_size(array);
  char* data = array->data;
  if (nargs == 0) {
    if (size != 1) {
      PyErr_SetString(PyExc_ValueError, "can only convert an array of size 1 to a Python scalar");
      return nullptr;
    }
  } else {
    intp index[kMaxDims];
    int count = 0;
    if (nargs == 1 && PyTuple_Check(args[0])) {
      count = parse_shape(args[0], index, "index");
    } else {
      count = parse_integers(args, nargs, index);
    }
    if (count < 0) return nullptr;
    if (count == 1 && array->nd != 1) {
      intp flat = index[0];
      if (flat < -size || flat >= size) {
        PyErr_Format(PyExc_IndexError, "index %zd is out of bounds for size %zd", flat, size);
        return nullptr;
      }
      if (flat < 0) flat += size;
      for (int i = array->nd - 1; i >= 0; i--) {
        data += flat % array->dimensions[i] * array->strides[i];
        flat /= array->dimensions[i];
      }
    } else {
      if (count != array->nd) {
        PyErr_SetString(PyExc_ValueError, "incorrect number of indices for array");
        return nullptr;
      }
      for (int i = 0; i < count; i++) {
        const intp length = array->dimensions[i];
        if (index[i] < -length || index[i] >= length) {
          PyErr_Format(PyExc_IndexError, "index %zd is out of bounds for axis %d with size %zd", index[i], i, length);
          return nullptr;
        }
        data += (index[i] < 0 ? index[i] + length : index[i]) * array->strides[i];
      }
    }
  }
  return dtype_slots(array->descr)->getitem(array->descr, data);
}

PyObject* method_tobytes(PyObject* self, PyObject* const* args, Py_ssize_t nargs, PyObject* kwnames) {
  Order order = Order::C;
  if (!parse_order("tobytes", args, nargs, kwnames, &order)) return nullptr;
  ArrayObject* array = as_array(self);
  Ref<ArrayObject> flat = ravel(array, order == Order::K ? Order::Any : order, false);
  if (flat && !(flat->flags & kCContiguous)) flat = copy_array(flat.get(), flat->descr, Order::C, false);
  return flat ? PyBytes_FromStringAndSize(flat->data, array_size(array) * array->descr->elsize) : nullptr;
}

PyObject* method_fill(PyObject* self, PyObject* value) {
  return assign_object(as_array(self), value) < 0 ? nullptr : new_ref(Py_None);
}

PyObject* method_sum(PyObject* self, PyObject* const* args, Py_ssize_t nargs, PyObject* kwnames) {
  static UfuncObject* const ufunc = find_ufunc("add");
  return reduce_with_arguments(ufunc, self, args, nargs, kwnames, true);
}
PyObject* method_max(PyObject* self, PyObject* const* args, Py_ssize_t nargs, PyObject* kwnames) {
  static UfuncObject* const ufunc = find_ufunc("maximum");
  return reduce_with_arguments(ufunc, self, args, nargs, kwnames, true);
}
PyObject* method_min(PyObject* self, PyObject* const* args, Py_ssize_t nargs, PyObject* kwnames) {
  static UfuncObject* const ufunc = find_ufunc("minimum");
  return reduce_with_arguments(ufunc, self, args, nargs, kwnames, true);
}
PyObject* method_prod(PyObject* self, PyObject* const* args, Py_ssize_t nargs, PyObject* kwnames) {
  static UfuncObject* const ufunc = find_ufunc("multiply");
  return reduce_with_arguments(ufunc, self, args, nargs, kwnames, true);
}

PyObject* method_cumsum(PyObject* self, PyObject* const* args, Py_ssize_t nargs, PyObject* kwnames) {
  static UfuncObject* const ufunc = find_ufunc("add");
  return accumulate_with_arguments(ufunc, "cumsum", self, args, nargs, kwnames);
}
PyObject* method_cumprod(PyObject* self, PyObject* const* args, Py_ssize_t nargs, PyObject* kwnames) {
  static UfuncObject* const ufunc = find_ufunc("multiply");
  return accumulate_with_arguments(ufunc, "cumprod", self, args, nargs, kwnames);
}

// Methods whose work is Python code of the package.
PyObject* call_python(const char* module, const char* name, PyObject* self, PyObject* args, PyObject* kwargs) {
  Ref<> function = steal(import_member(module, name));
  const Py_ssize_t count = args ? PyTuple_Size(args) : 0;
  Ref<> all = function ? steal(PyTuple_New(count + 1)) : Ref<>();
  if (!all) return nullptr;
  PyTuple_SetItem(all.get(), 0, new_ref(self));
  for (Py_ssize_t i = 0; i < count; i++) PyTuple_SetItem(all.get(), i + 1, new_ref(PyTuple_GetItem(args, i)));
  return PyObject_Call(function.get(), all.get(), kwargs);
}
UfuncObject* find_add() {
  static UfuncObject* add;
  if (!add) add = find_ufunc("add");
  return add;
}

PyObject* method_mean(PyObject* self, PyObject* args, PyObject* kwargs) {
  ArrayObject* array = as_array(self);
  const intp size = array_size(array);
  if (is_exact_array(self) && PyTuple_Size(args) == 0 && !kwargs && size > 0 && array->nd > 0 &&
      element_index(array->descr) == static_cast<int>(Element::Float64)) {
    Ref<> sum = steal(ufunc_reduce(find_add(), array, 0, nullptr, nullptr, nullptr, false, nullptr));
    return sum ? make_float64(PyFloat_AsDouble(sum.get()) / static_cast<double>(size)) : nullptr;
  }
  return call_python("_core._methods", "_mean", self, args, kwargs);
}
PyObject* method_any(PyObject* self, PyObject* args, PyObject* kwargs) {
  return call_python("_core._methods", "_any", self, args, kwargs);
}
PyObject* method_all(PyObject* self, PyObject* args, PyObject* kwargs) {
  return call_python("_core._methods", "_all", self, args, kwargs);
}
PyObject* method_var(PyObject* self, PyObject* args, PyObject* kwargs) {
  return call_python("_core._methods", "_var", self, args, kwargs);
}
PyObject* method_std(PyObject* self, PyObject* args, PyObject* kwargs) {
  return call_python("_core._methods", "_std", self, args, kwargs);
}
PyObject* method_round(PyObject* self, PyObject* args, PyObject* kwargs) {
  return call_python("_core._methods", "_round", self, args, kwargs);
}
// Numbers that are not complex are handed on as they are.
PyObject* method_conjugate(PyObject* self, PyObject* args) {
  static UfuncObject* const conjugate = find_ufunc("conjugate");
  PyObject* out = Py_None;
  if (!PyArg_ParseTuple(args, "|O:conjugate", &out)) return nullptr;
  const char kind = as_array(self)->descr->kind;
  if (out == Py_None && (kind == 'b' || kind == 'i' || kind == 'u' || kind == 'f')) return new_ref(self);
  PyObject* operands[] = {self, out};
  return ufunc_vectorcall(reinterpret_cast<PyObject*>(conjugate), operands, out == Py_None ? 1 : 2, nullptr);
}
PyObject* method_clip(PyObject* self, PyObject* args, PyObject* kwargs) {
  return call_python("_core._methods", "_clip", self, args, kwargs);
}
PyObject* method_tofile(PyObject* self, PyObject* args, PyObject* kwargs) {
  return call_python("_core._files", "_tofile", self, args, kwargs);
}
PyObject* method_dump(PyObject* self, PyObject* args, PyObject* kwargs) {
  return call_python("_core._internal", "_dump", self, args, kwargs);
}
PyObject* method_dumps(PyObject* self, PyObject* args, PyObject* kwargs) {
  return call_python("_core._internal", "_dumps", self, args, kwargs);
}
PyObject* method_reduce_ex(PyObject* self, PyObject* args) {
  return call_python("_core._internal", "_array_reduce_ex", self, args, nullptr);
}
PyObject* method_reduce(PyObject* self, PyObject*) {
  return call_python("_core._internal", "_array_reduce", self, nullptr, nullptr);
}
PyObject* method_array_function(PyObject* self, PyObject* args, PyObject* kwargs) {
  return call_python("_core.overrides", "_array_function_method", self, args, kwargs);
}
PyObject* method_format(PyObject* self, PyObject* spec) {
  if (!PyUnicode_Check(spec)) {
    PyErr_Format(PyExc_TypeError, "__format__() argument must be str, not %s", Py_TYPE(spec)->tp_name);
    return nullptr;
  }
  if (as_array(self)->nd == 0) {
    Ref<> item = steal(array_item(as_array(self), as_array(self)->data));
    return item ? PyObject_Format(item.get(), spec) : nullptr;
  }
  if (PyUnicode_GetLength(spec) == 0) return PyObject_Str(self);
  PyErr_Format(PyExc_TypeError, "unsupported format string passed to %s.__format__", Py_TYPE(self)->tp_name);
  return nullptr;
}

PyObject* method_array(PyObject* self, PyObject* args, PyObject* kwargs) {
  PyObject *dtype = Py_None, *copy = Py_None;
  static const char* keywords[] = {"dtype", "copy", nullptr};
  if (!PyArg_ParseTupleAndKeywords(args, kwargs, "|O$O:__array__", const_cast<char**>(keywords), &dtype, &copy))
    return nullptr;
  Ref<ArrayDescr> descr = dtype == Py_None ? Ref<ArrayDescr>::borrow(as_array(self)->descr) : descr_from_object(dtype);
  if (!descr) return nullptr;
  FromAny options;
  options.descr = descr.get();
  options.copy = copy == Py_True ? CopyMode::Always : copy == Py_False ? CopyMode::Never : CopyMode::IfNeeded;
  return array_from_any(self, options).release_object();
}

PyObject* method_array_finalize(PyObject*, PyObject*) { Py_RETURN_NONE; }

PyObject* method_array_wrap(PyObject* self, PyObject* args) {
  PyObject *object, *context = nullptr, *return_scalar = Py_False;
  if (!PyArg_ParseTuple(args, "O|OO:__array_wrap__", &object, &context, &return_scalar)) return nullptr;
  if (!is_array(object)) {
    PyErr_SetString(PyExc_TypeError, "can only be called with ndarray object");
    return nullptr;
  }
  ArrayObject* array = as_array(object);
  const int scalar = PyObject_IsTrue(return_scalar);
  if (scalar < 0) return nullptr;
  if (scalar && array->nd == 0 && is_exact_array(self)) return array_item(array, array->data);
  if (Py_TYPE(self) == Py_TYPE(object)) return new_ref(object);
  return new_view(object, array->descr, array->nd, array->dimensions, array->strides, array->data, array->flags,
                  Py_TYPE(self), self)
      .release_object();
}

PyObject* method_array_ufunc(PyObject*, PyObject* args, PyObject* kwargs) {
  const Py_ssize_t count = PyTuple_Size(args);
  if (count < 2) {
    PyErr_SetString(PyExc_TypeError, "__array_ufunc__ requires at least 2 arguments");
    return nullptr;
  }
  // ndarray itself takes part only where no operand asks for something else.
  for (Py_ssize_t i = 2; i < count; i++)
    if (has_array_ufunc_override(PyTuple_GetItem(args, i))) Py_RETURN_NOTIMPLEMENTED;
  PyObject* out = kwargs ? PyDict_GetItemString(kwargs, "out") : nullptr;
  for (Py_ssize_t i = 0; out && PyTuple_Check(out) && i < PyTuple_Size(out); i++)
    if (has_array_ufunc_override(PyTuple_GetItem(out, i))) Py_RETURN_NOTIMPLEMENTED;
  Ref<> method = steal(PyObject_GetAttr(PyTuple_GetItem(args, 0), PyTuple_GetItem(args, 1)));
  Ref<> inputs = steal(PyTuple_GetSlice(args, 2, count));
  return method && inputs ? PyObject_Call(method.get(), inputs.get(), kwargs) : nullptr;
}

PyObject* method_setstate(PyObject* self, PyObject* state_tuple) {
  PyObject *version, *shape, *dtype, *fortran, *raw;
  if (!PyTuple_Check(state_tuple)) {
    PyErr_Format(PyExc_TypeError, "the state of an array is a tuple, not '%s'", Py_TYPE(state_tuple)->tp_name);
    return nullptr;
  }
  if (!PyArg_ParseTuple(state_tuple, "OOOOO:__setstate__", &version, &shape, &dtype, &fortran, &raw)) {
    PyErr_Clear();
    version = nullptr;
    if (!PyArg_ParseTuple(state_tuple, "OOOO:__setstate__", &shape, &dtype, &fortran, &raw)) return nullptr;
  }
  ArrayObject* array = as_array(self);
  intp dims[kMaxDims];
  const int nd = parse_shape(shape, dims);
  if (nd < 0) return nullptr;
  // Bytes would be taken for addresses of objects.
  const bool objects = is_descr(dtype) && has_references(reinterpret_cast<ArrayDescr*>(dtype));
  if (!is_descr(dtype) || !(objects ? PyList_Check(raw) : PyBytes_Check(raw))) {
    PyErr_SetString(PyExc_TypeError,
                    objects ? "object pickle not returning list" : "array state must hold a dtype and bytes");
    return nullptr;
  }
  const int f_order = PyObject_IsTrue(fortran);
  if (f_order < 0) return nullptr;
  NewArray layout;
  layout.order = f_order ? Order::F : Order::C;
  layout.zeroed = objects;
  Ref<ArrayObject> fresh = new_array(reinterpret_cast<ArrayDescr*>(dtype), nd, dims, layout);
  if (!fresh) return nullptr;
  const intp size = array_size(fresh.get()), bytes = size * fresh->descr->elsize;
  if ((objects ? PyList_Size(raw) : PyBytes_Size(raw)) != (objects ? size : bytes)) {
    PyErr_SetString(PyExc_ValueError, "buffer size does not match array size");
    return nullptr;
  }
  if (array->base || array->weakreflist || !(array->flags & kOwnData)) {
    PyErr_SetString(PyExc_ValueError, "__setstate__ is for arrays that were just made by unpickling");
    return nullptr;
  }
  if (!objects) std::memcpy(fresh->data, PyBytes_AsString(raw), static_cast<size_t>(bytes));
  for (intp i = 0; objects && i < size; i++) {
    Ref<> item = i < PyList_Size(raw) ? borrow(PyList_GetItem(raw, i)) : borrow(Py_None);
    char* element = fresh->data + i * fresh->descr->elsize;
    if (dtype_slots(fresh->descr)->setitem(fresh->descr, item.get(), element) < 0) return nullptr;
  }
  if (PyBytes_Check(raw) && is_swapped(fresh->descr)) {
    Ref<ArrayDescr> native = descr_with_byteorder(fresh->descr, '=');
    fresh = native ? copy_array(fresh.get(), native.get(), Order::K, false) : Ref<ArrayObject>();
    if (!fresh) return nullptr;
  }
  // The two arrays change places; the old memory goes with the temporary one.
  std::swap(array->data, fresh->data);
  std::swap(array->descr, fresh->descr);
  std::swap(array->mem_handler, fresh->mem_handler);
  std::swap(array->nd, fresh->nd);
  std::swap(array->flags, fresh->flags);
  const bool mine_inline = array->dimensions == array->inline_shape;
  const bool other_inline = fresh->dimensions == fresh->inline_shape;
  std::swap(array->dimensions, fresh->dimensions);
  std::swap(array->strides, fresh->strides);
  for (int i = 0; i < 2 * kInlineDims; i++) std::swap(array->inline_shape[i], fresh->inline_shape[i]);
  if (mine_inline) {
    fresh->dimensions = fresh->inline_shape;
    fresh->strides = fresh->inline_shape + kInlineDims;
  }
  if (other_inline) {
    array->dimensions = array->inline_shape;
    array->strides = array->inline_shape + kInlineDims;
  }
  Py_RETURN_NONE;
}

PyObject* method_setflags(PyObject* self, PyObject* const* args, Py_ssize_t nargs, PyObject* kwnames) {
  static const char* const names[] = {"write", "align", "uic"};
  PyObject* values[3];
  if (!parse_arguments({"setflags", names, 3, 0}, args, nargs, kwnames, values)) return nullptr;
  ArrayObject* array = as_array(self);
  if (!values[0] || values[0] == Py_None) Py_RETURN_NONE;
  const int write = PyObject_IsTrue(values[0]);
  if (write < 0) return nullptr;
  if (!write) {
    array->flags &= ~kWriteable;
    Py_RETURN_NONE;
  }
  // Only memory that someone may write can be made writeable again.
  bool allowed = !array->base || (is_array(array->base) && (as_array(array->base)->flags & kWriteable));
  if (array->base && !is_array(array->base)) {
    Py_buffer view;
    allowed = PyObject_GetBuffer(array->base, &view, PyBUF_WRITABLE) == 0;
    if (allowed) PyBuffer_Release(&view);
    PyErr_Clear();
  }
  if (!allowed) {
    PyErr_SetString(PyExc_ValueError, "cannot set WRITEABLE flag to True of this array");
    return nullptr;
  }
  array->flags |= kWriteable;
  Py_RETURN_NONE;
}

PyObject* method_deepcopy(PyObject* self, PyObject*) {
  return copy_array(as_array(self), as_array(self)->descr, Order::K, true).release_object();
}
PyObject* method_shallow_copy(PyObject* self, PyObject*) { return method_deepcopy(self, nullptr); }
PyObject* method_complex(PyObject* self, PyObject*) {
  ArrayObject* array = as_array(self);
  if (array->nd > 0) {
    PyErr_SetString(PyExc_TypeError, "only 0-dimensional arrays can be converted to Python scalars");
    return nullptr;
  }
  Ref<> value = steal(dtype_slots(array->descr)->getitem(array->descr, array->data));
  return value ? PyObject_CallFunctionObjArgs(reinterpret_cast<PyObject*>(&PyComplex_Type), value.get(), nullptr)
               : nullptr;
}

PyCFunction keyword_method(PyObject* (*function)(PyObject*, PyObject*, PyObject*)) {
  return reinterpret_cast<PyCFunction>(reinterpret_cast<void*>(function));
}
constexpr int kKeywords = METH_VARARGS | METH_KEYWORDS;

}  // namespace

PyMethodDef array_methods[] = {
    {"reshape", as_method(method_reshape), kFastKeywords,
     "reshape(*shape, order='C', copy=None)\n\nThe same elements in another shape; a view where possible."},
    {"ravel", as_method(method_ravel), kFastKeywords,
     "ravel(order='C')\n\nThe elements in one dimension; a view where possible."},
    {"flatten", as_method(method_flatten), kFastKeywords,
     "flatten(order='C')\n\nA copy of the elements in one dimension."},
    {"transpose", as_method(method_transpose), kFastKeywords,
     "transpose(*axes)\n\nView with the axes permuted, by default reversed."},
    {"copy", as_method(method_copy), kFastKeywords, "copy(order='C')\n\nA copy with memory of its own."},
    {"astype", as_method(method_astype), kFastKeywords,
     "astype(dtype, order='K', casting='unsafe', subok=True, copy=True)\n\nA copy with elements of another type."},
    {"view", as_method(method_view), kFastKeywords,
     "view([dtype][, type])\n\nThe same memory as another data type or array type."},
    {"tolist", method_tolist, METH_NOARGS, "tolist()\n\nNested lists of Python numbers."},
    {"item", as_method(method_item), kFastKeywords, "item(*args)\n\nOne element as a Python number."},
    {"tobytes", as_method(method_tobytes), kFastKeywords, "tobytes(order='C')\n\nThe bytes of the elements."},
    {"fill", method_fill, METH_O, "fill(value)\n\nSet all elements."},
    {"sum", as_method(method_sum), kFastKeywords,
     "sum(axis=None, dtype=None, out=None, keepdims=False, initial=0, where=True)\n\nSum along axes, pairwise."},
    {"prod", as_method(method_prod), kFastKeywords,
     "prod(axis=None, dtype=None, out=None, keepdims=False, initial=1, where=True)\n\nProduct along axes."},
    {"any", keyword_method(method_any), kKeywords,
     "any(axis=None, out=None, keepdims=False, *, where=True)\n\nWhether some element along axes is not zero."},
    {"all", keyword_method(method_all), kKeywords,
     "all(axis=None, out=None, keepdims=False, *, where=True)\n\nWhether no element along axes is zero."},
    {"max", as_method(method_max), kFastKeywords,
     "max(axis=None, out=None, keepdims=False, initial=<no value>, where=True)\n\nMaximum along axes; NaN propagates."},
    {"min", as_method(method_min), kFastKeywords,
     "min(axis=None, out=None, keepdims=False, initial=<no value>, where=True)\n\nMinimum along axes; NaN propagates."},
    {"mean", keyword_method(method_mean), kKeywords,
     "mean(axis=None, dtype=None, out=None, keepdims=False, *, where=True)\n\nArithmetic mean along axes."},
    {"var", keyword_method(method_var), kKeywords,
     "var(axis=None, dtype=None, out=None, ddof=0, keepdims=False, *, where=True, mean=<no value>)\n\n"
     "Variance along axes."},
    {"std", keyword_method(method_std), kKeywords,
     "std(axis=None, dtype=None, out=None, ddof=0, keepdims=False, *, where=True, mean=<no value>)\n\n"
     "Standard deviation along axes."},
    {"round", keyword_method(method_round), kKeywords,
     "round(decimals=0, out=None)\n\nElements rounded to a number of decimals, halves to even."},
    {"conjugate", method_conjugate, METH_VARARGS, "conjugate()\n\nThe complex conjugates."},
    {"conj", method_conjugate, METH_VARARGS, "conj()\n\nThe complex conjugates."},
    {"clip", keyword_method(method_clip), kKeywords,
     "clip(min=None, max=None, out=None, **kwargs)\n\nElements brought between two limits."},
    {"argmax", as_method(array_argmax), kFastKeywords,
     "argmax(axis=None, out=None, *, keepdims=False)\n\nPlaces of the first largest elements along an axis."},
    {"argmin", as_method(array_argmin), kFastKeywords,
     "argmin(axis=None, out=None, *, keepdims=False)\n\nPlaces of the first smallest elements along an axis."},
    {"dot", as_method(array_dot), kFastKeywords,
     "dot(b, out=None)\n\nSum of products over the last axis and the last but one of another array."},
    {"sort", as_method(array_sort), kFastKeywords,
     "sort(axis=-1, kind=None, order=None, *, stable=None)\n\nSort in place along an axis; NaN goes last."},
    {"argsort", as_method(array_argsort), kFastKeywords,
     "argsort(axis=-1, kind=None, order=None, *, stable=None)\n\nPlaces of the elements in order along an axis."},
    {"partition", as_method(array_partition), kFastKeywords,
     "partition(kth, axis=-1, kind='introselect', order=None)\n\n"
     "Put the elements of given ranks in their places, smaller ones before them."},
    {"argpartition", as_method(array_argpartition), kFastKeywords,
     "argpartition(kth, axis=-1, kind='introselect', order=None)\n\nPlaces of the elements as `partition` puts them."},
    {"searchsorted", as_method(array_searchsorted), kFastKeywords,
     "searchsorted(v, side='left', sorter=None)\n\nWhere elements belong in this sorted array."},
    {"cumsum", as_method(method_cumsum), kFastKeywords,
     "cumsum(axis=None, dtype=None, out=None)\n\nSums of the elements up to each along an axis."},
    {"cumprod", as_method(method_cumprod), kFastKeywords,
     "cumprod(axis=None, dtype=None, out=None)\n\nProducts of the elements up to each along an axis."},
    {"swapaxes", as_method(array_swapaxes), kFastKeywords,
     "swapaxes(axis1, axis2)\n\nView with two axes interchanged."},
    {"squeeze", as_method(array_squeeze), kFastKeywords, "squeeze(axis=None)\n\nView without axes of length 1."},
    {"diagonal", as_method(array_diagonal), kFastKeywords,
     "diagonal(offset=0, axis1=0, axis2=1)\n\nRead-only view of the diagonals."},
    {"trace", as_method(array_trace), kFastKeywords,
     "trace(offset=0, axis1=0, axis2=1, dtype=None, out=None)\n\nSums along the diagonals."},
    {"getfield", as_method(array_getfield), kFastKeywords,
     "getfield(dtype, offset=0)\n\nView of a part of every element as another type."},
    {"setfield", as_method(array_setfield), kFastKeywords,
     "setfield(val, dtype, offset=0)\n\nSet a part of every element."},
    {"byteswap", as_method(array_byteswap), kFastKeywords,
     "byteswap(inplace=False)\n\nElements with their bytes in reverse."},
    {"resize", as_method(array_resize), kFastKeywords,
     "resize(new_shape, refcheck=True)\n\nChange shape and size in place; new elements are 0."},
    {"tofile", keyword_method(method_tofile), kKeywords,
     "tofile(fid, sep='', format='%s')\n\nWrite the elements to a file, as bytes or as text."},
    {"dump", keyword_method(method_dump), kKeywords, "dump(file)\n\nPickle the array to a file."},
    {"dumps", keyword_method(method_dumps), kKeywords, "dumps()\n\nThe pickle of the array."},
    {"take", as_method(array_take), kFastKeywords,
     "take(indices, axis=None, out=None, mode='raise')\n\nElements along an axis, by their indices."},
    {"put", as_method(array_put), kFastKeywords,
     "put(indices, values, mode='raise')\n\nSet elements by their indices in C order."},
    {"compress", as_method(array_compress), kFastKeywords,
     "compress(condition, axis=None, out=None)\n\nParts along an axis where a condition holds."},
    {"repeat", as_method(array_repeat), kFastKeywords, "repeat(repeats, axis=None)\n\nEach element several times."},
    {"choose", as_method(array_choose), kFastKeywords,
     "choose(choices, out=None, mode='raise')\n\nElements of the choices that this array names."},
    {"nonzero", array_nonzero, METH_NOARGS,
     "nonzero()\n\nIndices of the elements that are not zero, an array for each axis."},
    {"__dlpack__", as_method(array_dlpack), kFastKeywords,
     "__dlpack__($self, /, *, stream=None, max_version=None, dl_device=None, copy=None)\n--\n\n"
     "A DLPack capsule that shares the memory."},
    {"__dlpack_device__", array_dlpack_device, METH_NOARGS,
     "__dlpack_device__($self, /)\n--\n\nDLPack's name for the host: (1, 0)."},
    {"to_device", as_method(method_to_device), kFastKeywords,
     "to_device($self, device, /, *, stream=None)\n--\n\nThe array itself, for the device 'cpu'."},
    {"__array_namespace__", as_method(method_namespace), kFastKeywords,
     "__array_namespace__($self, /, *, api_version=None)\n--\n\nThe module of array functions."},
    {"__class_getitem__", method_class_getitem, METH_O | METH_CLASS,
     "__class_getitem__($cls, item, /)\n--\n\nA type that is generic in annotations: ndarray[shape, dtype]."},
    {"setflags", as_method(method_setflags), kFastKeywords,
     "setflags(write=None, align=None, uic=None)\n\nMake the array read-only, or writeable again."},
    {"__array__", keyword_method(method_array), kKeywords, "This array, or a copy of another type."},
    {"__array_finalize__", method_array_finalize, METH_O, "Nothing to do for ndarray itself."},
    {"__array_wrap__", method_array_wrap, METH_VARARGS, "A result as an array of this type."},
    {"__array_ufunc__", keyword_method(method_array_ufunc), kKeywords, "The default implementation of NEP 13."},
    {"__array_function__", keyword_method(method_array_function), kKeywords, "The default implementation of NEP 18."},
    {"__reduce__", method_reduce, METH_NOARGS, "Helper for pickle."},
    {"__reduce_ex__", method_reduce_ex, METH_VARARGS, "Helper for pickle."},
    {"__setstate__", method_setstate, METH_O, "Helper for pickle."},
    {"__format__", method_format, METH_O, "Format of a 0-d array is that of its element."},
    {"__copy__", method_shallow_copy, METH_NOARGS, "Used by copy.copy."},
    {"__deepcopy__", method_deepcopy, METH_O, "Used by copy.deepcopy."},
    {"__complex__", method_complex, METH_NOARGS, "complex(self)"},
    {nullptr, nullptr, 0, nullptr},
};

PyObject* array_repr(PyObject* self) {
  return call_python("_core.arrayprint", "_default_array_repr", self, nullptr, nullptr);
}
PyObject* array_str(PyObject* self) {
  return call_python("_core.arrayprint", "_default_array_str", self, nullptr, nullptr);
}

}  // namespace wasmnp
