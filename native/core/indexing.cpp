// Subscripts of arrays: basic indexing (integers, slices, newaxis, ellipsis) is done here; keys with arrays go on to
// index_prepare.cpp.
#include "indexing.hpp"

#include <cstring>

#include "flexible.hpp"
#include "scalar.hpp"

namespace wasmnp {

int raise_bad_index() {
  PyErr_SetString(PyExc_IndexError,
                  "only integers, slices (`:`), ellipsis (`...`), numpy.newaxis (`None`) and integer or boolean arrays "
                  "are valid indices");
  return -1;
}

int raise_out_of_bounds(intp index, intp axis, intp length) {
  PyErr_Format(PyExc_IndexError, "index %zd is out of bounds for axis %zd with size %zd", index, axis, length);
  return -1;
}

int take_integer(ArrayObject* array, PyObject* item, int axis, char** data) {
  Ref<> number = steal(PyNumber_Index(item));
  if (!number) {
    PyErr_Clear();
    return raise_bad_index();
  }
  intp index = PyLong_AsSsize_t(number.get());
  if (index == -1 && PyErr_Occurred()) {
    if (!PyErr_ExceptionMatches(PyExc_OverflowError)) return -1;
    PyErr_Clear();
    return raise_bad_index();
  }
  const intp given = index, length = array->dimensions[axis];
  if (!wrap_index(&index, length)) return raise_out_of_bounds(given, axis, length);
  *data += index * array->strides[axis];
  return 0;
}

int take_slice(ArrayObject* array, PyObject* item, int axis, intp* count, intp* stride, char** data) {
  Py_ssize_t start, stop, step;
  if (PySlice_Unpack(item, &start, &stop, &step) < 0) return -1;
  *count = PySlice_AdjustIndices(array->dimensions[axis], &start, &stop, step);
  *stride = array->strides[axis] * step;
  if (*count > 0) *data += start * array->strides[axis];
  return 0;
}

bool is_integer_index(PyObject* item) {
  if (PyLong_CheckExact(item)) return true;
  return !PyBool_Check(item) && PyIndex_Check(item) && !is_array(item) && item != boolean_value(0) &&
         item != boolean_value(1);
}

namespace {

bool is_basic(PyObject* item) {
  return item == Py_Ellipsis || item == Py_None || PySlice_Check(item) || is_integer_index(item);
}

int too_many_dimensions() {
  PyErr_Format(PyExc_IndexError, "number of dimensions must be within [0, %d], indexing result would have more",
               kMaxDims);
  return -1;
}

// 1: the key has arrays.
int parse_basic(ArrayObject* array, PyObject* key, BasicView* view) {
  view->data = array->data;
  const bool tuple = PyTuple_Check(key);
  const Py_ssize_t count = tuple ? PyTuple_Size(key) : 1;
  Py_ssize_t used = 0;
  int ellipses = 0;
  for (Py_ssize_t i = 0; i < count; i++) {
    PyObject* item = tuple ? PyTuple_GetItem(key, i) : key;
    if (!is_basic(item)) return 1;
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
    PyErr_Format(PyExc_IndexError, "too many indices for array: array is %d-dimensional, but %zd were indexed",
                 array->nd, used);
    return -1;
  }
  int axis = 0, integers = 0;
  for (Py_ssize_t i = 0; i < count; i++) {
    PyObject* item = tuple ? PyTuple_GetItem(key, i) : key;
    if (view->nd >= kMaxDims) return too_many_dimensions();
    if (PySlice_Check(item)) {
      if (take_slice(array, item, axis++, &view->dims[view->nd], &view->strides[view->nd], &view->data) < 0) return -1;
      view->nd++;
    } else if (item == Py_None) {
      view->dims[view->nd] = 1;
      view->strides[view->nd++] = 0;
    } else if (item == Py_Ellipsis) {
      for (const int end = axis + array->nd - static_cast<int>(used); axis < end; axis++) {
        if (view->nd >= kMaxDims) return too_many_dimensions();
        view->dims[view->nd] = array->dimensions[axis];
        view->strides[view->nd++] = array->strides[axis];
      }
    } else {
      if (take_integer(array, item, axis++, &view->data) < 0) return -1;
      integers++;
    }
  }
  for (; axis < array->nd; axis++) {
    if (view->nd >= kMaxDims) return too_many_dimensions();
    view->dims[view->nd] = array->dimensions[axis];
    view->strides[view->nd++] = array->strides[axis];
  }
  view->element = view->nd == 0 && integers == array->nd && !ellipses;
  return 0;
}

// Values that an element takes as they are; others are made arrays first. An element that is an object takes whole
// arrays, too.
bool sets_as_element(const ArrayObject* array, PyObject* value) {
  return weak_kind(value) || PyList_Check(value) || PyTuple_Check(value) ||
         (is_object(array->descr) && is_array(value));
}

// Sets one element; an array with axes is none, but for truth, objects and bytes of any kind.
int set_element(ArrayObject* array, char* data, PyObject* value) {
  if (sets_as_element(array, value)) return assign_element(array->descr, data, value);
  if (is_array(value) && as_array(value)->nd > 0 && !std::strchr("bV", array->descr->kind)) {
    const bool converted =
        array->descr->kind == 'c' || element_index(array->descr) == static_cast<int>(Element::LongDouble);
    PyErr_SetString(converted ? PyExc_TypeError : PyExc_ValueError,
                    converted ? "only 0-dimensional arrays can be converted to Python scalars"
                              : "setting an array element with a sequence.");
    return -1;
  }
  Ref<ArrayObject> target =
      new_view(reinterpret_cast<PyObject*>(array), array->descr, 0, nullptr, nullptr, data, array->flags);
  return target ? assign_object(target.get(), value) : -1;
}

// Kept apart from the basic path, whose frame stays small.
[[gnu::noinline]] PyObject* get_advanced(ArrayObject* array, PyObject* key) {
  IndexPlan plan;
  if (!prepare_index(array, key, &plan)) return nullptr;
  switch (plan.result) {
    case IndexResult::Element: return array_item(array, plan.data);
    case IndexResult::Mask: return mask_get(array, plan.mask.get());
    case IndexResult::Fancy: return fancy_get(array, plan);
    default: break;
  }
  Ref<ArrayObject> view = view_of(array, plan.nd, plan.dims, plan.strides, plan.data);
  if (view && plan.result == IndexResult::Copy) view = copy_array(view.get(), view->descr, Order::K, true);
  return view.release_object();
}

[[gnu::noinline]] int set_advanced(ArrayObject* array, PyObject* key, PyObject* value) {
  IndexPlan plan;
  if (!prepare_index(array, key, &plan)) return -1;
  if (plan.result == IndexResult::Mask) return mask_set(array, plan.mask.get(), value);
  if (plan.result == IndexResult::Fancy) return fancy_set(array, plan, value);
  if (plan.result == IndexResult::Element) return set_element(array, plan.data, value);
  Ref<ArrayObject> target = new_view(reinterpret_cast<PyObject*>(array), array->descr, plan.nd, plan.dims, plan.strides,
                                     plan.data, array->flags);
  return target ? assign_object(target.get(), value) : -1;
}

// Masks of the array's own shape need no plan.
bool is_full_mask(const ArrayObject* array, const ArrayObject* mask) {
  if (mask->descr->kind != 'b' || mask->nd != array->nd || mask->nd == 0) return false;
  for (int i = 0; i < mask->nd; i++)
    if (mask->dimensions[i] != array->dimensions[i]) return false;
  return true;
}

}  // namespace

PyObject* array_subscript(PyObject* self, PyObject* key) {
  ArrayObject* array = as_array(self);
  if (is_exact_array(key)) {
    if (is_exact_array(self) && is_flat_index(array, as_array(key))) return flat_get(array, as_array(key));
    if (is_full_mask(array, as_array(key))) return mask_get(array, as_array(key));
  }
  if (array->nd == 1 && PyLong_CheckExact(key)) {
    const intp length = array->dimensions[0];
    const intp index = PyLong_AsSsize_t(key);
    if (index == -1 && PyErr_Occurred())
      PyErr_Clear();
    else if (index >= -length && index < length)
      return array_item(array, array->data + (index < 0 ? index + length : index) * array->strides[0]);
  }
  if (is_field_key(array->descr, key)) return reinterpret_cast<PyObject*>(field_view(array, key));
  BasicView view;
  const int status = parse_basic(array, key, &view);
  if (status < 0) return nullptr;
  if (status > 0) return get_advanced(array, key);
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
  if (is_exact_array(key)) {
    ArrayObject* selector = as_array(key);
    if (is_full_mask(array, selector)) return mask_set(array, selector, value);
    if (is_flat_index(array, selector) && !may_overlap(array, selector)) {
      Ref<ArrayObject> values = values_for(array, value);
      if (!values) return -1;
      if (values->nd == 0 ||
          (values->nd == 1 && (values->dimensions[0] == 1 || values->dimensions[0] == selector->dimensions[0])))
        return flat_set(array, selector, values.get());
    }
  }
  if (is_field_key(array->descr, key)) {
    Ref<> field = steal(reinterpret_cast<PyObject*>(field_view(array, key)));
    return field ? assign_object(as_array(field.get()), value) : -1;
  }
  BasicView view;
  const int status = parse_basic(array, key, &view);
  if (status < 0) return -1;
  if (status > 0) return set_advanced(array, key, value);
  if (view.element) return set_element(array, view.data, value);
  Ref<ArrayObject> target = new_view(self, array->descr, view.nd, view.dims, view.strides, view.data, array->flags);
  return target ? assign_object(target.get(), value) : -1;
}

}  // namespace wasmnp
