// Copies between arrays of any layout and type.
#include "../python/gil.hpp"
#include "array.hpp"
#include "casting.hpp"
#include "errstate.hpp"
#include "flexible.hpp"
#include "iterate.hpp"
#include "state.hpp"

namespace wasmnp {

bool may_overlap(const ArrayObject* a, const ArrayObject* b) {
  const Extent x = extent_of(a->data, a->nd, a->dimensions, a->strides, a->descr->elsize);
  const Extent y = extent_of(b->data, b->nd, b->dimensions, b->strides, b->descr->elsize);
  return x.low < y.high && y.low < x.high;
}

int require_writeable(const ArrayObject* array, const char* what) {
  if (array->flags & kWriteable) return 0;
  PyErr_Format(PyExc_ValueError, "%s is read-only", what);
  return -1;
}

int warn_complex_to_real(const ArrayDescr* from, const ArrayDescr* to) {
  if (!is_complex(from) || is_complex(to) || to->kind == 'b' || to->kind == 'O' || element_index(to) < 0) return 0;
  Ref<> category = steal(import_member("exceptions", "ComplexWarning"));
  if (!category) return -1;
  return PyErr_WarnEx(category.get(), "Casting complex values to real discards the imaginary part", 1);
}

namespace {
// The axis along which the elements of an operand are neighbours, or -1.
int contiguous_axis(const LoopSpace& space, int operand, intp itemsize) {
  for (int axis = space.nd - 1; axis >= 0; axis--)
    if (space.strides[operand][axis] == itemsize) return axis;
  return -1;
}

// Copies plane by plane where target and source are contiguous along different axes; false where they are not.
bool copy_planes(const LoopSpace& space, intp itemsize) {
  const int row = contiguous_axis(space, 0, itemsize), column = contiguous_axis(space, 1, itemsize);
  if (row < 0 || column < 0 || row == column) return false;
  LoopSpace planes;
  planes.operands = 2;
  for (int k = 0; k < 2; k++) planes.data[k] = space.data[k];
  for (int axis = 0; axis < space.nd; axis++) {
    if (axis == row || axis == column) continue;
    planes.shape[planes.nd] = space.shape[axis];
    for (int k = 0; k < 2; k++) planes.strides[k][planes.nd] = space.strides[k][axis];
    planes.nd++;
  }
  for_each_element(planes, [&](char** pointers) {
    copy_transposed(pointers[0], space.strides[0][column], pointers[1], space.strides[1][row], space.shape[column],
                    space.shape[row], itemsize);
  });
  return true;
}
}  // namespace

int copy_into(ArrayObject* target, ArrayObject* source) {
  if (warn_complex_to_real(source->descr, target->descr) < 0) return -1;
  // Surplus leading axes of length 1 of the source are dropped, as in NumPy's assignment.
  int extra = 0;
  while (source->nd - extra > target->nd && source->dimensions[extra] == 1) extra++;
  bool fits = source->nd - extra <= target->nd;
  const int shift = target->nd - (source->nd - extra);
  for (int i = extra; fits && i < source->nd; i++) {
    const intp n = source->dimensions[i];
    fits = n == 1 || n == target->dimensions[i - extra + shift];
  }
  if (!fits) {
    Ref<> from = shape_text(source->nd, source->dimensions), to = shape_text(target->nd, target->dimensions);
    if (from && to)
      PyErr_Format(PyExc_ValueError, "could not broadcast input array from shape %U into shape %U", from.get(),
                   to.get());
    return -1;
  }
  Ref<ArrayObject> separate;
  if (may_overlap(target, source)) {
    const bool same =
        target->data == source->data && target->nd == source->nd && equivalent(target->descr, source->descr) && [&] {
          for (int i = 0; i < target->nd; i++)
            if (target->strides[i] != source->strides[i] || target->dimensions[i] != source->dimensions[i])
              return false;
          return true;
        }();
    if (same) return 0;
    separate = copy_array(source, source->descr, Order::K, false);
    if (!separate) return -1;
    source = separate.get();
  }
  Transfer transfer;
  if (!transfer.prepare(source->descr, target->descr)) return -1;
  LoopSpace space;
  space.nd = target->nd;
  for (int i = 0; i < target->nd; i++) space.shape[i] = target->dimensions[i];
  space.add(target->data, target->nd, target->dimensions, target->strides);
  space.add(source->data, source->nd - extra, source->dimensions + extra, source->strides + extra);
  sort_axes(space);
  coalesce(space);
  const int last = space.nd - 1;
  const intp out_stride = last < 0 ? 0 : space.strides[0][last], in_stride = last < 0 ? 0 : space.strides[1][last];
  uint32_t errors = 0;
  const bool objects = has_references(target->descr) || has_references(source->descr);
  const bool release = space.size() > kReleaseGil && is_plain_builtin(target->descr) && is_plain_builtin(source->descr);
  {
    ReleasedGil released(release);
    const intp itemsize = target->descr->elsize;
    if (transfer.plain_native_copy() && is_word(itemsize) && copy_planes(space, itemsize)) return 0;
    for_each_run(space, [&](char** pointers, intp n) {
      errors |= transfer.run(pointers[0], out_stride, pointers[1], in_stride, n);
      return !objects || !PyErr_Occurred();
    });
  }
  if (PyErr_Occurred()) return -1;
  return report_errors(errors, "cast");
}

int assign_element(ArrayDescr* descr, char* data, PyObject* value) {
  const int status = dtype_slots(descr)->setitem(descr, value, data);
  if (status < 0 && !weak_kind(value) && (descr->kind == 'f' || descr->kind == 'c') &&
      PyErr_ExceptionMatches(PyExc_TypeError)) {
    PyErr_Clear();
    PyErr_SetString(PyExc_ValueError, "setting an array element with a sequence.");
  }
  return status;
}

int assign_object(ArrayObject* target, PyObject* value) {
  if (require_writeable(target) < 0) return -1;
  if (is_array(value)) return copy_into(target, as_array(value));
  if (target->nd == 0 && (weak_kind(value) || is_object(target->descr)))
    return dtype_slots(target->descr)->setitem(target->descr, value, target->data);
  FromAny options;
  options.descr = target->descr;
  options.max_depth = target->nd;
  if (scalar_descr(value) && !weak_kind(value)) options.descr = nullptr;  // NumPy scalars are cast, not converted
  Ref<ArrayObject> source = array_from_any(value, options);
  return source ? copy_into(target, source.get()) : -1;
}

Ref<ArrayObject> copy_array(ArrayObject* array, ArrayDescr* descr, Order order, bool subok) {
  auto* self = reinterpret_cast<PyObject*>(array);
  const Ref<ArrayDescr> sized = sized_for_array(descr, array);
  if (!sized) return nullptr;
  Ref<ArrayObject> copy = new_like(array, sized.get(), order, subok ? Py_TYPE(self) : &Array_Type, self);
  if (!copy || copy_into(copy.get(), array) < 0) return nullptr;
  return copy;
}

}  // namespace wasmnp
