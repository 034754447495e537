// __array_ufunc__ (NEP 13), and the rule by which binary operators leave their work to the other operand.
#include "../python/nonlimited.hpp"
#include "override_list.hpp"
#include "scalar.hpp"
#include "state.hpp"
#include "ufunc.hpp"

namespace wasmnp {

namespace {

bool never_overrides(PyObject* object) {
  PyTypeObject* type = Py_TYPE(object);
  return type == &Array_Type || object == Py_None || weak_kind(object) || PyBool_Check(object) ||
         type == &PyUnicode_Type || type == &PyBytes_Type || type == &PyList_Type || type == &PyTuple_Type ||
         type == &PyDict_Type || type == &PySet_Type || type == &PySlice_Type || is_builtin_scalar(object);
}

PyObject* default_array_ufunc() {
  static PyObject* method;  // ndarray.__array_ufunc__, looked up once
  if (!method) method = PyObject_GetAttrString(reinterpret_cast<PyObject*>(&Array_Type), "__array_ufunc__");
  return method;
}

// The type's __array_ufunc__ when it is not ndarray's own.
Ref<> override_of(PyObject* object) {
  static Name name("__array_ufunc__");
  if (never_overrides(object)) return nullptr;
  Ref<> method = lookup_on_type(object, name.get());
  if (!method || method.get() == default_array_ufunc()) return nullptr;
  return method;
}

int collect(OverrideList* overrides, PyObject* object) {
  if (overrides->has_type_of(object)) return 0;
  Ref<> method = override_of(object);
  if (!method) return 0;
  if (method.get() == Py_None) {
    PyErr_Format(PyExc_TypeError, "operand '%s' does not support ufuncs (__array_ufunc__=None)",
                 Py_TYPE(object)->tp_name);
    return -1;
  }
  return overrides->add(object, "__array_ufunc__");
}

// Keyword arguments as __array_ufunc__ gets them: outputs in a tuple, defaults left out.
Ref<> override_keywords(UfuncObject* ufunc, PyObject* const* args, Py_ssize_t nargs, PyObject* kwnames, bool call) {
  Ref<> keywords = steal(PyDict_New());
  if (!keywords) return nullptr;
  const Py_ssize_t count = kwnames ? PyTuple_Size(kwnames) : 0;
  for (Py_ssize_t i = 0; i < count; i++) {
    PyObject* name = PyTuple_GetItem(kwnames, i);
    PyObject* value = args[nargs + i];
    const bool is_out = PyUnicode_CompareWithASCIIString(name, "out") == 0;
    if (is_out) {
      if (value == Py_None) continue;
      Ref<> tuple = PyTuple_Check(value) ? borrow(value) : steal(PyTuple_Pack(1, value));
      bool all_none = static_cast<bool>(tuple);
      for (Py_ssize_t k = 0; tuple && k < PyTuple_Size(tuple.get()); k++)
        all_none &= PyTuple_GetItem(tuple.get(), k) == Py_None;
      if (all_none) continue;
      if (!tuple || PyDict_SetItem(keywords.get(), name, tuple.get()) < 0) return nullptr;
      continue;
    }
    static Name signature("signature");
    PyObject* key = PyUnicode_CompareWithASCIIString(name, "sig") == 0 ? signature.get() : name;
    if (PyDict_SetItem(keywords.get(), key, value) < 0) return nullptr;
  }
  if (call && nargs > ufunc->nin) {
    Ref<> outputs = steal(PyTuple_New(ufunc->nout));
    bool given = false;
    for (int o = 0; outputs && o < ufunc->nout; o++) {
      PyObject* value = ufunc->nin + o < nargs ? args[ufunc->nin + o] : Py_None;
      given |= value != Py_None;
      PyTuple_SetItem(outputs.get(), o, new_ref(value));
    }
    if (!outputs || (given && PyDict_SetItemString(keywords.get(), "out", outputs.get()) < 0)) return nullptr;
  }
  return keywords;
}

}  // namespace

bool has_array_ufunc_override(PyObject* object) { return static_cast<bool>(override_of(object)); }

PyObject* keyword_out(PyObject* const* args, Py_ssize_t nargs, PyObject* kwnames) {
  PyObject* out = nullptr;
  for (Py_ssize_t i = 0; kwnames && i < PyTuple_Size(kwnames); i++)
    if (PyUnicode_CompareWithASCIIString(PyTuple_GetItem(kwnames, i), "out") == 0) out = args[nargs + i];
  return out;
}

int check_method_override(UfuncObject* ufunc, const char* method, PyObject* const* args, Py_ssize_t nargs,
                          PyObject* kwnames, PyObject** result) {
  return check_ufunc_override(ufunc, method, args, nargs, kwnames, keyword_out(args, nargs, kwnames), result);
}

int check_ufunc_override(UfuncObject* ufunc, const char* method, PyObject* const* args, Py_ssize_t nargs,
                         PyObject* kwnames, PyObject* out, PyObject** result) {
  *result = nullptr;
  OverrideList overrides;
  for (Py_ssize_t i = 0; i < nargs; i++)
    if (collect(&overrides, args[i]) < 0) return 1;
  if (out && PyTuple_Check(out)) {
    for (Py_ssize_t i = 0; i < PyTuple_Size(out); i++)
      if (collect(&overrides, PyTuple_GetItem(out, i)) < 0) return 1;
  } else if (out && collect(&overrides, out) < 0) {
    return 1;
  }
  if (overrides.count == 0) return 0;
  const bool call = method[0] == '_';  // "__call__" takes outputs as positional arguments, "reduce" does not
  const Py_ssize_t inputs = call && nargs > ufunc->nin ? ufunc->nin : nargs;
  Ref<> keywords = override_keywords(ufunc, args, nargs, kwnames, call);
  Ref<> positional = steal(PyTuple_New(inputs + 2));
  if (!keywords || !positional) return 1;
  PyTuple_SetItem(positional.get(), 0, new_ref(ufunc));
  PyTuple_SetItem(positional.get(), 1, PyUnicode_FromString(method));
  for (Py_ssize_t i = 0; i < inputs; i++) PyTuple_SetItem(positional.get(), i + 2, new_ref(args[i]));
  static Name name("__array_ufunc__");
  for (int i = 0; i < overrides.count; i++) {
    Ref<> bound = steal(PyObject_GetAttr(overrides.objects[i], name.get()));
    Ref<> answer = bound ? steal(PyObject_Call(bound.get(), positional.get(), keywords.get())) : Ref<>();
    if (!answer || answer.get() != Py_NotImplemented) {
      *result = answer.release();
      return 1;
    }
  }
  Ref<> names = steal(PyUnicode_FromString(""));
  for (int i = 0; names && i < overrides.count; i++)
    names = steal(PyUnicode_FromFormat(i ? "%U, '%s'" : "%U'%s'", names.get(), Py_TYPE(overrides.objects[i])->tp_name));
  Ref<> list = steal(PyUnicode_FromString(""));
  for (Py_ssize_t i = 0; list && i < inputs; i++) list = steal(PyUnicode_FromFormat("%U, %R", list.get(), args[i]));
  if (names && list)
    PyErr_Format(PyExc_TypeError,
                 "operand type(s) all returned NotImplemented from __array_ufunc__(<ufunc '%s'>, '%s'%U): %U",
                 ufunc->name, method, list.get(), names.get());
  return 1;
}

bool should_defer(PyObject* self, PyObject* other, bool inplace) {
  static Name ufunc_name("__array_ufunc__"), priority_name("__array_priority__");
  if (Py_TYPE(self) == Py_TYPE(other) || never_overrides(other)) return false;
  Ref<> attribute = lookup_on_type(other, ufunc_name.get());
  if (attribute) return !inplace && attribute.get() == Py_None;
  if (inplace || PyType_IsSubtype(Py_TYPE(other), Py_TYPE(self))) return false;
  const auto priority = [](PyObject* object, double otherwise) {
    Ref<> value = lookup_on_type(object, priority_name.get());
    const double number = value ? PyFloat_AsDouble(value.get()) : otherwise;
    PyErr_Clear();
    return number;
  };
  return priority(self, is_array(self) ? 0.0 : -1000000.0) < priority(other, -1000000.0);
}

}  // namespace wasmnp
