// Methods of arrays that look at the same memory in another way, or change the array itself: swapaxes, squeeze,
// diagonal, trace, getfield, setfield, byteswap, resize.
#include "view_methods.hpp"

#include <cstdlib>
#include <cstring>

#include "../python/arguments.hpp"
#include "casting.hpp"
#include "indexing.hpp"
#include "operands.hpp"
#include "state.hpp"
#include "ufunc.hpp"

namespace wasmnp {

PyObject* array_swapaxes(PyObject* self, PyObject* const* args, Py_ssize_t nargs, PyObject* kwnames) {
  static const char* const names[] = {"/axis1", "/axis2"};
  PyObject* values[2];
  if (!parse_arguments({"swapaxes", names, 2, 2}, args, nargs, kwnames, values)) return nullptr;
  ArrayObject* array = as_array(self);
  int a, b;
  intp first, second;
  if (!integer_argument(values[0], &first) || !integer_argument(values[1], &second)) return nullptr;
  Ref<> prefix;
  if (!axis_argument(values[0], array->nd, &a) || !axis_argument(values[1], array->nd, &b)) {
    // The message says which of the two it was.
    const bool one = first < -array->nd || first >= array->nd;
    PyErr_Clear();
    Ref<> type = steal(import_member("exceptions", "AxisError"));
    Ref<> error =
        type ? steal(PyObject_CallFunction(type.get(), "nis", one ? first : second, array->nd, one ? "axis1" : "axis2"))
             : Ref<>();
    if (error) PyErr_SetObject(type.get(), error.get());
    return nullptr;
  }
  intp axes[kMaxDims];
  for (int i = 0; i < array->nd; i++) axes[i] = i == a ? b : i == b ? a : i;
  return transpose(array, axes).release_object();
}

PyObject* array_squeeze(PyObject* self, PyObject* const* args, Py_ssize_t nargs, PyObject* kwnames) {
  static const char* const names[] = {"axis"};
  PyObject* values[1];
  if (!parse_arguments({"squeeze", names, 1, 0}, args, nargs, kwnames, values)) return nullptr;
  ArrayObject* array = as_array(self);
  bool out[kMaxDims] = {};
  if (!values[0] || values[0] == Py_None) {
    for (int i = 0; i < array->nd; i++) out[i] = array->dimensions[i] == 1;
  } else {
    intp axes[kMaxDims];
    const int count = parse_shape(values[0], axes, "axis");
    if (count < 0) return nullptr;
    for (int k = 0; k < count; k++) {
      // A scalar has an axis of length 1 to squeeze.
      if (array->nd == 0 && count == 1 && (axes[0] == 0 || axes[0] == -1)) break;
      if (normalize_axis(&axes[k], array->nd) < 0) return nullptr;
      if (out[axes[k]]) {
        PyErr_SetString(PyExc_ValueError, "duplicate value in 'axis'");
        return nullptr;
      }
      if (array->dimensions[axes[k]] != 1) {
        PyErr_SetString(PyExc_ValueError, "cannot select an axis to squeeze out which has size not equal to one");
        return nullptr;
      }
      out[axes[k]] = true;
    }
  }
  intp dims[kMaxDims], strides[kMaxDims];
  int nd = 0;
  for (int i = 0; i < array->nd; i++) {
    if (out[i]) continue;
    dims[nd] = array->dimensions[i];
    strides[nd++] = array->strides[i];
  }
  if (nd == array->nd && is_exact_array(self)) return new_ref(self);
  return view_of(array, nd, dims, strides, array->data).release_object();
}

namespace {

Ref<ArrayObject> diagonal(ArrayObject* array, intp offset, PyObject* axis1, PyObject* axis2) {
  if (array->nd < 2) {
    PyErr_SetString(PyExc_ValueError, "diag requires an array of at least two dimensions");
    return nullptr;
  }
  int a = 0, b = 1;
  if ((axis1 && !axis_argument(axis1, array->nd, &a)) || (axis2 && !axis_argument(axis2, array->nd, &b)))
    return nullptr;
  if (a == b) {
    PyErr_SetString(PyExc_ValueError, "axis1 and axis2 cannot be the same");
    return nullptr;
  }
  intp rows = array->dimensions[a], columns = array->dimensions[b];
  char* data = array->data;
  // As many as there are from (0, offset) or (-offset, 0) on.
  intp skipped = 0;
  if (offset >= 0) {
    skipped = offset < columns ? offset : columns;
    columns -= skipped;
    data += columns ? skipped * array->strides[b] : 0;
  } else {
    skipped = offset > -rows ? -offset : rows;
    rows -= skipped;
    data += rows ? skipped * array->strides[a] : 0;
  }
  intp dims[kMaxDims], strides[kMaxDims];
  int nd = 0;
  for (int i = 0; i < array->nd; i++) {
    if (i == a || i == b) continue;
    dims[nd] = array->dimensions[i];
    strides[nd++] = array->strides[i];
  }
  dims[nd] = rows < columns ? rows : columns;
  strides[nd++] = array->strides[a] + array->strides[b];
  Ref<ArrayObject> view = view_of(array, nd, dims, strides, data);
  if (view) view->flags &= ~kWriteable;
  return view;
}

bool offset_argument(PyObject* object, intp* offset) { return !object || integer_argument(object, offset); }

}  // namespace

PyObject* array_diagonal(PyObject* self, PyObject* const* args, Py_ssize_t nargs, PyObject* kwnames) {
  static const char* const names[] = {"offset", "axis1", "axis2"};
  PyObject* values[3];
  intp offset = 0;
  if (!parse_arguments({"diagonal", names, 3, 0}, args, nargs, kwnames, values) || !offset_argument(values[0], &offset))
    return nullptr;
  return diagonal(as_array(self), offset, values[1], values[2]).release_object();
}

PyObject* array_trace(PyObject* self, PyObject* const* args, Py_ssize_t nargs, PyObject* kwnames) {
  static const char* const names[] = {"offset", "axis1", "axis2", "dtype", "out"};
  PyObject* values[5];
  intp offset = 0;
  if (!parse_arguments({"trace", names, 5, 0}, args, nargs, kwnames, values) || !offset_argument(values[0], &offset))
    return nullptr;
  Ref<ArrayObject> view = diagonal(as_array(self), offset, values[1], values[2]);
  if (!view) return nullptr;
  Ref<> axis = steal(PyLong_FromLong(-1));
  PyObject* arguments[3] = {axis.get(), values[3] ? values[3] : Py_None, values[4] ? values[4] : Py_None};
  static UfuncObject* const add = find_ufunc("add");
  return axis ? reduce_with_arguments(add, view.object(), arguments, 3, nullptr, true) : nullptr;
}

// ---- parts of elements

namespace {

Ref<ArrayObject> field(ArrayObject* array, PyObject* dtype, PyObject* offset_object) {
  Ref<ArrayDescr> descr = descr_from_object(dtype);
  intp offset = 0;
  if (!descr || !offset_argument(offset_object, &offset)) return nullptr;
  const intp size = array->descr->elsize;
  if (descr->elsize > size) {
    PyErr_SetString(PyExc_ValueError, "new type is larger than original type");
    return nullptr;
  }
  if (offset < 0) {
    PyErr_SetString(PyExc_ValueError, "offset is negative");
    return nullptr;
  }
  if (offset > size - descr->elsize) {
    PyErr_SetString(PyExc_ValueError, "new type plus offset is larger than original type");
    return nullptr;
  }
  if (!moves_as_bytes(array->descr) || !moves_as_bytes(descr.get())) {
    PyErr_SetString(PyExc_TypeError, "Cannot get/set field of an object array");
    return nullptr;
  }
  auto* self = reinterpret_cast<PyObject*>(array);
  return new_view(self, descr.get(), array->nd, array->dimensions, array->strides, array->data + offset, array->flags,
                  Py_TYPE(self), self);
}

}  // namespace

PyObject* array_getfield(PyObject* self, PyObject* const* args, Py_ssize_t nargs, PyObject* kwnames) {
  static const char* const names[] = {"dtype", "offset"};
  PyObject* values[2];
  if (!parse_arguments({"getfield", names, 2, 1}, args, nargs, kwnames, values)) return nullptr;
  return field(as_array(self), values[0], values[1]).release_object();
}

PyObject* array_setfield(PyObject* self, PyObject* const* args, Py_ssize_t nargs, PyObject* kwnames) {
  static const char* const names[] = {"val", "dtype", "offset"};
  PyObject* values[3];
  if (!parse_arguments({"setfield", names, 3, 2}, args, nargs, kwnames, values)) return nullptr;
  if (require_writeable(as_array(self)) < 0) return nullptr;
  Ref<ArrayObject> part = field(as_array(self), values[1], values[2]);
  if (!part || assign_object(part.get(), values[0]) < 0) return nullptr;
  Py_RETURN_NONE;
}

PyObject* array_byteswap(PyObject* self, PyObject* const* args, Py_ssize_t nargs, PyObject* kwnames) {
  static const char* const names[] = {"inplace"};
  PyObject* values[1];
  if (!parse_arguments({"byteswap", names, 1, 0}, args, nargs, kwnames, values)) return nullptr;
  const int inplace = truth_argument(values[0], false);
  if (inplace < 0) return nullptr;
  Ref<ArrayObject> array = Ref<ArrayObject>::borrow(self);
  if (!inplace) {
    array = copy_array(array.get(), array->descr, Order::K, true);
    return array ? PyObject_CallMethod(array.object(), "byteswap", "O", Py_True) : nullptr;
  }
  if (require_writeable(array.get(), "array to be byte-swapped") < 0) return nullptr;
  // The type with the other byte order sees every value reversed; writing them back as they are reverses the bytes.
  Ref<ArrayDescr> swapped = descr_with_byteorder(array->descr, 'S');
  if (!swapped) return nullptr;
  if (swapped.get() != array->descr) {
    Ref<ArrayObject> reversed =
        new_view(self, swapped.get(), array->nd, array->dimensions, array->strides, array->data, array->flags);
    Ref<ArrayObject> values_copy = copy_array(array.get(), array->descr, Order::K, false);
    if (!reversed || !values_copy || copy_into(reversed.get(), values_copy.get()) < 0) return nullptr;
  }
  return array.release_object();
}

// ---- resize

namespace {

int raise_referenced() {
  PyErr_SetString(PyExc_ValueError,
                  "cannot resize an array that references or is referenced\nby another array in this way.\nUse the "
                  "np.resize function or refcheck=False");
  return -1;
}

// Whether only the caller's variable refers to the array. A call holds one reference more; from Python 3.14 on, calls
// in functions borrow those of local variables, and other calls cannot be told from a second variable.
bool is_held_once(ArrayObject* array) {
  constexpr long first_to_borrow = 0x030E0000;
  PyObject* version = PySys_GetObject("hexversion");
  const bool borrows = version && PyLong_AsLong(version) >= first_to_borrow;
  const Py_ssize_t count = Py_REFCNT(reinterpret_cast<PyObject*>(array));
  if (count <= (borrows ? 1 : 2)) return true;
  if (count == 2)
    PyErr_SetString(
        PyExc_ValueError,
        "cannot resize an array that may be referenced by another object.\nIt is possible that this is a false "
        "positive.\nUse the np.resize function or refcheck=False");
  else
    raise_referenced();
  return false;
}

int resize_in_place(ArrayObject* array, int nd, const intp* dims, bool refcheck) {
  if (!(array->flags & (kCContiguous | kFContiguous))) {
    PyErr_SetString(PyExc_ValueError, "resize only works on single-segment arrays");
    return -1;
  }
  intp size = 1;
  for (int i = 0; i < nd; i++) {
    if (dims[i] < 0) {
      PyErr_SetString(PyExc_ValueError, "negative dimensions not allowed");
      return -1;
    }
    if (__builtin_mul_overflow(size, dims[i], &size)) return PyErr_NoMemory(), -1;
  }
  const intp element = array->descr->elsize, old_size = array_size(array);
  if (size != old_size) {
    if (!(array->flags & kOwnData)) {
      PyErr_SetString(PyExc_ValueError, "cannot resize this array: it does not own its data");
      return -1;
    }
    if (array->base || array->weakreflist) return raise_referenced();
    if (refcheck && !is_held_once(array)) return -1;
    intp bytes;
    if (__builtin_mul_overflow(size, element, &bytes)) return PyErr_NoMemory(), -1;
    // The new array brings the memory; elements that carry references are moved as values.
    NewArray zeros;
    zeros.zeroed = true;
    Ref<ArrayObject> fresh = new_array(array->descr, 1, &size, zeros);
    if (!fresh) return -1;
    const intp kept = size < old_size ? size : old_size;
    const intp stride = element;
    Ref<ArrayObject> from = new_view(nullptr, array->descr, 1, &kept, &stride, array->data, 0);
    Ref<ArrayObject> to = new_view(nullptr, array->descr, 1, &kept, &stride, fresh->data, kWriteable);
    if (!from || !to || copy_into(to.get(), from.get()) < 0) return -1;
    const bool f_order = (array->flags & kFContiguous) && !(array->flags & kCContiguous);
    intp strides[kMaxDims];
    fill_strides(element, nd, dims, f_order ? Order::F : Order::C, strides);
    std::swap(array->data, fresh->data);
    std::swap(array->mem_handler, fresh->mem_handler);
    fresh->dimensions[0] = old_size;  // what its memory now holds
    return set_geometry(array, nd, dims, strides);
  }
  const bool f_order = (array->flags & kFContiguous) && !(array->flags & kCContiguous);
  intp strides[kMaxDims];
  fill_strides(element, nd, dims, f_order ? Order::F : Order::C, strides);
  return set_geometry(array, nd, dims, strides);
}

}  // namespace

int set_geometry(ArrayObject* array, int nd, const intp* dims, const intp* strides) {
  intp* memory = array->inline_shape;
  int room = kInlineDims;
  if (nd > kInlineDims) {
    memory = static_cast<intp*>(std::malloc(sizeof(intp) * 2 * static_cast<size_t>(nd)));
    if (!memory) return PyErr_NoMemory(), -1;
    room = nd;
  }
  intp *const old = array->dimensions, *const old_inline = array->inline_shape;
  std::memmove(memory, dims, sizeof(intp) * static_cast<size_t>(nd));
  std::memmove(memory + room, strides, sizeof(intp) * static_cast<size_t>(nd));
  array->dimensions = memory;
  array->strides = memory + room;
  array->nd = nd;
  if (old != old_inline) std::free(old);
  update_flags(array);
  return 0;
}

PyObject* array_resize(PyObject* self, PyObject* const* args, Py_ssize_t nargs, PyObject* kwnames) {
  bool refcheck = true;
  for (Py_ssize_t i = 0; kwnames && i < PyTuple_Size(kwnames); i++) {
    PyObject* name = PyTuple_GetItem(kwnames, i);
    if (PyUnicode_CompareWithASCIIString(name, "refcheck")) {
      PyErr_Format(PyExc_TypeError, "'%U' is an invalid keyword argument for resize()", name);
      return nullptr;
    }
    const int truth = PyObject_IsTrue(args[nargs + i]);
    if (truth < 0) return nullptr;
    refcheck = truth;
  }
  if (nargs == 0 || (nargs == 1 && args[0] == Py_None)) Py_RETURN_NONE;
  intp dims[kMaxDims];
  int nd = 0;
  if (nargs == 1) {
    nd = parse_shape(args[0], dims);
  } else {
    if (nargs > kMaxDims) {
      PyErr_Format(PyExc_ValueError, "at most %d dimensions are possible, %zd were given", kMaxDims, nargs);
      return nullptr;
    }
    for (nd = 0; nd < nargs; nd++)
      if (!integer_argument(args[nd], &dims[nd])) return nullptr;
  }
  if (nd < 0 || resize_in_place(as_array(self), nd, dims, refcheck) < 0) return nullptr;
  Py_RETURN_NONE;
}

}  // namespace wasmnp
