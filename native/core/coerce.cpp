// Arrays from Python objects: nested sequences, scalars, buffers and objects with __array__.
#include <cstring>

#include "array.hpp"
#include "casting.hpp"
#include "datetime.hpp"
#include "flexible.hpp"
#include "interchange.hpp"
#include "scalar.hpp"
#include "state.hpp"

namespace wasmnp {

ArrayDescr* scalar_descr(PyObject* object) {
  PyTypeObject* type = Py_TYPE(object);
  if (type == &PyFloat_Type) return descr_of(Element::Float64);
  if (type == &PyBool_Type) return descr_of(Element::Bool);
  if (type == &PyComplex_Type) return descr_of(Element::Complex128);
  if (type == &PyLong_Type) {
    int overflow = 0;
    const long long value = PyLong_AsLongLongAndOverflow(object, &overflow);
    // Outside intp the next wider integer that holds the value; beyond uint64 the object itself.
    if (overflow > 0) {
      PyLong_AsUnsignedLongLong(object);
      if (!PyErr_Occurred()) return descr_of(Element::UInt64);
      PyErr_Clear();
    }
    if (overflow) return descr_of(Element::Object);
    return static_cast<intp>(value) == value && !overflow ? descr_from_type_num(kIntp) : descr_of(Element::Int64);
  }
  // Their sizes and units differ: flexible_descr_of, time_descr_of.
  if (type == &PyList_Type || type == &PyTuple_Type || type == &PyUnicode_Type) return nullptr;
  if (PyObject_TypeCheck(object, &Flexible_Type) || PyObject_TypeCheck(object, &Datetime_Type) ||
      PyObject_TypeCheck(object, &Timedelta_Type))
    return nullptr;
  if (PyObject_TypeCheck(object, &Generic_Type)) return descr_from_class(type).get();  // singletons stay alive
  if (PyFloat_Check(object)) return descr_of(Element::Float64);
  if (PyLong_Check(object)) return descr_from_type_num(kIntp);
  if (object == Py_None) return descr_of(Element::Object);
  if (PyComplex_Check(object)) return descr_of(Element::Complex128);
  return nullptr;
}

// ---- buffers

namespace {

// PEP 3118 codes of single elements, where this build has the type.
ArrayDescr* descr_from_format(const char* format, bool* swapped) {
  *swapped = false;
  bool standard = false;
  if (!format) return descr_of(Element::UInt8);
  switch (*format) {
    case '>':
    case '!': *swapped = true; [[fallthrough]];
    case '<':
    case '=':
      standard = true;
      format++;
      break;
    case '@':
    case '^': format++; break;
    default: break;
  }
  if (format[0] == 'Z' && format[1] && !format[2])
    return format[1] == 'f' ? descr_of(Element::Complex64) : format[1] == 'd' ? descr_of(Element::Complex128) : nullptr;
  if (!format[0] || format[1]) return nullptr;
  const bool long64 = !standard && sizeof(long) == 8;
  switch (*format) {
    case '?': return descr_of(Element::Bool);
    case 'b': return descr_of(Element::Int8);
    case 'B': return descr_of(Element::UInt8);
    case 'h': return descr_of(Element::Int16);
    case 'H': return descr_of(Element::UInt16);
    case 'i': return descr_of(Element::Int32);
    case 'I': return descr_of(Element::UInt32);
    case 'L': return descr_of(long64 ? Element::UInt64 : Element::UInt32);
    case 'l': return descr_of(long64 ? Element::Int64 : Element::Int32);
    case 'q': return descr_of(Element::Int64);
    case 'Q': return descr_of(Element::UInt64);
    case 'n': return descr_from_type_num(kIntp);
    case 'N': return descr_from_type_num(kUIntp);
    case 'e': return descr_of(Element::Float16);
    case 'f': return descr_of(Element::Float32);
    case 'd': return descr_of(Element::Float64);
    default: return nullptr;
  }
}

}  // namespace

Ref<ArrayObject> array_from_buffer(PyObject* object) {
  if (!PyObject_CheckBuffer(object)) return nullptr;
  Ref<> memory = steal(PyMemoryView_FromObject(object));
  if (!memory) {
    PyErr_Clear();
    return nullptr;
  }
  Py_buffer buffer;
  if (PyObject_GetBuffer(memory.get(), &buffer, PyBUF_FULL_RO) < 0) {
    PyErr_Clear();
    return nullptr;
  }
  Ref<ArrayObject> result;
  bool swapped;
  ArrayDescr* descr = descr_from_format(buffer.format, &swapped);
  Ref<ArrayDescr> typed = descr ? descr_with_byteorder(descr, swapped ? '>' : '=') : Ref<ArrayDescr>();
  if (!descr && buffer.format) {
    Ref<> parse = steal(import_member("_core._internal", "_dtype_from_pep3118"));
    Ref<> made = parse ? steal(PyObject_CallFunction(parse.get(), "s", buffer.format)) : Ref<>();
    PyErr_Clear();
    if (made && is_descr(made.get())) typed = Ref<ArrayDescr>(std::move(made));
  }
  if (!typed || typed->elsize != buffer.itemsize) {
    PyErr_Format(PyExc_TypeError, "buffer format '%s' has no data type in this version",
                 buffer.format ? buffer.format : "B");
  } else {
    result = new_view(memory.get(), typed.get(), buffer.ndim, buffer.shape, buffer.strides,
                      static_cast<char*>(buffer.buf), buffer.readonly ? 0 : kWriteable);
  }
  // The memoryview, now the array's base, keeps the exporter's memory.
  PyBuffer_Release(&buffer);
  return result;
}

ByteMemory::ByteMemory(PyObject* object) {
  Ref<> memory = steal(PyMemoryView_FromObject(object));
  Py_buffer view;
  if (!memory || PyObject_GetBuffer(memory.get(), &view, PyBUF_SIMPLE) < 0) return;
  data = static_cast<char*>(view.buf);
  length = view.len;
  readonly = view.readonly;
  PyBuffer_Release(&view);  // the memoryview keeps the exporter's memory
  owner = std::move(memory);
}

// ---- discovery

namespace {

bool is_text_object(PyObject* object) { return PyUnicode_Check(object) || PyBytes_Check(object); }

bool is_sequence(PyObject* object) {
  if (PyList_Check(object) || PyTuple_Check(object)) return true;
  if (is_text_object(object) || PyDict_Check(object) || !PySequence_Check(object)) return false;
  if (PySequence_Size(object) >= 0) return true;
  PyErr_Clear();
  return false;
}

// An array from an array-like that is neither a scalar nor a sequence; null without an error when it is none.
Ref<ArrayObject> array_from_protocol(PyObject* object, CopyMode copy) {
  if (is_array(object)) return Ref<ArrayObject>::borrow(object);
  if (PyList_Check(object) || PyTuple_Check(object) || is_text_object(object)) return nullptr;
  if (PyObject_TypeCheck(object, &Void_Type) || time_descr_of(object)) return nullptr;
  if (PyObject_CheckBuffer(object)) {
    Ref<ArrayObject> array = array_from_buffer(object);
    if (array || PyErr_Occurred()) return array;
  }
  static Name name("__array__");
  if (PyType_Check(object) || object == Py_None || PyDict_Check(object)) return nullptr;
  if (Ref<ArrayObject> described = array_from_interfaces(object)) return described;
  if (PyErr_Occurred()) return nullptr;
  Ref<> method = lookup_on_type(object, name.get()) ? steal(PyObject_GetAttr(object, name.get())) : Ref<>();
  if (!method) return nullptr;
  Ref<> arguments = steal(PyTuple_New(0));
  Ref<> keywords = copy == CopyMode::IfNeeded
                       ? steal(Py_BuildValue("{s:O}", "copy", Py_None))
                       : steal(Py_BuildValue("{s:O}", "copy", copy == CopyMode::Always ? Py_True : Py_False));
  if (!arguments || !keywords) return nullptr;
  Ref<> result = steal(PyObject_Call(method.get(), arguments.get(), keywords.get()));
  if (!result && PyErr_ExceptionMatches(PyExc_TypeError)) {
    // An implementation written before NumPy 2 takes no `copy`.
    PyErr_Clear();
    result = steal(PyObject_CallNoArgs(method.get()));
    if (result && PyErr_WarnEx(PyExc_DeprecationWarning,
                               "__array__ implementation doesn't accept a copy keyword, so passing copy=False failed. "
                               "__array__ must implement 'dtype' and 'copy' keyword arguments.",
                               1) < 0)
      return nullptr;
  }
  if (!result) return nullptr;
  if (!is_array(result.get())) {
    PyErr_SetString(PyExc_ValueError, "object __array__ method not producing an array");
    return nullptr;
  }
  return Ref<ArrayObject>(std::move(result));
}

class Discovery {
 public:
  Discovery(ArrayDescr* requested, CopyMode copy, int max_depth)
      : requested_(requested), copy_(copy), max_depth_(max_depth) {}
  bool visit(PyObject* object, int depth);
  bool fill(ArrayObject* target, char* data, PyObject* object, int depth);

  int nd = -1;         // unknown until the first leaf
  int ragged_at = -1;  // arrays of objects end at the depth where sequences differ
  intp shape[kMaxDims];
  Ref<ArrayDescr> descr;
  Ref<> converted;  // arrays that protocols gave, in visiting order

 private:
  bool visit_items(PyObject* object, int depth);
  bool leaf(ArrayDescr* found, int depth, int extra, const intp* dims);
  bool ragged(int depth);
  ArrayDescr* requested_;
  CopyMode copy_;
  int max_depth_;
  Py_ssize_t next_converted_ = 0;
};

bool Discovery::ragged(int depth) {
  if (requested_ && is_object(requested_)) {
    ragged_at = depth;
    return false;
  }
  Ref<> text = shape_text(depth, shape);
  if (text)
    PyErr_Format(PyExc_ValueError,
                 "setting an array element with a sequence. The requested array has an inhomogeneous shape after %d "
                 "dimensions. The detected shape was %U + inhomogeneous part.",
                 depth, text.get());
  return false;
}

bool changed_size() {
  PyErr_SetString(PyExc_RuntimeError, "sequence changed size during array creation");
  return false;
}

bool Discovery::leaf(ArrayDescr* found, int depth, int extra, const intp* dims) {
  if (depth + extra > max_depth_) {
    PyErr_Format(PyExc_ValueError,
                 "setting an array element with a sequence. The requested array would exceed the "
                 "maximum number of dimension of %d.",
                 max_depth_);
    return false;
  }
  if (nd < 0) {
    nd = depth + extra;
    for (int i = 0; i < extra; i++) shape[depth + i] = dims[i];
  } else {
    if (nd != depth + extra) return ragged(nd < depth ? nd : depth);
    for (int i = 0; i < extra; i++)
      if (shape[depth + i] != dims[i]) return ragged(depth + i);
  }
  const bool unit_open = requested_ && is_time(requested_) && time_meta(requested_).unit == TimeUnit::Generic;
  if (!found || (requested_ && !is_unsized(requested_) && !unit_open)) return true;
  Ref<ArrayDescr> sized;
  if (requested_ && !unit_open) {
    sized = sized_for(requested_, found);
    if (!sized) return false;
    found = sized.get();
  }
  if (descr.get() == found && !is_swapped(found)) return true;
  if (descr) {
    descr = promote(descr.get(), found);
    if (descr) descr = descr_with_byteorder(descr.get(), '=');
    // Kinds that have no common type make an array of objects; structures that have none are refused.
    if (descr || found->type_num == kVoid || !is_no_promotion()) return static_cast<bool>(descr);
    PyErr_Clear();
    found = descr_of(Element::Object);
  }
  descr = Ref<ArrayDescr>::borrow(found);
  return true;
}

bool Discovery::visit(PyObject* object, int depth) {
  if (requested_ && is_object(requested_) && depth >= max_depth_) return leaf(requested_, depth, 0, nullptr);
  // Python's own numbers, by far the most common, need no questions where they are asked for or nothing is.
  if (!requested_ && (PyFloat_CheckExact(object) || PyBool_Check(object) || PyLong_CheckExact(object)))
    return leaf(scalar_descr(object), depth, 0, nullptr);
  if (requested_ && is_structured(requested_) && PyTuple_Check(object)) return leaf(nullptr, depth, 0, nullptr);
  if (PyList_CheckExact(object) || PyTuple_CheckExact(object)) return visit_items(object, depth);
  ArrayDescr* scalar = scalar_descr(object);
  Ref<ArrayDescr> flexible;
  if (requested_ && is_unsized(requested_) && (scalar || is_text_object(object)))
    flexible = sized_for_value(requested_, object);
  else if (!scalar)
    flexible = flexible_descr_of(object);
  if (!scalar && !flexible) flexible = Ref<ArrayDescr>::borrow(time_descr_of(object));
  // A unit that is not given yet is that of the values.
  if (requested_ && is_time(requested_) && time_meta(requested_).unit == TimeUnit::Generic && !is_array(object) &&
      !PyList_Check(object) && !PyTuple_Check(object))
    flexible = Ref<ArrayDescr>::borrow(time_descr_for(requested_, object));
  if (PyErr_Occurred()) return false;
  if (flexible) return leaf(flexible.get(), depth, 0, nullptr);
  if (scalar) return leaf(scalar, depth, 0, nullptr);
  Ref<ArrayObject> array = array_from_protocol(object, copy_);
  if (!array && PyErr_Occurred()) return false;
  if (array) {
    if (!is_array(object)) {
      if (!converted) converted = steal(PyList_New(0));
      if (!converted || PyList_Append(converted.get(), array.object()) < 0) return false;
    }
    return leaf(array->descr, depth, array->nd, array->dimensions);
  }
  if (!is_sequence(object)) {
    // A requested type may know what to do with the object (text of a number, a number-like object).
    if (requested_) return leaf(nullptr, depth, 0, nullptr);
    return leaf(descr_of(Element::Object), depth, 0, nullptr);
  }
  return visit_items(object, depth);
}

bool Discovery::visit_items(PyObject* object, int depth) {
  const FastSequence items(object, "sequence expected");
  if (!items) return false;
  const Py_ssize_t count = items.size();
  if (depth >= max_depth_) return leaf(nullptr, depth, 1, &count);
  if (nd < 0)
    shape[depth] = count;
  else if (depth >= nd)
    return ragged(nd);
  else if (shape[depth] != count)
    return ragged(depth);
  if (count == 0) return nd < 0 ? leaf(nullptr, depth + 1, 0, nullptr) : nd == depth + 1 || ragged(depth + 1);
  for (Py_ssize_t i = 0; i < count; i++) {
    if (i >= items.size()) return changed_size();
    Ref<> item = borrow(items[i]);
    if (!visit(item.get(), depth + 1)) return false;
  }
  return true;
}

// The element of an array without dimensions, rather than the array.
bool copy_element(ArrayObject* target, char* data, PyObject* array) {
  Transfer transfer;
  if (!transfer.prepare(as_array(array)->descr, target->descr)) return false;
  transfer.run(data, 0, as_array(array)->data, 0, 1);
  return !PyErr_Occurred();
}

bool Discovery::fill(ArrayObject* target, char* data, PyObject* object, int depth) {
  if (depth == target->nd && PyFloat_CheckExact(object) && target->descr == descr_of(Element::Float64)) {
    const double value = PyFloat_AsDouble(object);
    std::memcpy(data, &value, sizeof value);
    return true;
  }
  if (depth == target->nd && is_object(target->descr)) {
    if (is_array(object) && as_array(object)->nd == 0) return copy_element(target, data, object);
    return dtype_slots(target->descr)->setitem(target->descr, object, data) == 0;
  }
  const bool scalar = scalar_descr(object) != nullptr;
  Ref<ArrayObject> array;
  if (!scalar && is_array(object)) {
    array = Ref<ArrayObject>::borrow(object);
  } else if (!scalar && converted && !PyList_Check(object) && !PyTuple_Check(object)) {
    // What offers a buffer or __array__ was converted when it was visited.
    if (next_converted_ < PyList_Size(converted.get()))
      array = Ref<ArrayObject>::borrow(PyList_GetItem(converted.get(), next_converted_++));
  }
  if (array) {
    Ref<ArrayObject> part = new_view(reinterpret_cast<PyObject*>(target), target->descr, target->nd - depth,
                                     target->dimensions + depth, target->strides + depth, data, kWriteable);
    return part && copy_into(part.get(), array.get()) == 0;
  }
  if (depth == target->nd) {
    if (scalar && !weak_kind(object)) {
      alignas(16) char bytes[kMaxElementSize];
      ArrayDescr* from = scalar_descr(object);
      Transfer transfer;
      if (PyObject_TypeCheck(object, &Generic_Type) && is_plain_builtin(from)) {
        if (scalar_to_data(object, from, bytes) < 0 || !transfer.prepare(from, target->descr)) return false;
        transfer.run(data, 0, bytes, 0, 1);
        return true;
      }
    }
    return dtype_slots(target->descr)->setitem(target->descr, object, data) == 0;
  }
  const FastSequence items(object, "setting an array element with a sequence.");
  if (!items) return false;
  for (Py_ssize_t i = 0; i < target->dimensions[depth]; i++) {
    if (i >= items.size()) return changed_size();
    Ref<> item = borrow(items[i]);
    if (!fill(target, data + i * target->strides[depth], item.get(), depth + 1)) return false;
  }
  return true;
}

const char* const no_copy_message =
    "Unable to avoid copy while creating an array as requested.\n"
    "If using `np.array(obj, copy=False)` replace it with `np.asarray(obj)` to allow a copy when needed "
    "(no behavior change in NumPy 1.x).\n"
    "For more details, see "
    "https://numpy.org/devdocs/numpy_2_0_migration_guide.html#adapting-to-changes-in-the-copy-keyword.";

Ref<ArrayObject> with_ndmin(Ref<ArrayObject> array, int ndmin) {
  if (!array || array->nd >= ndmin) return array;
  if (ndmin > kMaxDims) {
    PyErr_Format(PyExc_ValueError, "ndmin bigger than allowable number of dimensions (=%d)", kMaxDims);
    return nullptr;
  }
  intp dims[kMaxDims], strides[kMaxDims];
  const int extra = ndmin - array->nd;
  for (int i = 0; i < ndmin; i++) {
    dims[i] = i < extra ? 1 : array->dimensions[i - extra];
    strides[i] = i < extra ? array->descr->elsize : array->strides[i - extra];
  }
  return view_of(array.get(), ndmin, dims, strides, array->data);
}

Ref<ArrayObject> from_array(ArrayObject* array, const FromAny& options, bool fresh) {
  auto* self = reinterpret_cast<PyObject*>(array);
  ArrayDescr* descr = options.descr ? options.descr : array->descr;
  Ref<ArrayDescr> sized = sized_for_array(descr, array);
  if (!sized) return nullptr;
  descr = sized.get();
  bool copy = options.copy == CopyMode::Always && !fresh;
  copy |= !equivalent(descr, array->descr);
  copy |= options.order == Order::C && !(array->flags & kCContiguous);
  copy |= options.order == Order::F && !(array->flags & kFContiguous);
  if (copy && options.copy == CopyMode::Never) {
    PyErr_SetString(PyExc_ValueError, no_copy_message);
    return nullptr;
  }
  if (copy) return copy_array(array, descr, options.order, options.subok);
  if (is_exact_array(self) || options.subok) return Ref<ArrayObject>::borrow(array);
  return new_view(self, array->descr, array->nd, array->dimensions, array->strides, array->data, array->flags);
}

}  // namespace

Ref<ArrayObject> array_from_any(PyObject* object, const FromAny& options) {
  if (is_array(object)) return with_ndmin(from_array(as_array(object), options, false), options.ndmin);
  const bool scalar = scalar_descr(object) != nullptr;
  if (!scalar) {
    Ref<ArrayObject> array = array_from_protocol(object, options.copy);
    if (!array && PyErr_Occurred()) return nullptr;
    if (array) {
      // A buffer or __array__ may hand out memory that others see, so Always still copies.
      const bool fresh = !PyObject_CheckBuffer(object);
      return with_ndmin(from_array(array.get(), options, fresh), options.ndmin);
    }
  }
  if (options.copy == CopyMode::Never) {
    PyErr_SetString(PyExc_ValueError, no_copy_message);
    return nullptr;
  }
  Discovery discovery(options.descr, options.copy, options.max_depth);
  if (!discovery.visit(object, 0)) {
    if (discovery.ragged_at < 0) return nullptr;
    FromAny shallower = options;
    shallower.max_depth = discovery.ragged_at;
    return array_from_any(object, shallower);
  }
  ArrayDescr* descr =
      options.descr && !(discovery.descr &&
                         (is_unsized(options.descr) || (is_time(options.descr) && is_time(discovery.descr.get()))))
          ? options.descr
      : discovery.descr ? discovery.descr.get()
                        : descr_of(Element::Float64);
  NewArray layout;
  layout.order = options.order == Order::F ? Order::F : Order::C;
  Ref<ArrayObject> array = new_array(descr, discovery.nd, discovery.shape, layout);
  if (!array || (array_size(array.get()) && !discovery.fill(array.get(), array->data, object, 0))) return nullptr;
  return with_ndmin(std::move(array), options.ndmin);
}

}  // namespace wasmnp
