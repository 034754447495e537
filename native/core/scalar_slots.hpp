// The parts of the scalar types that have a file of their own (scalar_methods.cpp).
#pragma once

#include "../abi/numpy_abi.hpp"

namespace wasmnp {
extern PyMethodDef scalar_methods[];          // of all scalars
extern PyMethodDef real_scalar_methods[];     // of floating
extern PyMethodDef integer_scalar_methods[];  // of integer
extern PyGetSetDef scalar_getset[];
extern BufferMethods scalar_buffer;
extern MappingMethods scalar_mapping;
}  // namespace wasmnp
