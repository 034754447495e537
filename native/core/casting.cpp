#include "casting.hpp"

#include <cstdlib>
#include <tuple>
#include <type_traits>
#include <utility>

#if defined(__wasm_simd128__)
#include <wasm_simd128.h>
#endif

#include "../text/half.hpp"
#include "datetime.hpp"
#include "flexible.hpp"
#include "scalar.hpp"
#include "state.hpp"
#include "value_range.hpp"

namespace wasmnp {

namespace {

template <class T>
struct Complex {
  T real, imag;
};
template <class T>
struct IsComplex : std::false_type {};
template <class T>
struct IsComplex<Complex<T>> : std::true_type {};
struct Boolean {
  uint8_t value;
};

// In the order of Element; types that are not built stand for themselves.
using Storages = std::tuple<Boolean, int8_t, uint8_t, int16_t, uint16_t, int32_t, uint32_t, int64_t, uint64_t, Half,
                            float, double, Complex<float>, Complex<double>, long double, Complex<long double>>;
template <Element E>
using Storage = std::tuple_element_t<static_cast<size_t>(E), Storages>;

template <class To, class From>
To convert_element(From value, bool& invalid, uint32_t& errors) {
  if constexpr (std::is_same_v<To, From>) {
    return value;
  } else if constexpr (IsComplex<From>::value) {
    if constexpr (IsComplex<To>::value) {
      using Part = decltype(To::real);
      return To{static_cast<Part>(value.real), static_cast<Part>(value.imag)};
    } else if constexpr (std::is_same_v<To, Boolean>) {
      return Boolean{static_cast<uint8_t>(value.real != 0 || value.imag != 0)};
    } else {
      return convert_element<To>(value.real, invalid, errors);
    }
  } else if constexpr (IsComplex<To>::value) {
    using Part = decltype(To::real);
    return To{convert_element<Part>(value, invalid, errors), 0};
  } else if constexpr (std::is_same_v<From, Half>) {
    return convert_element<To>(half_to_float(value), invalid, errors);
  } else if constexpr (std::is_same_v<To, Half>) {
    // NumPy takes every integer through float.
    if constexpr (std::is_same_v<From, double> || std::is_same_v<From, long double>)
      return to_half(static_cast<double>(value), errors);
    else
      return to_half(convert_element<float>(value, invalid, errors), errors);
  } else if constexpr (std::is_same_v<From, Boolean>) {
    return static_cast<To>(value.value != 0);
  } else if constexpr (std::is_same_v<To, Boolean>) {
    return Boolean{static_cast<uint8_t>(value != 0)};
  } else if constexpr (std::is_floating_point_v<From> && std::is_integral_v<To>) {
    return float_to_int<To>(value, invalid);
  } else {
    return static_cast<To>(value);
  }
}

// The values of a run that the result can hold, without a question to each: loops that compilers make vectors of.
template <class To, class From>
void convert_fitting(const char* in, char* out, intp count) {
  using Wide = std::conditional_t<std::is_integral_v<To> && sizeof(To) < 4, int32_t, To>;
  intp i = 0;
#if defined(__wasm_simd128__)
  // Except of pairs of doubles, which clang takes apart here.
  if constexpr (std::is_same_v<From, double> && sizeof(To) == 4) {
    const auto narrow = [](const char* pair) {
      const v128_t values = wasm_v128_load(pair);
      if constexpr (std::is_floating_point_v<To>)
        return wasm_f32x4_demote_f64x2_zero(values);
      else if constexpr (std::is_signed_v<To>)
        return wasm_i32x4_trunc_sat_f64x2_zero(values);
      else
        return wasm_u32x4_trunc_sat_f64x2_zero(values);
    };
    for (; i + 4 <= count; i += 4)
      wasm_v128_store(out + 4 * i, wasm_i64x2_shuffle(narrow(in + 8 * i), narrow(in + 8 * i + 16), 0, 2));
  }
#endif
  for (; i < count; i++)
    store_value(out + i * static_cast<intp>(sizeof(To)),
                static_cast<To>(static_cast<Wide>(load_value<From>(in + i * static_cast<intp>(sizeof(From))))));
}

// Whether every value of a run lies in the range of an integer type (for narrow ones, of the int that they go through).
template <class To, class From>
bool all_fit(const char* in, intp count) {
  using Wide = std::conditional_t<sizeof(To) < 4, int32_t, To>;
  constexpr int bits = static_cast<int>(sizeof(Wide)) * 8 - (std::is_signed_v<Wide> ? 1 : 0);
  constexpr From high = static_cast<From>(static_cast<uint64_t>(1) << (bits - 1)) * 2;
  return all_between<From>(in, count, std::is_signed_v<Wide> ? -high : From(0), high);
}

template <class To, class From>
uint32_t cast_elements(const char* in, char* out, intp count) {
  bool invalid = false;
  int overflow = 0;
  uint32_t errors = 0;
  for (intp i = 0; i < count; i++) {
    const auto value = load_value<From>(in + i * static_cast<intp>(sizeof(From)));
    const To result = convert_element<To>(value, invalid, errors);
    // A finite value beyond the range of the result becomes infinite.
    if constexpr (std::is_floating_point_v<From> && std::is_floating_point_v<To> && sizeof(To) < sizeof(From))
      overflow |= static_cast<int>(__builtin_isinf(result) && !__builtin_isinf(value));
    store_value(out + i * static_cast<intp>(sizeof(To)), result);
  }
  return errors | (overflow ? kOverflow : 0u) | (invalid ? kInvalid : 0u);
}

constexpr intp kCastBlock = 512;
#if defined(__wasm__)
constexpr bool kTruncatesByLevel = false;  // clang would make that loop one of scalars
#else
constexpr bool kTruncatesByLevel = true;
#endif

// Converts block after block until one holds a value that may be an error; how many elements are done.
template <class To, class From>
intp convert_plain(const char* in, char* out, intp count) {
  if constexpr (kTruncatesByLevel && std::is_same_v<To, int32_t>) {
    const Routines& routines = *state.routines;
    return (std::is_same_v<From, float> ? routines.truncate_float32 : routines.truncate_float64)(in, out, count);
  } else {
    constexpr float largest = 0x1.fffffep127f;
    intp done = 0;
    while (done < count) {
      const intp n = count - done < kCastBlock ? count - done : kCastBlock;
      const char* from = in + done * static_cast<intp>(sizeof(From));
      char* to = out + done * static_cast<intp>(sizeof(To));
      if constexpr (std::is_integral_v<To>) {
        if (!all_fit<To, From>(from, n)) break;
      }
      convert_fitting<To, From>(from, to, n);
      if constexpr (std::is_floating_point_v<To>) {
        if (!all_between(to, n, -largest, largest)) break;
      }
      done += n;
    }
    return done;
  }
}

// Blocks without a value that may be an error take the fast way.
template <class To, class From>
uint32_t cast_run(const char* in, char* out, intp count) {
  constexpr bool narrows = std::is_same_v<From, double> && std::is_same_v<To, float>;
  constexpr bool truncates = (std::is_same_v<From, float> || std::is_same_v<From, double>) && std::is_integral_v<To>;
  if constexpr (!narrows && !truncates) {
    return cast_elements<To, From>(in, out, count);
  } else {
    uint32_t errors = 0;
    const auto advance = [&](intp n) {
      in += n * static_cast<intp>(sizeof(From));
      out += n * static_cast<intp>(sizeof(To));
      count -= n;
    };
    for (;;) {
      advance(convert_plain<To, From>(in, out, count));
      if (!count) return errors;
      const intp n = count < kCastBlock ? count : kCastBlock;
      errors |= cast_elements<To, From>(in, out, n);
      advance(n);
    }
  }
}

constexpr int kNumberTypes = kElementCount - 1;  // all but references
using Row = CastKernel[kNumberTypes];

template <Element... E>
struct Elements {};
using BuiltElements =
    Elements<Element::Bool, Element::Int8, Element::UInt8, Element::Int16, Element::UInt16, Element::Int32,
             Element::UInt32, Element::Int64, Element::UInt64, Element::Float16, Element::Float32, Element::Float64,
             Element::Complex64, Element::Complex128, Element::LongDouble, Element::CLongDouble>;

template <Element From, Element To>
constexpr CastKernel kernel_between() {
  return cast_run<Storage<To>, Storage<From>>;
}

template <Element From>
constexpr void fill_row(CastKernel* row) {
  auto set = [row]<Element... To>(Elements<To...>) { ((row[static_cast<int>(To)] = kernel_between<From, To>()), ...); };
  set(BuiltElements{});
}

struct CastTable {
  Row rows[kNumberTypes];
  constexpr CastTable() : rows{} {
    auto fill = [this]<Element... From>(Elements<From...>) { (fill_row<From>(rows[static_cast<int>(From)]), ...); };
    fill(BuiltElements{});
  }
};
constexpr CastTable cast_table;

template <class T>
void copy_typed(char* out, intp out_stride, const char* in, intp in_stride, intp count) {
  for (intp i = 0; i < count; i++) {
    T value;
    std::memcpy(&value, in + i * in_stride, sizeof value);
    std::memcpy(out + i * out_stride, &value, sizeof value);
  }
}

uint16_t reversed(uint16_t value) { return __builtin_bswap16(value); }
uint32_t reversed(uint32_t value) { return __builtin_bswap32(value); }
uint64_t reversed(uint64_t value) { return __builtin_bswap64(value); }
WordPair reversed(WordPair value) { return {__builtin_bswap64(value.high), __builtin_bswap64(value.low)}; }

// Elements that are `parts` words, each reversed.
template <class T, int parts>
void copy_reversed(char* out, intp out_stride, const char* in, intp in_stride, intp count) {
  for (intp i = 0; i < count; i++) {
    for (int p = 0; p < parts; p++) {
      T value;
      std::memcpy(&value, in + i * in_stride + p * static_cast<intp>(sizeof value), sizeof value);
      value = reversed(value);
      std::memcpy(out + i * out_stride + p * static_cast<intp>(sizeof value), &value, sizeof value);
    }
  }
}

}  // namespace

CastKernel cast_kernel(Element from, Element to) {
  return cast_table.rows[static_cast<int>(from)][static_cast<int>(to)];
}

void copy_run(char* out, intp out_stride, const char* in, intp in_stride, intp count, intp itemsize, intp swap) {
  if (!swap && out_stride == itemsize && in_stride == itemsize) {
    if (count) std::memcpy(out, in, static_cast<size_t>(count * itemsize));
    return;
  }
  if (swap && itemsize != swap && itemsize != 2 * swap) {  // text: an element is many words
    for (intp i = 0; i < count; i++)
      copy_run(out + i * out_stride, swap, in + i * in_stride, swap, itemsize / swap, swap, swap);
    return;
  }
  if (swap) {
    const bool pair = itemsize == 2 * swap;
    switch (swap) {
      case 2:
        (pair ? copy_reversed<uint16_t, 2> : copy_reversed<uint16_t, 1>)(out, out_stride, in, in_stride, count);
        return;
      case 4:
        (pair ? copy_reversed<uint32_t, 2> : copy_reversed<uint32_t, 1>)(out, out_stride, in, in_stride, count);
        return;
      case 16:
        (pair ? copy_reversed<WordPair, 2> : copy_reversed<WordPair, 1>)(out, out_stride, in, in_stride, count);
        return;
      default:
        (pair ? copy_reversed<uint64_t, 2> : copy_reversed<uint64_t, 1>)(out, out_stride, in, in_stride, count);
        return;
    }
  }
  if (is_word(itemsize)) {
    with_word(itemsize, [&](auto word) { copy_typed<decltype(word)>(out, out_stride, in, in_stride, count); });
    return;
  }
  for (intp i = 0; i < count; i++) std::memcpy(out + i * out_stride, in + i * in_stride, static_cast<size_t>(itemsize));
}

namespace {
// Tiles of two cache lines along the columns and 8 words along the rows: whichever side is contiguous, its lines are
// met once.
template <class Word>
void transpose_words(char* out, intp out_row, const char* in, intp in_column, intp rows, intp columns) {
  constexpr intp size = sizeof(Word), tall = 128 / size < 8 ? 8 : 128 / size > 32 ? 32 : 128 / size, wide = 8;
  const auto move = [&](intp row, intp column) {
    store_value(out + row * out_row + column * size, load_value<Word>(in + column * in_column + row * size));
  };
  for (intp row = 0; row < rows; row += tall) {
    const intp end = row + tall < rows ? row + tall : rows;
    intp column = 0;
    for (; column + wide <= columns; column += wide)
      for (intp r = row; r < end; r++)
        for (intp c = 0; c < wide; c++) move(r, column + c);
    if (column < columns)
      for (intp r = row; r < end; r++)
        for (intp c = column; c < columns; c++) move(r, c);
  }
}
}  // namespace

void copy_transposed(char* out, intp out_row, const char* in, intp in_column, intp rows, intp columns, intp itemsize) {
  with_word(itemsize, [&](auto word) { transpose_words<decltype(word)>(out, out_row, in, in_column, rows, columns); });
}

// ---- casts of user types

namespace {
struct UserCast {
  int from, to;
  LegacyCast function;  // null: only the safety is registered
  bool safe;
};
UserCast* user_casts;
int user_cast_count;

UserCast* user_cast(int from, int to, bool create) {
  for (int i = 0; i < user_cast_count; i++)
    if (user_casts[i].from == from && user_casts[i].to == to) return &user_casts[i];
  if (!create) return nullptr;
  auto* grown =
      static_cast<UserCast*>(std::realloc(user_casts, sizeof(UserCast) * static_cast<size_t>(user_cast_count + 1)));
  if (!grown) {
    PyErr_NoMemory();
    return nullptr;
  }
  user_casts = grown;
  user_casts[user_cast_count] = {from, to, nullptr, false};
  return &user_casts[user_cast_count++];
}
}  // namespace

int register_cast(int from, int to, LegacyCast function) {
  UserCast* cast = user_cast(from, to, true);
  if (!cast) return -1;
  cast->function = function;
  return 0;
}

int register_can_cast(int from, int to) {
  UserCast* cast = user_cast(from, to, true);
  if (!cast) return -1;
  cast->safe = true;
  return 0;
}

bool user_can_cast(const ArrayDescr* from, const ArrayDescr* to, Casting casting) {
  const UserCast* cast = user_cast(from->type_num, to->type_num, false);
  return cast && (cast->safe || casting == Casting::Unsafe);
}

// ---- transfers

bool Transfer::prepare(ArrayDescr* from, ArrayDescr* to) {
  *this = Transfer();
  in_size_ = from->elsize;
  out_size_ = to->elsize;
  if (has_references(from) || has_references(to)) {
    // The descriptors live as long as the operands that the transfer works on.
    from_ = from;
    to_ = to;
    return true;
  }
  if (is_flexible(from) || is_flexible(to) || is_time(from) || is_time(to)) {
    if (equivalent(from, to)) return true;
    from_ = from;
    to_ = to;
    return true;
  }
  const int a = element_index(from), b = element_index(to);
  if (from->type_num == to->type_num || (a >= 0 && a == b)) {
    in_swap_ = is_swapped(from) != is_swapped(to) ? (swap_unit(from) ? swap_unit(from) : swap_unit(to)) : 0;
    return true;
  }
  in_swap_ = swap_unit(from);
  out_swap_ = swap_unit(to);
  if (a >= 0 && b >= 0) {
    kernel_ = cast_kernel(static_cast<Element>(a), static_cast<Element>(b));
    return true;
  }
  const UserCast* cast = user_cast(from->type_num, to->type_num, false);
  if (cast) legacy_ = cast->function;
  if (legacy_) return true;
  PyErr_Format(PyExc_TypeError, "Cannot cast array data from %R to %R: no cast is registered.",
               reinterpret_cast<PyObject*>(from), reinterpret_cast<PyObject*>(to));
  return false;
}

// References are counted: what is overwritten loses one, what is written gains one.
uint32_t Transfer::run_objects(char* out, intp out_stride, const char* in, intp in_stride, intp count) const {
  uint32_t errors = 0;
  if ((is_time(from_) || is_time(to_)) && copy_time(from_, in, in_stride, to_, out, out_stride, count, &errors))
    return errors;
  if (is_text(from_) && is_text(to_)) {
    copy_text(from_, in, in_stride, to_, out, out_stride, count);
    return 0;
  }
  const DTypeSlots *source = dtype_slots(from_), *target = dtype_slots(to_);
  // Python's floats would show digits that shorter types do not have.
  const bool shorter =
      is_text(to_) && (from_->kind == 'f' ? from_->elsize < 8 : from_->kind == 'c' && from_->elsize < 16);
  for (intp i = 0; i < count; i++) {
    Ref<> value = is_object(from_) ? object_at(in)
                  : shorter        ? steal(scalar_from_data(from_, in))
                                   : steal(source->getitem(from_, in));
    if (!value) return 0;
    if (is_object(to_))
      put_object(out, std::move(value));
    else if (target->setitem(to_, value.get(), out) < 0)
      return 0;
    in += in_stride;
    out += out_stride;
  }
  return 0;
}

uint32_t Transfer::run(char* out, intp out_stride, const char* in, intp in_stride, intp count) const {
  if (from_) return run_objects(out, out_stride, in, in_stride, count);
  if (plain_copy()) {
    copy_run(out, out_stride, in, in_stride, count, in_size_, in_swap_);
    return 0;
  }
  constexpr intp bytes = 4096;
  alignas(64) char gathered[bytes], converted[bytes];
  const bool gather = in_stride != in_size_ || in_swap_, scatter = out_stride != out_size_ || out_swap_;
  const intp widest = in_size_ > out_size_ ? in_size_ : out_size_;
  const bool blocks_fit = widest <= kMaxElementSize;
  const intp step = !gather && !scatter ? count : blocks_fit ? (widest > 16 ? bytes / kMaxElementSize : bytes / 16) : 1;
  uint32_t errors = 0;
  for (intp done = 0; done < count; done += step) {
    const intp n = count - done < step ? count - done : step;
    const char* source = in + done * in_stride;
    char* target = out + done * out_stride;
    if (gather && blocks_fit) {
      copy_run(gathered, in_size_, source, in_stride, n, in_size_, in_swap_);
      source = gathered;
    }
    char* const result = scatter && blocks_fit ? converted : target;
    if (kernel_)
      errors |= kernel_(source, result, n);
    else
      legacy_(const_cast<char*>(source), result, n, nullptr, nullptr);
    if (result != target) copy_run(target, out_stride, converted, out_size_, n, out_size_, out_swap_);
  }
  return errors;
}

}  // namespace wasmnp
