// c_einsum: sums of products over labelled axes. Pairs of operands whose sum runs over one label are matrix products;
// everything else is summed element by element along the label with the smallest strides.
#include <cstring>
#include <type_traits>

#include "../python/arguments.hpp"
#include "../python/gil.hpp"
#include "../text/half.hpp"
#include "casting.hpp"
#include "errstate.hpp"
#include "functions.hpp"
#include "indexing.hpp"
#include "iterate.hpp"
#include "operands.hpp"
#include "products.hpp"
#include "unaligned.hpp"

namespace wasmnp {

namespace {

constexpr int kMaxEinsum = 64;        // operands
constexpr int kBroadcastLabel = 128;  // and those after it: the axes of an ellipsis, the last one first
constexpr int kLabels = kBroadcastLabel + kMaxDims;

// One operand's axes by label.
struct Labelled {
  Ref<ArrayObject> array;
  int labels[kMaxDims];
};

struct Einsum {
  int count = 0;
  Labelled operands[kMaxEinsum];
  int out_nd = 0, out_labels[kMaxDims];
  intp sizes[kLabels];
  int uses[kLabels] = {};
  int broadcast_nd = 0;

  bool parse_operand(int k, const char* text, int length);
  bool parse_output(const char* text, bool explicit_output);
  bool find_sizes();
  bool sums_nothing() const;
  Ref<ArrayObject> single_view() const;
  intp stride(int k, int label) const {
    const ArrayObject* array = operands[k].array.get();
    intp total = 0;
    for (int i = 0; i < array->nd; i++)
      if (operands[k].labels[i] == label && array->dimensions[i] != 1) total += array->strides[i];
    return total;
  }
};

bool letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

bool bad_subscript(char c) {
  PyErr_Format(PyExc_ValueError, "invalid subscript '%c' in einstein sum subscripts string, subscripts must be letters",
               c);
  return false;
}
bool bad_dot() {
  PyErr_SetString(PyExc_ValueError,
                  "einstein sum subscripts string contains a '.' that is not part of an ellipsis ('...')");
  return false;
}

bool Einsum::parse_operand(int k, const char* text, int length) {
  const int nd = operands[k].array->nd;
  int letters[kMaxDims + 1], count = 0, ellipsis = -1;
  for (int i = 0; i < length; i++) {
    const char c = text[i];
    if (letter(c)) {
      if (count >= nd) {
        PyErr_Format(PyExc_ValueError, "einstein sum subscripts string contains too many subscripts for operand %d", k);
        return false;
      }
      letters[count++] = c;
    } else if (c == '.') {
      if (ellipsis >= 0 || i + 2 >= length || text[i + 1] != '.' || text[i + 2] != '.') return bad_dot();
      ellipsis = count;
      i += 2;
    } else if (c != ' ') {
      return bad_subscript(c);
    }
  }
  const int extra = nd - count;
  if (extra > 0 && ellipsis < 0) {
    PyErr_SetString(PyExc_ValueError,
                    "operand has more dimensions than subscripts given in einstein sum, but no '...' ellipsis provided "
                    "to broadcast the extra dimensions.");
    return false;
  }
  int* labels = operands[k].labels;
  for (int i = 0, own = 0; i < nd; i++) {
    const bool spread = ellipsis >= 0 && i >= ellipsis && i < ellipsis + extra;
    labels[i] = spread ? kBroadcastLabel + (extra - 1 - (i - ellipsis)) : letters[own++];
  }
  if (extra > broadcast_nd) broadcast_nd = extra;
  for (int i = 0; i < nd; i++) {
    uses[labels[i]]++;
    for (int j = 0; j < i; j++) {
      if (labels[j] != labels[i]) continue;
      const intp a = operands[k].array->dimensions[j], b = operands[k].array->dimensions[i];
      if (a == b || a == 1 || b == 1) continue;
      PyErr_Format(PyExc_ValueError, "dimensions in operand %d for collapsing index '%c' don't match (%zd != %zd)", k,
                   static_cast<char>(labels[i]), a, b);
      return false;
    }
  }
  return true;
}

bool Einsum::parse_output(const char* text, bool explicit_output) {
  out_nd = 0;
  const auto add_broadcast = [&] {
    for (int i = broadcast_nd - 1; i >= 0; i--) out_labels[out_nd++] = kBroadcastLabel + i;
  };
  if (!explicit_output) {
    add_broadcast();
    for (int c = 'A'; c <= 'z'; c++) {
      if (uses[c] != 1) continue;
      if (out_nd >= kMaxDims) return false;
      out_labels[out_nd++] = c;
    }
    return true;
  }
  bool ellipsis = false, used[128] = {};
  for (const char* p = text; *p; p++) {
    const char c = *p;
    if (letter(c)) {
      if (!uses[static_cast<int>(c)]) {
        PyErr_Format(PyExc_ValueError,
                     "einstein sum subscripts string included output subscript '%c' which never appeared in an input",
                     c);
        return false;
      }
      if (used[static_cast<int>(c)]) {
        PyErr_Format(PyExc_ValueError, "einstein sum subscripts string includes output subscript '%c' multiple times",
                     c);
        return false;
      }
      used[static_cast<int>(c)] = true;
      if (out_nd >= kMaxDims) {
        PyErr_SetString(PyExc_ValueError, "einstein sum subscripts string contains too many subscripts in the output");
        return false;
      }
      out_labels[out_nd++] = c;
    } else if (c == '.') {
      if (ellipsis || p[1] != '.' || p[2] != '.') return bad_dot();
      if (out_nd + broadcast_nd > kMaxDims) {
        PyErr_SetString(PyExc_ValueError, "einstein sum subscripts string contains too many subscripts in the output");
        return false;
      }
      ellipsis = true;
      add_broadcast();
      p += 2;
    } else if (c != ' ') {
      return bad_subscript(c);
    }
  }
  if (ellipsis || broadcast_nd == 0) return true;
  PyErr_SetString(PyExc_ValueError,
                  "output has no ellipsis, but '...' in the inputs stands for dimensions to broadcast");
  return false;
}

bool Einsum::find_sizes() {
  for (intp& size : sizes) size = -1;
  for (int k = 0; k < count; k++) {
    const ArrayObject* array = operands[k].array.get();
    for (int i = 0; i < array->nd; i++) {
      intp& size = sizes[operands[k].labels[i]];
      const intp own = array->dimensions[i];
      if (size < 0 || size == 1) {
        size = own;
      } else if (own != size && own != 1) {
        Ref<> text = steal(PyUnicode_FromString(""));
        for (int j = 0; text && j < count; j++)
          if (!add_shape(&text, operands[j].array->nd, operands[j].array->dimensions)) return false;
        if (text)
          PyErr_Format(PyExc_ValueError,
                       "operands could not be broadcast together with remapped shapes [original->remapped]: %U",
                       text.get());
        return false;
      }
    }
  }
  return true;
}

bool Einsum::sums_nothing() const {
  for (int label = 0; label < kLabels; label++) {
    if (!uses[label]) continue;
    bool kept = false;
    for (int i = 0; i < out_nd; i++) kept |= out_labels[i] == label;
    if (!kept) return false;
  }
  return true;
}

Ref<ArrayObject> Einsum::single_view() const {
  intp dims[kMaxDims], strides[kMaxDims];
  for (int i = 0; i < out_nd; i++) {
    dims[i] = sizes[out_labels[i]];
    strides[i] = stride(0, out_labels[i]);
  }
  return view_of(operands[0].array.get(), out_nd, dims, strides, operands[0].array->data);
}

// ---- element by element

struct TruthValue {
  bool value;
};
template <class T>
struct Parts {
  T real, imag;
};

// How elements are stored and what they are computed in.
template <class Stored, class Computed = Stored>
struct Arithmetic {
  using Value = Computed;
  static constexpr intp size = sizeof(Stored);
  static Value load(const char* data) { return load_value<Stored>(data); }
  static void store(char* data, Value value) { store_value<Stored>(data, static_cast<Stored>(value)); }
  static Value zero() { return 0; }
  static Value multiply(Value a, Value b) {
    if constexpr (std::is_integral_v<Value>)
      return static_cast<Value>(1u * a * b);
    else
      return a * b;
  }
  static Value add(Value a, Value b) { return static_cast<Value>(a + b); }
};
struct HalfArithmetic {
  using Value = float;
  static constexpr intp size = sizeof(Half);
  static Value load(const char* data) { return half_to_float(load_value<Half>(data)); }
  static void store(char* data, Value value) {
    uint32_t errors = 0;
    store_value(data, to_half(value, errors));
  }
  static Value zero() { return 0; }
  static Value multiply(Value a, Value b) { return a * b; }
  static Value add(Value a, Value b) { return a + b; }
};
struct TruthArithmetic {
  using Value = bool;
  static constexpr intp size = 1;
  static Value load(const char* data) { return *data != 0; }
  static void store(char* data, Value value) { *data = value; }
  static Value zero() { return false; }
  static Value multiply(Value a, Value b) { return a && b; }
  static Value add(Value a, Value b) { return a || b; }
};
template <class T>
struct ComplexArithmetic {
  using Value = Parts<T>;
  static constexpr intp size = 2 * sizeof(T);
  static Value load(const char* data) { return {load_value<T>(data), load_value<T>(data + sizeof(T))}; }
  static void store(char* data, Value value) {
    store_value(data, value.real);
    store_value(data + sizeof(T), value.imag);
  }
  static Value zero() { return {0, 0}; }
  static Value multiply(Value a, Value b) {
    return {a.real * b.real - a.imag * b.imag, a.real * b.imag + a.imag * b.real};
  }
  static Value add(Value a, Value b) { return {a.real + b.real, a.imag + b.imag}; }
};

// pointers[count] is the output's. False after a Python error.
using SumLoop = bool (*)(char** pointers, const intp* strides, intp n, int count);

// Long sums are split in halves, as those of ufuncs are.
template <class A, class Product>
typename A::Value sum_pairwise(const Product& product, intp first, intp end) {
  constexpr intp block = 128;
  if (end - first > block) {
    const intp middle = first + (end - first) / 2;
    return A::add(sum_pairwise<A>(product, first, middle), sum_pairwise<A>(product, middle, end));
  }
  typename A::Value sum = A::zero();
  for (intp i = first; i < end; i++) sum = A::add(sum, product(i));
  return sum;
}

template <class A>
bool sum_loop(char** pointers, const intp* strides, intp n, int count) {
  char* out = pointers[count];
  const intp out_step = strides[count];
  const auto product = [&](intp i) {
    typename A::Value value = A::load(pointers[0] + i * strides[0]);
    for (int k = 1; k < count; k++) value = A::multiply(value, A::load(pointers[k] + i * strides[k]));
    return value;
  };
  if (out_step != 0) {
    for (intp i = 0; i < n; i++) {
      char* element = out + i * out_step;
      A::store(element, A::add(A::load(element), product(i)));
    }
    return true;
  }
  A::store(out, A::add(A::load(out), sum_pairwise<A>(product, 0, n)));
  return true;
}

bool sum_objects(char** pointers, const intp* strides, intp n, int count) {
  for (intp i = 0; i < n; i++) {
    Ref<> value = object_at(pointers[0] + i * strides[0]);
    for (int k = 1; value && k < count; k++) {
      const Ref<> other = object_at(pointers[k] + i * strides[k]);
      value = steal(PyNumber_Multiply(value.get(), other.get()));
    }
    char* out = pointers[count] + i * strides[count];
    const Ref<> sum = object_at(out);
    Ref<> total = value ? steal(PyNumber_Add(sum.get(), value.get())) : Ref<>();
    if (!total) return false;
    put_object(out, std::move(total));
  }
  return true;
}

SumLoop sum_loop_of(const ArrayDescr* descr) {
  switch (element_index(descr)) {
    case static_cast<int>(Element::Bool): return sum_loop<TruthArithmetic>;
    case static_cast<int>(Element::Int8):
    case static_cast<int>(Element::UInt8): return sum_loop<Arithmetic<uint8_t>>;
    case static_cast<int>(Element::Int16):
    case static_cast<int>(Element::UInt16): return sum_loop<Arithmetic<uint16_t>>;
    case static_cast<int>(Element::Int32):
    case static_cast<int>(Element::UInt32): return sum_loop<Arithmetic<uint32_t>>;
    case static_cast<int>(Element::Int64):
    case static_cast<int>(Element::UInt64): return sum_loop<Arithmetic<uint64_t>>;
    case static_cast<int>(Element::Float16): return sum_loop<HalfArithmetic>;
    case static_cast<int>(Element::Float32): return sum_loop<Arithmetic<float>>;
    case static_cast<int>(Element::Float64): return sum_loop<Arithmetic<double>>;
    case static_cast<int>(Element::LongDouble): return sum_loop<Arithmetic<long double>>;
    case static_cast<int>(Element::Complex64): return sum_loop<ComplexArithmetic<float>>;
    case static_cast<int>(Element::Complex128): return sum_loop<ComplexArithmetic<double>>;
    case static_cast<int>(Element::CLongDouble): return sum_loop<ComplexArithmetic<long double>>;
    case static_cast<int>(Element::Object): return sum_objects;
    default: return nullptr;
  }
}

// The axes of the whole sum: those of the output, then those that are summed over.
struct SumSpace {
  int nd = 0, out_nd = 0;
  int labels[kLabels];
  intp shape[kLabels];
  intp strides[kMaxEinsum + 1][kLabels];
};

void fill_space(const Einsum& sum, const ArrayObject* result, SumSpace* space) {
  for (int i = 0; i < sum.out_nd; i++) space->labels[space->nd++] = sum.out_labels[i];
  space->out_nd = space->nd;
  for (int label = 0; label < kLabels; label++) {
    if (!sum.uses[label]) continue;
    bool kept = false;
    for (int i = 0; i < sum.out_nd; i++) kept |= sum.out_labels[i] == label;
    if (!kept) space->labels[space->nd++] = label;
  }
  for (int i = 0; i < space->nd; i++) {
    space->shape[i] = sum.sizes[space->labels[i]];
    for (int k = 0; k < sum.count; k++) space->strides[k][i] = sum.stride(k, space->labels[i]);
    space->strides[sum.count][i] = i < space->out_nd ? result->strides[i] : 0;
  }
}

bool run_sum(const Einsum& sum, ArrayObject* result, SumSpace& space, SumLoop loop) {
  const int count = sum.count;
  for (int i = 0; i < space.nd; i++)
    if (space.shape[i] == 0) return true;
  // The inner axis has the smallest strides; one that is summed over wins a tie.
  int inner = space.nd - 1;
  intp best = -1;
  for (int i = space.nd - 1; i >= 0; i--) {
    intp total = 0;
    for (int k = 0; k <= count; k++) total += space.strides[k][i] < 0 ? -space.strides[k][i] : space.strides[k][i];
    if (space.shape[i] > 1 && (best < 0 || total < best)) {
      best = total;
      inner = i;
    }
  }
  char* pointers[kMaxEinsum + 1];
  for (int k = 0; k < count; k++) pointers[k] = sum.operands[k].array->data;
  pointers[count] = result->data;
  if (space.nd == 0) {
    const intp none[kMaxEinsum + 1] = {};
    return loop(pointers, none, 1, count);
  }
  intp index[kLabels] = {}, steps[kMaxEinsum + 1];
  for (int k = 0; k <= count; k++) steps[k] = space.strides[k][inner];
  while (true) {
    if (!loop(pointers, steps, space.shape[inner], count)) return false;
    int axis = space.nd - 1;
    for (; axis >= 0; axis--) {
      if (axis == inner) continue;
      for (int k = 0; k <= count; k++) pointers[k] += space.strides[k][axis];
      if (++index[axis] < space.shape[axis]) break;
      for (int k = 0; k <= count; k++) pointers[k] -= index[axis] * space.strides[k][axis];
      index[axis] = 0;
    }
    if (axis < 0) return true;
  }
}

// Two operands and at most one label to sum over: matrix products over the other labels. False where that does not fit.
bool run_products(const Einsum& sum, ArrayObject* result, const SumSpace& space, uint32_t* errors) {
  if (sum.count != 2 || space.nd - space.out_nd > 1) return false;
  const MatrixFunction function = matrix_function(result->descr);
  if (!function) return false;
  int rows = -1, columns = -1;
  for (int i = 0; i < space.out_nd; i++) {
    const bool in_a = space.strides[0][i] != 0, in_b = space.strides[1][i] != 0;
    if (in_a && !in_b && (rows < 0 || space.shape[i] > space.shape[rows])) rows = i;
    if (in_b && !in_a && (columns < 0 || space.shape[i] > space.shape[columns])) columns = i;
  }
  const int depth = space.nd > space.out_nd ? space.out_nd : -1;
  if (depth >= 0 && (space.strides[0][depth] == 0) != (space.strides[1][depth] == 0) && space.shape[depth] > 1)
    return false;  // a sum of one operand alone
  MatrixProduct p{};
  p.rows = rows >= 0 ? space.shape[rows] : 1;
  p.columns = columns >= 0 ? space.shape[columns] : 1;
  p.depth = depth >= 0 ? space.shape[depth] : 1;
  constexpr intp worth_it = 16;  // fewer products a call cost more than the loop
  if (p.rows * p.columns * p.depth < worth_it) return false;
  const auto step = [&](int k, int axis) { return axis >= 0 ? space.strides[k][axis] : 0; };
  p.a_row = step(0, rows);
  p.a_column = step(0, depth);
  p.b_row = step(1, depth);
  p.b_column = step(1, columns);
  p.c_row = step(2, rows);
  p.c_column = step(2, columns);
  LoopSpace outer;
  outer.operands = 3;
  outer.data[0] = sum.operands[0].array->data;
  outer.data[1] = sum.operands[1].array->data;
  outer.data[2] = result->data;
  for (int i = 0; i < space.out_nd; i++) {
    if (i == rows || i == columns) continue;
    outer.shape[outer.nd] = space.shape[i];
    for (int k = 0; k < 3; k++) outer.strides[k][outer.nd] = space.strides[k][i];
    outer.nd++;
  }
  intp left = outer.size();
  for (Cursor cursor(outer); left > 0 && !(has_references(result->descr) && PyErr_Occurred()); left--) {
    p.a = cursor.pointer[0];
    p.b = cursor.pointer[1];
    p.c = cursor.pointer[2];
    *errors |= function(p, false);
    cursor.advance(outer, 1);
  }
  return true;
}

// ---- arguments

// A list of label numbers as letters; null with an error.
Ref<> letters_of(PyObject* list) {
  const FastSequence items(list, "subscripts for each operand must be a list or tuple");
  Ref<> text = items ? steal(PyUnicode_FromString("")) : Ref<>();
  for (Py_ssize_t i = 0; text && i < items.size(); i++) {
    Ref<> item = borrow(items[i]);
    if (item.get() == Py_Ellipsis) {
      text = steal(PyUnicode_FromFormat("%U...", text.get()));
      continue;
    }
    intp label;
    if (!integer_argument(item.get(), &label)) {
      PyErr_Clear();
      PyErr_SetString(PyExc_TypeError, "each subscript must be either an integer or an ellipsis");
      return nullptr;
    }
    if (label < 0 || label >= 2 * 26) {
      PyErr_SetString(PyExc_ValueError, "subscript is not within the valid range [0, 52)");
      return nullptr;
    }
    text =
        steal(PyUnicode_FromFormat("%U%c", text.get(), static_cast<int>(label < 26 ? 'A' + label : 'a' + label - 26)));
  }
  return text;
}

// The subscripts as text, and where the operands are.
Ref<> subscripts_of(PyObject* const* args, Py_ssize_t nargs, PyObject** operands, Py_ssize_t* count) {
  if (nargs < 1) {
    PyErr_SetString(PyExc_ValueError,
                    "must specify the einstein sum subscripts string and at least one operand, or at least one operand "
                    "and its corresponding subscripts list");
    return nullptr;
  }
  if (PyBytes_Check(args[0]) || PyUnicode_Check(args[0])) {
    *count = nargs - 1;
    if (*count < 1) {
      PyErr_SetString(PyExc_ValueError,
                      "must provide at least an operand and a subscripts list to einsum, or a string and operands");
      return nullptr;
    }
    if (*count > kMaxEinsum) {
      PyErr_SetString(PyExc_ValueError, "too many operands");
      return nullptr;
    }
    for (Py_ssize_t i = 0; i < *count; i++) operands[i] = args[i + 1];
    return PyBytes_Check(args[0]) ? steal(PyUnicode_FromEncodedObject(args[0], "ascii", "strict")) : borrow(args[0]);
  }
  if (nargs < 2) {
    PyErr_SetString(PyExc_ValueError,
                    "must provide at least an operand and a subscripts list to einsum, or a string and operands");
    return nullptr;
  }
  *count = nargs / 2;
  if (*count > kMaxEinsum) {
    PyErr_SetString(PyExc_ValueError, "too many operands");
    return nullptr;
  }
  Ref<> text = steal(PyUnicode_FromString(""));
  for (Py_ssize_t i = 0; text && i < *count; i++) {
    operands[i] = args[2 * i];
    PyObject* list = args[2 * i + 1];
    if (!PySequence_Check(list) || PyUnicode_Check(list) || PyBytes_Check(list)) {
      PyErr_SetString(PyExc_TypeError, "subscripts for each operand must be a list or tuple");
      return nullptr;
    }
    Ref<> letters = letters_of(list);
    if (!letters) return nullptr;
    text = steal(PyUnicode_FromFormat(i ? "%U,%U" : "%U%U", text.get(), letters.get()));
  }
  if (text && nargs % 2) {
    Ref<> letters = letters_of(args[nargs - 1]);
    if (!letters) return nullptr;
    text = steal(PyUnicode_FromFormat("%U->%U", text.get(), letters.get()));
  }
  return text;
}

PyObject* einsum(const char* text, PyObject* const* operands, Py_ssize_t count, ArrayObject* out, ArrayDescr* dtype,
                 Order order, Casting casting) {
  Einsum sum;
  sum.count = static_cast<int>(count);
  FromAny options;
  options.subok = true;
  for (int k = 0; k < sum.count; k++) {
    sum.operands[k].array = array_from_any(operands[k], options);
    if (!sum.operands[k].array) return nullptr;
  }
  const char* arrow = std::strstr(text, "->");
  const char* const end = arrow ? arrow : text + std::strlen(text);
  int k = 0;
  for (const char* p = text;;) {
    const char* comma = p;
    while (comma < end && *comma != ',') comma++;
    if (k >= sum.count) {
      PyErr_SetString(PyExc_ValueError,
                      "fewer operands provided to einstein sum function than specified in the subscripts string");
      return nullptr;
    }
    if (!sum.parse_operand(k++, p, static_cast<int>(comma - p))) return nullptr;
    if (comma == end) break;
    p = comma + 1;
  }
  if (k < sum.count) {
    PyErr_SetString(PyExc_ValueError,
                    "more operands provided to einstein sum function than specified in the subscripts string");
    return nullptr;
  }
  if (!sum.parse_output(arrow ? arrow + 2 : "", arrow != nullptr) || !sum.find_sizes()) return nullptr;
  if (sum.count == 1 && !out && !dtype && sum.sums_nothing()) return array_return(sum.single_view());

  Ref<ArrayDescr> descr = dtype ? descr_with_byteorder(dtype, '=') : Ref<ArrayDescr>();
  if (!descr) {
    ArrayObject* arrays[kMaxEinsum];
    for (k = 0; k < sum.count; k++) arrays[k] = sum.operands[k].array.get();
    descr = common_type(operands, arrays, sum.count);
    if (descr) descr = descr_with_byteorder(descr.get(), '=');
  }
  if (!descr) return nullptr;
  const SumLoop loop = sum_loop_of(descr.get());
  if (!loop) {
    PyErr_SetString(PyExc_TypeError, "invalid data type for einsum");
    return nullptr;
  }
  bool f_order = true;
  for (k = 0; k < sum.count; k++) {
    Ref<ArrayObject>& array = sum.operands[k].array;
    f_order &= (array->flags & kFContiguous) && !((array->flags & kCContiguous) && array->nd < 2);
    if (!can_cast(array->descr, descr.get(), casting) && !(weak_kind(operands[k]) && !dtype)) {
      PyErr_Format(PyExc_TypeError,
                   "Iterator operand %d dtype could not be cast from %R to %R according to the rule '%s'", k,
                   reinterpret_cast<PyObject*>(array->descr), descr.object(), casting_name(casting));
      return nullptr;
    }
    array = operand_as(array.get(), descr.get());
    if (array && !(array->flags & kAligned)) array = copy_array(array.get(), descr.get(), Order::K, false);
    if (!array) return nullptr;
  }
  intp dims[kMaxDims];
  for (int i = 0; i < sum.out_nd; i++) dims[i] = sum.sizes[sum.out_labels[i]];
  if (out) {
    bool fits = out->nd == sum.out_nd;
    for (int i = 0; fits && i < out->nd; i++) fits = out->dimensions[i] == dims[i];
    if (out->nd != sum.out_nd) {
      PyErr_Format(PyExc_ValueError,
                   "out parameter does not have the correct number of dimensions, has %d but should have %d", out->nd,
                   sum.out_nd);
      return nullptr;
    }
    if (!fits) {
      Ref<> own = shape_text(out->nd, out->dimensions), wanted = shape_text(sum.out_nd, dims);
      if (own && wanted)
        PyErr_Format(PyExc_ValueError,
                     "non-broadcastable output operand with shape %U doesn't match the broadcast shape %U", own.get(),
                     wanted.get());
      return nullptr;
    }
    if (require_writeable(out, "output array") < 0 || !check_cast(descr.get(), out->descr, casting)) return nullptr;
  }
  NewArray layout;
  layout.zeroed = true;
  if (order == Order::F || (order == Order::Any && f_order)) layout.order = Order::F;
  intp out_strides[kMaxDims];
  if (order == Order::K && sum.out_nd > 1) {  // the axes as the operands have them
    LoopSpace space;
    space.nd = sum.out_nd;
    std::memcpy(space.shape, dims, sizeof(intp) * static_cast<size_t>(sum.out_nd));
    for (k = 0; k < sum.count && k < kMaxLoopOperands; k++, space.operands++)
      for (int i = 0; i < sum.out_nd; i++) space.strides[k][i] = sum.stride(k, sum.out_labels[i]);
    fill_sorted_strides(space, descr->elsize, out_strides);
    layout.strides = out_strides;
  }
  Ref<ArrayObject> result = new_array(descr.get(), sum.out_nd, dims, layout);
  if (!result) return nullptr;
  if (has_references(descr.get())) {
    Ref<> zero = steal(PyLong_FromLong(0));
    if (!zero || assign_object(result.get(), zero.get()) < 0) return nullptr;
  }
  SumSpace space;
  fill_space(sum, result.get(), &space);
  uint32_t errors = 0;
  if (array_size(result.get())) {
    ReleasedGil released(may_release(descr.get()) && array_size(result.get()) > kReleaseGil);
    if (!run_products(sum, result.get(), space, &errors)) run_sum(sum, result.get(), space, loop);
  }
  if (PyErr_Occurred() || report_errors(errors, "einsum") < 0) return nullptr;
  if (out) return copy_into(out, result.get()) < 0 ? nullptr : new_ref(out);
  return array_return(std::move(result));
}

PyObject* function_einsum(PyObject*, PyObject* const* args, Py_ssize_t nargs, PyObject* kwnames) {
  ArrayObject* out = nullptr;
  Ref<ArrayDescr> dtype;
  Order order = Order::K;
  Casting casting = Casting::Safe;
  for (Py_ssize_t i = 0; kwnames && i < PyTuple_Size(kwnames); i++) {
    PyObject *name = PyTuple_GetItem(kwnames, i), *value = args[nargs + i];
    const auto is = [name](const char* text) { return PyUnicode_CompareWithASCIIString(name, text) == 0; };
    bool understood = true;
    if (is("out")) {
      if (value != Py_None && !is_array(value)) {
        PyErr_Format(PyExc_TypeError, "keyword parameter out must be an array for einsum");
        return nullptr;
      }
      out = value == Py_None ? nullptr : as_array(value);
    } else if (is("dtype")) {
      understood = descr_converter(value, &dtype);
    } else if (is("order")) {
      understood = order_converter(value, &order);
    } else if (is("casting")) {
      understood = casting_converter(value, &casting);
    } else {
      PyErr_Format(PyExc_TypeError, "'%U' is an invalid keyword for einsum", name);
      return nullptr;
    }
    if (!understood) return nullptr;
  }
  PyObject* operands[kMaxEinsum];
  Py_ssize_t count = 0;
  Ref<> subscripts = subscripts_of(args, nargs, operands, &count);
  const char* text = subscripts ? PyUnicode_AsUTF8AndSize(subscripts.get(), nullptr) : nullptr;
  return text ? einsum(text, operands, count, out, dtype.get(), order, casting) : nullptr;
}

}  // namespace

PyMethodDef einsum_functions[] = {
    {"c_einsum", as_method(function_einsum), kFastKeywords,
     "c_einsum(subscripts, *operands, out=None, dtype=None, order='K', casting='safe')"},
    {nullptr, nullptr, 0, nullptr},
};

}  // namespace wasmnp
