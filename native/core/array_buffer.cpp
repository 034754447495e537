// The buffer protocol of arrays (PEP 3118).
#include <cstdlib>
#include <cstring>

#include "array.hpp"
#include "array_slots.hpp"

namespace wasmnp {

namespace {

struct ExportedBuffer {
  char format[8];
  intp shape[1];  // nd lengths, then nd strides
};

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
  if (element_index(array->descr) < 0) {
    PyErr_SetString(PyExc_ValueError, "cannot include dtype of a user type in a buffer");
    return -1;
  }
  const auto nd = static_cast<size_t>(array->nd);
  auto* exported = static_cast<ExportedBuffer*>(std::malloc(sizeof(ExportedBuffer) + 2 * nd * sizeof(intp)));
  if (!exported) return PyErr_NoMemory(), -1;
  char* text = exported->format;
  if (is_swapped(array->descr)) *text++ = '>';
  const char code = array->descr->type;
  if (code == 'F' || code == 'D') {
    *text++ = 'Z';
    *text++ = code == 'F' ? 'f' : 'd';
  } else {
    // `l` and `L` have other widths under a byte-order prefix.
    const bool prefixed = is_swapped(array->descr);
    const char fixed = code == 'l'   ? (sizeof(long) == 8 ? 'q' : 'i')
                       : code == 'L' ? (sizeof(long) == 8 ? 'Q' : 'I')
                                     : code;
    *text++ = prefixed ? fixed : code;
  }
  *text = 0;
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
