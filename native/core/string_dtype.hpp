#pragma once

#include "ufunc.hpp"

namespace wasmnp {

inline constexpr int kStringType = 2056;   // NPY_VSTRING
inline constexpr uint64_t kNeedsInit = 8;  // NPY_NEEDS_INIT

bool is_string(const ArrayDescr* descr);
Ref<ArrayDescr> string_descr(PyObject* na_object, bool coerce);
void free_string_options(ArrayDescr* descr);
bool equivalent_strings(const ArrayDescr* a, const ArrayDescr* b);
PyObject* string_descr_text(const ArrayDescr* descr);
int compare_strings(const char* a, const char* b, int operation);  // -1 with an error
// Comparisons where at least one operand is of StringDType, and the other text.
bool find_string_loop(UfuncObject* ufunc, ArrayDescr* const* types, Loop* loop);
int init_string_dtype(PyObject* module);

}  // namespace wasmnp
