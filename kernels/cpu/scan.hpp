// Running sums along one run (see `RunningSum` in routines.hpp).
#pragma once

#include "routines.hpp"
#include "simd.hpp"

namespace wasmnp::ISA {

// The first values are summed one after the other. Of later ones, four are summed among themselves and then added to
// the sum before them, so that one addition in four waits for the last. What a sum is made of depends on its place
// alone. Stops before the block whose sum is not finite.
template <typename T>
std::intptr_t running_sum_floats(const char* in, std::intptr_t in_step, char* out, std::intptr_t out_step,
                                 std::intptr_t count) {
  constexpr int kFirst = 255, kBlock = 4;
  T sum = load<T>(out - out_step);
  std::intptr_t done = 0;
  for (; done < count && done < kFirst; ++done) {
    const T next = sum + load<T>(in + done * in_step);
    if (next - next != T(0)) return done;
    store(out + done * out_step, next);
    sum = next;
  }
  while (done < count) {
    T partial[kBlock] = {};
    const char* values = in + done * in_step;
    char* sums = out + done * out_step;
    if (count - done >= kBlock) {
      unroll<kBlock>([&](auto i) { partial[i] = load<T>(values + i * in_step); });
    } else {
      for (int i = 0; i < count - done; ++i) partial[i] = load<T>(values + i * in_step);
    }
    unroll<kBlock - 1>([&](auto i) { partial[i + 1] += partial[i]; });
    unroll<kBlock>([&](auto i) { partial[i] += sum; });
    if (partial[kBlock - 1] - partial[kBlock - 1] != T(0)) break;
    if (count - done >= kBlock) {
      unroll<kBlock>([&](auto i) { store(sums + i * out_step, partial[i]); });
    } else {
      for (int i = 0; i < count - done; ++i) store(sums + i * out_step, partial[i]);
    }
    sum = partial[kBlock - 1];
    done += kBlock;
  }
  return done < count ? done : count;
}

// T is the unsigned type of the element's size.
template <typename T>
std::intptr_t running_sum_integers(const char* in, std::intptr_t in_step, char* out, std::intptr_t out_step,
                                   std::intptr_t count) {
  T sum = load<T>(out - out_step);
  for (std::intptr_t i = 0; i < count; ++i) {
    sum = static_cast<T>(sum + load<T>(in + i * in_step));
    store(out + i * out_step, sum);
  }
  return count;
}

}  // namespace wasmnp::ISA
