// Every CPython function used outside the limited API of 3.11. Each is exported by all interpreters from 3.11 on; a
// test compares the binary's undefined symbols with this list. The way to do without, should one go:
//   PyObject_Vectorcall        limited since 3.12; before: PyObject_Call with a tuple
//   PyObject_VectorcallMethod  limited since 3.12; before: PyObject_CallMethodObjArgs
//   PyContextVar_New/Get/Set   the `contextvars` module's Python classes
#pragma once

#include <Python.h>

#define WASMNP_NONLIMITED(name) extern "C" decltype(name) name

extern "C" {
PyObject* PyObject_Vectorcall(PyObject* callable, PyObject* const* args, size_t nargsf, PyObject* kwnames);
int PyContextVar_Get(PyObject* variable, PyObject* default_value, PyObject** value);
}

WASMNP_NONLIMITED(PyObject_Vectorcall);
WASMNP_NONLIMITED(PyContextVar_Get);
