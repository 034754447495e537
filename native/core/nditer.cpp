// Construction of the iterator: what operands and flags ask for, the common shape, types, the order of axes, outputs
// and copies.
#include "nditer.hpp"

#include <cstring>
#include <utility>

#include "operands.hpp"
#include "state.hpp"

namespace wasmnp {

NdIterator* NdIterator::make(IterRequest& request) {
  auto* iterator = new NdIterator();
  if (!iterator) {
    PyErr_NoMemory();
    return nullptr;
  }
  if (iterator->build(request)) return iterator;
  delete iterator;
  return nullptr;
}

bool NdIterator::check_flags(const IterRequest& request) {
  const auto fail = [](const char* text) {
    PyErr_SetString(PyExc_ValueError, text);
    return false;
  };
  uint32_t& flags = flags_;
  flags = request.flags;
  if ((flags & kIterCIndex) && (flags & kIterFIndex))
    return fail("Iterator flags C_INDEX and F_INDEX cannot both be specified");
  if ((flags & kIterExternalLoop) && (flags & (kIterCIndex | kIterFIndex | kIterMultiIndex)))
    return fail("Iterator flag EXTERNAL_LOOP cannot be used if an index or multi-index is being tracked");
  if ((flags & kIterExternalLoop) && (flags & kIterRanged) && !(flags & kIterBuffered))
    return fail("Iterator flag RANGED cannot be used with the flag EXTERNAL_LOOP unless BUFFERED is also enabled");
  if ((flags & kIterGrowInner) || (flags & kIterDelayBuffers)) {
    if (!(flags & kIterBuffered)) flags &= ~uint32_t{kIterGrowInner | kIterDelayBuffers};
  }
  bool masked = false;
  for (int k = 0; k < nop_; k++) {
    uint32_t own = request.ops[k].flags;
    switch (own & kOpAccess) {
      case kOpReadOnly:
      case kOpReadWrite:
      case kOpWriteOnly: break;
      case 0: return fail("None of the iterator flags READWRITE, READONLY, or WRITEONLY were specified for an operand");
      default:
        return fail(
            "Only one of the iterator flags READWRITE, READONLY, and WRITEONLY may be specified for an operand");
    }
    if ((own & kOpReadOnly) && (own & kOpUpdateIfCopy))
      return fail("The iterator flag UPDATEIFCOPY may not be specified for a READONLY operand");
    if ((own & kOpWriteMasked) && !(own & (kOpReadWrite | kOpWriteOnly)))
      return fail("The iterator flag WRITEMASKED may only be used with READWRITE or WRITEONLY");
    if ((own & kOpWriteMasked) && (own & kOpArrayMask))
      return fail("The iterator flag WRITEMASKED may not be used together with ARRAYMASK");
    if (own & kOpArrayMask) {
      if (mask_operand_ >= 0) return fail("Only one iterator operand may receive an ARRAYMASK flag");
      mask_operand_ = k;
    }
    masked |= (own & kOpWriteMasked) != 0;
    if (!request.ops[k].array) {
      if (own & kOpVirtual) continue;
      if (!(own & kOpAllocate))
        return fail("Iterator operand was NULL, but neither the ALLOCATE nor the VIRTUAL flag was specified");
      if ((own & kOpReadWrite) && (flags & kIterBuffered) && !(flags & kIterDelayBuffers))
        return fail(
            "Automatic allocation of output operands requires delayed buffer allocation where they are READWRITE");
      if (own & kOpReadOnly) return fail("Iterator operand is NULL, but the READONLY flag was specified");
    }
    operands_[k].flags = own;
  }
  if (masked && mask_operand_ < 0)
    return fail(
        "An iterator operand was flagged as WRITEMASKED, but no ARRAYMASK operand was given to supply the mask");
  if (!masked && mask_operand_ >= 0)
    return fail(
        "An iterator operand was flagged as the ARRAYMASK, but no WRITEMASKED operands were given to use the mask");
  return true;
}

bool NdIterator::prepare_operand(IterRequest& request, int k) {
  IterOperand& operand = operands_[k];
  operand.flags = request.ops[k].flags;
  ArrayObject* array = request.ops[k].array.get();
  if (!array) return true;
  if (operand.writes() && require_writeable(array, "output array") < 0) return false;
  ArrayDescr* wanted = request.ops[k].dtype ? request.ops[k].dtype.get() : array->descr;
  if (!(flags_ & kIterRefsOk) && (has_references(array->descr) || has_references(wanted))) {
    PyErr_SetString(PyExc_TypeError,
                    "Iterator operand or requested dtype holds references, but the NPY_ITER_REFS_OK flag was not "
                    "enabled");
    return false;
  }
  operand.array = Ref<ArrayObject>::borrow(array);
  return true;
}

// Which axis of operand k an axis of the iterator is; -1 where it has none.
int NdIterator::operand_axis(const IterRequest& request, int k, int axis) const {
  if (request.axes_nd >= 0 && request.ops[k].has_axes) return request.ops[k].axes[axis];
  const ArrayObject* array = request.ops[k].array.get();
  if (!array) return axis;
  const int own = axis - (nd_ - array->nd);
  return own < 0 ? -1 : own;
}

bool NdIterator::no_broadcast(const IterRequest& request) {
  Ref<> text = steal(PyUnicode_FromString(""));
  for (int k = 0; text && k < nop_; k++) {
    const ArrayObject* array = request.ops[k].array.get();
    if (array && !add_shape(&text, array->nd, array->dimensions)) return false;
  }
  Ref<> requested = request.has_shape ? shape_text(request.axes_nd, request.shape) : Ref<>();
  if (text && request.has_shape && requested)
    PyErr_Format(PyExc_ValueError, "operands could not be broadcast together with shapes %Uand requested shape %U",
                 text.get(), requested.get());
  else if (text)
    PyErr_Format(PyExc_ValueError, "operands could not be broadcast together with shapes %U", text.get());
  return false;
}

bool NdIterator::find_shape(const IterRequest& request) {
  nd_ = 0;
  if (request.axes_nd >= 0) {
    nd_ = request.axes_nd;
  } else {
    for (int k = 0; k < nop_; k++)
      if (request.ops[k].array && request.ops[k].array->nd > nd_) nd_ = request.ops[k].array->nd;
  }
  for (int axis = 0; axis < nd_; axis++)
    shape_[axis] = request.has_shape && request.shape[axis] >= 0 ? request.shape[axis] : 1;
  for (int k = 0; k < nop_; k++) {
    const ArrayObject* array = request.ops[k].array.get();
    if (!array) continue;
    if (array->nd > nd_ && !(request.axes_nd >= 0 && request.ops[k].has_axes)) {
      PyErr_SetString(PyExc_ValueError, "input operand has more dimensions than allowed by the axis remapping");
      return false;
    }
    for (int axis = 0; axis < nd_; axis++) {
      const int own = operand_axis(request, k, axis);
      if (own < 0) continue;
      if (own >= array->nd) {
        PyErr_Format(PyExc_ValueError,
                     "Iterator input op_axes[%d][%d] (==%d) is not a valid axis of op[%d], which has %d dimensions", k,
                     axis, own, k, array->nd);
        return false;
      }
      const intp length = array->dimensions[own];
      if (length == 1 || shape_[axis] == length) continue;
      if (shape_[axis] != 1 || (request.has_shape && request.shape[axis] == 1)) return no_broadcast(request);
      shape_[axis] = length;
    }
  }
  for (int axis = 0; axis < nd_; axis++) {
    permutation_[axis] = axis;
    flipped_[axis] = false;
  }
  original_nd_ = nd_;
  return true;
}

// Strides over the iterator's axes; refuses what is broadcast where that may not be.
bool NdIterator::fill_strides(const IterRequest& request, int k) {
  IterOperand& operand = operands_[k];
  const ArrayObject* array = operand.array.get();
  const bool fewer_axes = request.axes_nd < 0 && array->nd < nd_;
  for (int axis = 0; axis < nd_; axis++) {
    int own = -1;
    if (request.axes_nd >= 0 && request.ops[k].has_axes)
      own = request.ops[k].axes[axis];
    else
      own = axis - (nd_ - array->nd) < 0 ? -1 : axis - (nd_ - array->nd);
    operand.strides[axis] = own < 0 || array->dimensions[own] == 1 ? 0 : array->strides[own];
    const bool spread = shape_[axis] != 1 && (own < 0 || array->dimensions[own] == 1);
    if (!spread && !fewer_axes) continue;
    if (operand.flags & kOpNoBroadcast) {
      Ref<> shape = shape_text(array->nd, array->dimensions), all = shape_text(nd_, shape_);
      if (shape && all)
        PyErr_Format(PyExc_ValueError, "non-broadcastable operand with shape %U doesn't match the broadcast shape %U",
                     shape.get(), all.get());
      return false;
    }
    if (!spread || !operand.writes()) continue;
    if (!has(kIterReduceOk)) {
      Ref<> shape = shape_text(array->nd, array->dimensions), all = shape_text(nd_, shape_);
      if (!shape || !all) return false;
      if (request.axes_nd >= 0 && request.ops[k].has_axes)
        PyErr_Format(PyExc_ValueError,
                     "output operand requires a reduction along dimension %d, but the reduction is not enabled. The "
                     "dimension size of %zd does not match the expected output shape.",
                     axis, shape_[axis]);
      else
        PyErr_Format(PyExc_ValueError,
                     "non-broadcastable output operand with shape %U doesn't match the broadcast shape %U", shape.get(),
                     all.get());
      return false;
    }
    if (!operand.reads()) {
      PyErr_SetString(PyExc_ValueError,
                      "output operand requires a reduction, but is flagged as write-only, not read-write");
      return false;
    }
    if (operand.flags & kOpArrayMask) {
      PyErr_SetString(PyExc_ValueError,
                      "output operand requires a reduction, but is flagged as the ARRAYMASK operand which is not "
                      "permitted to be the target of a reduction");
      return false;
    }
  }
  return true;
}

namespace {

bool operand_cast_error(const char* text, ArrayDescr* from, ArrayDescr* to, int k, Casting casting, bool writes) {
  if (writes)
    PyErr_Format(
        PyExc_TypeError,
        "Iterator requested dtype could not be cast from %R to %R, the operand %d dtype, according to the rule '%s'",
        reinterpret_cast<PyObject*>(from), reinterpret_cast<PyObject*>(to), k, text);
  else
    PyErr_Format(PyExc_TypeError,
                 "Iterator operand %d dtype could not be cast from %R to %R according to the rule '%s'", k,
                 reinterpret_cast<PyObject*>(from), reinterpret_cast<PyObject*>(to), text);
  static_cast<void>(casting);
  return false;
}

}  // namespace

// The types that the caller sees, and whether casts to them are allowed.
bool NdIterator::find_types(IterRequest& request) {
  Ref<ArrayDescr> common;
  bool needs_common = has(kIterCommonDtype);
  for (int k = 0; k < nop_; k++) needs_common |= !request.ops[k].array && !request.ops[k].dtype;
  if (needs_common) {
    for (int k = 0; k < nop_; k++) {
      ArrayDescr* own = request.ops[k].array ? request.ops[k].array->descr : nullptr;
      const bool counts = own && (has(kIterCommonDtype) || operands_[k].reads());
      if (!counts) continue;
      common = common ? promote(common.get(), own) : Ref<ArrayDescr>::borrow(own);
      if (!common) return false;
    }
  }
  for (int k = 0; k < nop_; k++) {
    IterOperand& operand = operands_[k];
    if (has(kIterCommonDtype) && common)
      operand.descr = descr_with_byteorder(common.get(), '=');
    else if (request.ops[k].dtype)
      operand.descr = Ref<ArrayDescr>::borrow(request.ops[k].dtype.get());
    else if (operand.array)
      operand.descr = Ref<ArrayDescr>::borrow(operand.array->descr);
    else if (common)
      operand.descr = Ref<ArrayDescr>::borrow(common.get());
    else
      PyErr_SetString(PyExc_TypeError, "the type of an allocated operand needs an operand that is read, or op_dtypes");
    if (operand.descr && (operand.flags & kOpNative)) operand.descr = descr_with_byteorder(operand.descr.get(), '=');
    if (!operand.descr) return false;
    if (!operand.array) continue;
    ArrayDescr *own = operand.array->descr, *seen = operand.descr.get();
    operand.casts = !equivalent(own, seen) || ((operand.flags & kOpAligned) && !(operand.array->flags & kAligned));
    if (!operand.casts) continue;
    if (operand.reads() && !can_cast(own, seen, request.casting))
      return operand_cast_error(casting_name(request.casting), own, seen, k, request.casting, false);
    if (operand.writes() && !can_cast(seen, own, request.casting))
      return operand_cast_error(casting_name(request.casting), seen, own, k, request.casting, true);
  }
  return true;
}

// ---- the order of axes

void NdIterator::swap_axes(int a, int b) {
  std::swap(shape_[a], shape_[b]);
  std::swap(permutation_[a], permutation_[b]);
  std::swap(flipped_[a], flipped_[b]);
  std::swap(index_strides_[a], index_strides_[b]);
  for (int k = 0; k < nop_; k++) std::swap(operands_[k].strides[a], operands_[k].strides[b]);
}

// Axes along which all operands step backwards are walked the other way.
void NdIterator::flip_axes() {
  for (int axis = 0; axis < nd_; axis++) {
    bool backwards = false, forwards = false;
    for (int k = 0; k < nop_; k++) {
      if (!operands_[k].array) continue;
      backwards |= operands_[k].strides[axis] < 0;
      forwards |= operands_[k].strides[axis] > 0;
    }
    if (!backwards || forwards) continue;
    flipped_[axis] = true;
    for (int k = 0; k < nop_; k++) {
      IterOperand& operand = operands_[k];
      if (!operand.array) continue;
      operand.flip_offset += (shape_[axis] - 1) * operand.strides[axis];
      operand.strides[axis] = -operand.strides[axis];
    }
  }
}

// The last axis gets the smallest strides; axes that operands disagree about, or cannot compare, keep their order.
void NdIterator::sort_axes() {
  const auto inner_first = [&](int outer, int inner, bool* known) {
    // Whether `outer` steps less than `inner` wherever both move.
    bool smaller = false, larger = false;
    *known = false;
    for (int k = 0; k < nop_; k++) {
      if (!operands_[k].array) continue;
      const intp x = operands_[k].strides[outer], y = operands_[k].strides[inner];
      if (x == 0 || y == 0) continue;
      *known = true;
      const intp a = x < 0 ? -x : x, b = y < 0 ? -y : y;
      if (a <= b) smaller |= a < b;
      if (a > b) larger = true;
    }
    return smaller && !larger;
  };
  for (int i = nd_ - 2; i >= 0; i--) {
    int position = i;
    for (int j = i + 1; j < nd_; j++) {
      bool known;
      const bool before = inner_first(i, j, &known);
      if (!known) continue;
      if (!before) break;
      position = j;
    }
    for (int j = i; j < position; j++) swap_axes(j, j + 1);
  }
}

void NdIterator::order_axes(const IterRequest& request) {
  Order order = request.order;
  if (order == Order::Any) {
    bool all_f = true, any = false;
    for (int k = 0; k < nop_; k++) {
      const ArrayObject* array = operands_[k].array.get();
      if (!array) continue;
      any = true;
      all_f &= (array->flags & kFContiguous) && !(array->flags & kCContiguous && array->nd > 1);
    }
    order = any && all_f ? Order::F : Order::C;
  }
  if (order == Order::F) {
    for (int i = 0; i < nd_ / 2; i++) swap_axes(i, nd_ - 1 - i);
  } else if (order == Order::K) {
    flip_axes();
    sort_axes();
  }
}

void NdIterator::coalesce() {
  int out = -1;
  for (int axis = 0; axis < nd_; axis++) {
    if (shape_[axis] == 1) continue;
    bool joins = out >= 0;
    for (int k = 0; joins && k < nop_; k++)
      joins = operands_[k].strides[out] == operands_[k].strides[axis] * shape_[axis];
    if (joins && has(kIterCIndex | kIterFIndex)) joins = index_strides_[out] == index_strides_[axis] * shape_[axis];
    if (joins)
      shape_[out] *= shape_[axis];
    else
      shape_[++out] = shape_[axis];
    index_strides_[out] = index_strides_[axis];
    permutation_[out] = out;
    flipped_[out] = false;
    for (int k = 0; k < nop_; k++) operands_[k].strides[out] = operands_[k].strides[axis];
  }
  if (out < 0 && nd_ > 0) {
    out = 0;
    for (int k = 0; k < nop_; k++) operands_[k].strides[0] = 0;
    index_strides_[0] = 0;
    permutation_[0] = 0;
  }
  nd_ = out + 1;
}

void NdIterator::fill_index_strides() {
  index_base_ = 0;
  intp by_axis[kMaxDims], step = 1;
  intp lengths[kMaxDims];
  for (int i = 0; i < nd_; i++) lengths[permutation_[i]] = shape_[i];
  for (int n = 0; n < nd_; n++) {
    const int axis = has(kIterFIndex) ? n : nd_ - 1 - n;
    by_axis[axis] = lengths[axis] == 1 ? 0 : step;
    step *= lengths[axis];
  }
  for (int i = 0; i < nd_; i++) {
    index_strides_[i] = by_axis[permutation_[i]];
    if (!flipped_[i]) continue;
    index_base_ += (shape_[i] - 1) * index_strides_[i];
    index_strides_[i] = -index_strides_[i];
  }
}

void NdIterator::count_size() {
  size_ = 1;
  bool overflow = false, empty = false;
  for (int i = 0; i < nd_; i++) {
    empty |= shape_[i] == 0;
    overflow |= __builtin_mul_overflow(size_, shape_[i], &size_);
  }
  if (empty)
    size_ = 0;
  else if (overflow)
    size_ = -1;
  start_ = 0;
  end_ = size_ < 0 ? 0 : size_;
}

// ---- outputs and copies

bool NdIterator::allocate(IterRequest& request, int k) {
  IterOperand& operand = operands_[k];
  int own_axis[kMaxDims], nd = 0;
  intp dims[kMaxDims], strides[kMaxDims];
  bool seen[kMaxDims] = {};
  const bool mapped = request.axes_nd >= 0 && request.ops[k].has_axes;
  for (int i = 0; i < nd_; i++) {
    const int axis = permutation_[i];
    own_axis[i] = mapped ? request.ops[k].axes[axis] : axis;
    if (own_axis[i] >= nd) nd = own_axis[i] + 1;
  }
  if (nd > kMaxDims) {
    PyErr_SetString(PyExc_ValueError, "too many dimensions in an automatically allocated output");
    return false;
  }
  // The last axis of the walk has the smallest stride.
  intp step = operand.descr->elsize;
  for (int i = nd_ - 1; i >= 0; i--) {
    const int own = own_axis[i];
    if (own < 0) {
      operand.strides[i] = 0;
      if (shape_[i] != 1) {
        if (!has(kIterReduceOk)) {
          PyErr_SetString(PyExc_ValueError,
                          "output requires a reduction, but reduction is not enabled: the iterator lacks REDUCE_OK");
          return false;
        }
        if (!operand.reads()) {
          PyErr_SetString(PyExc_ValueError,
                          "output operand requires a reduction, but is flagged as write-only, not read-write");
          return false;
        }
      }
      continue;
    }
    seen[own] = true;
    dims[own] = shape_[i];
    strides[own] = step;
    operand.strides[i] = flipped_[i] ? -step : step;
    if (flipped_[i] && shape_[i]) operand.flip_offset += (shape_[i] - 1) * step;
    step *= shape_[i] ? shape_[i] : 1;
  }
  for (int axis = 0; axis < nd; axis++) {
    if (seen[axis]) continue;
    if (request.has_shape && axis < request.axes_nd && request.shape[axis] >= 0) {
      // An axis of the output that the iterator does not walk, whose length the requested shape gives.
    }
    PyErr_Format(PyExc_ValueError,
                 "automatically allocated output array specified with an inconsistent axis mapping; the axis mapping "
                 "cannot include dimension %d which is too large for the iterator dimension of %d.",
                 axis, nd_);
    return false;
  }
  NewArray options;
  options.strides = strides;
  if (has_references(operand.descr.get())) options.zeroed = true;
  if (!(operand.flags & kOpNoSubtype)) {
    static Name name("__array_priority__");
    double highest = 0;
    for (int other = 0; other < nop_; other++) {
      ArrayObject* array = request.ops[other].array.get();
      if (!array || is_exact_array(reinterpret_cast<PyObject*>(array))) continue;
      Ref<> value = steal(PyObject_GetAttr(reinterpret_cast<PyObject*>(array), name.get()));
      const double priority = value ? PyFloat_AsDouble(value.get()) : 0;
      PyErr_Clear();
      if (options.prototype && priority <= highest) continue;
      highest = priority;
      options.subtype = Py_TYPE(reinterpret_cast<PyObject*>(array));
      options.prototype = reinterpret_cast<PyObject*>(array);
    }
  }
  operand.array = new_array(operand.descr.get(), nd, dims, options);
  return static_cast<bool>(operand.array);
}

// A copy in the layout of the walk takes the operand's place.
bool NdIterator::replace_by_copy(const IterRequest& request, int k, bool write_back_later) {
  IterOperand& operand = operands_[k];
  ArrayObject* array = operand.array.get();
  Ref<ArrayObject> copy = new_like(array, operand.descr.get(), Order::K, &Array_Type, nullptr);
  if (!copy) return false;
  if (operand.reads() && copy_into(copy.get(), array) < 0) return false;
  if (write_back_later) {
    operand.original = std::move(operand.array);
    operand.original->flags &= ~kWriteable;
    copy->flags |= kWritebackIfCopy;
  }
  operand.array = std::move(copy);
  operand.casts = false;
  // Strides follow the axes as they are ordered by now.
  for (int i = 0; i < nd_; i++) {
    const int axis = permutation_[i];
    int own = axis - (original_nd_ - operand.array->nd);
    if (request.axes_nd >= 0 && request.ops[k].has_axes) own = request.ops[k].axes[axis];
    const intp stride = own < 0 || operand.array->dimensions[own] == 1 ? 0 : operand.array->strides[own];
    operand.strides[i] = flipped_[i] ? -stride : stride;
  }
  operand.flip_offset = 0;
  for (int i = 0; i < nd_; i++)
    if (flipped_[i]) operand.flip_offset -= (shape_[i] - 1) * operand.strides[i];
  return true;
}

bool NdIterator::copy_operands(IterRequest& request) {
  for (int k = 0; has(kIterCopyIfOverlap) && k < nop_; k++) {
    if (!request.ops[k].array || !operands_[k].writes()) continue;
    for (int other = 0; other < nop_; other++) {
      if (other == k || !request.ops[other].array || !operands_[other].reads() || operands_[other].in_buffer) continue;
      const ArrayObject *a = request.ops[k].array.get(), *b = request.ops[other].array.get();
      bool same = (operands_[k].flags & kOpElementwise) && (operands_[other].flags & kOpElementwise) &&
                  a->data == b->data && same_shape(a, b) && equivalent(a->descr, b->descr) && !may_overlap_itself(a);
      for (int i = 0; same && i < a->nd; i++) same = a->strides[i] == b->strides[i];
      if (!same && may_share_memory(a, b, 1)) operands_[k].in_buffer = true;  // to be copied
    }
  }
  for (int k = 0; k < nop_; k++) {
    IterOperand& operand = operands_[k];
    if (!request.ops[k].array) continue;
    if (std::exchange(operand.in_buffer, false)) {
      if (!replace_by_copy(request, k, true)) return false;
      continue;
    }
    if (!operand.casts) continue;
    // Read-only scalars are cast without being asked.
    if (!operand.writes() && ((operand.flags & kOpCopy) || (operand.array->nd == 0 && !has(kIterBuffered)))) {
      if (!replace_by_copy(request, k, false)) return false;
    } else if (operand.flags & kOpUpdateIfCopy) {
      if (!replace_by_copy(request, k, operand.writes())) return false;
    } else if (!has(kIterBuffered)) {
      PyErr_SetString(PyExc_TypeError,
                      "Iterator operand required copying or buffering, but neither copying nor buffering was enabled");
      return false;
    }
  }
  return true;
}

void NdIterator::set_bases() {
  for (int k = 0; k < nop_; k++) {
    if (operands_[k].array) operands_[k].base = operands_[k].array->data + operands_[k].flip_offset;
  }
}

// A mask must not vary along what is reduced: it could not say which result to write.
bool NdIterator::check_masks() const {
  if (mask_operand_ < 0 || !operands_[mask_operand_].array) return true;
  for (int k = 0; k < nop_; k++) {
    if (!(operands_[k].flags & kOpWriteMasked) || !operands_[k].array) continue;
    for (int i = 0; i < nd_; i++) {
      if (shape_[i] == 1 || operands_[k].strides[i] != 0 || operands_[mask_operand_].strides[i] == 0) continue;
      PyErr_SetString(PyExc_ValueError,
                      "Iterator reduction operand is WRITEMASKED, but also broadcasts to multiple mask values. There "
                      "can be only one mask value per WRITEMASKED element.");
      return false;
    }
  }
  return true;
}

bool NdIterator::check_contiguous() const {
  if (has(kIterBuffered) || size_ <= 1) return true;
  for (int k = 0; k < nop_; k++) {
    const IterOperand& operand = operands_[k];
    if (!(operand.flags & kOpContiguous) || operand.strides[nd_ - 1] == operand.descr->elsize) continue;
    PyErr_SetString(PyExc_TypeError,
                    "Iterator operand required buffering, to be contiguous as requested, but buffering is not enabled");
    return false;
  }
  return true;
}

bool NdIterator::build(IterRequest& request) {
  nop_ = request.nop;
  operands_.reset(new IterOperand[static_cast<size_t>(nop_ ? nop_ : 1)]);
  if (!operands_) return PyErr_NoMemory(), false;
  if (!check_flags(request)) return false;
  for (int k = 0; k < nop_; k++)
    if (!prepare_operand(request, k)) return false;
  if (!find_shape(request)) return false;
  for (int k = 0; k < nop_; k++) {
    if (operands_[k].array) {
      if (!fill_strides(request, k)) return false;
    } else {
      for (int i = 0; i < nd_; i++) operands_[k].strides[i] = 0;
    }
  }
  if (request.buffer_size > 0) buffer_size_ = request.buffer_size;
  if (!find_types(request)) return false;
  for (int i = 0; i < nd_; i++) index_strides_[i] = 0;
  order_axes(request);
  if (has(kIterCIndex | kIterFIndex)) fill_index_strides();
  count_size();
  if (size_ == 0 && !has(kIterZeroSizeOk)) {
    PyErr_SetString(PyExc_ValueError, "Iteration of zero-sized operands is not enabled");
    return false;
  }
  if (size_ < 0) {
    PyErr_SetString(PyExc_ValueError, "iterator is too large");
    return false;
  }
  if (!check_masks()) return false;
  for (int k = 0; k < nop_; k++) {
    if (operands_[k].array) continue;
    if (operands_[k].flags & kOpVirtual) {
      PyErr_SetString(PyExc_ValueError, "virtual operands are for the C-API");
      return false;
    }
    if (!allocate(request, k)) return false;
  }
  if (!copy_operands(request)) return false;
  for (int k = 0; k < nop_; k++) {
    IterOperand& operand = operands_[k];
    if (!(flags_ & kIterRefsOk) && has_references(operand.descr.get())) {
      PyErr_SetString(PyExc_TypeError,
                      "Iterator operand or requested dtype holds references, but the NPY_ITER_REFS_OK flag was not "
                      "enabled");
      return false;
    }
    if (!operand.load.prepare(operand.array->descr, operand.descr.get()) ||
        !operand.store.prepare(operand.descr.get(), operand.array->descr))
      return false;
  }
  set_bases();
  if (!has(kIterMultiIndex)) coalesce();
  count_size();
  if (!check_contiguous()) return false;
  position_ = 0;
  locate();
  if (has(kIterBuffered)) {
    if (has(kIterDelayBuffers)) {
      delayed_ = true;
      return true;
    }
    if (!allocate_buffers()) return false;
  }
  return size_ < 0 || load_chunk();
}

}  // namespace wasmnp
