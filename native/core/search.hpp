// Methods of arrays that look for elements.
#pragma once

#include "array.hpp"

namespace wasmnp {

PyObject* array_argmax(PyObject* self, PyObject* const* args, Py_ssize_t nargs, PyObject* kwnames);
PyObject* array_argmin(PyObject* self, PyObject* const* args, Py_ssize_t nargs, PyObject* kwnames);
PyObject* array_searchsorted(PyObject* self, PyObject* const* args, Py_ssize_t nargs, PyObject* kwnames);

}  // namespace wasmnp
