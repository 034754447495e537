// Products of matrices and vectors of any element type.
#pragma once

#include "../../kernels/cpu/routines.hpp"
#include "array.hpp"

namespace wasmnp {

// One matrix product, with the first operand conjugated where asked for; returns LoopError bits, found from what went
// in and came out. Of objects it may set a Python error.
using MatrixFunction = uint32_t (*)(const MatrixProduct& product, bool conjugate);
// Null for types without products.
MatrixFunction matrix_function(const ArrayDescr* descr);

// The inner loops of the generalized ufuncs below, which report errors themselves.
using ProductLoop = uint32_t (*)(char** args, const intp* dimensions, const intp* strides);
void product_as_legacy(char** args, const intp* dimensions, const intp* strides, void* data);

// matmul, vecdot, matvec and vecmat.
int init_products(PyObject* module);
extern UfuncObject* matmul_ufunc;
extern PyMethodDef product_functions[];  // product_functions.cpp
PyObject* array_dot(PyObject* self, PyObject* const* args, Py_ssize_t nargs, PyObject* kwnames);

}  // namespace wasmnp
