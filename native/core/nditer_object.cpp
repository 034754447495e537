// The Python type nditer.
#include <cstring>
#include <utility>

#include "../python/arguments.hpp"
#include "nditer_object.hpp"
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

}  // namespace

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

Ref<> nditer_around(NdIterator* iterator) {
  Ref<> object = steal(iter_new(&Nditer_Type, nullptr, nullptr));
  if (object)
    take(as_iter(object.get()), iterator);
  else
    delete iterator;
  return object;
}

void nest(PyObject* outer, PyObject* inner) { as_iter(outer)->child = new_ref(inner); }

bool reset_nested(PyObject* outer) { return reset_child(as_iter(outer)); }

}  // namespace wasmnp
