#include "scalar.hpp"

#include <cmath>
#include <cstring>

#include "../python/arguments.hpp"
#include "../text/format_float.hpp"
#include "array.hpp"
#include "casting.hpp"
#include "datetime.hpp"
#include "errstate.hpp"
#include "flexible.hpp"
#include "operators.hpp"
#include "scalar_slots.hpp"
#include "state.hpp"
#include "text_signatures.hpp"
#include "ufunc.hpp"

namespace wasmnp {

constinit PyTypeObject Generic_Type =
    static_type("generic", sizeof(PyObject), Py_TPFLAGS_BASETYPE, "Base class of all NumPy scalar types.");

namespace {

constexpr Py_ssize_t kValueOffset = sizeof(PyObject);  // 16: a long double is aligned there
char* value_of(PyObject* scalar) { return reinterpret_cast<char*>(scalar) + kValueOffset; }

constinit PyTypeObject Number_Type = static_type("number", sizeof(PyObject), Py_TPFLAGS_BASETYPE, "Numeric scalars.");
constinit PyTypeObject Integer_Type = static_type("integer", sizeof(PyObject), Py_TPFLAGS_BASETYPE, "Integer scalars.");
constinit PyTypeObject SignedInteger_Type =
    static_type("signedinteger", sizeof(PyObject), Py_TPFLAGS_BASETYPE, "Signed integer scalars.");
constinit PyTypeObject UnsignedInteger_Type =
    static_type("unsignedinteger", sizeof(PyObject), Py_TPFLAGS_BASETYPE, "Unsigned integer scalars.");
constinit PyTypeObject Inexact_Type =
    static_type("inexact", sizeof(PyObject), Py_TPFLAGS_BASETYPE, "Floating-point scalars, real or complex.");
constinit PyTypeObject Floating_Type =
    static_type("floating", sizeof(PyObject), Py_TPFLAGS_BASETYPE, "Real floating-point scalars.");
constinit PyTypeObject ComplexFloating_Type =
    static_type("complexfloating", sizeof(PyObject), Py_TPFLAGS_BASETYPE, "Complex scalars.");

constinit PyTypeObject Bool_Type = static_type("bool", sizeof(ScalarObject<char>), 0, "Boolean scalar, True or False.");
constinit PyTypeObject Int8_Type =
    static_type("int8", sizeof(ScalarObject<int8_t>), Py_TPFLAGS_BASETYPE, "8-bit signed integer.");
constinit PyTypeObject UInt8_Type =
    static_type("uint8", sizeof(ScalarObject<uint8_t>), Py_TPFLAGS_BASETYPE, "8-bit unsigned integer.");
constinit PyTypeObject Int16_Type =
    static_type("int16", sizeof(ScalarObject<int16_t>), Py_TPFLAGS_BASETYPE, "16-bit signed integer.");
constinit PyTypeObject UInt16_Type =
    static_type("uint16", sizeof(ScalarObject<uint16_t>), Py_TPFLAGS_BASETYPE, "16-bit unsigned integer.");
constinit PyTypeObject Int32_Type =
    static_type("int32", sizeof(ScalarObject<int32_t>), Py_TPFLAGS_BASETYPE, "32-bit signed integer.");
constinit PyTypeObject UInt32_Type =
    static_type("uint32", sizeof(ScalarObject<uint32_t>), Py_TPFLAGS_BASETYPE, "32-bit unsigned integer.");
constinit PyTypeObject Int64_Type =
    static_type("int64", sizeof(ScalarObject<int64_t>), Py_TPFLAGS_BASETYPE, "64-bit signed integer.");
constinit PyTypeObject UInt64_Type =
    static_type("uint64", sizeof(ScalarObject<uint64_t>), Py_TPFLAGS_BASETYPE, "64-bit unsigned integer.");
constinit PyTypeObject Float16_Type = static_type("float16", sizeof(ScalarObject<uint16_t>), Py_TPFLAGS_BASETYPE,
                                                  "Half-precision floating-point number (IEEE 754 binary16).");
constinit PyTypeObject Float32_Type = static_type("float32", sizeof(ScalarObject<float>), Py_TPFLAGS_BASETYPE,
                                                  "Single-precision floating-point number (IEEE 754 binary32).");
constinit PyTypeObject Float64_Type =
    static_type("float64", sizeof(ScalarObject<double>), Py_TPFLAGS_BASETYPE,
                "Double-precision floating-point number (IEEE 754 binary64); a Python float.");
constinit PyTypeObject Complex64_Type =
    static_type("complex64", sizeof(ScalarObject<float[2]>), Py_TPFLAGS_BASETYPE, "Complex number of two float32.");
constinit PyTypeObject Complex128_Type = static_type("complex128", sizeof(ScalarObject<double[2]>), Py_TPFLAGS_BASETYPE,
                                                     "Complex number of two float64; a Python complex.");

constinit PyTypeObject LongDouble_Type =
    static_type("longdouble", sizeof(ScalarObject<long double>), Py_TPFLAGS_BASETYPE,
                "Extended-precision floating-point number, the platform's `long double`.");
constinit PyTypeObject CLongDouble_Type = static_type("clongdouble", sizeof(ScalarObject<long double[2]>),
                                                      Py_TPFLAGS_BASETYPE, "Complex number of two longdouble.");
constinit PyTypeObject Object_Type =
    static_type("object_", sizeof(ScalarObject<PyObject*>), 0, "Any Python object; calling it returns the object.");
// The second integer types of one width: `long long` beside a `long` of 64 bits, else `int` beside one of 32.
constexpr bool kLongIs64 = sizeof(long) == 8;
constexpr Element kOtherInteger = kLongIs64 ? Element::Int64 : Element::Int32;
constexpr Element kOtherUnsigned = kLongIs64 ? Element::UInt64 : Element::UInt32;
constinit PyTypeObject OtherInteger_Type =
    static_type(kLongIs64 ? "longlong" : "intc", kLongIs64 ? sizeof(ScalarObject<int64_t>) : sizeof(ScalarObject<int>),
                Py_TPFLAGS_BASETYPE, "Signed integer, the platform's C type of that name.");
constinit PyTypeObject OtherUnsigned_Type = static_type(
    kLongIs64 ? "ulonglong" : "uintc", kLongIs64 ? sizeof(ScalarObject<uint64_t>) : sizeof(ScalarObject<unsigned>),
    Py_TPFLAGS_BASETYPE, "Unsigned integer, the platform's C type of that name.");

struct ConcreteType {
  PyTypeObject* type;
  PyTypeObject* parent;
  Element element;
};
// In the order of builtin_types.
const ConcreteType concrete[] = {
    {&Bool_Type, &Generic_Type, Element::Bool},
    {&Int8_Type, &SignedInteger_Type, Element::Int8},
    {&UInt8_Type, &UnsignedInteger_Type, Element::UInt8},
    {&Int16_Type, &SignedInteger_Type, Element::Int16},
    {&UInt16_Type, &UnsignedInteger_Type, Element::UInt16},
    {&Int32_Type, &SignedInteger_Type, Element::Int32},
    {&UInt32_Type, &UnsignedInteger_Type, Element::UInt32},
    {&Int64_Type, &SignedInteger_Type, Element::Int64},
    {&UInt64_Type, &UnsignedInteger_Type, Element::UInt64},
    {&Float16_Type, &Floating_Type, Element::Float16},
    {&Float32_Type, &Floating_Type, Element::Float32},
    {&Float64_Type, &Floating_Type, Element::Float64},
    {&LongDouble_Type, &Floating_Type, Element::LongDouble},
    {&Complex64_Type, &ComplexFloating_Type, Element::Complex64},
    {&Complex128_Type, &ComplexFloating_Type, Element::Complex128},
    {&CLongDouble_Type, &ComplexFloating_Type, Element::CLongDouble},
    {&Object_Type, &Generic_Type, Element::Object},
    {&OtherInteger_Type, &SignedInteger_Type, kOtherInteger},
    {&OtherUnsigned_Type, &UnsignedInteger_Type, kOtherUnsigned},
};

const struct {
  PyTypeObject *type, *parent;
} abstract[] = {{&Number_Type, &Generic_Type},         {&Integer_Type, &Number_Type},
                {&SignedInteger_Type, &Integer_Type},  {&UnsignedInteger_Type, &Integer_Type},
                {&Inexact_Type, &Number_Type},         {&Floating_Type, &Inexact_Type},
                {&ComplexFloating_Type, &Inexact_Type}};

constinit ScalarObject<char> boolean_values[2] = {};  // np.False_, np.True_

const ConcreteType* concrete_of(PyTypeObject* type) {
  for (const ConcreteType& entry : concrete)
    if (entry.type == type) return &entry;
  for (const ConcreteType& entry : concrete)
    if (PyType_IsSubtype(type, entry.type)) return &entry;
  return nullptr;
}

PyObject* make_scalar(PyTypeObject* type, const char* data, intp size) {
  if (type == &Bool_Type) return new_ref(&boolean_values[*data != 0]);
  auto* scalar = static_cast<PyObject*>(PyObject_Malloc(static_cast<size_t>(type->tp_basicsize)));
  if (!scalar) return PyErr_NoMemory();
  PyObject_Init(scalar, type);
  std::memcpy(value_of(scalar), data, static_cast<size_t>(size));
  return scalar;
}

// ---- construction

PyObject* scalar_new(PyTypeObject* type, PyObject* args, PyObject* kwargs) {
  const ConcreteType* own = concrete_of(type);
  if (!own) {
    PyErr_Format(PyExc_TypeError, "cannot create '%s' instances", type->tp_name);
    return nullptr;
  }
  PyObject *value = nullptr, *imag = nullptr;
  if (own->parent == &ComplexFloating_Type) {
    static const char* keywords[] = {"real", "imag", nullptr};
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "|OO", const_cast<char**>(keywords), &value, &imag)) return nullptr;
  } else {
    static const char* keywords[] = {"", nullptr};
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "|O", const_cast<char**>(keywords), &value)) return nullptr;
  }
  ArrayDescr* descr = descr_from_type_num(builtin_types[own - concrete].type_num);
  if (own->element == Element::Object) {
    if (!value) return new_ref(Py_None);
    if (!is_array(value) && !PyList_Check(value) && !PyTuple_Check(value)) return new_ref(value);
  }
  alignas(16) char data[kMaxElementSize] = {};
  Ref<> joined;
  if (imag) {
    joined = steal(PyObject_CallFunctionObjArgs(reinterpret_cast<PyObject*>(&PyComplex_Type), value, imag, nullptr));
    if (!joined) return nullptr;
    value = joined.get();
  }
  if (value) {
    ArrayDescr* from = PyObject_TypeCheck(value, &Generic_Type) ? scalar_descr(value) : nullptr;
    const bool direct = PyUnicode_Check(value) || PyBytes_Check(value) || scalar_descr(value);
    if (from && is_plain_builtin(from)) {
      alignas(16) char bytes[kMaxElementSize];
      Transfer transfer;
      if (scalar_to_data(value, from, bytes) < 0 || !transfer.prepare(from, descr)) return nullptr;
      if (report_errors(transfer.run(data, 0, bytes, 0, 1), "cast") < 0) return nullptr;
    } else if (direct || (!is_array(value) && !PySequence_Check(value))) {
      if (element_from_python(own->element, value, data, false) < 0) return nullptr;
    } else {
      FromAny options;
      options.descr = descr;
      Ref<ArrayObject> array = array_from_any(value, options);
      if (!array) return nullptr;
      if (array->nd > 0) return array.release_object();
      std::memcpy(data, array->data, static_cast<size_t>(descr->elsize));
    }
  }
  if (type == own->type) return make_scalar(type, data, descr->elsize);
  PyObject* scalar = type->tp_alloc(type, 0);
  if (scalar) std::memcpy(value_of(scalar), data, static_cast<size_t>(descr->elsize));
  return scalar;
}

void scalar_dealloc(PyObject* self) { Py_TYPE(self)->tp_free(self); }
void boolean_dealloc(PyObject* self) { Py_SET_REFCNT(self, 1 << 20); }  // the two values are never freed

// ---- text

template <class T>
T load_part(PyObject* self, int index) {
  T value;
  std::memcpy(&value, value_of(self) + index * static_cast<int>(sizeof(T)), sizeof value);
  return value;
}

// The oldest style writes numbers with as many digits as NumPy 1.13 had for str() and for repr().
text::NumberStyle number_style(Element element, bool repr, int legacy) {
  text::NumberStyle style{legacy <= 202, 0};
  if (legacy > 113) return style;
  switch (element) {
    case Element::Float64:
    case Element::Complex128: style.digits = repr ? 17 : 12; break;
    case Element::LongDouble:
    case Element::CLongDouble: style.digits = repr ? 20 : 12; break;
    default: style.digits = repr ? 8 : 6; break;
  }
  return style;
}

PyObject* plain_text(PyObject* self, bool repr, int legacy) {
  const ConcreteType* own = concrete_of(Py_TYPE(self));
  if (!own) return PyUnicode_FromFormat("<%s object>", Py_TYPE(self)->tp_name);
  char buffer[160];
  int length = 0;
  const text::NumberStyle style = number_style(own->element, repr, legacy);
  switch (own->element) {
    case Element::Float16: length = text::repr_float16(load_part<Half>(self, 0), buffer, style); break;
    case Element::Float32: length = text::repr_float32(load_part<float>(self, 0), buffer, style); break;
    case Element::Float64: length = text::repr_float64(load_part<double>(self, 0), buffer, style); break;
    case Element::LongDouble: length = text::repr_longdouble(load_part<long double>(self, 0), buffer, style); break;
    case Element::CLongDouble:
      length = text::repr_clongdouble(load_part<long double>(self, 0), load_part<long double>(self, 1), buffer, style);
      break;
    case Element::Complex64:
      length = text::repr_complex64(load_part<float>(self, 0), load_part<float>(self, 1), buffer, style);
      break;
    case Element::Complex128:
      length = text::repr_complex128(load_part<double>(self, 0), load_part<double>(self, 1), buffer, style);
      break;
    default: {
      Ref<> value = steal(element_to_python(own->element, value_of(self), false));
      return value ? PyObject_Str(value.get()) : nullptr;
    }
  }
  return PyUnicode_FromStringAndSize(buffer, length);
}

PyObject* scalar_str(PyObject* self) {
  const int legacy = legacy_style();
  return legacy < 0 ? nullptr : plain_text(self, false, legacy);
}

PyObject* scalar_repr(PyObject* self) {
  const int legacy = legacy_style();
  if (legacy < 0) return nullptr;
  Ref<> text = steal(plain_text(self, true, legacy));
  const ConcreteType* own = concrete_of(Py_TYPE(self));
  if (!text || !own || legacy <= 125) return text.release();
  if (own->element == Element::Bool) return PyUnicode_FromFormat("np.%U_", text.get());
  // Python has no number of long double's precision that could stand between the parentheses.
  const bool quoted = own->element == Element::LongDouble || own->element == Element::CLongDouble;
  const char* name = quoted ? builtin_types[own - concrete].scalar_name : builtin_types[own - concrete].name;
  // complex128(1+2j): the parentheses of the number are those of the call.
  const Py_ssize_t length = PyUnicode_GetLength(text.get());
  if (PyUnicode_ReadChar(text.get(), 0) == '(') {
    Ref<> inner = steal(PyUnicode_Substring(text.get(), 1, length - 1));
    return inner ? PyUnicode_FromFormat(quoted ? "np.%s('%U')" : "np.%s(%U)", name, inner.get()) : nullptr;
  }
  return PyUnicode_FromFormat(quoted ? "np.%s('%U')" : "np.%s(%U)", name, text.get());
}

Py_hash_t scalar_hash(PyObject* self) {
  const ConcreteType* own = concrete_of(Py_TYPE(self));
  if (!own) {
    PyErr_Format(PyExc_TypeError, "unhashable type: '%s'", Py_TYPE(self)->tp_name);
    return -1;
  }
  if (own->element == Element::LongDouble || own->element == Element::CLongDouble) {
    const auto part = [self](int i) { return static_cast<double>(load_part<long double>(self, i)); };
    Ref<> number = steal(own->element == Element::LongDouble ? PyFloat_FromDouble(part(0))
                                                             : PyComplex_FromDoubles(part(0), part(1)));
    return number ? PyObject_Hash(number.get()) : -1;
  }
  Ref<> value = steal(element_to_python(own->element, value_of(self), false));
  if (!value) return -1;
  // A NaN hashes by identity, as Python's floats do.
  if (PyFloat_Check(value.get()) && std::isnan(PyFloat_AsDouble(value.get())))
    return static_cast<Py_hash_t>(reinterpret_cast<uintptr_t>(self) >> 4);
  return PyObject_Hash(value.get());
}

}  // namespace

PyObject* make_float64(double value) {
  return make_scalar(&Float64_Type, reinterpret_cast<const char*>(&value), sizeof value);
}
bool is_float64(PyObject* object) { return Py_IS_TYPE(object, &Float64_Type); }

PyTypeObject* builtin_scalar_type(int index) { return concrete[index].type; }

bool scalar_value(PyObject* object, Element element, char* out) {
  for (const ConcreteType& entry : concrete) {
    if (entry.element != element || !PyObject_TypeCheck(object, entry.type)) continue;
    std::memcpy(out, value_of(object), static_cast<size_t>(descr_of(element)->elsize));
    return true;
  }
  return false;
}

bool is_builtin_scalar(PyObject* object) {
  if (Py_IS_TYPE(object, &Float64_Type)) return true;
  for (const ConcreteType& entry : concrete)
    if (Py_IS_TYPE(object, entry.type)) return true;
  return false;
}

PyObject* scalar_from_data(ArrayDescr* descr, const char* data) {
  const int element = element_index(descr);
  if (is_flexible(descr)) return flexible_scalar(descr, data);
  if (is_time(descr)) return time_scalar(descr, data);
  if (element < 0 || is_object(descr)) return dtype_slots(descr)->getitem(descr, data);
  if (!is_swapped(descr)) return make_scalar(descr->typeobj, data, descr->elsize);
  alignas(16) char native[kMaxElementSize];
  copy_run(native, descr->elsize, data, 0, 1, descr->elsize, swap_unit(descr));
  return make_scalar(descr->typeobj, native, descr->elsize);
}

int scalar_to_data(PyObject* scalar, ArrayDescr* descr, char* out) {
  if (is_plain_builtin(descr) && PyObject_TypeCheck(scalar, descr->typeobj)) {
    std::memcpy(out, value_of(scalar), static_cast<size_t>(descr->elsize));
    return 0;
  }
  return dtype_slots(descr)->setitem(descr, scalar, out);
}

int init_scalar_types() {
  Generic_Type.tp_as_number = &scalar_number;
  Generic_Type.tp_richcompare = scalar_richcompare;
  Generic_Type.tp_hash = scalar_hash;
  Generic_Type.tp_repr = scalar_repr;
  Generic_Type.tp_str = scalar_str;
  sign_methods(scalar_methods);
  Generic_Type.tp_methods = scalar_methods;
  Generic_Type.tp_getset = scalar_getset;
  Generic_Type.tp_as_buffer = &scalar_buffer;
  Generic_Type.tp_as_mapping = &scalar_mapping;
  Generic_Type.tp_dealloc = scalar_dealloc;
  Generic_Type.tp_new = scalar_new;
  if (ready_public_type(&Generic_Type, "generic") < 0) return -1;
  Floating_Type.tp_methods = real_scalar_methods;
  Integer_Type.tp_methods = integer_scalar_methods;
  for (const auto& entry : abstract) {
    entry.type->tp_base = entry.parent;
    const char* name = entry.type->tp_name;
    if (ready_public_type(entry.type, name) < 0) return -1;
  }
  for (const ConcreteType& entry : concrete) {
    PyTypeObject* type = entry.type;
    PyTypeObject* python = type == &Float64_Type ? &PyFloat_Type : type == &Complex128_Type ? &PyComplex_Type : nullptr;
    type->tp_base = python ? python : entry.parent;
    if (python) {
      type->tp_bases = PyTuple_Pack(2, reinterpret_cast<PyObject*>(entry.parent), reinterpret_cast<PyObject*>(python));
      if (!type->tp_bases) return -1;
      Py_INCREF(reinterpret_cast<PyObject*>(python));
    }
    sign_type(type, builtin_types[&entry - concrete].scalar_name,
              entry.parent == &ComplexFloating_Type ? "(real=0, imag=0, /)"
              : entry.element == Element::Bool      ? "(value=False, /)"
              : entry.element == Element::Object    ? "(value=None, /)"
                                                    : "(value=0, /)");
    type->tp_as_number = &scalar_number;
    type->tp_as_mapping = &scalar_mapping;
    type->tp_as_buffer = &scalar_buffer;
    type->tp_richcompare = scalar_richcompare;
    type->tp_hash = scalar_hash;
    type->tp_repr = scalar_repr;
    type->tp_str = scalar_str;
    type->tp_dealloc = type == &Bool_Type ? boolean_dealloc : scalar_dealloc;
    type->tp_new = scalar_new;
    const char* name = type->tp_name;
    if (ready_public_type(type, name) < 0) return -1;
  }
  if (init_flexible_scalars() < 0 || init_time_scalars() < 0) return -1;
  for (int i = 0; i < 2; i++) {
    auto* header = reinterpret_cast<PyObject*>(&boolean_values[i]);
    header->ob_refcnt = 1 << 20;
    header->ob_type = &Bool_Type;
    boolean_values[i].value = static_cast<char>(i);
  }
  return 0;
}

int add_scalar_types(PyObject* module) {
  const auto add = [module](const char* name, PyTypeObject* type) {
    return PyModule_AddObjectRef(module, name, reinterpret_cast<PyObject*>(type));
  };
  if (add("generic", &Generic_Type) < 0) return -1;
  for (const auto& entry : abstract) {
    const char* dot = std::strrchr(entry.type->tp_name, '.');
    if (add(dot + 1, entry.type) < 0) return -1;
  }
  if (add_flexible_scalars(module) < 0) return -1;
  for (int i = 0; i < kBuiltinCount; i++)
    if (add(builtin_types[i].scalar_name, concrete[i].type) < 0) return -1;
  return 0;
}

PyTypeObject* abstract_scalar_type(const char* name) {
  if (!std::strcmp(name, "generic")) return &Generic_Type;
  for (const auto& entry : abstract)
    if (!std::strcmp(std::strrchr(entry.type->tp_name, '.') + 1, name)) return entry.type;
  return nullptr;
}

PyObject* boolean_value(int index) { return reinterpret_cast<PyObject*>(&boolean_values[index]); }

}  // namespace wasmnp
