// argmin and argmax: the place of the first extreme element along an axis; NaN counts as the most extreme.
#include <cstring>

#include "../python/arguments.hpp"
#include "../python/gil.hpp"
#include "element_order.hpp"
#include "functions.hpp"
#include "indexing.hpp"
#include "iterate.hpp"
#include "operands.hpp"
#include "scalar.hpp"
#include "search.hpp"
#include "state.hpp"

namespace wasmnp {

namespace {

struct Search {
  ArrayDescr* descr;
  bool largest;
  Fold fold = nullptr;
  ElementOrder order;

  // The place of the first extreme of a contiguous run, -1 with a Python error.
  intp find(const char* data, intp count) const {
    if (descr->kind == 'b') {
      // The first element that is true, or false, or else the first of all.
      const void* found = std::memchr(data, largest ? 1 : 0, static_cast<size_t>(count));
      return found ? static_cast<const char*>(found) - data : 0;
    }
    if (fold) return find_with_fold(data, count);
    return find_by_order(data, 0, count, 0);
  }

 private:
  // Whether a comes before b in the search.
  int beats(const char* a, const char* b) const {
    if (order.is_unordered && order.is_unordered(b)) return 0;
    if (order.is_unordered && order.is_unordered(a)) return 1;
    return largest ? order.less(descr, b, a) : order.less(descr, a, b);
  }
  intp find_by_order(const char* data, intp first, intp end, intp best) const {
    const intp size = descr->elsize;
    for (intp i = first; i < end; i++) {
      if (i == best) continue;
      const int better = beats(data + i * size, data + best * size);
      if (better < 0) return -1;
      if (better) best = i;
    }
    return best;
  }
  // Blocks are folded with vectors; only the block with the extreme is searched, again by blocks.
  intp find_with_fold(const char* data, intp count) const {
    const intp size = descr->elsize;
    alignas(16) char best[16], own[16];
    intp first = 0;
    for (const intp block : {intp{1024}, intp{64}}) {
      intp best_block = first;
      for (intp start = first; start < count; start += block) {
        const intp n = count - start < block ? count - start : block;
        fold(data + start * size, size, n, start == first ? best : own);
        if (start == first || beats(own, best) <= 0) continue;
        std::memcpy(best, own, static_cast<size_t>(size));
        best_block = start;
      }
      first = best_block;
      if (count - first > block) count = first + block;
    }
    return find_by_order(data, first + 1, count, first);
  }
};

PyObject* extreme_index(PyObject* self, bool largest, PyObject* const* args, Py_ssize_t nargs, PyObject* kwnames) {
  static const char* const names[] = {"axis", "out", "$keepdims"};
  const char* name = largest ? "argmax" : "argmin";
  PyObject* values[3];
  if (!parse_arguments({name, names, 3, 0}, args, nargs, kwnames, values)) return nullptr;
  ArrayObject* out;
  const int keepdims = truth_argument(values[2], false);
  if (keepdims < 0 || !output_argument(values[1], &out)) return nullptr;
  ArrayObject* given = as_array(self);
  Ref<ArrayObject> array = Ref<ArrayObject>::borrow(given);
  int axis = 0;
  const bool flat = !values[0] || values[0] == Py_None;
  if (flat || given->nd == 0) {
    if (!flat) {
      intp number;
      if (!integer_argument(values[0], &number)) return nullptr;
      if (number != 0 && number != -1) return normalize_axis(&number, 0), nullptr;
    }
    array = ravel(given, Order::C, false);
  } else if (!axis_argument(values[0], given->nd, &axis)) {
    return nullptr;
  }
  if (!array) return nullptr;
  // The searched axis goes last, each run contiguous.
  intp axes[kMaxDims];
  for (int i = 0, k = 0; i < array->nd; i++)
    if (i != axis) axes[k++] = i;
  axes[array->nd - 1] = axis;
  Ref<ArrayDescr> native = descr_with_byteorder(array->descr, '=');
  array = native ? transpose(array.get(), axes) : Ref<ArrayObject>();
  array = array ? contiguous(array.get(), native.get()) : Ref<ArrayObject>();
  if (!array) return nullptr;
  Search search{native.get(), largest, nullptr, {}};
  if (!element_order(native.get(), &search.order)) {
    PyErr_Format(PyExc_TypeError, "Cannot perform %s with type %S", name, reinterpret_cast<PyObject*>(native->typeobj));
    return nullptr;
  }
  const int element = element_index(native.get());
  if (element >= 0 && element < kElementCount)
    search.fold = (largest ? state.routines->maximum : state.routines->minimum)[element];
  const intp length = array->dimensions[array->nd - 1];
  intp dims[kMaxDims];
  int nd = 0;
  if (flat && keepdims)
    for (; nd < given->nd; nd++) dims[nd] = 1;
  for (int i = 0; !flat && i < given->nd; i++)
    if (i != axis)
      dims[nd++] = given->dimensions[i];
    else if (keepdims)
      dims[nd++] = 1;
  intp outer = 1;
  for (int i = 0; i < nd; i++) outer *= dims[i];
  if (length == 0) {
    PyErr_Format(PyExc_ValueError, "attempt to get %s of an empty sequence", name);
    return nullptr;
  }
  if (out) {
    bool same = out->nd == nd;
    for (int i = 0; same && i < nd; i++) same = out->dimensions[i] == dims[i];
    if (!same) {
      PyErr_Format(PyExc_ValueError, "output array does not match result of np.%s.", name);
      return nullptr;
    }
    if (require_writeable(out, "output array") < 0 ||
        !check_cast(out->descr, descr_from_type_num(kIntp), Casting::Safe))
      return nullptr;
  }
  Ref<ArrayObject> result = new_array(descr_from_type_num(kIntp), nd, dims);
  if (!result) return nullptr;
  {
    ReleasedGil released(may_compare_released(native.get()) && outer * length > kReleaseGil);
    const intp step = length * native->elsize;
    for (intp i = 0; i < outer; i++) {
      const intp place = search.find(array->data + i * step, length);
      if (place < 0) break;
      std::memcpy(result->data + i * static_cast<intp>(sizeof place), &place, sizeof place);
    }
  }
  if (PyErr_Occurred()) return nullptr;
  if (out) return copy_into(out, result.get()) < 0 ? nullptr : new_ref(out);
  if (!is_exact_array(self) && nd) {
    return new_view(result.object(), result->descr, nd, dims, result->strides, result->data, kWriteable, Py_TYPE(self),
                    self)
        .release_object();
  }
  return array_return(std::move(result));
}

}  // namespace

PyObject* array_argmax(PyObject* self, PyObject* const* args, Py_ssize_t nargs, PyObject* kwnames) {
  return extreme_index(self, true, args, nargs, kwnames);
}
PyObject* array_argmin(PyObject* self, PyObject* const* args, Py_ssize_t nargs, PyObject* kwnames) {
  return extreme_index(self, false, args, nargs, kwnames);
}

}  // namespace wasmnp
