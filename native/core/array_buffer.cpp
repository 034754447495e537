// The buffer protocol of arrays (PEP 3118).
#include <cstdlib>
#include <cstring>

#include "array.hpp"
#include "array_slots.hpp"
#include "state.hpp"

namespace wasmnp {

namespace {

struct ExportedBuffer {
  char* format;
  intp shape[1];  // nd lengths, then nd strides; after them the text of the format
};

// The format of elements of a number type; at least eight bytes.
void number_format(const ArrayDescr* descr, bool aligned, char* text) {
  const bool extended = element_index(descr) == static_cast<int>(Element::LongDouble) ||
                        element_index(descr) == static_cast<int>(Element::CLongDouble);
  const bool prefixed = is_swapped(descr) || (!aligned && !extended && descr->elsize > 1);
  if (is_swapped(descr))
    *text++ = '>';
  else if (!aligned && descr->elsize > 1)
    *text++ = extended ? '^' : '=';
  const char code = descr->type;
  if (is_complex(descr)) {
    *text++ = 'Z';
    *text++ = static_cast<char>(code | 0x20);
  } else {
    // `l` and `L` have other widths under a byte-order prefix.
    const char fixed = code == 'l'   ? (sizeof(long) == 8 ? 'q' : 'i')
                       : code == 'L' ? (sizeof(long) == 8 ? 'Q' : 'I')
                                     : code;
    *text++ = prefixed ? fixed : code;
  }
  *text = 0;
}

int array_getbuffer(PyObject* self, Py_buffer* view, int flags) {
  ArrayObject* array = as_array(self);
  view->obj = nullptr;
  if ((flags & PyBUF_WRITABLE) == PyBUF_WRITABLE && !(array->flags & kWriteable)) {
    PyErr_SetString(PyExc_ValueError, "buffer source array is read-only");
    return -1;
  }
  const bool c_order = array->flags & kCContiguous, f_order = array->flags & kFContiguous;
  if ((flags & PyBUF_C_CONTIGUOUS) == PyBUF_C_CONTIGUOUS && !c_order) {
    PyErr_SetString(PyExc_ValueError, "ndarray is not C-contiguous");
    return -1;
  }
  if ((flags & PyBUF_F_CONTIGUOUS) == PyBUF_F_CONTIGUOUS && !f_order) {
    PyErr_SetString(PyExc_ValueError, "ndarray is not Fortran contiguous");
    return -1;
  }
  if ((flags & PyBUF_ANY_CONTIGUOUS) == PyBUF_ANY_CONTIGUOUS && !c_order && !f_order) {
    PyErr_SetString(PyExc_ValueError, "ndarray is not contiguous");
    return -1;
  }
  if ((flags & PyBUF_STRIDES) != PyBUF_STRIDES && !c_order) {
    PyErr_SetString(PyExc_ValueError, "ndarray is not C-contiguous");
    return -1;
  }
  char number[8] = "";
  const char* format = number;
  Ref<> described;
  if (element_index(array->descr) >= 0) {
    number_format(array->descr, is_object(array->descr) || (array->flags & kAligned), number);
  } else if ((flags & PyBUF_FORMAT) == PyBUF_FORMAT) {
    Ref<> describe = steal(import_member("_core._internal", "_buffer_format"));
    auto place = reinterpret_cast<uintptr_t>(array->data);
    for (int i = 0; i < array->nd; i++) place |= static_cast<uintptr_t>(array->strides[i]);
    if (describe)
      described = steal(PyObject_CallFunction(describe.get(), "On", reinterpret_cast<PyObject*>(array->descr),
                                              static_cast<Py_ssize_t>(place & 0xff)));
    format = described ? PyUnicode_AsUTF8AndSize(described.get(), nullptr) : nullptr;
    if (!format) return -1;
  }
  const auto nd = static_cast<size_t>(array->nd);
  const size_t head = sizeof(ExportedBuffer) + 2 * nd * sizeof(intp), letters = std::strlen(format) + 1;
  auto* exported = static_cast<ExportedBuffer*>(std::malloc(head + letters));
  if (!exported) return PyErr_NoMemory(), -1;
  exported->format = static_cast<char*>(std::memcpy(reinterpret_cast<char*>(exported) + head, format, letters));
  std::memcpy(exported->shape, array->dimensions, nd * sizeof(intp));
  std::memcpy(exported->shape + nd, array->strides, nd * sizeof(intp));
  // Consumers expect the strides of a contiguous buffer even along axes of length 1.
  if (c_order || f_order)
    fill_strides(array->descr->elsize, array->nd, array->dimensions,
                 c_order && (flags & PyBUF_F_CONTIGUOUS) != PyBUF_F_CONTIGUOUS ? Order::C : Order::F,
                 exported->shape + nd);
  view->buf = array->data;
  view->obj = new_ref(self);
  view->len = array_size(array) * array->descr->elsize;
  view->itemsize = array->descr->elsize;
  view->readonly = !(array->flags & kWriteable);
  view->ndim = array->nd;
  view->format = (flags & PyBUF_FORMAT) == PyBUF_FORMAT ? exported->format : nullptr;
  view->shape = (flags & PyBUF_ND) == PyBUF_ND ? exported->shape : nullptr;
  view->strides = (flags & PyBUF_STRIDES) == PyBUF_STRIDES ? exported->shape + nd : nullptr;
  view->suboffsets = nullptr;
  view->internal = exported;
  return 0;
}
void array_releasebuffer(PyObject*, Py_buffer* view) { std::free(view->internal); }

}  // namespace

constinit BufferMethods array_buffer_methods = {array_getbuffer, array_releasebuffer};

}  // namespace wasmnp
