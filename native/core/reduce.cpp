// Reductions. Runs of reduced elements are folded along NumPy's pairwise tree; kept axes inside the innermost position
// are combined row by row. Strided, swapped and cast runs are packed by sub-tree, so the bits depend on values only.
#include <cstring>

#include "../python/arguments.hpp"
#include "../text/half.hpp"
#include "casting.hpp"
#include "errstate.hpp"
#include "operands.hpp"
#include "reduction.hpp"
#include "scalar.hpp"
#include "state.hpp"
#include "ufunc.hpp"

namespace wasmnp {

ArrayDescr* accumulator_descr(UfuncObject* ufunc, ArrayDescr* descr) {
  if ((ufunc->traits & kTellsTruth) && descr->kind != 'O') return descr_of(Element::Bool);
  if (!(ufunc->traits & kWidensIntegers) || element_index(descr) < 0 || std::strchr("fcO", descr->kind)) return descr;
  if (descr->elsize >= static_cast<intp>(sizeof(intp))) return descr;
  return descr_from_type_num(descr->kind == 'u' ? kUIntp : kIntp);
}

namespace {

Fold fold_of(UfuncObject* ufunc, ArrayDescr* descr) {
  const int element = element_index(descr);
  if (element < 0) return nullptr;
  const Routines& routines = *state.routines;
  if (ufunc->traits & kFoldsSum) return routines.sum[element];
  if (ufunc->traits & kFoldsMaximum) return routines.maximum[element];
  return ufunc->traits & kFoldsMinimum ? routines.minimum[element] : nullptr;
}

}  // namespace

bool Reduction::prepare(UfuncObject* function, Ref<ArrayObject>* given, ArrayDescr* dtype, ArrayObject* out) {
  ufunc = function;
  ArrayObject* array = given->get();
  Ref<ArrayDescr> joined;  // an output takes part in finding the type
  if (!dtype && out && (!(ufunc->traits & kTellsTruth) || array->descr->kind == 'O')) {
    joined = promote(array->descr, out->descr);
    if (!joined) return false;
  }
  ArrayDescr* descr = dtype ? dtype : joined ? joined.get() : accumulator_descr(ufunc, array->descr);
  if (!descr || warn_complex_to_real(array->descr, descr) < 0) return false;
  native = descr_with_byteorder(descr, '=');
  if (!native || !resolve_reduction(ufunc, native.get(), &loop)) return false;
  descr = native.get();
  if (descr->elsize > kMaxElement) {
    PyErr_SetString(PyExc_TypeError, "elements of this size cannot be reduced");
    return false;
  }
  // What is summed as halves is rounded to them first, and objects are made before.
  if ((element_index(descr) == static_cast<int>(Element::Float16) || has_references(descr)) &&
      array->descr->type_num != descr->type_num) {
    *given = copy_array(array, descr, Order::K, false);
    if (!*given) return false;
    array = given->get();
  }
  if (!can_cast(array->descr, descr, Casting::Unsafe) || !cast.prepare(array->descr, descr)) return false;
  direct = equivalent(array->descr, descr) && !is_swapped(array->descr);
  size = descr->elsize;
  half_sum = element_index(descr) == static_cast<int>(Element::Float16) && (ufunc->traits & kFoldsSum);
  ArrayDescr* folded = half_sum ? descr_of(Element::Float32) : descr;
  fold = fold_of(ufunc, folded);
  folded_size = folded->elsize;
  return fold_cast.prepare(array->descr, folded);
}

PyObject* ufunc_reduce(UfuncObject* ufunc, ArrayObject* array, int axis_count, const intp* axes, ArrayDescr* dtype,
                       ArrayObject* out, bool keepdims, PyObject* initial, bool keep_array, ArrayObject* where) {
  Reduction reduction;
  Ref<ArrayObject> source = Ref<ArrayObject>::borrow(array);
  if (!reduction.prepare(ufunc, &source, dtype, out)) return nullptr;
  array = source.get();
  ArrayDescr* descr = reduction.descr();

  bool reduced[kMaxDims] = {};
  int reduced_count = 0;
  if (!axes) {
    for (int i = 0; i < array->nd; i++) reduced[i] = true;
    reduced_count = array->nd;
  }
  for (int i = 0; axes && i < axis_count; i++) {
    intp axis = axes[i];
    if (array->nd == 0 && axis_count == 1 && (axis == 0 || axis == -1))
      continue;  // NumPy lets scalars be reduced along their missing axis
    if (normalize_axis(&axis, array->nd) < 0) return nullptr;
    if (reduced[axis]) {
      PyErr_SetString(PyExc_ValueError, "duplicate value in 'axis'");
      return nullptr;
    }
    reduced[axis] = true;
    reduced_count++;
  }
  const Identity identity = identity_of(ufunc);
  if (reduced_count > 1 && identity == Identity::None && !idempotent(ufunc)) {
    PyErr_Format(PyExc_ValueError, "reduction operation '%s' is not reorderable, so at most one axis may be specified",
                 ufunc->name);
    return nullptr;
  }

  // The result, and its strides along the array's axes.
  intp dims[kMaxDims], out_strides[kMaxDims], full_dims[kMaxDims];
  int nd = 0;
  bool empty = false, reduces_nothing = false;
  for (int i = 0; i < array->nd; i++) {
    empty |= array->dimensions[i] == 0;
    reduces_nothing |= reduced[i] && array->dimensions[i] == 0;
    if (reduced[i] && !keepdims) continue;
    dims[nd] = reduced[i] ? 1 : array->dimensions[i];
    nd++;
  }
  Ref<ArrayObject> result;
  if (out) {
    bool same = out->nd == nd;
    for (int i = 0; same && i < nd; i++) same = out->dimensions[i] == dims[i];
    if (!same) {
      PyErr_Format(PyExc_ValueError,
                   "output parameter for reduction operation %s has the wrong number of dimensions or shape: Found %d "
                   "dimensions but expected %d",
                   ufunc->name, out->nd, nd);
      return nullptr;
    }
    if (require_writeable(out, "output array") < 0) return nullptr;
  }
  const bool work_in_out = out && !has_references(descr) && equivalent(out->descr, descr) && !is_swapped(out->descr) &&
                           !may_overlap(out, array);
  if (work_in_out) {
    result = Ref<ArrayObject>::borrow(out);
  } else {
    NewArray layout;
    intp model[kMaxDims], strides[kMaxDims];
    int kept = 0;
    for (int i = 0; i < array->nd; i++) {
      if (reduced[i] && !keepdims) continue;
      model[kept++] = reduced[i] ? 0 : array->strides[i];
    }
    if (nd > 1 && !(array->flags & kCContiguous)) {
      fill_strides_like(descr->elsize, nd, dims, model, strides);
      layout.strides = strides;
    }
    result = new_array(descr, nd, dims, layout);
    if (!result) return nullptr;
  }
  for (int i = 0, k = 0; i < array->nd; i++) {
    full_dims[i] = array->dimensions[i];
    out_strides[i] = reduced[i] ? 0 : result->strides[k];
    if (!reduced[i] || keepdims) k++;
  }

  // The value that every element of the result starts from.
  bool skip_first = false;
  alignas(16) char start[kMaxElement] = {};
  bool has_start = false;
  if (initial && initial != Py_None) {
    if (dtype_slots(descr)->setitem(descr, initial, start) < 0) return nullptr;
    has_start = true;
  } else if (!initial && (!has_references(descr) || empty) && identity != Identity::None &&
             identity != Identity::ReorderableNone) {
    // As an integer, -1 has all its bits set, whatever its type.
    const bool all_bits = identity == Identity::MinusOne && (descr->kind == 'u' || descr->kind == 'i');
    if (all_bits) std::memset(start, 0xff, static_cast<size_t>(descr->elsize));
    const long own = identity == Identity::Zero ? 0 : identity == Identity::One ? 1 : -1;
    Ref<> number = steal(identity == Identity::MinusInfinity ? PyFloat_FromDouble(-__builtin_inf())
                         : (ufunc->traits & kTellsTruth)     ? PyBool_FromLong(own)
                                                             : PyLong_FromLong(own));
    if (!number || (!all_bits && dtype_slots(descr)->setitem(descr, number.get(), start) < 0)) return nullptr;
    has_start = true;
  }
  if (has_start) {
    LoopSpace fill;
    fill.nd = result->nd;
    std::memcpy(fill.shape, result->dimensions, sizeof(intp) * static_cast<size_t>(result->nd));
    fill.add(result->data, result->nd, result->dimensions, result->strides);
    coalesce(fill);
    const intp stride = fill.nd ? fill.strides[0][fill.nd - 1] : 0;
    Transfer copy;
    if (!copy.prepare(descr, descr)) return nullptr;
    for_each_run(fill, [&](char** pointers, intp n) {
      copy.run(pointers[0], stride, start, 0, n);
      return true;
    });
    if (has_references(descr)) release_references(descr, start, 1);
  } else {
    if (where) {
      PyErr_Format(PyExc_ValueError,
                   "reduction operation '%s' does not have an identity, so to use a where mask one has to specify "
                   "'initial'",
                   ufunc->name);
      return nullptr;
    }
    if (reduces_nothing) {
      PyErr_Format(PyExc_ValueError, "zero-size array to reduction operation %s which has no identity", ufunc->name);
      return nullptr;
    }
    // The first element along the reduced axes; operations that are not idempotent then leave it out.
    intp first_dims[kMaxDims], first_strides[kMaxDims];
    int k = 0;
    for (int i = 0; i < array->nd; i++) {
      if (reduced[i]) {
        if (!idempotent(ufunc)) skip_first = true;
        if (!keepdims) continue;
      }
      first_dims[k] = reduced[i] ? 1 : array->dimensions[i];
      first_strides[k++] = reduced[i] ? 0 : array->strides[i];
    }
    if (!empty) {
      Ref<ArrayObject> first =
          new_view(reinterpret_cast<PyObject*>(array), array->descr, k, first_dims, first_strides, array->data, 0);
      if (!first || copy_into(result.get(), first.get()) < 0) return nullptr;
    }
  }

  const bool skip_all = reduced_count == 0 && !has_start;  // nothing to combine: the first elements are the result
  reduction.from_identity = (!has_start && idempotent(ufunc)) || (has_start && !initial);
  // Where results start from their first elements, the others follow region by region: first those along the last
  // reduced axis alone, then, with all of that axis, those along the one before.
  const bool regions = skip_first && !empty;
  int last = array->nd;
  do {
    LoopSpace space;
    space.nd = array->nd;
    std::memcpy(space.shape, full_dims, sizeof(intp) * static_cast<size_t>(array->nd));
    char* data = array->data;
    if (regions) {
      do last--;
      while (last >= 0 && !reduced[last]);
      if (last < 0) break;
      space.shape[last]--;
      data += array->strides[last];
      for (int i = 0; i < last; i++)
        if (reduced[i]) space.shape[i] = 1;
    }
    space.operands = 2;
    space.data[0] = result->data;
    space.data[1] = data;
    for (int i = 0; i < array->nd; i++) {
      space.strides[0][i] = out_strides[i];
      space.strides[1][i] = array->strides[i];
    }
    if (where) space.add(where->data, where->nd, where->dimensions, where->strides);
    sort_axes(space);
    coalesce(space);
    if (!skip_all && space.size() > 0) where ? reduction.run_masked(space) : reduction.run(space);
  } while (regions && !PyErr_Occurred());
  if (PyErr_Occurred() || report_errors(reduction.errors, "reduce") < 0) return nullptr;
  if (out && !work_in_out) {
    if (copy_into(out, result.get()) < 0) return nullptr;
    return new_ref(out);
  }
  return out || keep_array ? result.release_object() : array_return(std::move(result));
}

// ---- arguments

PyObject* reduce_with_arguments(UfuncObject* ufunc, PyObject* object, PyObject* const* args, Py_ssize_t nargs,
                                PyObject* kwnames, bool array_method) {
  static const char* const names[] = {"axis", "dtype", "out", "keepdims", "initial", "where"};
  static const char* const max_names[] = {"axis", "out", "keepdims", "initial", "where"};
  const bool sums = !array_method || (ufunc->traits & kWidensIntegers);
  PyObject* values[6];
  if (sums) {
    if (!parse_arguments({"reduce", names, 6, 0}, args, nargs, kwnames, values)) return nullptr;
  } else {
    PyObject* given[5];
    if (!parse_arguments({ufunc->name, max_names, 5, 0}, args, nargs, kwnames, given)) return nullptr;
    values[0] = given[0];
    values[1] = nullptr;
    for (int i = 1; i < 5; i++) values[i + 1] = given[i];
  }
  PyObject *axis = values[0], *where = values[5];
  Ref<ArrayObject> array = array_from_any(object);
  if (!array) return nullptr;
  Ref<ArrayDescr> dtype;
  if (values[1] && !loop_type_converter(values[1], &dtype)) return nullptr;
  if (dtype && ignores_wanted_type(ufunc, array->descr)) dtype = Ref<ArrayDescr>::borrow(array->descr);
  PyObject* out = values[2];
  if (out && PyTuple_Check(out) && PyTuple_Size(out) == 1) out = PyTuple_GetItem(out, 0);
  if (out == Py_None) out = nullptr;
  const bool ellipsis = out == Py_Ellipsis;  // an array in any case
  if (ellipsis) out = nullptr;
  if (out && !is_array(out)) {
    PyErr_SetString(PyExc_TypeError, "output must be an array");
    return nullptr;
  }
  const int keepdims = values[3] ? PyObject_IsTrue(values[3]) : 0;
  if (keepdims < 0) return nullptr;
  PyObject* initial = values[4];
  static PyObject* no_value;  // numpy._NoValue: the same as leaving `initial` out
  if (initial && !no_value) no_value = import_member("_globals", "_NoValue");
  if (initial && !no_value) return nullptr;
  if (initial == no_value) initial = nullptr;
  Ref<ArrayObject> mask;
  if (where && where != Py_True && !no_value) no_value = import_member("_globals", "_NoValue");
  if (where && where != Py_True && where != no_value) {
    FromAny options;
    if (!is_array(where)) options.descr = descr_of(Element::Bool);
    mask = array_from_any(where, options);
    if (!mask || !check_cast(mask->descr, descr_of(Element::Bool), Casting::Safe)) return nullptr;
    int nd = array->nd;
    intp dims[kMaxDims];
    for (int i = 0; i < nd; i++) dims[i] = array->dimensions[i];
    bool fits = broadcast_shape(&nd, dims, mask->nd, mask->dimensions) && nd == array->nd;
    for (int i = 0; fits && i < nd; i++) fits = dims[i] == array->dimensions[i];
    if (!fits) {
      Ref<> own = shape_text(array->nd, array->dimensions), shape = shape_text(mask->nd, mask->dimensions);
      if (own && shape)
        PyErr_Format(PyExc_ValueError,
                     "non-broadcastable operand with shape %U doesn't match the where mask of shape %U", own.get(),
                     shape.get());
      return nullptr;
    }
  }
  intp axes[kMaxDims];
  int count = 0;
  const bool all = axis ? axis == Py_None : array_method;
  if (!all) {
    if (!axis) {
      axes[count++] = 0;
    } else if (PyTuple_Check(axis)) {
      count = parse_shape(axis, axes, "axis");
    } else {
      count = integer_argument(axis, axes) ? 1 : -1;
    }
    if (count < 0) return nullptr;
  }
  const bool subclass = is_array(object) && !is_exact_array(object);
  PyObject* result = ufunc_reduce(ufunc, array.get(), count, all ? nullptr : axes, dtype.get(),
                                  out ? as_array(out) : nullptr, keepdims, initial, subclass || ellipsis, mask.get());
  if (!result || out || !subclass) return result;
  // A subclass keeps its type through a reduction.
  Ref<> owner = steal(result);
  PyObject* scalar = is_array(result) && as_array(result)->nd == 0 ? Py_True : Py_False;
  return PyObject_CallMethod(object, "__array_wrap__", "OOO", result, Py_None, scalar);
}

bool is_binary(UfuncObject* ufunc, const char* method) {
  if (ufunc->core_enabled)
    PyErr_SetString(PyExc_RuntimeError, "Reduction not defined on ufunc with signature");
  else if (ufunc->nout != 1)
    PyErr_Format(PyExc_ValueError, "%s only supported for functions returning a single value", method);
  else if (ufunc->nin != 2)
    PyErr_Format(PyExc_ValueError, "%s only supported for binary functions", method);
  else
    return true;
  return false;
}

PyObject* ufunc_reduce_method(PyObject* self, PyObject* const* args, Py_ssize_t nargs, PyObject* kwnames) {
  auto* ufunc = reinterpret_cast<UfuncObject*>(self);
  if (nargs < 1) {
    PyErr_Format(PyExc_TypeError, "reduce() missing required argument 'array' (pos 1)");
    return nullptr;
  }
  PyObject* out = keyword_out(args, nargs, kwnames);
  if (!is_exact_array(args[0]) || (out && !is_exact_array(out))) {
    PyObject* result;
    if (check_ufunc_override(ufunc, "reduce", args, nargs, kwnames, out, &result)) return result;
  }
  if (ufunc->core_enabled) {
    PyErr_SetString(PyExc_RuntimeError, "Reduction not defined on ufunc with signature");
    return nullptr;
  }
  return reduce_with_arguments(ufunc, args[0], args + 1, nargs - 1, kwnames, false);
}

}  // namespace wasmnp
