// Which type may be cast to which, and the common type of two.
#include <cstring>

#include "array.hpp"
#include "casting.hpp"
#include "datetime.hpp"
#include "dtype.hpp"
#include "flexible.hpp"
#include "string_dtype.hpp"

namespace wasmnp {

namespace {

struct ElementKind {
  char kind;
  int size;
};
// In the order of Element.
constexpr int kWide = sizeof(long double);
constexpr ElementKind element_kinds[kElementCount] = {
    {'b', 1}, {'i', 1}, {'u', 1}, {'i', 2}, {'u', 2},  {'i', 4},     {'u', 4},         {'i', 8}, {'u', 8},
    {'f', 2}, {'f', 4}, {'f', 8}, {'c', 8}, {'c', 16}, {'f', kWide}, {'c', 2 * kWide}, {'O', 8}};

int float_bytes(const ElementKind& type) { return type.kind == 'c' ? type.size / 2 : type.size; }

// Every value of `from` is a value of `to` (with NumPy's exception that int64 counts as safe into float64).
bool safe_between(const ElementKind& from, const ElementKind& to) {
  if ((from.kind == to.kind && from.size == to.size) || from.kind == 'b' || to.kind == 'O') return true;
  if (to.kind == 'b' || from.kind == 'O') return false;
  switch (from.kind) {
    case 'u':
      if (to.kind == 'u') return to.size >= from.size;
      if (to.kind == 'i') return to.size > from.size;
      return float_bytes(to) > from.size || float_bytes(to) >= 8;
    case 'i':
      if (to.kind == 'u') return false;
      if (to.kind == 'i') return to.size >= from.size;
      return float_bytes(to) > from.size || float_bytes(to) >= 8;
    case 'f': return (to.kind == 'f' || to.kind == 'c') && float_bytes(to) >= from.size;
    default: return to.kind == 'c' && to.size >= from.size;
  }
}

int kind_rank(char kind) { return static_cast<int>(std::strchr("buifcO", kind) - "buifcO"); }

}  // namespace

bool safe_cast(Element from, Element to) {
  return safe_between(element_kinds[static_cast<int>(from)], element_kinds[static_cast<int>(to)]);
}

bool can_cast(const ArrayDescr* from, const ArrayDescr* to, Casting casting) {
  if (from == to || casting == Casting::Unsafe) return true;
  if (is_string(from) || is_string(to)) {
    const ArrayDescr* other = is_string(from) ? to : from;
    if (is_string(other) || (is_string(to) && is_text(other)) || is_object(to)) return casting >= Casting::Safe;
    return is_text(other) && casting >= Casting::SameKind;
  }
  if (is_time(from) || is_time(to)) return can_cast_time(from, to, casting);
  if (is_flexible(from) || is_flexible(to)) return can_cast_flexible(from, to, casting);
  const int element = element_index(from);
  if (element >= 0 ? element == element_index(to) : from->type_num == to->type_num && from->elsize == to->elsize)
    return casting != Casting::No || is_swapped(from) == is_swapped(to);
  if (casting <= Casting::Equiv) return false;
  const BuiltinType *a = builtin_of(from), *b = builtin_of(to);
  if (!a || !b) return user_can_cast(from, to, casting);
  if (safe_cast(a->element, b->element)) return true;
  return casting == Casting::SameKind && kind_rank(a->kind) <= kind_rank(b->kind);
}

Ref<ArrayDescr> promote(ArrayDescr* a, ArrayDescr* b) {
  if (a == b && !is_swapped(a) && !is_structured(a)) return Ref<ArrayDescr>::borrow(a);
  if (is_string(a) && (is_string(b) || is_text(b))) return Ref<ArrayDescr>::borrow(a);
  if (is_string(b) && is_text(a)) return Ref<ArrayDescr>::borrow(b);
  if ((is_time(a) || is_time(b)) && !is_text(a) && !is_text(b)) return Ref<ArrayDescr>::borrow(promote_time(a, b));
  if (is_flexible(a) || is_flexible(b)) return promote_flexible(a, b);
  const BuiltinType *x = builtin_of(a), *y = builtin_of(b);
  if (x && y) {
    // Of two types of one width, the later one in NumPy's order.
    if (x->element == y->element)
      return Ref<ArrayDescr>::borrow(descr_from_type_num(x->type_num > y->type_num ? x->type_num : y->type_num));
    // An integer type that shares its width with another keeps itself.
    for (const BuiltinType* wide : {x, y})
      if (wide->kind != 'O' && safe_cast(x->element, wide->element) && safe_cast(y->element, wide->element))
        return Ref<ArrayDescr>::borrow(descr_from_type_num(wide->type_num));
    // builtin_types is ordered so that the first type which holds both is the one NumPy's table gives.
    for (const BuiltinType& type : builtin_types)
      if (safe_cast(x->element, type.element) && safe_cast(y->element, type.element))
        return Ref<ArrayDescr>::borrow(descr_of(type.element));
  } else {
    if (a->type_num == b->type_num || user_can_cast(b, a, Casting::Safe)) return Ref<ArrayDescr>::borrow(a);
    if (user_can_cast(a, b, Casting::Safe)) return Ref<ArrayDescr>::borrow(b);
  }
  raise_no_promotion(a, b);
  return nullptr;
}

ArrayDescr* promote_weak(ArrayDescr* other, char weak) {
  const BuiltinType* type = builtin_of(other);
  if (!type) {
    const bool counts = other->type_num == kTimedelta && weak == 'i';
    if (counts || other->type_num >= kUserType) return other;
    raise_no_promotion(other, descr_of(weak == 'i'   ? Element::Int64
                                       : weak == 'f' ? Element::Float64
                                                     : Element::Complex128));
    return nullptr;
  }
  const int rank = kind_rank(type->kind);
  switch (weak) {
    case 'i': return type->kind == 'b' ? descr_from_type_num(kIntp) : descr_from_type_num(type->type_num);
    case 'f': return rank < kind_rank('f') ? descr_of(Element::Float64) : descr_from_type_num(type->type_num);
    default:
      if (type->kind == 'c' || type->kind == 'O') return descr_from_type_num(type->type_num);
      if (type->element == Element::LongDouble) return descr_of(Element::CLongDouble);
      return descr_of(type->kind == 'f' && type->size <= 4 ? Element::Complex64 : Element::Complex128);
  }
}

char weak_kind(PyObject* object) {
  if (PyFloat_CheckExact(object)) return 'f';
  if (PyLong_CheckExact(object)) return 'i';
  if (PyComplex_CheckExact(object)) return 'c';
  return 0;
}

namespace {
const char* const casting_names[] = {"no", "equiv", "safe", "same_kind", "unsafe"};
}

const char* casting_name(Casting casting) { return casting_names[static_cast<int>(casting)]; }

int casting_converter(PyObject* object, void* out) {
  if (PyUnicode_Check(object)) {
    for (int i = 0; i < 5; i++) {
      if (PyUnicode_CompareWithASCIIString(object, casting_names[i]) == 0) {
        *static_cast<Casting*>(out) = static_cast<Casting>(i);
        return 1;
      }
    }
    PyErr_Format(PyExc_ValueError, "casting must be one of 'no', 'equiv', 'safe', 'same_kind', 'unsafe' (got %R)",
                 object);
    return 0;
  }
  PyErr_Format(PyExc_TypeError, "casting must be str, not %s", Py_TYPE(object)->tp_name);
  return 0;
}

}  // namespace wasmnp
