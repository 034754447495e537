// The Python types nditer and the function nested_iters.
#include <cstring>
#include <utility>

#include "../python/arguments.hpp"
#include "nditer.hpp"
#include "operands.hpp"
#include "scalar.hpp"
#include "state.hpp"

namespace wasmnp {

namespace {

struct IterObject {
  PyObject_HEAD NdIterator* iterator;  // null once closed
  NdIterator* spent;                   // after that: values may still lie in its buffers
  bool started, finished;
  PyObject* child;  // the iterator that this one nests, or null
};

constinit PyTypeObject Nditer_Type =
    static_type("nditer", sizeof(IterObject), Py_TPFLAGS_BASETYPE,
                "nditer(op, flags=None, op_flags=None, op_dtypes=None, order='K', casting='safe', op_axes=None, "
                "itershape=None, buffersize=0)\n--\n\n"
                "Iterator over several arrays broadcast together.");

IterObject* as_iter(PyObject* self) { return reinterpret_cast<IterObject*>(self); }

NdIterator* valid(PyObject* self) {
  if (as_iter(self)->iterator) return as_iter(self)->iterator;
  PyErr_SetString(PyExc_ValueError, "Iterator is invalid");
  return nullptr;
}

// ---- arguments

struct NamedFlag {
  const char* name;
  uint32_t flag;
};
const NamedFlag iter_flags[] = {
    {"c_index", kIterCIndex},
    {"f_index", kIterFIndex},
    {"multi_index", kIterMultiIndex},
    {"external_loop", kIterExternalLoop},
    {"common_dtype", kIterCommonDtype},
    {"refs_ok", kIterRefsOk},
    {"zerosize_ok", kIterZeroSizeOk},
    {"reduce_ok", kIterReduceOk},
    {"ranged", kIterRanged},
    {"buffered", kIterBuffered},
    {"growinner", kIterGrowInner},
    {"delay_bufalloc", kIterDelayBuffers},
    {"copy_if_overlap", kIterCopyIfOverlap},
};
const NamedFlag operand_flags[] = {
    {"readwrite", kOpReadWrite},
    {"readonly", kOpReadOnly},
    {"writeonly", kOpWriteOnly},
    {"copy", kOpCopy},
    {"updateifcopy", kOpUpdateIfCopy},
    {"nbo", kOpNative},
    {"aligned", kOpAligned},
    {"contig", kOpContiguous},
    {"allocate", kOpAllocate},
    {"no_subtype", kOpNoSubtype},
    {"virtual", kOpVirtual},
    {"no_broadcast", kOpNoBroadcast},
    {"writemasked", kOpWriteMasked},
    {"arraymask", kOpArrayMask},
    {"overlap_assume_elementwise", kOpElementwise},
};

template <size_t count>
bool parse_flag(PyObject* item, const NamedFlag (&table)[count], const char* what, uint32_t* flags) {
  Ref<> text = PyBytes_Check(item) ? steal(PyUnicode_FromEncodedObject(item, "ascii", "strict")) : borrow(item);
  if (!text) return false;
  if (!PyUnicode_Check(text.get())) {
    PyErr_Format(PyExc_TypeError, "%s must be str, not %s", what, Py_TYPE(item)->tp_name);
    return false;
  }
  for (const NamedFlag& entry : table) {
    if (PyUnicode_CompareWithASCIIString(text.get(), entry.name)) continue;
    *flags |= entry.flag;
    return true;
  }
  PyErr_Format(PyExc_ValueError, "Unexpected %s \"%U\"", what, text.get());
  return false;
}

bool parse_global_flags(PyObject* object, IterRequest* request) {
  if (!object || object == Py_None) return true;
  if (!PyTuple_Check(object) && !PyList_Check(object)) {
    PyErr_SetString(PyExc_ValueError, "Iterator global flags must be a list or tuple of strings");
    return false;
  }
  const FastSequence items(object, "Iterator global flags must be a list or tuple of strings");
  for (Py_ssize_t i = 0; items && i < items.size(); i++) {
    Ref<> item = borrow(items[i]);
    if (!parse_flag(item.get(), iter_flags, "iterator global flag", &request->flags)) return false;
  }
  return static_cast<bool>(items);
}

bool parse_one_operand_flags(PyObject* object, uint32_t* flags) {
  if (!PyTuple_Check(object) && !PyList_Check(object)) {
    PyErr_SetString(PyExc_ValueError, "op_flags must be a tuple or array of per-op flag-tuples");
    return false;
  }
  const FastSequence items(object, "op_flags must be a tuple or array of per-op flag-tuples");
  *flags = 0;
  for (Py_ssize_t i = 0; items && i < items.size(); i++) {
    Ref<> item = borrow(items[i]);
    if (!parse_flag(item.get(), operand_flags, "per-op iterator flag", flags)) return false;
  }
  return static_cast<bool>(items);
}

bool parse_operand_flags(PyObject* object, IterRequest* request) {
  if (!object || object == Py_None) {
    for (int k = 0; k < request->nop; k++)
      request->ops[k].flags = request->ops[k].array ? kOpReadOnly : kOpWriteOnly | kOpAllocate;
    return true;
  }
  if (!PyTuple_Check(object) && !PyList_Check(object)) {
    PyErr_SetString(PyExc_ValueError, "op_flags must be a tuple or array of per-op flag-tuples");
    return false;
  }
  const FastSequence items(object, "op_flags must be a tuple or array of per-op flag-tuples");
  if (!items) return false;
  if (items.size() > 0 && (PyUnicode_Check(items[0]) || PyBytes_Check(items[0]))) {
    // One set of flags for all.
    uint32_t flags;
    if (!parse_one_operand_flags(object, &flags)) return false;
    for (int k = 0; k < request->nop; k++) request->ops[k].flags = flags;
    return true;
  }
  if (items.size() != request->nop) {
    PyErr_SetString(PyExc_ValueError, "op_flags must be a tuple or array of per-op flag-tuples");
    return false;
  }
  for (int k = 0; k < request->nop; k++) {
    Ref<> item = borrow(items[k]);
    if (!parse_one_operand_flags(item.get(), &request->ops[k].flags)) return false;
  }
  return true;
}

bool parse_dtypes(PyObject* object, IterRequest* request) {
  if (!object || object == Py_None) return true;
  if ((PyTuple_Check(object) || PyList_Check(object)) && PySequence_Size(object) == request->nop) {
    const FastSequence items(object, "op_dtypes must be a sequence");
    if (!items) return false;
    for (int k = 0; k < request->nop; k++) {
      Ref<> item = borrow(items[k]);
      if (item.get() == Py_None) continue;
      request->ops[k].dtype = descr_from_object(item.get());
      if (request->ops[k].dtype) continue;
      if (request->nop != 1) return false;
      PyErr_Clear();  // one structured type, perhaps
      break;
    }
    if (request->nop != 1 || request->ops[0].dtype) return true;
  }
  Ref<ArrayDescr> descr = descr_from_object(object);
  for (int k = 0; descr && k < request->nop; k++) request->ops[k].dtype = Ref<ArrayDescr>::borrow(descr.get());
  return static_cast<bool>(descr);
}

bool parse_op_axes(PyObject* object, IterRequest* request) {
  if (!object || object == Py_None) return true;
  if ((!PyTuple_Check(object) && !PyList_Check(object)) || PySequence_Size(object) != request->nop) {
    PyErr_SetString(PyExc_ValueError, "op_axes must be a tuple/list matching the number of ops");
    return false;
  }
  const FastSequence operands(object, "op_axes must be a tuple/list matching the number of ops");
  if (!operands) return false;
  for (int k = 0; k < request->nop; k++) {
    Ref<> entry = borrow(operands[k]);
    if (entry.get() == Py_None) continue;
    if (!PyTuple_Check(entry.get()) && !PyList_Check(entry.get())) {
      PyErr_SetString(PyExc_ValueError, "Each entry of op_axes must be None or another tuple/list");
      return false;
    }
    const FastSequence axes(entry.get(), "Each entry of op_axes must be None or another tuple/list");
    if (!axes) return false;
    const Py_ssize_t count = axes.size();
    if (count > kMaxDims) {
      PyErr_SetString(PyExc_ValueError, "Too many dimensions in op_axes");
      return false;
    }
    if (request->axes_nd < 0) request->axes_nd = static_cast<int>(count);
    if (count != request->axes_nd) {
      PyErr_SetString(PyExc_ValueError, "Each entry of op_axes must have the same size");
      return false;
    }
    request->ops[k].has_axes = true;
    bool used[kMaxDims] = {};
    for (Py_ssize_t i = 0; i < count; i++) {
      Ref<> item = borrow(axes[i]);
      intp axis = -1;
      if (item.get() != Py_None && !integer_argument(item.get(), &axis)) return false;
      if (axis < -1 || axis >= kMaxDims) {
        PyErr_Format(PyExc_ValueError,
                     "The 'op_axes' provided to the iterator constructor for operand %d contained invalid values %zd",
                     k, axis);
        return false;
      }
      if (axis >= 0 && used[axis]) {
        PyErr_Format(PyExc_ValueError,
                     "The 'op_axes' provided to the iterator constructor for operand %d contained duplicate value %zd",
                     k, axis);
        return false;
      }
      if (axis >= 0) used[axis] = true;
      request->ops[k].axes[i] = static_cast<int>(axis);
    }
  }
  if (request->axes_nd < 0) {
    PyErr_SetString(PyExc_ValueError, "If op_axes is provided, at least one list of axes must be contained within it");
    return false;
  }
  return true;
}

bool parse_iteration_shape(PyObject* object, IterRequest* request) {
  if (!object || object == Py_None) return true;
  const int count = parse_shape(object, request->shape, "itershape");
  if (count < 0) return false;
  if (request->axes_nd < 0) {
    request->axes_nd = count;
  } else if (request->axes_nd != count) {
    PyErr_SetString(PyExc_ValueError,
                    "'op_axes' and 'itershape' must have the same number of entries equal to the iterator ndim");
    return false;
  }
  request->has_shape = true;
  return true;
}

bool parse_operands(PyObject* object, IterRequest* request) {
  Ref<> items;
  if (PyTuple_Check(object) || PyList_Check(object))
    items = steal(PySequence_Tuple(object));
  else
    items = steal(PyTuple_Pack(1, object));
  if (!items) return false;
  const Py_ssize_t count = PyTuple_Size(items.get());
  if (count == 0) {
    PyErr_SetString(PyExc_ValueError, "Must provide at least one operand");
    return false;
  }
  if (!request->make(static_cast<int>(count))) return false;
  FromAny options;
  options.subok = true;
  for (int k = 0; k < request->nop; k++) {
    PyObject* item = PyTuple_GetItem(items.get(), k);
    if (item == Py_None) continue;
    request->ops[k].array = array_from_any(item, options);
    if (!request->ops[k].array) return false;
  }
  return true;
}

// What is written to must be an array to begin with.
bool check_written(PyObject* object, const IterRequest& request) {
  const bool several = PyTuple_Check(object) || PyList_Check(object);
  for (int k = 0; k < request.nop; k++) {
    if (!(request.ops[k].flags & (kOpReadWrite | kOpWriteOnly)) || !request.ops[k].array) continue;
    Ref<> item = several ? steal(PySequence_GetItem(object, k)) : borrow(object);
    if (!item) return false;
    if (is_array(item.get())) continue;
    PyErr_SetString(PyExc_TypeError,
                    "Iterator operand is flagged as writeable, but is an object which cannot be written back to via "
                    "WRITEBACKIFCOPY");
    return false;
  }
  return true;
}

void drop(IterObject* self) {
  NdIterator* iterator = std::exchange(self->iterator, nullptr);
  if (!iterator) return;
  if (iterator->pending()) {
    SavedError raised;
    if (PyErr_WarnEx(PyExc_RuntimeWarning,
                     "Temporary data has not been written back to one of the operands. Typically nditer is used as a "
                     "context manager otherwise 'close' must be called before reading iteration results.",
                     1) < 0)
      PyErr_WriteUnraisable(reinterpret_cast<PyObject*>(&Nditer_Type));
    if (!iterator->write_back()) PyErr_WriteUnraisable(reinterpret_cast<PyObject*>(&Nditer_Type));
  } else {
    SavedError raised;
    if (!iterator->flush()) PyErr_WriteUnraisable(reinterpret_cast<PyObject*>(&Nditer_Type));
  }
  delete iterator;
}

PyObject* iter_new(PyTypeObject* type, PyObject*, PyObject*) {
  Ref<> self = steal(type->tp_alloc(type, 0));
  if (!self) return nullptr;
  as_iter(self.get())->iterator = as_iter(self.get())->spent = nullptr;
  as_iter(self.get())->child = nullptr;
  return self.release();
}

void take(IterObject* self, NdIterator* iterator) {
  self->iterator = iterator;
  self->started = false;
  self->finished = iterator->size() == 0;
}

int iter_init(PyObject* self, PyObject* args, PyObject* kwargs) {
  static const char* keywords[] = {"op",      "flags",   "op_flags",  "op_dtypes",  "order",
                                   "casting", "op_axes", "itershape", "buffersize", nullptr};
  PyObject *op, *flags = nullptr, *op_flags = nullptr, *dtypes = nullptr, *op_axes = nullptr, *shape = nullptr;
  IterRequest request;
  if (as_iter(self)->iterator) {
    PyErr_SetString(PyExc_ValueError, "Iterator was already initialized");
    return -1;
  }
  if (!PyArg_ParseTupleAndKeywords(args, kwargs, "O|OOOO&O&OOn:nditer", const_cast<char**>(keywords), &op, &flags,
                                   &op_flags, &dtypes, order_converter, &request.order, casting_converter,
                                   &request.casting, &op_axes, &shape, &request.buffer_size))
    return -1;
  if (request.buffer_size < 0) {
    PyErr_SetString(PyExc_ValueError, "buffersize must not be negative");
    return -1;
  }
  if (!parse_global_flags(flags, &request) || !parse_operands(op, &request) ||
      !parse_operand_flags(op_flags, &request) || !check_written(op, request) || !parse_dtypes(dtypes, &request) ||
      !parse_op_axes(op_axes, &request) || !parse_iteration_shape(shape, &request))
    return -1;
  NdIterator* iterator = NdIterator::make(request);
  if (!iterator) return -1;
  take(as_iter(self), iterator);
  return 0;
}

void iter_dealloc(PyObject* self) {
  drop(as_iter(self));
  delete as_iter(self)->spent;
  Py_XDECREF(as_iter(self)->child);
  Py_TYPE(self)->tp_free(self);
}

// ---- values

NdIterator* ready_for_values(PyObject* self) {
  NdIterator* iterator = as_iter(self)->iterator;
  if (!iterator || as_iter(self)->finished) {
    PyErr_SetString(PyExc_ValueError, "Iterator is past the end");
    return nullptr;
  }
  if (iterator->delayed()) {
    PyErr_SetString(PyExc_ValueError,
                    "Iterator construction used delayed buffer allocation, and no reset has been done yet");
    return nullptr;
  }
  return iterator;
}

Ref<ArrayObject> element_view(PyObject* self, NdIterator* iterator, int k) {
  IterOperand& operand = iterator->operand(k);
  const intp count = iterator->chunk(), step = iterator->step(k);
  return new_view(self, operand.descr.get(), iterator->has(kIterExternalLoop) ? 1 : 0, &count, &step,
                  iterator->pointer(k), operand.writes() ? kWriteable : 0);
}

PyObject* get_item(PyObject* self, Py_ssize_t k) {
  NdIterator* iterator = ready_for_values(self);
  if (!iterator) return nullptr;
  const intp given = k;
  if (k < 0) k += iterator->nop();
  if (k < 0 || k >= iterator->nop()) {
    PyErr_Format(PyExc_IndexError, "Iterator operand index %zd is out of bounds", given);
    return nullptr;
  }
  return element_view(self, iterator, static_cast<int>(k)).release_object();
}

PyObject* get_value(PyObject* self, void*) {
  NdIterator* iterator = ready_for_values(self);
  if (!iterator) return nullptr;
  if (iterator->nop() == 1) return get_item(self, 0);
  Ref<> tuple = steal(PyTuple_New(iterator->nop()));
  for (int k = 0; tuple && k < iterator->nop(); k++) {
    PyObject* item = get_item(self, k);
    if (!item) return nullptr;
    PyTuple_SetItem(tuple.get(), k, item);
  }
  return tuple.release();
}

// The nested iterator starts where this one stands.
bool reset_child(IterObject* self) {
  for (IterObject* parent = self; parent->child; parent = as_iter(parent->child)) {
    IterObject* child = as_iter(parent->child);
    if (!child->iterator) return true;
    if (parent->iterator->size() == 0) continue;
    if (!child->iterator->reset_base(*parent->iterator)) return false;
    child->started = false;
    child->finished = child->iterator->size() == 0;
  }
  return true;
}

PyObject* iter_next(PyObject* self) {
  IterObject* iter = as_iter(self);
  if (!iter->iterator || iter->finished) return nullptr;
  if (iter->started) {
    if (!iter->iterator->next()) {
      iter->finished = true;
      return nullptr;
    }
    if (!reset_child(iter)) return nullptr;
  }
  iter->started = true;
  return get_value(self, nullptr);
}

PyObject* method_iternext(PyObject* self, PyObject*) {
  IterObject* iter = as_iter(self);
  if (!iter->iterator || iter->finished) Py_RETURN_FALSE;
  const bool more = iter->iterator->next();
  if (PyErr_Occurred()) return nullptr;
  if (!more) {
    iter->finished = true;
    Py_RETURN_FALSE;
  }
  iter->started = true;
  if (!reset_child(iter)) return nullptr;
  Py_RETURN_TRUE;
}

Py_ssize_t iter_length(PyObject* self) { return as_iter(self)->iterator ? as_iter(self)->iterator->nop() : 0; }

int set_item(PyObject* self, Py_ssize_t k, PyObject* value) {
  NdIterator* iterator = ready_for_values(self);
  if (!iterator) return -1;
  if (!value) {
    PyErr_SetString(PyExc_TypeError, "Cannot delete iterator elements");
    return -1;
  }
  const intp given = k;
  if (k < 0) k += iterator->nop();
  if (k < 0 || k >= iterator->nop()) {
    PyErr_Format(PyExc_IndexError, "Iterator operand index %zd is out of bounds", given);
    return -1;
  }
  if (!iterator->operand(static_cast<int>(k)).writes()) {
    PyErr_Format(PyExc_RuntimeError, "Iterator operand %zd is not writeable", k);
    return -1;
  }
  Ref<ArrayObject> view = element_view(self, iterator, static_cast<int>(k));
  return view ? assign_object(view.get(), value) : -1;
}

bool slice_bounds(PyObject* self, PyObject* key, Py_ssize_t* start, Py_ssize_t* count) {
  Py_ssize_t stop, step;
  if (PySlice_Unpack(key, start, &stop, &step) < 0) return false;
  *count = PySlice_AdjustIndices(iter_length(self), start, &stop, step);
  if (step == 1) return true;
  PyErr_SetString(PyExc_ValueError, "Iterator slicing only supports a step of 1");
  return false;
}

PyObject* iter_subscript(PyObject* self, PyObject* key) {
  if (!ready_for_values(self)) return nullptr;
  if (PySlice_Check(key)) {
    Py_ssize_t start, count;
    if (!slice_bounds(self, key, &start, &count)) return nullptr;
    Ref<> tuple = steal(PyTuple_New(count));
    for (Py_ssize_t i = 0; tuple && i < count; i++) {
      PyObject* item = get_item(self, start + i);
      if (!item) return nullptr;
      PyTuple_SetItem(tuple.get(), i, item);
    }
    return tuple.release();
  }
  intp index;
  if (!PyIndex_Check(key)) {
    PyErr_SetString(PyExc_TypeError, "invalid index type for iterator indexing");
    return nullptr;
  }
  return integer_argument(key, &index) ? get_item(self, index) : nullptr;
}

int iter_assign(PyObject* self, PyObject* key, PyObject* value) {
  if (!ready_for_values(self)) return -1;
  if (!value) {
    PyErr_SetString(PyExc_TypeError, "Cannot delete iterator elements");
    return -1;
  }
  if (PySlice_Check(key)) {
    Py_ssize_t start, count;
    if (!slice_bounds(self, key, &start, &count)) return -1;
    const FastSequence items(value, "a sequence is needed to assign to a slice of an iterator");
    if (!items) return -1;
    if (items.size() != count) {
      PyErr_SetString(PyExc_ValueError, "Wrong size to assign to iterator slice");
      return -1;
    }
    for (Py_ssize_t i = 0; i < count; i++) {
      Ref<> item = borrow(items[i]);
      if (set_item(self, start + i, item.get()) < 0) return -1;
    }
    return 0;
  }
  intp index;
  if (!PyIndex_Check(key)) {
    PyErr_SetString(PyExc_TypeError, "invalid index type for iterator indexing");
    return -1;
  }
  return integer_argument(key, &index) ? set_item(self, index, value) : -1;
}

// ---- attributes

PyObject* get_finished(PyObject* self, void*) {
  return PyBool_FromLong(!as_iter(self)->iterator || as_iter(self)->finished);
}
PyObject* get_operands(PyObject* self, void*) {
  NdIterator* iterator = valid(self);
  Ref<> tuple = iterator ? steal(PyTuple_New(iterator->nop())) : Ref<>();
  for (int k = 0; tuple && k < iterator->nop(); k++)
    PyTuple_SetItem(tuple.get(), k, new_ref(iterator->operand(k).array.get()));
  return tuple.release();
}
PyObject* get_itviews(PyObject* self, void*) {
  NdIterator* iterator = valid(self);
  Ref<> tuple = iterator ? steal(PyTuple_New(iterator->nop())) : Ref<>();
  for (int k = 0; tuple && k < iterator->nop(); k++) {
    PyObject* view = iterator->view(k, self).release_object();
    if (!view) return nullptr;
    PyTuple_SetItem(tuple.get(), k, view);
  }
  return tuple.release();
}
PyObject* get_dtypes(PyObject* self, void*) {
  NdIterator* iterator = valid(self);
  Ref<> tuple = iterator ? steal(PyTuple_New(iterator->nop())) : Ref<>();
  for (int k = 0; tuple && k < iterator->nop(); k++)
    PyTuple_SetItem(tuple.get(), k, new_ref(iterator->operand(k).descr.get()));
  return tuple.release();
}
PyObject* get_shape(PyObject* self, void*) {
  NdIterator* iterator = valid(self);
  if (!iterator) return nullptr;
  if (!iterator->shape_known()) {
    PyErr_SetString(PyExc_ValueError, "the shape is not known once the multi-index was removed");
    return nullptr;
  }
  intp dims[kMaxDims];
  iterator->shape(dims);
  return intp_tuple(iterator->nd(), dims).release();
}
PyObject* get_ndim(PyObject* self, void*) {
  NdIterator* iterator = valid(self);
  return iterator ? PyLong_FromLong(iterator->nd()) : nullptr;
}
PyObject* get_nop(PyObject* self, void*) {
  NdIterator* iterator = valid(self);
  return iterator ? PyLong_FromLong(iterator->nop()) : nullptr;
}
PyObject* get_itersize(PyObject* self, void*) {
  NdIterator* iterator = valid(self);
  return iterator ? PyLong_FromSsize_t(iterator->size()) : nullptr;
}
PyObject* get_has_index(PyObject* self, void*) {
  NdIterator* iterator = valid(self);
  return iterator ? PyBool_FromLong(iterator->has(kIterCIndex | kIterFIndex)) : nullptr;
}
PyObject* get_has_multi_index(PyObject* self, void*) {
  NdIterator* iterator = valid(self);
  return iterator ? PyBool_FromLong(iterator->has(kIterMultiIndex)) : nullptr;
}
PyObject* get_delayed(PyObject* self, void*) {
  NdIterator* iterator = valid(self);
  return iterator ? PyBool_FromLong(iterator->delayed()) : nullptr;
}
PyObject* get_needs_api(PyObject* self, void*) {
  NdIterator* iterator = valid(self);
  if (!iterator) return nullptr;
  bool needs = false;
  for (int k = 0; k < iterator->nop(); k++)
    needs |= has_references(iterator->operand(k).descr.get()) || has_references(iterator->operand(k).array->descr);
  return PyBool_FromLong(needs);
}

NdIterator* before_end(PyObject* self) {
  if (as_iter(self)->iterator && !as_iter(self)->finished) return as_iter(self)->iterator;
  PyErr_SetString(PyExc_ValueError, "Iterator is past the end");
  return nullptr;
}

bool moved(PyObject* self) {
  as_iter(self)->started = false;
  as_iter(self)->finished = false;
  return reset_child(as_iter(self));
}

PyObject* get_multi_index(PyObject* self, void*) {
  NdIterator* iterator = before_end(self);
  if (!iterator) return nullptr;
  if (iterator->delayed()) return ready_for_values(self), nullptr;
  if (!iterator->has(kIterMultiIndex)) {
    PyErr_SetString(PyExc_ValueError, "Iterator is not tracking a multi-index");
    return nullptr;
  }
  intp index[kMaxDims];
  iterator->multi_index(index);
  return intp_tuple(iterator->nd(), index).release();
}
int set_multi_index(PyObject* self, PyObject* value, void*) {
  NdIterator* iterator = valid(self);
  if (!iterator) return -1;
  if (!value) {
    PyErr_SetString(PyExc_AttributeError, "Cannot delete nditer multi_index");
    return -1;
  }
  if (!iterator->has(kIterMultiIndex)) {
    PyErr_SetString(PyExc_ValueError, "Iterator is not tracking a multi-index");
    return -1;
  }
  if (iterator->too_large()) {
    PyErr_SetString(PyExc_ValueError, "iterator is too large");
    return -1;
  }
  if (!PySequence_Check(value)) {
    PyErr_SetString(PyExc_ValueError, "multi_index must be set with a sequence");
    return -1;
  }
  const Py_ssize_t count = PySequence_Size(value);
  if (count < 0) return -1;
  if (count != iterator->nd()) {
    PyErr_SetString(PyExc_ValueError, "Wrong number of indices");
    return -1;
  }
  intp index[kMaxDims];
  for (Py_ssize_t i = 0; i < count; i++) {
    Ref<> item = steal(PySequence_GetItem(value, i));
    if (!item) return -1;
    index[i] = PyLong_AsSsize_t(item.get());
    if (index[i] == -1 && PyErr_Occurred()) {
      PyErr_Clear();
      if (!integer_argument(item.get(), &index[i])) return -1;
    }
  }
  const intp position = iterator->position_of(index);
  if (position < 0) {
    PyErr_SetString(PyExc_IndexError, "Iterator GotoMultiIndex called with an out-of-bounds multi-index");
    return -1;
  }
  if (position < iterator->start() || position >= iterator->end()) {
    PyErr_SetString(PyExc_IndexError,
                    "Iterator GotoMultiIndex called with a multi-index outside the restricted iteration range");
    return -1;
  }
  return iterator->go_to(position) && moved(self) ? 0 : -1;
}

PyObject* get_index(PyObject* self, void*) {
  NdIterator* iterator = before_end(self);
  if (!iterator) return nullptr;
  if (!iterator->has(kIterCIndex | kIterFIndex)) {
    PyErr_SetString(PyExc_ValueError, "Iterator does not have an index");
    return nullptr;
  }
  return PyLong_FromSsize_t(iterator->flat_index());
}
int set_index(PyObject* self, PyObject* value, void*) {
  NdIterator* iterator = valid(self);
  if (!iterator) return -1;
  if (!value) {
    PyErr_SetString(PyExc_AttributeError, "Cannot delete nditer index");
    return -1;
  }
  if (!iterator->has(kIterCIndex | kIterFIndex)) {
    PyErr_SetString(PyExc_ValueError, "Iterator does not have an index");
    return -1;
  }
  intp index, position;
  if (!integer_argument(value, &index)) return -1;
  if (!iterator->find_flat_index(index, &position)) {
    PyErr_SetString(PyExc_IndexError, "Iterator GotoIndex called with an out-of-bounds index");
    return -1;
  }
  if (position < iterator->start() || position >= iterator->end()) {
    PyErr_SetString(PyExc_IndexError, "Iterator GotoIndex called with an index outside the restricted iteration range");
    return -1;
  }
  return iterator->go_to(position) && moved(self) ? 0 : -1;
}

PyObject* get_iterindex(PyObject* self, void*) {
  NdIterator* iterator = valid(self);
  return iterator ? PyLong_FromSsize_t(iterator->position()) : nullptr;
}
int set_iterindex(PyObject* self, PyObject* value, void*) {
  NdIterator* iterator = valid(self);
  intp position;
  if (!iterator) return -1;
  if (!value) {
    PyErr_SetString(PyExc_AttributeError, "Cannot delete nditer iterindex");
    return -1;
  }
  if (!integer_argument(value, &position)) return -1;
  if (iterator->has(kIterExternalLoop)) {
    PyErr_SetString(PyExc_ValueError, "Cannot call GotoIterIndex on an iterator which has the flag EXTERNAL_LOOP");
    return -1;
  }
  if (position < iterator->start() || position >= iterator->end()) {
    PyErr_SetString(PyExc_IndexError, "Iterator GotoIterIndex called with an iterindex outside the iteration range.");
    return -1;
  }
  return iterator->go_to(position) && moved(self) ? 0 : -1;
}

PyObject* get_iterrange(PyObject* self, void*) {
  NdIterator* iterator = valid(self);
  return iterator ? Py_BuildValue("(nn)", iterator->start(), iterator->end()) : nullptr;
}
int set_iterrange(PyObject* self, PyObject* value, void*) {
  NdIterator* iterator = valid(self);
  intp start, end;
  if (!iterator) return -1;
  if (!value) {
    PyErr_SetString(PyExc_AttributeError, "Cannot delete nditer iterrange");
    return -1;
  }
  if (!PyTuple_Check(value)) {
    PyErr_SetString(PyExc_TypeError, "iterrange must be set with a tuple of two integers");
    return -1;
  }
  if (!PyArg_ParseTuple(value, "nn", &start, &end) || !iterator->reset_range(start, end)) return -1;
  as_iter(self)->started = false;
  as_iter(self)->finished = start == end;
  return reset_child(as_iter(self)) ? 0 : -1;
}

// ---- methods

PyObject* method_reset(PyObject* self, PyObject*) {
  NdIterator* iterator = valid(self);
  if (!iterator || !iterator->reset()) return nullptr;
  as_iter(self)->started = false;
  as_iter(self)->finished = iterator->start() >= iterator->end();
  if (!reset_child(as_iter(self))) return nullptr;
  Py_RETURN_NONE;
}

PyObject* method_copy(PyObject* self, PyObject*) {
  NdIterator* iterator = valid(self);
  if (!iterator || !iterator->flush()) return nullptr;
  Ref<> copy = steal(iter_new(Py_TYPE(self), nullptr, nullptr));
  NdIterator* own = copy ? iterator->copy() : nullptr;
  if (!own) return nullptr;
  take(as_iter(copy.get()), own);
  as_iter(copy.get())->started = as_iter(self)->started;
  as_iter(copy.get())->finished = as_iter(self)->finished;
  return copy.release();
}

PyObject* after_change(PyObject* self, bool done) {
  if (!done) return nullptr;
  as_iter(self)->started = false;
  as_iter(self)->finished = as_iter(self)->iterator->size() == 0;
  Py_RETURN_NONE;
}
PyObject* method_remove_axis(PyObject* self, PyObject* argument) {
  NdIterator* iterator = valid(self);
  intp axis;
  if (!iterator || !integer_argument(argument, &axis)) return nullptr;
  return after_change(self, iterator->remove_axis(axis));
}
PyObject* method_remove_multi_index(PyObject* self, PyObject*) {
  NdIterator* iterator = valid(self);
  return iterator ? after_change(self, iterator->remove_multi_index()) : nullptr;
}
PyObject* method_enable_external_loop(PyObject* self, PyObject*) {
  NdIterator* iterator = valid(self);
  return iterator ? after_change(self, iterator->enable_external_loop()) : nullptr;
}

PyObject* method_close(PyObject* self, PyObject*) {
  IterObject* iter = as_iter(self);
  if (!iter->iterator) Py_RETURN_NONE;
  NdIterator* iterator = std::exchange(iter->iterator, nullptr);
  iter->spent = iterator;
  if (!iterator->write_back()) return nullptr;
  Py_RETURN_NONE;
}
PyObject* method_enter(PyObject* self, PyObject*) {
  if (as_iter(self)->iterator) return new_ref(self);
  PyErr_SetString(PyExc_RuntimeError, "operation on non-initialized iterator");
  return nullptr;
}
PyObject* method_exit(PyObject* self, PyObject*) { return method_close(self, nullptr); }

PyObject* method_debug_print(PyObject* self, PyObject*) {
  NdIterator* iterator = valid(self);
  if (!iterator) return nullptr;
  PySys_WriteStdout("nditer: %d operands, %d axes, %zd elements, at %zd\n", iterator->nop(), iterator->nd(),
                    iterator->size(), iterator->position());
  Py_RETURN_NONE;
}

PyGetSetDef getset[] = {
    {"value", get_value, nullptr, "The elements, or chunks of them, at the current position.", nullptr},
    {"finished", get_finished, nullptr, "Whether the iteration is over.", nullptr},
    {"operands", get_operands, nullptr, "The arrays that are iterated over.", nullptr},
    {"itviews", get_itviews, nullptr, "Views of the operands with the axes as they are walked.", nullptr},
    {"dtypes", get_dtypes, nullptr, "Types of the values.", nullptr},
    {"shape", get_shape, nullptr, "Lengths of the axes.", nullptr},
    {"ndim", get_ndim, nullptr, "Number of axes.", nullptr},
    {"nop", get_nop, nullptr, "Number of operands.", nullptr},
    {"itersize", get_itersize, nullptr, "Number of elements.", nullptr},
    {"has_index", get_has_index, nullptr, "Whether a flat index is tracked.", nullptr},
    {"has_multi_index", get_has_multi_index, nullptr, "Whether a multi-index is tracked.", nullptr},
    {"has_delayed_bufalloc", get_delayed, nullptr, "Whether buffers wait for a reset.", nullptr},
    {"iterationneedsapi", get_needs_api, nullptr, "Whether elements refer to Python objects.", nullptr},
    {"multi_index", get_multi_index, set_multi_index, "The position, an index for each axis.", nullptr},
    {"index", get_index, set_index, "The position as a flat index in C or Fortran order.", nullptr},
    {"iterindex", get_iterindex, set_iterindex, "The position in the order of iteration.", nullptr},
    {"iterrange", get_iterrange, set_iterrange, "Bounds of the iteration.", nullptr},
    {nullptr, nullptr, nullptr, nullptr, nullptr},
};

PyMethodDef methods[] = {
    {"reset", method_reset, METH_NOARGS, "reset($self)\n--\n\nGo back to the start."},
    {"copy", method_copy, METH_NOARGS, "copy($self)\n--\n\nA copy in its current state."},
    {"__copy__", method_copy, METH_NOARGS, "Used by copy.copy."},
    {"iternext", method_iternext, METH_NOARGS, "iternext($self)\n--\n\nGo on; whether there is something left."},
    {"remove_axis", method_remove_axis, METH_O, "remove_axis($self, i, /)\n--\n\nLeave out an axis."},
    {"remove_multi_index", method_remove_multi_index, METH_NOARGS,
     "remove_multi_index($self)\n--\n\nStop tracking a multi-index."},
    {"enable_external_loop", method_enable_external_loop, METH_NOARGS,
     "enable_external_loop($self)\n--\n\nYield chunks from now on."},
    {"debug_print", method_debug_print, METH_NOARGS, "debug_print($self)\n--\n\nPrint the state."},
    {"close", method_close, METH_NOARGS, "close($self)\n--\n\nWrite copies back and end."},
    {"__enter__", method_enter, METH_NOARGS, "The iterator itself."},
    {"__exit__", method_exit, METH_VARARGS, "Close."},
    {nullptr, nullptr, 0, nullptr},
};

PyObject* iter_iter(PyObject* self) { return new_ref(self); }

constinit SequenceMethods sequence = [] {
  SequenceMethods m{};
  m.length = iter_length;
  m.item = get_item;
  m.ass_item = set_item;
  return m;
}();
constinit MappingMethods mapping = [] {
  MappingMethods m{};
  m.length = iter_length;
  m.subscript = iter_subscript;
  m.ass_subscript = iter_assign;
  return m;
}();

// ---- nested iterators

struct Levels {
  static constexpr int kMost = kMaxDims;
  int count = 0;
  intp axes[kMost][kMaxDims];
  int lengths[kMost];

  bool parse(PyObject* object) {
    if (!PyTuple_Check(object) && !PyList_Check(object)) {
      PyErr_SetString(PyExc_ValueError, "axes must be a tuple of axis arrays");
      return false;
    }
    const FastSequence items(object, "axes must be a tuple of axis arrays");
    if (!items) return false;
    if (items.size() < 2) {
      PyErr_SetString(PyExc_ValueError, "axes must have at least 2 entries for nested iteration");
      return false;
    }
    if (items.size() > kMost) {
      PyErr_SetString(PyExc_ValueError, "axes has too many entries for nested iteration");
      return false;
    }
    bool used[kMaxDims] = {};
    for (count = 0; count < items.size(); count++) {
      Ref<> item = borrow(items[count]);
      if (!PyTuple_Check(item.get()) && !PyList_Check(item.get())) {
        PyErr_SetString(PyExc_ValueError, "Each item in axes must be a an integer tuple");
        return false;
      }
      lengths[count] = parse_shape(item.get(), axes[count], "axes");
      if (lengths[count] < 0) return false;
      for (int i = 0; i < lengths[count]; i++) {
        const intp axis = axes[count][i];
        if (axis < 0 || axis >= kMaxDims) {
          PyErr_SetString(PyExc_ValueError, "An axis is out of bounds");
          return false;
        }
        if (used[axis]) {
          PyErr_SetString(PyExc_ValueError, "An axis is used more than once");
          return false;
        }
        used[axis] = true;
      }
    }
    return true;
  }
};

}  // namespace

PyObject* nested_iterators(PyObject*, PyObject* args, PyObject* kwargs) {
  static const char* keywords[] = {"op",    "axes",    "flags",      "op_flags", "op_dtypes",
                                   "order", "casting", "buffersize", nullptr};
  PyObject *op, *axes_object, *flags = nullptr, *op_flags = nullptr, *dtypes = nullptr;
  IterRequest first;
  Levels levels;
  if (!PyArg_ParseTupleAndKeywords(args, kwargs, "OO|OOOO&O&n:nested_iters", const_cast<char**>(keywords), &op,
                                   &axes_object, &flags, &op_flags, &dtypes, order_converter, &first.order,
                                   casting_converter, &first.casting, &first.buffer_size))
    return nullptr;
  if (!levels.parse(axes_object) || !parse_global_flags(flags, &first) || !parse_operands(op, &first) ||
      !parse_operand_flags(op_flags, &first) || !check_written(op, first) || !parse_dtypes(dtypes, &first))
    return nullptr;
  const int nop = first.nop;
  int nd = 0;
  for (int k = 0; k < nop; k++)
    if (first.ops[k].array && first.ops[k].array->nd > nd) nd = first.ops[k].array->nd;
  // The outer iterators see operands as they are; only the innermost buffers and casts.
  Ref<> result = steal(PyTuple_New(levels.count));
  if (!result) return nullptr;
  // Outputs and copies are made once, over all axes in the order of the levels.
  IterRequest whole;
  if (!whole.make(nop)) return nullptr;
  whole.order = first.order;
  whole.casting = first.casting;
  bool make = false;
  for (int k = 0; k < nop; k++) {
    whole.ops[k].flags = first.ops[k].flags;
    if (first.ops[k].array) whole.ops[k].array = Ref<ArrayObject>::borrow(first.ops[k].array.get());
    if (first.ops[k].dtype) whole.ops[k].dtype = Ref<ArrayDescr>::borrow(first.ops[k].dtype.get());
    make |= !first.ops[k].array || (first.ops[k].flags & (kOpCopy | kOpUpdateIfCopy));
  }
  whole.flags = (first.flags & (kIterCommonDtype | kIterRefsOk | kIterZeroSizeOk | kIterReduceOk | kIterBuffered |
                                kIterCopyIfOverlap)) |
                kIterMultiIndex | (first.flags & kIterBuffered ? kIterDelayBuffers : 0u);
  std::unique_ptr<NdIterator> maker;
  if (make || (first.flags & kIterCommonDtype)) {
    maker.reset(NdIterator::make(whole));
    if (!maker) return nullptr;
    for (int k = 0; k < nop; k++) {
      first.ops[k].array = Ref<ArrayObject>::borrow(maker->operand(k).array.get());
      first.ops[k].dtype = Ref<ArrayDescr>::borrow(maker->operand(k).descr.get());
      if (first.ops[k].array->nd > nd) nd = first.ops[k].array->nd;
    }
  }
  for (int level = 0; level < levels.count; level++) {
    const bool innermost = level == levels.count - 1;
    IterRequest request;
    if (!request.make(nop)) return nullptr;
    request.order = first.order;
    request.casting = first.casting;
    request.buffer_size = first.buffer_size;
    request.flags = first.flags & ~uint32_t{kIterCommonDtype | kIterCopyIfOverlap};
    if (!innermost) request.flags &= ~uint32_t{kIterExternalLoop | kIterBuffered | kIterGrowInner | kIterDelayBuffers};
    request.axes_nd = levels.lengths[level];
    for (int k = 0; k < nop; k++) {
      request.ops[k].array = Ref<ArrayObject>::borrow(first.ops[k].array.get());
      if (innermost && first.ops[k].dtype) request.ops[k].dtype = Ref<ArrayDescr>::borrow(first.ops[k].dtype.get());
      request.ops[k].flags = first.ops[k].flags & ~uint32_t{kOpAllocate | kOpCopy | kOpUpdateIfCopy};
      if (!innermost) request.ops[k].flags &= ~uint32_t{kOpNative | kOpAligned | kOpContiguous};
      request.ops[k].has_axes = true;
      for (int i = 0; i < levels.lengths[level]; i++) {
        const intp axis = levels.axes[level][i] - (nd - first.ops[k].array->nd);
        request.ops[k].axes[i] = axis < 0 ? -1 : static_cast<int>(axis);
      }
    }
    NdIterator* iterator = NdIterator::make(request);
    if (!iterator) return nullptr;
    if (level == 0 && maker && maker->pending()) {
      for (int k = 0; k < nop; k++) iterator->operand(k).original = std::move(maker->operand(k).original);
    }
    Ref<> object = steal(iter_new(&Nditer_Type, nullptr, nullptr));
    if (!object) {
      delete iterator;
      return nullptr;
    }
    take(as_iter(object.get()), iterator);
    PyTuple_SetItem(result.get(), level, object.release());
  }
  for (int level = 0; level + 1 < levels.count; level++)
    as_iter(PyTuple_GetItem(result.get(), level))->child = new_ref(PyTuple_GetItem(result.get(), level + 1));
  if (!reset_child(as_iter(PyTuple_GetItem(result.get(), 0)))) return nullptr;
  return result.release();
}

int init_nditer(PyObject* module) {
  PyTypeObject& type = Nditer_Type;
  type.tp_new = iter_new;
  type.tp_init = iter_init;
  type.tp_dealloc = iter_dealloc;
  type.tp_iter = iter_iter;
  type.tp_iternext = iter_next;
  type.tp_as_sequence = &sequence;
  type.tp_as_mapping = &mapping;
  type.tp_getset = getset;
  type.tp_methods = methods;
  if (ready_public_type(&type, "nditer") < 0) return -1;
  return PyModule_AddObjectRef(module, "nditer", reinterpret_cast<PyObject*>(&type));
}

PyTypeObject* nditer_type() { return &Nditer_Type; }

}  // namespace wasmnp
