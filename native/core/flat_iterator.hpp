// flatiter, the one-dimensional face of an array, and broadcast, which walks several arrays together.
#pragma once

#include "array.hpp"

namespace wasmnp {

PyTypeObject* flatiter_type();
PyTypeObject* broadcast_type();
Ref<ArrayIterObject> new_flat_iterator(ArrayObject* array);
// `array.flat = value`: the elements in C order, repeated as often as it takes.
int assign_flat(ArrayObject* array, PyObject* value);
int init_flat_iterators(PyObject* module);

}  // namespace wasmnp
