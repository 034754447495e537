// Indexing with arrays: what a key means (`prepare_index`), and moving the elements it selects.
#pragma once

#include <cstring>

#include "array.hpp"

namespace wasmnp {

inline constexpr int kMaxIndexItems = 2 * kMaxDims;
inline constexpr int kMaxFancy = kMaxDims - 1;  // index arrays, and bools that stand for them, as in NumPy

// One array of integers that selects along an axis; `values` has the type intp. A 0-d boolean takes part with a shape
// of (0,) or (1,) and no axis.
struct FancyIndex {
  Ref<ArrayObject> values;
  intp length = 0, stride = 0;
  int axis = -1;
};

enum class IndexResult { Element, View, Copy, Mask, Fancy };

struct IndexPlan {
  IndexResult result = IndexResult::View;
  int nd = 0;  // axes that slices, newaxis and ellipsis make
  intp dims[kMaxDims], strides[kMaxDims];
  char* data;
  Ref<ArrayObject> mask;  // Mask: of the array's own shape
  // Fancy:
  int fancy_count = 0;
  FancyIndex fancy[kMaxFancy];
  int outer_nd = 0, position = 0;  // the broadcast axes of the arrays, and where they stand among the others
  intp outer[kMaxDims];

  IndexPlan() {}
};

// Parts of a key that basic indexing shares (indexing.cpp); -1 with an error.
struct BasicView {
  int nd = 0;
  intp dims[kMaxDims], strides[kMaxDims];
  char* data;
  bool element = false;  // every axis was taken by an integer and no ellipsis asked for an array

  BasicView() {}
};
int raise_bad_index();
int raise_out_of_bounds(intp index, intp axis, intp length);
int take_integer(ArrayObject* array, PyObject* item, int axis, char** data);
int take_slice(ArrayObject* array, PyObject* item, int axis, intp* count, intp* stride, char** data);
bool is_integer_index(PyObject* item);

// index_prepare.cpp
bool prepare_index(ArrayObject* array, PyObject* key, IndexPlan* plan);
// An array of type intp from integers of any type by a same-kind cast; TypeError for others. `convert`: the elements of
// sequences are converted one by one, so that Python floats are truncated (and an empty list has no type to refuse).
Ref<ArrayObject> as_intp_array(PyObject* object, bool convert);

// index_fancy.cpp
PyObject* fancy_get(ArrayObject* array, IndexPlan& plan);
int fancy_set(ArrayObject* array, IndexPlan& plan, PyObject* value);
// One array of indices of a 1-d array, without a plan.
bool is_flat_index(const ArrayObject* array, const ArrayObject* indices);
PyObject* flat_get(ArrayObject* array, ArrayObject* indices);
int flat_set(ArrayObject* array, ArrayObject* indices, ArrayObject* values);  // values that fit, apart from the array
// The array that assigning `value` to elements of `target` copies from: of the target's type, apart from its memory.
Ref<ArrayObject> values_for(ArrayObject* target, PyObject* value);

// index_mask.cpp
PyObject* mask_get(ArrayObject* array, ArrayObject* mask);
int mask_set(ArrayObject* array, ArrayObject* mask, PyObject* value);
// The truth of every element as an array of bools; the array itself where it has them already.
Ref<ArrayObject> truth_of(ArrayObject* array);
intp count_true(ArrayObject* mask);
// Indices of the true elements in C order, shape (count, nd).
Ref<ArrayObject> true_indices(ArrayObject* mask);

// index_functions.cpp
extern PyMethodDef index_functions[];
enum class ClipMode { Raise, Wrap, Clip };
bool parse_mode(PyObject* object, ClipMode* mode);
// `index` brought into an axis of `length` (not 0); false where it may not be.
bool bring_inside(intp* index, intp length, ClipMode mode);
// Methods of arrays.
PyObject* array_take(PyObject* self, PyObject* const* args, Py_ssize_t nargs, PyObject* kwnames);
PyObject* array_put(PyObject* self, PyObject* const* args, Py_ssize_t nargs, PyObject* kwnames);
PyObject* array_compress(PyObject* self, PyObject* const* args, Py_ssize_t nargs, PyObject* kwnames);
PyObject* array_repeat(PyObject* self, PyObject* const* args, Py_ssize_t nargs, PyObject* kwnames);
PyObject* array_choose(PyObject* self, PyObject* const* args, Py_ssize_t nargs, PyObject* kwnames);
PyObject* array_nonzero(PyObject* self, PyObject*);

// ---- moving elements (index_move.cpp)

inline constexpr intp kBlock = 512;  // offsets worked out at a time: 4 KB

// Elements of `size` bytes, at offsets from `base`, to a run of `data` (gather) or from it (scatter).
void gather_offsets(char* data, intp step, const char* base, const intp* offsets, intp count, intp size);
void scatter_offsets(char* base, const intp* offsets, const char* data, intp step, intp count, intp size);
// Writes scale * i for every true mask[i]; returns how many. `offsets` has room for `count`.
intp collect_true(const char* mask, intp mask_step, intp count, intp scale, intp* offsets);
// Adds what one index array contributes to `count` offsets; false where an index is out of bounds.
bool add_offsets(intp* offsets, const char* values, intp step, intp length, intp stride, intp count, bool first);

// Whether elements may be moved as bytes and without the GIL.
inline bool moves_as_bytes(const ArrayDescr* descr) { return !has_references(descr); }
inline bool may_release(const ArrayDescr* descr) { return moves_as_bytes(descr) && descr->type_num < kUserType; }

// One element, for loops that do more than move.
inline void move_element(char* target, const char* source, intp size) {
  switch (size) {
    case 1: *target = *source; break;
    case 4: std::memcpy(target, source, 4); break;
    case 8: std::memcpy(target, source, 8); break;
    default: std::memcpy(target, source, static_cast<size_t>(size)); break;
  }
}

// `index` counted from the start where it is negative; false when it lies outside an axis of `length`.
inline bool wrap_index(intp* index, intp length) {
  *index += *index < 0 ? length : 0;
  return static_cast<size_t>(*index) < static_cast<size_t>(length);
}

}  // namespace wasmnp
