"""Instruction sets, under NumPy's names: which ones code may use follows from the level that was picked at import."""

from .._native import _cpu_level

# What each x86-64 level has beyond the one before.
_LEVELS = {
    "v2": ("SSE", "SSE2", "SSE3", "SSSE3", "SSE41", "POPCNT", "SSE42", "CX16", "LAHF", "X86_V2"),
    "v3": ("AVX", "F16C", "FMA3", "AVX2", "MOVBE", "BMI", "BMI2", "LZCNT", "X86_V3"),
    "v4": ("AVX512F", "AVX512CD", "AVX512VL", "AVX512BW", "AVX512DQ", "AVX512_SKX", "X86_V4"),
}
_OTHERS = {"neon": ("NEON", "NEON_FP16", "NEON_VFPV4", "ASIMD")}

__cpu_features__ = dict.fromkeys((*(name for names in _LEVELS.values() for name in names), *_OTHERS["neon"]), False)
__cpu_features__ |= dict.fromkeys(_OTHERS.get(_cpu_level, ()), True)
if _cpu_level in _LEVELS:
    for _level, _names in _LEVELS.items():
        if _level <= _cpu_level:
            __cpu_features__ |= dict.fromkeys(_names, True)
__cpu_baseline__ = ["X86_V2"] if _cpu_level in _LEVELS else list(_OTHERS.get(_cpu_level, ()))
__cpu_dispatch__ = ["X86_V3", "X86_V4"] if _cpu_level in _LEVELS else []
