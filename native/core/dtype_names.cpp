// The dtype that a text, a class or any other object stands for.
#include <cstdlib>
#include <cstring>
#include <utility>

#include "array.hpp"
#include "datetime.hpp"
#include "dtype.hpp"
#include "flexible.hpp"
#include "scalar.hpp"
#include "state.hpp"

namespace wasmnp {

namespace {

struct TypeAlias {
  const char* name;
  int type_num;
};
// NumPy's names beyond the canonical ones.
const TypeAlias aliases[] = {
    {"?", kBool},          {"b1", kBool},        {"bool_", kBool},
    {"b", kByte},          {"i1", kByte},        {"byte", kByte},
    {"B", kUByte},         {"u1", kUByte},       {"ubyte", kUByte},
    {"h", kShort},         {"i2", kShort},       {"short", kShort},
    {"H", kUShort},        {"u2", kUShort},      {"ushort", kUShort},
    {"i", kInt},           {"i4", kInt32},       {"intc", kInt},
    {"I", kUInt},          {"u4", kUInt32},      {"uintc", kUInt},
    {"q", kLongLong},      {"i8", kInt64},       {"longlong", kLongLong},
    {"Q", kULongLong},     {"u8", kUInt64},      {"ulonglong", kULongLong},
    {"e", kHalf},          {"f2", kHalf},        {"half", kHalf},
    {"f", kFloat},         {"f4", kFloat},       {"single", kFloat},
    {"d", kDouble},        {"f8", kDouble},      {"float", kDouble},
    {"double", kDouble},   {"g", kLongDouble},   {"longdouble", kLongDouble},
    {"F", kCFloat},        {"c8", kCFloat},      {"csingle", kCFloat},
    {"D", kCDouble},       {"c16", kCDouble},    {"complex", kCDouble},
    {"cdouble", kCDouble}, {"G", kCLongDouble},  {"clongdouble", kCLongDouble},
    {"O", kObject},        {"object_", kObject}, {"l", kLong},
    {"long", kLong},       {"L", kULong},        {"ulong", kULong},
    {"p", kIntp},          {"n", kIntp},         {"intp", kIntp},
    {"O4", kObject},       {"O8", kObject},      {"P", kUIntp},
    {"N", kUIntp},         {"uintp", kUIntp},    {"uint", kUIntp},
    {"int", kIntp},        {"int_", kIntp},
};

ArrayDescr* descr_from_name(const char* name) {
  for (const BuiltinType& type : builtin_types)
    if (!std::strcmp(name, type.name)) return descr_of(type.element);
  for (const TypeAlias& alias : aliases)
    if (!std::strcmp(name, alias.name)) return descr_from_type_num(alias.type_num);
  // "f16": a kind and the size of a type whose size is the platform's.
  for (const BuiltinType& type : builtin_types) {
    if (type.element != Element::LongDouble && type.element != Element::CLongDouble) continue;
    char* end;
    if (*name == type.kind && std::strtol(name + 1, &end, 10) == type.size && !*end && name[1] != '+' && name[1] != ' ')
      return descr_of(type.element);
  }
  return nullptr;
}

// "S5", "U", "V8" and the names of these types; null without an error for any other text.
Ref<ArrayDescr> flexible_from_name(const char* name, char order) {
  static const struct {
    const char* name;
    int type_num;
  } names[] = {{"str", kUnicode}, {"str_", kUnicode}, {"bytes", kString}, {"bytes_", kString}, {"void", kVoid}};
  for (const auto& entry : names)
    if (!std::strcmp(name, entry.name)) return flexible_descr(entry.type_num, 0);
  if (!std::strcmp(name, "c")) {  // one character, by NumPy's oldest name for it
    Ref<ArrayDescr> character = flexible_descr(kString, 1);
    if (character) character->type = 'c';
    return character;
  }
  const int type_num = *name == 'S' || *name == 'a' ? kString : *name == 'U' ? kUnicode : *name == 'V' ? kVoid : -1;
  if (type_num < 0) return nullptr;
  long size = 0;
  if (name[1]) {
    char* end;
    if (name[1] < '0' || name[1] > '9') return nullptr;
    size = std::strtol(name + 1, &end, 10);
    if (*end || size > INT32_MAX / 4) return nullptr;
  }
  return flexible_descr(type_num, type_num == kUnicode ? 4 * size : size, order == '>' ? '>' : '=');
}

// What the texts of last time stood for: a literal in a program is the same object at every call. The text is owned;
// the descriptor is one of those that never end.
struct KnownText {
  PyObject* text;
  ArrayDescr* descr;
};
constexpr int kKnownTextBits = 4;
KnownText known_texts[1 << kKnownTextBits];

KnownText& known_text(PyObject* text) {
  const auto address = static_cast<uint32_t>(reinterpret_cast<uintptr_t>(text) >> 4);
  return known_texts[address * 0x9E3779B1u >> (32 - kKnownTextBits)];
}

Ref<ArrayDescr> descr_from_text(PyObject* text) {
  KnownText& known = known_text(text);
  if (known.text == text) return Ref<ArrayDescr>::borrow(known.descr);
  const char* name = PyUnicode_AsUTF8AndSize(text, nullptr);
  if (!name) return nullptr;
  const char order = *name;
  const bool prefixed = order && std::strchr("<>=|", order);
  if (Ref<ArrayDescr> sized = flexible_from_name(prefixed ? name + 1 : name, order)) return sized;
  const bool several = std::strchr(name, ',') || *name == '(' || (*name >= '0' && *name <= '9');
  if (!several && *name && std::strchr("MmDdtT", name[prefixed])) {
    if (ArrayDescr* time = time_descr_from_name(name + prefixed))
      return descr_with_byteorder(time, prefixed ? order : '=');
    if (PyErr_Occurred()) return nullptr;
  }
  if (several) {
    Ref<> parse = steal(import_member("_core._dtype", "from_text"));
    Ref<> result = parse ? steal(PyObject_CallFunctionObjArgs(parse.get(), text, nullptr)) : Ref<>();
    return Ref<ArrayDescr>(std::move(result));
  }
  ArrayDescr* found = descr_from_name(prefixed ? name + 1 : name);
  if (!found) {
    PyErr_Format(PyExc_TypeError, "data type '%s' not understood", name);
    return nullptr;
  }
  if (prefixed) return descr_with_byteorder(found, order);
  if (PyUnicode_CheckExact(text)) {
    Py_INCREF(text);
    Py_XDECREF(std::exchange(known.text, text));
    known.descr = found;
  }
  return Ref<ArrayDescr>::borrow(found);
}

}  // namespace

Ref<ArrayDescr> descr_from_class(PyTypeObject* type) {
  if (type == &PyFloat_Type) return Ref<ArrayDescr>::borrow(descr_of(Element::Float64));
  if (type == &PyLong_Type) return Ref<ArrayDescr>::borrow(descr_from_type_num(kIntp));
  if (type == &PyBool_Type) return Ref<ArrayDescr>::borrow(descr_of(Element::Bool));
  if (type == &PyComplex_Type) return Ref<ArrayDescr>::borrow(descr_of(Element::Complex128));
  if (type == &PyUnicode_Type) return flexible_descr(kUnicode, 0);
  if (type == &PyBytes_Type) return flexible_descr(kString, 0);
  if (type == &PyMemoryView_Type) return flexible_descr(kVoid, 0);
  if (type == &PyBaseObject_Type) return Ref<ArrayDescr>::borrow(descr_of(Element::Object));
  if (Ref<ArrayDescr> found = descr_from_scalar_type(type)) return found;
  if (PyObject_TypeCheck(reinterpret_cast<PyObject*>(type), &DTypeMeta_Type)) {
    if (ArrayDescr* singleton = dtype_tail(type)->singleton) return Ref<ArrayDescr>::borrow(singleton);
  }
  // A subclass of a scalar type stands for its nearest base.
  if (PyType_IsSubtype(type, &Generic_Type)) {
    for (int i = kBuiltinCount - 1; i >= 0; i--) {
      ArrayDescr* builtin = descr_from_type_num(builtin_types[i].type_num);
      if (PyType_IsSubtype(type, builtin->typeobj)) return Ref<ArrayDescr>::borrow(builtin);
    }
  }
  return nullptr;
}

Ref<ArrayDescr> descr_from_object(PyObject* object) {
  if (object == Py_None) return Ref<ArrayDescr>::borrow(descr_of(Element::Float64));
  if (is_descr(object)) return Ref<ArrayDescr>::borrow(object);
  if (PyUnicode_Check(object)) return descr_from_text(object);
  if (PyBytes_Check(object)) {
    Ref<> text = steal(PyUnicode_FromEncodedObject(object, "ascii", "strict"));
    return text ? descr_from_text(text.get()) : Ref<ArrayDescr>();
  }
  if (PyList_Check(object) || PyDict_Check(object) || PyTuple_Check(object)) {
    Ref<> make = steal(import_member("_core._dtype", "from_parts"));
    Ref<> result = make ? steal(PyObject_CallFunctionObjArgs(make.get(), object, nullptr)) : Ref<>();
    return Ref<ArrayDescr>(std::move(result));
  }
  if (PyType_Check(object)) {
    if (Ref<ArrayDescr> found = descr_from_class(reinterpret_cast<PyTypeObject*>(object))) return found;
  }
  if (!PyType_Check(object) || PyObject_HasAttrString(object, "dtype")) {
    Ref<> attribute = steal(PyObject_GetAttrString(object, "dtype"));
    if (!attribute) {
      PyErr_Clear();
    } else if (is_descr(attribute.get())) {
      return Ref<ArrayDescr>(std::move(attribute));
    }
  }
  // Any other class stands for arrays of objects.
  if (PyType_Check(object) && !PyErr_Occurred()) {
    auto* type = reinterpret_cast<PyTypeObject*>(object);
    if (type != &PyUnicode_Type && type != &PyBytes_Type && type != &PyMemoryView_Type &&
        !PyType_IsSubtype(type, &Generic_Type) && !PyObject_TypeCheck(object, &DTypeMeta_Type))
      return Ref<ArrayDescr>::borrow(descr_of(Element::Object));
  }
  if (!PyErr_Occurred()) PyErr_Format(PyExc_TypeError, "Cannot interpret '%R' as a data type", object);
  return nullptr;
}

int descr_converter(PyObject* object, void* out) {
  auto* result = static_cast<Ref<ArrayDescr>*>(out);
  if (object == Py_None) return 1;
  *result = descr_from_object(object);
  return *result ? 1 : 0;
}

}  // namespace wasmnp
