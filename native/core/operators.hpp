// Python operators of arrays and scalars.
#pragma once

#include "../abi/numpy_abi.hpp"
#include "../python/ref.hpp"

namespace wasmnp {

extern NumberMethods array_number, scalar_number;
PyObject* array_richcompare(PyObject* a, PyObject* b, int operation);
PyObject* scalar_richcompare(PyObject* a, PyObject* b, int operation);
int init_operators();

// The Python number of a scalar; of a long double the nearest there is.
Ref<> python_value(PyObject* scalar);

}  // namespace wasmnp
