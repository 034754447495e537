#include "iterate.hpp"

#include <utility>

namespace wasmnp {

void LoopSpace::add(char* pointer, int operand_nd, const intp* dims, const intp* operand_strides) {
  const int k = operands++;
  data[k] = pointer;
  for (int axis = 0; axis < nd; axis++) {
    const int own = axis - (nd - operand_nd);
    strides[k][axis] = own < 0 || dims[own] == 1 ? 0 : operand_strides[own];
  }
}

namespace {
intp magnitude(intp stride) { return stride < 0 ? -stride : stride; }

// Whether axis `a` (now the outer one) should become the inner one of the pair: its strides are smaller wherever both
// axes move. Operands that disagree leave the order as it is.
bool should_swap(const LoopSpace& space, int a, int b) {
  bool smaller = false;
  for (int k = 0; k < space.operands; k++) {
    const intp x = magnitude(space.strides[k][a]), y = magnitude(space.strides[k][b]);
    if (x == 0 || y == 0) continue;
    if (x > y) return false;
    if (x < y) smaller = true;
  }
  return smaller;
}

bool comparable(const LoopSpace& space, int a, int b) {
  for (int k = 0; k < space.operands; k++)
    if (space.strides[k][a] != 0 && space.strides[k][b] != 0) return true;
  return false;
}

void swap_axes(LoopSpace& space, int a, int b) {
  std::swap(space.shape[a], space.shape[b]);
  for (int k = 0; k < space.operands; k++) std::swap(space.strides[k][a], space.strides[k][b]);
}
}  // namespace

void sort_axes(LoopSpace& space, int* permutation) {
  if (permutation)
    for (int i = 0; i < space.nd; i++) permutation[i] = i;
  // Insertion sort: axes that no operand can compare keep their place, as in NumPy's iterator.
  for (int i = 1; i < space.nd; i++) {
    int position = i;
    for (int j = i - 1; j >= 0; j--) {
      if (!comparable(space, j, i)) continue;
      if (!should_swap(space, j, i)) break;
      position = j;
    }
    for (int j = i; j > position; j--) {
      swap_axes(space, j, j - 1);
      if (permutation) std::swap(permutation[j], permutation[j - 1]);
    }
  }
}

void fill_sorted_strides(LoopSpace& space, intp itemsize, intp* strides) {
  int permutation[kMaxDims];
  sort_axes(space, permutation);
  for (int i = space.nd - 1; i >= 0; i--) {
    strides[permutation[i]] = itemsize;
    if (space.shape[i]) itemsize *= space.shape[i];
  }
}

void coalesce(LoopSpace& space) {
  int out = -1;
  for (int axis = 0; axis < space.nd; axis++) {
    if (space.shape[axis] == 1) continue;
    bool joins = out >= 0;
    for (int k = 0; joins && k < space.operands; k++)
      joins = space.strides[k][out] == space.strides[k][axis] * space.shape[axis];
    if (joins) {
      space.shape[out] *= space.shape[axis];
      for (int k = 0; k < space.operands; k++) space.strides[k][out] = space.strides[k][axis];
      continue;
    }
    out++;
    space.shape[out] = space.shape[axis];
    for (int k = 0; k < space.operands; k++) space.strides[k][out] = space.strides[k][axis];
  }
  space.nd = out + 1;
}

void Cursor::advance(const LoopSpace& space, intp count) {
  int axis = space.nd - 1;
  if (axis < 0) return;
  index[axis] += count;
  for (int k = 0; k < space.operands; k++) pointer[k] += count * space.strides[k][axis];
  while (index[axis] == space.shape[axis]) {
    for (int k = 0; k < space.operands; k++) pointer[k] -= index[axis] * space.strides[k][axis];
    index[axis] = 0;
    if (--axis < 0) return;
    index[axis]++;
    for (int k = 0; k < space.operands; k++) pointer[k] += space.strides[k][axis];
  }
}

void Cursor::advance_far(const LoopSpace& space, intp count) {
  intp carry = count;
  for (int axis = space.nd - 1; axis >= 0 && carry; axis--) {
    const intp position = index[axis] + carry;
    carry = position / space.shape[axis];
    index[axis] = position - carry * space.shape[axis];
  }
  for (int k = 0; k < space.operands; k++) {
    pointer[k] = space.data[k];
    for (int axis = 0; axis < space.nd; axis++) pointer[k] += index[axis] * space.strides[k][axis];
  }
}

Extent extent_of(const char* data, int nd, const intp* dims, const intp* strides, intp itemsize) {
  Extent extent{data, data + itemsize};
  for (int i = 0; i < nd; i++) {
    if (dims[i] == 0) return {data, data};
    const intp reach = (dims[i] - 1) * strides[i];
    (reach < 0 ? extent.low : extent.high) += reach;
  }
  return extent;
}

}  // namespace wasmnp
