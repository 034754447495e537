// Basic indexing: integers, slices, newaxis and ellipsis, for reading and for assignment.
#include "array.hpp"
#include "scalar.hpp"

namespace wasmnp {

namespace {

struct View {
  int nd = 0;
  intp dims[kMaxDims], strides[kMaxDims];
  char* data;
  bool element = false;  // every axis was taken by an integer and no ellipsis asked for an array
};

int bad_index(PyObject* item) {
  if (is_array(item) || PyList_Check(item) || PyBool_Check(item)) {
    PyErr_Format(PyExc_NotImplementedError,
                 "indexing with '%s' (integer and boolean arrays) is not part of this version; integers, slices (`:`), "
                 "ellipsis (`...`) and newaxis (`None`) are",
                 Py_TYPE(item)->tp_name);
  } else {
    PyErr_SetString(
        PyExc_IndexError,
        "only integers, slices (`:`), ellipsis (`...`), numpy.newaxis (`None`) and integer or boolean arrays "
        "are valid indices");
  }
  return -1;
}

int take_integer(ArrayObject* array, PyObject* item, int axis, View* view) {
  Ref<> number = steal(PyNumber_Index(item));
  if (!number) {
    PyErr_Clear();
    return bad_index(item);
  }
  intp index = PyLong_AsSsize_t(number.get());
  if (index == -1 && PyErr_Occurred()) {
    if (PyErr_ExceptionMatches(PyExc_OverflowError)) {
      PyErr_Clear();
      PyErr_Format(PyExc_IndexError, "cannot fit '%s' into an index-sized integer", Py_TYPE(item)->tp_name);
    }
    return -1;
  }
  const intp length = array->dimensions[axis];
  if (index < -length || index >= length) {
    PyErr_Format(PyExc_IndexError, "index %zd is out of bounds for axis %d with size %zd", index, axis, length);
    return -1;
  }
  if (index < 0) index += length;
  view->data += index * array->strides[axis];
  return 0;
}

int take_slice(ArrayObject* array, PyObject* item, int axis, View* view) {
  Py_ssize_t start, stop, step;
  if (PySlice_Unpack(item, &start, &stop, &step) < 0) return -1;
  const Py_ssize_t count = PySlice_AdjustIndices(array->dimensions[axis], &start, &stop, step);
  view->dims[view->nd] = count;
  view->strides[view->nd] = array->strides[axis] * step;
  if (count > 0) view->data += start * array->strides[axis];
  view->nd++;
  return 0;
}

bool is_integer_index(PyObject* item) {
  if (PyLong_CheckExact(item)) return true;
  if (PyBool_Check(item) || !PyIndex_Check(item)) return false;
  return !is_array(item) || as_array(item)->nd == 0;
}

int parse_index(ArrayObject* array, PyObject* key, View* view) {
  view->data = array->data;
  const bool tuple = PyTuple_Check(key);
  const Py_ssize_t count = tuple ? PyTuple_Size(key) : 1;
  int used = 0, ellipses = 0;
  for (Py_ssize_t i = 0; i < count; i++) {
    PyObject* item = tuple ? PyTuple_GetItem(key, i) : key;
    if (item == Py_Ellipsis)
      ellipses++;
    else if (item != Py_None)
      used++;
  }
  if (ellipses > 1) {
    PyErr_SetString(PyExc_IndexError, "an index can only have a single ellipsis ('...')");
    return -1;
  }
  if (used > array->nd) {
    PyErr_Format(PyExc_IndexError, "too many indices for array: array is %d-dimensional, but %d were indexed",
                 array->nd, used);
    return -1;
  }
  int axis = 0, integers = 0;
  for (Py_ssize_t i = 0; i < count; i++) {
    PyObject* item = tuple ? PyTuple_GetItem(key, i) : key;
    if (view->nd >= kMaxDims) {
      PyErr_Format(PyExc_IndexError, "number of dimensions must be within [0, %d], indexing result would have more",
                   kMaxDims);
      return -1;
    }
    if (is_integer_index(item)) {
      if (take_integer(array, item, axis++, view) < 0) return -1;
      integers++;
    } else if (PySlice_Check(item)) {
      if (take_slice(array, item, axis++, view) < 0) return -1;
    } else if (item == Py_None) {
      view->dims[view->nd] = 1;
      view->strides[view->nd++] = 0;
    } else if (item == Py_Ellipsis) {
      for (const int end = axis + array->nd - used; axis < end; axis++) {
        view->dims[view->nd] = array->dimensions[axis];
        view->strides[view->nd++] = array->strides[axis];
      }
    } else {
      return bad_index(item);
    }
  }
  for (; axis < array->nd; axis++) {
    if (view->nd >= kMaxDims) {
      PyErr_Format(PyExc_IndexError, "number of dimensions must be within [0, %d], indexing result would have more",
                   kMaxDims);
      return -1;
    }
    view->dims[view->nd] = array->dimensions[axis];
    view->strides[view->nd++] = array->strides[axis];
  }
  view->element = view->nd == 0 && integers == array->nd && !ellipses;
  return 0;
}

}  // namespace

PyObject* array_subscript(PyObject* self, PyObject* key) {
  ArrayObject* array = as_array(self);
  if (array->nd == 1 && PyLong_CheckExact(key)) {
    const intp length = array->dimensions[0];
    const intp index = PyLong_AsSsize_t(key);
    if (index == -1 && PyErr_Occurred())
      PyErr_Clear();
    else if (index >= -length && index < length)
      return array_item(array, array->data + (index < 0 ? index + length : index) * array->strides[0]);
  }
  View view;
  if (parse_index(array, key, &view) < 0) return nullptr;
  if (view.element) return array_item(array, view.data);
  return view_of(array, view.nd, view.dims, view.strides, view.data).release_object();
}

int array_ass_subscript(PyObject* self, PyObject* key, PyObject* value) {
  ArrayObject* array = as_array(self);
  if (!value) {
    PyErr_SetString(PyExc_ValueError, "cannot delete array elements");
    return -1;
  }
  if (require_writeable(array) < 0) return -1;
  View view;
  if (parse_index(array, key, &view) < 0) return -1;
  if (view.element && (weak_kind(value) || PyList_Check(value) || PyTuple_Check(value)))
    return assign_element(array->descr, view.data, value);
  Ref<ArrayObject> target = new_view(self, array->descr, view.nd, view.dims, view.strides, view.data, array->flags);
  return target ? assign_object(target.get(), value) : -1;
}

}  // namespace wasmnp
