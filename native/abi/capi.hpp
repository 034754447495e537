// The _ARRAY_API and _UFUNC_API capsules through which compiled extensions call NumPy.
#pragma once

#include <Python.h>

namespace wasmnp {
int init_capi(PyObject* module);
}
