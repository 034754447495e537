// Structures and sub-arrays: fields by name, elements as tuples.
#include <cstring>

#include "array.hpp"
#include "casting.hpp"
#include "flexible.hpp"
#include "state.hpp"

namespace wasmnp {

Py_ssize_t field_count(const ArrayDescr* descr) { return descr->names ? PyTuple_Size(descr->names) : 0; }

namespace {
bool read_field(PyObject* entry, Field* field) {
  field->descr = reinterpret_cast<ArrayDescr*>(PyTuple_GetItem(entry, 0));
  field->offset = PyLong_AsSsize_t(PyTuple_GetItem(entry, 1));
  return !PyErr_Occurred();
}
}  // namespace

bool find_field(const ArrayDescr* descr, PyObject* name, Field* field) {
  PyObject* entry = descr->fields ? PyDict_GetItemWithError(descr->fields, name) : nullptr;
  if (!entry) {
    if (!PyErr_Occurred()) PyErr_Format(PyExc_ValueError, "no field of name %S", name);
    return false;
  }
  return read_field(entry, field);
}

bool nth_field(const ArrayDescr* descr, Py_ssize_t index, Field* field) {
  PyObject* name = PyTuple_GetItem(descr->names, index);
  return name && find_field(descr, name, field);
}

bool is_field_key(const ArrayDescr* descr, PyObject* key) {
  if (PyUnicode_Check(key)) return true;
  if (!is_structured(descr) || !PyList_Check(key) || PyList_Size(key) == 0) return false;
  for (Py_ssize_t i = 0; i < PyList_Size(key); i++)
    if (!PyUnicode_Check(PyList_GetItem(key, i))) return false;
  return true;
}

bool equivalent_structures(const ArrayDescr* a, const ArrayDescr* b) {
  if (!a->names != !b->names || !a->subarray != !b->subarray || a->elsize != b->elsize) return false;
  if (a->subarray)
    return equivalent(a->subarray->base, b->subarray->base) &&
           PyObject_RichCompareBool(a->subarray->shape, b->subarray->shape, Py_EQ) == 1;
  if (!a->names) return true;
  if (PyObject_RichCompareBool(a->names, b->names, Py_EQ) != 1) return PyErr_Clear(), false;
  for (Py_ssize_t i = 0; i < field_count(a); i++) {
    Field x, y;
    if (!nth_field(a, i, &x) || !nth_field(b, i, &y)) return PyErr_Clear(), false;
    if (x.offset != y.offset || !equivalent(x.descr, y.descr)) return false;
  }
  return true;
}

namespace {

// One field of an element as an array or scalar.
Ref<ArrayObject> element_of_field(const Field& field, char* data, PyObject* owner, int flags) {
  if (const SubArrayDescr* sub = field.descr->subarray) {
    intp dims[kMaxDims], strides[kMaxDims];
    const int nd = parse_shape(sub->shape, dims);
    if (nd < 0) return nullptr;
    fill_strides(sub->base->elsize, nd, dims, Order::C, strides);
    return new_view(owner, sub->base, nd, dims, strides, data, flags);
  }
  return new_view(owner, field.descr, 0, nullptr, nullptr, data, flags);
}

}  // namespace

PyObject* void_getitem(ArrayDescr* descr, const char* data) {
  auto* bytes = const_cast<char*>(data);
  if (descr->subarray) {
    Ref<ArrayObject> view = element_of_field({descr, 0}, bytes, nullptr, 0);
    Ref<ArrayObject> copy = view ? copy_array(view.get(), view->descr, Order::C, false) : Ref<ArrayObject>();
    return copy.release_object();
  }
  if (!descr->names) return PyBytes_FromStringAndSize(data, descr->elsize);
  const Py_ssize_t count = field_count(descr);
  Ref<> tuple = steal(PyTuple_New(count));
  for (Py_ssize_t i = 0; tuple && i < count; i++) {
    Field field;
    if (!nth_field(descr, i, &field)) return nullptr;
    PyObject* value = dtype_slots(field.descr)->getitem(field.descr, data + field.offset);
    if (!value) return nullptr;
    PyTuple_SetItem(tuple.get(), i, value);
  }
  return tuple.release();
}

int void_setitem(ArrayDescr* descr, PyObject* value, char* data) {
  if (descr->subarray) {
    Ref<ArrayObject> view = element_of_field({descr, 0}, data, nullptr, kWriteable);
    return view ? assign_object(view.get(), value) : -1;
  }
  if (!descr->names) {
    Ref<> bytes;
    if (PyObject_TypeCheck(value, &Void_Type)) {
      ArrayDescr* own;
      const char* own_data = void_data(value, &own);
      bytes = steal(PyBytes_FromStringAndSize(own_data, own->elsize));
    } else if (PyObject_CheckBuffer(value) && !PyUnicode_Check(value)) {
      const ByteMemory memory(value);
      if (!memory.owner) return -1;
      bytes = steal(PyBytes_FromStringAndSize(memory.data, memory.length));
    } else {
      bytes = steal(PyObject_Bytes(value));
    }
    if (!bytes) return -1;
    const intp given = PyBytes_Size(bytes.get()), size = given < descr->elsize ? given : descr->elsize;
    std::memcpy(data, PyBytes_AsString(bytes.get()), static_cast<size_t>(size));
    std::memset(data + size, 0, static_cast<size_t>(descr->elsize - size));
    return 0;
  }
  const Py_ssize_t count = field_count(descr);
  Ref<> items;
  if (PyTuple_Check(value)) {
    items = borrow(value);
  } else if (PyObject_TypeCheck(value, &Void_Type)) {
    ArrayDescr* own;
    const char* own_data = void_data(value, &own);
    if (own->names) items = steal(void_getitem(own, own_data));
    if (own->names && !items) return -1;
  } else if (is_array(value) && as_array(value)->nd == 0 && is_structured(as_array(value)->descr)) {
    items = steal(void_getitem(as_array(value)->descr, as_array(value)->data));
    if (!items) return -1;
  }
  if (items && PyTuple_Size(items.get()) != count) {
    PyErr_Format(PyExc_ValueError, "could not assign tuple of length %zd to structure with %zd fields.",
                 PyTuple_Size(items.get()), count);
    return -1;
  }
  for (Py_ssize_t i = 0; i < count; i++) {
    Field field;
    if (!nth_field(descr, i, &field)) return -1;
    // Without a tuple every field takes the value.
    PyObject* own = items ? PyTuple_GetItem(items.get(), i) : value;
    if (field.descr->subarray) {
      if (void_setitem(field.descr, own, data + field.offset) < 0) return -1;
      continue;
    }
    Ref<ArrayObject> view = new_view(nullptr, field.descr, 0, nullptr, nullptr, data + field.offset, kWriteable);
    if (!view || assign_object(view.get(), own) < 0) return -1;
  }
  return 0;
}

ArrayObject* field_view(ArrayObject* array, PyObject* key) {
  Field field;
  Ref<ArrayDescr> several;
  if (!is_structured(array->descr)) {
    PyErr_SetString(PyExc_IndexError,
                    "only integers, slices (`:`), ellipsis (`...`), numpy.newaxis (`None`) and integer or boolean "
                    "arrays are valid indices");
    return nullptr;
  }
  if (PyUnicode_Check(key)) {
    if (!find_field(array->descr, key, &field)) return nullptr;
  } else {
    several = Ref<ArrayDescr>(steal(descr_subscript(reinterpret_cast<PyObject*>(array->descr), key)));
    if (!several) return nullptr;
    field.descr = several.get();
  }
  intp dims[kMaxDims], strides[kMaxDims];
  int nd = array->nd;
  for (int i = 0; i < nd; i++) {
    dims[i] = array->dimensions[i];
    strides[i] = array->strides[i];
  }
  ArrayDescr* descr = field.descr;
  if (const SubArrayDescr* sub = descr->subarray) {
    const int extra = parse_shape(sub->shape, dims + nd);
    if (extra < 0) return nullptr;
    fill_strides(sub->base->elsize, extra, dims + nd, Order::C, strides + nd);
    nd += extra;
    descr = sub->base;
  }
  auto* self = reinterpret_cast<PyObject*>(array);
  return new_view(self, descr, nd, dims, strides, array->data + field.offset, array->flags, Py_TYPE(self), self)
      .release();
}

// (names, descrs, offsets, titles, itemsize, alignment, aligned)
PyObject* structured_dtype(PyObject*, PyObject* args) {
  PyObject *names, *descrs, *offsets, *titles;
  Py_ssize_t itemsize, alignment;
  int aligned;
  if (!PyArg_ParseTuple(args, "O!O!O!O!nnp", &PyTuple_Type, &names, &PyTuple_Type, &descrs, &PyTuple_Type, &offsets,
                        &PyTuple_Type, &titles, &itemsize, &alignment, &aligned))
    return nullptr;
  Ref<ArrayDescr> descr = flexible_descr(kVoid, itemsize, '>');  // never the shared one
  Ref<> fields = steal(PyDict_New());
  if (!descr || !fields) return nullptr;
  descr->byteorder = '|';
  const Py_ssize_t count = PyTuple_Size(names);
  for (Py_ssize_t i = 0; i < count; i++) {
    PyObject *name = PyTuple_GetItem(names, i), *own = PyTuple_GetItem(descrs, i),
             *offset = PyTuple_GetItem(offsets, i), *title = PyTuple_GetItem(titles, i);
    if (!is_descr(own)) {
      PyErr_SetString(PyExc_TypeError, "fields are made of dtypes");
      return nullptr;
    }
    const intp at = PyLong_AsSsize_t(offset);
    if (at == -1 && PyErr_Occurred()) return nullptr;
    auto* field = reinterpret_cast<ArrayDescr*>(own);
    if (at < 0 || at + field->elsize > itemsize) {
      PyErr_SetString(PyExc_ValueError, "a field lies outside its structure");
      return nullptr;
    }
    descr->flags |= field->flags & kStructureFlags;
    Ref<> entry = title == Py_None ? steal(PyTuple_Pack(2, own, offset)) : steal(PyTuple_Pack(3, own, offset, title));
    if (!entry || PyDict_SetItem(fields.get(), name, entry.get()) < 0) return nullptr;
    if (title != Py_None && PyUnicode_Check(title) && PyDict_SetItem(fields.get(), title, entry.get()) < 0)
      return nullptr;
  }
  descr->names = new_ref(names);
  descr->fields = fields.release();
  descr->alignment = alignment;
  if (aligned) descr->flags |= kAlignedStructure;
  return descr.release_object();
}

PyObject* subarray_dtype(PyObject*, PyObject* args) {
  PyObject *base, *shape;
  if (!PyArg_ParseTuple(args, "OO!", &base, &PyTuple_Type, &shape)) return nullptr;
  auto* inner = reinterpret_cast<ArrayDescr*>(base);
  intp size = inner->elsize;
  for (Py_ssize_t i = 0; i < PyTuple_Size(shape); i++) {
    const intp n = PyLong_AsSsize_t(PyTuple_GetItem(shape, i));
    if (PyErr_Occurred()) return nullptr;
    if (__builtin_mul_overflow(size, n, &size) || size > INT32_MAX) {
      PyErr_SetString(PyExc_ValueError,
                      "invalid shape in fixed-type tuple: dtype size in bytes must fit into a C int.");
      return nullptr;
    }
  }
  Ref<ArrayDescr> descr = flexible_descr(kVoid, size, '>');
  auto* sub = descr ? static_cast<SubArrayDescr*>(PyMem_Malloc(sizeof(SubArrayDescr))) : nullptr;
  if (!sub) return descr ? PyErr_NoMemory() : nullptr;
  sub->base = reinterpret_cast<ArrayDescr*>(new_ref(base));
  sub->shape = new_ref(shape);
  descr->subarray = sub;
  descr->byteorder = '|';
  descr->alignment = inner->alignment;
  descr->flags |= inner->flags & kStructureFlags;
  return descr.release_object();
}

PyObject* descr_subscript(PyObject* self, PyObject* key) {
  auto* descr = reinterpret_cast<ArrayDescr*>(self);
  if (!descr->names) {
    PyErr_Format(PyExc_KeyError, "There are no fields in dtype %S.", self);
    return nullptr;
  }
  if (PyUnicode_Check(key)) {
    PyObject* entry = PyDict_GetItemWithError(descr->fields, key);
    if (!entry && !PyErr_Occurred()) PyErr_Format(PyExc_KeyError, "Field named %R not found.", key);
    return entry ? new_ref(PyTuple_GetItem(entry, 0)) : nullptr;
  }
  if (PyList_Check(key)) {
    Ref<> select = steal(import_member("_core._dtype", "select_fields"));
    return select ? PyObject_CallFunctionObjArgs(select.get(), self, key, nullptr) : nullptr;
  }
  if (!PyIndex_Check(key)) {
    PyErr_SetString(PyExc_TypeError,
                    "Field key must be an integer field offset, single field name, or list of field names");
    return nullptr;
  }
  Py_ssize_t index = PyNumber_AsSsize_t(key, PyExc_IndexError);
  if (index == -1 && PyErr_Occurred()) return nullptr;
  const Py_ssize_t count = field_count(descr);
  if (index < 0) index += count;
  if (index < 0 || index >= count) {
    PyErr_Format(PyExc_IndexError, "Field index %zd out of range.", index);
    return nullptr;
  }
  Field field;
  return nth_field(descr, index, &field) ? new_ref(field.descr) : nullptr;
}

}  // namespace wasmnp
