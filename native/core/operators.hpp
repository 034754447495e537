// Python operators of arrays and scalars.
#pragma once

#include "../abi/numpy_abi.hpp"

namespace wasmnp {

extern NumberMethods array_number, scalar_number;
PyObject* array_richcompare(PyObject* a, PyObject* b, int operation);
PyObject* scalar_richcompare(PyObject* a, PyObject* b, int operation);
int init_operators();

}  // namespace wasmnp
