// The extension module wasmnp._native: readies the types and fills the namespace, from the bottom up.
#include <Python.h>

#include "abi/capi.hpp"
#include "abi/self_check.hpp"
#include "core/array.hpp"
#include "core/compiled.hpp"
#include "core/cpu_level.hpp"
#include "core/errstate.hpp"
#include "core/flat_iterator.hpp"
#include "core/functions.hpp"
#include "core/nditer.hpp"
#include "core/operators.hpp"
#include "core/products.hpp"
#include "core/scalar.hpp"
#include "core/state.hpp"
#include "core/ufunc.hpp"

namespace {

int execute(PyObject* module) {
  using namespace wasmnp;
  if (check_type_layout() < 0) return -1;
  if (state.routines) {
    PyErr_SetString(PyExc_ImportError, "wasmnp can be loaded only once in a process");
    return -1;
  }
  if (set_package(module) < 0 || init_cpu_level(module) < 0 || init_memory() < 0 || init_errstate(module) < 0)
    return -1;
  if (init_scalar_types() < 0 || init_dtypes(module) < 0 || add_scalar_types(module) < 0) return -1;
  if (init_array(module) < 0 || init_ufuncs(module) < 0 || init_products(module) < 0 || init_operators() < 0) return -1;
  if (PyModule_AddFunctions(module, compiled_functions) < 0) return -1;
  if (init_nditer(module) < 0 || init_flat_iterators(module) < 0 || init_functions(module) < 0 ||
      init_dispatcher(module) < 0 || init_text(module) < 0 || init_linear_algebra(module) < 0 ||
      init_fourier(module) < 0 || init_python_ufuncs(module) < 0 || init_random(module) < 0)
    return -1;
  return init_capi(module);
}

PyModuleDef_Slot slots[] = {{Py_mod_exec, reinterpret_cast<void*>(execute)}, {0, nullptr}};
PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, "_native", "Arrays, dtypes and ufuncs.", 0, nullptr, slots, nullptr, nullptr, nullptr};

}  // namespace

PyMODINIT_FUNC PyInit__native() { return PyModuleDef_Init(&definition); }
