// Every mutable global of the extension. All are set once at import unless a comment says otherwise.
#pragma once

#include "../../kernels/cpu/routines.hpp"
#include "../abi/numpy_abi.hpp"

namespace wasmnp {

struct State {
  const Routines* routines;         // the instruction-set level in use
  PyObject* errstate_variable;      // contextvars.ContextVar of (mask, buffer size, callback)
  PyObject* default_errstate;       // its default value
  PyObject* handler_capsule;        // the default memory handler
  // Caches, changed under the GIL.
  ArrayObject* free_arrays;         // linked through `base`
  int free_array_count;
};
extern State state;

// "wasmnp" or "numpy": what public types say in __module__ and pickles (changed by install_as_numpy).
const char* identity();
int set_identity(const char* name);
// Names `type` identity() + "." + relative_name now and whenever the identity changes, then readies it.
int ready_public_type(PyTypeObject* type, const char* relative_name);
// A module of the package under its identity-independent import path, such as "_core.arrayprint".
PyObject* import_member(const char* relative_module, const char* name);
int set_package(PyObject* module);

}  // namespace wasmnp
