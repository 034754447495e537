// Loops with NumPy's strided signature for the element types that the kernel language lacks: long double, complex long
// double and Python objects.
#pragma once

#include "../abi/numpy_abi.hpp"

namespace wasmnp {

struct CoreLoop {
  const char* ufunc;
  const char* types;  // "gg->g"
  LegacyLoop function;
  void* data;
};

struct CoreLoops {
  const CoreLoop* first;
  int count;
};
// WebAssembly has no floating-point flags: there the loops of long doubles leave here what they would have raised.
extern uint32_t long_double_errors;
CoreLoops long_double_loops();  // long_double_loops.cpp
CoreLoops object_loops();       // object_loops.cpp

}  // namespace wasmnp
