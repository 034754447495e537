// Our own declaration of the interpreter's type object and of its method tables.
//
// The limited API hides them, yet compiled extensions derive static types from NumPy's, so the public types must be
// static too. The leading fields have not moved from CPython 3.11 to 3.14; the tail is padded for what later versions
// append. native/abi/self_check.cpp compares fields of built-in types with their Python attributes at import.
#pragma once

#include <Python.h>
#include <structmember.h>

extern "C" {

struct AsyncMethods {
  void *await, *aiter, *anext, *send;
};

struct NumberMethods {
  binaryfunc add, subtract, multiply, remainder, divmod;
  ternaryfunc power;
  unaryfunc negative, positive, absolute;
  inquiry boolean;
  unaryfunc invert;
  binaryfunc left_shift, right_shift, bit_and, bit_xor, bit_or;
  unaryfunc integer;
  void* reserved;
  unaryfunc floating;
  binaryfunc inplace_add, inplace_subtract, inplace_multiply, inplace_remainder;
  ternaryfunc inplace_power;
  binaryfunc inplace_left_shift, inplace_right_shift, inplace_and, inplace_xor, inplace_or;
  binaryfunc floor_divide, true_divide, inplace_floor_divide, inplace_true_divide;
  unaryfunc index;
  binaryfunc matrix_multiply, inplace_matrix_multiply;
};

struct SequenceMethods {
  lenfunc length;
  binaryfunc concat;
  ssizeargfunc repeat, item;
  void* was_slice;
  ssizeobjargproc ass_item;
  void* was_ass_slice;
  objobjproc contains;
  binaryfunc inplace_concat;
  ssizeargfunc inplace_repeat;
};

struct MappingMethods {
  lenfunc length;
  binaryfunc subscript;
  objobjargproc ass_subscript;
};

using GetBuffer = int (*)(PyObject*, Py_buffer*, int);
using ReleaseBuffer = void (*)(PyObject*, Py_buffer*);

struct BufferMethods {
  GetBuffer get;
  ReleaseBuffer release;
};

using Vectorcall = PyObject* (*)(PyObject* callable, PyObject* const* args, size_t nargsf, PyObject* kwnames);

struct _typeobject {
  PyVarObject ob_base;
  const char* tp_name;
  Py_ssize_t tp_basicsize, tp_itemsize;
  destructor tp_dealloc;
  Py_ssize_t tp_vectorcall_offset;
  getattrfunc tp_getattr;
  setattrfunc tp_setattr;
  AsyncMethods* tp_as_async;
  reprfunc tp_repr;
  NumberMethods* tp_as_number;
  SequenceMethods* tp_as_sequence;
  MappingMethods* tp_as_mapping;
  hashfunc tp_hash;
  ternaryfunc tp_call;
  reprfunc tp_str;
  getattrofunc tp_getattro;
  setattrofunc tp_setattro;
  BufferMethods* tp_as_buffer;
  unsigned long tp_flags;
  const char* tp_doc;
  traverseproc tp_traverse;
  inquiry tp_clear;
  richcmpfunc tp_richcompare;
  Py_ssize_t tp_weaklistoffset;
  getiterfunc tp_iter;
  iternextfunc tp_iternext;
  PyMethodDef* tp_methods;
  PyMemberDef* tp_members;
  PyGetSetDef* tp_getset;
  PyTypeObject* tp_base;
  PyObject* tp_dict;
  descrgetfunc tp_descr_get;
  descrsetfunc tp_descr_set;
  Py_ssize_t tp_dictoffset;
  initproc tp_init;
  allocfunc tp_alloc;
  newfunc tp_new;
  freefunc tp_free;
  inquiry tp_is_gc;
  PyObject *tp_bases, *tp_mro, *tp_cache;
  void* tp_subclasses;
  PyObject* tp_weaklist;
  destructor tp_del;
  unsigned int tp_version_tag;
  destructor tp_finalize;
  Vectorcall tp_vectorcall;
  char tail[64];  // tp_watched, tp_versions_used and what later versions add
};

}  // extern "C"

namespace wasmnp {
inline constexpr size_t kVectorcallOffsetFlag = size_t{1} << (8 * sizeof(size_t) - 1);
inline constexpr unsigned long kHaveVectorcall = 1UL << 11;
inline Py_ssize_t vectorcall_count(size_t nargsf) { return static_cast<Py_ssize_t>(nargsf & ~kVectorcallOffsetFlag); }

// The smallest valid static type object; the rest is filled in before PyType_Ready.
constexpr PyTypeObject static_type(const char* name, Py_ssize_t basicsize, unsigned long flags, const char* doc) {
  PyTypeObject type{};
  type.ob_base.ob_base.ob_refcnt = 1;
  type.tp_name = name;
  type.tp_basicsize = basicsize;
  type.tp_flags = Py_TPFLAGS_DEFAULT | flags;
  type.tp_doc = doc;
  return type;
}
}  // namespace wasmnp
