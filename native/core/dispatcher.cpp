// The dispatcher through which every public function is declared: __array_function__ (NEP 18), like= (NEP 35), and the
// function's own name, module, documentation and signature. Plain arguments go straight to the implementation.
#include "../python/arguments.hpp"
#include "../python/nonlimited.hpp"
#include "../python/ref.hpp"
#include "array.hpp"
#include "functions.hpp"
#include "override_list.hpp"
#include "scalar.hpp"
#include "state.hpp"

namespace wasmnp {

namespace {

struct Dispatcher {
  PyObject_HEAD Vectorcall vectorcall;
  PyObject* relevant;  // function that yields the relevant arguments; null: only like= dispatches
  PyObject* implementation;
  PyObject* name;
  PyObject* module;  // relative to the package: "", "fft", "lib.stride_tricks"
  PyObject* dict;
};

Dispatcher* as_dispatcher(PyObject* self) { return reinterpret_cast<Dispatcher*>(self); }

// Objects that never implement __array_function__ in a way that matters here.
bool is_plain(PyObject* object) {
  PyTypeObject* type = Py_TYPE(object);
  return type == &Array_Type || object == Py_None || type == &PyLong_Type || type == &PyFloat_Type ||
         type == &PyBool_Type || type == &PyComplex_Type || type == &PyUnicode_Type || type == &PyBytes_Type ||
         type == &PySlice_Type || type == &PyMemoryView_Type || type == &PyByteArray_Type ||
         is_builtin_scalar(object) || PyType_Check(object) || is_descr(object);
}

// A tuple of plain objects (a shape, an axis tuple) is plain; lists may hold arrays of other libraries.
bool is_plain_argument(PyObject* object) {
  if (is_plain(object)) return true;
  if (!PyTuple_CheckExact(object) && !PyList_CheckExact(object)) return false;
  const bool tuple = PyTuple_CheckExact(object);
  const Py_ssize_t count = tuple ? PyTuple_Size(object) : PyList_Size(object);
  if (count > 8) return false;
  for (Py_ssize_t i = 0; i < count; i++)
    if (!is_plain(tuple ? PyTuple_GetItem(object, i) : PyList_GetItem(object, i))) return false;
  return true;
}

struct Implementors : OverrideList {
  bool overridden = false;  // one is more than a plain array
};

int collect(Implementors* found, PyObject* object) {
  static Name name("__array_function__");
  if (found->has_type_of(object) || (is_plain(object) && !is_exact_array(object))) return 0;
  if (!is_exact_array(object)) {
    if (!lookup_on_type(object, name.get())) return 0;
    found->overridden = true;
  }
  return found->add(object, "__array_function__");
}

Ref<> tuple_of(PyObject* const* args, Py_ssize_t count) {
  Ref<> tuple = steal(PyTuple_New(count));
  for (Py_ssize_t i = 0; tuple && i < count; i++) PyTuple_SetItem(tuple.get(), i, new_ref(args[i]));
  return tuple;
}

Ref<> dict_of(PyObject* const* values, PyObject* kwnames, PyObject* without) {
  Ref<> dict = steal(PyDict_New());
  for (Py_ssize_t i = 0; dict && kwnames && i < PyTuple_Size(kwnames); i++) {
    PyObject* name = PyTuple_GetItem(kwnames, i);
    if (without && PyObject_RichCompareBool(name, without, Py_EQ) == 1) continue;
    if (PyDict_SetItem(dict.get(), name, values[i]) < 0) return nullptr;
  }
  return dict;
}

PyObject* call_implementors(PyObject* self, Implementors& found, PyObject* args, PyObject* kwargs) {
  static Name name("__array_function__");
  Ref<> types = steal(PyTuple_New(found.count));
  if (!types) return nullptr;
  for (int i = 0; i < found.count; i++) PyTuple_SetItem(types.get(), i, new_ref(Py_TYPE(found.objects[i])));
  for (int i = 0; i < found.count; i++) {
    Ref<> method = steal(PyObject_GetAttr(found.objects[i], name.get()));
    Ref<> result =
        method ? steal(PyObject_CallFunctionObjArgs(method.get(), self, types.get(), args, kwargs, nullptr)) : Ref<>();
    if (!result || result.get() != Py_NotImplemented) return result.release();
  }
  Ref<> module = steal(PyObject_GetAttrString(self, "__module__"));
  if (module)
    PyErr_Format(PyExc_TypeError, "no implementation found for '%U.%U' on types that implement __array_function__: %R",
                 module.get(), as_dispatcher(self)->name, types.get());
  return nullptr;
}

PyObject* call_like(PyObject* self, PyObject* like, PyObject* const* args, Py_ssize_t nargs, PyObject* kwnames) {
  static Name like_name("like"), method_name("__array_function__");
  Ref<> positional = tuple_of(args, nargs), keywords = dict_of(args + nargs, kwnames, like_name.get());
  if (!positional || !keywords) return nullptr;
  if (is_exact_array(like)) return PyObject_Call(as_dispatcher(self)->implementation, positional.get(), keywords.get());
  if (!lookup_on_type(like, method_name.get())) {
    PyErr_SetString(PyExc_TypeError,
                    "The `like` argument must be an array-like that implements the `__array_function__` protocol.");
    return nullptr;
  }
  Implementors found;
  if (collect(&found, like) < 0) return nullptr;
  return call_implementors(self, found, positional.get(), keywords.get());
}

PyObject* dispatcher_vectorcall(PyObject* self, PyObject* const* args, size_t nargsf, PyObject* kwnames) {
  Dispatcher* dispatcher = as_dispatcher(self);
  const Py_ssize_t nargs = vectorcall_count(nargsf), keywords = kwnames ? PyTuple_Size(kwnames) : 0;
  if (!dispatcher->relevant) {
    for (Py_ssize_t i = 0; i < keywords; i++) {
      if (PyUnicode_CompareWithASCIIString(PyTuple_GetItem(kwnames, i), "like") || args[nargs + i] == Py_None) continue;
      return call_like(self, args[nargs + i], args, nargs, kwnames);
    }
    return PyObject_Vectorcall(dispatcher->implementation, args, nargsf, kwnames);
  }
  bool plain = true;
  for (Py_ssize_t i = 0; plain && i < nargs + keywords; i++) plain = is_plain_argument(args[i]);
  if (plain) return PyObject_Vectorcall(dispatcher->implementation, args, nargsf, kwnames);
  Ref<> relevant = steal(PyObject_Vectorcall(dispatcher->relevant, args, static_cast<size_t>(nargs), kwnames));
  if (!relevant) return nullptr;
  const FastSequence items(relevant.get(), "dispatcher must return an iterable");
  if (!items) return nullptr;
  Implementors found;
  for (Py_ssize_t i = 0; i < items.size(); i++)
    if (collect(&found, items[i]) < 0) return nullptr;
  if (!found.overridden) return PyObject_Vectorcall(dispatcher->implementation, args, nargsf, kwnames);
  Ref<> positional = tuple_of(args, nargs), named = dict_of(args + nargs, kwnames, nullptr);
  return positional && named ? call_implementors(self, found, positional.get(), named.get()) : nullptr;
}

PyObject* dispatcher_call(PyObject* self, PyObject* args, PyObject* kwargs) {
  return call_as_vector(dispatcher_vectorcall, self, args, kwargs);
}

PyObject* dispatcher_new(PyTypeObject* type, PyObject* args, PyObject*) {
  PyObject *relevant, *implementation, *module = nullptr;
  if (!PyArg_ParseTuple(args, "OO|U:_ArrayFunctionDispatcher", &relevant, &implementation, &module)) return nullptr;
  Ref<> name = steal(PyObject_GetAttrString(implementation, "__name__"));
  Ref<> self = name ? steal(type->tp_alloc(type, 0)) : Ref<>();
  if (!self) return nullptr;
  Dispatcher* dispatcher = as_dispatcher(self.get());
  dispatcher->vectorcall = dispatcher_vectorcall;
  dispatcher->relevant = relevant == Py_None ? nullptr : new_ref(relevant);
  dispatcher->implementation = new_ref(implementation);
  dispatcher->name = name.release();
  dispatcher->module = module ? new_ref(module) : PyUnicode_FromString("");
  dispatcher->dict = PyDict_New();
  return dispatcher->module && dispatcher->dict ? self.release() : nullptr;
}

void dispatcher_dealloc(PyObject* self) {
  Dispatcher* dispatcher = as_dispatcher(self);
  Py_XDECREF(dispatcher->relevant);
  Py_XDECREF(dispatcher->implementation);
  Py_XDECREF(dispatcher->name);
  Py_XDECREF(dispatcher->module);
  Py_XDECREF(dispatcher->dict);
  Py_TYPE(self)->tp_free(self);
}

PyObject* get_name(PyObject* self, void*) { return new_ref(as_dispatcher(self)->name); }
PyObject* get_module(PyObject* self, void*) {
  PyObject* relative = as_dispatcher(self)->module;
  if (PyUnicode_GetLength(relative) == 0) return PyUnicode_FromString(identity());
  return PyUnicode_FromFormat("%s.%U", identity(), relative);
}
PyObject* get_doc(PyObject* self, void*) {
  return PyObject_GetAttrString(as_dispatcher(self)->implementation, "__doc__");
}
PyObject* get_implementation(PyObject* self, void*) { return new_ref(as_dispatcher(self)->implementation); }
PyObject* get_defaults(PyObject* self, void* name) {
  return PyObject_GetAttrString(as_dispatcher(self)->implementation, static_cast<const char*>(name));
}
PyObject* get_signature(PyObject* self, void*) {
  Ref<> inspect = steal(PyImport_ImportModule("inspect"));
  return inspect ? PyObject_CallMethod(inspect.get(), "signature", "O", as_dispatcher(self)->implementation) : nullptr;
}
PyObject* dispatcher_repr(PyObject* self) {
  return PyUnicode_FromFormat("<function %U at %p>", as_dispatcher(self)->name, self);
}
PyObject* dispatcher_reduce(PyObject* self, PyObject*) { return new_ref(as_dispatcher(self)->name); }

PyGetSetDef getset[] = {
    {"__name__", get_name, nullptr, nullptr, nullptr},
    {"__qualname__", get_name, nullptr, nullptr, nullptr},
    {"__module__", get_module, nullptr, nullptr, nullptr},
    {"__doc__", get_doc, nullptr, nullptr, nullptr},
    {"__signature__", get_signature, nullptr, nullptr, nullptr},
    {"__wrapped__", get_implementation, nullptr, nullptr, nullptr},
    {"__defaults__", get_defaults, nullptr, nullptr, const_cast<char*>("__defaults__")},
    {"__kwdefaults__", get_defaults, nullptr, nullptr, const_cast<char*>("__kwdefaults__")},
    {"__code__", get_defaults, nullptr, nullptr, const_cast<char*>("__code__")},
    {"_implementation", get_implementation, nullptr, "The function without dispatch.", nullptr},
    {nullptr, nullptr, nullptr, nullptr, nullptr},
};
PyMethodDef methods[] = {
    {"__reduce__", dispatcher_reduce, METH_NOARGS, "Helper for pickle."},
    {nullptr, nullptr, 0, nullptr},
};

constinit PyTypeObject Dispatcher_Type =
    static_type("_ArrayFunctionDispatcher", sizeof(Dispatcher), kHaveVectorcall, nullptr);

}  // namespace

int init_dispatcher(PyObject* module) {
  PyTypeObject& type = Dispatcher_Type;
  type.tp_vectorcall_offset = offsetof(Dispatcher, vectorcall);
  type.tp_dictoffset = offsetof(Dispatcher, dict);
  type.tp_call = dispatcher_call;
  type.tp_new = dispatcher_new;
  type.tp_dealloc = dispatcher_dealloc;
  type.tp_repr = dispatcher_repr;
  type.tp_str = dispatcher_repr;
  type.tp_getset = getset;
  type.tp_methods = methods;
  if (ready_public_type(&type, "_ArrayFunctionDispatcher") < 0) return -1;
  return PyModule_AddObjectRef(module, "_ArrayFunctionDispatcher", reinterpret_cast<PyObject*>(&type));
}

}  // namespace wasmnp
