// Arrays handed to and taken from other libraries: DLPack (dmlc.github.io/dlpack) and the array interface.
#include "interchange.hpp"

#include <cstdlib>
#include <cstring>

#include "../python/arguments.hpp"
#include "casting.hpp"
#include "flexible.hpp"
#include "iterate.hpp"
#include "state.hpp"

namespace wasmnp {

namespace {

// ---- DLPack

struct DlDevice {
  int32_t type, id;
};
struct DlType {
  uint8_t code, bits;
  uint16_t lanes;
};
struct DlTensor {
  void* data;
  DlDevice device;
  int32_t ndim;
  DlType type;
  int64_t *shape, *strides;
  uint64_t byte_offset;
};
struct DlManaged {
  DlTensor tensor;
  void* context;
  void (*deleter)(DlManaged*);
};
struct DlVersioned {
  uint32_t major, minor;
  void* context;
  void (*deleter)(DlVersioned*);
  uint64_t flags;
  DlTensor tensor;
};
constexpr uint64_t kReadOnly = 1, kCopied = 2;
constexpr int32_t kHost = 1;
constexpr const char *kPlain = "dltensor", *kUsedPlain = "used_dltensor", *kVersioned = "dltensor_versioned",
                     *kUsedVersioned = "used_dltensor_versioned";

template <class Managed>
void delete_managed(Managed* managed) {
  const PyGILState_STATE state = PyGILState_Ensure();
  Py_XDECREF(static_cast<PyObject*>(managed->context));
  PyGILState_Release(state);
  std::free(managed);
}

template <class Managed>
void destroy_capsule(PyObject* capsule, const char* name) {
  if (!PyCapsule_IsValid(capsule, name)) return;  // its taker frees it
  auto* managed = static_cast<Managed*>(PyCapsule_GetPointer(capsule, name));
  if (managed && managed->deleter) managed->deleter(managed);
}
void destroy_plain(PyObject* capsule) { destroy_capsule<DlManaged>(capsule, kPlain); }
void destroy_versioned(PyObject* capsule) { destroy_capsule<DlVersioned>(capsule, kVersioned); }

bool dl_type(const ArrayDescr* descr, DlType* type) {
  const auto refuse = [](const char* message) {
    PyErr_SetString(PyExc_BufferError, message);
    return false;
  };
  if (is_swapped(descr)) return refuse("DLPack only supports native byte order.");
  type->bits = static_cast<uint8_t>(8 * descr->elsize);
  type->lanes = 1;
  const int element = element_index(descr);
  switch (element < 0 ? 0 : descr->kind) {
    case 'b': type->code = 6; return true;
    case 'i': type->code = 0; return true;
    case 'u': type->code = 1; return true;
    case 'f':
    case 'c':
      if (element >= kKernelElements)
        return refuse(
            "DLPack only supports IEEE floating point types without padding (longdouble typically is not IEEE).");
      type->code = descr->kind == 'f' ? 2 : 5;
      return true;
    default: return refuse("DLPack only supports signed/unsigned integers, float and complex dtypes.");
  }
}

bool fill_tensor(ArrayObject* array, DlTensor* tensor, int64_t* numbers) {
  if (!dl_type(array->descr, &tensor->type)) return false;
  for (int i = 0; i < array->nd; i++) {
    if (array_size(array) > 1 && array->dimensions[i] != 1 && array->strides[i] % array->descr->elsize) {
      PyErr_SetString(PyExc_BufferError, "DLPack only supports strides which are a multiple of itemsize.");
      return false;
    }
    numbers[i] = array->dimensions[i];
    numbers[array->nd + i] = array->strides[i] / array->descr->elsize;
    if (array->dimensions[i] == 1) numbers[array->nd + i] = 1;
  }
  tensor->data = array->data;
  tensor->device = {kHost, 0};
  tensor->ndim = array->nd;
  tensor->shape = numbers;
  tensor->strides = numbers + array->nd;
  tensor->byte_offset = 0;
  return true;
}

template <class Managed>
PyObject* make_capsule(ArrayObject* array, const char* name, PyCapsule_Destructor destroy, Managed** out) {
  const size_t numbers = sizeof(int64_t) * 2 * static_cast<size_t>(array->nd);
  auto* managed = static_cast<Managed*>(std::calloc(1, sizeof(Managed) + numbers));
  if (!managed) return PyErr_NoMemory();
  if (!fill_tensor(array, &managed->tensor, reinterpret_cast<int64_t*>(managed + 1))) {
    std::free(managed);
    return nullptr;
  }
  managed->context = new_ref(array);
  managed->deleter = delete_managed<Managed>;
  PyObject* capsule = PyCapsule_New(managed, name, destroy);
  if (!capsule) managed->deleter(managed);
  *out = managed;
  return capsule;
}

bool parse_device(PyObject* device) {
  if (!device || device == Py_None) return true;
  int type, id;
  if (!PyTuple_Check(device) || PyTuple_Size(device) != 2) {
    PyErr_SetString(PyExc_TypeError, "dl_device must be a tuple of two integers");
    return false;
  }
  type = static_cast<int>(PyLong_AsLong(PyTuple_GetItem(device, 0)));
  id = static_cast<int>(PyLong_AsLong(PyTuple_GetItem(device, 1)));
  if (PyErr_Occurred()) return false;
  if (type == kHost && id == 0) return true;
  PyErr_Format(PyExc_BufferError, "unsupported device requested: (%d, %d); arrays are on (1, 0)", type, id);
  return false;
}

// ---- the array interface

struct ArrayInterface {  // PyArrayInterface
  int two, nd;
  char kind;
  int itemsize, flags;
  intp *shape, *strides;
  void* data;
  PyObject* descr;
};

void destroy_interface(PyObject* capsule) {
  auto* interface = static_cast<ArrayInterface*>(PyCapsule_GetPointer(capsule, nullptr));
  if (interface) {
    Py_XDECREF(interface->descr);
    std::free(interface);
  }
  Py_XDECREF(static_cast<PyObject*>(PyCapsule_GetContext(capsule)));
}

Ref<ArrayObject> from_struct(PyObject* origin, PyObject* capsule) {
  auto* given = PyCapsule_CheckExact(capsule)
                    ? static_cast<ArrayInterface*>(PyCapsule_GetPointer(capsule, PyCapsule_GetName(capsule)))
                    : nullptr;
  if (!given || given->two != 2) {
    PyErr_Clear();
    PyErr_SetString(PyExc_ValueError, "invalid __array_struct__");
    return nullptr;
  }
  Ref<> code = steal(PyUnicode_FromFormat("%c%c%d", given->flags & kNotSwapped ? '=' : '>', given->kind,
                                          given->kind == 'U' ? given->itemsize / 4 : given->itemsize));
  Ref<ArrayDescr> descr;
  if (code && given->flags & 0x800 && given->descr) {  // NPY_ARR_HAS_DESCR
    descr = descr_from_object(given->descr);
    PyErr_Clear();
  }
  if (code && !descr) descr = descr_from_object(code.get());
  if (!descr) return nullptr;
  Ref<> keep = steal(PyTuple_Pack(2, origin, capsule));
  return keep ? new_view(keep.get(), descr.get(), given->nd, given->shape, given->strides,
                         static_cast<char*>(given->data), given->flags & kWriteable)
              : Ref<ArrayObject>();
}

Ref<ArrayObject> from_interface(PyObject* origin, PyObject* interface) {
  const auto bad = [](const char* message) {
    if (!PyErr_Occurred()) PyErr_SetString(PyExc_ValueError, message);
    return Ref<ArrayObject>();
  };
  if (!PyDict_Check(interface)) return bad("Invalid __array_interface__ value, must be a dictionary");
  PyObject* typestr = PyDict_GetItemString(interface, "typestr");
  if (!typestr) return bad("Missing __array_interface__ typestr");
  if (!PyUnicode_Check(typestr) && !PyBytes_Check(typestr)) {
    PyErr_SetString(PyExc_TypeError, "__array_interface__ typestr must be a string");
    return nullptr;
  }
  Ref<ArrayDescr> descr = descr_from_object(typestr);
  if (!descr) return nullptr;
  PyObject* fields = PyDict_GetItemString(interface, "descr");
  if (fields && descr->type_num == kVoid && PyList_Check(fields)) {
    Ref<ArrayDescr> structured = descr_from_object(fields);
    const bool same = structured && structured->elsize == descr->elsize;
    PyErr_Clear();
    if (same) descr = std::move(structured);
  }
  PyObject *shape = PyDict_GetItemString(interface, "shape"), *data = PyDict_GetItemString(interface, "data"),
           *strides_object = PyDict_GetItemString(interface, "strides");
  if (!shape) return bad("Missing __array_interface__ shape");
  if (!PyTuple_Check(shape)) {
    PyErr_SetString(PyExc_TypeError, "shape must be a tuple");
    return nullptr;
  }
  intp dims[kMaxDims], strides[kMaxDims];
  const int nd = parse_shape(shape, dims);
  if (nd < 0) return nullptr;
  fill_strides(descr->elsize, nd, dims, Order::C, strides);
  if (strides_object && strides_object != Py_None) {
    if (!PyTuple_Check(strides_object)) {
      PyErr_SetString(PyExc_TypeError, "strides must be a tuple");
      return nullptr;
    }
    if (parse_shape(strides_object, strides, "strides") != nd) return bad("mismatch in length of strides and shape");
  }
  if (data && PyTuple_Check(data)) {
    if (PyTuple_Size(data) != 2) {
      PyErr_SetString(PyExc_TypeError,
                      "__array_interface__ data must be a 2-tuple with (data pointer integer, read-only "
                      "flag)");
      return nullptr;
    }
    PyObject* address = PyTuple_GetItem(data, 0);
    void* pointer = PyLong_Check(address) ? PyLong_AsVoidPtr(address) : nullptr;
    if (!PyLong_Check(address)) {
      PyErr_SetString(PyExc_TypeError, "first element of __array_interface__ data tuple must be an integer.");
      return nullptr;
    }
    const int readonly = PyObject_IsTrue(PyTuple_GetItem(data, 1));
    if (readonly < 0 || PyErr_Occurred()) return nullptr;
    return new_view(origin, descr.get(), nd, dims, strides, static_cast<char*>(pointer), readonly ? 0 : kWriteable);
  }
  const ByteMemory memory(data && data != Py_None ? data : origin);
  if (!memory.owner) return nullptr;
  PyObject* offset_object = PyDict_GetItemString(interface, "offset");
  const intp offset = offset_object ? PyLong_AsSsize_t(offset_object) : 0;
  if (offset == -1 && PyErr_Occurred()) return nullptr;
  const Extent extent = extent_of(memory.data + offset, nd, dims, strides, descr->elsize);
  if (offset < 0 || extent.low < memory.data || extent.high > memory.data + memory.length)
    return bad("__array_interface__ data: the buffer is too small for the shape and strides");
  return new_view(memory.owner.get(), descr.get(), nd, dims, strides, memory.data + offset,
                  memory.readonly ? 0 : kWriteable);
}

}  // namespace

PyObject* array_dlpack(PyObject* self, PyObject* const* args, Py_ssize_t nargs, PyObject* kwnames) {
  static const char* const names[] = {"$stream", "$max_version", "$dl_device", "$copy"};
  PyObject* values[4];
  if (!parse_arguments({"__dlpack__", names, 4, 0}, args, nargs, kwnames, values)) return nullptr;
  if (values[0] && values[0] != Py_None) {
    PyErr_SetString(PyExc_RuntimeError, "NumPy only supports stream=None.");
    return nullptr;
  }
  long major = 0;
  if (values[1] && values[1] != Py_None) {
    if (!PyTuple_Check(values[1]) || PyTuple_Size(values[1]) != 2) {
      PyErr_Format(PyExc_TypeError, "max_version must be None or a tuple with two elements, not %R", values[1]);
      return nullptr;
    }
    major = PyLong_AsLong(PyTuple_GetItem(values[1], 0));
    if (major == -1 && PyErr_Occurred()) return nullptr;
  }
  if (!parse_device(values[2])) return nullptr;
  const int copy = values[3] && values[3] != Py_None ? PyObject_IsTrue(values[3]) : 0;
  if (copy < 0) return nullptr;
  ArrayObject* array = as_array(self);
  Ref<ArrayObject> copied;
  if (copy) {
    copied = copy_array(array, array->descr, Order::K, false);
    if (!copied) return nullptr;
    array = copied.get();
  }
  const bool readonly = !(array->flags & kWriteable);
  if (major >= 1) {
    DlVersioned* managed = nullptr;
    PyObject* capsule = make_capsule(array, kVersioned, destroy_versioned, &managed);
    if (!capsule) return nullptr;
    managed->major = 1;
    managed->flags = (readonly ? kReadOnly : 0) | (copy ? kCopied : 0);
    return capsule;
  }
  if (readonly) {
    PyErr_SetString(PyExc_BufferError,
                    "Cannot export readonly array since signalling readonly is unsupported by DLPack "
                    "(supported by newer DLPack version).");
    return nullptr;
  }
  DlManaged* managed = nullptr;
  return make_capsule(array, kPlain, destroy_plain, &managed);
}

PyObject* array_dlpack_device(PyObject*, PyObject*) { return Py_BuildValue("ii", kHost, 0); }

PyObject* function_from_dlpack(PyObject*, PyObject* const* args, Py_ssize_t nargs, PyObject* kwnames) {
  static const char* const names[] = {"/x", "$device", "$copy"};
  PyObject* values[3];
  if (!parse_arguments({"from_dlpack", names, 3, 1}, args, nargs, kwnames, values)) return nullptr;
  Ref<> device = borrow(Py_None);
  if (values[1] && values[1] != Py_None) {
    if (!PyUnicode_Check(values[1]) || PyUnicode_CompareWithASCIIString(values[1], "cpu") != 0) {
      PyErr_Format(PyExc_ValueError, "Device not understood. Only \"cpu\" is allowed, but received: %S", values[1]);
      return nullptr;
    }
    device = steal(Py_BuildValue("ii", kHost, 0));
  }
  Ref<> method = steal(PyObject_GetAttrString(values[0], "__dlpack__"));
  Ref<> empty = method ? steal(PyTuple_New(0)) : Ref<>();
  Ref<> keywords = empty ? steal(Py_BuildValue("{s:O,s:O,s:(ii)}", "dl_device", device.get(), "copy",
                                               values[2] ? values[2] : Py_None, "max_version", 1, 0))
                         : Ref<>();
  if (!keywords) return nullptr;
  Ref<> capsule = steal(PyObject_Call(method.get(), empty.get(), keywords.get()));
  if (!capsule && PyErr_ExceptionMatches(PyExc_TypeError)) {
    // An exporter of the first version takes none of these.
    PyErr_Clear();
    if (values[2] == Py_True) {
      PyErr_SetString(PyExc_ValueError, "from_dlpack(copy=True): the object's __dlpack__ cannot be asked for a copy");
      return nullptr;
    }
    capsule = steal(PyObject_CallNoArgs(method.get()));
  }
  if (!capsule) return nullptr;
  const bool versioned = PyCapsule_IsValid(capsule.get(), kVersioned);
  const char* const name = versioned ? kVersioned : kPlain;
  void* managed = PyCapsule_GetPointer(capsule.get(), name);
  if (!managed) return nullptr;
  const DlTensor& tensor =
      versioned ? static_cast<DlVersioned*>(managed)->tensor : static_cast<DlManaged*>(managed)->tensor;
  if (versioned && static_cast<DlVersioned*>(managed)->major > 1) {
    PyErr_Format(PyExc_BufferError,
                 "from_dlpack(): the exported DLPack major version %u is too high to be imported by "
                 "this version",
                 static_cast<DlVersioned*>(managed)->major);
    return nullptr;
  }
  if (tensor.ndim > kMaxDims) {
    PyErr_SetString(PyExc_RuntimeError, "maxdims of DLPack tensor is higher than the supported maxdims.");
    return nullptr;
  }
  if (tensor.device.type != kHost && tensor.device.type != 3 && tensor.device.type != 11 && tensor.device.type != 13) {
    PyErr_SetString(PyExc_RuntimeError, "Unsupported device in DLTensor.");
    return nullptr;
  }
  static const char kinds[] = {'i', 'u', 'f', 0, 0, 'c', 'b'};
  const char kind = tensor.type.code < sizeof kinds && tensor.type.lanes == 1 ? kinds[tensor.type.code] : 0;
  Ref<> code = steal(PyUnicode_FromFormat("%c%d", kind ? kind : '?', tensor.type.bits / 8));
  Ref<ArrayDescr> descr = code && kind ? descr_from_object(code.get()) : Ref<ArrayDescr>();
  if (!descr) {
    PyErr_Clear();
    PyErr_SetString(PyExc_RuntimeError, "Unsupported dtype in DLTensor.");
    return nullptr;
  }
  intp dims[kMaxDims], strides[kMaxDims];
  for (int i = 0; i < tensor.ndim; i++) dims[i] = static_cast<intp>(tensor.shape[i]);
  fill_strides(descr->elsize, tensor.ndim, dims, Order::C, strides);
  for (int i = 0; tensor.strides && i < tensor.ndim; i++)
    strides[i] = static_cast<intp>(tensor.strides[i]) * descr->elsize;
  // A capsule of our own frees the tensor with the array.
  PyObject* owner =
      versioned
          ? PyCapsule_New(managed, kUsedVersioned,
                          [](PyObject* used) { destroy_capsule<DlVersioned>(used, kUsedVersioned); })
          : PyCapsule_New(managed, kUsedPlain, [](PyObject* used) { destroy_capsule<DlManaged>(used, kUsedPlain); });
  Ref<> keep = steal(owner);
  if (!keep) return nullptr;
  if (PyCapsule_SetName(capsule.get(), versioned ? kUsedVersioned : kUsedPlain) < 0 ||
      PyCapsule_SetDestructor(capsule.get(), nullptr) < 0)
    return nullptr;
  const bool writeable = versioned && !(static_cast<DlVersioned*>(managed)->flags & kReadOnly);
  Ref<ArrayObject> array = new_view(keep.get(), descr.get(), tensor.ndim, dims, strides,
                                    static_cast<char*>(tensor.data) + tensor.byte_offset, writeable ? kWriteable : 0);
  return array.release_object();
}

PyObject* array_interface(PyObject* self, void*) {
  ArrayObject* array = as_array(self);
  auto* descr = reinterpret_cast<PyObject*>(array->descr);
  Ref<> typestr = steal(PyObject_GetAttrString(descr, "str")), fields = steal(PyObject_GetAttrString(descr, "descr"));
  Ref<> shape = intp_tuple(array->nd, array->dimensions);
  Ref<> strides = array->flags & kCContiguous ? borrow(Py_None) : intp_tuple(array->nd, array->strides);
  Ref<> address = steal(PyLong_FromVoidPtr(array->data));
  if (!typestr || !fields || !shape || !strides || !address) return nullptr;
  return Py_BuildValue("{s:(OO),s:O,s:O,s:O,s:O,s:i}", "data", address.get(),
                       array->flags & kWriteable ? Py_False : Py_True, "strides", strides.get(), "descr", fields.get(),
                       "typestr", typestr.get(), "shape", shape.get(), "version", 3);
}

PyObject* array_struct(PyObject* self, void*) {
  ArrayObject* array = as_array(self);
  const size_t numbers = sizeof(intp) * 2 * static_cast<size_t>(array->nd);
  auto* interface = static_cast<ArrayInterface*>(std::calloc(1, sizeof(ArrayInterface) + numbers));
  if (!interface) return PyErr_NoMemory();
  auto* dims = reinterpret_cast<intp*>(interface + 1);
  std::memcpy(dims, array->dimensions, sizeof(intp) * static_cast<size_t>(array->nd));
  std::memcpy(dims + array->nd, array->strides, sizeof(intp) * static_cast<size_t>(array->nd));
  constexpr int shown = kCContiguous | kFContiguous | kAligned | kWriteable;
  *interface = {2,
                array->nd,
                array->descr->kind,
                static_cast<int>(array->descr->elsize),
                (array->flags & shown) | (is_swapped(array->descr) ? 0 : kNotSwapped),
                dims,
                dims + array->nd,
                array->data,
                nullptr};
  if (array->descr->names) {
    interface->descr = PyObject_GetAttrString(reinterpret_cast<PyObject*>(array->descr), "descr");
    interface->flags |= interface->descr ? 0x800 : 0;
    PyErr_Clear();
  }
  PyObject* capsule = PyCapsule_New(interface, nullptr, destroy_interface);
  if (!capsule || PyCapsule_SetContext(capsule, new_ref(self)) < 0) {
    if (!capsule) std::free(interface);
    return nullptr;
  }
  return capsule;
}

Ref<ArrayObject> array_from_interfaces(PyObject* object) {
  static Name struct_name("__array_struct__"), interface_name("__array_interface__");
  for (Name* name : {&struct_name, &interface_name}) {
    Ref<> value = steal(PyObject_GetAttr(object, name->get()));
    if (!value) {
      if (!PyErr_ExceptionMatches(PyExc_AttributeError)) return nullptr;
      PyErr_Clear();
      continue;
    }
    return name == &struct_name ? from_struct(object, value.get()) : from_interface(object, value.get());
  }
  return nullptr;
}

}  // namespace wasmnp
