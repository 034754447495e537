// Discrete Fourier transforms of rows, and the generalized ufuncs over them.
#pragma once

#include "state.hpp"

namespace wasmnp {
bool fourier_long_double(const FourierRows& run);  // fourier_long_double.cpp; false without memory
}  // namespace wasmnp
