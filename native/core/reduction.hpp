// What reductions share: how runs of elements are folded into an accumulator, whatever their layout and type.
#pragma once

#include <cstring>

#include "../text/half.hpp"
#include "casting.hpp"
#include "state.hpp"
#include "ufunc.hpp"

namespace wasmnp {

inline constexpr intp kPackedElements = 1024;  // a sub-tree whose elements fit in L1
inline constexpr intp kMaxElement = kMaxElementSize;

struct Reduction {
  UfuncObject* ufunc;
  Loop loop;
  Ref<ArrayDescr> native;  // of the accumulator
  Fold fold = nullptr;
  Transfer cast, fold_cast;
  bool direct = true;
  intp size = 0, folded_size = 0;  // bytes of an element as reduced and as folded
  uint32_t errors = 0;
  bool half_sum = false;       // halves are folded as float32: see add_to_half
  bool from_identity = false;  // results start from the operation's own identity or first element

  // Finds the loop for elements of `given` accumulated as `dtype` (null: as NumPy does), and how to get from one to the
  // other. `given` is replaced where it must be converted as a whole. False with an error.
  bool prepare(UfuncObject* function, Ref<ArrayObject>* given, ArrayDescr* dtype, ArrayObject* out);
  ArrayDescr* descr() const { return native.get(); }

  void combine(char* accumulator, const char* value) {
    char* pointers[3] = {accumulator, const_cast<char*>(value), accumulator};
    const intp strides[3] = {0, 0, 0};
    if (loop.foreign()) {
      errors |= loop.call_foreign(pointers, 1, strides);
    } else {
      call_kernel(loop, 2, 3, pointers, strides, 1, &errors);
    }
  }

  // NumPy folds a run of halves in float and rounds the accumulator once.
  void add_to_half(char* accumulator, const char* folded) {
    Half half;
    float sum;
    std::memcpy(&half, accumulator, sizeof half);
    std::memcpy(&sum, folded, sizeof sum);
    half = to_half(half_to_float(half) + sum, errors);
    std::memcpy(accumulator, &half, sizeof half);
  }
  void combine_folded(char* accumulator, const char* folded) {
    half_sum ? add_to_half(accumulator, folded) : combine(accumulator, folded);
  }
  // Two sub-trees.
  void join(char* first, const char* second) {
    if (!half_sum) return combine(first, second);
    float x, y;
    std::memcpy(&x, first, sizeof x);
    std::memcpy(&y, second, sizeof y);
    const float sum = x + y;
    if (sum != sum && x == x && y == y) errors |= kInvalid;
    std::memcpy(first, &sum, sizeof sum);
  }

  // NumPy splits runs of more than 128 in halves, the first rounded down to a multiple of 8 (of scalars: a complex
  // number counts twice).
  intp first_half(intp count) const {
    const intp parts = is_complex(loop.descrs[0]) ? 2 : 1;
    const intp half = count * parts / 2;
    return (half - half % 8) / parts;
  }

  // The pairwise tree over `count` elements that `pack(buffer, n)` delivers in order, sub-tree by sub-tree.
  template <class Pack>
  void fold_tree(intp count, Pack& pack, char* out) {
    if (count <= kPackedElements) return fold_packed(count, pack, out);
    const intp half = first_half(count);
    alignas(16) char second[kMaxElement];
    fold_tree(half, pack, out);
    fold_tree(count - half, pack, second);
    join(out, second);
  }
  // Out of line: the buffer is for the leaves of the recursion alone.
  template <class Pack>
  [[gnu::noinline]] void fold_packed(intp count, Pack& pack, char* out) {
    alignas(64) char packed[kPackedElements * kMaxElement];
    pack(packed, count);
    errors |= fold(packed, folded_size, count, out);
  }

  // The fold of a run, packed when elements are not stored as the loop wants them.
  void fold_run(const char* in, intp stride, intp count, char* out) {
    if (direct && !half_sum) {
      errors |= fold(in, stride, count, out);
      return;
    }
    auto pack = [&](char* packed, intp n) {
      errors |= fold_cast.run(packed, folded_size, in, stride, n);
      in += n * stride;
    };
    fold_tree(count, pack, out);
  }

  // The fold of all elements of a space, across its axes.
  void fold_space(const LoopSpace& space, char* out) {
    Cursor cursor(space);
    auto pack = [&](char* packed, intp count) {
      for_each_piece(space, cursor, 1, count, [&](char* pointer, intp stride, intp n, intp done) {
        errors |= fold_cast.run(packed + done * folded_size, folded_size, pointer, stride, n);
      });
      cursor.advance_far(space, count);
    };
    fold_tree(space.size(), pack, out);
  }

  // Sums start from +0.0, which a run of nothing but -0.0 does not change into -0.0.
  void clear_negative_zero(char* out) const {
    const char kind = loop.descrs[0]->kind;
    if (kind != 'f' && kind != 'c') return;
    if (!(ufunc->traits & kFoldsSum)) return;
    const intp part = kind == 'c' ? size / 2 : size;
    for (intp at = 0; at < size; at += part) {
      if (part == 4)
        add_zero<float>(out + at);
      else
        add_zero<double>(out + at);
    }
  }
  template <class T>
  static void add_zero(char* data) {
    T value;
    std::memcpy(&value, data, sizeof value);
    value += T(0);
    std::memcpy(data, &value, sizeof value);
  }

  // where=: runs of selected elements, by the mask that is operand 2, are reduced one after the other.
  void run_masked(const LoopSpace& space) {
    const int last = space.nd - 1;
    intp step[3] = {0, 0, 0};
    for (int k = 0; k < 3 && last >= 0; k++) step[k] = space.strides[k][last];
    for_each_run(space, [&](char** pointers, intp n) {
      for (intp i = 0; i < n;) {
        while (i < n && !pointers[2][i * step[2]]) i++;
        const intp first = i;
        while (i < n && pointers[2][i * step[2]]) i++;
        const intp count = i - first;
        if (count == 0) break;
        char* const out = pointers[0] + first * step[0];
        char* const in = pointers[1] + first * step[1];
        if (step[0] != 0) {
          char* operands[3] = {out, in, out};
          intp strides[3] = {step[0], step[1], step[0]};
          this->step(operands, strides, count);
        } else if (fold) {
          alignas(16) char folded[kMaxElement];
          fold_run(in, step[1], count, folded);
          combine_folded(out, folded);
        } else {
          sequence(out, in, step[1], count);
        }
      }
      return !loop.foreign() || !PyErr_Occurred();
    });
  }

  void run(LoopSpace& space) {
    int outer = space.nd;  // axes from here on are all reduced
    while (outer > 0 && space.strides[0][outer - 1] == 0) outer--;
    const int last = space.nd - 1;
    if (fold && space.nd - outer > 1) {
      LoopSpace inner;
      inner.nd = space.nd - outer;
      inner.operands = 2;
      for (int i = outer; i < space.nd; i++) {
        inner.shape[i - outer] = space.shape[i];
        for (int k = 0; k < 2; k++) inner.strides[k][i - outer] = space.strides[k][i];
      }
      space.nd = outer;
      for_each_element(space, [&](char** pointers) {
        inner.data[0] = pointers[0];
        inner.data[1] = pointers[1];
        alignas(16) char folded[kMaxElement];
        fold_space(inner, folded);
        combine_folded(pointers[0], folded);
      });
      return;
    }
    intp strides[3] = {last < 0 ? 0 : space.strides[0][last], last < 0 ? 0 : space.strides[1][last], 0};
    strides[2] = strides[0];
    const bool reduces_inner = strides[0] == 0;
    bool visited_once = fold && from_identity && last >= 0 && !half_sum;
    for (int i = 0; i < last; i++) visited_once &= space.strides[0][i] != 0;
    for_each_run(space, [&](char** pointers, intp n) {
      if (reduces_inner && visited_once) {
        fold_run(pointers[1], strides[1], n, pointers[0]);
        clear_negative_zero(pointers[0]);
      } else if (reduces_inner && fold) {
        alignas(16) char folded[kMaxElement];
        fold_run(pointers[1], strides[1], n, folded);
        combine_folded(pointers[0], folded);
      } else if (reduces_inner) {
        sequence(pointers[0], pointers[1], strides[1], n);
      } else {
        char* operands[3] = {pointers[0], pointers[1], pointers[0]};
        step(operands, strides, n);
      }
      return !loop.foreign() || !PyErr_Occurred();
    });
  }

  // accumulator = accumulator op run, element after element.
  void sequence(char* accumulator, const char* in, intp stride, intp count) {
    char* pointers[3] = {accumulator, const_cast<char*>(in), accumulator};
    intp strides[3] = {0, stride, 0};
    step(pointers, strides, count);
  }

  // Rows: out[j] = out[j] op in[j].
  void step(char** pointers, intp* strides, intp count) {
    if (!direct) {
      alignas(64) char packed[kPackedElements * kMaxElement];
      char* part[3] = {pointers[0], packed, pointers[2]};
      intp part_strides[3] = {strides[0], size, strides[2]};
      for (intp done = 0; done < count; done += kPackedElements) {
        const intp n = count - done < kPackedElements ? count - done : kPackedElements;
        errors |= cast.run(packed, size, pointers[1] + done * strides[1], strides[1], n);
        call(part, part_strides, n);
        part[0] += n * strides[0];
        part[2] += n * strides[2];
      }
      return;
    }
    call(pointers, strides, count);
  }

 private:
  void call(char** pointers, intp* strides, intp count) {
    if (loop.foreign()) {
      errors |= loop.call_foreign(pointers, count, strides);
      return;
    }
    // A reduction must see its own results: only strided bodies run in element order on a fixed accumulator.
    if (strides[0] == 0 && count > 1) {
      if (loop.bodies->strided) {
        errors |= loop.bodies->strided(pointers, strides, count);
      } else {
        for (intp i = 0; i < count; i++) combine(pointers[0], pointers[1] + i * strides[1]);
      }
      return;
    }
    // The vector driver's set-up costs more than a few elements.
    constexpr intp few = 8;
    if (count < few && loop.bodies->strided) {
      errors |= loop.bodies->strided(pointers, strides, count);
      return;
    }
    if (call_kernel(loop, 2, 3, pointers, strides, count, &errors)) return;
    for (intp i = 0; i < count; i++) {
      char* one[3] = {pointers[0] + i * strides[0], pointers[1] + i * strides[1], pointers[2] + i * strides[2]};
      const intp none[3] = {0, 0, 0};
      call_kernel(loop, 2, 3, one, none, 1, &errors);
    }
  }
};

inline bool idempotent(UfuncObject* ufunc) { return ufunc->traits & (kFoldsMaximum | kFoldsMinimum); }

}  // namespace wasmnp
