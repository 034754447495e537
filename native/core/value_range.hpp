// Whether the values of a contiguous run lie in a range.
#pragma once

#include "../abi/numpy_abi.hpp"
#include "unaligned.hpp"

namespace wasmnp {

// Whether low <= value < high for every value of a run. The vectors are spelled out: compilers take the conjunction of
// two comparisons for a branch, and the loop then stays one of scalars.
template <class T>
bool all_between(const char* in, intp count, T low, T high) {
  typedef T Values __attribute__((vector_size(16)));
  using Lanes = decltype(Values{} < Values{});
  constexpr intp bytes = sizeof(Values), lanes = bytes / static_cast<intp>(sizeof(T));
  Lanes outside[2] = {};
  intp i = 0;
  for (; i + 2 * lanes <= count; i += 2 * lanes, in += 2 * bytes) {
    for (int half = 0; half < 2; half++) {
      Values values;
      std::memcpy(&values, in + half * bytes, sizeof values);
      outside[half] |= ~((values >= low) & (values < high));
    }
  }
  outside[0] |= outside[1];
  bool inside = true;
  for (intp lane = 0; lane < lanes; lane++) inside &= outside[0][lane] == 0;
  for (; i < count; i++, in += sizeof(T)) {
    const T value = load_value<T>(in);
    inside &= value >= low && value < high;
  }
  return inside;
}

}  // namespace wasmnp
