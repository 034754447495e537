// The ndarray type: construction, attributes, sequence and mapping protocols.
#include <cstdlib>
#include <cstring>
#include <utility>

#include "array.hpp"
#include "array_slots.hpp"
#include "casting.hpp"
#include "flat_iterator.hpp"
#include "interchange.hpp"
#include "iterate.hpp"
#include "operators.hpp"
#include "scalar.hpp"
#include "state.hpp"
#include "text_signatures.hpp"
#include "ufunc.hpp"
#include "view_methods.hpp"

namespace wasmnp {

constinit PyTypeObject Array_Type =
    static_type("ndarray", sizeof(ArrayObject), Py_TPFLAGS_BASETYPE,
                "ndarray(shape, dtype=float, buffer=None, offset=0, strides=None, order=None)\n--\n\n"
                "An N-dimensional array of elements of one type.");

namespace {

intp data_bytes(const ArrayObject* array) {
  const intp bytes = array_size(array) * array->descr->elsize;
  return bytes ? bytes : array->descr->elsize ? array->descr->elsize : 1;
}

void array_dealloc(PyObject* self) {
  ArrayObject* array = as_array(self);
  if (array->weakreflist) PyObject_ClearWeakRefs(self);
  if (array->base) {
    Py_CLEAR(array->base);
  } else if ((array->flags & kOwnData) && array->data) {
    if (has_references(array->descr)) release_references(array->descr, array->data, array_size(array));
    free_data(array->data, data_bytes(array), array->mem_handler);
  }
  Py_XDECREF(array->mem_handler);
  if (array->dimensions != array->inline_shape) std::free(array->dimensions);
  Py_XDECREF(reinterpret_cast<PyObject*>(array->descr));
  if (is_exact_array(self))
    release_array_object(array);
  else
    Py_TYPE(self)->tp_free(self);
}

PyObject* array_new(PyTypeObject* type, PyObject* args, PyObject* kwargs) {
  PyObject *shape, *dtype = Py_None, *buffer = Py_None, *strides_object = Py_None;
  Py_ssize_t offset = 0;
  Order order = Order::C;
  static const char* keywords[] = {"shape", "dtype", "buffer", "offset", "strides", "order", nullptr};
  if (!PyArg_ParseTupleAndKeywords(args, kwargs, "O|OOnOO&:ndarray", const_cast<char**>(keywords), &shape, &dtype,
                                   &buffer, &offset, &strides_object, order_converter, &order))
    return nullptr;
  Ref<ArrayDescr> descr = descr_from_object(dtype);
  intp dims[kMaxDims], strides[kMaxDims];
  const int nd = descr ? parse_shape(shape, dims) : -1;
  if (nd < 0) return nullptr;
  const bool own_strides = strides_object != Py_None;
  if (own_strides) {
    const int count = parse_shape(strides_object, strides, "strides");
    if (count < 0) return nullptr;
    if (count != nd) {
      PyErr_SetString(PyExc_ValueError, "strides, if given, must be the same length as shape");
      return nullptr;
    }
  }
  NewArray options;
  options.subtype = type;
  options.order = order == Order::F ? Order::F : Order::C;
  if (buffer == Py_None && !own_strides) return new_array(descr.get(), nd, dims, options).release_object();
  for (int i = 0; i < nd; i++) {
    if (dims[i] >= 0) continue;
    PyErr_SetString(PyExc_ValueError, "negative dimensions are not allowed");
    return nullptr;
  }
  if (!own_strides) fill_strides(descr->elsize, nd, dims, options.order, strides);
  if (buffer == Py_None) {
    Ref<ArrayObject> array = new_array(descr.get(), nd, dims, options);
    if (!array) return nullptr;
    const Extent extent = extent_of(array->data, nd, dims, strides, descr->elsize);
    if (extent.low < array->data || extent.high - array->data > data_bytes(array.get())) {
      PyErr_SetString(PyExc_ValueError, "strides is incompatible with shape of requested array and size of buffer");
      return nullptr;
    }
    for (int i = 0; i < nd; i++) array->strides[i] = strides[i];
    update_flags(array.get());
    return array.release_object();
  }
  const ByteMemory memory(buffer);
  if (!memory.owner) return nullptr;
  const Extent extent = extent_of(memory.data + offset, nd, dims, strides, descr->elsize);
  if (offset < 0 || extent.low < memory.data || extent.high > memory.data + memory.length) {
    PyErr_SetString(PyExc_TypeError, "buffer is too small for requested array");
    return nullptr;
  }
  return new_view(is_array(buffer) ? buffer : memory.owner.get(), descr.get(), nd, dims, strides, memory.data + offset,
                  memory.readonly ? 0 : kWriteable, type, Py_None)
      .release_object();
}

// ---- attributes

PyObject* get_shape(PyObject* self, void*) {
  return intp_tuple(as_array(self)->nd, as_array(self)->dimensions).release();
}
PyObject* get_strides(PyObject* self, void*) {
  return intp_tuple(as_array(self)->nd, as_array(self)->strides).release();
}
PyObject* get_size(PyObject* self, void*) { return PyLong_FromSsize_t(array_size(as_array(self))); }
PyObject* get_itemsize(PyObject* self, void*) { return PyLong_FromSsize_t(as_array(self)->descr->elsize); }
PyObject* get_nbytes(PyObject* self, void*) {
  return PyLong_FromSsize_t(array_size(as_array(self)) * as_array(self)->descr->elsize);
}
PyObject* get_dtype(PyObject* self, void*) { return new_ref(as_array(self)->descr); }
PyObject* get_base(PyObject* self, void*) {
  PyObject* base = as_array(self)->base;
  return new_ref(base ? base : Py_None);
}
PyObject* get_transpose(PyObject* self, void*) { return transpose(as_array(self), nullptr).release_object(); }
PyObject* get_device(PyObject*, void*) { return PyUnicode_FromString("cpu"); }
PyObject* get_ctypes(PyObject* self, void*) {
  Ref<> type = steal(import_member("_core._internal", "_ctypes"));
  Ref<> address = type ? steal(PyLong_FromVoidPtr(as_array(self)->data)) : Ref<>();
  return address ? PyObject_CallFunctionObjArgs(type.get(), self, address.get(), nullptr) : nullptr;
}
PyObject* get_priority(PyObject*, void*) { return PyFloat_FromDouble(0.0); }
PyObject* get_data(PyObject* self, void*) { return PyMemoryView_FromObject(self); }

PyObject* get_flags(PyObject* self, void*) {
  Ref<> type = steal(import_member("_core._internal", "flagsobj"));
  return type ? PyObject_CallFunction(type.get(), "Oi", self, as_array(self)->flags) : nullptr;
}

// The real or imaginary parts of a complex array, as a view.
Ref<ArrayObject> part_view(ArrayObject* array, bool imaginary) {
  const int type_num = array->descr->type_num;
  ArrayDescr* part = descr_of(type_num == kCFloat        ? Element::Float32
                              : type_num == kCLongDouble ? Element::LongDouble
                                                         : Element::Float64);
  Ref<ArrayDescr> descr = descr_with_byteorder(part, is_swapped(array->descr) ? '>' : '=');
  auto* self = reinterpret_cast<PyObject*>(array);
  return descr ? new_view(self, descr.get(), array->nd, array->dimensions, array->strides,
                          array->data + (imaginary ? descr->elsize : 0), array->flags, Py_TYPE(self), self)
               : Ref<ArrayObject>();
}

PyObject* get_real(PyObject* self, void*) {
  return is_complex(as_array(self)->descr) ? part_view(as_array(self), false).release_object() : new_ref(self);
}
PyObject* get_imag(PyObject* self, void*) {
  ArrayObject* array = as_array(self);
  if (is_complex(array->descr)) return part_view(array, true).release_object();
  NewArray zeros;
  zeros.zeroed = true;
  Ref<ArrayObject> result = new_array(array->descr, array->nd, array->dimensions, zeros);
  if (!result) return nullptr;
  if (is_object(array->descr)) {
    const Ref<> zero = steal(PyLong_FromLong(0));
    if (!zero || assign_object(result.get(), zero.get()) < 0) return nullptr;
  }
  result->flags &= ~kWriteable;
  return result.release_object();
}
int set_part(PyObject* self, PyObject* value, bool imaginary) {
  ArrayObject* array = as_array(self);
  if (!value) {
    PyErr_SetString(PyExc_AttributeError, "Cannot delete array part");
    return -1;
  }
  if (is_complex(array->descr)) {
    Ref<ArrayObject> view = part_view(array, imaginary);
    return view ? assign_object(view.get(), value) : -1;
  }
  if (!imaginary) return assign_object(array, value);
  PyErr_SetString(PyExc_TypeError, "array does not have imaginary part to set");
  return -1;
}
int set_real(PyObject* self, PyObject* value, void*) { return set_part(self, value, false); }
int set_imag(PyObject* self, PyObject* value, void*) { return set_part(self, value, true); }

PyObject* get_matrix_transpose(PyObject* self, void*) {
  ArrayObject* array = as_array(self);
  if (array->nd < 2) {
    PyErr_SetString(PyExc_ValueError, "matrix transpose with ndim < 2 is undefined");
    return nullptr;
  }
  intp axes[kMaxDims];
  for (int i = 0; i < array->nd; i++) axes[i] = i;
  std::swap(axes[array->nd - 1], axes[array->nd - 2]);
  return transpose(array, axes).release_object();
}

int no_deletion(const char* what) {
  PyErr_Format(PyExc_AttributeError, "Cannot delete array %s", what);
  return -1;
}

int set_shape(PyObject* self, PyObject* value, void*) {
  if (!value) return no_deletion("shape");
  ArrayObject* array = as_array(self);
  intp dims[kMaxDims];
  const int nd = parse_shape(value, dims);
  if (nd < 0) return -1;
  Ref<ArrayObject> view = reshape(array, nd, dims, Order::C, true);
  if (!view) return -1;
  if (view->data != array->data) {
    PyErr_SetString(PyExc_AttributeError,
                    "Incompatible shape for in-place modification. Use `.reshape()` to make a copy with the desired "
                    "shape.");
    return -1;
  }
  return set_geometry(array, nd, view->dimensions, view->strides);
}

int set_strides(PyObject* self, PyObject* value, void*) {
  if (!value) return no_deletion("strides");
  ArrayObject* array = as_array(self);
  if (PyErr_WarnEx(PyExc_DeprecationWarning,
                   "Setting the strides on a NumPy array has been deprecated in NumPy 2.4.\nAs an alternative, you can "
                   "create a new view using np.lib.stride_tricks.as_strided.",
                   1) < 0)
    return -1;
  intp strides[kMaxDims];
  const int count = parse_shape(value, strides, "strides");
  if (count < 0) return -1;
  if (count != array->nd) {
    PyErr_Format(PyExc_ValueError, "strides must be same length as shape (%d)", array->nd);
    return -1;
  }
  // The memory of the array that owns it is what there is.
  ArrayObject* owner = array;
  while (owner->base && is_array(owner->base)) owner = as_array(owner->base);
  const Extent own = extent_of(owner->data, owner->nd, owner->dimensions, owner->strides, owner->descr->elsize);
  const Extent wanted = extent_of(array->data, array->nd, array->dimensions, strides, array->descr->elsize);
  if (wanted.low < own.low || wanted.high > own.high) {
    PyErr_SetString(PyExc_ValueError, "strides is not compatible with available memory");
    return -1;
  }
  intp dims[kMaxDims];
  std::memcpy(dims, array->dimensions, sizeof(intp) * static_cast<size_t>(array->nd));
  return set_geometry(array, array->nd, dims, strides);
}

int set_dtype(PyObject* self, PyObject* value, void*) {
  if (!value) return no_deletion("dtype");
  ArrayObject* array = as_array(self);
  // A view by name, so that sub-classes of ndarray do not run code of theirs.
  Ref<> plain = steal(PyObject_CallMethod(self, "view", "O", reinterpret_cast<PyObject*>(&Array_Type)));
  Ref<> view = plain ? steal(PyObject_CallMethod(plain.get(), "view", "O", value)) : Ref<>();
  if (!view) return -1;
  ArrayObject* seen = as_array(view.get());
  Py_INCREF(reinterpret_cast<PyObject*>(seen->descr));
  Ref<ArrayDescr> before = Ref<ArrayDescr>::steal(std::exchange(array->descr, seen->descr));
  return set_geometry(array, seen->nd, seen->dimensions, seen->strides);
}

PyObject* get_flat(PyObject* self, void*) { return new_flat_iterator(as_array(self)).release_object(); }
int set_flat(PyObject* self, PyObject* value, void*) {
  if (value) return assign_flat(as_array(self), value);
  PyErr_SetString(PyExc_AttributeError, "Cannot delete flat iterator");
  return -1;
}

PyGetSetDef getset[] = {
    {"flat", get_flat, set_flat, "The elements in C order, as an iterator that can be indexed.", nullptr},
    {"shape", get_shape, set_shape, "Length of each dimension.", nullptr},
    {"strides", get_strides, set_strides, "Bytes to step in each dimension.", nullptr},
    {"size", get_size, nullptr, "Number of elements.", nullptr},
    {"itemsize", get_itemsize, nullptr, "Bytes of one element.", nullptr},
    {"nbytes", get_nbytes, nullptr, "Bytes of all elements.", nullptr},
    {"dtype", get_dtype, set_dtype, "Data type of the elements.", nullptr},
    {"base", get_base, nullptr, "The object that owns the memory, or None.", nullptr},
    {"T", get_transpose, nullptr, "View with the axes reversed.", nullptr},
    {"mT", get_matrix_transpose, nullptr, "View with the last two axes interchanged.", nullptr},
    {"real", get_real, set_real, "Real parts.", nullptr},
    {"imag", get_imag, set_imag, "Imaginary parts.", nullptr},
    {"flags", get_flags, nullptr, "Memory layout.", nullptr},
    {"data", get_data, nullptr, "The memory as a memoryview.", nullptr},
    {"device", get_device, nullptr, "'cpu'.", nullptr},
    {"ctypes", get_ctypes, nullptr, "The address, shape and strides for ctypes.", nullptr},
    {"__array_interface__", array_interface, nullptr, "The memory as the array interface describes it.", nullptr},
    {"__array_struct__", array_struct, nullptr, "The memory as the array interface of C describes it.", nullptr},
    {"__array_priority__", get_priority, nullptr, "Priority among array-likes without __array_ufunc__.", nullptr},
    {nullptr, nullptr, nullptr, nullptr, nullptr},
};

PyMemberDef members[] = {
    {"ndim", T_INT, offsetof(ArrayObject, nd), READONLY, "Number of dimensions."},
    {nullptr, 0, 0, 0, nullptr},
};

// ---- protocols

Py_ssize_t array_length(PyObject* self) {
  if (as_array(self)->nd) return as_array(self)->dimensions[0];
  PyErr_SetString(PyExc_TypeError, "len() of unsized object");
  return -1;
}
PyObject* array_sequence_item(PyObject* self, Py_ssize_t index) {
  if (as_array(self)->nd == 0) {
    PyErr_SetString(PyExc_IndexError, "too many indices for array: array is 0-dimensional, but 1 were indexed");
    return nullptr;
  }
  Ref<> key = steal(PyLong_FromSsize_t(index));
  return key ? array_subscript(self, key.get()) : nullptr;
}
PyObject* array_iter(PyObject* self) {
  if (as_array(self)->nd) return PySeqIter_New(self);
  PyErr_SetString(PyExc_TypeError, "iteration over a 0-d array");
  return nullptr;
}
int array_contains(PyObject* self, PyObject* value) {
  Ref<> equal = steal(array_richcompare(self, value, Py_EQ));
  if (!equal) return -1;
  if (equal.get() == Py_NotImplemented) return 0;
  Ref<ArrayObject> flags = array_from_any(equal.get());
  if (!flags) return -1;
  Ref<> any = steal(ufunc_reduce(find_ufunc("maximum"), flags.get(), 0, nullptr, nullptr, nullptr, false, Py_False));
  return any ? PyObject_IsTrue(any.get()) : -1;
}

// Sequences with an addition of their own would be added instead.
PyObject* array_concat(PyObject*, PyObject*) {
  PyErr_SetString(PyExc_TypeError, "arrays cannot be concatenated by an operator: use concatenate()");
  return nullptr;
}

constinit MappingMethods mapping = [] {
  MappingMethods m{};
  m.length = array_length;
  m.subscript = array_subscript;
  m.ass_subscript = array_ass_subscript;
  return m;
}();
constinit SequenceMethods sequence = [] {
  SequenceMethods m{};
  m.length = array_length;
  m.concat = array_concat;
  m.item = array_sequence_item;
  m.contains = array_contains;
  return m;
}();

}  // namespace

int init_array(PyObject* module) {
  PyTypeObject& type = Array_Type;
  type.tp_dealloc = array_dealloc;
  type.tp_new = array_new;
  type.tp_repr = array_repr;
  type.tp_str = array_str;
  type.tp_as_number = &array_number;
  type.tp_as_mapping = &mapping;
  type.tp_as_sequence = &sequence;
  type.tp_as_buffer = &array_buffer_methods;
  type.tp_richcompare = array_richcompare;
  type.tp_hash = PyObject_HashNotImplemented;
  type.tp_iter = array_iter;
  sign_methods(array_methods);
  type.tp_methods = array_methods;
  type.tp_getset = getset;
  type.tp_members = members;
  type.tp_weaklistoffset = offsetof(ArrayObject, weakreflist);
  if (ready_public_type(&type, "ndarray") < 0) return -1;
  return PyModule_AddObjectRef(module, "ndarray", reinterpret_cast<PyObject*>(&type));
}

}  // namespace wasmnp
