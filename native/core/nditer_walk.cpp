// Walking: positions, chunks and buffers of the iterator.
#include <cstdlib>
#include <cstring>

#include "errstate.hpp"
#include "iterate.hpp"
#include "nditer.hpp"
#include "operands.hpp"

namespace wasmnp {

void NdIterator::shape(intp* dims) const {
  for (int i = 0; i < nd_; i++) dims[has(kIterMultiIndex) ? permutation_[i] : i] = shape_[i];
}

void NdIterator::multi_index(intp* index) const {
  for (int i = 0; i < nd_; i++) index[permutation_[i]] = flipped_[i] ? shape_[i] - 1 - index_[i] : index_[i];
}

intp NdIterator::position_of(const intp* index) const {
  intp position = 0;
  for (int i = 0; i < nd_; i++) {
    const intp own = index[permutation_[i]];
    if (own < 0 || own >= shape_[i]) return -1;
    position = position * shape_[i] + (flipped_[i] ? shape_[i] - 1 - own : own);
  }
  return position;
}

intp NdIterator::flat_index() const {
  intp index = index_base_;
  for (int i = 0; i < nd_; i++) index += index_[i] * index_strides_[i];
  return index;
}

bool NdIterator::find_flat_index(intp index, intp* position) const {
  if (index < 0 || index >= size_) return false;
  *position = 0;
  for (int i = 0; i < nd_; i++) {
    const intp stride = index_strides_[i];
    const intp own = stride == 0 ? 0 : index / (stride < 0 ? -stride : stride) % shape_[i];
    *position = *position * shape_[i] + (stride < 0 ? shape_[i] - 1 - own : own);
  }
  return true;
}

// Coordinates and pointers of the current position.
void NdIterator::locate() {
  intp rest = position_;
  for (int i = nd_ - 1; i >= 0; i--) {
    const intp length = shape_[i] ? shape_[i] : 1;
    index_[i] = rest % length;
    rest /= length;
  }
  for (int k = 0; k < nop_; k++) {
    IterOperand& operand = operands_[k];
    operand.current = operand.base;
    for (int i = 0; i < nd_; i++) operand.current += index_[i] * operand.strides[i];
  }
}

bool NdIterator::go_to(intp position) {
  const bool buffered = buffers_ready_;
  if (buffered && position >= chunk_start_ && position < chunk_start_ + chunk_ && !has(kIterExternalLoop)) {
    position_ = position;
    locate();
    return true;
  }
  if (buffered && !flush()) return false;
  position_ = position;
  locate();
  return load_chunk();
}

bool NdIterator::next() {
  if (position_ >= end_) return false;
  const intp step = chunk();
  if (has(kIterBuffered)) {
    if (position_ + step < chunk_start_ + chunk_) {
      position_ += step;
      locate();
      return true;
    }
    if (!flush()) return false;
    position_ += step;
    if (position_ >= end_) {
      chunk_ = 0;
      return false;
    }
    locate();
    return load_chunk();
  }
  position_ += step;
  if (position_ >= end_) return false;
  if (!has(kIterExternalLoop)) {
    for (int i = nd_ - 1; i >= 0; i--) {
      for (int k = 0; k < nop_; k++) operands_[k].current += operands_[k].strides[i];
      if (++index_[i] < shape_[i]) return true;
      for (int k = 0; k < nop_; k++) operands_[k].current -= shape_[i] * operands_[k].strides[i];
      index_[i] = 0;
    }
    return true;
  }
  locate();
  return load_chunk();
}

bool NdIterator::reset() {
  if (buffers_ready_ && !flush()) return false;
  if (has(kIterBuffered) && !buffers_ready_ && !allocate_buffers()) return false;
  delayed_ = false;
  position_ = start_;
  locate();
  return load_chunk();
}

bool NdIterator::reset_range(intp start, intp end) {
  if (!has(kIterRanged)) {
    if (start == 0 && end == size_) return reset();
    PyErr_SetString(PyExc_ValueError,
                    "Cannot call ResetToIterIndexRange on an iterator without requesting ranged iteration support in "
                    "the constructor");
    return false;
  }
  if (start < 0 || end > size_) {
    PyErr_Format(PyExc_ValueError, "Out-of-bounds range [%zd, %zd) passed to ResetToIterIndexRange", start, end);
    return false;
  }
  if (end < start) {
    PyErr_Format(PyExc_ValueError, "Invalid range [%zd, %zd) passed to ResetToIterIndexRange", start, end);
    return false;
  }
  if (buffers_ready_ && !flush()) return false;
  start_ = start;
  end_ = end;
  chunk_ = 0;
  return reset();
}

bool NdIterator::reset_base(const NdIterator& parent) {
  if (buffers_ready_ && !flush()) return false;
  for (int k = 0; k < nop_; k++) operands_[k].base = parent.pointer(k) + operands_[k].flip_offset;
  chunk_ = 0;
  return reset();
}

// ---- chunks

char* NdIterator::pointer(int k) const {
  const IterOperand& operand = operands_[k];
  if (!operand.in_buffer) return operand.current;
  return operand.buffer + (position_ - chunk_start_) * operand.step;
}

intp NdIterator::step(int k) const {
  const IterOperand& operand = operands_[k];
  if (has(kIterBuffered)) return operand.step;
  return nd_ ? operand.strides[nd_ - 1] : 0;
}

// How many elements from the current one on lie evenly spaced, without a buffer.
intp NdIterator::linear_run(const IterOperand& operand, intp* step) const {
  if (nd_ == 0) {
    *step = 0;
    return 1;
  }
  int axis = nd_ - 1;
  intp run = shape_[axis] - index_[axis];
  *step = operand.strides[axis];
  // Outer axes go on where the inner one ends, but for an inner one that the operand does not move along.
  intp below = shape_[axis];
  while (axis > 0 && operand.strides[axis - 1] == operand.strides[axis] * shape_[axis]) {
    axis--;
    run += (shape_[axis] - 1 - index_[axis]) * below;
    below *= shape_[axis];
  }
  return run;
}

bool NdIterator::load_chunk() {
  if (!has(kIterBuffered)) {
    const intp left = end_ - position_;
    chunk_ = inner_length() - (nd_ ? index_[nd_ - 1] : 0);
    if (chunk_ > left) chunk_ = left;
    return true;
  }
  if (!buffers_ready_) return true;
  chunk_start_ = position_;
  intp count = end_ - position_;
  if (count <= 0) {
    chunk_ = 0;
    return true;
  }
  bool any_copied = false;
  intp shortest = count;
  for (int k = 0; k < nop_; k++) {
    IterOperand& operand = operands_[k];
    operand.run = linear_run(operand, &operand.step);
    any_copied |= operand.casts || ((operand.flags & kOpContiguous) && operand.step != operand.descr->elsize);
    if (operand.run < shortest) shortest = operand.run;
  }
  // Without copies a chunk may grow as far as all operands are even; otherwise it is what the buffers hold.
  if (has(kIterGrowInner) && !any_copied)
    count = shortest;
  else if (count > buffer_size_)
    count = buffer_size_;
  // Elements that are combined into one must not lie in the buffer twice: a chunk of those ends with the run.
  for (int k = 0; k < nop_; k++) {
    if (!operands_[k].writes() || operands_[k].run >= count) continue;
    bool repeats = false;
    for (int i = 0; i < nd_; i++) repeats |= operands_[k].strides[i] == 0 && shape_[i] > 1;
    if (repeats) count = operands_[k].run;
  }
  chunk_ = count;
  LoopSpace space;
  space.nd = nd_;
  std::memcpy(space.shape, shape_, sizeof(intp) * static_cast<size_t>(nd_));
  for (int k = 0; k < nop_; k++) {
    IterOperand& operand = operands_[k];
    const intp size = operand.descr->elsize;
    const bool even = operand.run >= count, wants_even = (operand.flags & kOpContiguous) && operand.step != size;
    operand.broadcast_in_chunk = even && operand.step == 0 && (operand.writes() || !wants_even);
    operand.in_buffer = operand.casts || (has(kIterExternalLoop) && (!even || wants_even));
    if (operand.in_buffer) operand.step = operand.broadcast_in_chunk ? 0 : size;
    if (!operand.in_buffer) continue;
    if (!operand.reads()) {
      if (has_references(operand.descr.get())) release_references(operand.descr.get(), operand.buffer, buffer_size_);
      continue;
    }
    space.operands = 1;
    space.data[0] = operand.base;
    std::memcpy(space.strides[0], operand.strides, sizeof(intp) * static_cast<size_t>(nd_));
    Cursor cursor(space);
    for (int i = 0; i < nd_; i++) cursor.index[i] = index_[i];
    cursor.pointer[0] = operand.current;
    uint32_t errors = 0;
    for_each_piece(space, cursor, 0, operand.broadcast_in_chunk ? 1 : count,
                   [&](char* pointer, intp stride, intp n, intp done) {
                     errors |= operand.load.run(operand.buffer + done * size, size, pointer, stride, n);
                   });
    if (PyErr_Occurred() || report_errors(errors, "cast") < 0) return false;
  }
  return true;
}

bool NdIterator::flush() {
  if (!buffers_ready_ || chunk_ <= 0) return true;
  const intp here = position_;
  position_ = chunk_start_;
  locate();
  LoopSpace space;
  space.nd = nd_;
  std::memcpy(space.shape, shape_, sizeof(intp) * static_cast<size_t>(nd_));
  uint32_t errors = 0;
  for (int k = 0; k < nop_; k++) {
    IterOperand& operand = operands_[k];
    if (!operand.in_buffer || !operand.writes()) continue;
    const intp size = operand.descr->elsize;
    space.operands = 1;
    space.data[0] = operand.base;
    std::memcpy(space.strides[0], operand.strides, sizeof(intp) * static_cast<size_t>(nd_));
    Cursor cursor(space);
    for (int i = 0; i < nd_; i++) cursor.index[i] = index_[i];
    cursor.pointer[0] = operand.current;
    const char* mask = nullptr;
    intp mask_step = 0;
    if ((operand.flags & kOpWriteMasked) && mask_operand_ >= 0) {
      const IterOperand& selects = operands_[mask_operand_];
      mask = selects.in_buffer ? selects.buffer : selects.current;
      mask_step = selects.step;
    }
    for_each_piece(space, cursor, 0, operand.broadcast_in_chunk ? 1 : chunk_,
                   [&](char* pointer, intp stride, intp n, intp done) {
                     if (!mask) {
                       errors |= operand.store.run(pointer, stride, operand.buffer + done * size, size, n);
                       return;
                     }
                     for (intp i = 0; i < n; i++)
                       if (mask[(done + i) * mask_step])
                         errors |= operand.store.run(pointer + i * stride, 0, operand.buffer + (done + i) * size, 0, 1);
                   });
  }
  position_ = here;
  locate();
  return !PyErr_Occurred() && report_errors(errors, "cast") == 0;
}

bool NdIterator::allocate_buffers() {
  for (int k = 0; k < nop_; k++) {
    IterOperand& operand = operands_[k];
    if (operand.buffer) continue;
    const intp size = operand.descr->elsize ? operand.descr->elsize : 1;
    operand.buffer = static_cast<char*>(std::calloc(static_cast<size_t>(buffer_size_), static_cast<size_t>(size)));
    if (!operand.buffer) return PyErr_NoMemory(), false;
  }
  buffers_ready_ = true;
  chunk_ = 0;
  return true;
}

void NdIterator::free_buffers() {
  for (int k = 0; k < nop_; k++) {
    IterOperand& operand = operands_[k];
    if (operand.buffer && has_references(operand.descr.get()))
      release_references(operand.descr.get(), operand.buffer, buffer_size_);
    std::free(operand.buffer);
    operand.buffer = nullptr;
  }
  buffers_ready_ = false;
}

NdIterator::~NdIterator() {
  if (operands_) free_buffers();
}

bool NdIterator::pending() const {
  for (int k = 0; k < nop_; k++)
    if (operands_[k].original) return true;
  return false;
}

bool NdIterator::write_back() {
  if (!flush()) return false;
  for (int k = 0; k < nop_; k++) {
    IterOperand& operand = operands_[k];
    if (!operand.original) continue;
    Ref<ArrayObject> original = std::move(operand.original);
    original->flags |= kWriteable;
    operand.array->flags &= ~kWritebackIfCopy;
    if (copy_into(original.get(), operand.array.get()) < 0) return false;
  }
  return true;
}

// ---- changes of what is walked

bool NdIterator::remove_axis(intp axis) {
  if (!has(kIterMultiIndex)) {
    PyErr_SetString(PyExc_RuntimeError, "Iterator RemoveAxis may only be called if a multi-index is being tracked");
    return false;
  }
  if (has(kIterCIndex | kIterFIndex)) {
    PyErr_SetString(PyExc_RuntimeError, "Iterator RemoveAxis may not be called on an index being tracked");
    return false;
  }
  if (has(kIterBuffered)) {
    PyErr_SetString(PyExc_RuntimeError, "Iterator RemoveAxis may not be called on a buffered iterator");
    return false;
  }
  if (axis < 0 || axis >= nd_) {
    PyErr_SetString(PyExc_ValueError, "axis out of bounds in iterator RemoveAxis");
    return false;
  }
  int at = 0;
  while (permutation_[at] != axis) at++;
  for (int k = 0; k < nop_; k++) {
    IterOperand& operand = operands_[k];
    if (flipped_[at]) {  // back to the element at index 0
      const intp offset = (shape_[at] - 1) * operand.strides[at];
      operand.base += offset;
      operand.flip_offset += offset;
    }
    for (int i = at; i + 1 < nd_; i++) operand.strides[i] = operand.strides[i + 1];
  }
  for (int i = at; i + 1 < nd_; i++) {
    shape_[i] = shape_[i + 1];
    permutation_[i] = permutation_[i + 1];
    flipped_[i] = flipped_[i + 1];
  }
  nd_--;
  for (int i = 0; i < nd_; i++)
    if (permutation_[i] > axis) permutation_[i]--;
  count_size();
  if (size_ < 0) {
    size_ = -1;
    return true;
  }
  return reset();
}

bool NdIterator::remove_multi_index() {
  if (!has(kIterMultiIndex)) return true;
  flags_ &= ~uint32_t{kIterMultiIndex};
  index_removed_ = true;
  if (size_ < 0) {
    PyErr_SetString(PyExc_ValueError, "iterator is too large");
    return false;
  }
  coalesce();
  return reset();
}

bool NdIterator::enable_external_loop() {
  if (has(kIterMultiIndex | kIterCIndex | kIterFIndex)) {
    PyErr_SetString(PyExc_ValueError,
                    "Iterator flag EXTERNAL_LOOP cannot be used if an index or multi-index is being tracked");
    return false;
  }
  if ((flags_ & (kIterBuffered | kIterRanged)) == kIterRanged) {
    PyErr_SetString(PyExc_ValueError,
                    "Iterator flag EXTERNAL_LOOP cannot be used with ranged iteration unless BUFFERED is also enabled");
    return false;
  }
  flags_ |= kIterExternalLoop;
  return reset();
}

Ref<ArrayObject> NdIterator::view(int k, PyObject* owner) {
  if (has(kIterBuffered)) {
    PyErr_SetString(PyExc_ValueError, "cannot provide an iterator view when buffering is enabled");
    return nullptr;
  }
  IterOperand& operand = operands_[k];
  return new_view(owner, operand.array->descr, nd_, shape_, operand.strides, operand.base,
                  operand.writes() ? kWriteable : 0);
}

NdIterator* NdIterator::copy() const {
  auto* copy = new NdIterator();
  if (copy) copy->operands_.reset(new IterOperand[static_cast<size_t>(nop_ ? nop_ : 1)]);
  if (!copy || !copy->operands_) {
    delete copy;
    PyErr_NoMemory();
    return nullptr;
  }
  copy->nop_ = nop_;
  copy->nd_ = nd_;
  copy->original_nd_ = original_nd_;
  copy->flags_ = flags_;
  std::memcpy(copy->shape_, shape_, sizeof shape_);
  std::memcpy(copy->index_, index_, sizeof index_);
  std::memcpy(copy->permutation_, permutation_, sizeof permutation_);
  std::memcpy(copy->flipped_, flipped_, sizeof flipped_);
  std::memcpy(copy->index_strides_, index_strides_, sizeof index_strides_);
  copy->index_base_ = index_base_;
  copy->size_ = size_;
  copy->start_ = start_;
  copy->end_ = end_;
  copy->position_ = position_;
  copy->buffer_size_ = buffer_size_;
  copy->delayed_ = delayed_;
  copy->mask_operand_ = mask_operand_;
  for (int k = 0; k < nop_; k++) {
    const IterOperand& from = operands_[k];
    IterOperand& to = copy->operands_[k];
    to.flags = from.flags;
    to.array = Ref<ArrayObject>::borrow(from.array.get());
    to.descr = Ref<ArrayDescr>::borrow(from.descr.get());
    to.base = from.base;
    to.flip_offset = from.flip_offset;
    std::memcpy(to.strides, from.strides, sizeof to.strides);
    to.casts = from.casts;
    to.load = from.load;
    to.store = from.store;
    to.current = from.current;
  }
  // Buffers are filled anew, from what the original has written back by now.
  if (buffers_ready_ && !copy->allocate_buffers()) {
    delete copy;
    return nullptr;
  }
  if (!copy->load_chunk()) {
    delete copy;
    return nullptr;
  }
  return copy;
}

}  // namespace wasmnp
