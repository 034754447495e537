#include "self_check.hpp"

#include <cstring>

#include "../python/ref.hpp"
#include "python_types.hpp"

namespace wasmnp {

namespace {

bool number_equals(PyObject* type, const char* attribute, long long value) {
  Ref<> object = steal(PyObject_GetAttrString(type, attribute));
  if (!object) return false;
  const long long found = PyLong_AsLongLong(object.get());
  return !PyErr_Occurred() && found == value;
}

bool object_is(PyObject* type, const char* attribute, PyObject* value) {
  Ref<> object = steal(PyObject_GetAttrString(type, attribute));
  return object && object.get() == value;
}

// The name of the first field that disagrees with what Python reports, or null.
const char* first_mismatch(PyTypeObject* type) {
  auto* object = reinterpret_cast<PyObject*>(type);
  Ref<> name = steal(PyObject_GetAttrString(object, "__name__"));
  if (!name || PyUnicode_CompareWithASCIIString(name.get(), type->tp_name)) return "tp_name";
  if (!number_equals(object, "__basicsize__", type->tp_basicsize)) return "tp_basicsize";
  if (!number_equals(object, "__itemsize__", type->tp_itemsize)) return "tp_itemsize";
  if (!number_equals(object, "__flags__", static_cast<long long>(type->tp_flags))) return "tp_flags";
  if (!number_equals(object, "__dictoffset__", type->tp_dictoffset)) return "tp_dictoffset";
  if (!number_equals(object, "__weakrefoffset__", type->tp_weaklistoffset)) return "tp_weaklistoffset";
  if (!object_is(object, "__base__", reinterpret_cast<PyObject*>(type->tp_base))) return "tp_base";
  if (!object_is(object, "__mro__", type->tp_mro)) return "tp_mro";
  if (type->tp_new != reinterpret_cast<newfunc>(PyType_GetSlot(type, Py_tp_new))) return "tp_new";
  if (type->tp_repr != reinterpret_cast<reprfunc>(PyType_GetSlot(type, Py_tp_repr))) return "tp_repr";
  if (type->tp_hash != reinterpret_cast<hashfunc>(PyType_GetSlot(type, Py_tp_hash))) return "tp_hash";
  if (type->tp_as_number && type->tp_as_number->add != reinterpret_cast<binaryfunc>(PyType_GetSlot(type, Py_nb_add)))
    return "tp_as_number";
  return nullptr;
}

}  // namespace

int check_type_layout() {
  for (PyTypeObject* type : {&PyFloat_Type, &PyUnicode_Type, &PyType_Type}) {
    const char* field = first_mismatch(type);
    if (!field) continue;
    PyErr_Clear();
    PyErr_Format(PyExc_ImportError,
                 "this Python's type objects are laid out differently (%s); wasmnp needs another build", field);
    return -1;
  }
  return 0;
}

}  // namespace wasmnp
