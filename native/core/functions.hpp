#pragma once

#include <Python.h>

namespace wasmnp {
int init_functions(PyObject* module);
extern PyMethodDef promotion_functions[];  // promotion.cpp
int init_dispatcher(PyObject* module);     // dispatcher.cpp
int init_text(PyObject* module);           // format.cpp
}  // namespace wasmnp
