// ufunc.reduceat, which reduces slices that indices bound, and ufunc.at, which applies a ufunc in place at indices.
#include <cstring>

#include "../python/arguments.hpp"
#include "casting.hpp"
#include "errstate.hpp"
#include "indexing.hpp"
#include "operands.hpp"
#include "reduction.hpp"
#include "state.hpp"
#include "ufunc.hpp"

namespace wasmnp {

namespace {

// The reduction of in[first:last] along the lane, into `out`: from its first element on.
void reduce_slice(Reduction& reduction, char* out, const char* in, intp stride, intp first, intp last) {
  const char* start = in + first * stride;
  reduction.errors |= reduction.cast.run(out, reduction.size, start, stride, 1);
  const intp rest = last - first - 1;
  if (rest <= 0) return;
  if (reduction.fold) {
    alignas(16) char folded[kMaxElement];
    reduction.fold_run(start + stride, stride, rest, folded);
    reduction.combine_folded(out, folded);
  } else {
    reduction.sequence(out, start + stride, stride, rest);
  }
}

PyObject* reduceat(UfuncObject* ufunc, PyObject* object, PyObject* indices_object, intp axis, ArrayDescr* dtype,
                   ArrayObject* out) {
  Ref<ArrayObject> array = array_from_any(object);
  if (!array) return nullptr;
  if (array->nd == 0) {
    PyErr_SetString(PyExc_TypeError, "cannot reduceat on a scalar");
    return nullptr;
  }
  Ref<ArrayObject> indices = as_intp_array(indices_object, true);
  if (indices && indices->nd != 1) {
    PyErr_SetString(PyExc_ValueError,
                    indices->nd ? "object too deep for desired array" : "object of too small depth for desired array");
    return nullptr;
  }
  if (indices) indices = contiguous(indices.get(), indices->descr);
  if (!indices || normalize_axis(&axis, array->nd) < 0) return nullptr;
  const int at = static_cast<int>(axis);
  const intp length = array->dimensions[at], count = indices->dimensions[0];
  const auto* bounds = reinterpret_cast<const intp*>(indices->data);
  for (intp i = 0; i < count; i++) {
    if (bounds[i] >= 0 && bounds[i] < length) continue;
    PyErr_Format(PyExc_IndexError, "index %zd out-of-bounds in %s.reduceat [0, %zd)", bounds[i], ufunc->name, length);
    return nullptr;
  }
  Reduction reduction;
  if (!reduction.prepare(ufunc, &array, dtype ? dtype : out ? out->descr : nullptr, nullptr)) return nullptr;
  intp dims[kMaxDims];
  for (int i = 0; i < array->nd; i++) dims[i] = i == at ? count : array->dimensions[i];
  Ref<ArrayObject> result = new_array(reduction.descr(), array->nd, dims);
  if (!result) return nullptr;
  if (out && !same_shape(out, result.get())) {
    Ref<> own = shape_text(out->nd, out->dimensions), wanted = shape_text(array->nd, dims);
    if (own && wanted)
      PyErr_Format(PyExc_ValueError, "output parameter of shape %U for a reduceat of shape %U", own.get(),
                   wanted.get());
    return nullptr;
  }
  if (out && require_writeable(out, "output array") < 0) return nullptr;
  LoopSpace space;
  space.nd = array->nd;
  for (int i = 0; i < array->nd; i++) space.shape[i] = i == at ? 1 : dims[i];
  space.add(result->data, array->nd, dims, result->strides);
  space.add(array->data, array->nd, array->dimensions, array->strides);
  const intp out_stride = result->strides[at], stride = array->strides[at];
  intp left = count && length ? space.size() : 0;
  for (Cursor cursor(space); left > 0 && !PyErr_Occurred(); left--) {
    for (intp i = 0; i < count; i++) {
      const intp end = i + 1 < count ? bounds[i + 1] : length;
      reduce_slice(reduction, cursor.pointer[0] + i * out_stride, cursor.pointer[1], stride, bounds[i], end);
    }
    cursor.advance(space, 1);
  }
  if (PyErr_Occurred() || report_errors(reduction.errors, "reduceat") < 0) return nullptr;
  if (out) return copy_into(out, result.get()) < 0 ? nullptr : new_ref(out);
  return result.release_object();
}

// The offsets, in bytes, of the elements that indices select, in an array of the shape of the selection.
Ref<ArrayObject> selected_offsets(ArrayObject* array, PyObject* key) {
  ArrayDescr* descr = descr_from_type_num(kIntp);
  Ref<ArrayObject> offsets = new_array(descr, array->nd, array->dimensions);
  if (!offsets) return nullptr;
  LoopSpace space;
  space.nd = array->nd;
  for (int i = 0; i < array->nd; i++) space.shape[i] = array->dimensions[i];
  space.add(offsets->data, array->nd, array->dimensions, offsets->strides);
  space.add(nullptr, array->nd, array->dimensions, array->strides);
  for_each_element(space, [](char** p) {
    const auto offset = static_cast<intp>(reinterpret_cast<intptr_t>(p[1]));
    std::memcpy(p[0], &offset, sizeof offset);
  });
  Ref<> selected = steal(array_subscript(offsets.object(), key));
  return selected ? array_from_any(selected.get()) : Ref<ArrayObject>();
}

// Indices of a 1-d array that need no table of offsets.
Ref<ArrayObject> flat_offsets(ArrayObject* array, PyObject* key) {
  if (!is_exact_array(key) || array->nd != 1) return nullptr;
  ArrayObject* indices = as_array(key);
  if (indices->descr->kind != 'i' && indices->descr->kind != 'u') return nullptr;
  Ref<ArrayObject> values = as_intp_array(key, false);
  Ref<ArrayObject> offsets = values ? copy_array(values.get(), values->descr, Order::C, false) : Ref<ArrayObject>();
  if (!offsets) return nullptr;
  auto* offset = reinterpret_cast<intp*>(offsets->data);
  for (intp i = 0; i < array_size(offsets.get()); i++) {
    const intp given = offset[i];
    if (!wrap_index(&offset[i], array->dimensions[0])) {
      raise_out_of_bounds(given, 0, array->dimensions[0]);
      return nullptr;
    }
    offset[i] *= array->strides[0];
  }
  return offsets;
}

bool apply_at(UfuncObject* ufunc, ArrayObject* array, PyObject* key, PyObject* second) {
  const int nin = ufunc->nin;
  Ref<ArrayObject> offsets = flat_offsets(array, key);
  if (!offsets && !PyErr_Occurred()) offsets = selected_offsets(array, key);
  if (!offsets) return false;
  // Python's numbers bring their own types here, as in NumPy.
  Ref<ArrayObject> operand = nin == 2 ? array_from_any(second) : Ref<ArrayObject>();
  Argument inputs[2];
  if ((nin == 2 && !operand) || !inputs[0].set(reinterpret_cast<PyObject*>(array)) ||
      (nin == 2 && !inputs[1].set(operand.object())))
    return false;
  Loop loop;
  if (!resolve_loop(ufunc, inputs, nullptr, Casting::Unsafe, &loop)) return false;
  // The second operand, in the loop's type and apart from what is written.
  Ref<ArrayObject> values;
  if (nin == 2) {
    Ref<ArrayObject> given = std::move(operand);
    if (may_overlap(given.get(), array) || !equivalent(given->descr, loop.descrs[1]))
      given = copy_array(given.get(), loop.descrs[1], Order::K, false);
    values = std::move(given);
    if (!values) return false;
  }
  LoopSpace space;
  space.nd = offsets->nd;
  for (int i = 0; i < offsets->nd; i++) space.shape[i] = offsets->dimensions[i];
  space.add(offsets->data, offsets->nd, offsets->dimensions, offsets->strides);
  if (values) {
    int nd = space.nd;
    intp dims[kMaxDims];
    for (int i = 0; i < nd; i++) dims[i] = space.shape[i];
    bool fits = broadcast_shape(&nd, dims, values->nd, values->dimensions) && nd == space.nd;
    for (int i = 0; fits && i < nd; i++) fits = dims[i] == space.shape[i];
    if (!fits) {
      PyErr_SetString(PyExc_ValueError, "array is not broadcastable to correct shape");
      return false;
    }
    space.add(values->data, values->nd, values->dimensions, values->strides);
  }
  Transfer in, out;
  if (!in.prepare(array->descr, loop.descrs[0]) || !out.prepare(loop.descrs[nin], array->descr)) return false;
  const bool direct =
      in.plain_native_copy() && out.plain_native_copy() && !has_references(array->descr) && !loop.foreign();
  // Elements of other types are computed with in memory that holds no more than they do.
  Ref<ArrayObject> work[2];
  for (int k = 0; k < 2 && !direct; k++) {
    NewArray zeros;
    zeros.zeroed = true;
    work[k] = new_array(loop.descrs[k == 0 ? 0 : nin], 0, nullptr, zeros);
    if (!work[k]) return false;
  }
  uint32_t errors = 0;
  const intp none[3] = {0, 0, 0};
  coalesce(space);
  intp left = space.size();
  for (Cursor cursor(space); left > 0; left--) {
    intp offset;
    std::memcpy(&offset, cursor.pointer[0], sizeof offset);
    char* const element = array->data + offset;
    char* const result = direct ? element : work[1]->data;
    char* pointers[3] = {element, nin == 2 ? cursor.pointer[1] : result, result};
    if (!direct) {
      errors |= in.run(work[0]->data, 0, element, 0, 1);
      pointers[0] = work[0]->data;
    }
    if (loop.foreign())
      errors |= loop.call_foreign(pointers, 1, none);
    else if (loop.bodies->strided)
      errors |= loop.bodies->strided(pointers, none, 1);
    else
      errors |= loop.bodies->contiguous(pointers, 1);
    if (!direct && PyErr_Occurred()) return false;
    if (!direct) errors |= out.run(element, 0, result, 0, 1);
    cursor.advance(space, 1);
  }
  return report_errors(errors, "at") == 0;
}

}  // namespace

PyObject* ufunc_reduceat_method(PyObject* self, PyObject* const* args, Py_ssize_t nargs, PyObject* kwnames) {
  auto* ufunc = reinterpret_cast<UfuncObject*>(self);
  static const char* const names[] = {"array", "indices", "axis", "dtype", "out"};
  PyObject* values[5];
  PyObject* result;
  if (nargs > 0 && check_method_override(ufunc, "reduceat", args, nargs, kwnames, &result)) return result;
  if (!parse_arguments({"reduceat", names, 5, 2}, args, nargs, kwnames, values)) return nullptr;
  if (!is_binary(ufunc, "reduceat")) return nullptr;
  intp axis = 0;
  Ref<ArrayDescr> dtype;
  ArrayObject* out;
  if ((values[2] && !integer_argument(values[2], &axis)) || (values[3] && !loop_type_converter(values[3], &dtype)) ||
      !output_argument(values[4], &out))
    return nullptr;
  Ref<> reduced = steal(reduceat(ufunc, values[0], values[1], axis, dtype.get(), out));
  if (!reduced || out || !is_array(values[0]) || is_exact_array(values[0])) return reduced.release();
  return PyObject_CallMethod(values[0], "__array_wrap__", "O", reduced.get());
}

PyObject* ufunc_at_method(PyObject* self, PyObject* const* args, Py_ssize_t nargs, PyObject* kwnames) {
  auto* ufunc = reinterpret_cast<UfuncObject*>(self);
  static const char* const names[] = {"/a", "/indices", "/b"};
  PyObject* values[3];
  PyObject* result;
  if (nargs > 0 && check_method_override(ufunc, "at", args, nargs, kwnames, &result)) return result;
  if (ufunc->core_enabled) {
    PyErr_SetString(PyExc_TypeError, "The at method does not support ufuncs with signature");
    return nullptr;
  }
  if (ufunc->nin > 2) {
    PyErr_SetString(PyExc_ValueError, "Only unary and binary ufuncs supported at this time");
    return nullptr;
  }
  if (ufunc->nout != 1) {
    PyErr_SetString(PyExc_ValueError, "Only single output ufuncs supported at this time");
    return nullptr;
  }
  if (!parse_arguments({"at", names, 3, 2}, args, nargs, kwnames, values)) return nullptr;
  if (ufunc->nin == 2 && !values[2]) {
    PyErr_SetString(PyExc_ValueError, "second operand needed for ufunc");
    return nullptr;
  }
  if (ufunc->nin == 1 && values[2]) {
    PyErr_SetString(PyExc_ValueError, "second operand provided when ufunc is unary");
    return nullptr;
  }
  if (!is_array(values[0])) {
    PyErr_SetString(PyExc_TypeError, "first operand must be array");
    return nullptr;
  }
  if (require_writeable(as_array(values[0]), "array") < 0 ||
      !apply_at(ufunc, as_array(values[0]), values[1], values[2]) || PyErr_Occurred())
    return nullptr;
  Py_RETURN_NONE;
}

}  // namespace wasmnp
