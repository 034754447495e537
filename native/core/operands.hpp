// What functions over whole arrays share: their arguments, common types, and arrays in the layout that loops want.
#pragma once

#include "array.hpp"

namespace wasmnp {

// One integer (anything with __index__); false with an error.
bool integer_argument(PyObject* object, intp* value);
// The same, counted from the front of `nd` axes; AxisError where there is no such axis.
bool axis_argument(PyObject* object, int nd, int* axis);
// True, False or the default where `object` is null; -1 with an error.
int truth_argument(PyObject* object, bool otherwise);
// The array given for out=, perhaps in a tuple of one; null where none is. False with TypeError.
bool output_argument(PyObject* object, ArrayObject** out);

// A C-contiguous array of the same elements, perhaps of another type; the array itself where it is one.
Ref<ArrayObject> contiguous(ArrayObject* array, ArrayDescr* descr);
Ref<ArrayObject> contiguous_from(PyObject* object, ArrayDescr* descr);
// The array itself, or a copy of another type or byte order.
Ref<ArrayObject> operand_as(ArrayObject* array, ArrayDescr* descr);
// The common type of operands, where Python numbers among `objects` are weak.
Ref<ArrayDescr> common_type(PyObject* const* objects, ArrayObject* const* arrays, int count);
// TypeError unless elements may be cast by the rule.
bool check_cast(ArrayDescr* from, ArrayDescr* to, Casting casting, bool scalar = false);
// ValueError that names all shapes; false.
bool no_broadcast(ArrayObject* const* arrays, int count);
bool same_shape(const ArrayObject* a, const ArrayObject* b);

// Writes `source`, broadcast, where `mask` (of bools, broadcast too) is true.
int copy_where(ArrayObject* target, ArrayObject* source, ArrayObject* mask);

}  // namespace wasmnp
