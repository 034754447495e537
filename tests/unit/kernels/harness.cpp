// Gives tests the generated tables through C functions, natively by ctypes and as exports of a WebAssembly module.
#include "loop_bodies.hpp"

#define EXPORT extern "C" __attribute__((visibility("default"), used))

EXPORT const wasmnp::UfuncRow* harness_ufuncs() { return wasmnp::ufunc_rows; }
EXPORT int harness_ufunc_count() { return wasmnp::ufunc_row_count; }
EXPORT const wasmnp::LoopRow* harness_loops() { return wasmnp::loop_rows; }
EXPORT int harness_loop_count() { return wasmnp::loop_row_count; }
EXPORT const wasmnp::LoopBodies* harness_bodies() { return wasmnp::ISA::loop_bodies; }

// Runs one loop `repeat` times. form: 0 contiguous, 1 scalar_first, 2 scalar_second.
EXPORT std::uint32_t harness_run(int loop, int form, char* const* operands, std::intptr_t count, int repeat) {
  const wasmnp::LoopBodies& bodies = wasmnp::ISA::loop_bodies[loop];
  const wasmnp::BlockKernel body = form == 0 ? bodies.contiguous : form == 1 ? bodies.scalar_first : bodies.scalar_second;
  std::uint32_t errors = 0;
  for (int i = 0; i < repeat; ++i) errors |= body(operands, count);
  return errors;
}
EXPORT std::uint32_t harness_run_strided(int loop, char* const* operands, const std::intptr_t* strides,
                                         std::intptr_t count) {
  return wasmnp::ISA::loop_bodies[loop].strided(operands, strides, count);
}
