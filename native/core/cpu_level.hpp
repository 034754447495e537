#pragma once

#include <Python.h>

namespace wasmnp {
int init_cpu_level(PyObject* module);
}
