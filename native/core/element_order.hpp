// The order of single elements, as a table of functions per type: what sorting and searching use where nothing faster
// is known.
#pragma once

#include "dtype.hpp"
#include "indexing.hpp"

namespace wasmnp {

// Elements are aligned and native. Results are 1, 0, or -1 with a Python error.
struct ElementOrder {
  // a < b with what is unordered (NaN) last; complex numbers by their real parts first.
  int (*less)(const ArrayDescr* descr, const char* a, const char* b) = nullptr;
  bool (*is_unordered)(const char* element) = nullptr;  // null: every element has its place
};
// False (without an error) where elements of the type have no order.
bool element_order(ArrayDescr* descr, ElementOrder* order);
// Whether elements are compared without Python's objects: those of structures are compared field by field, and fields
// are entries of a dict.
inline bool may_compare_released(const ArrayDescr* descr) { return may_release(descr) && !descr->names; }

}  // namespace wasmnp
