// Methods of arrays that look at the same memory in another way, or change the array itself.
#pragma once

#include "array.hpp"

namespace wasmnp {

PyObject* array_swapaxes(PyObject* self, PyObject* const* args, Py_ssize_t nargs, PyObject* kwnames);
PyObject* array_squeeze(PyObject* self, PyObject* const* args, Py_ssize_t nargs, PyObject* kwnames);
PyObject* array_diagonal(PyObject* self, PyObject* const* args, Py_ssize_t nargs, PyObject* kwnames);
PyObject* array_trace(PyObject* self, PyObject* const* args, Py_ssize_t nargs, PyObject* kwnames);
PyObject* array_getfield(PyObject* self, PyObject* const* args, Py_ssize_t nargs, PyObject* kwnames);
PyObject* array_setfield(PyObject* self, PyObject* const* args, Py_ssize_t nargs, PyObject* kwnames);
PyObject* array_byteswap(PyObject* self, PyObject* const* args, Py_ssize_t nargs, PyObject* kwnames);
PyObject* array_resize(PyObject* self, PyObject* const* args, Py_ssize_t nargs, PyObject* kwnames);

// Gives an array other dimensions and strides over the same memory; -1 without memory.
int set_geometry(ArrayObject* array, int nd, const intp* dims, const intp* strides);

}  // namespace wasmnp
