#include "datetime.hpp"

#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "array.hpp"
#include "casting.hpp"
#include "flexible.hpp"
#include "scalar.hpp"
#include "state.hpp"
#include "text_signatures.hpp"
#include "unaligned.hpp"
#include "wide.hpp"

namespace wasmnp {

namespace {

// PyArray_DatetimeDTypeMetaData: what descriptors carry behind c_metadata.
struct TimeMetadata {
  void *free, *clone, *reserved[2];
  TimeMeta meta;
};

struct KnownDescr {
  ArrayDescr* descr;
  TimeMetadata metadata;
  KnownDescr* next;
};
KnownDescr* known;
PyTypeObject* classes[2];
DTypeSlots slots[2];

const char* const unit_names[] = {"Y", "M", "W", "", "D", "h", "m", "s", "ms", "us", "ns", "ps", "fs", "as", "generic"};
// How many of the next finer unit, from weeks on.
const int64_t next_finer[] = {12, 0, 7, 0, 24, 60, 60, 1000, 1000, 1000, 1000, 1000, 1000};

int rank(TimeUnit unit) { return static_cast<int>(unit); }
TimeUnit finer(TimeUnit unit) { return static_cast<TimeUnit>(unit == TimeUnit::Week ? 4 : rank(unit) + 1); }

// Days since 1970-01-01 of a proleptic Gregorian date, and back (Hinnant, "chrono-compatible low-level date
// algorithms", 2013).
int64_t days_from_civil(int64_t year, int month, int day) {
  year -= month <= 2;
  const int64_t era = (year >= 0 ? year : year - 399) / 400;
  const int64_t of_era = year - era * 400;
  const int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}
struct Civil {
  int64_t year;
  int month, day;
};
Civil civil_from_days(int64_t days) {
  days += 719468;
  const int64_t era = (days >= 0 ? days : days - 146096) / 146097;
  const int64_t of_era = days - era * 146097;
  const int64_t year_of_era = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
  const int64_t of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const int64_t shifted = (5 * of_year + 2) / 153;
  const int month = static_cast<int>(shifted < 10 ? shifted + 3 : shifted - 9);
  return {year_of_era + era * 400 + (month <= 2), month, static_cast<int>(of_year - (153 * shifted + 2) / 5 + 1)};
}

int64_t floor_divide(int64_t a, int64_t b) { return a / b - (a % b < 0); }

// a * b, NaT where it does not fit.
int64_t scaled(int64_t a, int64_t b) {
  int64_t result;
  return a == kNaT || __builtin_mul_overflow(a, b, &result) ? kNaT : result;
}

// Whether a span of `from` is a whole number of `to`, and how many: of their units, not counting their multiples.
bool units_in(TimeUnit from, TimeUnit to, int64_t* factor) {
  *factor = 1;
  if (from == TimeUnit::Year) {
    *factor = to == TimeUnit::Month ? 12 : 1;
    return to == TimeUnit::Year || to == TimeUnit::Month;
  }
  if (from == TimeUnit::Month) return to == TimeUnit::Month;
  for (TimeUnit unit = from; rank(unit) < rank(to); unit = finer(unit))
    if (__builtin_mul_overflow(*factor, next_finer[rank(unit)], factor)) return false;
  return rank(from) <= rank(to);
}

static __int128 floor_wide(__int128 a, __int128 b) {
  const WideDivision parts = divide_wide(a, b);
  return parts.quotient - (parts.rest < 0);
}

int64_t span_between(int64_t value, TimeMeta from, TimeMeta to) {
  if (value == kNaT || from.unit == TimeUnit::Generic || to.unit == TimeUnit::Generic) return value;
  value = scaled(value, from.count);
  if (value == kNaT) return value;
  int64_t factor;
  // A year has 365.2425 days on average, a month a twelfth of it.
  if (rank(from.unit) <= 1 && rank(to.unit) > 1) {
    const int64_t months = from.unit == TimeUnit::Year ? scaled(value, 12) : value;
    if (months == kNaT) return kNaT;
    const __int128 seconds = static_cast<__int128>(months) * 2629746;
    if (rank(to.unit) <= rank(TimeUnit::Second)) {
      units_in(to.unit, TimeUnit::Second, &factor);
      const __int128 divisor = static_cast<__int128>(factor) * to.count;
      return static_cast<int64_t>(floor_wide(seconds, divisor));
    }
    if (!units_in(TimeUnit::Second, to.unit, &factor)) return kNaT;
    return floor_divide(scaled(static_cast<int64_t>(seconds), factor), to.count);
  }
  if (rank(from.unit) > 1 && rank(to.unit) <= 1) {
    __int128 seconds;
    if (units_in(from.unit, TimeUnit::Second, &factor)) {
      seconds = static_cast<__int128>(value) * factor;
    } else if (units_in(TimeUnit::Second, from.unit, &factor)) {
      seconds = floor_divide(value, factor);
    } else {
      return 0;
    }
    const __int128 divisor = static_cast<__int128>(to.unit == TimeUnit::Year ? 31556952 : 2629746) * to.count;
    return static_cast<int64_t>(floor_wide(seconds, divisor));
  }
  if (units_in(from.unit, to.unit, &factor)) {
    const int64_t fine = scaled(value, factor);
    return fine == kNaT ? kNaT : floor_divide(fine, to.count);
  }
  if (units_in(to.unit, from.unit, &factor)) return floor_divide(floor_divide(value, factor), to.count);
  // A day of femtoseconds has no 64-bit count; seconds of them have.
  if (rank(to.unit) >= rank(TimeUnit::Second) || !units_in(TimeUnit::Second, from.unit, &factor)) return kNaT;
  return span_between(floor_divide(value, factor), {TimeUnit::Second, 1}, to);
}

int64_t point_between(int64_t value, TimeMeta from, TimeMeta to) {
  if (value == kNaT || from.unit == TimeUnit::Generic || to.unit == TimeUnit::Generic) return value;
  const bool from_calendar = rank(from.unit) <= 1, to_calendar = rank(to.unit) <= 1;
  if (from_calendar == to_calendar) return span_between(value, from, to);
  if (from_calendar) {
    const int64_t units = scaled(value, from.count);
    if (units == kNaT) return kNaT;
    const int64_t years = from.unit == TimeUnit::Year ? units : floor_divide(units, 12);
    const int month = from.unit == TimeUnit::Year ? 0 : static_cast<int>(units - years * 12);
    if (years > 200000000000000000 || years < -200000000000000000) return kNaT;
    return span_between(days_from_civil(1970 + years, month + 1, 1), {TimeUnit::Day, 1}, to);
  }
  const Civil civil = civil_from_days(span_between(value, from, {TimeUnit::Day, 1}));
  const int64_t months = (civil.year - 1970) * 12 + civil.month - 1;
  return span_between(months, {TimeUnit::Month, 1}, to);
}

int64_t value_at(const char* data, bool swapped) {
  const auto value = load_value<int64_t>(data);
  return swapped ? static_cast<int64_t>(__builtin_bswap64(static_cast<uint64_t>(value))) : value;
}
void put_value(char* data, int64_t value, bool swapped) {
  if (swapped) value = static_cast<int64_t>(__builtin_bswap64(static_cast<uint64_t>(value)));
  std::memcpy(data, &value, sizeof value);
}

bool parse_meta(const char* text, TimeMeta* meta) {
  *meta = {TimeUnit::Generic, 1};
  if (!*text) return true;
  const size_t length = std::strlen(text);
  if (*text != '[' || text[length - 1] != ']' || length < 3) return false;
  char* end;
  long count = 1;
  const char* start = text + 1;
  if (*start >= '0' && *start <= '9') {
    count = std::strtol(start, &end, 10);
    start = end;
    if (count < 1 || count > INT32_MAX) return false;
  }
  const size_t rest = static_cast<size_t>(text + length - 1 - start);
  for (int i = 0; i < 15; i++) {
    if (std::strlen(unit_names[i]) != rest || std::strncmp(unit_names[i], start, rest) || !rest) continue;
    *meta = {static_cast<TimeUnit>(i), static_cast<int>(count)};
    return true;
  }
  return false;
}

void meta_text(TimeMeta meta, char* text, size_t size) {
  if (meta.unit == TimeUnit::Generic)
    *text = 0;
  else if (meta.count == 1)
    std::snprintf(text, size, "[%s]", unit_names[rank(meta.unit)]);
  else
    std::snprintf(text, size, "[%d%s]", meta.count, unit_names[rank(meta.unit)]);
}

// ISO 8601 text of a date or time, with the unit that its last part has.
bool parse_iso(PyObject* text, int64_t* value, TimeMeta* meta) {
  const char* at = PyUnicode_AsUTF8AndSize(text, nullptr);
  if (!at) return false;
  const char* const start = at;
  const auto bad = [&] {
    PyErr_Format(PyExc_ValueError, "Error parsing datetime string \"%s\" at position %zd", start, at - start);
    return false;
  };
  if (!*at || !std::strcmp(at, "NaT") || !std::strcmp(at, "nat") || !std::strcmp(at, "NAT") ||
      !std::strcmp(at, "Nat")) {
    *value = kNaT;
    *meta = {TimeUnit::Generic, 1};
    return true;
  }
  const auto number = [&](int digits, int64_t* out) {
    *out = 0;
    for (int i = 0; i < digits; i++, at++) {
      if (*at < '0' || *at > '9') return false;
      *out = *out * 10 + (*at - '0');
    }
    return true;
  };
  const bool negative = *at == '-';
  if (*at == '-' || *at == '+') at++;
  int64_t year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0;
  int digits = 0;
  for (; *at >= '0' && *at <= '9' && digits < 17; at++, digits++) year = year * 10 + (*at - '0');
  if (digits < 4) return bad();
  if (negative) year = -year;
  TimeUnit unit = TimeUnit::Year;
  if (*at == '-') {
    at++;
    if (!number(2, &month) || month < 1 || month > 12) return bad();
    unit = TimeUnit::Month;
    if (*at == '-') {
      at++;
      static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
      const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
      if (!number(2, &day) || day < 1 || day > lengths[month - 1] + (month == 2 && leap)) return bad();
      unit = TimeUnit::Day;
    }
  }
  int64_t fraction = 0;
  int fraction_digits = 0;
  if (unit == TimeUnit::Day && (*at == 'T' || *at == ' ')) {
    at++;
    if (!number(2, &hour) || hour > 23) return bad();
    unit = TimeUnit::Hour;
    if (*at == ':') {
      at++;
      if (!number(2, &minute) || minute > 59) return bad();
      unit = TimeUnit::Minute;
      if (*at == ':') {
        at++;
        if (!number(2, &second) || second > 59) return bad();
        unit = TimeUnit::Second;
        if (*at == '.') {
          for (at++; *at >= '0' && *at <= '9' && fraction_digits < 18; at++, fraction_digits++)
            fraction = fraction * 10 + (*at - '0');
          const int groups = (fraction_digits + 2) / 3;
          for (; fraction_digits < 3 * groups; fraction_digits++) fraction *= 10;
          unit = static_cast<TimeUnit>(rank(TimeUnit::Second) + groups);
        }
      }
    }
    if (*at == 'Z') at++;  // the time zone of every value
  }
  if (*at) return bad();
  *meta = {unit, 1};
  if (unit == TimeUnit::Year) return *value = year - 1970, true;
  if (unit == TimeUnit::Month) return *value = (year - 1970) * 12 + month - 1, true;
  const int64_t days = days_from_civil(year, static_cast<int>(month), static_cast<int>(day));
  if (unit == TimeUnit::Day) return *value = days, true;
  const int64_t seconds = days * 86400 + hour * 3600 + minute * 60 + second;
  if (rank(unit) <= rank(TimeUnit::Second)) {
    *value = span_between(seconds, {TimeUnit::Second, 1}, *meta);
    return true;
  }
  const int64_t whole = span_between(seconds, {TimeUnit::Second, 1}, *meta);
  *value = whole == kNaT ? kNaT : whole + fraction;
  return true;
}

// Python's datetime, date and timedelta, by their attributes.
bool attribute(PyObject* object, const char* name, int64_t* out) {
  Ref<> value = steal(PyObject_GetAttrString(object, name));
  *out = value ? PyLong_AsLongLong(value.get()) : -1;
  return !PyErr_Occurred();
}
enum class PythonTime { None, Date, Datetime, Span };
PythonTime python_time(PyObject* object) {
  if (PyLong_Check(object) || PyFloat_Check(object) || PyUnicode_Check(object) || PyBytes_Check(object) ||
      is_array(object) || object == Py_None)
    return PythonTime::None;
  static PyObject* types[3];
  if (!types[0]) {
    Ref<> module = steal(PyImport_ImportModule("datetime"));
    const char* const names[] = {"datetime", "date", "timedelta"};
    for (int i = 0; module && i < 3; i++) types[i] = PyObject_GetAttrString(module.get(), names[i]);
    if (!types[0] || !types[1] || !types[2]) return PyErr_Clear(), PythonTime::None;
  }
  const PythonTime kinds[] = {PythonTime::Datetime, PythonTime::Date, PythonTime::Span};
  for (int i = 0; i < 3; i++)
    if (PyObject_TypeCheck(object, reinterpret_cast<PyTypeObject*>(types[i]))) return kinds[i];
  return PythonTime::None;
}

bool from_python_time(PyObject* object, PythonTime kind, int64_t* value, TimeMeta* meta) {
  int64_t a, b, c;
  if (kind == PythonTime::Span) {
    if (!attribute(object, "days", &a) || !attribute(object, "seconds", &b) || !attribute(object, "microseconds", &c))
      return false;
    *meta = {TimeUnit::Microsecond, 1};
    *value = (a * 86400 + b) * 1000000 + c;
    return true;
  }
  if (!attribute(object, "year", &a) || !attribute(object, "month", &b) || !attribute(object, "day", &c)) return false;
  const int64_t days = days_from_civil(a, static_cast<int>(b), static_cast<int>(c));
  *meta = {TimeUnit::Day, 1};
  *value = days;
  if (kind == PythonTime::Date) return true;
  int64_t fraction;
  if (!attribute(object, "hour", &a) || !attribute(object, "minute", &b) || !attribute(object, "second", &c) ||
      !attribute(object, "microsecond", &fraction))
    return false;
  *meta = {TimeUnit::Microsecond, 1};
  *value = (((days * 24 + a) * 60 + b) * 60 + c) * 1000000 + fraction;
  Ref<> offset = steal(PyObject_CallMethod(object, "utcoffset", nullptr));
  if (!offset) return false;
  if (offset.get() != Py_None) {
    if (PyErr_WarnEx(PyExc_UserWarning, "no explicit representation of timezones available for np.datetime64", 1) < 0)
      return false;
    int64_t span;
    TimeMeta micro;
    if (!from_python_time(offset.get(), PythonTime::Span, &span, &micro)) return false;
    *value -= span;
  }
  return true;
}

struct TimeScalar {
  PyObject_HEAD int64_t value;
  TimeMeta meta;
};
TimeScalar* as_time(PyObject* self) { return reinterpret_cast<TimeScalar*>(self); }

// The count that a Python object stands for, with the unit it has (generic for plain integers).
bool value_of_object(bool point, PyObject* object, int64_t* value, TimeMeta* meta) {
  *meta = {TimeUnit::Generic, 1};
  if (PyObject_TypeCheck(object, point ? &Datetime_Type : &Timedelta_Type)) {
    *value = as_time(object)->value;
    *meta = as_time(object)->meta;
    return true;
  }
  if (object == Py_None) return *value = kNaT, true;
  if (const PythonTime kind = python_time(object); kind != PythonTime::None && (kind == PythonTime::Span) != point)
    return from_python_time(object, kind, value, meta);
  if (PyUnicode_Check(object) || PyBytes_Check(object)) {
    Ref<> text =
        PyUnicode_Check(object) ? borrow(object) : steal(PyUnicode_FromEncodedObject(object, "ascii", "strict"));
    if (!text) return false;
    if (point) return parse_iso(text.get(), value, meta);
    const char* plain = PyUnicode_AsUTF8AndSize(text.get(), nullptr);
    if (!plain) return false;
    if (!*plain ||
        (std::strlen(plain) == 3 && (plain[0] | 0x20) == 'n' && (plain[1] | 0x20) == 'a' && (plain[2] | 0x20) == 't'))
      return *value = kNaT, true;
    Ref<> number = steal(PyNumber_Long(text.get()));
    if (!number) return false;
    *value = PyLong_AsLongLong(number.get());
    return !PyErr_Occurred();
  }
  if (is_array(object) && as_array(object)->nd == 0) {
    Ref<> item = steal(array_item(as_array(object), as_array(object)->data));
    return item && value_of_object(point, item.get(), value, meta);
  }
  if (!PyIndex_Check(object)) {
    PyErr_Format(PyExc_ValueError,
                 point ? "Could not convert object of type '%s' to NumPy datetime"
                       : "Could not convert object of type '%s' to NumPy timedelta",
                 Py_TYPE(object)->tp_name);
    return false;
  }
  Ref<> number = steal(PyNumber_Index(object));
  *value = number ? PyLong_AsLongLong(number.get()) : -1;
  return !PyErr_Occurred();
}

PyObject* to_python(bool point, int64_t value, TimeMeta meta) {
  if (value == kNaT) return new_ref(Py_None);
  Ref<> module = steal(PyImport_ImportModule("datetime"));
  if (!module) return nullptr;
  const bool coarse = rank(meta.unit) <= rank(TimeUnit::Microsecond) && meta.unit != TimeUnit::Generic;
  if (!point) {
    if (!coarse || rank(meta.unit) <= 1) return PyLong_FromLongLong(scaled(value, meta.count));
    const int64_t micro = span_between(value, meta, {TimeUnit::Microsecond, 1});
    Ref<> result = micro == kNaT
                       ? Ref<>()
                       : steal(PyObject_CallMethod(module.get(), "timedelta", "LLL", floor_divide(micro, 86400000000),
                                                   int64_t{0}, micro - floor_divide(micro, 86400000000) * 86400000000));
    if (!result) PyErr_Clear();
    return result ? result.release() : PyLong_FromLongLong(value);
  }
  if (!coarse) return PyLong_FromLongLong(scaled(value, meta.count));
  const int64_t days = point_between(value, meta, {TimeUnit::Day, 1});
  const Civil civil = days == kNaT ? Civil{0, 1, 1} : civil_from_days(days);
  if (civil.year < 1 || civil.year > 9999) return PyLong_FromLongLong(value);
  if (rank(meta.unit) <= rank(TimeUnit::Day))
    return PyObject_CallMethod(module.get(), "date", "Lii", civil.year, civil.month, civil.day);
  const int64_t micro = point_between(value, meta, {TimeUnit::Microsecond, 1}) - days * 86400000000;
  const int64_t second = micro / 1000000;
  return PyObject_CallMethod(module.get(), "datetime", "Liiiiii", civil.year, civil.month, civil.day,
                             static_cast<int>(second / 3600), static_cast<int>(second / 60 % 60),
                             static_cast<int>(second % 60), static_cast<int>(micro % 1000000));
}

PyObject* time_getitem(ArrayDescr* descr, const char* data) {
  return to_python(descr->type_num == kDatetime, value_at(data, is_swapped(descr)), time_meta(descr));
}

int time_setitem(ArrayDescr* descr, PyObject* object, char* data) {
  const bool point = descr->type_num == kDatetime;
  int64_t value;
  TimeMeta meta;
  if (!value_of_object(point, object, &value, &meta)) return -1;
  put_value(data, (point ? point_between : span_between)(value, meta, time_meta(descr)), is_swapped(descr));
  return 0;
}

}  // namespace

TimeMeta time_meta(const ArrayDescr* descr) { return static_cast<TimeMetadata*>(descr->c_metadata)->meta; }

ArrayDescr* time_descr(int type_num, TimeMeta meta) {
  for (KnownDescr* entry = known; entry; entry = entry->next)
    if (entry->descr->type_num == type_num && entry->metadata.meta.unit == meta.unit &&
        entry->metadata.meta.count == meta.count)
      return entry->descr;
  auto* entry = static_cast<KnownDescr*>(std::calloc(1, sizeof(KnownDescr)));
  PyTypeObject* type = classes[type_num - kDatetime];
  auto* descr = entry ? PyObject_New(ArrayDescr, type) : nullptr;
  if (!descr) {
    std::free(entry);
    return nullptr;
  }
  const PyObject header = *reinterpret_cast<PyObject*>(descr);
  std::memset(static_cast<void*>(descr), 0, sizeof *descr);
  *reinterpret_cast<PyObject*>(descr) = header;
  descr->typeobj = dtype_tail(type)->scalar_type;
  descr->kind = descr->type = type_num == kDatetime ? 'M' : 'm';
  descr->byteorder = '=';
  descr->type_num = type_num;
  descr->elsize = 8;
  descr->alignment = alignof(int64_t);
  descr->hash = -1;
  entry->metadata.meta = meta;
  descr->c_metadata = &entry->metadata;
  entry->descr = descr;
  entry->next = known;
  known = entry;
  return descr;
}

ArrayDescr* time_descr_from_name(const char* name) {
  static const struct {
    const char* prefix;
    int type_num;
  } prefixes[] = {{"datetime64", kDatetime}, {"timedelta64", kTimedelta},
                  {"M8", kDatetime},         {"m8", kTimedelta},
                  {"M", kDatetime},          {"m", kTimedelta}};
  for (const auto& entry : prefixes) {
    const size_t length = std::strlen(entry.prefix);
    if (std::strncmp(name, entry.prefix, length) || (name[length] && name[length] != '[')) continue;
    TimeMeta meta;
    if (parse_meta(name + length, &meta)) return time_descr(entry.type_num, meta);
    PyErr_Format(PyExc_TypeError, "Invalid datetime unit in metadata string \"%s\"", name + length);
    return nullptr;
  }
  return nullptr;
}

ArrayDescr* time_descr_of(PyObject* value) {
  if (PyObject_TypeCheck(value, &Datetime_Type)) return time_descr(kDatetime, as_time(value)->meta);
  if (PyObject_TypeCheck(value, &Timedelta_Type)) return time_descr(kTimedelta, as_time(value)->meta);
  return nullptr;
}

ArrayDescr* time_descr_for(ArrayDescr* descr, PyObject* value) {
  if (time_meta(descr).unit != TimeUnit::Generic) return descr;
  int64_t count;
  TimeMeta meta;
  if (!value_of_object(descr->type_num == kDatetime, value, &count, &meta)) return nullptr;
  return time_descr(descr->type_num, meta);
}

bool can_cast_time(const ArrayDescr* from, const ArrayDescr* to, Casting casting) {
  if (casting == Casting::Unsafe) return true;
  if (is_time(from) && is_time(to)) {
    if (from->type_num != to->type_num) return false;
    const TimeMeta a = time_meta(from), b = time_meta(to);
    if (a.unit == b.unit && a.count == b.count) return casting != Casting::No || is_swapped(from) == is_swapped(to);
    if (casting <= Casting::Equiv) return false;
    if (a.unit == TimeUnit::Generic) return true;
    if (b.unit == TimeUnit::Generic) return false;
    const bool point = from->type_num == kDatetime;
    const bool linear = point || (rank(a.unit) <= 1) == (rank(b.unit) <= 1);
    if (casting == Casting::SameKind) return linear;
    int64_t factor;
    if (!linear || rank(a.unit) > rank(b.unit)) return false;
    if ((rank(a.unit) <= 1) != (rank(b.unit) <= 1)) return true;
    return units_in(a.unit, b.unit, &factor) && (scaled(factor, a.count) % b.count) == 0;
  }
  if (is_time(from)) {
    if (is_object(to)) return casting >= Casting::Safe;
    if (is_text(to)) return casting >= Casting::SameKind || (casting == Casting::Safe && is_unsized(to));
    if (to->type_num == kVoid) return casting >= Casting::Safe && to->elsize >= 8;
    return false;
  }
  // Integers are spans.
  if (to->type_num == kTimedelta) {
    const int element = element_index(from);
    if (from->kind != 'i' && from->kind != 'u' && from->kind != 'b') return false;
    if (element == static_cast<int>(Element::UInt64)) return casting == Casting::SameKind;
    return casting >= Casting::Safe;
  }
  return false;
}

ArrayDescr* promote_time(const ArrayDescr* a, const ArrayDescr* b) {
  const int type_num = a->type_num == kDatetime || b->type_num == kDatetime ? kDatetime : kTimedelta;
  if (!is_time(a) || !is_time(b)) {
    const ArrayDescr *time = is_time(a) ? a : b, *other = is_time(a) ? b : a;
    if (is_object(other)) return descr_of(Element::Object);
    const bool fits = other->kind == 'u' ? other->elsize < 8 : other->kind == 'i' || other->kind == 'b';
    if (time->type_num == kTimedelta && fits) return time_descr(kTimedelta, time_meta(time));
    raise_no_promotion(a, b);
    return nullptr;
  }
  const TimeMeta x = time_meta(a), y = time_meta(b);
  if (x.unit == TimeUnit::Generic) return time_descr(type_num, y);
  if (y.unit == TimeUnit::Generic) return time_descr(type_num, x);
  const TimeMeta coarse = rank(x.unit) <= rank(y.unit) ? x : y, fine = rank(x.unit) <= rank(y.unit) ? y : x;
  int64_t factor = 1;
  if (!units_in(coarse.unit, fine.unit, &factor)) {
    if (rank(coarse.unit) <= 1 && rank(fine.unit) > 1) {
      if (type_num == kTimedelta) {
        PyErr_Format(
            PyExc_TypeError,
            "Cannot get a common metadata divisor for Numpy timedelta64 metadata [%s] and [%s] because they have "
            "incompatible nonlinear base time units.",
            unit_names[rank(x.unit)], unit_names[rank(y.unit)]);
        return nullptr;
      }
      return time_descr(type_num, {fine.unit, 1});
    }
    PyErr_SetString(PyExc_OverflowError,
                    "Integer overflow while computing the common metadata divisor of two units of time");
    return nullptr;
  }
  int64_t p = scaled(coarse.count, factor), q = fine.count;
  while (q) {
    const int64_t rest = p % q;
    p = q;
    q = rest;
  }
  return time_descr(type_num, {fine.unit, static_cast<int>(p)});
}

bool copy_time(const ArrayDescr* from, const char* in, intp in_stride, const ArrayDescr* to, char* out, intp out_stride,
               intp count, uint32_t* errors) {
  if (is_time(from) && is_time(to)) {
    const TimeMeta a = time_meta(from), b = time_meta(to);
    const auto convert = from->type_num == kDatetime && to->type_num == kDatetime ? point_between : span_between;
    for (intp i = 0; i < count; i++)
      put_value(out + i * out_stride, convert(value_at(in + i * in_stride, is_swapped(from)), a, b), is_swapped(to));
    return true;
  }
  const ArrayDescr* other = is_time(from) ? to : from;
  const int element = element_index(other);
  if (element < 0 || is_object(other)) {
    if (!is_time(from) || !is_text(to)) return false;
    for (intp i = 0; i < count; i++) {
      const Ref<> text = time_text(from, value_at(in + i * in_stride, is_swapped(from)));
      auto* target = const_cast<ArrayDescr*>(to);
      const intp room = to->kind == 'U' ? to->elsize / 4 : to->elsize;
      if (text && from->type_num == kDatetime && PyUnicode_GetLength(text.get()) > room) {
        PyErr_Format(
            PyExc_RuntimeError,
            "The string provided for NumPy ISO datetime formatting was too short, with length %zd; %U needs %zd", room,
            text.get(), PyUnicode_GetLength(text.get()));
        return true;
      }
      if (!text || dtype_slots(target)->setitem(target, text.get(), out + i * out_stride) < 0) return true;
    }
    return true;
  }
  const bool reads = is_time(from);
  const CastKernel kernel = reads ? cast_kernel(Element::Int64, static_cast<Element>(element))
                                  : cast_kernel(static_cast<Element>(element), Element::Int64);
  alignas(16) char element_in[kMaxElementSize], element_out[kMaxElementSize];
  for (intp i = 0; i < count; i++) {
    copy_run(element_in, 0, in + i * in_stride, 0, 1, from->elsize,
             reads ? (is_swapped(from) ? 8 : 0) : swap_unit(from));
    // NaN becomes NaT without more ado, but NaT a number like any other: its integer.
    double real = 0;
    if (!reads && (from->kind == 'f' || from->kind == 'c'))
      cast_kernel(static_cast<Element>(element), Element::Float64)(element_in, reinterpret_cast<char*>(&real), 1);
    if (real != real)
      std::memcpy(element_out, &kNaT, sizeof kNaT);
    else
      *errors |= kernel(element_in, element_out, 1);
    copy_run(out + i * out_stride, 0, element_out, 0, 1, to->elsize, reads ? swap_unit(to) : (is_swapped(to) ? 8 : 0));
  }
  return true;
}

void time_unit(const ArrayDescr* descr, char* text, size_t size) { meta_text(time_meta(descr), text, size); }

Ref<> time_text(const ArrayDescr* descr, int64_t value) {
  if (value == kNaT) return steal(PyUnicode_FromString("NaT"));
  const TimeMeta meta = time_meta(descr);
  if (descr->type_num == kTimedelta) {
    static const char* const words[] = {"years",
                                        "months",
                                        "weeks",
                                        "",
                                        "days",
                                        "hours",
                                        "minutes",
                                        "seconds",
                                        "milliseconds",
                                        "microseconds",
                                        "nanoseconds",
                                        "picoseconds",
                                        "femtoseconds",
                                        "attoseconds",
                                        "generic time units"};
    return steal(
        PyUnicode_FromFormat("%lld %s", static_cast<long long>(scaled(value, meta.count)), words[rank(meta.unit)]));
  }
  if (meta.unit == TimeUnit::Generic) return steal(PyUnicode_FromFormat("%lld", static_cast<long long>(value)));
  char text[96];
  int length;
  const int64_t days = point_between(value, meta, {TimeUnit::Day, 1});
  const Civil civil = civil_from_days(days);
  const long long year = civil.year;
  length = std::snprintf(text, sizeof text, "%04lld", year);
  if (rank(meta.unit) >= 1)
    length += std::snprintf(text + length, sizeof text - static_cast<size_t>(length), "-%02d", civil.month);
  if (rank(meta.unit) >= 2)
    length += std::snprintf(text + length, sizeof text - static_cast<size_t>(length), "-%02d", civil.day);
  if (rank(meta.unit) >= rank(TimeUnit::Hour)) {
    // The rest of the day in the value's own unit, part by part.
    const __int128 all = static_cast<__int128>(value) * meta.count;
    __int128 per = 24;
    for (TimeUnit unit = TimeUnit::Hour; rank(unit) < rank(meta.unit); unit = finer(unit))
      per *= next_finer[rank(unit)];
    __int128 rest = divide_wide(all, per).rest;
    if (rest < 0) rest += per;
    const auto part = [&](__int128 size) {
      const WideDivision parts = divide_wide(rest, size);
      rest = parts.rest;
      return static_cast<long long>(parts.quotient);
    };
    __int128 size = divide_wide(per, 24).quotient;
    const auto next = [&](int count) { return part(size = divide_wide(size, count).quotient); };
    const auto put = [&](const char* format, long long number) {
      length += std::snprintf(text + length, sizeof text - static_cast<size_t>(length), format, number);
    };
    put("T%02lld", part(size));
    if (rank(meta.unit) >= rank(TimeUnit::Minute)) put(":%02lld", next(60));
    if (rank(meta.unit) >= rank(TimeUnit::Second)) put(":%02lld", next(60));
    if (rank(meta.unit) > rank(TimeUnit::Second)) put(".%03lld", next(1000));
    for (int unit = rank(TimeUnit::Microsecond); unit <= rank(meta.unit); unit++) put("%03lld", next(1000));
  }
  return steal(PyUnicode_FromStringAndSize(text, length));
}

// ---- scalars

namespace {

PyObject* new_time(PyTypeObject* type, int64_t value, TimeMeta meta) {
  PyObject* self = type->tp_alloc(type, 0);
  if (!self) return nullptr;
  as_time(self)->value = value;
  as_time(self)->meta = meta;
  return self;
}

bool meta_from_object(PyObject* unit, TimeMeta* meta) {
  if (is_descr(unit) && is_time(reinterpret_cast<ArrayDescr*>(unit))) {
    *meta = time_meta(reinterpret_cast<ArrayDescr*>(unit));
    return true;
  }
  Ref<> text;
  long count = 1;
  if (PyTuple_Check(unit) && PyTuple_Size(unit) >= 2) {
    text = steal(PyObject_Str(PyTuple_GetItem(unit, 0)));
    count = PyLong_AsLong(PyTuple_GetItem(unit, 1));
  } else {
    text = PyBytes_Check(unit) ? steal(PyUnicode_FromEncodedObject(unit, "ascii", "strict")) : borrow(unit);
  }
  Ref<> bracketed = text && PyUnicode_Check(text.get()) ? steal(PyUnicode_FromFormat("[%U]", text.get())) : Ref<>();
  const char* name = bracketed ? PyUnicode_AsUTF8AndSize(bracketed.get(), nullptr) : nullptr;
  if (name && parse_meta(name, meta) && !PyErr_Occurred()) {
    if (count != 1) meta->count = static_cast<int>(count);
    return true;
  }
  if (!PyErr_Occurred())
    PyErr_Format(PyExc_TypeError,
                 "Invalid datetime unit %R in metadata: expected one of Y, M, W, D, h, m, s, ms, us, ns, "
                 "ps, fs, as, with a count before it or not",
                 unit);
  return false;
}

PyObject* make_time(PyTypeObject* type, bool point, PyObject* args, PyObject* kwargs) {
  PyObject *value = nullptr, *unit = nullptr;
  static const char* keywords[] = {"", "", nullptr};
  if (!PyArg_ParseTupleAndKeywords(args, kwargs, "|OO", const_cast<char**>(keywords), &value, &unit)) return nullptr;
  int64_t count = point ? kNaT : 0;
  TimeMeta meta{TimeUnit::Generic, 1}, wanted{TimeUnit::Generic, 1};
  if (unit && unit != Py_None && !meta_from_object(unit, &wanted)) return nullptr;
  if (value && (PyList_Check(value) || PyTuple_Check(value) || (is_array(value) && as_array(value)->nd > 0))) {
    FromAny options;
    options.descr = time_descr(point ? kDatetime : kTimedelta, wanted);
    Ref<ArrayObject> array = array_from_any(value, options);
    return array.release_object();
  }
  if (value && !value_of_object(point, value, &count, &meta)) return nullptr;
  if (point && value && meta.unit == TimeUnit::Generic && wanted.unit == TimeUnit::Generic && count != kNaT) {
    PyErr_SetString(PyExc_ValueError, "Converting an integer to a NumPy datetime requires a specified unit");
    return nullptr;
  }
  if (wanted.unit == TimeUnit::Generic) return new_time(type, count, meta);
  if (!point && meta.unit != TimeUnit::Generic && count != kNaT && (rank(meta.unit) <= 1) != (rank(wanted.unit) <= 1)) {
    PyErr_Format(PyExc_TypeError,
                 "Cannot cast NumPy timedelta64 scalar from metadata [%s] to [%s] according to the rule "
                 "'same_kind'",
                 unit_names[rank(meta.unit)], unit_names[rank(wanted.unit)]);
    return nullptr;
  }
  return new_time(type, (point ? point_between : span_between)(count, meta, wanted), wanted);
}
PyObject* datetime_new(PyTypeObject* type, PyObject* args, PyObject* kwargs) {
  return make_time(type, true, args, kwargs);
}
PyObject* timedelta_new(PyTypeObject* type, PyObject* args, PyObject* kwargs) {
  return make_time(type, false, args, kwargs);
}

ArrayDescr* own_descr(PyObject* self) { return time_descr_of(self); }

PyObject* datetime_str(PyObject* self) { return time_text(own_descr(self), as_time(self)->value).release(); }

PyObject* time_repr(PyObject* self) {
  ArrayDescr* descr = own_descr(self);
  const TimeScalar* scalar = as_time(self);
  char unit[32];
  meta_text(scalar->meta, unit, sizeof unit);
  const int legacy = legacy_style();
  if (legacy < 0) return nullptr;
  const char* package = legacy <= 125 ? "numpy" : "np";
  const bool point = descr->type_num == kDatetime, generic = scalar->meta.unit == TimeUnit::Generic;
  if (unit[0]) unit[std::strlen(unit) - 1] = 0;
  if (scalar->value == kNaT)
    return PyUnicode_FromFormat("%s.%s('NaT','%s')", package, point ? "datetime64" : "timedelta64",
                                generic ? "generic" : unit + 1);
  if (!point) {
    return generic ? PyUnicode_FromFormat("%s.timedelta64(%lld)", package, static_cast<long long>(scalar->value))
                   : PyUnicode_FromFormat("%s.timedelta64(%lld,'%s')", package, static_cast<long long>(scalar->value),
                                          unit + 1);
  }
  Ref<> text = time_text(descr, scalar->value);
  if (!text) return nullptr;
  // ISO text says which unit it has, but for weeks and multiples.
  if (scalar->meta.count == 1 && scalar->meta.unit != TimeUnit::Week && scalar->meta.unit != TimeUnit::Hour)
    return PyUnicode_FromFormat("%s.datetime64('%U')", package, text.get());
  return PyUnicode_FromFormat("%s.datetime64('%U','%s')", package, text.get(), unit + 1);
}

Py_hash_t time_hash(PyObject* self) {
  const TimeScalar* scalar = as_time(self);
  if (scalar->value == kNaT) return static_cast<Py_hash_t>(reinterpret_cast<uintptr_t>(self) >> 4);
  Ref<> value = steal(to_python(Py_TYPE(self) == &Datetime_Type, scalar->value, scalar->meta));
  return value ? PyObject_Hash(value.get()) : -1;
}

PyObject* time_get_dtype(PyObject* self, void*) { return new_ref(own_descr(self)); }
PyGetSetDef time_getset[] = {
    {"dtype", time_get_dtype, nullptr, "Data type of the scalar.", nullptr},
    {nullptr, nullptr, nullptr, nullptr, nullptr},
};

PyObject* function_datetime_data(PyObject*, PyObject* object) {
  Ref<ArrayDescr> descr = descr_from_object(object);
  if (!descr) return nullptr;
  if (!is_time(descr.get())) {
    PyErr_SetString(PyExc_TypeError, "cannot get datetime metadata from non-datetime type");
    return nullptr;
  }
  const TimeMeta meta = time_meta(descr.get());
  return Py_BuildValue("si", unit_names[rank(meta.unit)], meta.count);
}

PyMethodDef functions[] = {
    {"datetime_data", function_datetime_data, METH_O,
     "datetime_data(dtype, /)\n--\n\nThe unit of a datetime64 or timedelta64 type and how many of it one count is.\n\n"
     "Parameters\n----------\ndtype : dtype\n\nReturns\n-------\n(str, int)\n\n"
     "Examples\n--------\n>>> import wasmnp as np\n>>> np.datetime_data(np.dtype('m8[25s]'))\n('s', 25)"},
    {nullptr, nullptr, 0, nullptr},
};

}  // namespace

constinit PyTypeObject Datetime_Type = static_type("datetime64", sizeof(TimeScalar), Py_TPFLAGS_BASETYPE,
                                                   "A point in time, counted in a unit since 1970.");
constinit PyTypeObject Timedelta_Type =
    static_type("timedelta64", sizeof(TimeScalar), Py_TPFLAGS_BASETYPE, "A span of time, counted in a unit.");

PyObject* time_scalar(ArrayDescr* descr, const char* data) {
  return new_time(descr->type_num == kDatetime ? &Datetime_Type : &Timedelta_Type, value_at(data, is_swapped(descr)),
                  time_meta(descr));
}

int init_time_scalars() {
  const struct {
    PyTypeObject* type;
    PyTypeObject* base;
    newfunc make;
  } rows[] = {{&Datetime_Type, &Generic_Type, datetime_new},
              {&Timedelta_Type, abstract_scalar_type("signedinteger"), timedelta_new}};
  for (const auto& row : rows) {
    row.type->tp_base = row.base;
    row.type->tp_new = row.make;
    row.type->tp_repr = time_repr;
    row.type->tp_str = datetime_str;
    row.type->tp_hash = time_hash;
    row.type->tp_richcompare = Generic_Type.tp_richcompare;
    row.type->tp_as_number = Generic_Type.tp_as_number;
    row.type->tp_getset = time_getset;
    sign_type(row.type, row.type->tp_name,
              row.type == &Datetime_Type ? "(value=None, /, *args)" : "(value=0, /, *args)");
    if (ready_public_type(row.type, row.type->tp_name) < 0) return -1;
  }
  return 0;
}

int init_times(PyObject* module) {
  static const struct {
    const char* path;
    PyTypeObject* scalar;
    const char* name;
  } rows[2] = {{"dtypes.DateTime64DType", &Datetime_Type, "datetime64"},
               {"dtypes.TimeDelta64DType", &Timedelta_Type, "timedelta64"}};
  for (int i = 0; i < 2; i++) {
    slots[i] = {time_getitem, time_setitem, nullptr, nullptr};
    classes[i] = new_dtype_class(rows[i].path, rows[i].scalar, kDatetime + i, &slots[i]);
    if (!classes[i]) return -1;
    dtype_tail(classes[i])->flags |= kDTypeParametric | (i ? kDTypeNumeric : 0);
    dtype_tail(classes[i])->singleton = time_descr(kDatetime + i, {TimeUnit::Generic, 1});
    if (!dtype_tail(classes[i])->singleton) return -1;
    if (PyModule_AddObjectRef(module, rows[i].name, reinterpret_cast<PyObject*>(rows[i].scalar)) < 0) return -1;
  }
  return PyModule_AddFunctions(module, functions);
}

}  // namespace wasmnp
