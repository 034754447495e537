#include "element_order.hpp"

#include <cstring>
#include <type_traits>

#include "../text/half.hpp"
#include "array.hpp"
#include "casting.hpp"
#include "datetime.hpp"
#include "flexible.hpp"
#include "string_dtype.hpp"
#include "unaligned.hpp"

namespace wasmnp {

namespace {

// NaN is the largest number.
template <class T>
int real_less(T a, T b) {
  if constexpr (std::is_floating_point_v<T>) return a < b || (b != b && a == a);
  return a < b;
}
template <class T>
int less_values(const ArrayDescr*, const char* a, const char* b) {
  return real_less(load_value<T>(a), load_value<T>(b));
}
template <class T>
bool is_nan(const char* element) {
  const T value = load_value<T>(element);
  return value != value;
}

int less_halves(const ArrayDescr*, const char* a, const char* b) {
  return real_less(half_to_float(load_value<Half>(a)), half_to_float(load_value<Half>(b)));
}
bool is_nan_half(const char* element) { return (load_value<Half>(element).bits & 0x7fff) > 0x7c00; }

// Numbers with a NaN part go last: those with a NaN imaginary part alone before those with a NaN real part.
template <class T>
int less_complex(const ArrayDescr*, const char* a, const char* b) {
  const T ar = load_value<T>(a), ai = load_value<T>(a + sizeof(T)), br = load_value<T>(b),
          bi = load_value<T>(b + sizeof(T));
  if (ar < br) return ai == ai || bi != bi;
  if (ar > br) return bi != bi && ai == ai;
  if (ar == br || (ar != ar && br != br)) return ai < bi || (bi != bi && ai == ai);
  return br != br;
}
template <class T>
bool is_nan_complex(const char* element) {
  return is_nan<T>(element) || is_nan<T>(element + sizeof(T));
}

template <class T>
constexpr ElementOrder kIntegers{less_values<T>, nullptr};
template <class T>
constexpr ElementOrder kFloats{less_values<T>, is_nan<T>};
template <class T>
constexpr ElementOrder kComplex{less_complex<T>, is_nan_complex<T>};

// Times count from an epoch; not-a-time goes last.
int less_times(const ArrayDescr*, const char* a, const char* b) {
  const auto first = load_value<int64_t>(a), second = load_value<int64_t>(b);
  return first != kNaT && (second == kNaT || first < second);
}
bool is_not_a_time(const char* element) { return load_value<int64_t>(element) == kNaT; }

int less_text(const ArrayDescr* descr, const char* a, const char* b) { return compare_text(descr, a, descr, b) < 0; }
int less_bytes(const ArrayDescr* descr, const char* a, const char* b) {
  return std::memcmp(a, b, static_cast<size_t>(descr->elsize)) < 0;
}

// The order of a field: bytes of a sub-array count as they lie in memory, as NumPy's.
bool field_order(const Field& field, ElementOrder* order) {
  if (!field.descr->subarray) return element_order(field.descr, order);
  *order = {less_bytes, nullptr};
  return true;
}

// A field of an element with the machine's order of bytes; text tells its order by its type.
class FieldValue {
 public:
  FieldValue(const Field& field, const char* element) : data_(element + field.offset) {
    const intp unit = field.descr->kind == 'U' ? 0 : swap_unit(field.descr), size = field.descr->elsize;
    if (!unit) return;
    copy_run(native_, size, data_, size, 1, size, unit);
    data_ = native_;
  }
  static bool holds(const ArrayDescr* descr) {
    return descr->kind == 'U' || !is_swapped(descr) || descr->elsize <= kMaxElementSize;
  }
  const char* data() const { return data_; }

 private:
  const char* data_;
  alignas(16) char native_[kMaxElementSize];
};

// The first field in which two structures differ.
int less_structures(const ArrayDescr* descr, const char* a, const char* b) {
  auto* own = const_cast<ArrayDescr*>(descr);
  for (Py_ssize_t k = 0; k < field_count(own); k++) {
    Field field;
    ElementOrder order;
    if (!nth_field(own, k, &field) || !field_order(field, &order)) return -1;
    const FieldValue first(field, a), second(field, b);
    const int less = order.less(field.descr, first.data(), second.data());
    if (less) return less;
    const int greater = order.less(field.descr, second.data(), first.data());
    if (greater) return greater < 0 ? -1 : 0;
  }
  return 0;
}
bool has_order(ArrayDescr* structure) {
  for (Py_ssize_t k = 0; k < field_count(structure); k++) {
    Field field;
    ElementOrder order;
    if (!nth_field(structure, k, &field) || !FieldValue::holds(field.descr) || !field_order(field, &order))
      return false;
  }
  return true;
}

int less_objects(const ArrayDescr*, const char* a, const char* b) {
  const Ref<> first = object_at(a), second = object_at(b);  // held: the comparison may run any code
  return PyObject_RichCompareBool(first.get(), second.get(), Py_LT);
}

int less_strings(const ArrayDescr*, const char* a, const char* b) { return compare_strings(a, b, Py_LT); }

// Registered user types compare through the function that they brought.
int less_by_compare(const ArrayDescr* descr, const char* a, const char* b) {
  auto* own = const_cast<ArrayDescr*>(descr);
  Ref<ArrayObject> array = new_view(nullptr, own, 0, nullptr, nullptr, const_cast<char*>(a), 0);
  if (!array) return -1;
  const int sign = dtype_slots(own)->functions->compare(a, b, array.get());
  return PyErr_Occurred() ? -1 : sign < 0;
}

}  // namespace

bool element_order(ArrayDescr* descr, ElementOrder* order) {
  switch (element_index(descr)) {
    case static_cast<int>(Element::Bool):
    case static_cast<int>(Element::UInt8): *order = kIntegers<uint8_t>; return true;
    case static_cast<int>(Element::Int8): *order = kIntegers<int8_t>; return true;
    case static_cast<int>(Element::Int16): *order = kIntegers<int16_t>; return true;
    case static_cast<int>(Element::UInt16): *order = kIntegers<uint16_t>; return true;
    case static_cast<int>(Element::Int32): *order = kIntegers<int32_t>; return true;
    case static_cast<int>(Element::UInt32): *order = kIntegers<uint32_t>; return true;
    case static_cast<int>(Element::Int64): *order = kIntegers<int64_t>; return true;
    case static_cast<int>(Element::UInt64): *order = kIntegers<uint64_t>; return true;
    case static_cast<int>(Element::Float16): *order = {less_halves, is_nan_half}; return true;
    case static_cast<int>(Element::Float32): *order = kFloats<float>; return true;
    case static_cast<int>(Element::Float64): *order = kFloats<double>; return true;
    case static_cast<int>(Element::Complex64): *order = kComplex<float>; return true;
    case static_cast<int>(Element::Complex128): *order = kComplex<double>; return true;
    case static_cast<int>(Element::LongDouble): *order = kFloats<long double>; return true;
    case static_cast<int>(Element::CLongDouble): *order = kComplex<long double>; return true;
    case static_cast<int>(Element::Object): *order = {less_objects, nullptr}; return true;
    default: break;
  }
  switch (descr->kind) {
    case 'm':
    case 'M': *order = {less_times, is_not_a_time}; return true;
    case 'S':
    case 'U': *order = {less_text, nullptr}; return true;
    case 'V':
      if (descr->subarray || descr->type_num >= kUserType || !has_order(descr)) return false;
      *order = {field_count(descr) ? less_structures : less_bytes, nullptr};
      return true;
    default: break;
  }
  if (is_string(descr)) {
    *order = {less_strings, nullptr};
    return true;
  }
  const DTypeSlots* slots = dtype_slots(descr);
  if (!slots || !slots->functions || !slots->functions->compare) return false;
  *order = {less_by_compare, nullptr};
  return true;
}

}  // namespace wasmnp
