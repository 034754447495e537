// The list of every mutable global of the extension. What import sets once and all files read is in `State`; what stays
// private to a file is named here and changes under the GIL unless said otherwise:
//   core/memory.cpp          caches of small, medium and huge blocks
//   core/state.cpp           names of the public types, the package and the identity
//   core/dtype.cpp           descriptors and classes of the built-in types (set once), registered user types
//   core/casting.cpp         casts that extensions registered
//   core/flexible.cpp, core/string_dtype.cpp
//                            classes of the flexible types (set once)
//   core/datetime.cpp        descriptors of the units in use, Python's classes of times
//   core/text_signatures.cpp docs with signatures (set once)
//   core/scalar.cpp          the scalar types, True_ and False_ (set once)
//   core/ufunc.cpp           the ufunc of each generated row (set once)
//   core/operators.cpp       the ufuncs behind operators (set once), the depth of conversions to numbers
//   core/products.cpp        the loops of matmul and its like, and the ufunc behind @ (set once)
//   abi/capi.cpp             the C-API tables (set once), the count of user types
//   kernels/cpu/fft_plan.hpp plan caches, two per level, behind a spin lock of their own
//   `static Name` in functions: interned attribute names, made at first use
#pragma once

#include "../../kernels/cpu/routines.hpp"
#include "../abi/numpy_abi.hpp"

namespace wasmnp {

struct State {
  const Routines* routines;     // the instruction-set level in use
  const LoopBodies* streaming;  // its loops for cheap operations on arrays beyond the caches
  PyObject* errstate_variable;  // contextvars.ContextVar of (mask, buffer size, callback)
  PyObject* default_errstate;   // its default value
  PyObject* print_options;      // contextvars.ContextVar of the print options, a dictionary; null until they are set up
  PyObject* handler_capsule;    // the default memory handler
  // Caches, changed under the GIL.
  ArrayObject* free_arrays;  // linked through `base`
  int free_array_count;
};
extern State state;

// The style that scalars are printed in: 113 for NumPy 1.13's, ..., 202 for 2.2's; -1 with an error set.
inline constexpr int kCurrentStyle = 1 << 30;
int legacy_style();  // format.cpp

// "wasmnp" or "numpy": what public types say in __module__ and pickles (changed by install_as_numpy).
const char* identity();
int set_identity(const char* name);
// Names `type` identity() + "." + relative_name now and whenever the identity changes, then readies it.
int ready_public_type(PyTypeObject* type, const char* relative_name);
// A module of the package under its identity-independent import path, such as "_core.arrayprint".
PyObject* import_package();  // the package itself
PyObject* import_member(const char* relative_module, const char* name);
int set_package(PyObject* module);

}  // namespace wasmnp
