// Whether arrays share memory: exactly, as a bounded Diophantine equation, with a limit on the work.
//
// Arrays overlap where  sum(a_i * x_i) = b  has a solution with 0 <= x_i <= u_i: the x are the indices along the axes
// of both arrays (one of them turned round) and the bytes inside an element. The search fixes variables from the
// largest coefficient down and cuts where what remains is out of reach or no multiple of the greatest common divisor.
#include <algorithm>

#include "../python/arguments.hpp"
#include "functions.hpp"
#include "iterate.hpp"
#include "nditer.hpp"
#include "operands.hpp"
#include "state.hpp"
#include "wide.hpp"

namespace wasmnp {

namespace {

using Wide = __int128;

struct Term {
  intp coefficient, bound;
};

enum class Sharing { No, Yes, TooHard, Overflow };

struct Equation {
  static constexpr int kMaxTerms = 2 * kMaxDims + 2;
  Term terms[kMaxTerms];
  intp gcd[kMaxTerms];    // of the coefficients from here on
  Wide reach[kMaxTerms];  // the largest sum of the terms from here on
  int count = 0;
  intp max_work = -1, work = 0;

  void add(intp coefficient, intp bound) {
    if (coefficient && bound) terms[count++] = {coefficient, bound};
  }

  // Sorts, joins terms of equal coefficients and fills in what the search looks up; false on overflow.
  bool prepare() {
    std::sort(terms, terms + count, [](const Term& a, const Term& b) { return a.coefficient > b.coefficient; });
    int kept = 0;
    for (int i = 0; i < count; i++) {
      if (kept && terms[kept - 1].coefficient == terms[i].coefficient) {
        if (__builtin_add_overflow(terms[kept - 1].bound, terms[i].bound, &terms[kept - 1].bound)) return false;
      } else {
        terms[kept++] = terms[i];
      }
    }
    count = kept;
    for (int i = count - 1; i >= 0; i--) {
      intp a = terms[i].coefficient, b = i + 1 < count ? gcd[i + 1] : 0;
      while (b) a = std::exchange(b, a % b);
      gcd[i] = a;
      reach[i] = static_cast<Wide>(terms[i].coefficient) * terms[i].bound + (i + 1 < count ? reach[i + 1] : 0);
    }
    return true;
  }

  // x with p * x = r modulo m, the least one; p and m have no common divisor.
  static intp inverse_times(intp p, intp r, intp m) {
    Wide a = p % m, b = m, x = 1, y = 0;
    while (b) {
      const Wide quotient = divide_wide(a, b).quotient;
      a = std::exchange(b, a - quotient * b);
      x = std::exchange(y, x - quotient * y);
    }
    const Wide result = divide_wide(x * (r % m), m).rest;
    return static_cast<intp>(result < 0 ? result + m : result);
  }

  Sharing solve(int i, Wide rest) {
    if (rest < 0 || (i < count && rest > reach[i])) return Sharing::No;
    if (i == count) return rest == 0 ? Sharing::Yes : Sharing::No;
    const WideDivision in_units = divide_wide(rest, gcd[i]);
    if (in_units.rest) return Sharing::No;
    const Term& term = terms[i];
    if (i + 1 == count) return Sharing::Yes;  // a multiple within reach
    // The values of this variable that leave a multiple of the later coefficients are `step` apart.
    const intp later = gcd[i + 1], step = later / gcd[i];
    Wide most = divide_wide(rest, term.coefficient).quotient;
    if (most > term.bound) most = term.bound;
    Wide least = 0;
    const Wide beyond = rest - reach[i + 1];
    if (beyond > 0) least = divide_wide(beyond + term.coefficient - 1, term.coefficient).quotient;
    Wide x = 0;
    if (step > 1) {
      const Wide remainder = divide_wide(in_units.quotient, step).rest;
      x = inverse_times(term.coefficient / gcd[i], static_cast<intp>(remainder), step);
    }
    if (x < least) x += divide_wide(least - x + step - 1, step).quotient * step;
    for (; x <= most; x += step) {
      if (max_work >= 0 && ++work > max_work) return Sharing::TooHard;
      const Sharing found = solve(i + 1, rest - x * term.coefficient);
      if (found != Sharing::No) return found;
    }
    return Sharing::No;
  }
};

Sharing share_memory(const ArrayObject* a, const ArrayObject* b, intp max_work) {
  const Extent x = extent_of(a->data, a->nd, a->dimensions, a->strides, a->descr->elsize);
  const Extent y = extent_of(b->data, b->nd, b->dimensions, b->strides, b->descr->elsize);
  if (!(x.low < y.high && y.low < x.high)) return Sharing::No;
  if (max_work == 0) return Sharing::TooHard;
  // x.low + sum over a  =  y.high - 1 - sum over b (turned round), so that all coefficients are positive.
  Equation equation;
  equation.max_work = max_work;
  for (const ArrayObject* array : {a, b}) {
    for (int i = 0; i < array->nd; i++)
      equation.add(array->strides[i] < 0 ? -array->strides[i] : array->strides[i], array->dimensions[i] - 1);
    equation.add(1, array->descr->elsize - 1);
  }
  if (!equation.prepare()) return Sharing::Overflow;
  return equation.solve(0, static_cast<Wide>(y.high - 1 - x.low));
}

// `exact`: what could not be decided is an error.
PyObject* sharing_result(Sharing sharing, bool exact) {
  if (!exact && sharing != Sharing::No) Py_RETURN_TRUE;
  switch (sharing) {
    case Sharing::No: Py_RETURN_FALSE;
    case Sharing::Yes: Py_RETURN_TRUE;
    case Sharing::Overflow:
      PyErr_SetString(PyExc_OverflowError, "Integer overflow in computing overlap");
      return nullptr;
    case Sharing::TooHard: break;
  }
  Ref<> type = steal(import_member("exceptions", "TooHardError"));
  if (type) PyErr_SetString(type.get(), "Exceeded max_work");
  return nullptr;
}

PyObject* memory_shared(const char* name, bool exact, PyObject* const* args, Py_ssize_t nargs, PyObject* kwnames) {
  static const char* const names[] = {"/a", "/b", "max_work"};
  PyObject* values[3];
  if (!parse_arguments({name, names, 3, 2}, args, nargs, kwnames, values)) return nullptr;
  intp max_work = exact ? -1 : 0;
  if (values[2] && values[2] != Py_None) {
    if (!PyLong_Check(values[2]) && !PyIndex_Check(values[2])) {
      PyErr_SetString(PyExc_TypeError, "an integer is required for max_work");
      return nullptr;
    }
    Ref<> number = steal(PyNumber_Index(values[2]));
    if (!number) return nullptr;
    int overflow = 0;
    const long long work = PyLong_AsLongLongAndOverflow(number.get(), &overflow);
    if (work < -1 || overflow < 0) {
      PyErr_SetString(PyExc_ValueError, "Invalid value for max_work");
      return nullptr;
    }
    max_work = overflow > 0 || work > PY_SSIZE_T_MAX ? -1 : static_cast<intp>(work);
  }
  Ref<ArrayObject> a = array_from_any(values[0]), b = a ? array_from_any(values[1]) : Ref<ArrayObject>();
  return b ? sharing_result(share_memory(a.get(), b.get(), max_work), exact) : nullptr;
}
PyObject* function_shares_memory(PyObject*, PyObject* const* args, Py_ssize_t nargs, PyObject* kwnames) {
  return memory_shared("shares_memory", true, args, nargs, kwnames);
}
PyObject* function_may_share_memory(PyObject*, PyObject* const* args, Py_ssize_t nargs, PyObject* kwnames) {
  return memory_shared("may_share_memory", false, args, nargs, kwnames);
}

}  // namespace

bool may_share_memory(const ArrayObject* a, const ArrayObject* b, intp max_work) {
  return share_memory(a, b, max_work) != Sharing::No;
}

bool may_overlap_itself(const ArrayObject* array) {
  // Axes from the smallest stride on, each stepping over all that the smaller ones reach.
  Term axes[kMaxDims];
  int count = 0;
  for (int i = 0; i < array->nd; i++) {
    if (array->dimensions[i] == 0) return false;
    const intp stride = array->strides[i] < 0 ? -array->strides[i] : array->strides[i];
    if (array->dimensions[i] > 1) axes[count++] = {stride, array->dimensions[i] - 1};
  }
  std::sort(axes, axes + count, [](const Term& a, const Term& b) { return a.coefficient < b.coefficient; });
  intp reach = array->descr->elsize;
  for (int i = 0; i < count; i++) {
    if (axes[i].coefficient < reach) return true;
    reach = axes[i].coefficient * axes[i].bound + reach;
  }
  return false;
}

PyMethodDef overlap_functions[] = {
    {"shares_memory", as_method(function_shares_memory), kFastKeywords,
     "shares_memory(a, b, /, max_work=-1)\n--\n\n"
     "Whether two arrays have a byte of memory in common.\n\n"
     "Parameters\n----------\na, b : ndarray\nmax_work : int\n    Candidates to try: -1 for as many as it takes, 0 to "
     "look at the bounds of memory alone, which cannot show that a byte is shared.\n\n"
     "Returns\n-------\nbool\n\nRaises\n------\nTooHardError\n    If `max_work` was not enough.\n\n"
     "Examples\n--------\n>>> import wasmnp as np\n>>> x = np.arange(4)\n>>> np.shares_memory(x[::2], x[1::2])\nFalse"},
    {"may_share_memory", as_method(function_may_share_memory), kFastKeywords,
     "may_share_memory(a, b, /, max_work=0)\n--\n\n"
     "Whether two arrays may have memory in common: by default, whether their bounds meet.\n\n"
     "Examples\n--------\n>>> import wasmnp as np\n>>> x = np.arange(4)\n>>> np.may_share_memory(x[::2], "
     "x[1::2])\nTrue"},
    {nullptr, nullptr, 0, nullptr},
};

}  // namespace wasmnp
