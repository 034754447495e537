#include "flat_iterator.hpp"

#include <cstring>

#include "../python/arguments.hpp"
#include "casting.hpp"
#include "indexing.hpp"
#include "operands.hpp"
#include "scalar.hpp"
#include "state.hpp"

namespace wasmnp {

namespace {

constinit PyTypeObject Flatiter_Type = static_type("flatiter", sizeof(ArrayIterObject), 0,
                                                   "Iterator over the elements of an array in C order, which can be "
                                                   "indexed like a 1-d array.");
constinit PyTypeObject Broadcast_Type =
    static_type("broadcast", sizeof(MultiIterObject), 0,
                "broadcast(*arrays)\n--\n\nIterator over arrays broadcast together, as tuples of their elements.");

ArrayIterObject* as_flat(PyObject* self) { return reinterpret_cast<ArrayIterObject*>(self); }
MultiIterObject* as_multi(PyObject* self) { return reinterpret_cast<MultiIterObject*>(self); }

// ---- walking

char* translate_coordinates(ArrayIterObject* iter, const intp* coordinates) {
  char* data = iter->ao->data;
  for (int i = 0; i <= iter->nd_m1; i++) data += coordinates[i] * iter->strides[i];
  return data;
}

void fill_iterator(ArrayIterObject* iter, int nd, const intp* dims, const intp* strides) {
  iter->nd_m1 = nd - 1;
  iter->size = 1;
  iter->index = 0;
  iter->translate = translate_coordinates;
  for (int i = nd - 1; i >= 0; i--) {
    iter->factors[i] = iter->size;
    iter->size *= dims[i];
    iter->dims_m1[i] = dims[i] - 1;
    iter->strides[i] = strides[i];
    iter->backstrides[i] = strides[i] * (dims[i] - 1);
    iter->coordinates[i] = 0;
    iter->bounds[i][0] = 0;
    iter->bounds[i][1] = dims[i] - 1;
    iter->limits[i][0] = 0;
    iter->limits[i][1] = dims[i] - 1;
    iter->limits_sizes[i] = dims[i];
  }
  iter->dataptr = iter->ao->data;
}

void advance(ArrayIterObject* iter) {
  iter->index++;
  for (int i = iter->nd_m1; i >= 0; i--) {
    if (iter->coordinates[i] < iter->dims_m1[i]) {
      iter->coordinates[i]++;
      iter->dataptr += iter->strides[i];
      return;
    }
    iter->coordinates[i] = 0;
    iter->dataptr -= iter->backstrides[i];
  }
}

void go_to(ArrayIterObject* iter, intp index) {
  iter->index = index;
  iter->dataptr = iter->ao->data;
  for (int i = 0; i <= iter->nd_m1; i++) {
    iter->coordinates[i] = iter->factors[i] ? index / iter->factors[i] : 0;
    index -= iter->coordinates[i] * iter->factors[i];
    iter->dataptr += iter->coordinates[i] * iter->strides[i];
  }
}

// The element at a flat index, leaving the iterator where it is.
char* element_at(const ArrayIterObject* iter, intp index) {
  char* data = iter->ao->data;
  for (int i = 0; i <= iter->nd_m1; i++) {
    const intp coordinate = iter->factors[i] ? index / iter->factors[i] : 0;
    index -= coordinate * iter->factors[i];
    data += coordinate * iter->strides[i];
  }
  return data;
}

Ref<ArrayIterObject> allocate(ArrayObject* array) {
  auto* iter = PyObject_New(ArrayIterObject, &Flatiter_Type);
  if (!iter) return nullptr;
  std::memset(reinterpret_cast<char*>(iter) + sizeof(PyObject), 0, sizeof(ArrayIterObject) - sizeof(PyObject));
  Py_INCREF(reinterpret_cast<PyObject*>(array));
  iter->ao = array;
  iter->contiguous = (array->flags & kCContiguous) != 0;
  return Ref<ArrayIterObject>::steal(iter);
}

bool too_many_axes(int nd) {
  if (nd <= kMaxIterDims) return false;
  PyErr_Format(PyExc_RuntimeError, "this function only supports up to %d dimensions but the array has %d.",
               kMaxIterDims, nd);
  return true;
}

void flat_dealloc(PyObject* self) {
  Py_XDECREF(reinterpret_cast<PyObject*>(as_flat(self)->ao));
  PyObject_Free(self);
}

PyObject* flat_next(PyObject* self) {
  ArrayIterObject* iter = as_flat(self);
  if (iter->index >= iter->size) return nullptr;
  PyObject* item = array_item(iter->ao, iter->dataptr);
  advance(iter);
  return item;
}

PyObject* itself(PyObject* self) { return new_ref(self); }

// ---- indexing

// The flat indices that a key selects, shaped as the result; null with IndexError.
Ref<ArrayObject> selected(ArrayIterObject* iter, PyObject* key) {
  ArrayDescr* descr = descr_from_type_num(kIntp);
  Py_ssize_t start = 0, stop = iter->size, step = 1;
  intp count = iter->size;
  if (PySlice_Check(key)) {
    if (PySlice_Unpack(key, &start, &stop, &step) < 0) return nullptr;
    count = PySlice_AdjustIndices(iter->size, &start, &stop, step);
  } else if (key != Py_Ellipsis) {
    Ref<ArrayObject> places = array_from_any(key);
    if (!places) return nullptr;
    if (places->descr->kind == 'b' && !is_array(key)) {
      PyErr_SetString(PyExc_IndexError,
                      "boolean indices for iterators are not supported because of previous behavior that was confusing "
                      "(valid boolean indices are expected to work in the future)");
      return nullptr;
    }
    if (places->descr->kind == 'b') {
      if (places->nd != 1 && places->nd != 0) {
        PyErr_SetString(PyExc_IndexError, "boolean index array should have 1 dimension");
        return nullptr;
      }
      if (places->nd == 1 && places->dimensions[0] != iter->size) {
        PyErr_Format(PyExc_IndexError,
                     "boolean index did not match indexed flat iterator along axis 0; size of axis is %zd but size of "
                     "corresponding boolean axis is %zd",
                     iter->size, places->dimensions[0]);
        return nullptr;
      }
      Ref<ArrayObject> mask = places->nd ? std::move(places) : ravel(places.get(), Order::C, false);
      Ref<ArrayObject> found = mask ? true_indices(mask.get()) : Ref<ArrayObject>();
      return found ? ravel(found.get(), Order::C, false) : Ref<ArrayObject>();
    }
    const bool empty = array_size(places.get()) == 0 && !is_array(key);
    if (places->descr->kind != 'i' && places->descr->kind != 'u' && !empty) {
      PyErr_SetString(PyExc_IndexError, "unsupported iterator index");
      return nullptr;
    }
    Ref<ArrayObject> indices = copy_array(places.get(), descr, Order::C, false);
    if (!indices) return nullptr;
    auto* index = reinterpret_cast<intp*>(indices->data);
    for (intp i = 0; i < array_size(indices.get()); i++) {
      const intp given = index[i];
      if (wrap_index(&index[i], iter->size)) continue;
      PyErr_Format(PyExc_IndexError, "index %zd is out of bounds for size %zd", given, iter->size);
      return nullptr;
    }
    return indices;
  }
  Ref<ArrayObject> indices = new_array(descr, 1, &count);
  if (!indices) return nullptr;
  auto* index = reinterpret_cast<intp*>(indices->data);
  for (intp i = 0; i < count; i++) index[i] = start + i * step;
  return indices;
}

// The key of a one-dimensional index; a tuple of one counts as its item.
PyObject* single_key(PyObject* key) {
  if (!PyTuple_Check(key)) return key;
  const Py_ssize_t count = PyTuple_Size(key);
  if (count == 0) return Py_Ellipsis;
  if (count == 1) return PyTuple_GetItem(key, 0);
  PyErr_SetString(PyExc_IndexError, "unsupported iterator index");
  return nullptr;
}

// Whether the key is one integer; -1 with an error.
int one_index(ArrayIterObject* iter, PyObject* key, intp* index) {
  const bool scalar = PyLong_Check(key) ? !PyBool_Check(key) : is_integer_index(key);
  if (PyFloat_Check(key)) {
    if (PyErr_WarnEx(PyExc_DeprecationWarning,
                     "Invalid non-array indices for iterator objects are deprecated and will be removed in a future "
                     "version. (Deprecated NumPy 2.4)",
                     1) < 0)
      return -1;
    Ref<> truncated = steal(PyNumber_Long(key));
    if (!truncated || !integer_argument(truncated.get(), index)) return -1;
  } else if (!scalar) {
    return 0;
  } else if (!integer_argument(key, index)) {
    return -1;
  }
  const intp given = *index;
  if (wrap_index(index, iter->size)) return 1;
  PyErr_Format(PyExc_IndexError, "index %zd is out of bounds for size %zd", given, iter->size);
  return -1;
}

PyObject* flat_subscript(PyObject* self, PyObject* key) {
  ArrayIterObject* iter = as_flat(self);
  key = single_key(key);
  if (!key) return nullptr;
  intp index;
  const int one = one_index(iter, key, &index);
  if (one < 0) return nullptr;
  if (one) return array_item(iter->ao, element_at(iter, index));
  Ref<ArrayObject> indices = selected(iter, key);
  if (!indices) return nullptr;
  auto* array = reinterpret_cast<PyObject*>(iter->ao);
  NewArray options;
  options.subtype = Py_TYPE(array);
  options.prototype = array;
  options.zeroed = has_references(iter->ao->descr);
  Ref<ArrayObject> result = new_array(iter->ao->descr, indices->nd, indices->dimensions, options);
  Transfer copy;
  if (!result || !copy.prepare(iter->ao->descr, result->descr)) return nullptr;
  const intp size = result->descr->elsize;
  for (intp i = 0; i < array_size(indices.get()); i++)
    copy.run(result->data + i * size, 0, element_at(iter, reinterpret_cast<const intp*>(indices->data)[i]), 0, 1);
  return PyErr_Occurred() ? nullptr : result.release_object();
}

int flat_assign(PyObject* self, PyObject* key, PyObject* value) {
  ArrayIterObject* iter = as_flat(self);
  if (!value) {
    PyErr_SetString(PyExc_TypeError, "Cannot delete iterator elements");
    return -1;
  }
  if (require_writeable(iter->ao, "underlying array") < 0) return -1;
  if (PyTuple_Check(key) && PyTuple_Size(key) == 0) {
    PyErr_SetString(PyExc_IndexError, "unsupported iterator index");
    return -1;
  }
  key = single_key(key);
  if (!key) return -1;
  intp index;
  const int one = one_index(iter, key, &index);
  if (one < 0) return -1;
  ArrayDescr* descr = iter->ao->descr;
  Ref<ArrayObject> values;
  if (is_array(value)) {
    values = contiguous(as_array(value), descr);
  } else {
    FromAny options;
    options.descr = descr;
    values = array_from_any(value, options);
    if (values) values = contiguous(values.get(), descr);
  }
  if (!values) return -1;
  if (may_overlap(values.get(), iter->ao)) values = copy_array(values.get(), descr, Order::C, false);
  Ref<ArrayObject> indices;
  intp places = 1;
  const intp* place = &index;
  if (!one) {
    indices = selected(iter, key);
    if (!indices) return -1;
    places = array_size(indices.get());
    place = reinterpret_cast<const intp*>(indices->data);
  }
  const intp count = values ? array_size(values.get()) : 0;
  if (one && count != 1) {
    PyErr_SetString(PyExc_ValueError, "Error setting single item of array.");
    return -1;
  }
  if (!values) return -1;
  if (count == 0) return 0;  // as NumPy has it
  Transfer copy;
  if (!copy.prepare(descr, descr)) return -1;
  for (intp i = 0, next = 0; i < places; i++) {
    copy.run(element_at(iter, place[i]), 0, values->data + next * descr->elsize, 0, 1);
    if (++next == count) next = 0;
  }
  return PyErr_Occurred() ? -1 : 0;
}

Py_ssize_t flat_length(PyObject* self) { return as_flat(self)->size; }

// ---- attributes

PyObject* flat_base(PyObject* self, void*) { return new_ref(as_flat(self)->ao); }
PyObject* flat_index(PyObject* self, void*) { return PyLong_FromSsize_t(as_flat(self)->index); }
PyObject* flat_coordinates(PyObject* self, void*) {
  ArrayIterObject* iter = as_flat(self);
  // At the end: one past the last place of the first axis.
  intp coordinates[kMaxIterDims];
  intp rest = iter->index;
  for (int i = 0; i <= iter->nd_m1; i++) {
    coordinates[i] = iter->factors[i] ? rest / iter->factors[i] : 0;
    rest -= coordinates[i] * iter->factors[i];
  }
  return intp_tuple(iter->nd_m1 + 1, coordinates).release();
}

PyObject* flat_copy(PyObject* self, PyObject*) {
  Ref<ArrayObject> flat = ravel(as_flat(self)->ao, Order::C, true);
  return flat.release_object();
}

PyObject* flat_array(PyObject* self, PyObject* args, PyObject* kwargs) {
  PyObject *dtype = Py_None, *copy = Py_None;
  static const char* keywords[] = {"dtype", "copy", nullptr};
  if (!PyArg_ParseTupleAndKeywords(args, kwargs, "|OO:__array__", const_cast<char**>(keywords), &dtype, &copy))
    return nullptr;
  ArrayObject* array = as_flat(self)->ao;
  Ref<ArrayObject> flat = ravel(array, Order::C, copy == Py_True || !(array->flags & kCContiguous));
  if (!flat || dtype == Py_None) return flat.release_object();
  Ref<ArrayDescr> descr = descr_from_object(dtype);
  return descr ? operand_as(flat.get(), descr.get()).release_object() : nullptr;
}

PyObject* flat_compare(PyObject* self, PyObject* other, int operation) {
  Ref<ArrayObject> flat = ravel(as_flat(self)->ao, Order::C, false);
  return flat ? PyObject_RichCompare(flat.object(), other, operation) : nullptr;
}

PyGetSetDef flat_getset[] = {
    {"base", flat_base, nullptr, "The array that is iterated over.", nullptr},
    {"index", flat_index, nullptr, "Flat index of the next element.", nullptr},
    {"coords", flat_coordinates, nullptr, "Index of the next element, for each axis.", nullptr},
    {nullptr, nullptr, nullptr, nullptr, nullptr},
};
PyMethodDef flat_methods[] = {
    {"copy", flat_copy, METH_NOARGS, "copy($self)\n--\n\nThe elements as a new 1-d array."},
    {"__array__", reinterpret_cast<PyCFunction>(reinterpret_cast<void*>(flat_array)), METH_VARARGS | METH_KEYWORDS,
     "The elements as a 1-d array."},
    {nullptr, nullptr, 0, nullptr},
};
constinit MappingMethods flat_mapping = [] {
  MappingMethods m{};
  m.length = flat_length;
  m.subscript = flat_subscript;
  m.ass_subscript = flat_assign;
  return m;
}();

// ---- broadcast

void multi_dealloc(PyObject* self) {
  for (int k = 0; k < as_multi(self)->numiter; k++) Py_XDECREF(reinterpret_cast<PyObject*>(as_multi(self)->iters[k]));
  PyObject_Free(self);
}

bool mismatch(ArrayObject* const* arrays, int count) {
  // Names the first pair that does not fit.
  for (int a = 0; a < count; a++) {
    for (int b = a + 1; b < count; b++) {
      int nd = arrays[a]->nd;
      intp dims[kMaxDims];
      std::memcpy(dims, arrays[a]->dimensions, sizeof(intp) * static_cast<size_t>(nd));
      if (broadcast_shape(&nd, dims, arrays[b]->nd, arrays[b]->dimensions)) continue;
      Ref<> first = shape_text(arrays[a]->nd, arrays[a]->dimensions);
      Ref<> second = shape_text(arrays[b]->nd, arrays[b]->dimensions);
      if (first && second)
        PyErr_Format(PyExc_ValueError,
                     "shape mismatch: objects cannot be broadcast to a single shape.  Mismatch is between arg %d with "
                     "shape %U and arg %d with shape %U.",
                     a, first.get(), b, second.get());
      return false;
    }
  }
  PyErr_SetString(PyExc_ValueError, "shape mismatch: objects cannot be broadcast to a single shape");
  return false;
}

PyObject* multi_new(PyTypeObject*, PyObject* args, PyObject* kwargs) {
  if (kwargs && PyDict_Size(kwargs) > 0) {
    PyErr_SetString(PyExc_ValueError, "keyword arguments not accepted for broadcast");
    return nullptr;
  }
  // The arrays of other broadcast objects count one by one.
  Ref<> arrays = steal(PyList_New(0));
  for (Py_ssize_t i = 0; arrays && i < PyTuple_Size(args); i++) {
    PyObject* item = PyTuple_GetItem(args, i);
    if (Py_TYPE(item) == &Broadcast_Type) {
      for (int k = 0; k < as_multi(item)->numiter; k++)
        if (PyList_Append(arrays.get(), reinterpret_cast<PyObject*>(as_multi(item)->iters[k]->ao)) < 0) return nullptr;
      continue;
    }
    FromAny options;
    options.subok = true;
    Ref<ArrayObject> array = array_from_any(item, options);
    if (!array || PyList_Append(arrays.get(), array.object()) < 0) return nullptr;
  }
  const Py_ssize_t count = arrays ? PyList_Size(arrays.get()) : -1;
  if (count < 0) return nullptr;
  if (count > kMaxBroadcast) {
    PyErr_Format(PyExc_ValueError, "Need at least 0 and at most %d array objects.", kMaxBroadcast);
    return nullptr;
  }
  ArrayObject* given[kMaxBroadcast];
  int nd = 0;
  intp dims[kMaxDims];
  bool fits = true;
  for (Py_ssize_t i = 0; i < count; i++) {
    given[i] = as_array(PyList_GetItem(arrays.get(), i));
    fits = fits && broadcast_shape(&nd, dims, given[i]->nd, given[i]->dimensions);
  }
  if (!fits) return mismatch(given, static_cast<int>(count)), nullptr;
  if (too_many_axes(nd)) return nullptr;
  intp size = 1;
  bool overflow = false, empty = false;
  for (int i = 0; i < nd; i++) {
    empty |= dims[i] == 0;
    overflow |= __builtin_mul_overflow(size, dims[i], &size);
  }
  if (overflow && !empty) {
    PyErr_SetString(PyExc_ValueError, "broadcast dimensions too large.");
    return nullptr;
  }
  auto* multi = PyObject_New(MultiIterObject, &Broadcast_Type);
  if (!multi) return nullptr;
  Ref<MultiIterObject> owner = Ref<MultiIterObject>::steal(multi);
  multi->numiter = 0;
  multi->size = empty ? 0 : size;
  multi->index = 0;
  multi->nd = nd;
  for (int i = 0; i < nd; i++) multi->dimensions[i] = dims[i];
  for (Py_ssize_t k = 0; k < count; k++) {
    Ref<ArrayIterObject> iter = allocate(given[k]);
    if (!iter) return nullptr;
    intp strides[kMaxDims];
    for (int i = 0; i < nd; i++) {
      const int own = i - (nd - given[k]->nd);
      strides[i] = own < 0 || given[k]->dimensions[own] == 1 ? 0 : given[k]->strides[own];
    }
    fill_iterator(iter.get(), nd, dims, strides);
    multi->iters[multi->numiter++] = iter.release();
  }
  return owner.release_object();
}

PyObject* multi_next(PyObject* self) {
  MultiIterObject* multi = as_multi(self);
  if (multi->index >= multi->size) return nullptr;
  Ref<> tuple = steal(PyTuple_New(multi->numiter));
  for (int k = 0; tuple && k < multi->numiter; k++) {
    ArrayIterObject* iter = multi->iters[k];
    PyObject* item = array_item(iter->ao, iter->dataptr);
    if (!item) return nullptr;
    PyTuple_SetItem(tuple.get(), k, item);
    advance(iter);
  }
  multi->index++;
  return tuple.release();
}

PyObject* multi_shape(PyObject* self, void*) {
  return intp_tuple(as_multi(self)->nd, as_multi(self)->dimensions).release();
}
PyObject* multi_size(PyObject* self, void*) { return PyLong_FromSsize_t(as_multi(self)->size); }
PyObject* multi_index(PyObject* self, void*) { return PyLong_FromSsize_t(as_multi(self)->index); }
PyObject* multi_nd(PyObject* self, void*) { return PyLong_FromLong(as_multi(self)->nd); }
PyObject* multi_count(PyObject* self, void*) { return PyLong_FromLong(as_multi(self)->numiter); }
PyObject* multi_iters(PyObject* self, void*) {
  Ref<> tuple = steal(PyTuple_New(as_multi(self)->numiter));
  for (int k = 0; tuple && k < as_multi(self)->numiter; k++)
    PyTuple_SetItem(tuple.get(), k, new_ref(as_multi(self)->iters[k]));
  return tuple.release();
}
PyObject* multi_reset(PyObject* self, PyObject*) {
  as_multi(self)->index = 0;
  for (int k = 0; k < as_multi(self)->numiter; k++) go_to(as_multi(self)->iters[k], 0);
  Py_RETURN_NONE;
}

PyGetSetDef multi_getset[] = {
    {"shape", multi_shape, nullptr, "Shape of the result.", nullptr},
    {"size", multi_size, nullptr, "Number of elements of the result.", nullptr},
    {"index", multi_index, nullptr, "Flat index of the next elements.", nullptr},
    {"nd", multi_nd, nullptr, "Number of axes of the result.", nullptr},
    {"ndim", multi_nd, nullptr, "Number of axes of the result.", nullptr},
    {"numiter", multi_count, nullptr, "Number of arrays.", nullptr},
    {"iters", multi_iters, nullptr, "An iterator over each array as it is broadcast.", nullptr},
    {nullptr, nullptr, nullptr, nullptr, nullptr},
};
PyMethodDef multi_methods[] = {
    {"reset", multi_reset, METH_NOARGS, "reset($self)\n--\n\nGo back to the start."},
    {nullptr, nullptr, 0, nullptr},
};

}  // namespace

PyTypeObject* flatiter_type() { return &Flatiter_Type; }
PyTypeObject* broadcast_type() { return &Broadcast_Type; }

Ref<ArrayIterObject> new_flat_iterator(ArrayObject* array) {
  if (too_many_axes(array->nd)) return nullptr;
  Ref<ArrayIterObject> iter = allocate(array);
  if (iter) fill_iterator(iter.get(), array->nd, array->dimensions, array->strides);
  return iter;
}

int assign_flat(ArrayObject* array, PyObject* value) {
  Ref<ArrayIterObject> iter = new_flat_iterator(array);
  return iter ? flat_assign(iter.object(), Py_Ellipsis, value) : -1;
}

int init_flat_iterators(PyObject* module) {
  Flatiter_Type.tp_dealloc = flat_dealloc;
  Flatiter_Type.tp_iter = itself;
  Flatiter_Type.tp_iternext = flat_next;
  Flatiter_Type.tp_as_mapping = &flat_mapping;
  Flatiter_Type.tp_richcompare = flat_compare;
  Flatiter_Type.tp_getset = flat_getset;
  Flatiter_Type.tp_methods = flat_methods;
  Flatiter_Type.tp_flags |= Py_TPFLAGS_DISALLOW_INSTANTIATION;
  Broadcast_Type.tp_dealloc = multi_dealloc;
  Broadcast_Type.tp_iter = itself;
  Broadcast_Type.tp_iternext = multi_next;
  Broadcast_Type.tp_new = multi_new;
  Broadcast_Type.tp_getset = multi_getset;
  Broadcast_Type.tp_methods = multi_methods;
  if (ready_public_type(&Flatiter_Type, "flatiter") < 0 || ready_public_type(&Broadcast_Type, "broadcast") < 0)
    return -1;
  if (PyModule_AddObjectRef(module, "flatiter", reinterpret_cast<PyObject*>(&Flatiter_Type)) < 0) return -1;
  return PyModule_AddObjectRef(module, "broadcast", reinterpret_cast<PyObject*>(&Broadcast_Type));
}

}  // namespace wasmnp
