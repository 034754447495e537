// The parts of the ndarray type that have files of their own.
#pragma once

#include "../abi/numpy_abi.hpp"

namespace wasmnp {
extern PyMethodDef array_methods[];  // array_methods.cpp
PyObject* array_repr(PyObject* self);
PyObject* array_str(PyObject* self);
extern BufferMethods array_buffer_methods;  // array_buffer.cpp
}  // namespace wasmnp
