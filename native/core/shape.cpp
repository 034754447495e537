// Shapes: parsing, reshaping without copies, transposition and broadcasting.
#include "array.hpp"
#include "iterate.hpp"
#include "operands.hpp"
#include "state.hpp"

namespace wasmnp {

Ref<> intp_tuple(int nd, const intp* values) {
  Ref<> tuple = steal(PyTuple_New(nd));
  for (int i = 0; tuple && i < nd; i++) {
    PyObject* number = PyLong_FromSsize_t(values[i]);
    if (!number) return nullptr;
    PyTuple_SetItem(tuple.get(), i, number);
  }
  return tuple;
}

Ref<> shape_text(int nd, const intp* dims) {
  Ref<> text = steal(PyUnicode_FromString("("));
  for (int i = 0; text && i < nd; i++)
    text = steal(PyUnicode_FromFormat(i + 1 < nd || nd == 1 ? "%U%zd," : "%U%zd", text.get(), dims[i]));
  return text ? steal(PyUnicode_FromFormat("%U)", text.get())) : Ref<>();
}

bool add_shape(Ref<>* list, int nd, const intp* dims) {
  Ref<> shape = shape_text(nd, dims);
  if (shape) *list = steal(PyUnicode_FromFormat("%U%U ", list->get(), shape.get()));
  return shape && *list;
}

namespace {

// A length that no intp holds.
int raise_beyond_reach() {
  if (PyErr_ExceptionMatches(PyExc_OverflowError)) {
    PyErr_Clear();
    PyErr_SetString(PyExc_ValueError, "Maximum allowed dimension exceeded");
  }
  return -1;
}

}  // namespace

int parse_shape(PyObject* object, intp* dims, const char* what) {
  if (PyIndex_Check(object) && !PyTuple_Check(object) && !PyList_Check(object)) {
    Ref<> number = steal(PyNumber_Index(object));
    if (number) {
      dims[0] = PyLong_AsSsize_t(number.get());
      return dims[0] == -1 && PyErr_Occurred() ? raise_beyond_reach() : 1;
    }
    if (!is_array(object)) return -1;
    PyErr_Clear();  // an array of sizes
  }
  const auto not_understood = [&] {
    PyErr_Clear();
    PyErr_Format(PyExc_TypeError, "expected a sequence of integers or a single integer, got '%S' for %s", object, what);
    return -1;
  };
  if (!PySequence_Check(object)) return not_understood();
  const FastSequence items(object, "sequence expected");
  if (!items) return not_understood();
  const Py_ssize_t count = items.size();
  if (count > kMaxDims) {
    PyErr_Format(PyExc_ValueError, "maximum supported dimension for an ndarray is currently %d, found %zd", kMaxDims,
                 count);
    return -1;
  }
  for (Py_ssize_t i = 0; i < count; i++) {
    Ref<> item = i < items.size() ? borrow(items[i]) : Ref<>();
    if (!item) {
      PyErr_Format(PyExc_RuntimeError, "%s changed size while it was read", what);
      return -1;
    }
    if (!integer_argument(item.get(), dims + i)) return raise_beyond_reach();
  }
  return static_cast<int>(count);
}

int normalize_axis(intp* axis, int nd) {
  const intp given = *axis;
  if (given >= -nd && given < nd) {
    if (given < 0) *axis += nd;
    return 0;
  }
  Ref<> type = steal(import_member("exceptions", "AxisError"));
  Ref<> error = type ? steal(PyObject_CallFunction(type.get(), "ni", given, nd)) : Ref<>();
  if (error) PyErr_SetObject(type.get(), error.get());
  return -1;
}

int order_converter(PyObject* object, void* out) {
  auto* order = static_cast<Order*>(out);
  if (object == Py_None) return 1;
  const char* text = PyUnicode_Check(object) ? PyUnicode_AsUTF8AndSize(object, nullptr) : nullptr;
  if (!text) {
    if (!PyErr_Occurred()) PyErr_Format(PyExc_TypeError, "order must be str, not %s", Py_TYPE(object)->tp_name);
    return 0;
  }
  if (text[0] && !text[1]) {
    switch (text[0] | 0x20) {
      case 'c': *order = Order::C; return 1;
      case 'f': *order = Order::F; return 1;
      case 'a': *order = Order::Any; return 1;
      case 'k': *order = Order::K; return 1;
      default: break;
    }
  }
  PyErr_Format(PyExc_ValueError, "order must be one of 'C', 'F', 'A', or 'K' (got %R)", object);
  return 0;
}

bool broadcast_shape(int* nd, intp* dims, int other_nd, const intp* other) {
  if (other_nd > *nd) {
    const int shift = other_nd - *nd;
    for (int i = *nd - 1; i >= 0; i--) dims[i + shift] = dims[i];
    for (int i = 0; i < shift; i++) dims[i] = 1;
    *nd = other_nd;
  }
  const int shift = *nd - other_nd;
  for (int i = 0; i < other_nd; i++) {
    intp& mine = dims[i + shift];
    if (other[i] == 1 || other[i] == mine) continue;
    if (mine != 1) return false;
    mine = other[i];
  }
  return true;
}

namespace {

// Strides of the same elements in the same order under a new shape, or false when they cannot be a view.
bool view_strides(ArrayObject* array, int nd, const intp* dims, bool f_order, intp* strides) {
  intp old_dims[kMaxDims], old_strides[kMaxDims];
  int old_nd = 0;
  for (int i = 0; i < array->nd; i++) {
    if (array->dimensions[i] == 1) continue;
    old_dims[old_nd] = array->dimensions[i];
    old_strides[old_nd++] = array->strides[i];
  }
  // Groups of old axes and of new axes with equal products correspond; an old group must step evenly inside.
  int oi = 0, ni = 0;
  while (ni < nd && oi < old_nd) {
    int oj = oi + 1, nj = ni + 1;
    intp old_product = old_dims[oi], new_product = dims[ni];
    while (old_product != new_product) {
      if (new_product < old_product)
        new_product *= dims[nj++];
      else
        old_product *= old_dims[oj++];
    }
    for (int k = oi; k < oj - 1; k++) {
      const bool even = f_order ? old_strides[k + 1] == old_dims[k] * old_strides[k]
                                : old_strides[k] == old_dims[k + 1] * old_strides[k + 1];
      if (!even) return false;
    }
    if (f_order) {
      strides[ni] = old_strides[oi];
      for (int k = ni + 1; k < nj; k++) strides[k] = strides[k - 1] * dims[k - 1];
    } else {
      strides[nj - 1] = old_strides[oj - 1];
      for (int k = nj - 1; k > ni; k--) strides[k - 1] = strides[k] * dims[k];
    }
    ni = nj;
    oi = oj;
  }
  // Trailing new axes all have length 1.
  const intp last = ni >= 1 ? strides[ni - 1] * (f_order ? dims[ni - 1] : 1) : array->descr->elsize;
  for (int k = ni; k < nd; k++) strides[k] = last;
  return true;
}

}  // namespace

Ref<ArrayObject> reshape(ArrayObject* array, int nd, const intp* wanted, Order order, bool allow_copy) {
  intp dims[kMaxDims];
  const intp size = array_size(array);
  int unknown = -1;
  intp known = 1;
  bool bad = false;
  for (int i = 0; i < nd; i++) {
    dims[i] = wanted[i];
    if (dims[i] < 0) {
      if (unknown >= 0) {
        PyErr_SetString(PyExc_ValueError, "can only specify one unknown dimension");
        return nullptr;
      }
      unknown = i;
    } else if (__builtin_mul_overflow(known, dims[i], &known)) {
      bad = true;
    }
  }
  if (!bad && unknown >= 0) {
    bad = known == 0 || size % known != 0;
    if (!bad) dims[unknown] = size / known;
  } else if (known != size) {
    bad = true;
  }
  if (bad) {
    Ref<> text = shape_text(nd, wanted);
    if (text) PyErr_Format(PyExc_ValueError, "cannot reshape array of size %zd into shape %U", size, text.get());
    return nullptr;
  }
  bool f_order = order == Order::F;
  if (order == Order::Any || order == Order::K)
    f_order = (array->flags & kFContiguous) && !(array->flags & kCContiguous);
  intp strides[kMaxDims];
  const bool contiguous = array->flags & (f_order ? kFContiguous : kCContiguous);
  if (contiguous || size == 0) {
    fill_strides(array->descr->elsize, nd, dims, f_order ? Order::F : Order::C, strides);
    return view_of(array, nd, dims, strides, array->data);
  }
  if (view_strides(array, nd, dims, f_order, strides)) return view_of(array, nd, dims, strides, array->data);
  if (!allow_copy) {
    PyErr_SetString(PyExc_ValueError, "Unable to avoid creating a copy while reshaping.");
    return nullptr;
  }
  Ref<ArrayObject> copy = copy_array(array, array->descr, f_order ? Order::F : Order::C, true);
  if (!copy) return nullptr;
  fill_strides(array->descr->elsize, nd, dims, f_order ? Order::F : Order::C, strides);
  return view_of(copy.get(), nd, dims, strides, copy->data);
}

Ref<ArrayObject> ravel(ArrayObject* array, Order order, bool always_copy) {
  const intp size = array_size(array);
  if (order == Order::Any)
    order = (array->flags & kFContiguous) && !(array->flags & kCContiguous) ? Order::F : Order::C;
  Ref<ArrayObject> source = Ref<ArrayObject>::borrow(array);
  if (order == Order::K) {
    if (array->flags & kCContiguous) {
      order = Order::C;
    } else if (array->flags & kFContiguous) {
      order = Order::F;
    } else {
      LoopSpace space;
      space.nd = array->nd;
      for (int i = 0; i < array->nd; i++) space.shape[i] = array->dimensions[i];
      space.add(array->data, array->nd, array->dimensions, array->strides);
      int permutation[kMaxDims];
      sort_axes(space, permutation);
      intp axes[kMaxDims];
      for (int i = 0; i < array->nd; i++) axes[i] = permutation[i];
      source = transpose(array, axes);
      if (!source) return nullptr;
      order = Order::C;
      always_copy |= !(source->flags & kCContiguous);  // a view would not be contiguous
    }
  }
  if (always_copy) {
    Ref<ArrayObject> copy = copy_array(source.get(), array->descr, order, true);
    return copy ? reshape(copy.get(), 1, &size, order, true) : Ref<ArrayObject>();
  }
  return reshape(source.get(), 1, &size, order, true);
}

Ref<ArrayObject> transpose(ArrayObject* array, const intp* axes) {
  intp dims[kMaxDims], strides[kMaxDims];
  for (int i = 0; i < array->nd; i++) {
    const intp axis = axes ? axes[i] : array->nd - 1 - i;
    dims[i] = array->dimensions[axis];
    strides[i] = array->strides[axis];
  }
  return view_of(array, array->nd, dims, strides, array->data);
}

}  // namespace wasmnp
