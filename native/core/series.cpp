// Functions over series of numbers: bincount, linear interpolation, sliding products, and whether values are in order.
#include <cstring>

#include "../python/arguments.hpp"
#include "../python/gil.hpp"
#include "errstate.hpp"
#include "functions.hpp"
#include "indexing.hpp"
#include "operands.hpp"
#include "products.hpp"

namespace wasmnp {

namespace {

// A contiguous 1-d array by a safe cast; null with NumPy's errors. `counts`: integers of any type fit, and others with
// a warning.
Ref<ArrayObject> vector_from(PyObject* object, ArrayDescr* descr, bool counts = false) {
  Ref<ArrayObject> array = array_from_any(object);
  if (!array) return nullptr;
  if (array->nd != 1) {
    PyErr_SetString(PyExc_ValueError, array->nd > 1 ? "object too deep for desired array"
                                                    : "object of too small depth for desired array");
    return nullptr;
  }
  const char kind = array->descr->kind;
  if (!counts) {
    if (!check_cast(array->descr, descr, Casting::Safe)) return nullptr;
  } else if (array->dimensions[0] && kind != 'i' && kind != 'u' && kind != 'b' &&
             PyErr_WarnEx(PyExc_DeprecationWarning,
                          "Non-integer input passed to bincount. In a future version of NumPy, this will be an error. "
                          "(Deprecated NumPy 2.1)",
                          1) < 0) {
    return nullptr;
  }
  return contiguous(array.get(), descr);
}

PyObject* function_bincount(PyObject*, PyObject* const* args, Py_ssize_t nargs, PyObject* kwnames) {
  static const char* const names[] = {"/x", "weights", "minlength"};
  PyObject* values[3];
  if (!parse_arguments({"bincount", names, 3, 1}, args, nargs, kwnames, values)) return nullptr;
  Ref<ArrayObject> list = vector_from(values[0], descr_from_type_num(kIntp), true);
  if (!list) return nullptr;
  intp length = 0;
  if (values[2] == Py_None) {
    PyErr_SetString(PyExc_TypeError, "use 0 instead of None for minlength");
    return nullptr;
  }
  if (values[2] && !integer_argument(values[2], &length)) return nullptr;
  if (length < 0) {
    PyErr_SetString(PyExc_ValueError, "'minlength' must not be negative");
    return nullptr;
  }
  const intp count = list->dimensions[0];
  const auto* bins = reinterpret_cast<const intp*>(list->data);
  intp lowest = 0, highest = -1;
  for (intp i = 0; i < count; i++) {
    lowest = bins[i] < lowest ? bins[i] : lowest;
    highest = bins[i] > highest ? bins[i] : highest;
  }
  if (lowest < 0) {
    PyErr_SetString(PyExc_ValueError, "'list' argument must have no negative elements");
    return nullptr;
  }
  if (highest == PY_SSIZE_T_MAX) return PyErr_NoMemory();
  if (highest + 1 > length) length = highest + 1;
  NewArray zeros;
  zeros.zeroed = true;
  if (!values[1] || values[1] == Py_None) {
    Ref<ArrayObject> result = new_array(list->descr, 1, &length, zeros);
    if (!result) return nullptr;
    ReleasedGil released(count > kReleaseGil);
    auto* counts = reinterpret_cast<intp*>(result->data);
    for (intp i = 0; i < count; i++) counts[bins[i]]++;
    return result.release_object();
  }
  Ref<ArrayObject> weights = vector_from(values[1], descr_of(Element::Float64));
  if (!weights) return nullptr;
  if (weights->dimensions[0] != count) {
    PyErr_SetString(PyExc_ValueError, "The weights and list don't have the same length.");
    return nullptr;
  }
  Ref<ArrayObject> result = new_array(weights->descr, 1, &length, zeros);
  if (!result) return nullptr;
  const auto* weight = reinterpret_cast<const double*>(weights->data);
  auto* sums = reinterpret_cast<double*>(result->data);
  for (intp i = 0; i < count; i++) sums[bins[i]] += weight[i];
  return result.release_object();
}

// ---- interpolation

struct Pair {
  double real, imag;
};
bool is_nan(double value) { return value != value; }

// On a line from its first point; where infinities make that undefined, from its other end, or the value both ends
// have.
double settled(double slope, double x, double x0, double x1, double y0, double y1) {
  double y = slope * (x - x0) + y0;
  if (is_nan(y)) {
    y = slope * (x - x1) + y1;
    if (is_nan(y) && y0 == y1) y = y0;
  }
  return y;
}
double on_line(double x, double x0, double x1, double y0, double y1) {
  const double slope = (y1 - y0) / (x1 - x0);
  return settled(slope, x, x0, x1, y0, y1);
}
// NumPy multiplies complex differences by the reciprocal.
double part_on_line(double x, double x0, double x1, double y0, double y1) {
  const double slope = (y1 - y0) * (1 / (x1 - x0));
  return settled(slope, x, x0, x1, y0, y1);
}
Pair on_line(double x, double x0, double x1, Pair y0, Pair y1) {
  return {part_on_line(x, x0, x1, y0.real, y1.real), part_on_line(x, x0, x1, y0.imag, y1.imag)};
}
Pair as_value(double x, Pair) { return {x, 0}; }
double as_value(double x, double) { return x; }

template <class Value>
void interpolate(const double* x, intp count, const double* points, const Value* values, intp length, Value left,
                 Value right, Value* out) {
  intp j = 0;
  for (intp i = 0; i < count; i++) {
    const double own = x[i];
    if (is_nan(own)) {
      out[i] = as_value(own, Value{});
    } else if (own < points[0]) {
      out[i] = left;
    } else if (own > points[length - 1]) {
      out[i] = right;
    } else {
      // The last point that is not beyond; the next x is often near.
      if (!(points[j] <= own && (j + 1 == length || own < points[j + 1]))) {
        intp low = 0, high = length;
        while (low < high) {
          const intp middle = low + (high - low) / 2;
          if (points[middle] <= own)
            low = middle + 1;
          else
            high = middle;
        }
        j = low > 0 ? low - 1 : 0;
      }
      out[i] = j == length - 1 || points[j] == own ? values[j]
                                                   : on_line(own, points[j], points[j + 1], values[j], values[j + 1]);
    }
  }
}

template <class Value>
bool end_value(PyObject* object, ArrayDescr* descr, Value* value) {
  if (!object || object == Py_None) return true;
  return dtype_slots(descr)->setitem(descr, object, reinterpret_cast<char*>(value)) == 0;
}

template <class Value>
PyObject* interp(const char* name, Element element, PyObject* const* args, Py_ssize_t nargs, PyObject* kwnames) {
  static const char* const names[] = {"x", "xp", "fp", "left", "right"};
  PyObject* given[5];
  if (!parse_arguments({name, names, 5, 3}, args, nargs, kwnames, given)) return nullptr;
  ArrayDescr *reals = descr_of(Element::Float64), *descr = descr_of(element);
  Ref<ArrayObject> values = contiguous_from(given[2], descr);
  Ref<ArrayObject> points = values ? contiguous_from(given[1], reals) : Ref<ArrayObject>();
  Ref<ArrayObject> x = points ? contiguous_from(given[0], reals) : Ref<ArrayObject>();
  if (!x) return nullptr;
  if (points->nd != 1 || values->nd != 1) {
    PyErr_SetString(PyExc_ValueError, points->nd > 1 || values->nd > 1 ? "object too deep for desired array"
                                                                       : "object of too small depth for desired array");
    return nullptr;
  }
  const intp length = points->dimensions[0];
  if (length == 0) {
    PyErr_SetString(PyExc_ValueError, "array of sample points is empty");
    return nullptr;
  }
  if (values->dimensions[0] != length) {
    PyErr_SetString(PyExc_ValueError, "fp and xp are not of the same length.");
    return nullptr;
  }
  Ref<ArrayObject> result = new_array(descr, x->nd, x->dimensions);
  if (!result) return nullptr;
  const auto* known = reinterpret_cast<const Value*>(values->data);
  Value left = known[0], right = known[length - 1];
  if (!end_value(given[3], descr, &left) || !end_value(given[4], descr, &right)) return nullptr;
  const intp count = array_size(x.get());
  {
    ReleasedGil released(count > kReleaseGil);
    interpolate(reinterpret_cast<const double*>(x->data), count, reinterpret_cast<const double*>(points->data), known,
                length, left, right, reinterpret_cast<Value*>(result->data));
  }
  return array_return(std::move(result));
}
PyObject* function_interp(PyObject*, PyObject* const* args, Py_ssize_t nargs, PyObject* kwnames) {
  return interp<double>("interp", Element::Float64, args, nargs, kwnames);
}
PyObject* function_interp_complex(PyObject*, PyObject* const* args, Py_ssize_t nargs, PyObject* kwnames) {
  return interp<Pair>("interp_complex", Element::Complex128, args, nargs, kwnames);
}

// ---- order

PyObject* function_monotonicity(PyObject*, PyObject* object) {
  Ref<ArrayObject> array = contiguous_from(object, descr_of(Element::Float64));
  if (!array) return nullptr;
  if (array->nd != 1) {
    PyErr_SetString(PyExc_ValueError, "object too deep for desired array");
    return nullptr;
  }
  const auto* values = reinterpret_cast<const double*>(array->data);
  const intp count = array->dimensions[0];
  intp i = 1;
  while (i < count && values[i] == values[i - 1]) i++;
  if (i >= count) return PyLong_FromLong(1);
  // The first step decides; NaN is neither above nor below.
  const bool rises = values[i - 1] < values[i];
  for (i++; i < count; i++)
    if (rises ? values[i - 1] > values[i] : values[i - 1] < values[i]) return PyLong_FromLong(0);
  return PyLong_FromLong(rises ? 1 : -1);
}

// ---- sliding products

bool parse_mode(PyObject* object, int* mode) {
  *mode = 0;
  if (!object) return true;
  const char* text = PyUnicode_Check(object) ? PyUnicode_AsUTF8AndSize(object, nullptr) : nullptr;
  if (text) {
    static const char* const names[] = {"valid", "same", "full"};
    for (int i = 0; i < 3; i++)
      if (!std::strcmp(text, names[i])) return *mode = i, true;
    PyErr_Format(PyExc_ValueError, "mode must be one of 'valid', 'same', or 'full' (got %R)", object);
    return false;
  }
  intp number;
  if (PyErr_Occurred() || !integer_argument(object, &number)) return false;
  *mode = static_cast<int>(number);
  if (number >= 0 && number <= 2) return true;
  PyErr_Format(PyExc_ValueError, "integer mode must be 0, 1, or 2 (got %zd)", number);
  return false;
}

// out[i] = sum of a[i + j] * v[j] where both exist; `conjugated` takes the conjugate of v, and turns the result round
// where the shorter one came first.
PyObject* correlate(const char* name, bool conjugated, PyObject* const* args, Py_ssize_t nargs, PyObject* kwnames) {
  static const char* const names[] = {"a", "v", "mode"};
  PyObject* values[3];
  int mode;
  if (!parse_arguments({name, names, 3, 2}, args, nargs, kwnames, values) || !parse_mode(values[2], &mode))
    return nullptr;
  Ref<ArrayObject> a = array_from_any(values[0]), v = a ? array_from_any(values[1]) : Ref<ArrayObject>();
  Ref<ArrayDescr> common = v ? promote(a->descr, v->descr) : Ref<ArrayDescr>();
  Ref<ArrayDescr> descr = common ? descr_with_byteorder(common.get(), '=') : Ref<ArrayDescr>();
  if (!descr) return nullptr;
  const MatrixFunction function = matrix_function(descr.get());
  if (!function) {
    PyErr_SetString(PyExc_ValueError, "function not available for this data type");
    return nullptr;
  }
  for (const auto& [operand, which] : {std::pair{&a, "first"}, std::pair{&v, "second"}}) {
    if ((*operand)->nd != 1) {
      PyErr_SetString(PyExc_ValueError, (*operand)->nd > 1 ? "object too deep for desired array"
                                                           : "object of too small depth for desired array");
      return nullptr;
    }
    if ((*operand)->dimensions[0] == 0) {
      PyErr_Format(PyExc_ValueError, "%s array argument cannot be empty", which);
      return nullptr;
    }
    *operand = contiguous(operand->get(), descr.get());
    if (!*operand) return nullptr;
  }
  const bool swapped = a->dimensions[0] < v->dimensions[0];
  ArrayObject *longer = swapped ? v.get() : a.get(), *shorter = swapped ? a.get() : v.get();
  const intp n = longer->dimensions[0], m = shorter->dimensions[0], size = descr->elsize;
  const intp before = mode == 0 ? 0 : mode == 1 ? m / 2 : m - 1;
  const intp length = mode == 0 ? n - m + 1 : mode == 1 ? n : n + m - 1;
  NewArray zeros;
  zeros.zeroed = true;
  Ref<ArrayObject> result = new_array(descr.get(), 1, &length, zeros);
  if (!result) return nullptr;
  uint32_t errors = 0;
  {
    ReleasedGil released(may_release(descr.get()) && length * m > kReleaseGil);
    for (intp i = 0; i < length && !(has_references(descr.get()) && PyErr_Occurred()); i++) {
      const intp start = i - before;  // of the shorter one within the longer one
      const intp first = start < 0 ? -start : 0, last = start + m > n ? n - start : m;
      const char* x = longer->data + (start + first) * size;
      const char* y = shorter->data + first * size;
      const intp place = conjugated && swapped ? length - 1 - i : i;
      MatrixProduct p{x, 0, size, y, size, 0, result->data + place * size, 0, 0, 1, last - first, 1, 0};
      // The operand to conjugate goes first.
      if (conjugated && !swapped) {
        p.a = y;
        p.b = x;
      }
      errors |= function(p, conjugated);
    }
  }
  if (PyErr_Occurred() || report_errors(errors, "correlate") < 0) return nullptr;
  return result.release_object();
}
PyObject* function_correlate(PyObject*, PyObject* const* args, Py_ssize_t nargs, PyObject* kwnames) {
  return correlate("correlate", false, args, nargs, kwnames);
}
PyObject* function_correlate2(PyObject*, PyObject* const* args, Py_ssize_t nargs, PyObject* kwnames) {
  return correlate("correlate2", true, args, nargs, kwnames);
}

}  // namespace

PyMethodDef series_functions[] = {
    {"bincount", as_method(function_bincount), kFastKeywords,
     "bincount(x, /, weights=None, minlength=0)\n--\n\n"
     "How often each number occurs, from 0 up to the largest.\n\n"
     "Parameters\n----------\nx : array_like of int, 1-d\n    Not negative.\nweights : array_like, optional\n    What "
     "each occurrence counts.\nminlength : int\n    The least length of the result.\n\n"
     "Returns\n-------\nndarray\n    Of intp, or of float64 with `weights`.\n\nRaises\n------\nValueError\n    For "
     "negative numbers, or weights of another length.\n\n"
     "Examples\n--------\n>>> import wasmnp as np\n>>> np.bincount([0, 1, 1, 3])\narray([1, 2, 0, 1])"},
    {"interp", as_method(function_interp), kFastKeywords, "interp(x, xp, fp, left=None, right=None)"},
    {"interp_complex", as_method(function_interp_complex), kFastKeywords,
     "interp_complex(x, xp, fp, left=None, right=None)"},
    {"correlate", as_method(function_correlate), kFastKeywords, "correlate(a, v, mode=0)"},
    {"correlate2", as_method(function_correlate2), kFastKeywords, "correlate2(a, v, mode=0)"},
    {"_monotonicity", function_monotonicity, METH_O,
     "_monotonicity(x): 1 where x does not fall, -1 where it only falls"},
    {nullptr, nullptr, 0, nullptr},
};

}  // namespace wasmnp
