// The iterator: N-dimensional operands reduced to a few axes (memory order, coalesced), visited as runs along the
// innermost axis, or as blocks of elements that span axes. Ufuncs, copies and reductions all walk this way.
#pragma once

#include "../../kernels/cpu/kernel_table.hpp"
#include "../abi/numpy_abi.hpp"

namespace wasmnp {

inline constexpr int kMaxLoopOperands = 8;

struct LoopSpace {
  int nd = 0, operands = 0;
  intp shape[kMaxDims];
  char* data[kMaxLoopOperands];
  intp strides[kMaxLoopOperands][kMaxDims];

  LoopSpace() {}  // arrays stay uninitialised: they are large and filled up to nd
  intp size() const {
    intp n = 1;
    for (int i = 0; i < nd; i++) n *= shape[i];
    return n;
  }
  // Adds an operand whose strides follow `shape` by broadcasting (missing leading axes and length 1 get stride 0).
  void add(char* pointer, int operand_nd, const intp* dims, const intp* operand_strides);
};

// Sorts axes so that the last one has the smallest strides (K order), ties keeping C order. `permutation`, when given,
// receives the original axis of each sorted one.
void sort_axes(LoopSpace& space, int* permutation = nullptr);
// Sorts `space`, and fills in the contiguous strides of a new array over its original axes in that order.
void fill_sorted_strides(LoopSpace& space, intp itemsize, intp* strides);
// Joins neighbouring axes that all operands step through evenly and drops axes of length 1.
void coalesce(LoopSpace& space);

// The current element of a walk: an index over all axes and each operand's pointer to it.
struct Cursor {
  intp index[kMaxDims];
  char* pointer[kMaxLoopOperands];

  explicit Cursor(const LoopSpace& space) {
    for (int i = 0; i < space.nd; i++) index[i] = 0;
    for (int k = 0; k < space.operands; k++) pointer[k] = space.data[k];
  }
  // Advances by `count` elements that stay inside the innermost axis or end exactly at its end.
  void advance(const LoopSpace& space, intp count);
  // Advances by any count.
  void advance_far(const LoopSpace& space, intp count);
};

// Calls visit(pointers, n) for every run along the innermost axis; visit returns false to stop. 0-d: one run of one.
template <class Visit>
bool for_each_run(const LoopSpace& space, Visit visit) {
  if (space.size() == 0) return true;
  if (space.nd <= 1) {
    char* pointers[kMaxLoopOperands];
    for (int k = 0; k < space.operands; k++) pointers[k] = space.data[k];
    return visit(pointers, space.nd ? space.shape[0] : 1);
  }
  const intp run = space.shape[space.nd - 1];
  Cursor cursor(space);
  for (intp left = space.size() / run; left > 0; left--) {
    char* pointers[kMaxLoopOperands];
    for (int k = 0; k < space.operands; k++) pointers[k] = cursor.pointer[k];
    if (!visit(pointers, run)) return false;
    cursor.advance(space, run);
  }
  return true;
}

// Calls visit(pointers) for every element.
template <class Visit>
void for_each_element(const LoopSpace& space, Visit visit) {
  intp left = space.size();
  for (Cursor cursor(space); left > 0; left--) {
    visit(cursor.pointer);
    cursor.advance(space, 1);
  }
}

// Calls visit(pointer, stride, n, done) for the pieces of operand k that make up the next `count` elements.
template <class Visit>
void for_each_piece(const LoopSpace& space, const Cursor& cursor, int k, intp count, Visit visit) {
  if (space.nd == 0) {
    visit(cursor.pointer[k], intp{0}, intp{1}, intp{0});
    return;
  }
  const int last = space.nd - 1;
  const intp run = space.shape[last], stride = space.strides[k][last];
  char* pointer = cursor.pointer[k];
  intp first = run - cursor.index[last];
  if (first >= count) {
    visit(pointer, stride, count, intp{0});
    return;
  }
  visit(pointer, stride, first, intp{0});
  intp index[kMaxDims];
  for (int i = 0; i < last; i++) index[i] = cursor.index[i];
  pointer -= cursor.index[last] * stride;
  for (intp done = first; done < count;) {
    for (int axis = last - 1; axis >= 0; axis--) {
      pointer += space.strides[k][axis];
      if (++index[axis] < space.shape[axis]) break;
      pointer -= index[axis] * space.strides[k][axis];
      index[axis] = 0;
    }
    const intp n = count - done < run ? count - done : run;
    visit(pointer, stride, n, done);
    done += n;
  }
}

// The lowest and one past the highest byte of an array's elements.
struct Extent {
  const char *low, *high;
};
Extent extent_of(const char* data, int nd, const intp* dims, const intp* strides, intp itemsize);

}  // namespace wasmnp
