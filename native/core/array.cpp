// Creation and destruction of arrays, flags and views.
#include "array.hpp"

#include <cstdlib>
#include <cstring>

#include "flexible.hpp"
#include "iterate.hpp"
#include "scalar.hpp"
#include "state.hpp"

namespace wasmnp {

void fill_strides(intp itemsize, int nd, const intp* dims, Order order, intp* strides) {
  intp step = itemsize;
  if (order == Order::F) {
    for (int i = 0; i < nd; i++) {
      strides[i] = step;
      if (dims[i]) step *= dims[i];
    }
  } else {
    for (int i = nd - 1; i >= 0; i--) {
      strides[i] = step;
      if (dims[i]) step *= dims[i];
    }
  }
}

void fill_strides_like(intp itemsize, int nd, const intp* dims, const intp* model_strides, intp* strides) {
  LoopSpace space;
  space.nd = nd;
  space.operands = 1;
  for (int i = 0; i < nd; i++) {
    space.shape[i] = dims[i];
    space.strides[0][i] = model_strides[i];
  }
  fill_sorted_strides(space, itemsize, strides);
}

void update_flags(ArrayObject* array) {
  bool c_order = true, f_order = true, empty = false;
  intp c_step = array->descr->elsize, f_step = array->descr->elsize;
  const int nd = array->nd;
  for (int i = nd - 1; i >= 0; i--) {
    const intp n = array->dimensions[i];
    if (n == 0) empty = true;
    if (n != 1) {
      c_order &= array->strides[i] == c_step;
      c_step *= n;
    }
  }
  for (int i = 0; i < nd; i++) {
    const intp n = array->dimensions[i];
    if (n != 1) {
      f_order &= array->strides[i] == f_step;
      f_step *= n;
    }
  }
  if (empty) c_order = f_order = true;
  auto alignment = reinterpret_cast<uintptr_t>(array->data);
  for (int i = 0; i < nd; i++)
    if (array->dimensions[i] > 1) alignment |= static_cast<uintptr_t>(array->strides[i]);
  const bool aligned = empty || alignment % static_cast<uintptr_t>(array->descr->alignment) == 0;
  array->flags = (array->flags & ~(kCContiguous | kFContiguous | kAligned)) | (c_order ? kCContiguous : 0) |
                 (f_order ? kFContiguous : 0) | (aligned ? kAligned : 0);
}

namespace {

// Object memory with room for `nd` dimensions; every field is set, data and flags to nothing.
Ref<ArrayObject> allocate_header(PyTypeObject* subtype, ArrayDescr* descr, int nd) {
  if (nd > kMaxDims) {
    PyErr_Format(PyExc_ValueError, "maximum supported dimension for an ndarray is currently %d, found %d", kMaxDims,
                 nd);
    return nullptr;
  }
  ArrayObject* array = subtype == &Array_Type ? allocate_array_object() : as_array(subtype->tp_alloc(subtype, 0));
  if (!array) return nullptr;
  array->data = nullptr;
  array->nd = nd;
  array->base = nullptr;
  Py_INCREF(reinterpret_cast<PyObject*>(descr));
  array->descr = descr;
  array->flags = 0;
  array->weakreflist = nullptr;
  array->buffer_info = nullptr;
  array->mem_handler = nullptr;
  array->dimensions = array->inline_shape;
  array->strides = array->inline_shape + kInlineDims;
  if (nd > kInlineDims) {
    array->dimensions = static_cast<intp*>(std::malloc(sizeof(intp) * 2 * static_cast<size_t>(nd)));
    if (!array->dimensions) {
      array->dimensions = array->inline_shape;
      array->nd = 0;
      Py_DECREF(reinterpret_cast<PyObject*>(array));
      PyErr_NoMemory();
      return nullptr;
    }
    array->strides = array->dimensions + nd;
  }
  return Ref<ArrayObject>::steal(array);
}

int finalize(ArrayObject* array, PyObject* prototype) {
  static Name name("__array_finalize__");
  Ref<> method = steal(PyObject_GetAttr(reinterpret_cast<PyObject*>(array), name.get()));
  if (!method) return -1;
  if (method.get() == Py_None) return 0;
  Ref<> result = steal(PyObject_CallFunctionObjArgs(method.get(), prototype ? prototype : Py_None, nullptr));
  return result ? 0 : -1;
}

bool total_bytes(ArrayDescr* descr, int nd, const intp* dims, intp* bytes) {
  intp total = descr->elsize;
  bool overflow = false, empty = false;
  for (int i = 0; i < nd; i++) {
    if (dims[i] < 0) {
      PyErr_SetString(PyExc_ValueError, "negative dimensions are not allowed");
      return false;
    }
    if (dims[i] == 0)
      empty = true;
    else
      overflow |= __builtin_mul_overflow(total, dims[i], &total);
  }
  if (overflow) {
    PyErr_SetString(PyExc_ValueError,
                    "array is too big; `arr.size * arr.dtype.itemsize` is larger than the maximum possible size.");
    return false;
  }
  *bytes = empty ? 0 : total;
  return true;
}

void raise_memory_error(ArrayDescr* descr, int nd, const intp* dims) {
  Ref<> type = steal(import_member("_core._exceptions", "_ArrayMemoryError"));
  Ref<> shape = intp_tuple(nd, dims);
  if (!type || !shape) {
    PyErr_Clear();
    PyErr_NoMemory();
    return;
  }
  Ref<> error =
      steal(PyObject_CallFunctionObjArgs(type.get(), shape.get(), reinterpret_cast<PyObject*>(descr), nullptr));
  if (error) PyErr_SetObject(type.get(), error.get());
}

}  // namespace

Ref<ArrayObject> new_array(ArrayDescr* descr, int nd, const intp* dims, const NewArray& options) {
  intp bytes, all_dims[kMaxDims];
  if (const SubArrayDescr* sub = descr->subarray) {
    // Elements of a sub-array type are further axes of the array.
    std::memcpy(all_dims, dims, sizeof(intp) * static_cast<size_t>(nd));
    const int extra = parse_shape(sub->shape, all_dims + nd);
    NewArray own = options;
    own.strides = nullptr;
    return extra < 0 ? nullptr : new_array(sub->base, nd + extra, all_dims, own);
  }
  if (is_text(descr) && descr->elsize == 0) {
    // Text of no size yet has room for one character.
    const Ref<ArrayDescr> one =
        flexible_descr(descr->type_num, descr->type_num == kUnicode ? 4 : 1, is_swapped(descr) ? '>' : '=');
    return one ? new_array(one.get(), nd, dims, options) : Ref<ArrayObject>();
  }
  if (!total_bytes(descr, nd, dims, &bytes)) return nullptr;
  Ref<ArrayObject> array = allocate_header(options.subtype, descr, nd);
  if (!array) return nullptr;
  for (int i = 0; i < nd; i++) array->dimensions[i] = dims[i];
  if (options.strides) {
    for (int i = 0; i < nd; i++) array->strides[i] = options.strides[i];
  } else {
    fill_strides(descr->elsize, nd, dims, options.order, array->strides);
  }
  // A byte at least, so that every array has an address of its own.
  array->data = allocate_data(bytes           ? bytes
                              : descr->elsize ? descr->elsize
                                              : 1,
                              options.zeroed || has_references(descr));
  if (!array->data) {
    raise_memory_error(descr, nd, dims);
    return nullptr;
  }
  array->mem_handler = new_ref(state.handler_capsule);
  array->flags = kOwnData | kWriteable;
  if (!options.strides && nd <= 1)
    array->flags |= kCContiguous | kFContiguous | kAligned;
  else
    update_flags(array.get());
  if (options.subtype != &Array_Type && finalize(array.get(), options.prototype) < 0) return nullptr;
  return array;
}

Ref<ArrayObject> new_view(PyObject* base, ArrayDescr* descr, int nd, const intp* dims, const intp* strides, char* data,
                          int flags, PyTypeObject* subtype, PyObject* prototype) {
  Ref<ArrayObject> array = allocate_header(subtype, descr, nd);
  if (!array) return nullptr;
  for (int i = 0; i < nd; i++) {
    array->dimensions[i] = dims[i];
    array->strides[i] = strides[i];
  }
  array->data = data;
  array->flags = flags & kWriteable;
  update_flags(array.get());
  PyObject* owner = base;
  while (owner && is_array(owner)) {
    ArrayObject* parent = as_array(owner);
    if ((parent->flags & kOwnData) || !parent->base) break;
    // As in NumPy, views of views refer to one owner, but no further back than through arrays of the view's own type.
    if (Py_TYPE(parent->base) != Py_TYPE(array.object())) break;
    owner = parent->base;
  }
  Py_XINCREF(owner);
  array->base = owner;
  if (subtype != &Array_Type && finalize(array.get(), prototype) < 0) return nullptr;
  return array;
}

Ref<ArrayObject> view_of(ArrayObject* array, int nd, const intp* dims, const intp* strides, char* data) {
  auto* self = reinterpret_cast<PyObject*>(array);
  return new_view(self, array->descr, nd, dims, strides, data, array->flags, Py_TYPE(self), self);
}

Ref<ArrayObject> new_like(ArrayObject* model, ArrayDescr* descr, Order order, PyTypeObject* subtype,
                          PyObject* prototype) {
  NewArray options;
  options.subtype = subtype;
  options.prototype = prototype;
  intp strides[kMaxDims];
  const bool f_only = (model->flags & kFContiguous) && !(model->flags & kCContiguous);
  switch (order) {
    case Order::C: break;
    case Order::F: options.order = Order::F; break;
    case Order::Any: options.order = f_only ? Order::F : Order::C; break;
    case Order::K:
      if (f_only) {
        options.order = Order::F;
      } else if (!(model->flags & kCContiguous)) {
        fill_strides_like(descr->elsize, model->nd, model->dimensions, model->strides, strides);
        options.strides = strides;
      }
      break;
  }
  return new_array(descr, model->nd, model->dimensions, options);
}

PyObject* array_item(ArrayObject* array, const char* data) {
  if (!is_flexible(array->descr)) return scalar_from_data(array->descr, data);
  return flexible_scalar(array->descr, data, reinterpret_cast<PyObject*>(array));
}

PyObject* array_return(Ref<ArrayObject> array) {
  if (!array || array->nd != 0 || !is_exact_array(array.object())) return array.release_object();
  return array_item(array.get(), array->data);
}

}  // namespace wasmnp
