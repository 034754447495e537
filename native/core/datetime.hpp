// Points in time and spans of it: 64-bit counts of a unit that the descriptor names.
#pragma once

#include "dtype.hpp"
#include "ufunc.hpp"

namespace wasmnp {

inline bool is_time(const ArrayDescr* descr) { return descr->type_num == kDatetime || descr->type_num == kTimedelta; }

// NPY_DATETIMEUNIT.
enum class TimeUnit : int {
  Year,
  Month,
  Week,
  Day = 4,
  Hour,
  Minute,
  Second,
  Millisecond,
  Microsecond,
  Nanosecond,
  Picosecond,
  Femtosecond,
  Attosecond,
  Generic
};
struct TimeMeta {
  TimeUnit unit;
  int count;  // of the unit
};
inline constexpr int64_t kNaT = INT64_MIN;

TimeMeta time_meta(const ArrayDescr* descr);
// The descriptor of a unit; made once and kept.
ArrayDescr* time_descr(int type_num, TimeMeta meta);
// "M8[ms]", "timedelta64", ...; null without an error for other text, with one for a bad unit.
ArrayDescr* time_descr_from_name(const char* name);
// The type of datetime64 and timedelta64 scalars, and of Python's dates and spans; null for other objects.
ArrayDescr* time_descr_of(PyObject* value);
// A unit fit for the value where `descr` has none.
ArrayDescr* time_descr_for(ArrayDescr* descr, PyObject* value);
bool can_cast_time(const ArrayDescr* from, const ArrayDescr* to, Casting casting);
ArrayDescr* promote_time(const ArrayDescr* a, const ArrayDescr* b);  // borrowed; null with TypeError
// False where the pair of types is converted through Python objects. Floating-point errors are added to `errors`.
bool copy_time(const ArrayDescr* from, const char* in, intp in_stride, const ArrayDescr* to, char* out, intp out_stride,
               intp count, uint32_t* errors);
// "[ms]", "[25s]", or nothing for the generic unit.
void time_unit(const ArrayDescr* descr, char* text, size_t size);
Ref<> time_text(const ArrayDescr* descr, int64_t value);
// Whether the types of times decide alone on the loop of a ufunc.
bool is_time_arithmetic(const UfuncObject* ufunc);
bool find_time_loop(UfuncObject* ufunc, ArrayDescr* const* types, ArrayDescr* const* wanted, Loop* loop);

extern PyTypeObject Datetime_Type, Timedelta_Type;
PyObject* time_scalar(ArrayDescr* descr, const char* data);
int init_time_scalars();
int init_times(PyObject* module);

}  // namespace wasmnp
