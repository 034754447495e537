#pragma once

#include "numpy_abi.hpp"

namespace wasmnp {
// Fills the core_* fields; false with ValueError where the signature does not parse.
bool parse_core_signature(UfuncObject* ufunc, const char* signature);
}  // namespace wasmnp
