#include "flexible.hpp"

#include <cstring>

#include "array.hpp"
#include "casting.hpp"
#include "iterate.hpp"
#include "scalar.hpp"
#include "state.hpp"

namespace wasmnp {

namespace {

PyTypeObject* classes[3];  // of S, U and V
DTypeSlots slots[3];
int index_of(int type_num) { return type_num - kString; }

using Char = uint32_t;

// A code unit of an element, widened; units of a byte are bytes, those of four the machine's or swapped.
Char unit_at(const ArrayDescr* descr, const char* data, intp index) {
  if (descr->type_num != kUnicode) return static_cast<unsigned char>(data[index]);
  Char unit;
  std::memcpy(&unit, data + 4 * index, sizeof unit);
  return is_swapped(descr) ? __builtin_bswap32(unit) : unit;
}
void put_unit(const ArrayDescr* descr, char* data, intp index, Char unit) {
  if (descr->type_num != kUnicode) {
    data[index] = static_cast<char>(unit);
    return;
  }
  if (is_swapped(descr)) unit = __builtin_bswap32(unit);
  std::memcpy(data + 4 * index, &unit, sizeof unit);
}
intp units_of(const ArrayDescr* descr) { return descr->type_num == kUnicode ? descr->elsize / 4 : descr->elsize; }
intp used_units(const ArrayDescr* descr, const char* data) {
  intp count = units_of(descr);
  while (count > 0 && unit_at(descr, data, count - 1) == 0) count--;
  return count;
}

PyObject* bytes_getitem(ArrayDescr* descr, const char* data) {
  return PyBytes_FromStringAndSize(data, used_units(descr, data));
}

PyObject* text_getitem(ArrayDescr* descr, const char* data) {
  int order = is_swapped(descr) ? 1 : -1;
  return PyUnicode_DecodeUTF32(data, 4 * used_units(descr, data), "surrogatepass", &order);
}

// str of any value, text of bytes.
Ref<> as_text(PyObject* value) {
  if (PyUnicode_Check(value)) return borrow(value);
  if (PyBytes_Check(value)) return steal(PyUnicode_FromEncodedObject(value, "ascii", "strict"));
  if (PyList_Check(value) || PyTuple_Check(value)) {
    PyErr_SetString(PyExc_ValueError, "setting an array element with a sequence");
    return nullptr;
  }
  return steal(PyObject_Str(value));
}

int text_setitem(ArrayDescr* descr, PyObject* value, char* data) {
  Ref<> text = as_text(value);
  Ref<> units =
      text
          ? steal(PyUnicode_AsEncodedString(text.get(), is_swapped(descr) ? "utf-32-be" : "utf-32-le", "surrogatepass"))
          : Ref<>();
  if (!units) return -1;
  const intp given = PyBytes_Size(units.get()), size = given < descr->elsize ? given : descr->elsize;
  std::memcpy(data, PyBytes_AsString(units.get()), static_cast<size_t>(size));
  std::memset(data + size, 0, static_cast<size_t>(descr->elsize - size));
  return 0;
}

// The bytes of a value: of bytes themselves, else of its text in ASCII.
Ref<> as_bytes(PyObject* value) {
  if (PyBytes_Check(value)) return borrow(value);
  Ref<> text = as_text(value);
  return text ? steal(PyUnicode_AsASCIIString(text.get())) : Ref<>();
}

int bytes_setitem(ArrayDescr* descr, PyObject* value, char* data) {
  Ref<> bytes = as_bytes(value);
  if (!bytes) return -1;
  const intp given = PyBytes_Size(bytes.get()), size = given < descr->elsize ? given : descr->elsize;
  std::memcpy(data, PyBytes_AsString(bytes.get()), static_cast<size_t>(size));
  std::memset(data + size, 0, static_cast<size_t>(descr->elsize - size));
  return 0;
}

// Characters that hold any value of a number type (NumPy's table; for integers the digits and a sign).
intp text_length(const ArrayDescr* from) {
  switch (from->kind) {
    case 'b': return 5;
    case 'u': return from->elsize == 1 ? 3 : from->elsize == 2 ? 5 : from->elsize == 4 ? 10 : 20;
    case 'i': return from->elsize == 1 ? 4 : from->elsize == 2 ? 6 : from->elsize == 4 ? 11 : 21;
    case 'f': return from->type_num == kLongDouble && from->elsize > 8 ? 48 : 32;
    case 'c': return from->type_num == kCLongDouble && from->elsize > 16 ? 96 : 64;
    case 'M': return 28;
    case 'm': return 28;
    default: return 0;
  }
}

}  // namespace

Ref<ArrayDescr> flexible_descr(int type_num, intp elsize, char order) {
  ArrayDescr* singleton = dtype_tail(classes[index_of(type_num)])->singleton;
  if (singleton && elsize == 0 && order != '>') return Ref<ArrayDescr>::borrow(singleton);
  auto* descr = PyObject_New(ArrayDescr, classes[index_of(type_num)]);
  if (!descr) return nullptr;
  const PyObject header = *reinterpret_cast<PyObject*>(descr);
  std::memset(static_cast<void*>(descr), 0, sizeof *descr);
  *reinterpret_cast<PyObject*>(descr) = header;
  descr->typeobj = dtype_tail(classes[index_of(type_num)])->scalar_type;
  descr->kind = descr->type = "SUV"[index_of(type_num)];
  descr->byteorder = type_num == kUnicode ? (order == '>' ? '>' : '=') : '|';
  descr->type_num = type_num;
  descr->elsize = elsize;
  descr->alignment = type_num == kUnicode ? 4 : 1;
  descr->hash = -1;
  return Ref<ArrayDescr>::steal(descr);
}

ArrayDescr* flexible_singleton(int type_num) {
  return classes[0] ? dtype_tail(classes[index_of(type_num)])->singleton : nullptr;
}

Ref<ArrayDescr> flexible_descr_of(PyObject* value) {
  if (PyUnicode_Check(value)) return flexible_descr(kUnicode, 4 * PyUnicode_GetLength(value));
  if (PyBytes_Check(value)) return flexible_descr(kString, PyBytes_Size(value));
  if (PyObject_TypeCheck(value, &Void_Type)) {
    Ref<> descr = steal(PyObject_GetAttrString(value, "dtype"));
    return Ref<ArrayDescr>(std::move(descr));
  }
  return nullptr;
}

Ref<ArrayDescr> sized_for(ArrayDescr* descr, const ArrayDescr* from) {
  if (!is_unsized(descr)) return Ref<ArrayDescr>::borrow(descr);
  const char order = is_swapped(descr) ? '>' : '=';
  if (descr->type_num == kVoid) {
    if (from->type_num == kVoid) return Ref<ArrayDescr>::borrow(const_cast<ArrayDescr*>(from));
    return flexible_descr(kVoid, from->elsize);
  }
  const intp units = is_flexible(from) ? units_of(from) : text_length(from);
  return flexible_descr(descr->type_num, descr->type_num == kUnicode ? 4 * units : units, order);
}

Ref<ArrayDescr> sized_for_array(ArrayDescr* descr, ArrayObject* array) {
  if (!is_unsized(descr) || !has_references(array->descr)) return sized_for(descr, array->descr);
  LoopSpace space;
  space.nd = array->nd;
  for (int i = 0; i < array->nd; i++) space.shape[i] = array->dimensions[i];
  space.add(array->data, array->nd, array->dimensions, array->strides);
  Ref<ArrayDescr> widest = Ref<ArrayDescr>::borrow(descr);
  for_each_element(space, [&](char** pointers) {
    if (!widest) return;
    const Ref<> value = steal(dtype_slots(array->descr)->getitem(array->descr, pointers[0]));
    Ref<ArrayDescr> own = value ? sized_for_value(descr, value.get()) : Ref<ArrayDescr>();
    if (!own || own->elsize > widest->elsize) widest = std::move(own);
  });
  return widest;
}

Ref<ArrayDescr> sized_for_value(ArrayDescr* descr, PyObject* value) {
  if (!is_unsized(descr)) return Ref<ArrayDescr>::borrow(descr);
  const char order = is_swapped(descr) ? '>' : '=';
  if (descr->type_num == kUnicode) {
    Ref<> text = as_text(value);
    return text ? flexible_descr(kUnicode, 4 * PyUnicode_GetLength(text.get()), order) : Ref<ArrayDescr>();
  }
  if (descr->type_num == kVoid && !PyBytes_Check(value)) {
    Ref<ArrayDescr> own = flexible_descr_of(value);
    if (own) return own->type_num == kVoid ? std::move(own) : flexible_descr(kVoid, own->elsize);
    if (ArrayDescr* number = scalar_descr(value)) return flexible_descr(kVoid, number->elsize);
  }
  Ref<> bytes = as_bytes(value);
  return bytes ? flexible_descr(descr->type_num, PyBytes_Size(bytes.get())) : Ref<ArrayDescr>();
}

bool equivalent_flexible(const ArrayDescr* a, const ArrayDescr* b) {
  if (a->type_num != b->type_num || a->elsize != b->elsize || is_swapped(a) != is_swapped(b)) return false;
  return a->type_num != kVoid || equivalent_structures(a, b);
}

bool can_cast_flexible(const ArrayDescr* from, const ArrayDescr* to, Casting casting) {
  if (equivalent_flexible(from, to)) return true;
  if (casting == Casting::Unsafe) return true;
  const bool safe_only = casting <= Casting::Safe;
  if (to->type_num == kObject) return casting >= Casting::Safe;
  if (is_text(from) && is_text(to)) {
    if (from->type_num == kUnicode && to->type_num == kString) return false;
    if (is_unsized(to) && casting >= Casting::Safe) return true;
    const bool same_size = units_of(from) == units_of(to) && from->type_num == to->type_num;
    if (same_size && casting == Casting::Equiv) return true;
    if (casting <= Casting::Equiv) return false;
    return !safe_only || units_of(from) <= units_of(to);
  }
  if (casting <= Casting::Equiv) {
    if (casting == Casting::Equiv && is_structured(from) && is_structured(to)) {
      const Py_ssize_t count = field_count(from);
      if (count != field_count(to)) return false;
      for (Py_ssize_t i = 0; i < count; i++) {
        Field a, b;
        if (!nth_field(from, i, &a) || !nth_field(to, i, &b) || a.offset != b.offset ||
            !can_cast(a.descr, b.descr, Casting::Equiv))
          return PyErr_Clear(), false;
      }
      return from->elsize == to->elsize && PyObject_RichCompareBool(from->names, to->names, Py_EQ) == 1;
    }
    return false;
  }
  if (to->type_num == kVoid && !is_structured(to) && !to->subarray) {
    if (is_unsized(to)) return true;
    return from->type_num == kVoid && !is_structured(from) ? !safe_only || from->elsize <= to->elsize
                                                           : from->elsize <= to->elsize || !safe_only;
  }
  if (is_structured(from) && is_structured(to)) {
    const Py_ssize_t count = field_count(from);
    if (count != field_count(to)) return false;
    for (Py_ssize_t i = 0; i < count; i++) {
      Field a, b;
      if (!nth_field(from, i, &a) || !nth_field(to, i, &b) || !can_cast(a.descr, b.descr, casting))
        return PyErr_Clear(), false;
    }
    return true;
  }
  if (is_structured(from) && field_count(from) == 1) {
    Field only;
    return nth_field(from, 0, &only) && can_cast(only.descr, to, casting);
  }
  if (is_structured(to)) return !safe_only && false;
  if (is_text(to) && element_index(from) >= 0 && !is_object(from)) {
    if (is_unsized(to)) return true;
    return !safe_only || units_of(to) >= text_length(from);
  }
  return false;
}

bool is_no_promotion() {
  static PyObject* kind;
  if (!kind) {
    // Nothing is imported while an error is set.
    PyObject *type, *value, *traceback;
    PyErr_Fetch(&type, &value, &traceback);
    kind = import_member("exceptions", "DTypePromotionError");
    PyErr_Restore(type, value, traceback);
  }
  return kind && PyErr_ExceptionMatches(kind);
}

Ref<> raise_no_promotion(const ArrayDescr* a, const ArrayDescr* b) {
  Ref<> type = steal(import_member("exceptions", "DTypePromotionError"));
  const auto name = [](const ArrayDescr* descr) {
    return reinterpret_cast<PyObject*>(Py_TYPE(reinterpret_cast<PyObject*>(const_cast<ArrayDescr*>(descr))));
  };
  if (type)
    PyErr_Format(type.get(),
                 "The DType %S could not be promoted by %S. This means that no common DType exists for the given "
                 "inputs. For example they cannot be stored in a single array unless the dtype is `object`. The full "
                 "list of DTypes is: (%S, %S)",
                 name(a), name(b), name(a), name(b));
  return nullptr;
}

Ref<ArrayDescr> promote_flexible(ArrayDescr* a, ArrayDescr* b) {
  if (is_object(a) || is_object(b)) return Ref<ArrayDescr>::borrow(descr_of(Element::Object));
  if (is_text(a) || is_text(b)) {
    const bool unicode = a->type_num == kUnicode || b->type_num == kUnicode;
    const bool texts = (is_text(a) || element_index(a) >= 0) && (is_text(b) || element_index(b) >= 0);
    if (texts) {
      const intp x = is_text(a) ? units_of(a) : text_length(a), y = is_text(b) ? units_of(b) : text_length(b);
      const intp units = x > y ? x : y;
      return flexible_descr(unicode ? kUnicode : kString, unicode ? 4 * units : units);
    }
  } else if (a->type_num == kVoid && b->type_num == kVoid) {
    // Structures are packed even if they are equal.
    if (!is_structured(a) && equivalent_structures(a, b) && a->elsize == b->elsize) return Ref<ArrayDescr>::borrow(a);
    if (is_structured(a) && is_structured(b)) {
      Ref<> promote_fields = steal(import_member("_core._dtype", "promote_structures"));
      Ref<> result = promote_fields
                         ? steal(PyObject_CallFunctionObjArgs(promote_fields.get(), reinterpret_cast<PyObject*>(a),
                                                              reinterpret_cast<PyObject*>(b), nullptr))
                         : Ref<>();
      return Ref<ArrayDescr>(std::move(result));
    }
    Ref<> type = steal(import_member("exceptions", "DTypePromotionError"));
    if (type)
      PyErr_SetString(type.get(), "invalid type promotion with structured or void datatype(s) of different sizes");
    return nullptr;
  }
  raise_no_promotion(a, b);
  return nullptr;
}

void copy_text(const ArrayDescr* from, const char* in, intp in_stride, const ArrayDescr* to, char* out, intp out_stride,
               intp count) {
  const intp given = units_of(from), room = units_of(to), units = given < room ? given : room;
  for (intp i = 0; i < count; i++, in += in_stride, out += out_stride) {
    for (intp k = 0; k < units; k++) {
      const Char unit = unit_at(from, in, k);
      if (unit > 127 && from->type_num != to->type_num) {
        // Bytes are text in ASCII alone, and the other way round.
        PyErr_SetString(PyExc_UnicodeError, "only ASCII text is converted between bytes and str");
        return;
      }
      put_unit(to, out, k, unit);
    }
    for (intp k = units; k < room; k++) put_unit(to, out, k, 0);
  }
}

int compare_text(const ArrayDescr* a, const char* x, const ArrayDescr* b, const char* y) {
  const intp m = units_of(a), n = units_of(b);
  for (intp i = 0; i < m || i < n; i++) {
    const Char p = i < m ? unit_at(a, x, i) : 0, q = i < n ? unit_at(b, y, i) : 0;
    if (p != q) return p < q ? -1 : 1;
  }
  return 0;
}

int init_flexible(PyObject* module) {
  static PyMethodDef functions[] = {
      {"_structured_dtype", structured_dtype, METH_VARARGS, "A structured dtype from its parts."},
      {"_subarray_dtype", subarray_dtype, METH_VARARGS, "A sub-array dtype of a base and a shape."},
      {nullptr, nullptr, 0, nullptr},
  };
  static const struct {
    const char* path;
    PyTypeObject* scalar;
    PyObject* (*getitem)(ArrayDescr*, const char*);
    int (*setitem)(ArrayDescr*, PyObject*, char*);
  } rows[3] = {{"dtypes.BytesDType", &Bytes_Type, bytes_getitem, bytes_setitem},
               {"dtypes.StrDType", &Str_Type, text_getitem, text_setitem},
               {"dtypes.VoidDType", &Void_Type, void_getitem, void_setitem}};
  for (int i = 0; i < 3; i++) {
    slots[i] = {rows[i].getitem, rows[i].setitem, nullptr, nullptr};
    classes[i] = new_dtype_class(rows[i].path, rows[i].scalar, kString + i, &slots[i]);
    if (!classes[i]) return -1;
    dtype_tail(classes[i])->flags |= kDTypeParametric;
    dtype_tail(classes[i])->singleton = flexible_descr(kString + i, 0).release();
    if (!dtype_tail(classes[i])->singleton) return -1;
  }
  return PyModule_AddFunctions(module, functions);
}

}  // namespace wasmnp
