// Types whose descriptors carry a size: bytes (S), text (U), opaque bytes and structures (V).
#pragma once

#include "dtype.hpp"

namespace wasmnp {

inline bool is_text(const ArrayDescr* descr) { return descr->type_num == kString || descr->type_num == kUnicode; }
inline bool is_flexible(const ArrayDescr* descr) { return is_text(descr) || descr->type_num == kVoid; }
inline bool is_structured(const ArrayDescr* descr) { return descr->names != nullptr; }
inline bool is_unsized(const ArrayDescr* descr) {
  return is_flexible(descr) && descr->elsize == 0 && !descr->names && !descr->subarray;
}

// S, U or V of `elsize` bytes; for U in the byte order '<' or '>'.
Ref<ArrayDescr> flexible_descr(int type_num, intp elsize, char order = '=');
ArrayDescr* flexible_singleton(int type_num);  // of size 0
// The type of a str, bytes, or scalar of a flexible type; null without an error for anything else.
Ref<ArrayDescr> flexible_descr_of(PyObject* value);
// `descr` with the size that elements of `from` need, if it has none of its own.
Ref<ArrayDescr> sized_for(ArrayDescr* descr, const ArrayDescr* from);
// The same for the elements of an array: of objects, every one is looked at.
Ref<ArrayDescr> sized_for_array(ArrayDescr* descr, ArrayObject* array);
// The same for one Python value.
Ref<ArrayDescr> sized_for_value(ArrayDescr* descr, PyObject* value);

bool can_cast_flexible(const ArrayDescr* from, const ArrayDescr* to, Casting casting);
Ref<ArrayDescr> promote_flexible(ArrayDescr* a, ArrayDescr* b);  // null with DTypePromotionError
bool equivalent_flexible(const ArrayDescr* a, const ArrayDescr* b);
Ref<> raise_no_promotion(const ArrayDescr* a, const ArrayDescr* b);  // sets the error, returns null
bool is_no_promotion();                                              // whether that is the current error

// Copies S or U elements into others of that kind, of any size and byte order.
void copy_text(const ArrayDescr* from, const char* in, intp in_stride, const ArrayDescr* to, char* out, intp out_stride,
               intp count);
// Below, at or above zero, padding not counted.
int compare_text(const ArrayDescr* a, const char* x, const ArrayDescr* b, const char* y);

// ---- structures (structured.cpp)

// The place of a field: borrowed type and offset; false with KeyError or IndexError.
struct Field {
  ArrayDescr* descr = nullptr;
  intp offset = 0;
};
bool find_field(const ArrayDescr* descr, PyObject* name, Field* field);
Py_ssize_t field_count(const ArrayDescr* descr);
bool nth_field(const ArrayDescr* descr, Py_ssize_t index, Field* field);
// Whether a subscript names a field or is a list of names.
bool is_field_key(const ArrayDescr* descr, PyObject* key);
// A view of one field, or of several, of every element.
ArrayObject* field_view(ArrayObject* array, PyObject* key);
PyObject* structured_dtype(PyObject*, PyObject* args);
PyObject* subarray_dtype(PyObject*, PyObject* args);
PyObject* void_getitem(ArrayDescr* descr, const char* data);
int void_setitem(ArrayDescr* descr, PyObject* value, char* data);
PyObject* descr_subscript(PyObject* self, PyObject* key);
bool equivalent_structures(const ArrayDescr* a, const ArrayDescr* b);

// ---- scalars (flexible_scalars.cpp)
extern PyTypeObject Void_Type, Str_Type, Bytes_Type, Flexible_Type, Character_Type;
// The memory of an np.void, with its type.
char* void_data(PyObject* scalar, ArrayDescr** descr);
// np.bytes_, np.str_, or np.void with bytes of its own. `owner`: an array whose memory a structure goes on sharing.
PyObject* flexible_scalar(ArrayDescr* descr, const char* data, PyObject* owner = nullptr);
int init_flexible_scalars();
int add_flexible_scalars(PyObject* module);
int init_flexible(PyObject* module);

}  // namespace wasmnp
