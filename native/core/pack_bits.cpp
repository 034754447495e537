// packbits and unpackbits: booleans as the bits of bytes.
#include <cstring>

#include "../python/arguments.hpp"
#include "functions.hpp"
#include "indexing.hpp"
#include "iterate.hpp"
#include "operands.hpp"

namespace wasmnp {

namespace {

bool parse_bit_order(PyObject* object, bool* little) {
  *little = false;
  if (!object) return true;
  const char* text = PyUnicode_Check(object) ? PyUnicode_AsUTF8AndSize(object, nullptr) : nullptr;
  if (!text) {
    if (!PyErr_Occurred()) PyErr_Format(PyExc_TypeError, "bitorder must be str, not %s", Py_TYPE(object)->tp_name);
    return false;
  }
  *little = !std::strcmp(text, "little");
  if (*little || !std::strcmp(text, "big")) return true;
  PyErr_SetString(PyExc_ValueError, "'order' must be either 'little' or 'big'");
  return false;
}

// The array that bits are read from along `axis`: flat where none is given.
Ref<ArrayObject> along_axis(ArrayObject* array, PyObject* axis_object, int* axis) {
  *axis = 0;
  if (!axis_object || axis_object == Py_None) return ravel(array, Order::C, false);
  if (array->nd == 0) {
    intp number;
    if (!integer_argument(axis_object, &number) || (number && number != -1 && normalize_axis(&number, 0) < 0))
      return nullptr;
    return ravel(array, Order::C, false);
  }
  return axis_argument(axis_object, array->nd, axis) ? Ref<ArrayObject>::borrow(array) : Ref<ArrayObject>();
}

// A result like `model` but for the length of one axis, and the walk over its other axes beside the model's.
Ref<ArrayObject> new_along(ArrayObject* model, PyObject* prototype, ArrayDescr* descr, int axis, intp length,
                           LoopSpace* space) {
  intp dims[kMaxDims];
  for (int i = 0; i < model->nd; i++) dims[i] = i == axis ? length : model->dimensions[i];
  NewArray options;
  options.subtype = Py_TYPE(prototype);
  options.prototype = prototype;
  if ((model->flags & kFContiguous) && !(model->flags & kCContiguous)) options.order = Order::F;
  Ref<ArrayObject> result = new_array(descr, model->nd, dims, options);
  if (!result) return nullptr;
  space->nd = model->nd;
  for (int i = 0; i < model->nd; i++) space->shape[i] = i == axis ? (length ? 1 : 0) : dims[i];
  space->operands = 2;
  ArrayObject* const operands[2] = {result.get(), model};
  for (int k = 0; k < 2; k++) {
    space->data[k] = operands[k]->data;
    for (int i = 0; i < model->nd; i++) space->strides[k][i] = operands[k]->strides[i];
  }
  return result;
}

PyObject* function_packbits(PyObject*, PyObject* const* args, Py_ssize_t nargs, PyObject* kwnames) {
  static const char* const names[] = {"/a", "axis", "bitorder"};
  PyObject* values[3];
  bool little;
  if (!parse_arguments({"packbits", names, 3, 1}, args, nargs, kwnames, values) || !parse_bit_order(values[2], &little))
    return nullptr;
  FromAny options;
  options.subok = true;
  Ref<ArrayObject> given = array_from_any(values[0], options);
  if (!given) return nullptr;
  if (!std::strchr("biu", given->descr->kind)) {
    PyErr_SetString(PyExc_TypeError, "Expected an input array of integer or boolean data type");
    return nullptr;
  }
  Ref<ArrayObject> truth = truth_of(given.get());
  int axis;
  Ref<ArrayObject> bits = truth ? along_axis(truth.get(), values[1], &axis) : Ref<ArrayObject>();
  if (!bits) return nullptr;
  const intp length = bits->dimensions[axis], bytes = (length + 7) / 8;
  LoopSpace space;
  Ref<ArrayObject> result = new_along(bits.get(), given.object(), descr_of(Element::UInt8), axis, bytes, &space);
  if (!result) return nullptr;
  const intp out_step = result->strides[axis], in_step = bits->strides[axis];
  for_each_element(space, [&](char** p) {
    for (intp byte = 0; byte < bytes; byte++) {
      unsigned value = 0;
      const intp n = length - byte * 8 < 8 ? length - byte * 8 : 8;
      for (intp i = 0; i < n; i++) {
        const unsigned bit = p[1][(byte * 8 + i) * in_step] != 0;
        value |= bit << (little ? i : 7 - i);
      }
      p[0][byte * out_step] = static_cast<char>(value);
    }
  });
  return result.release_object();
}

PyObject* function_unpackbits(PyObject*, PyObject* const* args, Py_ssize_t nargs, PyObject* kwnames) {
  static const char* const names[] = {"/a", "axis", "count", "bitorder"};
  PyObject* values[4];
  bool little;
  if (!parse_arguments({"unpackbits", names, 4, 1}, args, nargs, kwnames, values) ||
      !parse_bit_order(values[3], &little))
    return nullptr;
  FromAny options;
  options.subok = true;
  Ref<ArrayObject> given = array_from_any(values[0], options);
  if (!given) return nullptr;
  if (element_index(given->descr) != static_cast<int>(Element::UInt8)) {
    PyErr_SetString(PyExc_TypeError, "Expected an input array of unsigned byte data type");
    return nullptr;
  }
  int axis;
  Ref<ArrayObject> packed = along_axis(given.get(), values[1], &axis);
  if (!packed) return nullptr;
  const intp available = packed->dimensions[axis] * 8;
  intp count = available;
  if (values[2] && values[2] != Py_None) {
    if (!integer_argument(values[2], &count)) return nullptr;
    if (count < 0) {
      if (-count > available) {
        PyErr_Format(PyExc_ValueError, "-count (%zd) must be within the number of bits (%zd)", -count, available);
        return nullptr;
      }
      count += available;
    }
  }
  LoopSpace space;
  Ref<ArrayObject> result = new_along(packed.get(), given.object(), descr_of(Element::UInt8), axis, count, &space);
  if (!result) return nullptr;
  const intp out_step = result->strides[axis], in_step = packed->strides[axis];
  for_each_element(space, [&](char** p) {
    for (intp i = 0; i < count; i++) {
      unsigned value = 0;
      if (i < available) value = static_cast<unsigned char>(p[1][i / 8 * in_step]) >> (little ? i % 8 : 7 - i % 8) & 1u;
      p[0][i * out_step] = static_cast<char>(value);
    }
  });
  return result.release_object();
}

}  // namespace

PyMethodDef bit_functions[] = {
    {"packbits", as_method(function_packbits), kFastKeywords,
     "packbits(a, /, axis=None, bitorder='big')\n--\n\n"
     "Pack booleans into the bits of bytes; the last byte is padded with zeros.\n\n"
     "Parameters\n----------\na : array_like of bool or int\n    What is not zero gives a 1.\naxis : int, optional\n   "
     " "
     "By default the elements in C order.\nbitorder : {'big', 'little'}\n    Whether the first is the highest bit.\n\n"
     "Returns\n-------\nndarray of uint8\n\n"
     "Examples\n--------\n>>> import wasmnp as np\n>>> np.packbits([1, 0, 1])\narray([160], dtype=uint8)"},
    {"unpackbits", as_method(function_unpackbits), kFastKeywords,
     "unpackbits(a, /, axis=None, count=None, bitorder='big')\n--\n\n"
     "Unpack the bits of bytes, one to an element.\n\n"
     "Parameters\n----------\na : ndarray of uint8\naxis : int, optional\n    By default the elements in C order.\n"
     "count : int, optional\n    How many; negative ones leave out bits at the end, and missing bits are 0.\n"
     "bitorder : {'big', 'little'}\n\nReturns\n-------\nndarray of uint8\n\n"
     "Examples\n--------\n>>> import wasmnp as np\n>>> np.unpackbits(np.array([160], dtype='u1'), count=3)\n"
     "array([1, 0, 1], dtype=uint8)"},
    {nullptr, nullptr, 0, nullptr},
};

}  // namespace wasmnp
