// Picks the instruction-set level once, at import.
#include "cpu_level.hpp"

#include <cstdlib>
#include <cstring>

#include "state.hpp"

#if defined(__x86_64__)
#include <cpuid.h>
#endif

namespace wasmnp {

namespace {

#if defined(__x86_64__)
// cpuid and xgetbv directly: zig's runtime leaves the table behind __builtin_cpu_supports empty.
int supported_level() {
  unsigned a, b, c, d, ecx1, ebx7;
  if (!__get_cpuid(1, &a, &b, &ecx1, &d) || !(ecx1 & bit_OSXSAVE)) return 2;
  unsigned low, high;
  __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
  (void)high;
  constexpr unsigned ymm = 0x6, zmm = 0xe0;  // register state that the operating system saves
  if ((low & ymm) != ymm || !__get_cpuid_count(7, 0, &a, &ebx7, &c, &d)) return 2;
  constexpr unsigned v3_1 = bit_FMA | bit_F16C | bit_MOVBE, v3_7 = bit_AVX2 | bit_BMI | bit_BMI2;
  if ((ecx1 & v3_1) != v3_1 || (ebx7 & v3_7) != v3_7) return 2;
  if (!__get_cpuid(0x80000001, &a, &b, &c, &d) || !(c & bit_LZCNT)) return 2;
  constexpr unsigned v4 = bit_AVX512F | bit_AVX512BW | bit_AVX512CD | bit_AVX512DQ | bit_AVX512VL;
  return (low & zmm) == zmm && (ebx7 & v4) == v4 ? 4 : 3;
}

// The build defines the name of a level that it leaves out as that of the next lower one.
const Routines* level_routines(int level) {
  return level >= 4 ? &isa_v4::routines : level == 3 ? &isa_v3::routines : &isa_v2::routines;
}
#endif

}  // namespace

int init_cpu_level(PyObject* module) {
#if defined(__x86_64__)
  int level = supported_level();
  if (const char* forced = std::getenv("WASMNP_CPU_LEVEL")) {
    if (std::strlen(forced) != 2 || forced[0] != 'v' || forced[1] < '2' || forced[1] > '4') {
      PyErr_Format(PyExc_ImportError, "WASMNP_CPU_LEVEL is '%s'; it takes v2, v3 or v4", forced);
      return -1;
    }
    // Never above what the processor has.
    if (forced[1] - '0' < level) level = forced[1] - '0';
  }
  state.routines = level_routines(level);
  // From memory, registers of 32 bytes are never slower than those of 64, and a tenth faster on AMD's Zen 4.
  state.streaming = level_routines(level > 3 ? 3 : level)->loops;
#else
  state.routines = &isa_base::routines;
  state.streaming = state.routines->loops;
#endif
  return PyModule_AddStringConstant(module, "_cpu_level", state.routines->level);
}

}  // namespace wasmnp
