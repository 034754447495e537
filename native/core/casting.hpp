// Conversion of element runs: pairwise kernels between built-in types, byte swapping, strided gathers and scatters, and
// the casts that extensions register for their own types.
#pragma once

#include <cstring>
#include <type_traits>

#include "dtype.hpp"

namespace wasmnp {

struct WordPair {
  uint64_t low, high;
};
inline bool is_word(intp size) { return size == 1 || size == 2 || size == 4 || size == 8 || size == 16; }

// Calls visit with a value of the machine word (two for complex128) that an element of `size` bytes is moved as.
template <class Visit>
void with_word(intp size, Visit visit) {
  switch (size) {
    case 1: visit(uint8_t{}); break;
    case 2: visit(uint16_t{}); break;
    case 4: visit(uint32_t{}); break;
    case 8: visit(uint64_t{}); break;
    default: visit(WordPair{}); break;
  }
}

// Contiguous native runs that do not overlap; returns LoopError bits (kInvalid for an out-of-range float -> integer).
using CastKernel = uint32_t (*)(const char* in, char* out, intp count);
CastKernel cast_kernel(Element from, Element to);

// Elements of one size from one strided run to another; `swap` is the size of the unit to reverse (0: none).
void copy_run(char* out, intp out_stride, const char* in, intp in_stride, intp count, intp itemsize, intp swap);

// A matrix of words from where its columns are contiguous, `in_column` bytes apart, to where its rows are.
void copy_transposed(char* out, intp out_row, const char* in, intp in_column, intp rows, intp columns, intp itemsize);

// A conversion between two descriptors, ready to be applied to runs.
class Transfer {
 public:
  // False with TypeError when no cast is known.
  bool prepare(ArrayDescr* from, ArrayDescr* to);
  // Runs do not overlap. Returns LoopError bits; legacy casts and conversions of objects may set a Python error. An
  // output of references holds references, or nothing, before.
  uint32_t run(char* out, intp out_stride, const char* in, intp in_stride, intp count) const;
  bool plain_copy() const { return !kernel_ && !legacy_ && !from_; }
  bool plain_native_copy() const { return plain_copy() && !in_swap_; }

 private:
  CastKernel kernel_ = nullptr;
  LegacyCast legacy_ = nullptr;
  uint32_t run_objects(char* out, intp out_stride, const char* in, intp in_stride, intp count) const;

  intp in_size_ = 0, out_size_ = 0, in_swap_ = 0, out_swap_ = 0;
  ArrayDescr *from_ = nullptr, *to_ = nullptr;  // of transfers from or to references
};

// Unit of byte swapping of a descriptor: the size of a component, or 0 when it is native.
inline intp swap_unit(const ArrayDescr* descr) {
  if (!is_swapped(descr)) return 0;
  return descr->type_num == kUnicode ? 4 : is_complex(descr) ? descr->elsize / 2 : descr->elsize;
}

bool user_can_cast(const ArrayDescr* from, const ArrayDescr* to, Casting casting);
int register_cast(int from, int to, LegacyCast function);
int register_can_cast(int from, int to);

// The object that an element refers to; an element that was never set stands for None.
inline Ref<> object_at(const char* data) {
  PyObject* object;
  std::memcpy(&object, data, sizeof object);
  return borrow(object ? object : Py_None);
}
inline void put_object(char* data, Ref<> value) {
  PyObject* old;
  std::memcpy(&old, data, sizeof old);
  PyObject* const object = value.release();
  std::memcpy(data, &object, sizeof object);
  Py_XDECREF(old);
}

// One element <-> Python (element.cpp). Loads and stores are unaligned.
PyObject* element_to_python(Element element, const char* data, bool swapped);
int element_from_python(Element element, PyObject* value, char* data, bool swapped);

// The float -> integer rule of every target: truncation where the result fits; otherwise the value that x86 gives
// (the minimum of the 32- or 64-bit signed conversion, then truncated to narrower and unsigned types).
template <class To, class From>
To float_to_int(From value, bool& invalid) {
  if constexpr (sizeof(To) < 4) {
    return static_cast<To>(float_to_int<int32_t>(value, invalid));
  } else if constexpr (std::is_same_v<To, uint32_t>) {
    return static_cast<To>(float_to_int<int64_t>(value, invalid));
  } else if constexpr (std::is_same_v<To, uint64_t>) {
    // The upper half of the range is converted less 2**63; anything beyond it gives 0.
    constexpr From middle = static_cast<From>(9223372036854775808.0);
    if (!(value >= middle)) return static_cast<To>(float_to_int<int64_t>(value, invalid));
    return static_cast<To>(float_to_int<int64_t>(value - middle, invalid)) ^ (To{1} << 63);
  } else {
    constexpr From low = static_cast<From>(sizeof(To) == 4 ? -2147483648.0 : -9223372036854775808.0);
    // The first value above the range; below, `low - 1` is representable only where the mantissa has room.
    const bool fits =
        sizeof(To) == 4 && sizeof(From) == 8 ? (value > low - 1 && value < -low) : (value >= low && value < -low);
    if (fits) return static_cast<To>(value);
    invalid = true;
    return static_cast<To>(low);
  }
}

}  // namespace wasmnp
