#include "errstate.hpp"

#include <cstdio>

#include "../../kernels/cpu/kernel_table.hpp"
#include "../python/nonlimited.hpp"
#include "state.hpp"

namespace wasmnp {

namespace {

// NumPy's encoding of a mode per error kind: three bits each.
enum Mode { kIgnore, kWarn, kRaise, kCall, kPrint, kLog };
struct Kind {
  uint32_t bit;
  int shift;
  const char* text;
};
const Kind kinds[] = {{kDivideByZero, 0, "divide by zero"},
                      {kOverflow, 3, "overflow"},
                      {kUnderflow, 6, "underflow"},
                      {kInvalid, 9, "invalid value"}};

int handle(const Kind& kind, int mode, PyObject* callback, const char* name) {
  char text[128];
  std::snprintf(text, sizeof text, "%s encountered in %s", kind.text, name);
  switch (mode) {
    case kIgnore: return 0;
    case kWarn: return PyErr_WarnEx(PyExc_RuntimeWarning, text, 1);
    case kRaise: PyErr_SetString(PyExc_FloatingPointError, text); return -1;
    case kPrint: {
      PyObject* out = PySys_GetObject("stderr");
      Ref<> line = steal(PyUnicode_FromFormat("Warning: %s\n", text));
      if (!out || !line) return -1;
      return PyFile_WriteObject(line.get(), out, Py_PRINT_RAW);
    }
    case kCall: {
      if (callback == Py_None) {
        PyErr_Format(PyExc_NameError, "python callback specified for %s (in  %s) but no function found.", kind.text,
                     name);
        return -1;
      }
      Ref<> result = steal(PyObject_CallFunction(callback, "si", kind.text, static_cast<int>(kind.bit)));
      return result ? 0 : -1;
    }
    default: {
      Ref<> method = callback == Py_None ? Ref<>() : steal(PyObject_GetAttrString(callback, "write"));
      if (!method) {
        PyErr_Clear();
        PyErr_Format(PyExc_NameError, "log specified for %s (in %s) but no object with write method found.", kind.text,
                     name);
        return -1;
      }
      Ref<> result = steal(PyObject_CallFunction(method.get(), "N", PyUnicode_FromFormat("Warning: %s\n", text)));
      return result ? 0 : -1;
    }
  }
}

}  // namespace

int report_errors_slow(uint32_t errors, const char* name) {
  if (errors & kNegativeIntegerPower) {
    PyErr_SetString(PyExc_ValueError, "Integers to negative integer powers are not allowed.");
    return -1;
  }
  PyObject* current = nullptr;
  if (PyContextVar_Get(state.errstate_variable, state.default_errstate, &current) < 0) return -1;
  Ref<> owner = steal(current);
  const long mask = PyLong_AsLong(PyTuple_GetItem(current, 0));
  PyObject* callback = PyTuple_GetItem(current, 2);
  if (!callback || PyErr_Occurred()) return -1;
  for (const Kind& kind : kinds)
    if ((errors & kind.bit) && handle(kind, static_cast<int>((mask >> kind.shift) & 7), callback, name) < 0) return -1;
  return 0;
}

int init_errstate(PyObject* module) {
  // divide, overflow and invalid warn; underflow is ignored. 8192 is NumPy's default buffer size.
  const long mask = (kWarn << 0) | (kWarn << 3) | (kIgnore << 6) | (kWarn << 9);
  state.default_errstate = Py_BuildValue("(liO)", mask, 8192, Py_None);
  Ref<> module_contextvars = steal(PyImport_ImportModule("contextvars"));
  Ref<> type = module_contextvars ? steal(PyObject_GetAttrString(module_contextvars.get(), "ContextVar")) : Ref<>();
  if (!state.default_errstate || !type) return -1;
  state.errstate_variable = PyObject_CallFunction(type.get(), "s", "numpy.ufunc.extobj");
  if (!state.errstate_variable) return -1;
  if (PyModule_AddObjectRef(module, "_extobj_contextvar", state.errstate_variable) < 0) return -1;
  return PyModule_AddObjectRef(module, "_default_extobj", state.default_errstate);
}

}  // namespace wasmnp
