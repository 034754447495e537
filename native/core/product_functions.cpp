// dot, inner, vdot: sums of products over one axis of each operand.
#include <cstring>

#include "../python/arguments.hpp"
#include "../python/gil.hpp"
#include "casting.hpp"
#include "datetime.hpp"
#include "errstate.hpp"
#include "flexible.hpp"
#include "functions.hpp"
#include "indexing.hpp"
#include "iterate.hpp"
#include "operands.hpp"
#include "products.hpp"
#include "ufunc.hpp"

namespace wasmnp {

namespace {

// The array type of a result: that of the operand with the higher __array_priority__.
struct ResultType {
  PyTypeObject* type = &Array_Type;
  PyObject* prototype = nullptr;

  ResultType(ArrayObject* a, ArrayObject* b) {
    auto *first = reinterpret_cast<PyObject*>(a), *second = reinterpret_cast<PyObject*>(b);
    if (is_exact_array(first) && is_exact_array(second)) return;
    static Name name("__array_priority__");
    double priorities[2] = {0, 0};
    PyObject* const objects[2] = {first, second};
    for (int i = 0; i < 2; i++) {
      Ref<> value = steal(PyObject_GetAttr(objects[i], name.get()));
      if (value) priorities[i] = PyFloat_AsDouble(value.get());
      PyErr_Clear();
    }
    prototype = priorities[1] > priorities[0] ? second : first;
    type = Py_TYPE(prototype);
  }
};

bool not_aligned(ArrayObject* a, int a_axis, ArrayObject* b, int b_axis) {
  Ref<> first = shape_text(a->nd, a->dimensions), second = shape_text(b->nd, b->dimensions);
  if (first && second)
    PyErr_Format(PyExc_ValueError, "shapes %U and %U not aligned: %zd (dim %d) != %zd (dim %d)", first.get(),
                 second.get(), a->dimensions[a_axis], a_axis, b->dimensions[b_axis], b_axis);
  return false;
}

Ref<ArrayObject> operand_from(PyObject* object) {
  FromAny options;
  options.subok = true;
  return array_from_any(object, options);
}

// The common type of two factors: objects where there is none.
Ref<ArrayDescr> factor_type(ArrayObject* a, ArrayObject* b) {
  Ref<ArrayDescr> common = promote(a->descr, b->descr);
  if (common) return descr_with_byteorder(common.get(), '=');
  if (!is_no_promotion()) return nullptr;
  PyErr_Clear();
  return Ref<ArrayDescr>::borrow(descr_of(Element::Object));
}

// Both operands in their common type, aligned.
bool unify(Ref<ArrayObject>* a, Ref<ArrayObject>* b, MatrixFunction* function) {
  Ref<ArrayDescr> descr = factor_type(a->get(), b->get());
  if (!descr) return false;
  const bool spans = descr->type_num == kTimedelta;
  if (spans) descr = Ref<ArrayDescr>::borrow(time_descr(kTimedelta, {TimeUnit::Generic, 1}));  // counts alone
  *function = matrix_function(spans ? descr_of(Element::Int64) : descr.get());
  if (!*function) {
    PyErr_SetString(PyExc_ValueError, "dot not available for this type");
    return false;
  }
  for (Ref<ArrayObject>* array : {a, b}) {
    *array = operand_as(array->get(), descr.get());
    if (*array && !((*array)->flags & kAligned)) *array = copy_array(array->get(), descr.get(), Order::K, false);
    if (!*array) return false;
  }
  return true;
}

bool acceptable(ArrayObject* out, ArrayDescr* descr, int nd, const intp* dims) {
  bool fits =
      out->nd == nd && (out->flags & kCContiguous) && equivalent(out->descr, descr) && (out->flags & kWriteable);
  for (int i = 0; fits && i < nd; i++) fits = out->dimensions[i] == dims[i];
  if (fits) return true;
  PyErr_SetString(
      PyExc_ValueError,
      "output array is not acceptable (must have the right datatype, number of dimensions, and be a C-Array)");
  return false;
}

// result[i..., j..., m] = sum over k of a[i..., k] b[j..., k, m], where `b_axis` of b is summed over.
PyObject* sum_products(Ref<ArrayObject> a, Ref<ArrayObject> b, int b_axis, ArrayObject* out, const char* name) {
  const ResultType result_type(a.get(), b.get());
  const int a_axis = a->nd - 1;
  if (a->dimensions[a_axis] != b->dimensions[b_axis]) return not_aligned(a.get(), a_axis, b.get(), b_axis), nullptr;
  MatrixFunction function;
  if (!unify(&a, &b, &function)) return nullptr;
  const int nd = a->nd + b->nd - 2;
  if (nd > kMaxDims) {
    PyErr_SetString(PyExc_ValueError, "dot: too many dimensions in result");
    return nullptr;
  }
  intp dims[kMaxDims];
  int at = 0;
  for (int i = 0; i < a_axis; i++) dims[at++] = a->dimensions[i];
  for (int i = 0; i < b->nd; i++)
    if (i != b_axis) dims[at++] = b->dimensions[i];
  ArrayDescr* descr = a->descr;
  if (out && !acceptable(out, descr, nd, dims)) return nullptr;
  Ref<ArrayObject> result;
  if (out && !may_overlap(out, a.get()) && !may_overlap(out, b.get())) {
    result = Ref<ArrayObject>::borrow(out);
  } else {
    NewArray options;
    if (!out) {
      options.subtype = result_type.type;
      options.prototype = result_type.prototype;
    }
    result = new_array(descr, nd, dims, options);
    if (!result) return nullptr;
  }
  // Rows are the last axis of a before the summed one, columns the last axis of b beside it; what is left is looped
  // over.
  const intp size = descr->elsize, columns_axis = b->nd > 1 ? (b_axis == b->nd - 1 ? b->nd - 2 : b->nd - 1) : -1;
  MatrixProduct p{};
  p.depth = a->dimensions[a_axis];
  p.a_column = a->strides[a_axis];
  p.b_row = b->strides[b_axis];
  p.rows = a->nd > 1 ? a->dimensions[a->nd - 2] : 1;
  p.columns = columns_axis >= 0 ? b->dimensions[columns_axis] : 1;
  p.a_row = a->nd > 1 ? a->strides[a->nd - 2] : 0;
  p.b_column = columns_axis >= 0 ? b->strides[columns_axis] : 0;
  intp strides[kMaxDims];
  fill_strides(size, nd, dims, Order::C, strides);
  LoopSpace space;
  space.operands = 3;
  space.data[0] = a->data;
  space.data[1] = b->data;
  space.data[2] = result->data;
  for (int i = 0, k = 0; i < a_axis; i++, k++) {
    if (i == a->nd - 2) {
      p.c_row = strides[k];
      continue;
    }
    space.shape[space.nd] = a->dimensions[i];
    space.strides[0][space.nd] = a->strides[i];
    space.strides[1][space.nd] = 0;
    space.strides[2][space.nd++] = strides[k];
  }
  for (int i = 0, k = a_axis; i < b->nd; i++) {
    if (i == b_axis) continue;
    if (i == columns_axis) {
      p.c_column = strides[k++];
      continue;
    }
    space.shape[space.nd] = b->dimensions[i];
    space.strides[0][space.nd] = 0;
    space.strides[1][space.nd] = b->strides[i];
    space.strides[2][space.nd++] = strides[k++];
  }
  uint32_t errors = 0;
  if (array_size(result.get())) {
    // A contiguous axis before the rows is more rows.
    coalesce(space);
    if (space.nd == 1 && space.strides[1][0] == 0 && p.rows > 0 && space.strides[0][0] == p.rows * p.a_row &&
        space.strides[2][0] == p.rows * p.c_row) {
      p.rows *= space.shape[0];
      space.nd = 0;
    }
    ReleasedGil released(may_release(descr) && p.rows * p.columns * p.depth > kReleaseGil);
    intp left = space.size();
    for (Cursor cursor(space); left > 0; left--) {
      p.a = cursor.pointer[0];
      p.b = cursor.pointer[1];
      p.c = cursor.pointer[2];
      errors |= function(p, false);
      cursor.advance(space, 1);
    }
  }
  if (PyErr_Occurred() || report_errors(errors, name) < 0) return nullptr;
  if (out) {
    if (result.get() != out && copy_into(out, result.get()) < 0) return nullptr;
    return new_ref(out);
  }
  return array_return(std::move(result));
}

PyObject* scale(ArrayObject* first, ArrayObject* second, ArrayObject* out) {
  static UfuncObject* const multiply = find_ufunc("multiply");
  Ref<ArrayDescr> descr = factor_type(first, second);
  Ref<ArrayObject> a = descr ? operand_as(first, descr.get()) : Ref<ArrayObject>();
  Ref<ArrayObject> b = a ? operand_as(second, descr.get()) : Ref<ArrayObject>();
  if (!b) return nullptr;
  PyObject* args[3] = {a.object(), b.object(), reinterpret_cast<PyObject*>(out)};
  return ufunc_vectorcall(reinterpret_cast<PyObject*>(multiply), args, out ? 3 : 2, nullptr);
}

PyObject* dot(PyObject* first, PyObject* second, ArrayObject* out) {
  Ref<ArrayObject> a = operand_from(first), b = a ? operand_from(second) : Ref<ArrayObject>();
  if (!b) return nullptr;
  if (a->nd == 0 || b->nd == 0) return scale(a.get(), b.get(), out);
  const int b_axis = b->nd > 1 ? b->nd - 2 : 0;
  return sum_products(std::move(a), std::move(b), b_axis, out, "dot");
}

bool strict_output(PyObject* object, ArrayObject** out) {
  *out = nullptr;
  if (!object || object == Py_None) return true;
  if (!is_array(object)) {
    PyErr_SetString(PyExc_TypeError, "'out' must be an array");
    return false;
  }
  *out = as_array(object);
  return true;
}

PyObject* function_dot(PyObject*, PyObject* const* args, Py_ssize_t nargs, PyObject* kwnames) {
  static const char* const names[] = {"a", "b", "out"};
  PyObject* values[3];
  ArrayObject* out;
  if (!parse_arguments({"dot", names, 3, 2}, args, nargs, kwnames, values) || !strict_output(values[2], &out))
    return nullptr;
  return dot(values[0], values[1], out);
}

PyObject* function_inner(PyObject*, PyObject* const* args, Py_ssize_t nargs, PyObject* kwnames) {
  static const char* const names[] = {"/a", "/b"};
  PyObject* values[2];
  if (!parse_arguments({"inner", names, 2, 2}, args, nargs, kwnames, values)) return nullptr;
  Ref<ArrayObject> a = operand_from(values[0]), b = a ? operand_from(values[1]) : Ref<ArrayObject>();
  if (!b) return nullptr;
  if (a->nd == 0 || b->nd == 0) return scale(a.get(), b.get(), nullptr);
  const int b_axis = b->nd - 1;
  return sum_products(std::move(a), std::move(b), b_axis, nullptr, "inner");
}

PyObject* function_vdot(PyObject*, PyObject* const* args, Py_ssize_t nargs, PyObject* kwnames) {
  static const char* const names[] = {"/a", "/b"};
  PyObject* values[2];
  if (!parse_arguments({"vdot", names, 2, 2}, args, nargs, kwnames, values)) return nullptr;
  Ref<ArrayObject> a = array_from_any(values[0]), b = a ? array_from_any(values[1]) : Ref<ArrayObject>();
  if (b) a = ravel(a.get(), Order::C, false);
  if (b && a) b = ravel(b.get(), Order::C, false);
  if (!a || !b) return nullptr;
  if (a->dimensions[0] != b->dimensions[0]) {
    PyErr_SetString(PyExc_ValueError, "vectors have different lengths");
    return nullptr;
  }
  MatrixFunction function;
  if (!unify(&a, &b, &function)) return nullptr;
  NewArray zeros;
  zeros.zeroed = true;
  Ref<ArrayObject> result = new_array(a->descr, 0, nullptr, zeros);
  if (!result) return nullptr;
  const MatrixProduct p{a->data, 0, a->strides[0], b->data, b->strides[0], 0, result->data, 0, 0, 1, a->dimensions[0],
                        1,       0};
  const uint32_t errors = function(p, true);
  if (PyErr_Occurred() || report_errors(errors, "vdot") < 0) return nullptr;
  return array_return(std::move(result));
}

}  // namespace

PyObject* array_dot(PyObject* self, PyObject* const* args, Py_ssize_t nargs, PyObject* kwnames) {
  static const char* const names[] = {"b", "out"};
  PyObject* values[2];
  ArrayObject* out;
  if (!parse_arguments({"dot", names, 2, 1}, args, nargs, kwnames, values) || !strict_output(values[1], &out))
    return nullptr;
  return dot(self, values[0], out);
}

PyMethodDef product_functions[] = {
    {"dot", as_method(function_dot), kFastKeywords,
     "dot(a, b, out=None)\n--\n\n"
     "Sum of products over the last axis of `a` and the last but one of `b` (the only one of a vector).\n\n"
     "Parameters\n----------\na, b : array_like\n    Where one has no axes the result is their product.\n"
     "out : ndarray, optional\n    C-contiguous, and of the very type and shape of the result.\n\n"
     "Returns\n-------\nndarray or scalar\n\nRaises\n------\nValueError\n    If the axes differ in length.\n\n"
     "Examples\n--------\n>>> import wasmnp as np\n>>> np.dot([[1, 0], [0, 2]], [3, 4])\narray([3, 8])"},
    {"inner", as_method(function_inner), kFastKeywords,
     "inner(a, b, /)\n--\n\n"
     "Sum of products over the last axes of two arrays.\n\nParameters\n----------\na, b : array_like\n\n"
     "Returns\n-------\nndarray or scalar\n    Of shape ``a.shape[:-1] + b.shape[:-1]``.\n\n"
     "Raises\n------\nValueError\n    If the axes differ in length.\n\n"
     "Examples\n--------\n>>> import wasmnp as np\n>>> np.inner([1, 2, 3], [0, 1, 0])\nnp.int64(2)"},
    {"vdot", as_method(function_vdot), kFastKeywords,
     "vdot(a, b, /)\n--\n\n"
     "Sum of products of all elements, those of `a` conjugated.\n\nParameters\n----------\na, b : array_like\n    Of "
     "the same size.\n\nReturns\n-------\nscalar\n\n"
     "Examples\n--------\n>>> import wasmnp as np\n>>> np.vdot([1j, 2], [1j, 3])\nnp.complex128(7+0j)"},
    {nullptr, nullptr, 0, nullptr},
};

}  // namespace wasmnp
