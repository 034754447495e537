// The scalars of flexible types: np.str_, np.bytes_ and np.void.
#include <cstring>

#include "../python/arguments.hpp"
#include "array.hpp"
#include "casting.hpp"
#include "flexible.hpp"
#include "operators.hpp"
#include "scalar.hpp"
#include "state.hpp"
#include "text_signatures.hpp"

namespace wasmnp {

constinit PyTypeObject Flexible_Type =
    static_type("flexible", sizeof(PyObject), Py_TPFLAGS_BASETYPE, "Scalars whose size is not fixed by their type.");
constinit PyTypeObject Character_Type =
    static_type("character", sizeof(PyObject), Py_TPFLAGS_BASETYPE, "Text scalars.");

namespace {

// PyVoidScalarObject; data lies in `base`, an array, or is the scalar's own.
struct VoidScalar {
  PyObject_HEAD char* data;
  ArrayDescr* descr;
  int flags;
  PyObject* base;
  void* buffer_info;
};
VoidScalar* as_void(PyObject* self) { return reinterpret_cast<VoidScalar*>(self); }

void void_dealloc(PyObject* self) {
  VoidScalar* scalar = as_void(self);
  if (scalar->base)
    Py_DECREF(scalar->base);
  else
    PyMem_Free(scalar->data);
  Py_XDECREF(reinterpret_cast<PyObject*>(scalar->descr));
  Py_TYPE(self)->tp_free(self);
}

// The scalar's memory as a 0-d array.
Ref<ArrayObject> as_view(PyObject* self) {
  VoidScalar* scalar = as_void(self);
  return new_view(self, scalar->descr, 0, nullptr, nullptr, scalar->data, kWriteable);
}

VoidScalar* new_void(PyTypeObject* type, ArrayDescr* descr) {
  auto* scalar = as_void(type->tp_alloc(type, 0));
  if (!scalar) return nullptr;
  scalar->descr = reinterpret_cast<ArrayDescr*>(new_ref(descr));
  scalar->flags = kWriteable;
  return scalar;
}

PyObject* void_new(PyTypeObject* type, PyObject* args, PyObject* kwargs) {
  PyObject *value, *dtype = Py_None;
  static const char* keywords[] = {"", "dtype", nullptr};
  if (!PyArg_ParseTupleAndKeywords(args, kwargs, "O|O:void", const_cast<char**>(keywords), &value, &dtype))
    return nullptr;
  Ref<ArrayDescr> descr;
  const bool size_given = dtype == Py_None && (PyLong_Check(value) || (PyIndex_Check(value) && !is_array(value)));
  if (size_given) {
    const Py_ssize_t size = PyNumber_AsSsize_t(value, PyExc_OverflowError);
    if (size == -1 && PyErr_Occurred()) return nullptr;
    if (size < 0 || size > INT32_MAX) {
      PyErr_Format(PyExc_OverflowError, "size must be non-negative and not greater than %d", INT32_MAX);
      return nullptr;
    }
    descr = flexible_descr(kVoid, size);
  } else if (dtype != Py_None) {
    descr = descr_from_object(dtype);
    if (descr && descr->type_num != kVoid) {
      PyErr_Format(PyExc_TypeError, "void: descr must be a `void` dtype, not %R.", descr.object());
      return nullptr;
    }
    if (descr) descr = sized_for_value(descr.get(), value);
  } else {
    Ref<ArrayDescr> unsized = flexible_descr(kVoid, 0);
    descr = unsized ? sized_for_value(unsized.get(), value) : Ref<ArrayDescr>();
  }
  if (!descr) return nullptr;
  VoidScalar* scalar = new_void(type, descr.get());
  if (!scalar) return nullptr;
  Ref<> owner = steal(reinterpret_cast<PyObject*>(scalar));
  scalar->data = static_cast<char*>(PyMem_Calloc(1, static_cast<size_t>(descr->elsize ? descr->elsize : 1)));
  if (!scalar->data) return PyErr_NoMemory();
  if (!size_given && void_setitem(descr.get(), value, scalar->data) < 0) return nullptr;
  return owner.release();
}

PyObject* void_get_dtype(PyObject* self, void*) { return new_ref(as_void(self)->descr); }
PyObject* void_get_flags(PyObject* self, void*) {
  Ref<ArrayObject> view = as_view(self);
  return view ? PyObject_GetAttrString(view.object(), "flags") : nullptr;
}
PyObject* void_get_base(PyObject* self, void*) {
  PyObject* base = as_void(self)->base;
  return new_ref(base ? base : Py_None);
}

PyObject* void_subscript(PyObject* self, PyObject* key) {
  VoidScalar* scalar = as_void(self);
  if (!is_structured(scalar->descr)) {
    PyErr_SetString(PyExc_IndexError, "can't index void scalar without fields");
    return nullptr;
  }
  Ref<> name = borrow(key);
  if (PyIndex_Check(key)) {
    Py_ssize_t index = PyNumber_AsSsize_t(key, PyExc_IndexError);
    if (index == -1 && PyErr_Occurred()) return nullptr;
    const Py_ssize_t count = field_count(scalar->descr);
    if (index < 0) index += count;
    if (index < 0 || index >= count) {
      PyErr_Format(PyExc_IndexError, "invalid index (%zd)", index);
      return nullptr;
    }
    name = borrow(PyTuple_GetItem(scalar->descr->names, index));
  }
  Ref<ArrayObject> view = as_view(self);
  Ref<> field = view ? steal(reinterpret_cast<PyObject*>(field_view(view.get(), name.get()))) : Ref<>();
  return field ? array_return(Ref<ArrayObject>(std::move(field))) : nullptr;
}

int void_ass_subscript(PyObject* self, PyObject* key, PyObject* value) {
  VoidScalar* scalar = as_void(self);
  if (!value) {
    PyErr_SetString(PyExc_ValueError, "cannot delete scalar field");
    return -1;
  }
  if (!is_structured(scalar->descr)) {
    PyErr_SetString(PyExc_IndexError, "can't index void scalar without fields");
    return -1;
  }
  Ref<> name = borrow(key);
  if (PyIndex_Check(key)) {
    Py_ssize_t index = PyNumber_AsSsize_t(key, PyExc_IndexError);
    if (index == -1 && PyErr_Occurred()) return -1;
    if (index < 0) index += field_count(scalar->descr);
    if (index < 0 || index >= field_count(scalar->descr)) {
      PyErr_Format(PyExc_IndexError, "invalid index (%zd)", index);
      return -1;
    }
    name = borrow(PyTuple_GetItem(scalar->descr->names, index));
  }
  Ref<ArrayObject> view = as_view(self);
  Ref<> field = view ? steal(reinterpret_cast<PyObject*>(field_view(view.get(), name.get()))) : Ref<>();
  return field ? assign_object(as_array(field.get()), value) : -1;
}

Py_ssize_t void_length(PyObject* self) {
  VoidScalar* scalar = as_void(self);
  if (scalar->descr->names) return field_count(scalar->descr);
  PyErr_SetString(PyExc_TypeError, "len() of unstructured void scalar");
  return -1;
}
PyObject* void_item(PyObject* self, Py_ssize_t index) {
  Ref<> key = steal(PyLong_FromSsize_t(index));
  return key ? void_subscript(self, key.get()) : nullptr;
}

PyObject* void_text(PyObject* self, const char* function) {
  Ref<> format = steal(import_member("_core.arrayprint", function));
  return format ? PyObject_CallFunctionObjArgs(format.get(), self, nullptr) : nullptr;
}
PyObject* void_repr(PyObject* self) { return void_text(self, "_void_scalar_repr"); }
PyObject* void_str(PyObject* self) { return void_text(self, "_void_scalar_str"); }

Py_hash_t void_hash(PyObject* self) {
  VoidScalar* scalar = as_void(self);
  if (!scalar->descr->names) {
    Ref<> bytes = steal(PyBytes_FromStringAndSize(scalar->data, scalar->descr->elsize));
    return bytes ? PyObject_Hash(bytes.get()) : -1;
  }
  Ref<> item = steal(void_getitem(scalar->descr, scalar->data));
  return item ? PyObject_Hash(item.get()) : -1;
}

PyGetSetDef void_getset[] = {
    {"dtype", void_get_dtype, nullptr, "Data type of the scalar.", nullptr},
    {"flags", void_get_flags, nullptr, "Memory layout of the scalar.", nullptr},
    {"base", void_get_base, nullptr, "The array whose memory the scalar shares, or None.", nullptr},
    {nullptr, nullptr, nullptr, nullptr, nullptr},
};
constinit MappingMethods void_mapping{void_length, void_subscript, void_ass_subscript};
constinit SequenceMethods void_sequence = [] {
  SequenceMethods m{};
  m.length = void_length;
  m.item = void_item;
  return m;
}();

// ---- text

PyObject* python_text(PyObject* self) {
  return PyBytes_Check(self) ? PyBytes_FromStringAndSize(PyBytes_AsString(self), PyBytes_Size(self))
                             : PyUnicode_FromObject(self);
}
PyObject* named_text(Ref<> text, const char* format) {
  const int legacy = legacy_style();
  if (!text || legacy < 0) return nullptr;
  return legacy <= 125 ? text.release() : PyUnicode_FromFormat(format, text.get());
}
// The text that an array would give back: nulls at the end fill its elements.
Ref<> without_padding(PyObject* self) {
  if (PyBytes_Check(self)) {
    Py_ssize_t size = PyBytes_Size(self);
    const char* bytes = PyBytes_AsString(self);
    while (size > 0 && !bytes[size - 1]) size--;
    return steal(PyBytes_FromStringAndSize(bytes, size));
  }
  Py_ssize_t length = PyUnicode_GetLength(self);
  while (length > 0 && PyUnicode_ReadChar(self, length - 1) == 0) length--;
  return steal(PyUnicode_Substring(self, 0, length));
}
PyObject* str_repr(PyObject* self) {
  Ref<> text = without_padding(self);
  return text ? named_text(steal(PyObject_Repr(text.get())), "np.str_(%U)") : nullptr;
}
PyObject* str_str(PyObject* self) { return without_padding(self).release(); }
PyObject* bytes_str(PyObject* self) {
  Ref<> bytes = without_padding(self);
  return bytes ? PyObject_Repr(bytes.get()) : nullptr;
}
PyObject* bytes_repr(PyObject* self) { return named_text(steal(bytes_str(self)), "np.bytes_(%U)"); }

template <PyTypeObject* (*base)()>
PyObject* text_new(PyTypeObject* type, PyObject* args, PyObject* kwargs) {
  PyObject* only = PyTuple_Size(args) == 1 && !kwargs ? PyTuple_GetItem(args, 0) : nullptr;
  // Sequences make arrays, as with every scalar type.
  if (only && (is_array(only) || PyList_Check(only) || PyTuple_Check(only))) {
    FromAny options;
    Ref<ArrayDescr> descr = descr_from_scalar_type(type);
    options.descr = descr.get();
    Ref<ArrayObject> array = array_from_any(only, options);
    return array ? array_return(std::move(array)) : nullptr;
  }
  if (only && base() == &PyBytes_Type && PyUnicode_Check(only)) {
    Ref<> bytes = steal(PyUnicode_AsASCIIString(only));
    Ref<> tuple = bytes ? steal(PyTuple_Pack(1, bytes.get())) : Ref<>();
    return tuple ? base()->tp_new(type, tuple.get(), nullptr) : nullptr;
  }
  if (only && base() == &PyUnicode_Type && PyBytes_Check(only)) {
    Ref<> text = steal(PyUnicode_FromEncodedObject(only, "ascii", "strict"));
    Ref<> tuple = text ? steal(PyTuple_Pack(1, text.get())) : Ref<>();
    return tuple ? base()->tp_new(type, tuple.get(), nullptr) : nullptr;
  }
  if (only && base() == &PyBytes_Type && !PyBytes_Check(only) && !PyObject_CheckBuffer(only)) {
    Ref<> text = steal(PyObject_Str(only));
    Ref<> bytes = text ? steal(PyUnicode_AsASCIIString(text.get())) : Ref<>();
    Ref<> tuple = bytes ? steal(PyTuple_Pack(1, bytes.get())) : Ref<>();
    return tuple ? base()->tp_new(type, tuple.get(), nullptr) : nullptr;
  }
  return base()->tp_new(type, args, kwargs);
}
PyTypeObject* unicode_type() { return &PyUnicode_Type; }
PyTypeObject* bytes_type() { return &PyBytes_Type; }

bool is_python_text(PyObject* object) { return PyUnicode_Check(object) || PyBytes_Check(object); }

PyObject* text_add(PyObject* a, PyObject* b) {
  if (!is_python_text(a) || !is_python_text(b)) return scalar_number.add(a, b);
  return PySequence_Concat(a, b);
}
PyObject* text_multiply(PyObject* a, PyObject* b) {
  PyObject *text = is_python_text(a) ? a : b, *times = text == a ? b : a;
  if (!PyIndex_Check(times) || is_array(times)) return scalar_number.multiply(a, b);
  const Py_ssize_t count = PyNumber_AsSsize_t(times, PyExc_OverflowError);
  return count == -1 && PyErr_Occurred() ? nullptr : PySequence_Repeat(text, count);
}
PyObject* text_remainder(PyObject* a, PyObject* b) {
  if (PyUnicode_Check(a)) return PyUnicode_Format(a, b);
  if (PyBytes_Check(a)) return PyBytes_Type.tp_as_number->remainder(a, b);
  Py_RETURN_NOTIMPLEMENTED;
}
int text_bool(PyObject* self) { return PyObject_Size(self) > 0; }

constinit NumberMethods text_number{};

PyObject* text_get_dtype(PyObject* self, void*) { return flexible_descr_of(self).release_object(); }
PyGetSetDef text_getset[] = {
    {"dtype", text_get_dtype, nullptr, "Data type of the scalar.", nullptr},
    {nullptr, nullptr, nullptr, nullptr, nullptr},
};
PyObject* text_item(PyObject* self, PyObject*) { return python_text(self); }
PyMethodDef text_methods[] = {
    {"tolist", text_item, METH_NOARGS, "tolist()\n\nThe value as a Python object."},
    {nullptr, nullptr, 0, nullptr},
};

}  // namespace

constinit PyTypeObject Void_Type = static_type("void", sizeof(VoidScalar), Py_TPFLAGS_BASETYPE,
                                               "Bytes without a meaning, or one element of a structured array.");
constinit PyTypeObject Str_Type = static_type("str_", 0, Py_TPFLAGS_BASETYPE, "Text; a Python str.");
constinit PyTypeObject Bytes_Type = static_type("bytes_", 0, Py_TPFLAGS_BASETYPE, "Bytes of text; a Python bytes.");

char* void_data(PyObject* scalar, ArrayDescr** descr) {
  *descr = as_void(scalar)->descr;
  return as_void(scalar)->data;
}

PyObject* flexible_scalar(ArrayDescr* descr, const char* data, PyObject* owner) {
  if (descr->type_num == kVoid) {
    if (descr->subarray) return void_getitem(descr, data);
    VoidScalar* scalar = new_void(&Void_Type, descr);
    if (!scalar) return nullptr;
    if (owner && descr->names) {
      scalar->base = new_ref(owner);
      scalar->data = const_cast<char*>(data);
      scalar->flags = as_array(owner)->flags & kWriteable;
      return reinterpret_cast<PyObject*>(scalar);
    }
    Ref<> result = steal(reinterpret_cast<PyObject*>(scalar));
    scalar->data = static_cast<char*>(PyMem_Calloc(1, static_cast<size_t>(descr->elsize ? descr->elsize : 1)));
    if (!scalar->data) return PyErr_NoMemory();
    if (has_references(descr)) {
      Ref<> item = steal(void_getitem(descr, data));
      return item && void_setitem(descr, item.get(), scalar->data) == 0 ? result.release() : nullptr;
    }
    std::memcpy(scalar->data, data, static_cast<size_t>(descr->elsize));
    return result.release();
  }
  Ref<> value = steal(dtype_slots(descr)->getitem(descr, data));
  Ref<> arguments = value ? steal(PyTuple_Pack(1, value.get())) : Ref<>();
  if (!arguments) return nullptr;
  return descr->type_num == kUnicode ? PyUnicode_Type.tp_new(&Str_Type, arguments.get(), nullptr)
                                     : PyBytes_Type.tp_new(&Bytes_Type, arguments.get(), nullptr);
}

int init_flexible_scalars() {
  Flexible_Type.tp_base = &Generic_Type;
  Character_Type.tp_base = &Flexible_Type;
  if (ready_public_type(&Flexible_Type, "flexible") < 0 || ready_public_type(&Character_Type, "character") < 0)
    return -1;
  Void_Type.tp_base = &Flexible_Type;
  Void_Type.tp_new = void_new;
  Void_Type.tp_dealloc = void_dealloc;
  Void_Type.tp_getset = void_getset;
  Void_Type.tp_as_mapping = &void_mapping;
  Void_Type.tp_as_sequence = &void_sequence;
  Void_Type.tp_repr = void_repr;
  Void_Type.tp_str = void_str;
  Void_Type.tp_hash = void_hash;
  Void_Type.tp_richcompare = scalar_richcompare;
  sign_type(&Void_Type, "void", "(length_or_data, /, dtype=None)");
  if (ready_public_type(&Void_Type, "void") < 0) return -1;
  text_number = scalar_number;
  text_number.add = text_add;
  text_number.multiply = text_multiply;
  text_number.remainder = text_remainder;
  text_number.boolean = text_bool;
  const struct {
    PyTypeObject *type, *python;
    reprfunc repr, str;
    newfunc make;
    Py_ssize_t extra;
  } rows[] = {{&Str_Type, &PyUnicode_Type, str_repr, str_str, text_new<unicode_type>, 2 * sizeof(void*)},
              {&Bytes_Type, &PyBytes_Type, bytes_repr, bytes_str, text_new<bytes_type>, 0}};
  for (const auto& row : rows) {
    // PyUnicodeScalarObject: what a str is, then a buffer of its characters and one of a format.
    row.type->tp_basicsize = row.python->tp_basicsize + row.extra;
    row.type->tp_itemsize = row.python->tp_itemsize;
    row.type->tp_base = row.python;
    row.type->tp_bases =
        PyTuple_Pack(2, reinterpret_cast<PyObject*>(row.python), reinterpret_cast<PyObject*>(&Character_Type));
    if (!row.type->tp_bases) return -1;
    Py_INCREF(reinterpret_cast<PyObject*>(row.python));
    row.type->tp_as_number = &text_number;
    row.type->tp_repr = row.repr;
    row.type->tp_str = row.str;
    row.type->tp_new = row.make;
    row.type->tp_richcompare = row.python->tp_richcompare;
    row.type->tp_hash = row.python->tp_hash;
    row.type->tp_getset = text_getset;
    row.type->tp_methods = text_methods;
    sign_type(row.type, row.type->tp_name, "(value='', /, *args, **kwargs)");
    if (ready_public_type(row.type, row.type->tp_name) < 0) return -1;
  }
  return 0;
}

int add_flexible_scalars(PyObject* module) {
  const struct {
    const char* name;
    PyTypeObject* type;
  } rows[] = {{"flexible", &Flexible_Type},
              {"character", &Character_Type},
              {"void", &Void_Type},
              {"str_", &Str_Type},
              {"bytes_", &Bytes_Type}};
  for (const auto& row : rows)
    if (PyModule_AddObjectRef(module, row.name, reinterpret_cast<PyObject*>(row.type)) < 0) return -1;
  return 0;
}

}  // namespace wasmnp
