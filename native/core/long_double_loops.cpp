// Ufuncs on long double and its complex numbers, by the C library. Bits differ from platform to platform.
#include <cmath>
#include <cstdint>
#include <limits>
#include <type_traits>
#include <utility>

#include "../../kernels/cpu/kernel_table.hpp"
#include "core_loops.hpp"
#include "unaligned.hpp"

namespace wasmnp {

uint32_t long_double_errors = 0;

namespace {

using Real = long double;
using Complex = _Complex long double;  // operators and <complex.h> functions are the compiler's

bool has_nan(Real x) { return std::isnan(x); }
bool has_nan(Complex z) { return std::isnan(__real__ z) || std::isnan(__imag__ z); }

#if defined(__wasm__)
bool has_infinity(Real x) { return std::isinf(x); }
bool has_infinity(Complex z) { return std::isinf(__real__ z) || std::isinf(__imag__ z); }
bool is_zero(Real x) { return x == 0; }
bool is_zero(Complex z) { return __real__ z == 0 && __imag__ z == 0; }
bool is_one(Real x) { return std::fabs(x) == 1; }
bool is_one(Complex z) { return is_one(__real__ z) && __imag__ z == 0; }

// The errors of an operation by its inputs and its result. Poles of functions of one number lie at 0, 1 and -1, where
// none overflows.
template <class Result, class... Inputs>
void note_errors(const Result& result, const Inputs&... inputs) {
  if ((has_nan(inputs) || ...)) return;
  if (has_nan(result)) long_double_errors |= kInvalid;
  if (!has_infinity(result) || (has_infinity(inputs) || ...)) return;
  const bool pole = (is_zero(inputs) || ...) || (sizeof...(Inputs) == 1 && (is_one(inputs) || ...));
  long_double_errors |= pole ? kDivideByZero : kOverflow;
}
// The result of an operation that is inexact where it is small, unless it is `exact`.
Real small(Real result, bool exact) {
  if (!exact && std::fabs(result) < std::numeric_limits<Real>::min()) long_double_errors |= kUnderflow;
  return result;
}
#else
template <class... Numbers>
void note_errors(const Numbers&...) {}
Real small(Real result, bool) { return result; }
#endif

// The loop of one function: its parameters are read from the inputs, its result is written.
template <auto function, class Result, class... Inputs>
struct Map {
  template <std::size_t... at>
  static void run(char** args, const intp* dimensions, const intp* strides, std::index_sequence<at...>) {
    constexpr int outputs = sizeof...(Inputs);
    constexpr bool raises = (std::is_same_v<Result, Inputs> && ...);
    for (intp i = 0; i < *dimensions; i++) {
      const auto step = [&](Inputs... inputs) {
        const Result result = function(inputs...);
        if constexpr (raises) note_errors(result, inputs...);
        return result;
      };
      store_value<Result>(args[outputs] + i * strides[outputs],
                          step(load_value<Inputs>(args[at] + i * strides[at])...));
    }
  }
  static void loop(char** args, const intp* dimensions, const intp* strides, void*) {
    run(args, dimensions, strides, std::index_sequence_for<Inputs...>{});
  }
};
template <auto function, class Result, class... Inputs>
constexpr LegacyLoop wrap(Result (*)(Inputs...)) {
  return Map<function, Result, Inputs...>::loop;
}
template <auto function>
constexpr LegacyLoop loop_of() {
  return wrap<function>(+function);
}

// Quiet comparisons: NaN raises nothing.
bool less(Real a, Real b) { return __builtin_isless(a, b); }
bool less_equal(Real a, Real b) { return __builtin_islessequal(a, b); }
Real real_of(Complex z) { return __real__ z; }
Real imag_of(Complex z) { return __imag__ z; }
Complex complex_of(Real real, Real imag) {
  Complex z;
  __real__ z = real;
  __imag__ z = imag;
  return z;
}
// Lexicographic order; a NaN in the second part matters only where the first parts are equal.
bool complex_less(Complex a, Complex b) {
  const Real x = real_of(a), y = real_of(b);
  if (less(x, y)) return !std::isnan(imag_of(a)) && !std::isnan(imag_of(b));
  return x == y && less(imag_of(a), imag_of(b));
}
bool complex_equal(Complex a, Complex b) { return real_of(a) == real_of(b) && imag_of(a) == imag_of(b); }

// Quotient and rest that have the sign of the divisor, as Python's divmod of floats.
Real divide_down(Real a, Real b, Real* rest) {
  Real mod = std::fmod(a, b);
  *rest = mod;
  if (b == 0) return a / b;
  Real quotient = (a - mod) / b;
  if (mod != 0) {
    if (less(b, 0) != less(mod, 0)) {
      mod += b;
      quotient -= 1;
    }
  } else {
    mod = std::copysign(Real{0}, b);
  }
  *rest = mod;
  if (quotient == 0) return std::copysign(Real{0}, a / b);
  const Real floor = std::floor(quotient);
  return less(Real{0.5}, quotient - floor) ? floor + 1 : floor;
}

void divmod_loop(char** args, const intp* dimensions, const intp* strides, void*) {
  for (intp i = 0; i < *dimensions; i++) {
    const Real x = load_value<Real>(args[0] + i * strides[0]), y = load_value<Real>(args[1] + i * strides[1]);
    Real rest;
    const Real quotient = divide_down(x, y, &rest);
    note_errors(quotient, x, y);
    note_errors(rest, x, y);
    store_value(args[2] + i * strides[2], quotient);
    store_value(args[3] + i * strides[3], rest);
  }
}
void modf_loop(char** args, const intp* dimensions, const intp* strides, void*) {
  for (intp i = 0; i < *dimensions; i++) {
    Real whole;
    const Real fraction = std::modf(load_value<Real>(args[0] + i * strides[0]), &whole);
    store_value(args[1] + i * strides[1], fraction);
    store_value(args[2] + i * strides[2], whole);
  }
}
void frexp_loop(char** args, const intp* dimensions, const intp* strides, void*) {
  for (intp i = 0; i < *dimensions; i++) {
    int exponent = 0;
    const Real fraction = std::frexp(load_value<Real>(args[0] + i * strides[0]), &exponent);
    store_value(args[1] + i * strides[1], fraction);
    store_value(args[2] + i * strides[2], exponent);
  }
}

Real logaddexp(Real x, Real y) {
  if (x == y) return x + std::log(Real{2});  // infinities of one sign too
  const Real difference = x - y;
  if (less(0, difference)) return x + std::log1p(std::exp(-difference));
  if (less_equal(difference, 0)) return y + std::log1p(std::exp(difference));
  return difference;  // NaN
}
Real logaddexp2(Real x, Real y) {
  constexpr Real log2_e = 1.442695040888963407359924681001892137L;
  if (x == y) return x + 1;
  const Real difference = x - y;
  if (less(0, difference)) return x + log2_e * std::log1p(std::exp2(-difference));
  if (less_equal(difference, 0)) return y + log2_e * std::log1p(std::exp2(difference));
  return difference;
}

// Inverse functions after Kahan, "Branch cuts for complex elementary functions" (1987): their parts are real functions
// that lose nothing near their zeros. The C library's are not used: Emscripten's overflow for large numbers, and its
// arctangents have the precision of a float.
constexpr Real kLog2 = 0.6931471805599453094172321214581765681L;
constexpr Real kHalfPi = 1.5707963267948966192313216916397514421L;
constexpr Real kFar = 1 / std::numeric_limits<Real>::epsilon();  // beyond, 1 is lost beside the square

bool is_far(Real x, Real y) { return less(kFar, std::fabs(x)) || less(kFar, std::fabs(y)); }
// log(2 |z|).
Real log_of_twice(Real x, Real y) { return std::log(std::hypot(x / 2, y / 2)) + 2 * kLog2; }

Complex complex_arcsinh(Complex z) {
  const Real x = real_of(z), y = imag_of(z);
  if (is_far(x, y))
    return complex_of(std::copysign(log_of_twice(x, y), x), std::copysign(std::atan2(std::fabs(y), std::fabs(x)), y));
  if (std::isnan(x) || std::isnan(y)) return complex_of(x + y, y == 0 ? y : x + y);
  const Complex a = __builtin_csqrtl(complex_of(1 + y, -x)), b = __builtin_csqrtl(complex_of(1 - y, x));
  return complex_of(std::asinh(real_of(a) * imag_of(b) - imag_of(a) * real_of(b)),
                    std::atan2(y, real_of(a) * real_of(b) - imag_of(a) * imag_of(b)));
}
Complex complex_arcsin(Complex z) {
  const Complex turned = complex_arcsinh(complex_of(-imag_of(z), real_of(z)));
  return complex_of(imag_of(turned), -real_of(turned));
}
Complex complex_arccos(Complex z) {
  const Real x = real_of(z), y = imag_of(z);
  if (is_far(x, y)) return complex_of(std::atan2(std::fabs(y), x), -std::copysign(log_of_twice(x, y), y));
  if (std::isnan(x) || std::isnan(y)) return complex_of(x == 0 ? kHalfPi : x + y, x + y);
  const Complex a = __builtin_csqrtl(complex_of(1 - x, -y)), b = __builtin_csqrtl(complex_of(1 + x, y));
  return complex_of(2 * std::atan2(real_of(a), real_of(b)),
                    std::asinh(real_of(b) * imag_of(a) - imag_of(b) * real_of(a)));
}
Complex complex_arccosh(Complex z) {
  const Complex angle = complex_arccos(z);
  return complex_of(std::fabs(imag_of(angle)), std::copysign(real_of(angle), imag_of(z)));
}
Complex complex_arctanh(Complex z) {
  const Real x = real_of(z), y = imag_of(z), ax = std::fabs(x), ay = std::fabs(y);
  const auto with_signs = [&](Real real, Real imag) {
    return complex_of(std::copysign(real, x), std::copysign(imag, y));
  };
  if (std::isinf(x) || std::isinf(y)) return with_signs(0, std::isinf(x) && std::isnan(y) ? y : kHalfPi);
  if (std::isnan(x) || std::isnan(y)) return complex_of(x == 0 ? x : x + y, x + y);
  if (is_far(x, y)) {
    const Real length = std::hypot(x, y);
    return with_signs(ax / length / length, kHalfPi);
  }
  const Real rest = 1 - ax, square = ay * ay;
  const Real real = rest == 0 && square < std::numeric_limits<Real>::min()
                        ? (kLog2 - std::log(ay)) / 2
                        : std::log1p(4 * ax / (rest * rest + square)) / 4;
  return with_signs(real, std::atan2(2 * ay, rest * (1 + ax) - square) / 2);
}
Complex complex_arctan(Complex z) {
  const Complex turned = complex_arctanh(complex_of(-imag_of(z), real_of(z)));
  return complex_of(imag_of(turned), -real_of(turned));
}

// Smith's division scales by the larger part: "Algorithm 116: Complex division" (1962).
Complex complex_divide(Complex a, Complex b) {
  const Real x = real_of(b), y = imag_of(b);
  if (less_equal(std::fabs(y), std::fabs(x))) {
    if (x == 0 && y == 0) return complex_of(real_of(a) / std::fabs(x), imag_of(a) / std::fabs(x));
    const Real ratio = y / x, scale = 1 / (x + y * ratio);
    return complex_of((real_of(a) + imag_of(a) * ratio) * scale, (imag_of(a) - real_of(a) * ratio) * scale);
  }
  const Real ratio = x / y, scale = 1 / (y + x * ratio);
  return complex_of((real_of(a) * ratio + imag_of(a)) * scale, (imag_of(a) * ratio - real_of(a)) * scale);
}
Complex complex_multiply(Complex a, Complex b) {
  return complex_of(real_of(a) * real_of(b) - imag_of(a) * imag_of(b),
                    real_of(a) * imag_of(b) + imag_of(a) * real_of(b));
}

Complex complex_power(Complex a, Complex b) {
  const Real re = real_of(b), im = imag_of(b);
  if (re == 0 && im == 0) return complex_of(1, 0);
  if (real_of(a) == 0 && imag_of(a) == 0) {
    if (less(0, re) && im == 0) return complex_of(0, 0);
    const volatile Real infinity = HUGE_VALL;
    return complex_of(infinity - infinity, infinity - infinity);  // raises invalid
  }
  // Small whole exponents by multiplication are exact where results are.
  const Real whole = std::trunc(re);
  if (im == 0 && whole == re && less(std::fabs(re), 100)) {
    long left = static_cast<long>(std::fabs(re));
    Complex result = complex_of(1, 0), factor = a;
    for (; left; left >>= 1) {
      if (left & 1) result = complex_multiply(result, factor);
      factor = complex_multiply(factor, factor);
    }
    return less(re, 0) ? complex_divide(complex_of(1, 0), result) : result;
  }
  return __builtin_cpowl(a, b);
}

bool before(Real a, Real b) { return less(a, b); }
bool before(Complex a, Complex b) { return complex_less(a, b); }
bool truth(Real x) { return x != 0; }
bool truth(Complex z) { return real_of(z) != 0 || imag_of(z) != 0; }

// The larger (smaller) of two; NaN wins where it `propagates` and loses otherwise.
template <class T, bool larger, bool propagates>
T extreme(T a, T b) {
  if (has_nan(a)) return propagates ? a : b;
  if (has_nan(b)) return propagates ? b : a;
  return (larger ? before(a, b) : before(b, a)) ? b : a;
}
template <class T>
T clipped(T value, T low, T high) {
  return extreme<T, false, true>(extreme<T, true, true>(value, low), high);
}

Real heaviside(Real x, Real at_zero) { return std::isnan(x) ? x : x == 0 ? at_zero : less(x, 0) ? Real{0} : Real{1}; }
Real sign_of(Real x) { return less(0, x) ? Real{1} : less(x, 0) ? Real{-1} : x == 0 ? Real{0} : x; }
Complex complex_sign(Complex z) {
  const Real size = __builtin_cabsl(z);
  if (size == 0) return complex_of(0, 0);
  if (std::isinf(size)) {
    const Real re = real_of(z), im = imag_of(z);
    if (std::isinf(re) && std::isinf(im)) return complex_of(NAN, NAN);
    return std::isinf(re) ? complex_of(std::copysign(Real{1}, re), 0) : complex_of(0, std::copysign(Real{1}, im));
  }
  return complex_of(real_of(z) / size, imag_of(z) / size);
}
Complex complex_round(Complex z, Real (*round)(Real)) { return complex_of(round(real_of(z)), round(imag_of(z))); }

constexpr Real kPi = 3.141592653589793238462643383279502884L;
Real spacing(Real x) {
  if (std::isinf(x) || std::isnan(x)) {
    const volatile Real infinity = HUGE_VALL;
    return std::isnan(x) ? x : infinity - infinity;
  }
  return std::nextafter(x, less(x, 0) ? -HUGE_VALL : HUGE_VALL) - x;
}

constexpr char kReal[] = "g->g", kReals[] = "gg->g", kTest[] = "g->?", kTests[] = "gg->?";
constexpr char kComplexOne[] = "G->G", kComplexTwo[] = "GG->G", kComplexTest[] = "G->?", kComplexTests[] = "GG->?";

}  // namespace

CoreLoops long_double_loops() {
#define WASMNP_ROW(name, types, result, parameters, ...) \
  {name, types, loop_of<[] parameters -> result { return __VA_ARGS__; }>(), nullptr}
#define WASMNP_REAL(name, ...) WASMNP_ROW(name, kReal, Real, (Real x), __VA_ARGS__)
#define WASMNP_REALS(name, ...) WASMNP_ROW(name, kReals, Real, (Real x, Real y), __VA_ARGS__)
#define WASMNP_TEST(name, ...) WASMNP_ROW(name, kTest, bool, (Real x), __VA_ARGS__)
#define WASMNP_TESTS(name, ...) WASMNP_ROW(name, kTests, bool, (Real x, Real y), __VA_ARGS__)
#define WASMNP_COMPLEX(name, ...) WASMNP_ROW(name, kComplexOne, Complex, (Complex x), __VA_ARGS__)
#define WASMNP_COMPLEXES(name, ...) WASMNP_ROW(name, kComplexTwo, Complex, (Complex x, Complex y), __VA_ARGS__)
#define WASMNP_COMPLEX_TEST(name, ...) WASMNP_ROW(name, kComplexTest, bool, (Complex x), __VA_ARGS__)
#define WASMNP_COMPLEX_TESTS(name, ...) WASMNP_ROW(name, kComplexTests, bool, (Complex x, Complex y), __VA_ARGS__)
  static const CoreLoop rows[] = {
      WASMNP_REALS("add", x + y),
      WASMNP_REALS("subtract", x - y),
      WASMNP_REALS("multiply", small(x * y, x == 0 || y == 0)),
      WASMNP_REALS("divide", small(x / y, x == 0 || std::isinf(y))),
      WASMNP_REALS("floor_divide",
                   [&] {
                     Real rest;
                     return divide_down(x, y, &rest);
                   }()),
      WASMNP_REALS("remainder",
                   [&] {
                     Real rest;
                     divide_down(x, y, &rest);
                     return rest;
                   }()),
      {"divmod", "gg->gg", divmod_loop, nullptr},
      {"modf", "g->gg", modf_loop, nullptr},
      {"frexp", "g->gi", frexp_loop, nullptr},
      WASMNP_ROW("ldexp", "gi->g", Real, (Real x, int exponent), std::ldexp(x, exponent)),
      WASMNP_ROW("ldexp", sizeof(long) == 8 ? "gl->g" : "gq->g", Real, (Real x, int64_t exponent),
                 std::ldexp(x, static_cast<int>(exponent > 1000000    ? 1000000
                                                : exponent < -1000000 ? -1000000
                                                                      : exponent))),
      WASMNP_REALS("fmod", std::fmod(x, y)),
      WASMNP_REALS("power", small(std::pow(x, y), x == 0 || std::isinf(x) || std::isinf(y))),
      WASMNP_REALS("float_power", small(std::pow(x, y), x == 0 || std::isinf(x) || std::isinf(y))),
      WASMNP_REALS("arctan2", std::atan2(x, y)),
      WASMNP_REALS("hypot", std::hypot(x, y)),
      WASMNP_REALS("logaddexp", logaddexp(x, y)),
      WASMNP_REALS("logaddexp2", logaddexp2(x, y)),
      WASMNP_REALS("maximum", extreme<Real, true, true>(x, y)),
      WASMNP_REALS("minimum", extreme<Real, false, true>(x, y)),
      WASMNP_REALS("fmax", extreme<Real, true, false>(x, y)),
      WASMNP_REALS("fmin", extreme<Real, false, false>(x, y)),
      WASMNP_REALS("copysign", std::copysign(x, y)),
      WASMNP_REALS("nextafter", std::nextafter(x, y)),
      WASMNP_REALS("heaviside", heaviside(x, y)),
      WASMNP_ROW("clip", "ggg->g", Real, (Real x, Real low, Real high), clipped(x, low, high)),
      WASMNP_REAL("negative", -x),
      WASMNP_REAL("positive", +x),
      WASMNP_REAL("absolute", std::fabs(x)),
      WASMNP_REAL("fabs", std::fabs(x)),
      WASMNP_REAL("conjugate", x),
      WASMNP_REAL("sign", sign_of(x)),
      WASMNP_REAL("square", small(x * x, x == 0)),
      WASMNP_REAL("reciprocal", small(1 / x, std::isinf(x))),
      WASMNP_REAL("spacing", spacing(x)),
      WASMNP_ROW("_ones_like", kReal, Real, (Real), Real{1}),
      WASMNP_REAL("floor", std::floor(x)),
      WASMNP_REAL("ceil", std::ceil(x)),
      WASMNP_REAL("trunc", std::trunc(x)),
      WASMNP_REAL("rint", std::rint(x)),
      WASMNP_REAL("sqrt", std::sqrt(x)),
      WASMNP_REAL("cbrt", std::cbrt(x)),
      WASMNP_REAL("exp", small(std::exp(x), std::isinf(x))),
      WASMNP_REAL("exp2", small(std::exp2(x), std::isinf(x))),
      WASMNP_REAL("expm1", std::expm1(x)),
      WASMNP_REAL("log", std::log(x)),
      WASMNP_REAL("log2", std::log2(x)),
      WASMNP_REAL("log10", std::log10(x)),
      WASMNP_REAL("log1p", std::log1p(x)),
      WASMNP_REAL("sin", std::sin(x)),
      WASMNP_REAL("cos", std::cos(x)),
      WASMNP_REAL("tan", std::tan(x)),
      WASMNP_REAL("arcsin", std::asin(x)),
      WASMNP_REAL("arccos", std::acos(x)),
      WASMNP_REAL("arctan", std::atan(x)),
      WASMNP_REAL("sinh", std::sinh(x)),
      WASMNP_REAL("cosh", std::cosh(x)),
      WASMNP_REAL("tanh", std::tanh(x)),
      WASMNP_REAL("arcsinh", std::asinh(x)),
      WASMNP_REAL("arccosh", std::acosh(x)),
      WASMNP_REAL("arctanh", std::atanh(x)),
      WASMNP_REAL("degrees", x * (180 / kPi)),
      WASMNP_REAL("rad2deg", x * (180 / kPi)),
      WASMNP_REAL("radians", x * (kPi / 180)),
      WASMNP_REAL("deg2rad", x * (kPi / 180)),
      WASMNP_TEST("isnan", std::isnan(x)),
      WASMNP_TEST("isinf", std::isinf(x)),
      WASMNP_TEST("isfinite", std::isfinite(x)),
      WASMNP_TEST("signbit", std::signbit(x)),
      WASMNP_TEST("logical_not", !truth(x)),
      WASMNP_TESTS("logical_and", truth(x) && truth(y)),
      WASMNP_TESTS("logical_or", truth(x) || truth(y)),
      WASMNP_TESTS("logical_xor", truth(x) != truth(y)),
      WASMNP_TESTS("equal", x == y),
      WASMNP_TESTS("not_equal", x != y),
      WASMNP_TESTS("less", less(x, y)),
      WASMNP_TESTS("less_equal", less_equal(x, y)),
      WASMNP_TESTS("greater", less(y, x)),
      WASMNP_TESTS("greater_equal", less_equal(y, x)),

      WASMNP_COMPLEXES("add", x + y),
      WASMNP_COMPLEXES("subtract", x - y),
      WASMNP_COMPLEXES("multiply", complex_multiply(x, y)),
      WASMNP_COMPLEXES("divide", complex_divide(x, y)),
      WASMNP_COMPLEXES("power", complex_power(x, y)),
      WASMNP_COMPLEXES("float_power", complex_power(x, y)),
      WASMNP_COMPLEXES("maximum", extreme<Complex, true, true>(x, y)),
      WASMNP_COMPLEXES("minimum", extreme<Complex, false, true>(x, y)),
      WASMNP_COMPLEXES("fmax", extreme<Complex, true, false>(x, y)),
      WASMNP_COMPLEXES("fmin", extreme<Complex, false, false>(x, y)),
      WASMNP_ROW("clip", "GGG->G", Complex, (Complex x, Complex low, Complex high), clipped(x, low, high)),
      WASMNP_ROW("_arg", "G->g", Real, (Complex x), std::atan2(imag_of(x), real_of(x))),
      WASMNP_ROW("_ones_like", kComplexOne, Complex, (Complex), complex_of(1, 0)),
      WASMNP_ROW("absolute", "G->g", Real, (Complex x), __builtin_cabsl(x)),
      WASMNP_COMPLEX("negative", -x),
      WASMNP_COMPLEX("positive", x),
      WASMNP_COMPLEX("conjugate", complex_of(real_of(x), -imag_of(x))),
      WASMNP_COMPLEX("sign", complex_sign(x)),
      WASMNP_COMPLEX("square", complex_multiply(x, x)),
      WASMNP_COMPLEX("reciprocal", complex_divide(complex_of(1, 0), x)),
      WASMNP_COMPLEX("rint", complex_round(x, [](Real part) -> Real { return std::rint(part); })),
      WASMNP_COMPLEX("sqrt", __builtin_csqrtl(x)),
      WASMNP_COMPLEX("exp", __builtin_cexpl(x)),
      WASMNP_COMPLEX("exp2", __builtin_cexpl(x * 0.6931471805599453094172321214581765681L)),
      WASMNP_COMPLEX("expm1",
                     [&] {
                       // exp(x) cos(y) - 1 without cancellation near zero.
                       const Real half = std::sin(imag_of(x) / 2), a = std::expm1(real_of(x));
                       return complex_of(a * std::cos(imag_of(x)) - 2 * half * half,
                                         std::exp(real_of(x)) * std::sin(imag_of(x)));
                     }()),
      WASMNP_COMPLEX("log", __builtin_clogl(x)),
      WASMNP_COMPLEX("log2", __builtin_clogl(x) * 1.442695040888963407359924681001892137L),
      WASMNP_COMPLEX("log10", __builtin_clogl(x) * 0.4342944819032518276511289189166050823L),
      WASMNP_COMPLEX("log1p", complex_of(std::log(std::hypot(real_of(x) + 1, imag_of(x))),
                                         std::atan2(imag_of(x), real_of(x) + 1))),
      WASMNP_COMPLEX("sin", __builtin_csinl(x)),
      WASMNP_COMPLEX("cos", __builtin_ccosl(x)),
      WASMNP_COMPLEX("tan", __builtin_ctanl(x)),
      WASMNP_COMPLEX("arcsin", complex_arcsin(x)),
      WASMNP_COMPLEX("arccos", complex_arccos(x)),
      WASMNP_COMPLEX("arctan", complex_arctan(x)),
      WASMNP_COMPLEX("sinh", __builtin_csinhl(x)),
      WASMNP_COMPLEX("cosh", __builtin_ccoshl(x)),
      WASMNP_COMPLEX("tanh", __builtin_ctanhl(x)),
      WASMNP_COMPLEX("arcsinh", complex_arcsinh(x)),
      WASMNP_COMPLEX("arccosh", complex_arccosh(x)),
      WASMNP_COMPLEX("arctanh", complex_arctanh(x)),
      WASMNP_COMPLEX_TEST("isnan", has_nan(x)),
      WASMNP_COMPLEX_TEST("isinf", std::isinf(real_of(x)) || std::isinf(imag_of(x))),
      WASMNP_COMPLEX_TEST("isfinite", std::isfinite(real_of(x)) && std::isfinite(imag_of(x))),
      WASMNP_COMPLEX_TEST("logical_not", !truth(x)),
      WASMNP_COMPLEX_TESTS("logical_and", truth(x) && truth(y)),
      WASMNP_COMPLEX_TESTS("logical_or", truth(x) || truth(y)),
      WASMNP_COMPLEX_TESTS("logical_xor", truth(x) != truth(y)),
      WASMNP_COMPLEX_TESTS("equal", complex_equal(x, y)),
      WASMNP_COMPLEX_TESTS("not_equal", !complex_equal(x, y)),
      WASMNP_COMPLEX_TESTS("less", complex_less(x, y)),
      WASMNP_COMPLEX_TESTS("less_equal", complex_less(x, y) || complex_equal(x, y)),
      WASMNP_COMPLEX_TESTS("greater", complex_less(y, x)),
      WASMNP_COMPLEX_TESTS("greater_equal", complex_less(y, x) || complex_equal(x, y)),
  };
#undef WASMNP_ROW
#undef WASMNP_REAL
#undef WASMNP_REALS
#undef WASMNP_TEST
#undef WASMNP_TESTS
#undef WASMNP_COMPLEX
#undef WASMNP_COMPLEXES
#undef WASMNP_COMPLEX_TEST
#undef WASMNP_COMPLEX_TESTS
  return {rows, static_cast<int>(sizeof rows / sizeof *rows)};
}

}  // namespace wasmnp
