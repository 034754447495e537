#include <Python.h>

#include "../kernels/cpu/routines.hpp"

namespace {
int execute(PyObject* module) {
#if defined(__x86_64__)
  return PyModule_AddStringConstant(module, "level", wasmnp::isa_v2::routines.level);
#else
  return PyModule_AddStringConstant(module, "level", wasmnp::isa_base::routines.level);
#endif
}
PyModuleDef_Slot slots[] = {{Py_mod_exec, reinterpret_cast<void*>(execute)}, {0, nullptr}};
PyModuleDef definition = {PyModuleDef_HEAD_INIT, "_native", nullptr, 0, nullptr, slots, nullptr, nullptr, nullptr};
}  // namespace
PyMODINIT_FUNC PyInit__native() { return PyModuleDef_Init(&definition); }
