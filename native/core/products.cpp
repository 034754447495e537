// Matrix products of every element type, and the ufuncs matmul, vecdot, matvec and vecmat over them. Floats go to the
// packed kernels of kernels/cpu/gemm.hpp, complex numbers to four products of their parts.
#include "products.hpp"

#include <cstdlib>
#include <limits>
#include <type_traits>

#include "../text/half.hpp"
#include "casting.hpp"
#include "state.hpp"
#include "ufunc.hpp"
#include "value_range.hpp"

namespace wasmnp {

namespace {

// ---- types whose products wrap around or are exact

struct Truth {
  uint8_t value;
};
inline Truth product(Truth a, Truth b) { return {static_cast<uint8_t>(a.value && b.value)}; }
inline void accumulate(Truth& sum, Truth a) { sum.value |= a.value; }
template <class T>
T product(T a, T b) {
  return static_cast<T>(1u * a * b);  // unsigned, lest narrow types be promoted to int
}
template <class T>
void accumulate(T& sum, T a) {
  sum = static_cast<T>(sum + a);
}

// Sums over blocks of columns, so that rows of the second operand are read in order.
template <class T>
uint32_t multiply_plain(const MatrixProduct& p, bool) {
  constexpr intp block = 64;
  for (intp i = 0; i < p.rows; i++) {
    const char* row = p.a + i * p.a_row;
    for (intp j = 0; j < p.columns; j += block) {
      const intp n = p.columns - j < block ? p.columns - j : block;
      T sums[block] = {};
      for (intp k = 0; k < p.depth; k++) {
        const T element = load_value<T>(row + k * p.a_column);
        const char* other = p.b + k * p.b_row + j * p.b_column;
        if (p.b_column == static_cast<intp>(sizeof(T))) {
          for (intp c = 0; c < n; c++)
            accumulate(sums[c], product(element, load_value<T>(other + c * static_cast<intp>(sizeof(T)))));
        } else {
          for (intp c = 0; c < n; c++) accumulate(sums[c], product(element, load_value<T>(other + c * p.b_column)));
        }
      }
      for (intp c = 0; c < n; c++) store_value(p.c + i * p.c_row + (j + c) * p.c_column, sums[c]);
    }
  }
  return 0;
}

// ---- floating-point types

struct Special {
  bool nan = false, infinite = false;
};
template <class T>
Special special_values(const char* data, intp row, intp column, intp rows, intp columns, int parts) {
  Special found;
  for (intp i = 0; i < rows; i++) {
    for (intp j = 0; j < columns; j++) {
      for (int part = 0; part < parts; part++) {
        const T value = load_value<T>(data + i * row + j * column + part * static_cast<intp>(sizeof(T)));
        found.nan |= value != value;
        found.infinite |= value - value != 0 && value == value;
      }
    }
  }
  return found;
}

// Whether no result can be anything special, found out fast: false is no answer.
template <class T>
bool surely_finite(const MatrixProduct& p, int parts) {
  constexpr T largest = std::numeric_limits<T>::max();
  if (p.c_column != parts * static_cast<intp>(sizeof(T))) return false;
  for (intp i = 0; i < p.rows; i++)
    if (!all_between(p.c + i * p.c_row, p.columns * parts, -largest, largest)) return false;
  return true;
}

// A NaN that no operand had is invalid, an infinity among finite operands an overflow.
template <class T>
uint32_t errors_of(const MatrixProduct& p, int parts) {
  if constexpr (sizeof(T) <= sizeof(double)) {
    if (surely_finite<T>(p, parts)) return 0;
  }
  const Special result = special_values<T>(p.c, p.c_row, p.c_column, p.rows, p.columns, parts);
  if (!result.nan && !result.infinite) return 0;
  const Special a = special_values<T>(p.a, p.a_row, p.a_column, p.rows, p.depth, parts);
  const Special b = special_values<T>(p.b, p.b_row, p.b_column, p.depth, p.columns, parts);
  uint32_t errors = 0;
  if (result.nan && !a.nan && !b.nan) errors |= kInvalid;
  if ((result.infinite || result.nan) && !a.nan && !b.nan && !a.infinite && !b.infinite) errors |= kOverflow;
  return errors;
}

template <class T>
void multiply_reals(const MatrixProduct& p) {
  bool done = false;
  if constexpr (std::is_same_v<T, float>) done = state.routines->multiply_float32(p);
  if constexpr (std::is_same_v<T, double>) done = state.routines->multiply_float64(p);
  if (done) return;
  for (intp i = 0; i < p.rows; i++) {
    for (intp j = 0; j < p.columns; j++) {
      T sum = 0;
      for (intp k = 0; k < p.depth; k++)
        sum += load_value<T>(p.a + i * p.a_row + k * p.a_column) * load_value<T>(p.b + k * p.b_row + j * p.b_column);
      char* out = p.c + i * p.c_row + j * p.c_column;
      if (p.mode) sum = p.mode > 0 ? load_value<T>(out) + sum : load_value<T>(out) - sum;
      store_value(out, sum);
    }
  }
}

template <class T>
uint32_t multiply_floats(const MatrixProduct& p, bool) {
  multiply_reals<T>(p);
  return errors_of<T>(p, 1);
}

// The four products of parts; `conjugate` turns the sign of the first operand's imaginary one.
template <class T>
uint32_t multiply_complex(const MatrixProduct& p, bool conjugate) {
  constexpr intp part = sizeof(T);
  const auto multiply = [&](int a_part, int b_part, int c_part, int mode) {
    MatrixProduct own = p;
    own.a += a_part * part;
    own.b += b_part * part;
    own.c += c_part * part;
    own.mode = mode;
    multiply_reals<T>(own);
  };
  multiply(0, 0, 0, 0);
  multiply(1, 1, 0, conjugate ? 1 : -1);
  multiply(0, 1, 1, 0);
  multiply(1, 0, 1, conjugate ? -1 : 1);
  return errors_of<T>(p, 2);
}

// Halves are multiplied and summed in float, and rounded once.
uint32_t multiply_halves(const MatrixProduct& p, bool) {
  const intp a_count = p.rows * p.depth, b_count = p.depth * p.columns, c_count = p.rows * p.columns;
  auto* memory = static_cast<float*>(std::malloc(sizeof(float) * static_cast<size_t>(a_count + b_count + c_count + 1)));
  uint32_t errors = 0;
  if (!memory) {
    for (intp i = 0; i < p.rows; i++)
      for (intp j = 0; j < p.columns; j++) {
        float sum = 0;
        for (intp k = 0; k < p.depth; k++)
          sum += half_to_float(load_value<Half>(p.a + i * p.a_row + k * p.a_column)) *
                 half_to_float(load_value<Half>(p.b + k * p.b_row + j * p.b_column));
        store_value(p.c + i * p.c_row + j * p.c_column, to_half(sum, errors));
      }
    return errors;
  }
  float *a = memory, *b = a + a_count, *c = b + b_count;
  for (intp i = 0; i < p.rows; i++)
    for (intp k = 0; k < p.depth; k++)
      a[i * p.depth + k] = half_to_float(load_value<Half>(p.a + i * p.a_row + k * p.a_column));
  for (intp k = 0; k < p.depth; k++)
    for (intp j = 0; j < p.columns; j++)
      b[k * p.columns + j] = half_to_float(load_value<Half>(p.b + k * p.b_row + j * p.b_column));
  constexpr intp size = sizeof(float);
  const MatrixProduct wide{reinterpret_cast<char*>(a),
                           p.depth * size,
                           size,
                           reinterpret_cast<char*>(b),
                           p.columns * size,
                           size,
                           reinterpret_cast<char*>(c),
                           p.columns * size,
                           size,
                           p.rows,
                           p.depth,
                           p.columns,
                           0};
  errors |= multiply_floats<float>(wide, false);
  for (intp i = 0; i < p.rows; i++)
    for (intp j = 0; j < p.columns; j++)
      store_value(p.c + i * p.c_row + j * p.c_column, to_half(c[i * p.columns + j], errors));
  std::free(memory);
  return errors & ~uint32_t{kUnderflow};
}

// ---- objects

Ref<> conjugate_of(const Ref<>& value) { return steal(PyObject_CallMethod(value.get(), "conjugate", nullptr)); }

uint32_t multiply_objects(const MatrixProduct& p, bool conjugate) {
  for (intp i = 0; i < p.rows; i++) {
    for (intp j = 0; j < p.columns; j++) {
      Ref<> sum;
      for (intp k = 0; k < p.depth; k++) {
        Ref<> first = object_at(p.a + i * p.a_row + k * p.a_column);
        if (conjugate) first = conjugate_of(first);
        const Ref<> second = object_at(p.b + k * p.b_row + j * p.b_column);
        Ref<> term = first ? steal(PyNumber_Multiply(first.get(), second.get())) : Ref<>();
        if (!term) return 0;
        sum = sum ? steal(PyNumber_Add(sum.get(), term.get())) : std::move(term);
        if (!sum) return 0;
      }
      if (!sum) sum = borrow(Py_False);
      put_object(p.c + i * p.c_row + j * p.c_column, std::move(sum));
    }
  }
  return 0;
}

// ---- the inner loops

constexpr char kProductTypes[] = {kBool,       kByte,   kUByte,    kShort,       kUShort, kInt,   kUInt,
                                  kLong,       kULong,  kLongLong, kULongLong,   kHalf,   kFloat, kDouble,
                                  kLongDouble, kCFloat, kCDouble,  kCLongDouble, kObject};
constexpr int kProductCount = sizeof kProductTypes;

enum class Form { Matrices, Vectors, MatrixVector, VectorMatrix };

// Core strides follow the three outer ones in the order of the signature.
template <Form form, MatrixFunction function>
uint32_t run_product(char** args, const intp* dimensions, const intp* strides) {
  const intp* core = strides + 3;
  MatrixProduct p{};
  bool conjugate = false;
  switch (form) {
    case Form::Matrices:  // (n?,k),(k,m?)->(n?,m?)
      p = {nullptr, core[0], core[1],       nullptr,       core[2],       core[3], nullptr,
           core[4], core[5], dimensions[1], dimensions[2], dimensions[3], 0};
      break;
    case Form::Vectors:  // (n),(n)->()
      p = {nullptr, 0, core[0], nullptr, core[1], 0, nullptr, 0, 0, 1, dimensions[1], 1, 0};
      conjugate = true;
      break;
    case Form::MatrixVector:  // (m,n),(n)->(m)
      p = {nullptr, core[0], core[1], nullptr, core[2], 0, nullptr, core[3], 0, dimensions[1], dimensions[2], 1, 0};
      break;
    case Form::VectorMatrix:  // (n),(n,m)->(m)
      p = {nullptr, 0, core[0], nullptr, core[1], core[2], nullptr, 0, core[3], 1, dimensions[1], dimensions[2], 0};
      conjugate = true;
      break;
  }
  uint32_t errors = 0;
  for (intp i = 0; i < dimensions[0]; i++) {
    p.a = args[0] + i * strides[0];
    p.b = args[1] + i * strides[1];
    p.c = args[2] + i * strides[2];
    errors |= function(p, conjugate);
    if (function == multiply_objects && PyErr_Occurred()) break;
  }
  return errors;
}

template <Form form>
ProductLoop product_loop(int index) {
  switch (kProductTypes[index]) {
    case kBool: return run_product<form, multiply_plain<Truth>>;
    case kByte:
    case kUByte: return run_product<form, multiply_plain<uint8_t>>;
    case kShort:
    case kUShort: return run_product<form, multiply_plain<uint16_t>>;
    case kInt:
    case kUInt: return run_product<form, multiply_plain<uint32_t>>;
    case kLong:
    case kULong:
      return sizeof(long) == 8 ? run_product<form, multiply_plain<uint64_t>>
                               : run_product<form, multiply_plain<uint32_t>>;
    case kLongLong:
    case kULongLong: return run_product<form, multiply_plain<uint64_t>>;
    case kHalf: return run_product<form, multiply_halves>;
    case kFloat: return run_product<form, multiply_floats<float>>;
    case kDouble: return run_product<form, multiply_floats<double>>;
    case kLongDouble: return run_product<form, multiply_floats<long double>>;
    case kCFloat: return run_product<form, multiply_complex<float>>;
    case kCDouble: return run_product<form, multiply_complex<double>>;
    case kCLongDouble: return run_product<form, multiply_complex<long double>>;
    default: return run_product<form, multiply_objects>;
  }
}

template <Form form>
int add_product(PyObject* module, const char* name, const char* signature, const char* doc) {
  static LegacyLoop functions[kProductCount];
  static void* data[kProductCount];
  static char types[3 * kProductCount];
  for (int i = 0; i < kProductCount; i++) {
    functions[i] = product_as_legacy;
    data[i] = reinterpret_cast<void*>(product_loop<form>(i));
    for (int k = 0; k < 3; k++) types[3 * i + k] = kProductTypes[i];
  }
  Ref<UfuncObject> ufunc = new_generalized_ufunc(name, signature, 2, 1, {functions, data, types, kProductCount}, doc);
  if (!ufunc) return -1;
  if (form == Form::Matrices) matmul_ufunc = Ref<UfuncObject>::borrow(ufunc.get()).release();
  return PyModule_AddObjectRef(module, name, ufunc.object());
}

}  // namespace

UfuncObject* matmul_ufunc;

void product_as_legacy(char** args, const intp* dimensions, const intp* strides, void* data) {
  reinterpret_cast<ProductLoop>(data)(args, dimensions, strides);
}

MatrixFunction matrix_function(const ArrayDescr* descr) {
  switch (element_index(descr)) {
    case static_cast<int>(Element::Bool): return multiply_plain<Truth>;
    case static_cast<int>(Element::Int8):
    case static_cast<int>(Element::UInt8): return multiply_plain<uint8_t>;
    case static_cast<int>(Element::Int16):
    case static_cast<int>(Element::UInt16): return multiply_plain<uint16_t>;
    case static_cast<int>(Element::Int32):
    case static_cast<int>(Element::UInt32): return multiply_plain<uint32_t>;
    case static_cast<int>(Element::Int64):
    case static_cast<int>(Element::UInt64): return multiply_plain<uint64_t>;
    case static_cast<int>(Element::Float16): return multiply_halves;
    case static_cast<int>(Element::Float32): return multiply_floats<float>;
    case static_cast<int>(Element::Float64): return multiply_floats<double>;
    case static_cast<int>(Element::LongDouble): return multiply_floats<long double>;
    case static_cast<int>(Element::Complex64): return multiply_complex<float>;
    case static_cast<int>(Element::Complex128): return multiply_complex<double>;
    case static_cast<int>(Element::CLongDouble): return multiply_complex<long double>;
    case static_cast<int>(Element::Object): return multiply_objects;
    default: return nullptr;
  }
}

int init_products(PyObject* module) {
  if (add_product<Form::Matrices>(
          module, "matmul", "(n?,k),(k,m?)->(n?,m?)",
          "Matrix product; the last two axes are those of matrices, the others are broadcast. One-dimensional operands "
          "count as a row on the left and as a column on the right.") < 0)
    return -1;
  if (add_product<Form::Vectors>(module, "vecdot", "(n),(n)->()",
                                 "Products of vectors along the last axis, the first of them conjugated.") < 0)
    return -1;
  if (add_product<Form::MatrixVector>(module, "matvec", "(m,n),(n)->(m)", "Products of matrices with vectors.") < 0)
    return -1;
  return add_product<Form::VectorMatrix>(module, "vecmat", "(n),(n,m)->(m)",
                                         "Products of vectors, conjugated, with matrices.");
}

}  // namespace wasmnp
