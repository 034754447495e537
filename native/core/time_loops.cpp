// Ufuncs of datetime64 and timedelta64: integer arithmetic in which NaT, the smallest integer, stands for nothing.
#include <cmath>
#include <cstring>

#include "array.hpp"
#include "datetime.hpp"
#include "unaligned.hpp"

namespace wasmnp {

namespace {

template <class Result, class A, class B, class Apply>
int binary(char* const* data, const intp* dimensions, const intp* strides, Apply apply) {
  for (intp i = 0; i < *dimensions; i++)
    store_value<Result>(data[2] + i * strides[2],
                        apply(load_value<A>(data[0] + i * strides[0]), load_value<B>(data[1] + i * strides[1])));
  return 0;
}
template <class Result, class Apply>
int unary(char* const* data, const intp* dimensions, const intp* strides, Apply apply) {
  for (intp i = 0; i < *dimensions; i++)
    store_value<Result>(data[1] + i * strides[1], apply(load_value<int64_t>(data[0] + i * strides[0])));
  return 0;
}

bool nat(int64_t value) { return value == kNaT; }
int64_t wrapping(uint64_t value) { return static_cast<int64_t>(value); }
uint64_t bits(int64_t value) { return static_cast<uint64_t>(value); }
int64_t rounded(double value) {
  return std::isfinite(value) && std::fabs(value) < 9.2e18 ? static_cast<int64_t>(value) : kNaT;
}

#define WASMNP_BINARY(name, Result, A, B, ...)                                                              \
  int name(MethodContext*, char* const* data, const intp* dimensions, const intp* strides, void*) {         \
    return binary<Result, A, B>(data, dimensions, strides, [](A a, B b) -> Result { return __VA_ARGS__; }); \
  }
#define WASMNP_UNARY(name, Result, ...)                                                               \
  int name(MethodContext*, char* const* data, const intp* dimensions, const intp* strides, void*) {   \
    return unary<Result>(data, dimensions, strides, [](int64_t a) -> Result { return __VA_ARGS__; }); \
  }
WASMNP_BINARY(add, int64_t, int64_t, int64_t, nat(a) || nat(b) ? kNaT : wrapping(bits(a) + bits(b)))
WASMNP_BINARY(subtract, int64_t, int64_t, int64_t, nat(a) || nat(b) ? kNaT : wrapping(bits(a) - bits(b)))
WASMNP_BINARY(times_integer, int64_t, int64_t, int64_t, nat(a) ? kNaT : wrapping(bits(a) * bits(b)))
WASMNP_BINARY(integer_times, int64_t, int64_t, int64_t, nat(b) ? kNaT : wrapping(bits(a) * bits(b)))
WASMNP_BINARY(times_float, int64_t, int64_t, double, nat(a) ? kNaT : rounded(static_cast<double>(a) * b))
WASMNP_BINARY(float_times, int64_t, double, int64_t, nat(b) ? kNaT : rounded(a * static_cast<double>(b)))
WASMNP_BINARY(by_integer, int64_t, int64_t, int64_t, nat(a) || b == 0 ? kNaT : b == -1 ? -a : a / b)
WASMNP_BINARY(by_float, int64_t, int64_t, double, nat(a) ? kNaT : rounded(static_cast<double>(a) / b))
WASMNP_BINARY(ratio, double, int64_t, int64_t,
              nat(a) || nat(b) ? __builtin_nan("") : static_cast<double>(a) / static_cast<double>(b))
int64_t quotient_of(int64_t a, int64_t b) { return b == -1 ? -a : a / b - ((a % b != 0) && ((a < 0) != (b < 0))); }
int64_t rest_of(int64_t a, int64_t b) {
  if (b == -1) return 0;
  const int64_t rest = a % b;
  return rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest;
}
WASMNP_BINARY(floor_ratio, int64_t, int64_t, int64_t, nat(a) || nat(b) || b == 0 ? 0 : quotient_of(a, b))
WASMNP_BINARY(rest, int64_t, int64_t, int64_t, nat(a) || nat(b) || b == 0 ? kNaT : rest_of(a, b))
WASMNP_BINARY(equal, bool, int64_t, int64_t, a == b && !nat(a))
WASMNP_BINARY(not_equal, bool, int64_t, int64_t, a != b || nat(a))
WASMNP_BINARY(less, bool, int64_t, int64_t, a < b && !nat(a) && !nat(b))
WASMNP_BINARY(less_equal, bool, int64_t, int64_t, a <= b && !nat(a) && !nat(b))
WASMNP_BINARY(greater, bool, int64_t, int64_t, a > b && !nat(a) && !nat(b))
WASMNP_BINARY(greater_equal, bool, int64_t, int64_t, a >= b && !nat(a) && !nat(b))
WASMNP_BINARY(maximum, int64_t, int64_t, int64_t, nat(a) || nat(b) ? kNaT : a > b ? a : b)
WASMNP_BINARY(minimum, int64_t, int64_t, int64_t, nat(a) || nat(b) ? kNaT : a < b ? a : b)
WASMNP_BINARY(fmax, int64_t, int64_t, int64_t, nat(a) ? b : nat(b) ? a : a > b ? a : b)
WASMNP_BINARY(fmin, int64_t, int64_t, int64_t, nat(a) ? b : nat(b) ? a : a < b ? a : b)
WASMNP_UNARY(negative, int64_t, nat(a) ? kNaT : -a)
WASMNP_UNARY(positive, int64_t, a)
WASMNP_UNARY(absolute, int64_t, nat(a) ? kNaT : a < 0 ? -a : a)
WASMNP_UNARY(sign, int64_t, nat(a) ? kNaT : (a > 0) - (a < 0))
WASMNP_UNARY(is_nat, bool, nat(a))
WASMNP_UNARY(is_finite, bool, !nat(a))
WASMNP_UNARY(is_infinite, bool, (static_cast<void>(a), false))
int quotient_and_rest(MethodContext* context, char* const* data, const intp* dimensions, const intp* strides,
                      void* own) {
  char* const of_rest[3] = {data[0], data[1], data[3]};
  const intp steps[3] = {strides[0], strides[1], strides[3]};
  return floor_ratio(context, data, dimensions, strides, own) | rest(context, of_rest, dimensions, steps, own);
}
#undef WASMNP_BINARY
#undef WASMNP_UNARY

// Types as in ufunc.types, 'l' standing for int64; M and m take the common unit of the inputs that have one.
const struct {
  const char *ufunc, *types;
  MethodLoop method;
} rows[] = {
    {"add", "Mm->M", add},
    {"add", "mM->M", add},
    {"add", "mm->m", add},
    {"subtract", "MM->m", subtract},
    {"subtract", "Mm->M", subtract},
    {"subtract", "mm->m", subtract},
    {"multiply", "ml->m", times_integer},
    {"multiply", "lm->m", integer_times},
    {"multiply", "md->m", times_float},
    {"multiply", "dm->m", float_times},
    {"divide", "mm->d", ratio},
    {"divide", "ml->m", by_integer},
    {"divide", "md->m", by_float},
    {"floor_divide", "mm->l", floor_ratio},
    {"floor_divide", "ml->m", by_integer},  // towards zero, as NumPy does
    {"floor_divide", "md->m", by_float},
    {"remainder", "mm->m", rest},
    {"divmod", "mm->lm", quotient_and_rest},
    {"equal", "MM->?", equal},
    {"equal", "mm->?", equal},
    {"not_equal", "MM->?", not_equal},
    {"not_equal", "mm->?", not_equal},
    {"less", "MM->?", less},
    {"less", "mm->?", less},
    {"less_equal", "MM->?", less_equal},
    {"less_equal", "mm->?", less_equal},
    {"greater", "MM->?", greater},
    {"greater", "mm->?", greater},
    {"greater_equal", "MM->?", greater_equal},
    {"greater_equal", "mm->?", greater_equal},
    {"maximum", "MM->M", maximum},
    {"maximum", "mm->m", maximum},
    {"minimum", "MM->M", minimum},
    {"minimum", "mm->m", minimum},
    {"fmax", "MM->M", fmax},
    {"fmax", "mm->m", fmax},
    {"fmin", "MM->M", fmin},
    {"fmin", "mm->m", fmin},
    {"negative", "m->m", negative},
    {"positive", "m->m", positive},
    {"absolute", "m->m", absolute},
    {"sign", "m->m", sign},
    {"isnan", "M->?", is_nat},
    {"isnan", "m->?", is_nat},
    {"isnat", "M->?", is_nat},
    {"isnat", "m->?", is_nat},
    {"isfinite", "M->?", is_finite},
    {"isfinite", "m->?", is_finite},
    {"isinf", "M->?", is_infinite},
    {"isinf", "m->?", is_infinite},
};

bool takes(char code, const ArrayDescr* type, bool exact) {
  switch (code) {
    case 'M': return type->type_num == kDatetime;
    case 'm':
      return type->type_num == kTimedelta || (!exact && (type->kind == 'i' || type->kind == 'u' || type->kind == 'b'));
    case 'l': return type->kind == 'i' || type->kind == 'u' || type->kind == 'b';
    case '?': return type->kind == 'b';
    default: return type->kind == 'f';
  }
}

// An unsigned integer that no span holds safely.
bool is_widest(const ArrayDescr* type) { return type->kind == 'u' && type->elsize == 8; }

bool divides(const UfuncObject* ufunc) {
  for (const char* name : {"divide", "floor_divide", "remainder", "divmod"})
    if (!std::strcmp(name, ufunc->name)) return true;
  return false;
}

}  // namespace

bool is_time_arithmetic(const UfuncObject* ufunc) {
  for (const char* name : {"add", "subtract", "multiply"})
    if (!std::strcmp(name, ufunc->name)) return true;
  return divides(ufunc);
}

bool find_time_loop(UfuncObject* ufunc, ArrayDescr* const* types, ArrayDescr* const* wanted, Loop* loop) {
  bool any = false;
  for (int i = 0; i < ufunc->nin; i++) any |= is_time(types[i]);
  if (!any || (divides(ufunc) && types[1]->kind == 'b')) return false;
  const bool arithmetic = is_time_arithmetic(ufunc);
  for (const bool exact : {true, false}) {
    if (!exact && divides(ufunc)) break;  // quotients of numbers by times mean nothing
    for (const auto& row : rows) {
      if (std::strcmp(row.ufunc, ufunc->name) || row.types[ufunc->nin] != '-') continue;
      bool fits = true;
      for (int i = 0; fits && i < ufunc->nin; i++)
        fits = takes(row.types[i], types[i], exact) && (arithmetic || !is_widest(types[i]));
      for (int k = 0; fits && wanted && k < ufunc->nargs; k++)
        fits = !wanted[k] || takes(row.types[k < ufunc->nin ? k : k + 2], wanted[k], true);
      if (!fits) continue;
      const ArrayDescr* common = nullptr;
      for (int i = 0; i < ufunc->nin; i++) {
        if (!is_time(types[i])) continue;
        // Spans join points by their unit alone.
        const ArrayDescr* own = time_descr(kDatetime, time_meta(types[i]));
        const bool nonlinear =
            types[i]->type_num == kTimedelta && common && is_time(types[0]) && types[0]->type_num == kTimedelta;
        if (nonlinear) own = time_descr(kTimedelta, time_meta(types[i]));
        if (common && nonlinear) common = time_descr(kTimedelta, time_meta(common));
        common = common ? promote_time(common, own) : own;
        if (!common) return false;
      }
      const TimeMeta meta = time_meta(common);
      loop->method = row.method;
      int k = 0;
      for (const char* code = row.types; *code; code++) {
        if (*code == '-' || *code == '>') continue;
        loop->descrs[k++] = *code == 'M'   ? time_descr(kDatetime, meta)
                            : *code == 'm' ? time_descr(kTimedelta, meta)
                            : *code == 'l' ? descr_of(Element::Int64)
                            : *code == '?' ? descr_of(Element::Bool)
                                           : descr_of(Element::Float64);
      }
      return true;
    }
  }
  return false;
}

}  // namespace wasmnp
