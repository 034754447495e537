// Floating-point error reporting: what a loop returned meets what np.errstate asks for.
#pragma once

#include <cstdint>

#include "../python/ref.hpp"

namespace wasmnp {

// Warns, raises, calls or prints as the current errstate says. `name` is the operation ("divide", "cast").
int report_errors_slow(uint32_t errors, const char* name);
inline int report_errors(uint32_t errors, const char* name) { return errors ? report_errors_slow(errors, name) : 0; }
int init_errstate(PyObject* module);

}  // namespace wasmnp
