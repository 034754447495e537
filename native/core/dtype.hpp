// Descriptors, dtype classes and the promotion and casting rules between the built-in types.
#pragma once

#include "../../kernels/cpu/kernel_table.hpp"
#include "../abi/numpy_abi.hpp"
#include "../python/ref.hpp"

namespace wasmnp {

struct BuiltinType {
  int type_num;
  Element element;
  char kind, character;
  intp size, alignment;
  const char* name;         // "float64"
  const char* scalar_name;  // "float64", "longlong"
  const char* class_path;   // "dtypes.Float64DType"
};

inline constexpr intp kMaxElementSize = 2 * sizeof(long double);  // of the numeric built-in types

// Flags of descriptors (NPY_ITEM_REFCOUNT and its like).
enum DescrFlag : uint64_t {
  kItemHasReferences = 1,
  kObjectDescr = 0x3f,
  kStructureFlags = 0x1b,  // what a structure takes from its fields (NPY_FROM_FIELDS)
  kAlignedStructure = 0x80,
};

// What one dtype class can do: the slot table that later text, structured and datetime types fill too.
struct DTypeSlots {
  PyObject* (*getitem)(ArrayDescr* descr, const char* data);
  int (*setitem)(ArrayDescr* descr, PyObject* value, char* data);
  const BuiltinType* builtin;  // null for user types
  ArrayFunctions* functions;   // registered (NumPy 1.x) user types
};

inline constexpr int kBuiltinCount = 19;
extern const BuiltinType builtin_types[kBuiltinCount];

extern PyTypeObject DTypeMeta_Type;
PyTypeObject* dtype_type();  // `dtype`, itself an instance of the metaclass

DTypeMetaTail* dtype_tail(PyTypeObject* dtype_class);
inline DTypeSlots* dtype_slots(ArrayDescr* descr) {
  return static_cast<DTypeSlots*>(dtype_tail(Py_TYPE(reinterpret_cast<PyObject*>(descr)))->dt_slots);
}
// Borrowed; null without an error where this build has no such type.
ArrayDescr* descr_from_type_num(int type_num);
ArrayDescr* descr_of(Element element);
bool is_descr(PyObject* object);

// The row of builtin_types; null for other types.
const BuiltinType* builtin_of(const ArrayDescr* descr);
// The storage type, for descriptors of built-in types (-1 for the others).
int element_index(const ArrayDescr* descr);
inline Element element_of(const ArrayDescr* descr) { return static_cast<Element>(element_index(descr)); }
inline bool is_swapped(const ArrayDescr* descr) { return descr->byteorder == '>'; }
inline bool is_native_builtin(const ArrayDescr* descr) { return element_index(descr) >= 0 && !is_swapped(descr); }
bool is_complex(const ArrayDescr* descr);
inline bool is_object(const ArrayDescr* descr) { return descr->type_num == kObject; }
// Whether elements are references that copies must count.
inline bool has_references(const ArrayDescr* descr) { return descr->flags & kItemHasReferences; }
// Whether elements are plain values of a built-in type, which fit in kMaxElementSize bytes.
inline bool is_plain_builtin(const ArrayDescr* descr) { return descr->type_num < kObject || descr->type_num == kHalf; }
// Puts references to a value in the place of those in `count` elements, which are dropped; null leaves them empty.
void set_references(ArrayDescr* descr, char* data, intp count, PyObject* value);
inline void release_references(ArrayDescr* descr, char* data, intp count) {
  set_references(descr, data, count, nullptr);
}

// dtype(object): null with TypeError when it cannot be understood. None gives float64.
Ref<ArrayDescr> descr_from_object(PyObject* object);
// The dtype that a Python class, NumPy scalar class or dtype class names; null without an error when none.
Ref<ArrayDescr> descr_from_class(PyTypeObject* type);
Ref<ArrayDescr> descr_from_scalar_type(PyTypeObject* type);
Ref<ArrayDescr> descr_with_byteorder(ArrayDescr* descr, char order);  // '<' '>' '=' '|' 'S'
bool equivalent(const ArrayDescr* a, const ArrayDescr* b);

bool safe_cast(Element from, Element to);  // also between types that this build lacks
bool can_cast(const ArrayDescr* from, const ArrayDescr* to, Casting casting);
Ref<ArrayDescr> promote(ArrayDescr* a, ArrayDescr* b);  // null with DTypePromotionError-like TypeError
// The type that a weak Python number takes beside `other` (NEP 50). kind: 'i', 'f' or 'c'.
ArrayDescr* promote_weak(ArrayDescr* other, char weak_kind);
// 'i', 'f', 'c' for a Python int, float or complex exactly (bool is not weak), else 0.
char weak_kind(PyObject* object);

const char* casting_name(Casting casting);
int casting_converter(PyObject* object, void* out);
int descr_converter(PyObject* object, void* out);  // leaves null for None

// A new user dtype class (C-ABI registration, and the metaclass test).
PyTypeObject* new_dtype_class(const char* name, PyTypeObject* scalar_type, int type_num, DTypeSlots* slots);
int register_user_type(ArrayDescr* descr);  // returns its type number

int init_dtypes(PyObject* module);

}  // namespace wasmnp
