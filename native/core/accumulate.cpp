// ufunc.accumulate and ufunc.outer.
#include <cstring>

#include "../python/arguments.hpp"
#include "casting.hpp"
#include "errstate.hpp"
#include "operands.hpp"
#include "state.hpp"
#include "ufunc.hpp"

namespace wasmnp {

namespace {

// Whether the strided body of a loop finishes each element before the next one is read: those of costly kernels take
// several in one step.
bool goes_by_element(const Loop& loop) {
  const auto offset = reinterpret_cast<uintptr_t>(loop.bodies) - reinterpret_cast<uintptr_t>(state.routines->loops);
  const auto index = offset / sizeof(LoopBodies);  // of loops made at run time: beyond the table
  return loop.bodies->strided && (index >= static_cast<size_t>(loop_row_count) || loop_rows[index].cheap);
}

// result[i] = result[i - 1] op in[i] along `axis`, the first elements being there already.
uint32_t accumulate_along(const Loop& loop, RunningSum sums, ArrayObject* result, ArrayObject* in, int axis) {
  const intp length = result->dimensions[axis], out_step = result->strides[axis], in_step = in->strides[axis];
  LoopSpace space;
  space.nd = result->nd;
  space.operands = 3;
  ArrayObject* const operands[3] = {result, in, result};
  for (int k = 0; k < 3; k++) {
    space.data[k] = operands[k]->data + (k > 0 ? operands[k]->strides[axis] : 0);
    std::memcpy(space.strides[k], operands[k]->strides, sizeof(intp) * static_cast<size_t>(space.nd));
  }
  std::memcpy(space.shape, result->dimensions, sizeof(intp) * static_cast<size_t>(space.nd));
  space.shape[axis] = 1;
  sort_axes(space);
  coalesce(space);
  uint32_t errors = 0;
  // Lane after lane, by a body that goes element by element; or, where rows of the other axes are long and `axis` is
  // not the inner one, all lanes of a row at once.
  constexpr intp long_row = 32;
  const intp row = space.nd ? space.shape[space.nd - 1] : 1;
  const intp row_step = space.nd ? space.strides[0][space.nd - 1] : 0;
  const bool rows = row >= long_row && (row_step < 0 ? -row_step : row_step) < (out_step < 0 ? -out_step : out_step);
  if (loop.foreign() || (!rows && goes_by_element(loop))) {
    const intp strides[3] = {out_step, in_step, out_step};
    intp left = space.size();
    for (Cursor cursor(space); left > 0 && !(loop.foreign() && PyErr_Occurred()); left--) {
      const intp done = sums ? sums(cursor.pointer[1], in_step, cursor.pointer[2], out_step, length - 1) : 0;
      char* pointers[3] = {cursor.pointer[0] + done * out_step, cursor.pointer[1] + done * in_step,
                           cursor.pointer[2] + done * out_step};
      const intp rest = length - 1 - done;
      errors |=
          loop.foreign() ? loop.call_foreign(pointers, rest, strides) : loop.bodies->strided(pointers, strides, rest);
      cursor.advance(space, 1);
    }
    return errors;
  }
  for (intp i = 1; i < length && !(loop.foreign() && PyErr_Occurred()); i++) {
    errors |= run_loop(loop, 2, 3, space, loop.descrs, -1);
    space.data[0] += out_step;
    space.data[1] += in_step;
    space.data[2] += out_step;
  }
  return errors;
}

PyObject* accumulate(UfuncObject* ufunc, PyObject* object, intp axis, ArrayDescr* dtype, ArrayObject* out) {
  Ref<ArrayObject> array = array_from_any(object);
  if (!array) return nullptr;
  if (array->nd == 0 && (axis == 0 || axis == -1)) {
    PyErr_SetString(PyExc_TypeError, "cannot accumulate on a scalar");
    return nullptr;
  }
  if (normalize_axis(&axis, array->nd) < 0) return nullptr;
  if (ignores_wanted_type(ufunc, array->descr)) dtype = array->descr;
  ArrayDescr* descr = dtype ? dtype : out ? out->descr : accumulator_descr(ufunc, array->descr);
  if (!descr) return nullptr;
  Ref<ArrayDescr> native = descr_with_byteorder(descr, '=');
  Loop loop;
  if (!native || !resolve_reduction(ufunc, native.get(), &loop)) return nullptr;
  if (!can_cast(array->descr, native.get(), Casting::Unsafe)) {
    PyErr_Format(PyExc_TypeError, "cannot accumulate %S as %S", reinterpret_cast<PyObject*>(array->descr),
                 native.object());
    return nullptr;
  }
  if (out) {
    bool same = out->nd == array->nd;
    for (int i = 0; same && i < out->nd; i++) same = out->dimensions[i] == array->dimensions[i];
    if (!same) {
      Ref<> own = shape_text(out->nd, out->dimensions), wanted = shape_text(array->nd, array->dimensions);
      if (own && wanted)
        PyErr_Format(PyExc_ValueError, "output parameter of shape %U for accumulate of an array of shape %U", own.get(),
                     wanted.get());
      return nullptr;
    }
    if (require_writeable(out, "output array") < 0) return nullptr;
  }
  const bool direct = equivalent(array->descr, native.get()) && !is_swapped(array->descr);
  Ref<ArrayObject> in =
      direct ? Ref<ArrayObject>::borrow(array.get()) : copy_array(array.get(), native.get(), Order::K, false);
  if (!in) return nullptr;
  const bool work_in_out =
      out && equivalent(out->descr, native.get()) && !is_swapped(out->descr) && !may_overlap(out, in.get());
  Ref<ArrayObject> result;
  if (work_in_out) {
    result = Ref<ArrayObject>::borrow(out);
  } else {
    NewArray layout;
    intp strides[kMaxDims];
    if (!(in->flags & kCContiguous)) {
      fill_strides_like(native->elsize, in->nd, in->dimensions, in->strides, strides);
      layout.strides = strides;
    }
    result = new_array(native.get(), in->nd, in->dimensions, layout);
  }
  if (!result) return nullptr;
  if (array_size(in.get()) > 0) {
    intp dims[kMaxDims];
    std::memcpy(dims, in->dimensions, sizeof(intp) * static_cast<size_t>(in->nd));
    dims[axis] = 1;
    Ref<ArrayObject> first = view_of(in.get(), in->nd, dims, in->strides, in->data);
    Ref<ArrayObject> start =
        first ? view_of(result.get(), in->nd, dims, result->strides, result->data) : Ref<ArrayObject>();
    if (!start || copy_into(start.get(), first.get()) < 0) return nullptr;
    const int element = element_index(native.get());
    const bool sums = (ufunc->traits & kFoldsSum) && element >= 0 && !loop.foreign();
    const uint32_t errors = accumulate_along(loop, sums ? state.routines->running_sum[element] : nullptr, result.get(),
                                             in.get(), static_cast<int>(axis));
    if (PyErr_Occurred() || report_errors(errors, "accumulate") < 0) return nullptr;
  }
  if (!out || work_in_out) return result.release_object();
  return copy_into(out, result.get()) < 0 ? nullptr : new_ref(out);
}

}  // namespace

PyObject* ufunc_accumulate_method(PyObject* self, PyObject* const* args, Py_ssize_t nargs, PyObject* kwnames) {
  auto* ufunc = reinterpret_cast<UfuncObject*>(self);
  static const char* const names[] = {"array", "axis", "dtype", "out"};
  PyObject* values[4];
  PyObject* result;
  if (nargs > 0 && check_method_override(ufunc, "accumulate", args, nargs, kwnames, &result)) return result;
  if (!parse_arguments({"accumulate", names, 4, 1}, args, nargs, kwnames, values)) return nullptr;
  if (!is_binary(ufunc, "accumulate")) return nullptr;
  intp axis = 0;
  Ref<ArrayDescr> dtype;
  ArrayObject* out;
  if ((values[1] && !integer_argument(values[1], &axis)) || (values[2] && !loop_type_converter(values[2], &dtype)) ||
      !output_argument(values[3], &out))
    return nullptr;
  return accumulate(ufunc, values[0], axis, dtype.get(), out);
}

PyObject* accumulate_with_arguments(UfuncObject* ufunc, const char* name, PyObject* self, PyObject* const* args,
                                    Py_ssize_t nargs, PyObject* kwnames) {
  static const char* const names[] = {"axis", "dtype", "out"};
  PyObject* values[3];
  Ref<ArrayDescr> dtype;
  ArrayObject* out;
  if (!parse_arguments({name, names, 3, 0}, args, nargs, kwnames, values) ||
      (values[1] && !descr_converter(values[1], &dtype)) || !output_argument(values[2], &out))
    return nullptr;
  ArrayObject* array = as_array(self);
  Ref<ArrayObject> source = Ref<ArrayObject>::borrow(array);
  intp axis = 0;
  const bool flat = !values[0] || values[0] == Py_None;
  if (!flat && !integer_argument(values[0], &axis)) return nullptr;
  if (flat || (array->nd == 0 && (axis == 0 || axis == -1))) {
    source = ravel(array, Order::C, false);
    axis = 0;
  }
  if (!source) return nullptr;
  Ref<> result = steal(accumulate(ufunc, source.object(), axis, dtype.get(), out));
  if (!result || out || is_exact_array(self)) return result.release();
  return PyObject_CallMethod(self, "__array_wrap__", "O", result.get());
}

PyObject* ufunc_outer_method(PyObject* self, PyObject* const* args, Py_ssize_t nargs, PyObject* kwnames) {
  auto* ufunc = reinterpret_cast<UfuncObject*>(self);
  if (ufunc->core_enabled || ufunc->nin != 2) {
    if (ufunc->core_enabled)
      PyErr_SetString(PyExc_TypeError, "method outer is not allowed in ufunc with non-trivial signature");
    else
      PyErr_SetString(PyExc_ValueError, "outer product only supported for binary functions");
    return nullptr;
  }
  if (nargs != 2) {
    PyErr_Format(PyExc_TypeError, "outer() takes exactly 2 positional arguments (%zd given)", nargs);
    return nullptr;
  }
  PyObject* result;
  if (check_method_override(ufunc, "outer", args, nargs, kwnames, &result)) return result;
  Ref<ArrayObject> first = array_from_any(args[0]), second = first ? array_from_any(args[1]) : Ref<ArrayObject>();
  if (!second) return nullptr;
  if (first->nd + second->nd > kMaxDims) {
    PyErr_Format(PyExc_ValueError, "maximum supported dimension for an ndarray is %d, found %d", kMaxDims,
                 first->nd + second->nd);
    return nullptr;
  }
  // The first operand gets axes of length 1 for those of the second.
  intp dims[kMaxDims], strides[kMaxDims];
  for (int i = 0; i < first->nd + second->nd; i++) {
    dims[i] = i < first->nd ? first->dimensions[i] : 1;
    strides[i] = i < first->nd ? first->strides[i] : 0;
  }
  Ref<ArrayObject> wide = view_of(first.get(), first->nd + second->nd, dims, strides, first->data);
  if (!wide) return nullptr;
  const Py_ssize_t keywords = kwnames ? PyTuple_Size(kwnames) : 0;
  if (keywords > 16) {
    PyErr_SetString(PyExc_TypeError, "outer() takes fewer keyword arguments");
    return nullptr;
  }
  PyObject* call[18] = {wide.object(), second.object()};
  for (Py_ssize_t i = 0; i < keywords; i++) call[2 + i] = args[nargs + i];
  return ufunc_vectorcall(self, call, 2, kwnames);
}

}  // namespace wasmnp
