// Module-level functions: creation, buffers, strided views.
#include "functions.hpp"

#include <cmath>
#include <cstring>

#include "../python/arguments.hpp"
#include "../python/gil.hpp"
#include "../text/half.hpp"
#include "array.hpp"
#include "casting.hpp"
#include "datetime.hpp"
#include "indexing.hpp"
#include "interchange.hpp"
#include "iterate.hpp"
#include "nditer.hpp"
#include "products.hpp"
#include "scalar.hpp"
#include "state.hpp"
#include "unaligned.hpp"

namespace wasmnp {

namespace {

bool is_host(PyObject* device) {
  return !device || device == Py_None ||
         (PyUnicode_Check(device) && PyUnicode_CompareWithASCIIString(device, "cpu") == 0);
}

bool check_device(PyObject* device) {
  if (is_host(device)) return true;
  PyErr_Format(PyExc_ValueError, "Device not understood. Only \"cpu\" is allowed, but received: %S", device);
  return false;
}

bool check_like(PyObject* like) {
  if (!like || like == Py_None) return true;
  PyErr_SetString(PyExc_SystemError, "like= must be handled by the dispatcher");
  return false;
}

bool parse_copy(PyObject* value, CopyMode* mode) {
  if (!value) return true;
  if (value == Py_None) {
    *mode = CopyMode::IfNeeded;
    return true;
  }
  if (!PyBool_Check(value) && !is_array(value)) {
    static PyObject* modes;  // _CopyMode, whose members name the three ways
    if (!modes) modes = import_member("_globals", "_CopyMode");
    if (!modes) return false;
    if (PyObject_TypeCheck(value, reinterpret_cast<PyTypeObject*>(modes))) {
      Ref<> own = steal(PyObject_GetAttrString(value, "value"));
      if (!own) return false;
      *mode = own.get() == Py_True ? CopyMode::Always : own.get() == Py_False ? CopyMode::Never : CopyMode::IfNeeded;
      return true;
    }
    if (PyUnicode_Check(value)) {
      PyErr_Format(PyExc_ValueError, "strings are not allowed for 'copy' keyword. Use True/False/None instead of %R.",
                   value);
      return false;
    }
  }
  const int truth = PyObject_IsTrue(value);
  if (truth < 0) return false;
  *mode = truth ? CopyMode::Always : CopyMode::Never;
  return true;
}

PyObject* function_array(PyObject*, PyObject* const* args, Py_ssize_t nargs, PyObject* kwnames) {
  static const char* const names[] = {"object", "dtype", "$copy", "$order", "$subok", "$ndmin", "$ndmax", "$like"};
  PyObject* values[8];
  if (!parse_arguments({"array", names, 8, 1}, args, nargs, kwnames, values) || !check_like(values[7])) return nullptr;
  FromAny options;
  Ref<ArrayDescr> descr;
  options.copy = CopyMode::Always;
  if ((values[1] && !descr_converter(values[1], &descr)) || !parse_copy(values[2], &options.copy) ||
      (values[3] && !order_converter(values[3], &options.order)))
    return nullptr;
  options.descr = descr.get();
  const int subok = values[4] ? PyObject_IsTrue(values[4]) : 0;
  if (subok < 0) return nullptr;
  options.subok = subok;
  if (values[5]) {
    const long ndmin = PyLong_AsLong(values[5]);
    if (ndmin == -1 && PyErr_Occurred()) return nullptr;
    options.ndmin = static_cast<int>(ndmin > kMaxDims + 1 ? kMaxDims + 1 : ndmin);
  }
  return array_from_any(values[0], options).release_object();
}

PyObject* as_some_array(const char* name, bool subok, PyObject* const* args, Py_ssize_t nargs, PyObject* kwnames) {
  static const char* const names[] = {"a", "dtype", "order", "$device", "$copy", "$like"};
  PyObject* values[6];
  if (nargs == 1 && !kwnames && is_exact_array(args[0])) return new_ref(args[0]);
  if (!parse_arguments({name, names, 6, 1}, args, nargs, kwnames, values) || !check_like(values[5])) return nullptr;
  if (!is_host(values[3])) {  // the package knows other devices, the core does not
    Ref<> make = steal(import_member("_core._devices", "asarray"));
    const auto given = [&](int i) { return values[i] ? values[i] : Py_None; };
    return make ? PyObject_CallFunctionObjArgs(make.get(), values[0], given(1), given(2), given(4), values[3], nullptr)
                : nullptr;
  }
  FromAny options;
  Ref<ArrayDescr> descr;
  if ((values[1] && !descr_converter(values[1], &descr)) ||
      (values[2] && !order_converter(values[2], &options.order)) || !parse_copy(values[4], &options.copy))
    return nullptr;
  options.descr = descr.get();
  options.subok = subok;
  return array_from_any(values[0], options).release_object();
}
PyObject* function_asarray(PyObject*, PyObject* const* args, Py_ssize_t nargs, PyObject* kwnames) {
  return as_some_array("asarray", false, args, nargs, kwnames);
}
PyObject* function_asanyarray(PyObject*, PyObject* const* args, Py_ssize_t nargs, PyObject* kwnames) {
  return as_some_array("asanyarray", true, args, nargs, kwnames);
}

PyObject* make_array(const char* name, bool zeroed, PyObject* const* args, Py_ssize_t nargs, PyObject* kwnames) {
  static const char* const names[] = {"shape", "dtype", "order", "$device", "$like"};
  PyObject* values[5];
  if (!parse_arguments({name, names, 5, 1}, args, nargs, kwnames, values) || !check_device(values[3]) ||
      !check_like(values[4]))
    return nullptr;
  Ref<ArrayDescr> descr = descr_from_object(values[1] ? values[1] : Py_None);
  intp dims[kMaxDims];
  const int nd = descr ? parse_shape(values[0], dims) : -1;
  if (nd < 0) return nullptr;
  NewArray options;
  options.zeroed = zeroed;
  if (values[2] && !order_converter(values[2], &options.order)) return nullptr;
  if (options.order == Order::K || options.order == Order::Any) {
    PyErr_SetString(PyExc_ValueError, "only 'C' or 'F' order is permitted");
    return nullptr;
  }
  Ref<ArrayObject> array = new_array(descr.get(), nd, dims, options);
  if (array && zeroed && has_references(descr.get())) {
    const Ref<> zero = steal(PyLong_FromLong(0));
    if (!zero) return nullptr;
    set_references(descr.get(), array->data, array_size(array.get()), zero.get());
  }
  return array.release_object();
}
PyObject* function_empty(PyObject*, PyObject* const* args, Py_ssize_t nargs, PyObject* kwnames) {
  return make_array("empty", false, args, nargs, kwnames);
}
PyObject* function_zeros(PyObject*, PyObject* const* args, Py_ssize_t nargs, PyObject* kwnames) {
  return make_array("zeros", true, args, nargs, kwnames);
}

PyObject* function_empty_like(PyObject*, PyObject* const* args, Py_ssize_t nargs, PyObject* kwnames) {
  static const char* const names[] = {"/prototype", "dtype", "order", "subok", "shape", "$device"};
  PyObject* values[6];
  if (!parse_arguments({"empty_like", names, 6, 1}, args, nargs, kwnames, values) || !check_device(values[5]))
    return nullptr;
  FromAny as_is;
  as_is.subok = true;
  Ref<ArrayObject> model = array_from_any(values[0], as_is);
  if (!model) return nullptr;
  Ref<ArrayDescr> descr;
  Order order = Order::K;
  if ((values[1] && !descr_converter(values[1], &descr)) || (values[2] && !order_converter(values[2], &order)))
    return nullptr;
  if (!descr) descr = Ref<ArrayDescr>::borrow(model->descr);
  const int subok = values[3] ? PyObject_IsTrue(values[3]) : 1;
  if (subok < 0) return nullptr;
  PyTypeObject* subtype = subok ? Py_TYPE(model.object()) : &Array_Type;
  PyObject* prototype = subok ? model.object() : nullptr;
  if (!values[4] || values[4] == Py_None)
    return new_like(model.get(), descr.get(), order, subtype, prototype).release_object();
  intp dims[kMaxDims], strides[kMaxDims];
  const int nd = parse_shape(values[4], dims);
  if (nd < 0) return nullptr;
  NewArray options;
  options.subtype = subtype;
  options.prototype = prototype;
  const bool f_only = (model->flags & kFContiguous) && !(model->flags & kCContiguous);
  if (order == Order::F || (order == Order::Any && f_only)) {
    options.order = Order::F;
  } else if (order == Order::K && nd == model->nd &&
             !(model->flags & kCContiguous)) {  // else there is no order to keep
    for (int i = 0; i < nd; i++) {
      if (dims[i] >= 0) continue;
      PyErr_SetString(PyExc_ValueError, "negative dimensions are not allowed");
      return nullptr;
    }
    fill_strides_like(descr->elsize, nd, dims, model->strides, strides);
    options.strides = strides;
  }
  return new_array(descr.get(), nd, dims, options).release_object();
}

// ---- arange

// value[i] = start + i * step in the array's own arithmetic, as NumPy fills from its first two elements.
template <class T>
void fill_real(char* data, intp count) {
  T start, next;
  std::memcpy(&start, data, sizeof start);
  std::memcpy(&next, data + sizeof start, sizeof next);
  const T step = next - start;
  for (intp i = 2; i < count; i++) {
    const T value = start + static_cast<T>(i) * step;
    std::memcpy(data + i * static_cast<intp>(sizeof value), &value, sizeof value);
  }
}
// In float, each value rounded once.
void fill_half(char* data, intp count) {
  Half first[2];
  std::memcpy(first, data, sizeof first);
  const float start = half_to_float(first[0]), step = half_to_float(first[1]) - start;
  uint32_t errors = 0;
  for (intp i = 2; i < count; i++) {
    const Half value = to_half(start + static_cast<float>(i) * step, errors);
    std::memcpy(data + i * static_cast<intp>(sizeof value), &value, sizeof value);
  }
}
template <class T>
void fill_integer(char* data, intp count) {
  T start, next;
  std::memcpy(&start, data, sizeof start);
  std::memcpy(&next, data + sizeof start, sizeof next);
  const uint64_t first = static_cast<uint64_t>(start), step = static_cast<uint64_t>(next) - first;
  for (intp i = 2; i < count; i++) {
    const T value = static_cast<T>(first + static_cast<uint64_t>(i) * step);
    std::memcpy(data + i * static_cast<intp>(sizeof value), &value, sizeof value);
  }
}
template <class T>
void fill_complex(char* data, intp count) {
  T first[2], next[2];
  std::memcpy(first, data, sizeof first);
  std::memcpy(next, data + sizeof first, sizeof next);
  const T step[2] = {next[0] - first[0], next[1] - first[1]};
  for (intp i = 2; i < count; i++) {
    const T value[2] = {first[0] + static_cast<T>(i) * step[0], first[1] + static_cast<T>(i) * step[1]};
    std::memcpy(data + i * static_cast<intp>(sizeof value), value, sizeof value);
  }
}

bool fill_objects(char* data, intp count) {
  PyObject* first[2];
  std::memcpy(first, data, sizeof first);
  const Ref<> start = Ref<>::borrow(first[0]), step = steal(PyNumber_Subtract(first[1], first[0]));
  for (intp i = 2; step && i < count; i++) {
    const Ref<> number = steal(PyLong_FromSsize_t(i));
    const Ref<> distance = number ? steal(PyNumber_Multiply(step.get(), number.get())) : Ref<>();
    Ref<> value = distance ? steal(PyNumber_Add(start.get(), distance.get())) : Ref<>();
    if (!value) return false;
    PyObject* object = value.release();
    std::memcpy(data + i * static_cast<intp>(sizeof object), &object, sizeof object);
  }
  return static_cast<bool>(step);
}

bool arange_length(PyObject* start, PyObject* stop, PyObject* step, intp* length) {
  Ref<> span = steal(PyNumber_Subtract(stop, start));
  Ref<> steps = span ? steal(PyNumber_TrueDivide(span.get(), step)) : Ref<>();
  if (!steps) return false;
  const double exact = PyFloat_AsDouble(steps.get());
  if (exact == -1.0 && PyErr_Occurred()) return false;
  const double count = std::ceil(exact);
  if (std::isnan(count)) {
    PyErr_SetString(PyExc_ValueError, "arange: cannot compute length");
    return false;
  }
  if (count >= static_cast<double>(PY_SSIZE_T_MAX)) {
    PyErr_SetString(PyExc_ValueError, "Maximum allowed size exceeded");
    return false;
  }
  *length = count > 0 ? static_cast<intp>(count) : 0;
  return true;
}

PyObject* function_arange(PyObject*, PyObject* const* args, Py_ssize_t nargs, PyObject* kwnames) {
  static const char* const names[] = {"start", "stop", "step", "dtype", "$device", "$like"};
  PyObject* values[6];
  if (!parse_arguments({"arange", names, 6, 0}, args, nargs, kwnames, values) || !check_device(values[4]) ||
      !check_like(values[5]))
    return nullptr;
  Ref<> zero = steal(PyLong_FromLong(0)), one = steal(PyLong_FromLong(1));
  PyObject *start = values[0], *stop = values[1], *step = values[2];
  if (stop == Py_None) stop = nullptr;
  if (!start && !stop) {
    PyErr_SetString(PyExc_TypeError, "arange() requires stop to be specified.");
    return nullptr;
  }
  if (!stop) {
    stop = start;
    start = zero.get();
  }
  if (!start || start == Py_None) start = zero.get();
  if (!step || step == Py_None) step = one.get();
  Ref<ArrayDescr> descr;
  if (values[3] && !descr_converter(values[3], &descr)) return nullptr;
  if (!descr) {
    for (PyObject* value : {start, stop, step}) {
      if (descr && is_time(descr.get()) && PyLong_CheckExact(value)) continue;  // counts in the unit that is there
      Ref<ArrayDescr> own;
      if (ArrayDescr* scalar = scalar_descr(value)) {
        own = Ref<ArrayDescr>::borrow(scalar);
      } else {
        Ref<ArrayObject> array = array_from_any(value);
        if (!array) return nullptr;
        own = Ref<ArrayDescr>::borrow(array->descr);
      }
      descr = descr ? promote(descr.get(), own.get()) : descr_with_byteorder(own.get(), '=');
      if (!descr) return nullptr;
    }
    // Numbers that are narrower than the default integer, or cannot hold it, give way to what can.
    if (std::strchr("biufc", descr->kind)) descr = promote(descr.get(), descr_from_type_num(kIntp));
    if (!descr) return nullptr;
  }
  if (is_time(descr.get())) {
    Ref<> arange = steal(import_member("_core._dtype", "arange_of_times"));
    return arange ? PyObject_CallFunctionObjArgs(arange.get(), values[1] && values[1] != Py_None ? start : Py_None,
                                                 stop, values[2] ? values[2] : Py_None, descr.object(), nullptr)
                  : nullptr;
  }
  intp length;
  if (!arange_length(start, stop, step, &length)) return nullptr;
  Ref<ArrayDescr> native = descr_with_byteorder(descr.get(), '=');
  const int element = element_index(native.get());
  const ArrayFunctions* user = dtype_slots(native.get())->functions;
  if ((element < 0 && !(user && user->fill)) || (native->kind == 'b' && length > 2)) {
    PyErr_Format(PyExc_TypeError, "arange() not supported for inputs with DType %S.",
                 reinterpret_cast<PyObject*>(Py_TYPE(native.object())));
    return nullptr;
  }
  Ref<ArrayObject> array = new_array(native.get(), 1, &length);
  if (!array) return nullptr;
  if (length > 0 && dtype_slots(native.get())->setitem(native.get(), start, array->data) < 0) return nullptr;
  if (length > 1) {
    Ref<> next = steal(PyNumber_Add(start, step));
    if (!next || dtype_slots(native.get())->setitem(native.get(), next.get(), array->data + native->elsize) < 0)
      return nullptr;
  }
  if (length > 2 && element < 0) {
    const auto fill = reinterpret_cast<int (*)(void*, intp, void*)>(user->fill);
    if (fill(array->data, length, array.get()) < 0) return nullptr;
  } else if (length > 2) {
    switch (static_cast<Element>(element)) {
      case Element::Int8: fill_integer<int8_t>(array->data, length); break;
      case Element::UInt8: fill_integer<uint8_t>(array->data, length); break;
      case Element::Int16: fill_integer<int16_t>(array->data, length); break;
      case Element::UInt16: fill_integer<uint16_t>(array->data, length); break;
      case Element::Int32: fill_integer<int32_t>(array->data, length); break;
      case Element::UInt32: fill_integer<uint32_t>(array->data, length); break;
      case Element::Int64: fill_integer<int64_t>(array->data, length); break;
      case Element::UInt64: fill_integer<uint64_t>(array->data, length); break;
      case Element::Float16: fill_half(array->data, length); break;
      case Element::Float32: fill_real<float>(array->data, length); break;
      case Element::Float64: fill_real<double>(array->data, length); break;
      case Element::Complex64: fill_complex<float>(array->data, length); break;
      case Element::Complex128: fill_complex<double>(array->data, length); break;
      case Element::LongDouble: fill_real<long double>(array->data, length); break;
      case Element::CLongDouble: fill_complex<long double>(array->data, length); break;
      case Element::Object:
        if (!fill_objects(array->data, length)) return nullptr;
        break;
      case Element::Bool: break;  // has two elements at most
    }
  }
  if (is_swapped(descr.get())) return copy_array(array.get(), descr.get(), Order::K, false).release_object();
  return array.release_object();
}

// ---- memory of other objects

PyObject* function_frombuffer(PyObject*, PyObject* const* args, Py_ssize_t nargs, PyObject* kwnames) {
  static const char* const names[] = {"buffer", "dtype", "count", "offset", "$like"};
  PyObject* values[5];
  if (!parse_arguments({"frombuffer", names, 5, 1}, args, nargs, kwnames, values) || !check_like(values[4]))
    return nullptr;
  Ref<ArrayDescr> descr = descr_from_object(values[1] ? values[1] : Py_None);
  if (!descr) return nullptr;
  const Py_ssize_t count = values[2] ? PyLong_AsSsize_t(values[2]) : -1;
  if (count == -1 && PyErr_Occurred()) return nullptr;
  const Py_ssize_t offset = values[3] ? PyLong_AsSsize_t(values[3]) : 0;
  if (offset == -1 && PyErr_Occurred()) return nullptr;
  if (has_references(descr.get())) {
    PyErr_SetString(PyExc_ValueError, "cannot create an OBJECT array from memory buffer");
    return nullptr;
  }
  if (descr->elsize == 0) {
    PyErr_SetString(PyExc_ValueError, "itemsize cannot be zero in type");
    return nullptr;
  }
  const ByteMemory memory(values[0]);
  if (!memory.owner) return nullptr;
  const intp length = memory.length;
  if (offset < 0 || offset > length) {
    PyErr_Format(PyExc_ValueError, "offset must be non-negative and no greater than buffer length (%zd)", length);
    return nullptr;
  }
  intp items = count;
  if (count < 0) {
    if ((length - offset) % descr->elsize) {
      PyErr_SetString(PyExc_ValueError, "buffer size must be a multiple of element size");
      return nullptr;
    }
    items = (length - offset) / descr->elsize;
  } else if (count > (length - offset) / descr->elsize) {
    PyErr_SetString(PyExc_ValueError, "buffer is smaller than requested size");
    return nullptr;
  }
  const intp stride = descr->elsize;
  return new_view(memory.owner.get(), descr.get(), 1, &items, &stride, memory.data + offset,
                  memory.readonly ? 0 : kWriteable)
      .release_object();
}

// The sums of squared distances of an array's rows from their centers, the foundation of var; None where the numbers
// are not plain contiguous float32 or float64 of one row for each center, or where a sum is not finite.
PyObject* function_squares_around(PyObject*, PyObject* args) {
  PyObject *object, *center_object;
  if (!PyArg_ParseTuple(args, "OO:_squares_around", &object, &center_object)) return nullptr;
  if (Py_TYPE(object) != &Array_Type) Py_RETURN_NONE;
  ArrayObject* array = as_array(object);
  Ref<ArrayObject> center = array_from_any(center_object);
  if (!center) return nullptr;
  const int element = element_index(array->descr);
  const bool wide = element == static_cast<int>(Element::Float64);
  const intp size = array_size(array), rows = array_size(center.get());
  if ((!wide && element != static_cast<int>(Element::Float32)) || element_index(center->descr) != element ||
      is_swapped(array->descr) || is_swapped(center->descr) || !(array->flags & center->flags & kCContiguous) ||
      size == 0 || rows == 0 || size % rows)
    Py_RETURN_NONE;
  const intp length = size / rows, item = array->descr->elsize;
  Ref<ArrayObject> result = new_array(array->descr, 1, &rows);
  if (!result) return nullptr;
  bool finite = true;
  {
    ReleasedGil released(size > kReleaseGil);
    const SumSquaresAround sum = wide ? state.routines->squares_float64 : state.routines->squares_float32;
    for (intp row = 0; row < rows; row++) {
      char* out = result->data + row * item;
      sum(array->data + row * length * item, length, center->data + row * item, out);
      finite &= wide ? __builtin_isfinite(load_value<double>(out)) : __builtin_isfinite(load_value<float>(out));
    }
  }
  if (!finite) Py_RETURN_NONE;
  return result.release_object();
}

// The foundation of sliding_window_view and as_strided: a view whose extent is checked against the array's unless
// `bounded` is false (as_strided may reach elements of the base beside those that the array shows).
PyObject* function_strided_view(PyObject*, PyObject* args) {
  PyObject *object, *shape, *strides_object;
  int writeable = 0, subok = 0, bounded = 1;
  if (!PyArg_ParseTuple(args, "OOO|ppp:_strided_view", &object, &shape, &strides_object, &writeable, &subok, &bounded))
    return nullptr;
  FromAny options;
  options.subok = subok;
  Ref<ArrayObject> array = array_from_any(object, options);
  intp dims[kMaxDims], strides[kMaxDims];
  const int nd = array ? parse_shape(shape, dims) : -1;
  const int count = nd < 0 ? -1 : parse_shape(strides_object, strides, "strides");
  if (count < 0) return nullptr;
  if (count != nd) {
    PyErr_SetString(PyExc_ValueError, "strides must have the length of shape");
    return nullptr;
  }
  bool empty = false;
  for (int i = 0; i < nd; i++) {
    if (dims[i] < 0) {
      PyErr_SetString(PyExc_ValueError, "negative dimensions are not allowed");
      return nullptr;
    }
    empty |= dims[i] == 0;
  }
  const Extent own = extent_of(array->data, array->nd, array->dimensions, array->strides, array->descr->elsize);
  const Extent wanted = extent_of(array->data, nd, dims, strides, array->descr->elsize);
  if (bounded && !empty && (wanted.low < own.low || wanted.high > own.high)) {
    PyErr_SetString(PyExc_ValueError, "the view would reach outside the array");
    return nullptr;
  }
  Ref<ArrayObject> view = view_of(array.get(), nd, dims, strides, array->data);
  if (view && !writeable) view->flags &= ~kWriteable;
  return view.release_object();
}

// ---- pickles, casting, identity

PyObject* function_scalar(PyObject*, PyObject* args) {
  PyObject *dtype, *bytes = nullptr;
  if (!PyArg_ParseTuple(args, "O|O:scalar", &dtype, &bytes)) return nullptr;
  Ref<ArrayDescr> descr = descr_from_object(dtype);
  if (!descr) return nullptr;
  static const char zeros[kMaxElementSize] = {};
  const char* data = zeros;
  if (bytes) {
    if (!PyBytes_Check(bytes) || PyBytes_Size(bytes) < descr->elsize) {
      PyErr_SetString(PyExc_ValueError, "initialization string is too small");
      return nullptr;
    }
    data = PyBytes_AsString(bytes);
  }
  return scalar_from_data(descr.get(), data);
}

PyObject* function_can_cast(PyObject*, PyObject* const* args, Py_ssize_t nargs, PyObject* kwnames) {
  static const char* const names[] = {"from_", "to", "casting"};
  PyObject* values[3];
  if (!parse_arguments({"can_cast", names, 3, 2}, args, nargs, kwnames, values)) return nullptr;
  Casting casting = Casting::Safe;
  if (values[2] && !casting_converter(values[2], &casting)) return nullptr;
  if (weak_kind(values[0])) {
    PyErr_SetString(
        PyExc_TypeError,
        "can_cast() does not support Python ints, floats, and complex because the result used to depend on the "
        "value.\nThis change was part of adopting NEP 50, we may explicitly allow them again in the future.");
    return nullptr;
  }
  Ref<ArrayDescr> from =
      is_array(values[0]) ? Ref<ArrayDescr>::borrow(as_array(values[0])->descr) : descr_from_object(values[0]);
  Ref<ArrayDescr> to = from ? descr_from_object(values[1]) : Ref<ArrayDescr>();
  return to ? PyBool_FromLong(can_cast(from.get(), to.get(), casting)) : nullptr;
}

PyObject* function_set_identity(PyObject*, PyObject* name) {
  const char* text = PyUnicode_AsUTF8AndSize(name, nullptr);
  if (!text || set_identity(text) < 0) return nullptr;
  Py_RETURN_NONE;
}
PyObject* function_identity(PyObject*, PyObject*) { return PyUnicode_FromString(identity()); }

// A dtype class made at run time by the metaclass, as extensions that register types get one.
PyObject* function_new_dtype_class(PyObject*, PyObject* args) {
  const char* name;
  PyObject* scalar;
  if (!PyArg_ParseTuple(args, "sO!:_new_dtype_class", &name, &PyType_Type, &scalar)) return nullptr;
  static DTypeSlots no_slots;
  char* kept = static_cast<char*>(PyMem_Malloc(std::strlen(name) + 1));  // the type keeps its name
  if (!kept) return PyErr_NoMemory();
  std::strcpy(kept, name);
  return reinterpret_cast<PyObject*>(new_dtype_class(kept, reinterpret_cast<PyTypeObject*>(scalar), -1, &no_slots));
}

PyMethodDef functions[] = {
    {"array", as_method(function_array), kFastKeywords,
     "array(object, dtype=None, *, copy=True, order='K', subok=False, ndmin=0, ndmax=0, like=None)\n--\n\n"
     "Create an array from a number, nested sequences, a buffer or an array-like.\n\n"
     "Parameters\n----------\nobject : array_like\n    Shape and type are found from it.\ndtype : dtype, optional\n    "
     "Type of the elements.\n"
     "copy : bool or None\n    True copies, None copies if needed, False raises ValueError if a copy is needed.\n"
     "order : {'K', 'A', 'C', 'F'}\n    Memory layout.\nsubok : bool\n    Keep subclasses of ndarray.\nndmin : int\n   "
     " Prepend axes up to this many.\n"
     "like : array_like\n    Create through its ``__array_function__``.\n\nReturns\n-------\nndarray\n\n"
     "Raises\n------\nValueError\n    For sequences of uneven length.\nTypeError\n    For objects that have no data "
     "type here.\n\n"
     "Examples\n--------\n>>> import wasmnp as np\n>>> np.array([[1, 2], [3, 4]])\narray([[1, 2],\n       [3, 4]])"},
    {"asarray", as_method(function_asarray), kFastKeywords,
     "asarray(a, dtype=None, order=None, *, device=None, copy=None, like=None)\n--\n\n"
     "Convert to an array, without a copy where none is needed.\n\n"
     "Examples\n--------\n>>> import wasmnp as np\n>>> np.asarray([1.0, 2.0])\narray([1., 2.])"},
    {"asanyarray", as_method(function_asanyarray), kFastKeywords,
     "asanyarray(a, dtype=None, order=None, *, device=None, copy=None, like=None)\n--\n\n"
     "Convert to an array, letting subclasses of ndarray pass."},
    {"empty", as_method(function_empty), kFastKeywords,
     "empty(shape, dtype=None, order='C', *, device=None, like=None)\n--\n\n"
     "A new array whose elements are not initialised.\n\n"
     "Examples\n--------\n>>> import wasmnp as np\n>>> np.empty((2, 3)).shape\n(2, 3)"},
    {"zeros", as_method(function_zeros), kFastKeywords,
     "zeros(shape, dtype=None, order='C', *, device=None, like=None)\n--\n\n"
     "A new array of zeros.\n\nExamples\n--------\n>>> import wasmnp as np\n>>> np.zeros(3)\narray([0., 0., 0.])"},
    {"empty_like", as_method(function_empty_like), kFastKeywords,
     "empty_like(prototype, /, dtype=None, order='K', subok=True, shape=None, *, device=None)\n--\n\n"
     "A new array of the shape and type of another, whose elements are not initialised.\n\n"
     "Parameters\n----------\nprototype : array_like\n    Gives what the other arguments leave open.\n"
     "dtype : dtype, optional\n    Another type of the elements.\n"
     "order : {'K', 'A', 'C', 'F'}\n    Memory layout; K keeps the order of the prototype's axes.\n"
     "subok : bool\n    Keep subclasses of ndarray.\nshape : int or sequence of ints, optional\n    Another shape.\n"
     "device : {None, 'cpu'}\n    For the array API.\n\nReturns\n-------\nndarray\n\n"
     "Examples\n--------\n>>> import wasmnp as np\n>>> np.empty_like([[1, 2, 3]], dtype='f4').shape\n(1, 3)"},
    {"arange", as_method(function_arange), kFastKeywords,
     "arange(start_or_stop, /, stop=None, step=1, *, dtype=None, device=None, like=None)\n--\n\n"
     "Evenly spaced values in the half-open interval from start to stop.\n\n"
     "Raises\n------\nZeroDivisionError\n    For a step of zero.\n\n"
     "Examples\n--------\n>>> import wasmnp as np\n>>> np.arange(3, 9, 2)\narray([3, 5, 7])"},
    {"from_dlpack", as_method(function_from_dlpack), kFastKeywords,
     "from_dlpack(x, /, *, device=None, copy=None)\n--\n\n"
     "An array that shares the memory of an object with a ``__dlpack__`` method.\n\n"
     "Parameters\n----------\nx : object\ndevice : {None, 'cpu'}\ncopy : bool, optional\n    Whether to copy, never "
     "to, or "
     "(None) only if needed.\n\nReturns\n-------\nndarray\n\nRaises\n------\nBufferError\n    If the memory cannot be "
     "shared.\nRuntimeError\n    For types or devices that arrays lack.\n\n"
     "Examples\n--------\n>>> import wasmnp as np\n>>> np.from_dlpack(np.arange(3))\narray([0, 1, 2])"},
    {"frombuffer", as_method(function_frombuffer), kFastKeywords,
     "frombuffer(buffer, dtype=None, count=-1, offset=0, *, like=None)\n--\n\n"
     "A 1-d array over the memory of a buffer.\n\nParameters\n----------\nbuffer : buffer_like\ndtype : dtype\ncount : "
     "int\n"
     "    Elements; -1 for all.\noffset : int\n    Bytes to skip.\n\n"
     "Examples\n--------\n>>> import wasmnp as np\n>>> np.frombuffer(b'\\x01\\x02', dtype=np.uint8)\narray([1, 2], "
     "dtype=uint8)"},
    {"can_cast", as_method(function_can_cast), kFastKeywords,
     "can_cast(from_, to, casting='safe')\n--\n\nWhether a cast between data types is allowed by a casting rule."},
    {"nested_iters", reinterpret_cast<PyCFunction>(reinterpret_cast<void*>(nested_iterators)),
     METH_VARARGS | METH_KEYWORDS,
     "nested_iters(op, axes, flags=None, op_flags=None, op_dtypes=None, order='K', casting='safe', "
     "buffersize=0)\n--\n\n"
     "Nested `nditer` objects, each over axes of its own.\n\n"
     "Parameters\n----------\nop : ndarray or sequence of array_like\naxes : list of lists of int\n    The axes of "
     "each "
     "iterator, the outermost first.\nflags, op_flags, op_dtypes, order, casting, buffersize\n    As for `nditer`.\n\n"
     "Returns\n-------\ntuple of nditer\n\n"
     "Examples\n--------\n>>> import wasmnp as np\n>>> i, j = np.nested_iters(np.arange(4).reshape(2, 2), [[0], [1]])\n"
     ">>> [[int(x) for x in j] for _ in i]\n[[0, 1], [2, 3]]"},
    {"_squares_around", function_squares_around, METH_VARARGS, "_squares_around(array, centers)"},
    {"_strided_view", function_strided_view, METH_VARARGS,
     "_strided_view(array, shape, strides, writeable, subok, bounded)"},
    {"scalar", function_scalar, METH_VARARGS, "scalar(dtype, bytes)\n--\n\nA scalar from its bytes; used by pickles."},
    {"_set_identity", function_set_identity, METH_O, "Sets what public types say in __module__."},
    {"_identity", function_identity, METH_NOARGS, "What public types say in __module__."},
    {"_new_dtype_class", function_new_dtype_class, METH_VARARGS, "_new_dtype_class(name, scalar_type)"},
    {nullptr, nullptr, 0, nullptr},
};

}  // namespace

int init_functions(PyObject* module) {
  for (PyMethodDef* table :
       {functions, promotion_functions, index_functions, joining_functions, overlap_functions, flat_index_functions,
        bit_functions, iterator_functions, sort_functions, product_functions, series_functions, einsum_functions})
    if (PyModule_AddFunctions(module, table) < 0) return -1;
  return 0;
}

}  // namespace wasmnp
