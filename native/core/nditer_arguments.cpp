// The arguments of nditer and nested_iters, which make a request.
#include "../python/arguments.hpp"
#include "nditer_object.hpp"
#include "operands.hpp"

namespace wasmnp {

namespace {

struct NamedFlag {
  const char* name;
  uint32_t flag;
};
const NamedFlag iter_flags[] = {
    {"c_index", kIterCIndex},
    {"f_index", kIterFIndex},
    {"multi_index", kIterMultiIndex},
    {"external_loop", kIterExternalLoop},
    {"common_dtype", kIterCommonDtype},
    {"refs_ok", kIterRefsOk},
    {"zerosize_ok", kIterZeroSizeOk},
    {"reduce_ok", kIterReduceOk},
    {"ranged", kIterRanged},
    {"buffered", kIterBuffered},
    {"growinner", kIterGrowInner},
    {"delay_bufalloc", kIterDelayBuffers},
    {"copy_if_overlap", kIterCopyIfOverlap},
};
const NamedFlag operand_flags[] = {
    {"readwrite", kOpReadWrite},
    {"readonly", kOpReadOnly},
    {"writeonly", kOpWriteOnly},
    {"copy", kOpCopy},
    {"updateifcopy", kOpUpdateIfCopy},
    {"nbo", kOpNative},
    {"aligned", kOpAligned},
    {"contig", kOpContiguous},
    {"allocate", kOpAllocate},
    {"no_subtype", kOpNoSubtype},
    {"virtual", kOpVirtual},
    {"no_broadcast", kOpNoBroadcast},
    {"writemasked", kOpWriteMasked},
    {"arraymask", kOpArrayMask},
    {"overlap_assume_elementwise", kOpElementwise},
};

template <size_t count>
bool parse_flag(PyObject* item, const NamedFlag (&table)[count], const char* what, uint32_t* flags) {
  Ref<> text = PyBytes_Check(item) ? steal(PyUnicode_FromEncodedObject(item, "ascii", "strict")) : borrow(item);
  if (!text) return false;
  if (!PyUnicode_Check(text.get())) {
    PyErr_Format(PyExc_TypeError, "%s must be str, not %s", what, Py_TYPE(item)->tp_name);
    return false;
  }
  for (const NamedFlag& entry : table) {
    if (PyUnicode_CompareWithASCIIString(text.get(), entry.name)) continue;
    *flags |= entry.flag;
    return true;
  }
  PyErr_Format(PyExc_ValueError, "Unexpected %s \"%U\"", what, text.get());
  return false;
}

bool parse_one_operand_flags(PyObject* object, uint32_t* flags) {
  if (!PyTuple_Check(object) && !PyList_Check(object)) {
    PyErr_SetString(PyExc_ValueError, "op_flags must be a tuple or array of per-op flag-tuples");
    return false;
  }
  const FastSequence items(object, "op_flags must be a tuple or array of per-op flag-tuples");
  *flags = 0;
  for (Py_ssize_t i = 0; items && i < items.size(); i++) {
    Ref<> item = borrow(items[i]);
    if (!parse_flag(item.get(), operand_flags, "per-op iterator flag", flags)) return false;
  }
  return static_cast<bool>(items);
}

}  // namespace

bool parse_global_flags(PyObject* object, IterRequest* request) {
  if (!object || object == Py_None) return true;
  if (!PyTuple_Check(object) && !PyList_Check(object)) {
    PyErr_SetString(PyExc_ValueError, "Iterator global flags must be a list or tuple of strings");
    return false;
  }
  const FastSequence items(object, "Iterator global flags must be a list or tuple of strings");
  for (Py_ssize_t i = 0; items && i < items.size(); i++) {
    Ref<> item = borrow(items[i]);
    if (!parse_flag(item.get(), iter_flags, "iterator global flag", &request->flags)) return false;
  }
  return static_cast<bool>(items);
}

bool parse_operand_flags(PyObject* object, IterRequest* request) {
  if (!object || object == Py_None) {
    for (int k = 0; k < request->nop; k++)
      request->ops[k].flags = request->ops[k].array ? kOpReadOnly : kOpWriteOnly | kOpAllocate;
    return true;
  }
  if (!PyTuple_Check(object) && !PyList_Check(object)) {
    PyErr_SetString(PyExc_ValueError, "op_flags must be a tuple or array of per-op flag-tuples");
    return false;
  }
  const FastSequence items(object, "op_flags must be a tuple or array of per-op flag-tuples");
  if (!items) return false;
  if (items.size() > 0 && (PyUnicode_Check(items[0]) || PyBytes_Check(items[0]))) {
    // One set of flags for all.
    uint32_t flags;
    if (!parse_one_operand_flags(object, &flags)) return false;
    for (int k = 0; k < request->nop; k++) request->ops[k].flags = flags;
    return true;
  }
  if (items.size() != request->nop) {
    PyErr_SetString(PyExc_ValueError, "op_flags must be a tuple or array of per-op flag-tuples");
    return false;
  }
  for (int k = 0; k < request->nop; k++) {
    Ref<> item = borrow(items[k]);
    if (!parse_one_operand_flags(item.get(), &request->ops[k].flags)) return false;
  }
  return true;
}

bool parse_dtypes(PyObject* object, IterRequest* request) {
  if (!object || object == Py_None) return true;
  if ((PyTuple_Check(object) || PyList_Check(object)) && PySequence_Size(object) == request->nop) {
    const FastSequence items(object, "op_dtypes must be a sequence");
    if (!items) return false;
    for (int k = 0; k < request->nop; k++) {
      Ref<> item = borrow(items[k]);
      if (item.get() == Py_None) continue;
      request->ops[k].dtype = descr_from_object(item.get());
      if (request->ops[k].dtype) continue;
      if (request->nop != 1) return false;
      PyErr_Clear();  // one structured type, perhaps
      break;
    }
    if (request->nop != 1 || request->ops[0].dtype) return true;
  }
  Ref<ArrayDescr> descr = descr_from_object(object);
  for (int k = 0; descr && k < request->nop; k++) request->ops[k].dtype = Ref<ArrayDescr>::borrow(descr.get());
  return static_cast<bool>(descr);
}

bool parse_op_axes(PyObject* object, IterRequest* request) {
  if (!object || object == Py_None) return true;
  if ((!PyTuple_Check(object) && !PyList_Check(object)) || PySequence_Size(object) != request->nop) {
    PyErr_SetString(PyExc_ValueError, "op_axes must be a tuple/list matching the number of ops");
    return false;
  }
  const FastSequence operands(object, "op_axes must be a tuple/list matching the number of ops");
  if (!operands) return false;
  for (int k = 0; k < request->nop; k++) {
    Ref<> entry = borrow(operands[k]);
    if (entry.get() == Py_None) continue;
    if (!PyTuple_Check(entry.get()) && !PyList_Check(entry.get())) {
      PyErr_SetString(PyExc_ValueError, "Each entry of op_axes must be None or another tuple/list");
      return false;
    }
    const FastSequence axes(entry.get(), "Each entry of op_axes must be None or another tuple/list");
    if (!axes) return false;
    const Py_ssize_t count = axes.size();
    if (count > kMaxDims) {
      PyErr_SetString(PyExc_ValueError, "Too many dimensions in op_axes");
      return false;
    }
    if (request->axes_nd < 0) request->axes_nd = static_cast<int>(count);
    if (count != request->axes_nd) {
      PyErr_SetString(PyExc_ValueError, "Each entry of op_axes must have the same size");
      return false;
    }
    request->ops[k].has_axes = true;
    bool used[kMaxDims] = {};
    for (Py_ssize_t i = 0; i < count; i++) {
      Ref<> item = borrow(axes[i]);
      intp axis = -1;
      if (item.get() != Py_None && !integer_argument(item.get(), &axis)) return false;
      if (axis < -1 || axis >= kMaxDims) {
        PyErr_Format(PyExc_ValueError,
                     "The 'op_axes' provided to the iterator constructor for operand %d contained invalid values %zd",
                     k, axis);
        return false;
      }
      if (axis >= 0 && used[axis]) {
        PyErr_Format(PyExc_ValueError,
                     "The 'op_axes' provided to the iterator constructor for operand %d contained duplicate value %zd",
                     k, axis);
        return false;
      }
      if (axis >= 0) used[axis] = true;
      request->ops[k].axes[i] = static_cast<int>(axis);
    }
  }
  if (request->axes_nd < 0) {
    PyErr_SetString(PyExc_ValueError, "If op_axes is provided, at least one list of axes must be contained within it");
    return false;
  }
  return true;
}

bool parse_iteration_shape(PyObject* object, IterRequest* request) {
  if (!object || object == Py_None) return true;
  const int count = parse_shape(object, request->shape, "itershape");
  if (count < 0) return false;
  if (request->axes_nd < 0) {
    request->axes_nd = count;
  } else if (request->axes_nd != count) {
    PyErr_SetString(PyExc_ValueError,
                    "'op_axes' and 'itershape' must have the same number of entries equal to the iterator ndim");
    return false;
  }
  request->has_shape = true;
  return true;
}

bool parse_operands(PyObject* object, IterRequest* request) {
  Ref<> items;
  if (PyTuple_Check(object) || PyList_Check(object))
    items = steal(PySequence_Tuple(object));
  else
    items = steal(PyTuple_Pack(1, object));
  if (!items) return false;
  const Py_ssize_t count = PyTuple_Size(items.get());
  if (count == 0) {
    PyErr_SetString(PyExc_ValueError, "Must provide at least one operand");
    return false;
  }
  if (!request->make(static_cast<int>(count))) return false;
  FromAny options;
  options.subok = true;
  for (int k = 0; k < request->nop; k++) {
    PyObject* item = PyTuple_GetItem(items.get(), k);
    if (item == Py_None) continue;
    request->ops[k].array = array_from_any(item, options);
    if (!request->ops[k].array) return false;
  }
  return true;
}

bool check_written(PyObject* object, const IterRequest& request) {
  const bool several = PyTuple_Check(object) || PyList_Check(object);
  for (int k = 0; k < request.nop; k++) {
    if (!(request.ops[k].flags & (kOpReadWrite | kOpWriteOnly)) || !request.ops[k].array) continue;
    Ref<> item = several ? steal(PySequence_GetItem(object, k)) : borrow(object);
    if (!item) return false;
    if (is_array(item.get())) continue;
    PyErr_SetString(PyExc_TypeError,
                    "Iterator operand is flagged as writeable, but is an object which cannot be written back to via "
                    "WRITEBACKIFCOPY");
    return false;
  }
  return true;
}

}  // namespace wasmnp
