// nested_iters: iterators over different axes of the same operands, each of which starts where the one around it
// stands.
#include <utility>

#include "../python/arguments.hpp"
#include "nditer_object.hpp"

namespace wasmnp {

namespace {

struct Levels {
  static constexpr int kMost = kMaxDims;
  int count = 0;
  intp axes[kMost][kMaxDims];
  int lengths[kMost];

  bool parse(PyObject* object) {
    if (!PyTuple_Check(object) && !PyList_Check(object)) {
      PyErr_SetString(PyExc_ValueError, "axes must be a tuple of axis arrays");
      return false;
    }
    const FastSequence items(object, "axes must be a tuple of axis arrays");
    if (!items) return false;
    if (items.size() < 2) {
      PyErr_SetString(PyExc_ValueError, "axes must have at least 2 entries for nested iteration");
      return false;
    }
    if (items.size() > kMost) {
      PyErr_SetString(PyExc_ValueError, "axes has too many entries for nested iteration");
      return false;
    }
    bool used[kMaxDims] = {};
    for (count = 0; count < items.size(); count++) {
      Ref<> item = borrow(items[count]);
      if (!PyTuple_Check(item.get()) && !PyList_Check(item.get())) {
        PyErr_SetString(PyExc_ValueError, "Each item in axes must be a an integer tuple");
        return false;
      }
      lengths[count] = parse_shape(item.get(), axes[count], "axes");
      if (lengths[count] < 0) return false;
      for (int i = 0; i < lengths[count]; i++) {
        const intp axis = axes[count][i];
        if (axis < 0 || axis >= kMaxDims) {
          PyErr_SetString(PyExc_ValueError, "An axis is out of bounds");
          return false;
        }
        if (used[axis]) {
          PyErr_SetString(PyExc_ValueError, "An axis is used more than once");
          return false;
        }
        used[axis] = true;
      }
    }
    return true;
  }
};

}  // namespace

PyObject* nested_iterators(PyObject*, PyObject* args, PyObject* kwargs) {
  static const char* keywords[] = {"op",    "axes",    "flags",      "op_flags", "op_dtypes",
                                   "order", "casting", "buffersize", nullptr};
  PyObject *op, *axes_object, *flags = nullptr, *op_flags = nullptr, *dtypes = nullptr;
  IterRequest first;
  Levels levels;
  if (!PyArg_ParseTupleAndKeywords(args, kwargs, "OO|OOOO&O&n:nested_iters", const_cast<char**>(keywords), &op,
                                   &axes_object, &flags, &op_flags, &dtypes, order_converter, &first.order,
                                   casting_converter, &first.casting, &first.buffer_size))
    return nullptr;
  if (!levels.parse(axes_object) || !parse_global_flags(flags, &first) || !parse_operands(op, &first) ||
      !parse_operand_flags(op_flags, &first) || !check_written(op, first) || !parse_dtypes(dtypes, &first))
    return nullptr;
  const int nop = first.nop;
  int nd = 0;
  for (int k = 0; k < nop; k++)
    if (first.ops[k].array && first.ops[k].array->nd > nd) nd = first.ops[k].array->nd;
  // The outer iterators see operands as they are; only the innermost buffers and casts.
  Ref<> result = steal(PyTuple_New(levels.count));
  if (!result) return nullptr;
  // Outputs and copies are made once, over all axes in the order of the levels.
  IterRequest whole;
  if (!whole.make(nop)) return nullptr;
  whole.order = first.order;
  whole.casting = first.casting;
  bool make = false;
  for (int k = 0; k < nop; k++) {
    whole.ops[k].flags = first.ops[k].flags;
    if (first.ops[k].array) whole.ops[k].array = Ref<ArrayObject>::borrow(first.ops[k].array.get());
    if (first.ops[k].dtype) whole.ops[k].dtype = Ref<ArrayDescr>::borrow(first.ops[k].dtype.get());
    make |= !first.ops[k].array || (first.ops[k].flags & (kOpCopy | kOpUpdateIfCopy));
  }
  whole.flags = (first.flags & (kIterCommonDtype | kIterRefsOk | kIterZeroSizeOk | kIterReduceOk | kIterBuffered |
                                kIterCopyIfOverlap)) |
                kIterMultiIndex | (first.flags & kIterBuffered ? kIterDelayBuffers : 0u);
  std::unique_ptr<NdIterator> maker;
  if (make || (first.flags & kIterCommonDtype)) {
    maker.reset(NdIterator::make(whole));
    if (!maker) return nullptr;
    for (int k = 0; k < nop; k++) {
      first.ops[k].array = Ref<ArrayObject>::borrow(maker->operand(k).array.get());
      first.ops[k].dtype = Ref<ArrayDescr>::borrow(maker->operand(k).descr.get());
      if (first.ops[k].array->nd > nd) nd = first.ops[k].array->nd;
    }
  }
  for (int level = 0; level < levels.count; level++) {
    const bool innermost = level == levels.count - 1;
    IterRequest request;
    if (!request.make(nop)) return nullptr;
    request.order = first.order;
    request.casting = first.casting;
    request.buffer_size = first.buffer_size;
    request.flags = first.flags & ~uint32_t{kIterCommonDtype | kIterCopyIfOverlap};
    if (!innermost) request.flags &= ~uint32_t{kIterExternalLoop | kIterBuffered | kIterGrowInner | kIterDelayBuffers};
    request.axes_nd = levels.lengths[level];
    for (int k = 0; k < nop; k++) {
      request.ops[k].array = Ref<ArrayObject>::borrow(first.ops[k].array.get());
      if (innermost && first.ops[k].dtype) request.ops[k].dtype = Ref<ArrayDescr>::borrow(first.ops[k].dtype.get());
      request.ops[k].flags = first.ops[k].flags & ~uint32_t{kOpAllocate | kOpCopy | kOpUpdateIfCopy};
      if (!innermost) request.ops[k].flags &= ~uint32_t{kOpNative | kOpAligned | kOpContiguous};
      request.ops[k].has_axes = true;
      for (int i = 0; i < levels.lengths[level]; i++) {
        const intp axis = levels.axes[level][i] - (nd - first.ops[k].array->nd);
        request.ops[k].axes[i] = axis < 0 ? -1 : static_cast<int>(axis);
      }
    }
    NdIterator* iterator = NdIterator::make(request);
    if (!iterator) return nullptr;
    if (level == 0 && maker && maker->pending()) {
      for (int k = 0; k < nop; k++) iterator->operand(k).original = std::move(maker->operand(k).original);
    }
    Ref<> object = nditer_around(iterator);
    if (!object) return nullptr;
    PyTuple_SetItem(result.get(), level, object.release());
  }
  for (int level = 0; level + 1 < levels.count; level++)
    nest(PyTuple_GetItem(result.get(), level), PyTuple_GetItem(result.get(), level + 1));
  if (!reset_nested(PyTuple_GetItem(result.get(), 0))) return nullptr;
  return result.release();
}

}  // namespace wasmnp
