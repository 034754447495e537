// ravel_multi_index and unravel_index: places in an array of a given shape as one number or one per axis.
#include <cstring>

#include "../python/arguments.hpp"
#include "functions.hpp"
#include "indexing.hpp"
#include "iterate.hpp"
#include "operands.hpp"

namespace wasmnp {

namespace {

bool order_is_f(PyObject* object, bool* f_order) {
  Order order = Order::C;
  if (object && !order_converter(object, &order)) return false;
  *f_order = order == Order::F;
  if (order == Order::C || order == Order::F) return true;
  PyErr_SetString(PyExc_ValueError, "only 'C' or 'F' order is permitted");
  return false;
}

// Indices as intp; what is not integral is a TypeError, even where it is empty.
Ref<ArrayObject> integral(PyObject* object) {
  Ref<ArrayObject> array = array_from_any(object);
  if (!array) return nullptr;
  const bool was_array = is_array(object);
  if (!was_array && array_size(array.get()) == 0 && array->descr->kind == 'f') {
    PyErr_SetString(PyExc_TypeError,
                    "indices must be integral: the provided empty sequence was inferred as float. Wrap it with "
                    "'np.array(indices, dtype=np.intp)'");
    return nullptr;
  }
  const char kind = array->descr->kind;
  if (kind != 'i' && kind != 'u' && kind != 'b') {
    PyErr_SetString(PyExc_TypeError, "only int indices permitted");
    return nullptr;
  }
  return operand_as(array.get(), descr_from_type_num(kIntp));
}

// Products of the later (F order: earlier) dimensions; false where all of them overflow.
bool fill_weights(int nd, const intp* dims, bool f_order, intp* weights, intp* total) {
  intp product = 1;
  for (int k = 0; k < nd; k++) {
    const int i = f_order ? k : nd - 1 - k;
    weights[i] = product;
    if (__builtin_mul_overflow(product, dims[i], &product)) return false;
  }
  *total = product;
  return true;
}

PyObject* function_ravel_multi_index(PyObject*, PyObject* const* args, Py_ssize_t nargs, PyObject* kwnames) {
  static const char* const names[] = {"multi_index", "dims", "mode", "order"};
  PyObject* values[4];
  if (!parse_arguments({"ravel_multi_index", names, 4, 2}, args, nargs, kwnames, values)) return nullptr;
  intp dims[kMaxDims], weights[kMaxDims], total;
  bool f_order;
  const int nd = parse_shape(values[1], dims, "dims");
  if (nd < 0 || !order_is_f(values[3], &f_order)) return nullptr;
  if (!fill_weights(nd, dims, f_order, weights, &total)) {
    PyErr_SetString(PyExc_ValueError,
                    "invalid dims: array size defined by dims is larger than the maximum possible size.");
    return nullptr;
  }
  ClipMode modes[kMaxDims];
  if (values[2] && PyTuple_Check(values[2])) {
    if (PyTuple_Size(values[2]) != nd) {
      PyErr_Format(PyExc_ValueError, "a tuple of modes needs one for each of the %d dimensions, not %zd", nd,
                   PyTuple_Size(values[2]));
      return nullptr;
    }
    for (int i = 0; i < nd; i++) {
      modes[i] = ClipMode::Raise;
      if (!parse_mode(PyTuple_GetItem(values[2], i), &modes[i])) return nullptr;
    }
  } else {
    ClipMode mode = ClipMode::Raise;
    if (!parse_mode(values[2], &mode)) return nullptr;
    for (int i = 0; i < nd; i++) modes[i] = mode;
  }
  Ref<> sequence = steal(PySequence_Tuple(values[0]));
  if (!sequence) return nullptr;
  if (PyTuple_Size(sequence.get()) != nd) {
    PyErr_Format(PyExc_ValueError, "parameter multi_index must be a sequence of length %d", nd);
    return nullptr;
  }
  Ref<ArrayObject> indices[kMaxDims];
  int out_nd = 0;
  intp out_dims[kMaxDims];
  for (int i = 0; i < nd; i++) {
    indices[i] = integral(PyTuple_GetItem(sequence.get(), i));
    if (!indices[i]) return nullptr;
    if (broadcast_shape(&out_nd, out_dims, indices[i]->nd, indices[i]->dimensions)) continue;
    PyErr_SetString(PyExc_ValueError, "shape mismatch: objects cannot be broadcast to a single shape");
    return nullptr;
  }
  NewArray zeros;
  zeros.zeroed = true;
  Ref<ArrayObject> result = new_array(descr_from_type_num(kIntp), out_nd, out_dims, zeros);
  if (!result) return nullptr;
  bool valid = true;
  for (int axis = 0; axis < nd && valid; axis++) {
    LoopSpace space;
    space.nd = out_nd;
    for (int i = 0; i < out_nd; i++) space.shape[i] = out_dims[i];
    space.add(result->data, out_nd, out_dims, result->strides);
    const ArrayObject* own = indices[axis].get();
    space.add(own->data, own->nd, own->dimensions, own->strides);
    for_each_element(space, [&](char** p) {
      intp index, sum;
      std::memcpy(&index, p[1], sizeof index);
      std::memcpy(&sum, p[0], sizeof sum);
      if (dims[axis] <= 0 || !bring_inside(&index, dims[axis], modes[axis]) ||
          (modes[axis] == ClipMode::Raise && index != *reinterpret_cast<const intp*>(p[1]))) {
        valid = false;  // negative indices do not count from the end here
        return;
      }
      sum += index * weights[axis];
      std::memcpy(p[0], &sum, sizeof sum);
    });
  }
  if (valid) return array_return(std::move(result));
  PyErr_SetString(PyExc_ValueError, "invalid entry in coordinates array");
  return nullptr;
}

PyObject* function_unravel_index(PyObject*, PyObject* const* args, Py_ssize_t nargs, PyObject* kwnames) {
  static const char* const names[] = {"indices", "shape", "order"};
  PyObject* values[3];
  if (!parse_arguments({"unravel_index", names, 3, 2}, args, nargs, kwnames, values)) return nullptr;
  intp dims[kMaxDims], weights[kMaxDims], total;
  bool f_order;
  const int nd = parse_shape(values[1], dims);
  if (nd < 0 || !order_is_f(values[2], &f_order)) return nullptr;
  if (!fill_weights(nd, dims, f_order, weights, &total)) {
    PyErr_SetString(
        PyExc_ValueError,
        "dimensions are too large; arrays and shapes with a total size greater than 'intp' are not supported.");
    return nullptr;
  }
  Ref<ArrayObject> indices = integral(values[0]);
  if (!indices) return nullptr;
  // The coordinates of one place lie together.
  intp all_dims[kMaxDims + 1];
  if (indices->nd + 1 > kMaxDims) {
    PyErr_Format(PyExc_ValueError, "indices may have at most %d dimensions", kMaxDims - 1);
    return nullptr;
  }
  for (int i = 0; i < indices->nd; i++) all_dims[i] = indices->dimensions[i];
  all_dims[indices->nd] = nd;
  Ref<ArrayObject> coordinates = new_array(indices->descr, indices->nd + 1, all_dims);
  if (!coordinates) return nullptr;
  const intp count = array_size(indices.get());
  Ref<ArrayObject> flat = contiguous(indices.get(), indices->descr);
  if (!flat) return nullptr;
  for (intp n = 0; n < count; n++) {
    intp rest;
    std::memcpy(&rest, flat->data + n * static_cast<intp>(sizeof rest), sizeof rest);
    if (rest < 0 || rest >= total) {
      PyErr_Format(PyExc_ValueError, "index %zd is out of bounds for array with size %zd", rest, total);
      return nullptr;
    }
    auto* out = reinterpret_cast<intp*>(coordinates->data) + n * nd;
    for (int axis = 0; axis < nd; axis++) out[axis] = rest / weights[axis] % dims[axis];
  }
  if (nd == 0 && indices->nd) {
    PyErr_SetString(PyExc_ValueError, "multiple indices are not supported for 0d array");
    return nullptr;
  }
  Ref<> tuple = steal(PyTuple_New(nd));
  for (int axis = 0; tuple && axis < nd; axis++) {
    Ref<ArrayObject> part = view_of(coordinates.get(), indices->nd, all_dims, coordinates->strides,
                                    coordinates->data + axis * static_cast<intp>(sizeof(intp)));
    PyObject* item = array_return(std::move(part));
    if (!item) return nullptr;
    PyTuple_SetItem(tuple.get(), axis, item);
  }
  return tuple.release();
}

}  // namespace

PyMethodDef flat_index_functions[] = {
    {"ravel_multi_index", as_method(function_ravel_multi_index), kFastKeywords,
     "ravel_multi_index(multi_index, dims, mode='raise', order='C')\n--\n\n"
     "Places in an array of a given shape as single numbers.\n\n"
     "Parameters\n----------\nmulti_index : tuple of array_like of int\n    An array for each axis.\ndims : tuple of "
     "ints\n    The shape.\nmode : {'raise', 'wrap', 'clip'} or tuple of them\n    What happens to indices out of "
     "bounds.\norder : {'C', 'F'}\n\n"
     "Returns\n-------\nndarray\n\nRaises\n------\nValueError\n    For indices out of bounds under ``'raise'``.\n\n"
     "Examples\n--------\n>>> import wasmnp as np\n>>> np.ravel_multi_index(([1, 0], [2, 1]), (3, 4))\narray([6, 1])"},
    {"unravel_index", as_method(function_unravel_index), kFastKeywords,
     "unravel_index(indices, shape, order='C')\n--\n\n"
     "Single numbers as places in an array of a given shape.\n\n"
     "Parameters\n----------\nindices : array_like of int\nshape : tuple of ints\norder : {'C', 'F'}\n\n"
     "Returns\n-------\ntuple of ndarray\n    One for each axis.\n\nRaises\n------\nValueError\n    For numbers out of "
     "bounds.\n\n"
     "Examples\n--------\n>>> import wasmnp as np\n>>> np.unravel_index([6, 1], (3, 4))\n(array([1, 0]), array([2, "
     "1]))"},
    {nullptr, nullptr, 0, nullptr},
};

}  // namespace wasmnp
