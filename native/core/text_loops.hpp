#pragma once

#include <cstring>

#include "ufunc.hpp"

namespace wasmnp {

// The loop of a comparison of two operands that are both bytes or both text, of any size and byte order.
bool find_text_loop(UfuncObject* ufunc, ArrayDescr* const* types, ArrayDescr* const* wanted, Loop* loop);

}  // namespace wasmnp
