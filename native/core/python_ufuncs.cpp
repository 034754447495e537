// Ufuncs of Python functions.
#include <cstdlib>

#include "../python/arguments.hpp"
#include "casting.hpp"
#include "functions.hpp"
#include "ufunc.hpp"

namespace wasmnp {

namespace {

struct PythonFunction {
  PyObject* callable;
  int nin, nout;
};

void call_python(char** args, const intp* dimensions, const intp* strides, void* data) {
  const auto* function = static_cast<PythonFunction*>(data);
  const int nin = function->nin, nout = function->nout;
  for (intp i = 0; i < *dimensions; i++) {
    Ref<> arguments = steal(PyTuple_New(nin));
    if (!arguments) return;
    for (int k = 0; k < nin; k++) PyTuple_SetItem(arguments.get(), k, object_at(args[k] + i * strides[k]).release());
    Ref<> result = steal(PyObject_Call(function->callable, arguments.get(), nullptr));
    if (!result) return;
    if (nout == 1) {
      put_object(args[nin] + i * strides[nin], std::move(result));
    } else if (nout > 1) {
      if (!PyTuple_Check(result.get()) || PyTuple_Size(result.get()) != nout) {
        PyErr_Format(PyExc_ValueError, "the function has to return a tuple of %d values", nout);
        return;
      }
      for (int k = 0; k < nout; k++)
        put_object(args[nin + k] + i * strides[nin + k], borrow(PyTuple_GetItem(result.get(), k)));
    }
  }
}

PyObject* frompyfunc(PyObject*, PyObject* const* args, Py_ssize_t nargs, PyObject* kwnames) {
  static const char* const names[] = {"/func", "/nin", "/nout", "$identity"};
  PyObject* values[4];
  if (!parse_arguments({"frompyfunc", names, 4, 3}, args, nargs, kwnames, values)) return nullptr;
  const long nin = PyLong_AsLong(values[1]), nout = PyErr_Occurred() ? -1 : PyLong_AsLong(values[2]);
  if (PyErr_Occurred()) return nullptr;
  if (!PyCallable_Check(values[0])) {
    PyErr_SetString(PyExc_TypeError, "function must be callable");
    return nullptr;
  }
  if (nin < 0 || nout < 0 || nin + nout > kMaxOperands || nin + nout == 0) {
    PyErr_Format(PyExc_ValueError, "a function of %ld inputs and %ld outputs: between 1 and %d operands are possible",
                 nin, nout, kMaxOperands);
    return nullptr;
  }
  Ref<> name = steal(PyObject_GetAttrString(values[0], "__name__"));
  if (!name || !PyUnicode_Check(name.get())) {
    PyErr_Clear();
    name = steal(PyUnicode_FromString("?"));
  }
  Ref<> full_name = name ? steal(PyUnicode_FromFormat("%U (vectorized)", name.get())) : Ref<>();
  const char* text = full_name ? PyUnicode_AsUTF8AndSize(full_name.get(), nullptr) : nullptr;
  if (!text) return nullptr;
  // One block that lives as long as the ufunc, which frees it: the function, the loop, its data and its types.
  struct Parts {
    PythonFunction function;
    LegacyLoop loop;
    void* data;
    char types[kMaxOperands];
  };
  auto* parts = static_cast<Parts*>(std::calloc(1, sizeof(Parts)));
  if (!parts) return PyErr_NoMemory();
  Ref<UfuncObject> ufunc = new_ufunc(text, static_cast<int>(nin), static_cast<int>(nout));
  if (!ufunc) {
    std::free(parts);
    return nullptr;
  }
  parts->function = {values[0], static_cast<int>(nin), static_cast<int>(nout)};
  parts->loop = call_python;
  parts->data = &parts->function;
  for (int k = 0; k < nin + nout; k++) parts->types[k] = kObject;
  ufunc->ptr = parts;
  ufunc->functions = &parts->loop;
  ufunc->data = &parts->data;
  ufunc->types = parts->types;
  ufunc->ntypes = 1;
  ufunc->doc = "dynamic ufunc based on a python function";
  // The function and the name, whose characters the ufunc shows, stay with it.
  ufunc->obj = PyTuple_Pack(2, values[0], full_name.get());
  if (!ufunc->obj) return nullptr;
  if (values[3] && values[3] != Py_None) ufunc->identity_value = new_ref(values[3]);
  return ufunc.release_object();
}

PyMethodDef functions[] = {
    {"frompyfunc", as_method(frompyfunc), kFastKeywords,
     "frompyfunc(func, /, nin, nout, *, identity=None)\n--\n\n"
     "A universal function on objects that calls a Python function for every element.\n\n"
     "Parameters\n----------\nfunc : callable\nnin, nout : int\n    How many arguments it takes and values it "
     "returns.\n"
     "identity : object, optional\n    What reductions of nothing give.\n\nReturns\n-------\nufunc\n\n"
     "Raises\n------\nTypeError\n    If `func` is not callable.\nValueError\n    For too many operands.\n\n"
     "Examples\n--------\n>>> import wasmnp as np\n>>> np.frompyfunc(oct, 1, 1)(np.array([10, 30]))\n"
     "array(['0o12', '0o36'], dtype=object)"},
    {nullptr, nullptr, 0, nullptr},
};

}  // namespace

int init_python_ufuncs(PyObject* module) { return PyModule_AddFunctions(module, functions); }

}  // namespace wasmnp
