#include "dtype.hpp"

#include <cstdlib>
#include <cstring>
#include <utility>

#include "array.hpp"
#include "casting.hpp"
#include "datetime.hpp"
#include "flexible.hpp"
#include "scalar.hpp"
#include "state.hpp"
#include "string_dtype.hpp"

namespace wasmnp {

constexpr char kLongChar = 'l';
constexpr char kInt32Char = sizeof(long) == 4 ? kLongChar : 'i';
constexpr char kUInt32Char = sizeof(long) == 4 ? 'L' : 'I';
constexpr char kInt64Char = sizeof(long) == 8 ? kLongChar : 'q';
constexpr char kUInt64Char = sizeof(long) == 8 ? 'L' : 'Q';

constexpr const char* kLongDoubleName = sizeof(long double) == 16   ? "float128"
                                        : sizeof(long double) == 12 ? "float96"
                                                                    : "float64";
constexpr const char* kCLongDoubleName = sizeof(long double) == 16   ? "complex256"
                                         : sizeof(long double) == 12 ? "complex192"
                                                                     : "complex128";

// The last two share a width with a type before them: `long` and `long long`, or `int` and `long`.
const BuiltinType builtin_types[kBuiltinCount] = {
    {kBool, Element::Bool, 'b', '?', 1, 1, "bool", "bool", "dtypes.BoolDType"},
    {kByte, Element::Int8, 'i', 'b', 1, 1, "int8", "int8", "dtypes.Int8DType"},
    {kUByte, Element::UInt8, 'u', 'B', 1, 1, "uint8", "uint8", "dtypes.UInt8DType"},
    {kShort, Element::Int16, 'i', 'h', 2, 2, "int16", "int16", "dtypes.Int16DType"},
    {kUShort, Element::UInt16, 'u', 'H', 2, 2, "uint16", "uint16", "dtypes.UInt16DType"},
    {kInt32, Element::Int32, 'i', kInt32Char, 4, 4, "int32", "int32", "dtypes.Int32DType"},
    {kUInt32, Element::UInt32, 'u', kUInt32Char, 4, 4, "uint32", "uint32", "dtypes.UInt32DType"},
    {kInt64, Element::Int64, 'i', kInt64Char, 8, alignof(int64_t), "int64", "int64", "dtypes.Int64DType"},
    {kUInt64, Element::UInt64, 'u', kUInt64Char, 8, alignof(uint64_t), "uint64", "uint64", "dtypes.UInt64DType"},
    {kHalf, Element::Float16, 'f', 'e', 2, 2, "float16", "float16", "dtypes.Float16DType"},
    {kFloat, Element::Float32, 'f', 'f', 4, 4, "float32", "float32", "dtypes.Float32DType"},
    {kDouble, Element::Float64, 'f', 'd', 8, alignof(double), "float64", "float64", "dtypes.Float64DType"},
    {kLongDouble, Element::LongDouble, 'f', 'g', sizeof(long double), alignof(long double), kLongDoubleName,
     "longdouble", "dtypes.LongDoubleDType"},
    {kCFloat, Element::Complex64, 'c', 'F', 8, 4, "complex64", "complex64", "dtypes.Complex64DType"},
    {kCDouble, Element::Complex128, 'c', 'D', 16, alignof(double), "complex128", "complex128",
     "dtypes.Complex128DType"},
    {kCLongDouble, Element::CLongDouble, 'c', 'G', 2 * sizeof(long double), alignof(long double), kCLongDoubleName,
     "clongdouble", "dtypes.CLongDoubleDType"},
    {kObject, Element::Object, 'O', 'O', sizeof(PyObject*), alignof(PyObject*), "object", "object_",
     "dtypes.ObjectDType"},
#if __SIZEOF_LONG__ == 8
    {kLongLong, Element::Int64, 'i', 'q', 8, alignof(int64_t), "int64", "longlong", "dtypes.LongLongDType"},
    {kULongLong, Element::UInt64, 'u', 'Q', 8, alignof(uint64_t), "uint64", "ulonglong", "dtypes.ULongLongDType"},
#else
    {kInt, Element::Int32, 'i', 'i', 4, 4, "int32", "intc", "dtypes.IntDType"},
    {kUInt, Element::UInt32, 'u', 'I', 4, 4, "uint32", "uintc", "dtypes.UIntDType"},
#endif
};

constinit PyTypeObject DTypeMeta_Type = static_type("_DTypeMeta", 0, Py_TPFLAGS_BASETYPE, "The type of dtype classes.");

namespace {
PyTypeObject* descr_type;                  // `dtype`
ArrayDescr builtin_descrs[kBuiltinCount];  // the singletons
DTypeSlots builtin_slots[kBuiltinCount];
int8_t builtin_of_type_num[kTypeCount];  // index into builtin_types or -1
int8_t builtin_of_element[kElementCount];
ArrayDescr** user_descrs;  // registered user types, in order of registration
int user_descr_count;
intp heap_type_size;

PyObject* builtin_getitem(ArrayDescr* descr, const char* data) {
  return element_to_python(element_of(descr), data, is_swapped(descr));
}
int builtin_setitem(ArrayDescr* descr, PyObject* value, char* data) {
  return element_from_python(element_of(descr), value, data, is_swapped(descr));
}
}  // namespace

PyTypeObject* dtype_type() { return descr_type; }

DTypeMetaTail* dtype_tail(PyTypeObject* dtype_class) {
  return reinterpret_cast<DTypeMetaTail*>(reinterpret_cast<char*>(dtype_class) + heap_type_size);
}

bool is_descr(PyObject* object) { return PyObject_TypeCheck(object, descr_type); }

ArrayDescr* descr_from_type_num(int type_num) {
  if (type_num >= 0 && type_num < kTypeCount) {
    const int index = builtin_of_type_num[type_num];
    if (index < 0 && type_num >= kString && type_num <= kVoid) return flexible_singleton(type_num);
    if (index < 0 && (type_num == kDatetime || type_num == kTimedelta))
      return time_descr(type_num, {TimeUnit::Generic, 1});
    return index < 0 ? nullptr : &builtin_descrs[index];
  }
  const int user = type_num - kUserType;
  return user >= 0 && user < user_descr_count ? user_descrs[user] : nullptr;
}

ArrayDescr* descr_of(Element element) {
  const int index = builtin_of_element[static_cast<int>(element)];
  return index < 0 ? nullptr : &builtin_descrs[index];
}

const BuiltinType* builtin_of(const ArrayDescr* descr) {
  if (descr->type_num < 0 || descr->type_num >= kTypeCount) return nullptr;
  const int index = builtin_of_type_num[descr->type_num];
  return index < 0 ? nullptr : &builtin_types[index];
}

int element_index(const ArrayDescr* descr) {
  const BuiltinType* type = builtin_of(descr);
  return type ? static_cast<int>(type->element) : -1;
}

void set_references(ArrayDescr* descr, char* data, intp count, PyObject* value) {
  for (intp i = 0; i < count; i++, data += descr->elsize) {
    if (!is_object(descr) && !is_string(descr)) {
      if (descr->subarray) {
        ArrayDescr* base = descr->subarray->base;
        set_references(base, data, base->elsize ? descr->elsize / base->elsize : 0, value);
      }
      for (Py_ssize_t k = 0; k < field_count(descr); k++) {
        Field field;
        if (nth_field(descr, k, &field) && has_references(field.descr))
          set_references(field.descr, data + field.offset, 1, value);
      }
      continue;
    }
    PyObject* object;
    std::memcpy(&object, data, sizeof object);
    std::memcpy(data, &value, sizeof value);
    Py_XINCREF(value);
    Py_XDECREF(object);
  }
}

bool is_complex(const ArrayDescr* descr) { return descr->kind == 'c'; }

Ref<ArrayDescr> descr_from_scalar_type(PyTypeObject* type) {
  for (int i = 0; i < kBuiltinCount; i++)
    if (builtin_descrs[i].typeobj == type) return Ref<ArrayDescr>::borrow(&builtin_descrs[i]);
  for (const int flexible : {kString, kUnicode, kVoid}) {
    ArrayDescr* singleton = flexible_singleton(flexible);
    if (singleton && PyType_IsSubtype(type, singleton->typeobj)) return Ref<ArrayDescr>::borrow(singleton);
  }
  for (const int time : {kDatetime, kTimedelta})
    if (PyType_IsSubtype(type, time == kDatetime ? &Datetime_Type : &Timedelta_Type))
      return Ref<ArrayDescr>::borrow(time_descr(time, {TimeUnit::Generic, 1}));
  for (int i = 0; i < user_descr_count; i++)
    if (user_descrs[i]->typeobj == type) return Ref<ArrayDescr>::borrow(user_descrs[i]);
  return nullptr;
}

static Ref<ArrayDescr> copy_descr(ArrayDescr* descr) {
  if (is_string(descr)) return Ref<ArrayDescr>::borrow(descr);
  auto* copy = PyObject_New(ArrayDescr, Py_TYPE(reinterpret_cast<PyObject*>(descr)));
  if (!copy) return nullptr;
  const PyObject header = *reinterpret_cast<PyObject*>(copy);
  *copy = *descr;
  *reinterpret_cast<PyObject*>(copy) = header;
  copy->hash = -1;
  Py_XINCREF(copy->metadata);
  Py_XINCREF(copy->names);
  Py_XINCREF(copy->fields);
  if (descr->subarray) {
    copy->subarray = static_cast<SubArrayDescr*>(PyMem_Malloc(sizeof(SubArrayDescr)));
    if (!copy->subarray) {
      Py_DECREF(reinterpret_cast<PyObject*>(copy));
      PyErr_NoMemory();
      return nullptr;
    }
    *copy->subarray = *descr->subarray;
    Py_INCREF(reinterpret_cast<PyObject*>(copy->subarray->base));
    Py_INCREF(copy->subarray->shape);
  }
  return Ref<ArrayDescr>::steal(copy);
}

Ref<ArrayDescr> descr_with_byteorder(ArrayDescr* descr, char order) {
  if (descr->type_num == kVoid) {
    // '=' asks for the machine's order, which structures keep by field.
    if ((!descr->names && !descr->subarray) || order == '=' || order == '|' || order == 'N')
      return Ref<ArrayDescr>::borrow(descr);
    Ref<> reorder = steal(import_member("_core._dtype", "with_byteorder"));
    Ref<> result = reorder
                       ? steal(PyObject_CallFunction(reorder.get(), "OC", reinterpret_cast<PyObject*>(descr), order))
                       : Ref<>();
    return Ref<ArrayDescr>(std::move(result));
  }
  char wanted = order;
  if (order == '=' || order == '|' || order == 'N') wanted = order == '|' ? descr->byteorder : '<';
  if (order == 'S' || order == 's') wanted = is_swapped(descr) ? '<' : '>';
  if (order == 'B' || order == 'b') wanted = '>';
  if (order == 'L' || order == 'l') wanted = '<';
  if (descr->elsize <= 1 || descr->type_num >= kUserType || is_object(descr) || is_string(descr) ||
      (wanted == '>') == is_swapped(descr))
    return Ref<ArrayDescr>::borrow(descr);
  if (descr->type_num == kString) return Ref<ArrayDescr>::borrow(descr);
  if (descr->type_num == kUnicode) return flexible_descr(kUnicode, descr->elsize, wanted);
  if (is_time(descr) && wanted != '>') return Ref<ArrayDescr>::borrow(time_descr(descr->type_num, time_meta(descr)));
  if (wanted != '>') return Ref<ArrayDescr>::borrow(descr_from_type_num(descr->type_num));
  Ref<ArrayDescr> copy = copy_descr(descr);
  if (copy) copy->byteorder = '>';
  return copy;
}

bool equivalent(const ArrayDescr* a, const ArrayDescr* b) {
  if (a == b) return true;
  if (is_flexible(a)) return equivalent_flexible(a, b);
  if (is_swapped(a) != is_swapped(b)) return false;
  if (is_string(a)) return equivalent_strings(a, b);
  if (is_time(a)) {
    if (a->type_num != b->type_num) return false;
    const TimeMeta x = time_meta(a), y = time_meta(b);
    return x.unit == y.unit && x.count == y.count;
  }
  const int element = element_index(a);
  return element >= 0 ? element == element_index(b) : a->type_num == b->type_num && a->elsize == b->elsize;
}

// ---- the dtype object

namespace {

ArrayDescr* as_descr(PyObject* self) { return reinterpret_cast<ArrayDescr*>(self); }

void descr_dealloc(PyObject* self) {
  ArrayDescr* descr = as_descr(self);
  if (descr >= builtin_descrs && descr < builtin_descrs + kBuiltinCount) {  // a singleton that lost a count too many
    Py_SET_REFCNT(self, 1 << 20);
    return;
  }
  Py_XDECREF(descr->metadata);
  if (is_string(descr)) free_string_options(descr);
  Py_XDECREF(descr->names);
  Py_XDECREF(descr->fields);
  if (descr->subarray) {
    Py_DECREF(reinterpret_cast<PyObject*>(descr->subarray->base));
    Py_DECREF(descr->subarray->shape);
    PyMem_Free(descr->subarray);
  }
  PyObject_Free(self);
}

PyObject* descr_new(PyTypeObject* type, PyObject* args, PyObject* kwargs) {
  if (type != descr_type) {
    if ((args && PyTuple_Size(args)) || (kwargs && PyDict_Size(kwargs))) {
      PyErr_Format(PyExc_TypeError, "%s() takes no arguments", type->tp_name);
      return nullptr;
    }
    ArrayDescr* singleton = dtype_tail(type)->singleton;
    if (!singleton) {
      PyErr_Format(PyExc_TypeError, "%s has no default instance", type->tp_name);
      return nullptr;
    }
    return new_ref(singleton);
  }
  PyObject* object = nullptr;
  PyObject* metadata = nullptr;
  int align = 0, copy = 0;
  static const char* keywords[] = {"dtype", "align", "copy", "metadata", nullptr};
  if (!PyArg_ParseTupleAndKeywords(args, kwargs, "O|ppO:dtype", const_cast<char**>(keywords), &object, &align, &copy,
                                   &metadata))
    return nullptr;
  Ref<ArrayDescr> descr;
  if (align && (PyUnicode_Check(object) || PyList_Check(object) || PyDict_Check(object) || PyTuple_Check(object))) {
    Ref<> make = steal(import_member("_core._dtype", "from_parts"));
    Ref<> made = make ? steal(PyObject_CallFunctionObjArgs(make.get(), object, Py_True, nullptr)) : Ref<>();
    descr = Ref<ArrayDescr>(std::move(made));
  } else {
    descr = descr_from_object(object);
  }
  if (descr && metadata && metadata != Py_None) {
    if (!PyDict_Check(metadata)) {
      PyErr_Format(PyExc_TypeError, "metadata must be a dict, not '%s'", Py_TYPE(metadata)->tp_name);
      return nullptr;
    }
    Ref<ArrayDescr> copied = copy_descr(descr.get());
    Ref<> joined = !copied ? Ref<>() : copied->metadata ? steal(PyDict_Copy(copied->metadata)) : steal(PyDict_New());
    if (!joined || PyDict_Update(joined.get(), metadata) < 0) return nullptr;
    Py_XDECREF(copied->metadata);
    copied->metadata = joined.release();
    return copied.release_object();
  }
  // Unpickling asks for a copy and then writes the byte order into it.
  return (descr && copy ? copy_descr(descr.get()) : std::move(descr)).release_object();
}

PyObject* text_of(const char* text) { return PyUnicode_FromString(text); }

PyObject* in_python(const char* function, PyObject* self) {
  Ref<> callable = steal(import_member("_core._dtype", function));
  return callable ? PyObject_CallFunctionObjArgs(callable.get(), self, nullptr) : nullptr;
}

// "[ms]", or nothing for a unit yet to be found.
Ref<> time_unit_text(const ArrayDescr* descr) {
  char text[32];
  time_unit(descr, text, sizeof text);
  return steal(PyUnicode_FromString(text));
}
PyObject* time_name(const ArrayDescr* descr) {
  Ref<> unit = time_unit_text(descr);
  return unit ? PyUnicode_FromFormat(descr->kind == 'M' ? "datetime64%U" : "timedelta64%U", unit.get()) : nullptr;
}

PyObject* descr_str_code(ArrayDescr* descr) {
  if (is_flexible(descr)) {
    const char mark = descr->type_num != kUnicode ? '|' : is_swapped(descr) ? '>' : '<';
    return PyUnicode_FromFormat("%c%c%zd", mark, descr->kind,
                                descr->type_num == kUnicode ? descr->elsize / 4 : descr->elsize);
  }
  const char order = descr->elsize <= 1 ? '|' : is_swapped(descr) ? '>' : '<';
  const BuiltinType* type = builtin_of(descr);
  if (is_time(descr)) return PyUnicode_FromFormat("%c%c8%U", order, descr->kind, time_unit_text(descr).get());
  if (!type) return PyUnicode_FromFormat("|V%zd", descr->elsize);
  if (is_object(descr)) return PyUnicode_FromString("|O");
  return PyUnicode_FromFormat("%c%c%zd", order, descr->kind, descr->elsize);
}

PyObject* descr_repr(PyObject* self) {
  ArrayDescr* descr = as_descr(self);
  const BuiltinType* type = builtin_of(descr);
  if (is_string(descr)) return string_descr_text(descr);
  if (is_time(descr)) {
    Ref<> code = steal(descr_str_code(descr));
    return code ? PyUnicode_FromFormat("dtype('%U')", code.get()) : nullptr;
  }
  if (!type && !is_flexible(descr)) return PyUnicode_FromFormat("dtype(%s)", descr->typeobj->tp_name);
  if (!type) return in_python("__repr__", self);
  if (is_object(descr)) return PyUnicode_FromString("dtype('O')");
  if (is_swapped(descr)) {
    Ref<> code = steal(descr_str_code(descr));
    return code ? PyUnicode_FromFormat("dtype('%U')", code.get()) : nullptr;
  }
  return PyUnicode_FromFormat("dtype('%s')", type->name);
}

PyObject* descr_str(PyObject* self) {
  ArrayDescr* descr = as_descr(self);
  if (is_swapped(descr)) return descr_str_code(descr);
  if (is_flexible(descr)) return in_python("__str__", self);
  if (is_string(descr)) return string_descr_text(descr);
  if (is_time(descr)) return is_swapped(descr) ? descr_str_code(descr) : time_name(descr);
  const BuiltinType* type = builtin_of(descr);
  return text_of(type ? type->name : descr->typeobj->tp_name);
}

PyObject* descr_richcompare(PyObject* self, PyObject* other, int operation) {
  Ref<ArrayDescr> converted;
  if (is_descr(other)) {
    converted = Ref<ArrayDescr>::borrow(other);
  } else {
    converted = other == Py_None ? Ref<ArrayDescr>() : descr_from_object(other);
    if (!converted) {
      if (PyErr_Occurred() && !PyErr_ExceptionMatches(PyExc_TypeError)) return nullptr;
      PyErr_Clear();
      Py_RETURN_NOTIMPLEMENTED;
    }
  }
  ArrayDescr *a = as_descr(self), *b = converted.get();
  bool result = false;
  switch (operation) {
    case Py_EQ: result = equivalent(a, b); break;
    case Py_NE: result = !equivalent(a, b); break;
    case Py_LE: result = can_cast(a, b, Casting::Safe); break;
    case Py_LT: result = !equivalent(a, b) && can_cast(a, b, Casting::Safe); break;
    case Py_GE: result = can_cast(b, a, Casting::Safe); break;
    default: result = !equivalent(a, b) && can_cast(b, a, Casting::Safe); break;
  }
  return PyBool_FromLong(result);
}

Py_hash_t descr_hash(PyObject* self) {
  ArrayDescr* descr = as_descr(self);
  if (is_flexible(descr)) {
    Ref<> key = descr->subarray
                    ? steal(PyTuple_Pack(2, reinterpret_cast<PyObject*>(descr->subarray->base), descr->subarray->shape))
                    : steal(in_python("hash_key", self));
    return key ? PyObject_Hash(key.get()) : -1;
  }
  if (is_time(descr)) {
    Ref<> code = steal(descr_str_code(descr));
    return code ? PyObject_Hash(code.get()) : -1;
  }
  const int element = element_index(descr);  // equal types hash alike
  return (static_cast<Py_hash_t>(element < 0 ? descr->type_num + kElementCount : element) * 1000003) ^
         (is_swapped(descr) ? 0x5bd1e995 : 0x27d4eb2f);
}

PyObject* descr_get_name(PyObject* self, void*) {
  const BuiltinType* type = builtin_of(as_descr(self));
  if (is_flexible(as_descr(self))) return in_python("name_of", self);
  if (is_string(as_descr(self))) return PyUnicode_FromFormat("StringDType128");
  if (is_time(as_descr(self))) return time_name(as_descr(self));
  return text_of(type ? type->name : as_descr(self)->typeobj->tp_name);
}
PyObject* descr_get_str(PyObject* self, void*) { return descr_str_code(as_descr(self)); }
PyObject* descr_get_byteorder(PyObject* self, void*) {
  ArrayDescr* descr = as_descr(self);
  return text_of(descr->elsize <= 1 || descr->byteorder == '|' || descr->type_num >= kUserType || is_object(descr) ? "|"
                 : is_swapped(descr) ? ">"
                                     : "=");
}
PyObject* descr_get_isnative(PyObject* self, void*) {
  if (as_descr(self)->names || as_descr(self)->subarray) return in_python("is_native", self);
  return PyBool_FromLong(!is_swapped(as_descr(self)));
}
PyObject* descr_get_fields(PyObject* self, void*) {
  ArrayDescr* descr = as_descr(self);
  return descr->names ? PyDictProxy_New(descr->fields) : new_ref(Py_None);
}
PyObject* descr_get_names(PyObject* self, void*) {
  PyObject* names = as_descr(self)->names;
  return new_ref(names ? names : Py_None);
}
int descr_set_names(PyObject* self, PyObject* value, void*) {
  ArrayDescr* descr = as_descr(self);
  if (!descr->names) {
    PyErr_SetString(PyExc_ValueError, "there are no fields defined");
    return -1;
  }
  if (!value) {
    PyErr_SetString(PyExc_AttributeError, "Cannot delete dtype names attribute");
    return -1;
  }
  Ref<> renamed = steal(import_member("_core._dtype", "renamed_fields"));
  Ref<> pair = renamed ? steal(PyObject_CallFunctionObjArgs(renamed.get(), self, value, nullptr)) : Ref<>();
  if (!pair) return -1;
  Ref<> names = steal(std::exchange(descr->names, new_ref(PyTuple_GetItem(pair.get(), 0))));
  Ref<> fields = steal(std::exchange(descr->fields, new_ref(PyTuple_GetItem(pair.get(), 1))));
  descr->hash = -1;
  return 0;
}
PyObject* descr_get_subdtype(PyObject* self, void*) {
  const SubArrayDescr* sub = as_descr(self)->subarray;
  return sub ? PyTuple_Pack(2, reinterpret_cast<PyObject*>(sub->base), sub->shape) : new_ref(Py_None);
}
PyObject* descr_get_metadata(PyObject* self, void*) {
  PyObject* metadata = as_descr(self)->metadata;
  return metadata ? PyDictProxy_New(metadata) : new_ref(Py_None);
}
PyObject* descr_get_aligned(PyObject* self, void*) {
  return PyBool_FromLong((as_descr(self)->flags & kAlignedStructure) != 0);
}
PyObject* descr_get_descr(PyObject* self, void*) { return in_python("descr_of", self); }
PyObject* descr_get_hasobject(PyObject* self, void*) { return PyBool_FromLong(has_references(as_descr(self))); }
PyObject* descr_get_shape(PyObject* self, void*) {
  const SubArrayDescr* sub = as_descr(self)->subarray;
  return sub ? new_ref(sub->shape) : PyTuple_New(0);
}
PyObject* descr_get_ndim(PyObject* self, void*) {
  const SubArrayDescr* sub = as_descr(self)->subarray;
  return PyLong_FromSsize_t(sub ? PyTuple_Size(sub->shape) : 0);
}
PyObject* descr_get_base(PyObject* self, void*) {
  const SubArrayDescr* sub = as_descr(self)->subarray;
  return new_ref(sub ? reinterpret_cast<PyObject*>(sub->base) : self);
}
PyObject* descr_get_char(PyObject* self, void*) { return PyUnicode_FromFormat("%c", as_descr(self)->type); }
PyObject* descr_get_kind(PyObject* self, void*) { return PyUnicode_FromFormat("%c", as_descr(self)->kind); }
PyObject* descr_get_flags(PyObject* self, void*) { return PyLong_FromUnsignedLongLong(as_descr(self)->flags); }
PyObject* descr_get_isbuiltin(PyObject* self, void*) {
  ArrayDescr* descr = as_descr(self);
  return PyLong_FromLong(descr->type_num >= kUserType ? 2 : !is_swapped(descr) && !descr->names && !descr->subarray);
}

PyGetSetDef descr_getset[] = {
    {"name", descr_get_name, nullptr, "Name of this data type with its width in bits.", nullptr},
    {"str", descr_get_str, nullptr, "Array-protocol type string, such as '<f8'.", nullptr},
    {"byteorder", descr_get_byteorder, nullptr, "'=' native, '>' big-endian, '|' not applicable.", nullptr},
    {"isnative", descr_get_isnative, nullptr, "Whether the byte order is the machine's.", nullptr},
    {"hasobject", descr_get_hasobject, nullptr, "Whether elements hold references to Python objects.", nullptr},
    {"isalignedstruct", descr_get_aligned, nullptr, "Whether this is an aligned structured type.", nullptr},
    {"isbuiltin", descr_get_isbuiltin, nullptr, "1 for built-in, 2 for registered user types, else 0.", nullptr},
    {"fields", descr_get_fields, nullptr, "Types and offsets of a structure's fields by name, or None.", nullptr},
    {"names", descr_get_names, descr_set_names, "Names of a structure's fields in order, or None.", nullptr},
    {"subdtype", descr_get_subdtype, nullptr, "Base and shape of a sub-array type, or None.", nullptr},
    {"metadata", descr_get_metadata, nullptr, "What the type was given to carry along, or None.", nullptr},
    {"descr", descr_get_descr, nullptr, "The type as the array interface describes it.", nullptr},
    {"shape", descr_get_shape, nullptr, "Shape of a sub-array type, else ().", nullptr},
    {"ndim", descr_get_ndim, nullptr, "Number of sub-array dimensions.", nullptr},
    {"base", descr_get_base, nullptr, "Element type of a sub-array type, else the type itself.", nullptr},
    {"char", descr_get_char, nullptr, "Character code of the type.", nullptr},
    {"kind", descr_get_kind, nullptr, "One of 'b', 'i', 'u', 'f', 'c'.", nullptr},
    {"flags", descr_get_flags, nullptr, "Bit flags of the type.", nullptr},
    {nullptr, nullptr, nullptr, nullptr, nullptr},
};

PyMemberDef descr_members[] = {
    {"type", T_OBJECT, offsetof(ArrayDescr, typeobj), READONLY, "Scalar type of the elements."},
    {"num", T_INT, offsetof(ArrayDescr, type_num), READONLY, "NumPy's number of the type."},
    {"itemsize", T_PYSSIZET, offsetof(ArrayDescr, elsize), READONLY, "Bytes per element."},
    {"alignment", T_PYSSIZET, offsetof(ArrayDescr, alignment), READONLY, "Alignment in bytes."},
    {nullptr, 0, 0, 0, nullptr},
};

PyObject* descr_newbyteorder(PyObject* self, PyObject* args) {
  const char* order = "S";
  if (!PyArg_ParseTuple(args, "|s:newbyteorder", &order)) return nullptr;
  if (!*order || !std::strchr("SsBbLl<>=|N", *order)) {
    PyErr_Format(PyExc_ValueError, "%s is an unrecognized byteorder", order);
    return nullptr;
  }
  return descr_with_byteorder(as_descr(self), *order).release_object();
}

PyObject* descr_reduce(PyObject* self, PyObject*) {
  ArrayDescr* descr = as_descr(self);
  if (is_flexible(descr)) return in_python("reduced", self);
  if (is_time(descr)) return in_python("reduced_time", self);
  if (!builtin_of(descr)) {
    PyErr_Format(PyExc_TypeError, "cannot pickle the user type %R", self);
    return nullptr;
  }
  const char* order = descr->elsize <= 1 || is_object(descr) ? "|" : is_swapped(descr) ? ">" : "<";
  return Py_BuildValue("O(NOO)(isOOOiii)", reinterpret_cast<PyObject*>(descr_type),
                       PyUnicode_FromFormat("%c%zd", descr->kind, descr->elsize), Py_False, Py_True, 3, order, Py_None,
                       Py_None, Py_None, -1, -1, static_cast<int>(descr->flags));
}

PyObject* descr_setstate(PyObject* self, PyObject* state_tuple) {
  int version;
  const char* order;
  PyObject *code, *subarray, *names, *fields, *rest = nullptr;
  int itemsize, alignment, flags;
  if (!PyTuple_Check(state_tuple)) {
    PyErr_Format(PyExc_TypeError, "the state of a dtype is a tuple, not '%s'", Py_TYPE(state_tuple)->tp_name);
    return nullptr;
  }
  // Text of Python 2 may be loaded as bytes.
  if (!PyArg_ParseTuple(state_tuple, "iOOOOiii|O:__setstate__", &version, &code, &subarray, &names, &fields, &itemsize,
                        &alignment, &flags, &rest) ||
      !(order = PyBytes_Check(code) ? PyBytes_AsString(code) : PyUnicode_AsUTF8AndSize(code, nullptr))) {
    PyErr_Clear();
    PyErr_SetString(PyExc_ValueError,
                    "Invalid state while unpickling. Is the pickle corrupted or created with a newer NumPy version?");
    return nullptr;
  }
  ArrayDescr* descr = as_descr(self);
  if (is_time(descr)) Py_RETURN_NONE;  // the name says all
  const bool singleton = descr >= builtin_descrs && descr < builtin_descrs + kBuiltinCount;
  if (!singleton) descr->byteorder = *order == '>' ? '>' : *order == '|' ? '|' : '=';
  if (!singleton && descr->type_num == kVoid && (PyTuple_Check(names) || PyTuple_Check(subarray))) {
    Ref<> rebuild = steal(import_member("_core._dtype", "from_state"));
    Ref<> made = rebuild ? steal(PyObject_CallFunctionObjArgs(rebuild.get(), state_tuple, nullptr)) : Ref<>();
    if (!made) return nullptr;
    ArrayDescr* other = as_descr(made.get());
    std::swap(descr->names, other->names);
    std::swap(descr->fields, other->fields);
    std::swap(descr->subarray, other->subarray);
    descr->elsize = other->elsize;
    descr->alignment = other->alignment;
    descr->flags = other->flags;
  } else if (!singleton && is_flexible(descr) && itemsize >= 0) {
    descr->elsize = itemsize;
  }
  Py_RETURN_NONE;
}

PyMethodDef descr_methods[] = {
    {"newbyteorder", descr_newbyteorder, METH_VARARGS,
     "newbyteorder($self, new_order='S', /)\n--\n\nThis type with another byte order ('<', '>', '=', 'S' swaps)."},
    {"__reduce__", descr_reduce, METH_NOARGS, "Helper for pickle."},
    {"__setstate__", descr_setstate, METH_O, "Helper for pickle."},
    {nullptr, nullptr, 0, nullptr},
};

int descr_bool(PyObject*) { return 1; }
Py_ssize_t descr_length(PyObject* self) { return field_count(as_descr(self)); }
constinit MappingMethods descr_mapping{descr_length, descr_subscript, nullptr};
constinit NumberMethods descr_number = [] {
  NumberMethods m{};
  m.boolean = descr_bool;
  return m;
}();
constinit SequenceMethods descr_sequence = [] {
  SequenceMethods m{};
  m.length = descr_length;
  return m;
}();

// ---- the metaclass

PyObject* meta_new(PyTypeObject*, PyObject*, PyObject*) {
  PyErr_SetString(PyExc_TypeError, "Preliminary-API: Cannot subclass DType.");
  return nullptr;
}
PyObject* meta_get_type(PyObject* self, void*) {
  PyTypeObject* scalar = dtype_tail(reinterpret_cast<PyTypeObject*>(self))->scalar_type;
  return new_ref(scalar ? reinterpret_cast<PyObject*>(scalar) : Py_None);
}
PyObject* meta_flag(PyObject* self, void* flag) {
  const auto bit = static_cast<uint64_t>(reinterpret_cast<uintptr_t>(flag));
  return PyBool_FromLong((dtype_tail(reinterpret_cast<PyTypeObject*>(self))->flags & bit) != 0);
}
PyGetSetDef meta_getset[] = {
    {"type", meta_get_type, nullptr, "Scalar type of the dtype class.", nullptr},
    {"_abstract", meta_flag, nullptr, "Whether the class has no instances.", reinterpret_cast<void*>(kDTypeAbstract)},
    {"_legacy", meta_flag, nullptr, "Whether the class has a type number.", reinterpret_cast<void*>(kDTypeLegacy)},
    {"_parametric", meta_flag, nullptr, "Whether instances differ.", reinterpret_cast<void*>(kDTypeParametric)},
    {"_is_numeric", meta_flag, nullptr, "Whether the class is numeric.", reinterpret_cast<void*>(kDTypeNumeric)},
    {nullptr, nullptr, nullptr, nullptr, nullptr},
};

PyTypeObject* allocate_dtype_class() {
  const size_t size = static_cast<size_t>(heap_type_size) + sizeof(DTypeMetaTail) + sizeof(PyTypeObject);
  auto* type = static_cast<PyTypeObject*>(std::calloc(1, size));
  if (!type) {
    PyErr_NoMemory();
    return nullptr;
  }
  auto* header = reinterpret_cast<PyObject*>(type);
  header->ob_refcnt = 1;
  header->ob_type = &DTypeMeta_Type;
  type->tp_basicsize = sizeof(ArrayDescr);
  type->tp_flags = Py_TPFLAGS_DEFAULT;
  dtype_tail(type)->type_num = -1;
  return type;
}

}  // namespace

PyTypeObject* new_dtype_class(const char* name, PyTypeObject* scalar_type, int type_num, DTypeSlots* slots) {
  PyTypeObject* type = allocate_dtype_class();
  if (!type) return nullptr;
  type->tp_base = descr_type;
  Py_INCREF(reinterpret_cast<PyObject*>(descr_type));
  DTypeMetaTail* tail = dtype_tail(type);
  tail->type_num = type_num;
  tail->scalar_type = scalar_type;
  Py_XINCREF(reinterpret_cast<PyObject*>(scalar_type));
  tail->flags = kDTypeLegacy;
  tail->dt_slots = slots;
  return ready_public_type(type, name) < 0 ? nullptr : type;
}

int register_user_type(ArrayDescr* descr) {
  auto** grown = static_cast<ArrayDescr**>(
      std::realloc(user_descrs, sizeof(ArrayDescr*) * static_cast<size_t>(user_descr_count + 1)));
  if (!grown) {
    PyErr_NoMemory();
    return -1;
  }
  user_descrs = grown;
  user_descrs[user_descr_count] = descr;
  return kUserType + user_descr_count++;
}

namespace {

int init_builtin(int index) {
  const BuiltinType& type = builtin_types[index];
  PyTypeObject* scalar = builtin_scalar_type(index);
  DTypeSlots& slots = builtin_slots[index];
  slots = {builtin_getitem, builtin_setitem, &type, nullptr};
  PyTypeObject* dtype_class = new_dtype_class(type.class_path, scalar, type.type_num, &slots);
  if (!dtype_class) return -1;
  if (type.kind != 'O' && type.kind != 'b') dtype_tail(dtype_class)->flags |= kDTypeNumeric;
  ArrayDescr& descr = builtin_descrs[index];
  auto* header = reinterpret_cast<PyObject*>(&descr);
  header->ob_refcnt = 1 << 20;  // never freed; see descr_dealloc
  header->ob_type = dtype_class;
  descr.typeobj = scalar;
  descr.kind = type.kind;
  descr.type = type.character;
  descr.byteorder = type.size == 1 || type.kind == 'O' ? '|' : '=';
  if (type.kind == 'O') descr.flags = kObjectDescr;
  descr.type_num = type.type_num;
  descr.elsize = type.size;
  descr.alignment = type.alignment;
  descr.hash = -1;
  dtype_tail(dtype_class)->singleton = &descr;
  return 0;
}

}  // namespace

int init_dtypes(PyObject* module) {
  Ref<> basicsize = steal(PyObject_GetAttrString(reinterpret_cast<PyObject*>(&PyType_Type), "__basicsize__"));
  heap_type_size = basicsize ? PyLong_AsSsize_t(basicsize.get()) : -1;
  if (heap_type_size < 0) return -1;
  DTypeMeta_Type.tp_base = &PyType_Type;
  DTypeMeta_Type.tp_basicsize = heap_type_size + static_cast<Py_ssize_t>(sizeof(DTypeMetaTail));
  DTypeMeta_Type.tp_new = meta_new;
  DTypeMeta_Type.tp_getset = meta_getset;
  if (ready_public_type(&DTypeMeta_Type, "_DTypeMeta") < 0) return -1;

  descr_type = allocate_dtype_class();
  if (!descr_type) return -1;
  descr_type->tp_flags |= Py_TPFLAGS_BASETYPE;
  descr_type->tp_doc =
      "dtype(dtype, align=False, copy=False)\n--\n\nThe type of an array's elements: kind, width and byte order.";
  descr_type->tp_dealloc = descr_dealloc;
  descr_type->tp_repr = descr_repr;
  descr_type->tp_str = descr_str;
  descr_type->tp_hash = descr_hash;
  descr_type->tp_richcompare = descr_richcompare;
  descr_type->tp_getset = descr_getset;
  descr_type->tp_members = descr_members;
  descr_type->tp_methods = descr_methods;
  descr_type->tp_as_number = &descr_number;
  descr_type->tp_as_sequence = &descr_sequence;
  descr_type->tp_as_mapping = &descr_mapping;
  descr_type->tp_new = descr_new;
  dtype_tail(descr_type)->flags = kDTypeAbstract;
  if (ready_public_type(descr_type, "dtype") < 0) return -1;

  std::memset(builtin_of_type_num, -1, sizeof builtin_of_type_num);
  std::memset(builtin_of_element, -1, sizeof builtin_of_element);
  for (int i = kBuiltinCount - 1; i >= 0; i--) {  // of two types of one element the first stands for it
    builtin_of_type_num[builtin_types[i].type_num] = static_cast<int8_t>(i);
    builtin_of_element[static_cast<int>(builtin_types[i].element)] = static_cast<int8_t>(i);
  }
  for (int i = 0; i < kBuiltinCount; i++)
    if (init_builtin(i) < 0) return -1;
  if (init_flexible(module) < 0 || init_times(module) < 0 || init_string_dtype(module) < 0) return -1;
  return PyModule_AddObjectRef(module, "dtype", reinterpret_cast<PyObject*>(descr_type));
}

}  // namespace wasmnp
