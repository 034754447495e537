#pragma once

#include "array.hpp"

namespace wasmnp {

PyObject* array_dlpack(PyObject* self, PyObject* const* args, Py_ssize_t nargs, PyObject* kwnames);
PyObject* array_dlpack_device(PyObject*, PyObject*);
PyObject* function_from_dlpack(PyObject*, PyObject* const* args, Py_ssize_t nargs, PyObject* kwnames);
PyObject* array_interface(PyObject* self, void*);
PyObject* array_struct(PyObject* self, void*);
// An array of what __array_struct__ or __array_interface__ describes; null without an error where there is neither.
Ref<ArrayObject> array_from_interfaces(PyObject* object);

}  // namespace wasmnp
