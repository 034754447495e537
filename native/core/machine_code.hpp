// Modules of WebAssembly that are made while the program runs, as functions of this one.
#pragma once

#include "../python/ref.hpp"

namespace wasmnp {

// instantiate(code, data_size): (addresses of the exported functions in their order, owner). The code may be used as
// long as its owner lives. Only where this module is WebAssembly itself.
PyObject* instantiate(PyObject* self, PyObject* const* args, Py_ssize_t nargs);

}  // namespace wasmnp
