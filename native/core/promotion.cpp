// Functions that ask for the type of a result: result_type, promote_types.
#include "../python/arguments.hpp"
#include "array.hpp"
#include "functions.hpp"

namespace wasmnp {

namespace {

// The later of 'i', 'f', 'c' (0: none): a weak float makes a weak integer float.
char wider_weak(char a, char b) {
  if (a == 'c' || b == 'c') return 'c';
  if (a == 'f' || b == 'f') return 'f';
  return a ? a : b;
}

ArrayDescr* default_of_weak(char weak) {
  switch (weak) {
    case 'i': return descr_from_type_num(kIntp);
    case 'f': return descr_of(Element::Float64);
    default: return descr_of(Element::Complex128);
  }
}

// The type that an array, scalar or specification of a dtype brings along; null with TypeError.
Ref<ArrayDescr> descr_brought_by(PyObject* object) {
  if (is_array(object)) return Ref<ArrayDescr>::borrow(as_array(object)->descr);
  ArrayDescr* own = object == Py_None ? nullptr : scalar_descr(object);
  if (own) return Ref<ArrayDescr>::borrow(own);
  return PyErr_Occurred() ? Ref<ArrayDescr>() : descr_from_object(object);
}

PyObject* function_result_type(PyObject*, PyObject* const* args, Py_ssize_t nargs, PyObject* kwnames) {
  if (kwnames && PyTuple_Size(kwnames)) {
    PyErr_SetString(PyExc_TypeError, "result_type() takes no keyword arguments");
    return nullptr;
  }
  if (nargs < 1) {
    PyErr_SetString(PyExc_ValueError, "at least one array or dtype is required");
    return nullptr;
  }
  Ref<ArrayDescr> common;
  char weak = 0;
  for (Py_ssize_t i = 0; i < nargs; i++) {
    const char own_weak = weak_kind(args[i]);
    if (own_weak) {
      if (own_weak == 'i' && nargs == 1) return new_ref(scalar_descr(args[i]));
      weak = wider_weak(weak, own_weak);
      continue;
    }
    Ref<ArrayDescr> own = descr_brought_by(args[i]);
    if (own) common = common ? promote(common.get(), own.get()) : descr_with_byteorder(own.get(), '=');
    if (!own || !common) return nullptr;
  }
  ArrayDescr* result = !common ? default_of_weak(weak) : weak ? promote_weak(common.get(), weak) : common.get();
  if (!result) return nullptr;
  return new_ref(reinterpret_cast<PyObject*>(result));
}

PyObject* function_promote_types(PyObject*, PyObject* const* args, Py_ssize_t nargs, PyObject* kwnames) {
  static const char* const names[] = {"/type1", "/type2"};
  PyObject* values[2];
  if (!parse_arguments({"promote_types", names, 2, 2}, args, nargs, kwnames, values)) return nullptr;
  Ref<ArrayDescr> a = descr_from_object(values[0]);
  Ref<ArrayDescr> b = a ? descr_from_object(values[1]) : Ref<ArrayDescr>();
  Ref<ArrayDescr> common = b ? promote(a.get(), b.get()) : Ref<ArrayDescr>();
  return common ? descr_with_byteorder(common.get(), '=').release_object() : nullptr;
}

}  // namespace

PyMethodDef promotion_functions[] = {
    {"result_type", as_method(function_result_type), kFastKeywords,
     "result_type(*arrays_and_dtypes)\n--\n\n"
     "The data type of an operation on all the arguments, by the rules of promotion (NEP 50).\n\n"
     "Parameters\n----------\n*arrays_and_dtypes : arrays, scalars and dtypes\n    Python's int, float and complex "
     "numbers count by their kind alone.\n\n"
     "Returns\n-------\ndtype\n\nRaises\n------\nTypeError\n    If there is no common data type.\nValueError\n    "
     "Without arguments.\n\n"
     "Examples\n--------\n>>> import wasmnp as np\n>>> np.result_type(3, np.arange(7, dtype='i1'))\ndtype('int8')\n"
     ">>> np.result_type('i4', 'c8')\ndtype('complex128')"},
    {"promote_types", as_method(function_promote_types), kFastKeywords,
     "promote_types(type1, type2, /)\n--\n\n"
     "The smallest data type, in native byte order, that both types can be cast to safely.\n\n"
     "Parameters\n----------\ntype1, type2 : dtype or what makes one\n\n"
     "Returns\n-------\ndtype\n\nRaises\n------\nTypeError\n    If there is no such type.\n\n"
     "Examples\n--------\n>>> import wasmnp as np\n>>> np.promote_types('i8', '<f4')\ndtype('float64')"},
    {nullptr, nullptr, 0, nullptr},
};

}  // namespace wasmnp
