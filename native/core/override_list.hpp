// The arguments whose protocol method may be asked: one per type, subclasses before their bases, else from left to
// right (NEP 13 and NEP 18 share this order).
#pragma once

#include <Python.h>

namespace wasmnp {

struct OverrideList {
  static constexpr int kMost = 32;
  PyObject* objects[kMost];  // borrowed
  int count = 0;

  bool has_type_of(PyObject* object) const {
    for (int i = 0; i < count; i++)
      if (Py_IS_TYPE(objects[i], Py_TYPE(object))) return true;
    return false;
  }
  // -1 with RuntimeError when there are too many types.
  int add(PyObject* object, const char* protocol) {
    if (count == kMost) {
      PyErr_Format(PyExc_RuntimeError, "arguments of more than %d types with %s", kMost, protocol);
      return -1;
    }
    int at = 0;
    while (at < count && !PyType_IsSubtype(Py_TYPE(object), Py_TYPE(objects[at]))) at++;
    for (int i = count++; i > at; i--) objects[i] = objects[i - 1];
    objects[at] = object;
    return 0;
  }
};

}  // namespace wasmnp
