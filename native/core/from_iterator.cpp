// fromiter: a one-dimensional array from what an iterator yields.
#include "../python/arguments.hpp"
#include "functions.hpp"
#include "operands.hpp"

namespace wasmnp {

namespace {

// The first `count` elements of the first axis in an array of `capacity` elements. A sub-array type, `descr`, spreads
// each element over further axes.
Ref<ArrayObject> with_capacity(ArrayDescr* descr, ArrayObject* array, intp count, intp capacity) {
  Ref<ArrayObject> result = new_array(descr, 1, &capacity);
  if (!result || count == 0) return result;
  intp dims[kMaxDims];
  for (int axis = 0; axis < array->nd; axis++) dims[axis] = axis ? array->dimensions[axis] : count;
  Ref<ArrayObject> from = new_view(array->base, array->descr, array->nd, dims, array->strides, array->data, 0);
  Ref<ArrayObject> to = new_view(nullptr, array->descr, array->nd, dims, result->strides, result->data, kWriteable);
  return from && to && copy_into(to.get(), from.get()) == 0 ? std::move(result) : Ref<ArrayObject>();
}

PyObject* function_fromiter(PyObject*, PyObject* const* args, Py_ssize_t nargs, PyObject* kwnames) {
  static const char* const names[] = {"iter", "dtype", "count", "$like"};
  PyObject* values[4];
  if (!parse_arguments({"fromiter", names, 4, 2}, args, nargs, kwnames, values)) return nullptr;
  Ref<ArrayDescr> descr = descr_from_object(values[1]);
  intp wanted = -1;
  if (!descr || (values[2] && !integer_argument(values[2], &wanted))) return nullptr;
  if (descr->elsize == 0) {
    PyErr_SetString(PyExc_ValueError, "Must specify length when using variable-size data-type.");
    return nullptr;
  }
  Ref<> iterator = steal(PyObject_GetIter(values[0]));
  if (!iterator) return nullptr;
  intp capacity = wanted >= 0 ? wanted : PyObject_Size(values[0]);
  if (capacity < 0) {  // unknown; iterators have no length
    PyErr_Clear();
    capacity = 8;
  }
  Ref<ArrayObject> array = new_array(descr.get(), 1, &capacity);
  intp count = 0;
  while (array && (wanted < 0 || count < wanted)) {
    Ref<> item = steal(PyIter_Next(iterator.get()));
    if (!item) break;
    if (count == capacity) {
      if (__builtin_mul_overflow(capacity, 2, &capacity)) return PyErr_NoMemory();
      capacity += 8;
      array = with_capacity(descr.get(), array.get(), count, capacity);
      if (!array) return nullptr;
    }
    if (assign_element(descr.get(), array->data + count * descr->elsize, item.get()) < 0) return nullptr;
    count++;
  }
  if (!array || PyErr_Occurred()) return nullptr;
  if (count < wanted) {
    PyErr_Format(PyExc_ValueError, "iterator too short: Expected %zd but iterator had only %zd items.", wanted, count);
    return nullptr;
  }
  if (count == capacity) return array.release_object();
  return with_capacity(descr.get(), array.get(), count, count).release_object();
}

}  // namespace

PyMethodDef iterator_functions[] = {
    {"fromiter", as_method(function_fromiter), kFastKeywords,
     "fromiter(iter, dtype, count=-1, *, like=None)\n--\n\n"
     "A 1-d array from an iterable.\n\n"
     "Parameters\n----------\niter : iterable\ndtype : dtype\ncount : int\n    How many to take; -1 takes all.\n\n"
     "Returns\n-------\nndarray\n\nRaises\n------\nValueError\n    If there are fewer than `count`.\n\n"
     "Examples\n--------\n>>> import wasmnp as np\n>>> np.fromiter((x * x for x in range(3)), int)\narray([0, 1, 4])"},
    {nullptr, nullptr, 0, nullptr},
};

}  // namespace wasmnp
