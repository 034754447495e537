// Arguments of METH_FASTCALL | METH_KEYWORDS functions, matched against a fixed list of names.
#pragma once

#include <Python.h>

#include "ref.hpp"

namespace wasmnp {

struct Parameters {
  const char* function;
  const char* const* names;  // positional-only names start with '/'; keyword-only ones with '$'
  int count, required;
};

// Fills values[] (borrowed, null when absent). False with TypeError.
inline bool parse_arguments(const Parameters& parameters, PyObject* const* args, Py_ssize_t nargs, PyObject* kwnames,
                            PyObject** values) {
  int positional = 0;
  while (positional < parameters.count && parameters.names[positional][0] != '$') positional++;
  for (int i = 0; i < parameters.count; i++) values[i] = nullptr;
  if (nargs > positional) {
    PyErr_Format(PyExc_TypeError, "%s() takes at most %d positional argument%s but %zd were given", parameters.function,
                 positional, positional == 1 ? "" : "s", nargs);
    return false;
  }
  for (Py_ssize_t i = 0; i < nargs; i++) values[i] = args[i];
  const Py_ssize_t keywords = kwnames ? PyTuple_Size(kwnames) : 0;
  for (Py_ssize_t k = 0; k < keywords; k++) {
    PyObject* name = PyTuple_GetItem(kwnames, k);
    int found = -1;
    for (int i = 0; i < parameters.count && found < 0; i++) {
      const char* own = parameters.names[i];
      if (*own == '/') continue;
      if (PyUnicode_CompareWithASCIIString(name, *own == '$' ? own + 1 : own) == 0) found = i;
    }
    if (found < 0) {
      PyErr_Format(PyExc_TypeError, "%s() got an unexpected keyword argument '%U'", parameters.function, name);
      return false;
    }
    if (values[found]) {
      PyErr_Format(PyExc_TypeError, "%s() got multiple values for argument '%U'", parameters.function, name);
      return false;
    }
    values[found] = args[nargs + k];
  }
  for (int i = 0; i < parameters.required; i++) {
    if (values[i]) continue;
    const char* own = parameters.names[i];
    PyErr_Format(PyExc_TypeError, "%s() missing required argument '%s' (pos %d)", parameters.function,
                 *own == '/' || *own == '$' ? own + 1 : own, i + 1);
    return false;
  }
  return true;
}

// tp_call over a vectorcall function, for callers that have a tuple and a dict.
inline PyObject* call_as_vector(PyObject* (*function)(PyObject*, PyObject* const*, size_t, PyObject*), PyObject* self,
                                PyObject* args, PyObject* kwargs) {
  constexpr Py_ssize_t most = 64;
  const Py_ssize_t nargs = PyTuple_Size(args), keywords = kwargs ? PyDict_Size(kwargs) : 0;
  if (nargs + keywords > most) {
    PyErr_Format(PyExc_TypeError, "at most %zd arguments are understood, %zd were given", most, nargs + keywords);
    return nullptr;
  }
  PyObject* values[most];
  for (Py_ssize_t i = 0; i < nargs; i++) values[i] = PyTuple_GetItem(args, i);
  Ref<> names = steal(PyTuple_New(keywords));
  if (!names) return nullptr;
  Py_ssize_t position = 0, k = 0;
  PyObject *name, *value;
  while (kwargs && PyDict_Next(kwargs, &position, &name, &value)) {
    PyTuple_SetItem(names.get(), k, new_ref(name));
    values[nargs + k++] = value;
  }
  return function(self, values, static_cast<size_t>(nargs), names.get());
}

using FastFunction = PyObject* (*)(PyObject*, PyObject* const*, Py_ssize_t, PyObject*);
inline PyCFunction as_method(FastFunction function) {
  return reinterpret_cast<PyCFunction>(reinterpret_cast<void*>(function));
}
inline constexpr int kFastKeywords = METH_FASTCALL | METH_KEYWORDS;

}  // namespace wasmnp
