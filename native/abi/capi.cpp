#include "capi.hpp"

#include <cstdlib>
#include <cstring>
#include <utility>

#include "../core/array.hpp"
#include "../core/casting.hpp"
#include "../core/dtype.hpp"
#include "../core/errstate.hpp"
#include "../core/flat_iterator.hpp"
#include "../core/nditer.hpp"
#include "../core/scalar.hpp"
#include "../core/state.hpp"
#include "../core/ufunc.hpp"
#include "gufunc_signature.hpp"

namespace wasmnp {

namespace {

// Lengths of NumPy 2.4's tables (API version 0x15).
constexpr int kArrayApiLength = 369, kUfuncApiLength = 48;
constexpr int kDTypeTable = 320;  // where the dtype classes begin, with their metaclass
void* array_api[kArrayApiLength];
void* ufunc_api[kUfuncApiLength];
int user_type_count;  // NPY_NUMUSERTYPES
int default_assign_casting = static_cast<int>(Casting::SameKind);

// Stands for the scalar types that this version lacks: nothing is an instance of it.
constinit PyTypeObject Missing_Type =
    static_type("_missing_scalar", sizeof(PyObject), 0, "A scalar type that this version lacks.");

// ---- unfilled slots

#if defined(__wasm__)
// An indirect call must match its signature exactly there, so one stub cannot serve all; it only marks the slot.
void* unfilled_slot() {
  PyErr_SetString(PyExc_NotImplementedError, "this function of NumPy's C-API is not part of this version");
  return nullptr;
}
template <bool, int... Slot>
void fill_table(void** table, std::integer_sequence<int, Slot...>) {
  ((table[Slot] = reinterpret_cast<void*>(unfilled_slot)), ...);
}
#else
template <int Slot, bool Ufunc>
void* unfilled_slot() {
  PyErr_Format(PyExc_NotImplementedError, "%s[%d] of NumPy's C-API is not part of this version",
               Ufunc ? "PyUFunc_API" : "PyArray_API", Slot);
  return nullptr;
}
template <bool Ufunc, int... Slot>
void fill_table(void** table, std::integer_sequence<int, Slot...>) {
  ((table[Slot] = reinterpret_cast<void*>(unfilled_slot<Slot, Ufunc>)), ...);
}
#endif

// ---- PyArray_API

unsigned int abi_version() { return 0x02000000; }
unsigned int feature_version() { return 0x15; }
int endianness() { return 1; }  // NPY_CPU_LITTLE

PyObject* Array_DescrFromType(int type_num) {
  ArrayDescr* descr = descr_from_type_num(type_num);
  if (descr) return new_ref(descr);
  PyErr_Format(PyExc_TypeError, "data type number %d is not part of this version", type_num);
  return nullptr;
}
PyObject* Array_TypeObjectFromType(int type_num) {
  ArrayDescr* descr = descr_from_type_num(type_num);
  if (descr) return new_ref(descr->typeobj);
  PyErr_Format(PyExc_TypeError, "data type number %d is not part of this version", type_num);
  return nullptr;
}
int Array_CanCastSafely(int from, int to) {
  ArrayDescr *a = descr_from_type_num(from), *b = descr_from_type_num(to);
  return a && b && can_cast(a, b, Casting::Safe);
}
unsigned char Array_CanCastTo(ArrayDescr* from, ArrayDescr* to) { return can_cast(from, to, Casting::Safe); }
PyObject* Array_DescrFromScalar(PyObject* scalar) {
  ArrayDescr* descr = scalar_descr(scalar);
  if (descr) return new_ref(descr);
  PyErr_Format(PyExc_TypeError, "'%s' is not a scalar of a known data type", Py_TYPE(scalar)->tp_name);
  return nullptr;
}
PyObject* Array_DescrFromTypeObject(PyObject* type) { return descr_from_object(type).release_object(); }
Py_ssize_t Array_Size(PyObject* object) { return is_array(object) ? array_size(as_array(object)) : 0; }
PyObject* Array_Scalar(void* data, ArrayDescr* descr, PyObject*) {
  return scalar_from_data(descr, static_cast<const char*>(data));
}
void Array_ScalarAsCtype(PyObject* scalar, void* out) {
  if (ArrayDescr* descr = scalar_descr(scalar)) scalar_to_data(scalar, descr, static_cast<char*>(out));
}
PyObject* Array_FromAny(PyObject* object, ArrayDescr* descr, int min_depth, int max_depth, int flags, PyObject*) {
  Ref<ArrayDescr> owned = Ref<ArrayDescr>::steal(descr);  // the API steals it
  FromAny options;
  options.descr = descr;
  constexpr int ensure_copy = 0x20, ensure_array = 0x40, no_copy = 0x4000;
  options.copy = flags & ensure_copy ? CopyMode::Always : flags & no_copy ? CopyMode::Never : CopyMode::IfNeeded;
  options.subok = !(flags & ensure_array);
  options.order = flags & kCContiguous ? Order::C : flags & kFContiguous ? Order::F : Order::K;
  Ref<ArrayObject> array = array_from_any(object, options);
  if (!array) return nullptr;
  if (min_depth && array->nd < min_depth) {
    PyErr_SetString(PyExc_ValueError, "object of too small depth for desired array");
    return nullptr;
  }
  if (max_depth && array->nd > max_depth) {
    PyErr_SetString(PyExc_ValueError, "object too deep for desired array");
    return nullptr;
  }
  if ((flags & kWriteable) && !(array->flags & kWriteable))
    return copy_array(array.get(), array->descr, options.order, options.subok).release_object();
  return array.release_object();
}
PyObject* Array_EnsureArray(PyObject* object) {
  if (!object) return nullptr;
  Ref<> owned = steal(object);
  return array_from_any(object).release_object();
}
PyObject* Array_Return(PyObject* array) {
  if (!array || !is_array(array)) return array;
  return array_return(Ref<ArrayObject>::steal(array));
}
PyObject* Array_NewCopy(ArrayObject* array, int order) {
  return copy_array(array, array->descr, static_cast<Order>(order), true).release_object();
}
PyObject* Array_ToList(ArrayObject* array) {
  return PyObject_CallMethod(reinterpret_cast<PyObject*>(array), "tolist", nullptr);
}
int Array_ValidType(int type_num) { return descr_from_type_num(type_num) != nullptr; }
void Array_UpdateFlags(ArrayObject* array, int) { update_flags(array); }

PyObject* Array_NewFromDescr(PyTypeObject* subtype, ArrayDescr* descr, int nd, const intp* dims, const intp* strides,
                             void* data, int flags, PyObject* prototype) {
  Ref<ArrayDescr> owned = Ref<ArrayDescr>::steal(descr);
  if (!descr || !subtype) {
    PyErr_SetString(PyExc_RuntimeError, "PyArray_NewFromDescr needs a type and a descriptor");
    return nullptr;
  }
  intp own[kMaxDims];
  if (nd < 0 || nd > kMaxDims) {
    PyErr_Format(PyExc_ValueError, "number of dimensions must be within [0, %d]", kMaxDims);
    return nullptr;
  }
  const Order order = (flags & kFContiguous) && !(flags & kCContiguous) ? Order::F : Order::C;
  if (!data) {
    NewArray options;
    options.subtype = subtype;
    options.prototype = prototype;
    options.strides = strides;
    options.order = order;
    return new_array(descr, nd, dims, options).release_object();
  }
  if (!strides) {
    fill_strides(descr->elsize, nd, dims, order, own);
    strides = own;
  }
  return new_view(nullptr, descr, nd, dims, strides, static_cast<char*>(data), flags, subtype, prototype)
      .release_object();
}
PyObject* Array_New(PyTypeObject* subtype, int nd, const intp* dims, int type_num, const intp* strides, void* data, int,
                    int flags, PyObject* prototype) {
  PyObject* descr = Array_DescrFromType(type_num);
  if (!descr) return nullptr;
  return Array_NewFromDescr(subtype, reinterpret_cast<ArrayDescr*>(descr), nd, dims, strides, data, flags, prototype);
}
PyObject* Array_Zeros(int nd, const intp* dims, ArrayDescr* descr, int f_order) {
  Ref<ArrayDescr> owned = Ref<ArrayDescr>::steal(descr);
  NewArray options;
  options.order = f_order ? Order::F : Order::C;
  options.zeroed = true;
  return new_array(descr ? descr : descr_of(Element::Float64), nd, dims, options).release_object();
}
PyObject* Array_Empty(int nd, const intp* dims, ArrayDescr* descr, int f_order) {
  Ref<ArrayDescr> owned = Ref<ArrayDescr>::steal(descr);
  NewArray options;
  options.order = f_order ? Order::F : Order::C;
  return new_array(descr ? descr : descr_of(Element::Float64), nd, dims, options).release_object();
}
PyObject* Array_DescrNewFromType(int type_num) { return Array_DescrFromType(type_num); }
int Array_DescrConverter(PyObject* object, ArrayDescr** out) {
  *out = descr_from_object(object).release();
  return *out ? 1 : 0;
}
int Array_DescrConverter2(PyObject* object, ArrayDescr** out) {
  *out = nullptr;
  return object == Py_None ? 1 : Array_DescrConverter(object, out);
}
int Array_Converter(PyObject* object, PyObject** out) {
  *out = array_from_any(object).release_object();
  return *out ? 1 : 0;
}
int Array_OutputConverter(PyObject* object, PyObject** out) {
  if (object == nullptr || object == Py_None) {
    *out = nullptr;
    return 1;
  }
  if (is_array(object)) {
    *out = object;
    return 1;
  }
  PyErr_SetString(PyExc_TypeError, "output must be an array");
  *out = nullptr;
  return 0;
}
int Array_BoolConverter(PyObject* object, unsigned char* out) {
  const int truth = PyObject_IsTrue(object);
  *out = truth > 0;
  return truth < 0 ? 0 : 1;
}
int Array_OrderConverter(PyObject* object, int* out) {
  Order order = static_cast<Order>(*out);
  if (!order_converter(object, &order)) return 0;
  *out = static_cast<int>(order);
  return 1;
}
int Array_CastingConverter(PyObject* object, int* out) {
  Casting casting;
  if (!casting_converter(object, &casting)) return 0;
  *out = static_cast<int>(casting);
  return 1;
}
unsigned char Array_EquivTypes(ArrayDescr* a, ArrayDescr* b) { return equivalent(a, b); }
unsigned char Array_EquivTypenums(int a, int b) {
  ArrayDescr *x = descr_from_type_num(a), *y = descr_from_type_num(b);
  return x && y && equivalent(x, y);
}
intp Array_PyIntAsIntp(PyObject* object) {
  Ref<> number = steal(PyNumber_Index(object));
  return number ? PyLong_AsSsize_t(number.get()) : -1;
}
int Array_PyIntAsInt(PyObject* object) { return static_cast<int>(Array_PyIntAsIntp(object)); }
PyObject* Array_IntTupleFromIntp(int nd, const intp* values) { return intp_tuple(nd, values).release(); }
intp Array_MultiplyList(const intp* values, int count) {
  intp product = 1;
  for (int i = 0; i < count; i++) product *= values[i];
  return product;
}
int Array_CompareLists(const intp* a, const intp* b, int count) {
  return !std::memcmp(a, b, sizeof(intp) * static_cast<size_t>(count));
}
void* Array_GetPtr(ArrayObject* array, const intp* index) {
  char* data = array->data;
  for (int i = 0; i < array->nd; i++) data += index[i] * array->strides[i];
  return data;
}
int Array_SetBaseObject(ArrayObject* array, PyObject* base) {
  Ref<> owned = steal(base);
  if (array->base) {
    PyErr_SetString(PyExc_ValueError, "Cannot set array base twice");
    return -1;
  }
  array->base = owned.release();
  return 0;
}
// The data as C's array of numbers, of pointers to rows, or of pointers to those. `*object` becomes the array that owns
// them, until Array_Free; the pointers lie in one block, the outer ones first.
int Array_AsCArray(PyObject** object, void* pointer, intp* dims, int nd, ArrayDescr* descr) {
  Ref<> owned = steal(reinterpret_cast<PyObject*>(descr));
  if (nd < 1 || nd > 3) {
    PyErr_SetString(PyExc_ValueError, "C arrays of only 1-3 dimensions available");
    return -1;
  }
  constexpr int behaved = kCContiguous | kAligned | kWriteable;
  Py_XINCREF(owned.get());
  Ref<ArrayObject> array(steal(Array_FromAny(*object, descr, nd, nd, behaved, nullptr)));
  if (!array) return -1;
  void* result = array->data;
  if (nd > 1) {
    const intp rows = array->dimensions[0], inner = nd == 3 ? array->dimensions[1] : 0;
    auto** const pointers =
        static_cast<char**>(std::malloc(sizeof(char*) * static_cast<size_t>(rows + rows * inner + 1)));
    if (!pointers) {
      PyErr_NoMemory();
      return -1;
    }
    for (intp i = 0; i < rows; i++) {
      char* const row = array->data + i * array->strides[0];
      pointers[i] = nd == 2 ? row : reinterpret_cast<char*>(pointers + rows + i * inner);
      for (intp j = 0; j < inner; j++) pointers[rows + i * inner + j] = row + j * array->strides[1];
    }
    result = pointers;
  }
  for (int i = 0; i < nd; i++) dims[i] = array->dimensions[i];
  std::memcpy(pointer, &result, sizeof result);
  *object = array.release_object();
  return 0;
}
int Array_Free(PyObject* object, void* pointer) {
  if (!object || !is_array(object) || as_array(object)->nd < 1 || as_array(object)->nd > 3) return -1;
  if (as_array(object)->nd > 1) std::free(pointer);
  Py_DECREF(object);
  return 0;
}
int Array_FailUnlessWriteable(ArrayObject* array, const char* name) { return require_writeable(array, name); }
int Array_CopyInto(ArrayObject* target, ArrayObject* source) { return copy_into(target, source); }
PyObject* Array_PromoteTypes(ArrayDescr* a, ArrayDescr* b) { return promote(a, b).release_object(); }
unsigned char Array_CanCastTypeTo(ArrayDescr* from, ArrayDescr* to, int casting) {
  return can_cast(from, to, static_cast<Casting>(casting));
}
void* DataMem_New(size_t bytes) { return std::malloc(bytes); }
void* DataMem_NewZeroed(size_t count, size_t size) { return std::calloc(count, size); }
void DataMem_Free(void* data) { std::free(data); }
void* DataMem_Renew(void* data, size_t bytes) { return std::realloc(data, bytes); }
PyObject* DataMem_GetHandler() { return new_ref(state.handler_capsule); }

// ---- registered user types

// What a registration keeps: the descriptor, and the slots that lead to the functions the extension gave.
struct UserType {
  ArrayDescr descr;
  DTypeSlots slots;
};

// NumPy 1.x functions take an array beside the data; they read its descriptor and flags.
Ref<ArrayObject> element_array(ArrayDescr* descr, const char* data) {
  return new_view(nullptr, descr, 0, nullptr, nullptr, const_cast<char*>(data), kWriteable);
}
PyObject* user_getitem(ArrayDescr* descr, const char* data) {
  Ref<ArrayObject> array = element_array(descr, data);
  return array ? dtype_slots(descr)->functions->getitem(const_cast<char*>(data), array.get()) : nullptr;
}
int user_setitem(ArrayDescr* descr, PyObject* value, char* data) {
  Ref<ArrayObject> array = element_array(descr, data);
  return array ? dtype_slots(descr)->functions->setitem(value, data, array.get()) : -1;
}

void Array_InitArrFuncs(ArrayFunctions* functions) { std::memset(static_cast<void*>(functions), 0, sizeof *functions); }

int Array_RegisterDataType(DescrPrototype* prototype) {
  ArrayFunctions* functions = prototype->f;
  if (!prototype->typeobj || prototype->elsize < 0 || !functions || !functions->getitem || !functions->setitem ||
      !functions->copyswap || !functions->copyswapn) {
    PyErr_SetString(PyExc_ValueError, "a required array function is missing.");
    return -1;
  }
  constexpr char on_heap = 0x0f;  // ITEM_REFCOUNT, LIST_PICKLE, ITEM_IS_POINTER, NEEDS_INIT
  if (prototype->flags & on_heap) {
    PyErr_SetString(PyExc_ValueError,
                    "Legacy user dtypes referencing python objects or generally stored on the heap are not supported "
                    "by this version.");
    return -1;
  }
  auto* user = static_cast<UserType*>(std::calloc(1, sizeof(UserType)));  // types are never unregistered
  const char* scalar_name = prototype->typeobj->tp_name;
  const size_t size = std::strlen(scalar_name) + 16;
  char* name = static_cast<char*>(std::malloc(size));
  if (!user || !name) return PyErr_NoMemory(), -1;
  const char* dot = std::strrchr(scalar_name, '.');
  PyOS_snprintf(name, size, "dtype[%s]", dot ? dot + 1 : scalar_name);
  user->slots = {user_getitem, user_setitem, nullptr, functions};
  ArrayDescr& descr = user->descr;
  const int type_num = register_user_type(&descr);
  if (type_num < 0) return -1;
  PyTypeObject* dtype_class = new_dtype_class(name, prototype->typeobj, type_num, &user->slots);
  if (!dtype_class) return -1;
  auto* header = reinterpret_cast<PyObject*>(&descr);
  header->ob_refcnt = 1 << 20;  // never freed
  header->ob_type = dtype_class;
  descr.typeobj = prototype->typeobj;
  Py_INCREF(reinterpret_cast<PyObject*>(prototype->typeobj));
  descr.kind = prototype->kind;
  descr.type = prototype->type;
  descr.byteorder = prototype->byteorder;
  descr.type_num = type_num;
  descr.flags = static_cast<unsigned char>(prototype->flags);
  descr.elsize = prototype->elsize;
  descr.alignment = prototype->alignment ? prototype->alignment : 1;
  descr.hash = -1;
  dtype_tail(dtype_class)->singleton = &descr;
  prototype->type_num = type_num;
  user_type_count++;
  return type_num;
}

int Array_RegisterCastFunc(ArrayDescr* from, int to, LegacyCast function) {
  if (from->type_num < kUserType && to < kUserType) {
    PyErr_SetString(PyExc_ValueError, "At least one of the types provided must be user-defined.");
    return -1;
  }
  return register_cast(from->type_num, to, function);
}
int Array_RegisterCanCast(ArrayDescr* from, int to, int) {
  if (from->type_num < kUserType && to < kUserType) {
    PyErr_SetString(PyExc_ValueError, "At least one of the types provided must be user-defined.");
    return -1;
  }
  return register_can_cast(from->type_num, to);
}
ArrayFunctions* DataType_GetArrFuncs(const ArrayDescr* descr) {
  return dtype_slots(const_cast<ArrayDescr*>(descr))->functions;
}

// ---- PyUFunc_API

PyObject* Ufunc_FromFuncAndDataAndSignatureAndIdentity(LegacyLoop* functions, void* const* data, const char* types,
                                                       int ntypes, int nin, int nout, int identity, const char* name,
                                                       const char* doc, int, const char* signature,
                                                       PyObject* identity_value) {
  Ref<UfuncObject> ufunc = new_ufunc(name ? name : "?", nin, nout);
  if (!ufunc) return nullptr;
  ufunc->functions = functions;
  ufunc->data = data;
  ufunc->types = types;
  ufunc->ntypes = ntypes;
  ufunc->identity = identity;
  ufunc->doc = doc ? doc : "";
  Py_XINCREF(identity_value);
  ufunc->identity_value = identity_value;
  if (signature && !parse_core_signature(ufunc.get(), signature)) return nullptr;
  return ufunc.release_object();
}
PyObject* Ufunc_FromFuncAndDataAndSignature(LegacyLoop* functions, void* const* data, const char* types, int ntypes,
                                            int nin, int nout, int identity, const char* name, const char* doc,
                                            int unused, const char* signature) {
  return Ufunc_FromFuncAndDataAndSignatureAndIdentity(functions, data, types, ntypes, nin, nout, identity, name, doc,
                                                      unused, signature, nullptr);
}
PyObject* Ufunc_FromFuncAndData(LegacyLoop* functions, void* const* data, const char* types, int ntypes, int nin,
                                int nout, int identity, const char* name, const char* doc, int unused) {
  return Ufunc_FromFuncAndDataAndSignature(functions, data, types, ntypes, nin, nout, identity, name, doc, unused,
                                           nullptr);
}
int Ufunc_RegisterLoopForType(UfuncObject* ufunc, int user_type, LegacyLoop function, const int* arg_types,
                              void* data) {
  if (!descr_from_type_num(user_type)) {
    PyErr_SetString(PyExc_TypeError, "unknown user-defined type");
    return -1;
  }
  UserLoop loop{function, nullptr, data, {}, nullptr};
  for (int k = 0; k < ufunc->nargs && k < kMaxOperands; k++) loop.type_nums[k] = arg_types ? arg_types[k] : user_type;
  return register_user_loop(ufunc, loop);
}
int Ufunc_RegisterLoopForDescr(UfuncObject* ufunc, ArrayDescr* user_descr, LegacyLoop function, ArrayDescr** arg_descrs,
                               void* data) {
  UserLoop loop{function, nullptr, data, {}, nullptr};
  if (!user_descr) {
    if (!PyErr_Occurred()) PyErr_SetString(PyExc_TypeError, "unknown user defined struct dtype");
    return -1;
  }
  for (int k = 0; k < ufunc->nargs && k < kMaxOperands; k++)
    loop.type_nums[k] = (arg_descrs && arg_descrs[k] ? arg_descrs[k] : user_descr)->type_num;
  return register_user_loop(ufunc, loop);
}
int Ufunc_AddLoopFromSpec(PyObject* object, MethodSpec* spec) {
  if (!Py_IS_TYPE(object, &Ufunc_Type)) {
    PyErr_SetString(PyExc_TypeError, "ufunc object passed is not a ufunc!");
    return -1;
  }
  auto* ufunc = reinterpret_cast<UfuncObject*>(object);
  if (spec->nin != ufunc->nin || spec->nout != ufunc->nout || ufunc->nargs > kMaxOperands) {
    PyErr_Format(PyExc_ValueError, "the loop has %d inputs and %d outputs, ufunc '%s' has %d and %d", spec->nin,
                 spec->nout, ufunc->name, ufunc->nin, ufunc->nout);
    return -1;
  }
  UserLoop loop{};
  for (const MethodSlot* slot = spec->slots; slot->slot; slot++)
    if (slot->slot == kMethodStridedLoop) loop.method = reinterpret_cast<MethodLoop>(slot->function);
  if (!loop.method) {
    PyErr_SetString(PyExc_NotImplementedError, "loops without a strided form are not part of this version");
    return -1;
  }
  for (int k = 0; k < ufunc->nargs; k++) {
    if (!PyObject_TypeCheck(reinterpret_cast<PyObject*>(spec->dtypes[k]), &DTypeMeta_Type) ||
        (loop.type_nums[k] = dtype_tail(spec->dtypes[k])->type_num) < 0) {
      PyErr_SetString(PyExc_TypeError, "loops are registered for dtype classes with a type number in this version");
      return -1;
    }
  }
  return register_user_loop(ufunc, loop);
}
int Ufunc_ClearErrors() { return 0; }
int Ufunc_GiveErrors(const char* name, int errors) { return report_errors(static_cast<uint32_t>(errors), name); }

template <class T>
struct Slot {
  int index;
  T* value;
};
struct FunctionSlot {
  int index;
  void* function;
};
template <class F>
FunctionSlot slot(int index, F* function) {
  return {index, reinterpret_cast<void*>(function)};
}

int fill_types() {
  const Slot<PyTypeObject> types[] = {
      {2, &Array_Type},
      {3, dtype_type()},
      {5, flatiter_type()},
      {6, broadcast_type()},
      {218, nditer_type()},
      {8, descr_of(Element::Bool)->typeobj},
      {10, &Generic_Type},
      {11, abstract_scalar_type("number")},
      {12, abstract_scalar_type("integer")},
      {13, abstract_scalar_type("signedinteger")},
      {14, abstract_scalar_type("unsignedinteger")},
      {15, abstract_scalar_type("inexact")},
      {16, abstract_scalar_type("floating")},
      {17, abstract_scalar_type("complexfloating")},
  };
  for (const auto& entry : types) array_api[entry.index] = entry.value;
  // Scalar types by type number; those without a dtype here share a type that nothing is an instance of.
  const struct {
    int index, type_num;
  } scalars[] = {{20, kByte},       {21, kShort},  {22, kInt},       {23, kLong},        {24, kLongLong}, {25, kUByte},
                 {26, kUShort},     {27, kUInt},   {28, kULong},     {29, kULongLong},   {30, kFloat},    {31, kDouble},
                 {32, kLongDouble}, {33, kCFloat}, {34, kCDouble},   {35, kCLongDouble}, {36, kObject},   {37, kString},
                 {38, kUnicode},    {39, kVoid},   {215, kDatetime}, {216, kTimedelta},  {217, kHalf}};
  for (const auto& entry : scalars) {
    ArrayDescr* descr = descr_from_type_num(entry.type_num);
    array_api[entry.index] = descr ? descr->typeobj : &Missing_Type;
  }
  // Dtype classes: by type number, then by width, then abstract ones.
  static DTypeSlots no_slots;
  PyTypeObject* missing_dtype = new_dtype_class("dtypes._MissingDType", nullptr, -1, &no_slots);
  if (!missing_dtype) return -1;
  for (int index = kDTypeTable + 1; index < kDTypeTable + 40; index++) array_api[index] = missing_dtype;
  for (const int index : {366, 367, 368}) array_api[index] = missing_dtype;
  array_api[kDTypeTable] = &DTypeMeta_Type;
  const auto set_dtype = [](int index, ArrayDescr* descr) {
    if (descr) array_api[kDTypeTable + index] = Py_TYPE(reinterpret_cast<PyObject*>(descr));
  };
  for (int type_num = kBool; type_num <= kULongLong; type_num++) set_dtype(1 + type_num, descr_from_type_num(type_num));
  const Element by_width[] = {Element::Int8,  Element::UInt8,  Element::Int16, Element::UInt16,
                              Element::Int32, Element::UInt32, Element::Int64, Element::UInt64};
  for (int i = 0; i < 8; i++) set_dtype(12 + i, descr_of(by_width[i]));
  set_dtype(20, descr_from_type_num(kIntp));
  set_dtype(21, descr_from_type_num(kUIntp));
  set_dtype(22, descr_of(Element::Float16));
  set_dtype(23, descr_of(Element::Float32));
  set_dtype(24, descr_of(Element::Float64));
  set_dtype(26, descr_of(Element::Complex64));
  set_dtype(27, descr_of(Element::Complex128));
  set_dtype(38, descr_from_type_num(kIntp));
  for (const int index : {18, 19, 214}) array_api[index] = &Missing_Type;  // flexible, character, time integer
  array_api[7] = &user_type_count;
  array_api[9] = boolean_value(0);
  array_api[292] = &default_assign_casting;
  array_api[306] = state.handler_capsule;
  ufunc_api[0] = &Ufunc_Type;
  return 0;
}

void fill_functions() {
  const FunctionSlot array_functions[] = {
      slot(0, abi_version),
      slot(45, Array_DescrFromType),
      slot(46, Array_TypeObjectFromType),
      slot(50, Array_CopyInto),
      slot(52, Array_CanCastSafely),
      slot(53, Array_CanCastTo),
      slot(57, Array_DescrFromScalar),
      slot(58, Array_DescrFromTypeObject),
      slot(59, Array_Size),
      slot(60, Array_Scalar),
      slot(62, Array_ScalarAsCtype),
      slot(69, Array_FromAny),
      slot(70, Array_EnsureArray),
      slot(76, Array_Return),
      slot(85, Array_NewCopy),
      slot(86, Array_ToList),
      slot(91, Array_ValidType),
      slot(92, Array_UpdateFlags),
      slot(93, Array_New),
      slot(94, Array_NewFromDescr),
      slot(96, Array_DescrNewFromType),
      slot(100, Array_PyIntAsInt),
      slot(101, Array_PyIntAsIntp),
      slot(158, Array_MultiplyList),
      slot(160, Array_GetPtr),
      slot(161, Array_CompareLists),
      slot(162, Array_AsCArray),
      slot(165, Array_Free),
      slot(166, Array_Converter),
      slot(174, Array_DescrConverter),
      slot(175, Array_DescrConverter2),
      slot(179, Array_BoolConverter),
      slot(181, Array_OrderConverter),
      slot(182, Array_EquivTypes),
      slot(183, Array_Zeros),
      slot(184, Array_Empty),
      slot(191, Array_EquivTypenums),
      slot(192, Array_RegisterDataType),
      slot(193, Array_RegisterCastFunc),
      slot(194, Array_RegisterCanCast),
      slot(195, Array_InitArrFuncs),
      slot(196, Array_IntTupleFromIntp),
      slot(199, Array_OutputConverter),
      slot(210, endianness),
      slot(211, feature_version),
      slot(269, Array_CastingConverter),
      slot(271, Array_PromoteTypes),
      slot(275, Array_CanCastTypeTo),
      slot(282, Array_SetBaseObject),
      slot(286, Array_FailUnlessWriteable),
      slot(288, DataMem_New),
      slot(289, DataMem_Free),
      slot(290, DataMem_Renew),
      slot(299, DataMem_NewZeroed),
      slot(305, DataMem_GetHandler),
      slot(365, DataType_GetArrFuncs),
  };
  for (const FunctionSlot& entry : array_functions) array_api[entry.index] = entry.function;
  const FunctionSlot ufunc_functions[] = {
      slot(1, Ufunc_FromFuncAndData),
      slot(2, Ufunc_RegisterLoopForType),
      slot(27, Ufunc_ClearErrors),
      slot(28, Ufunc_ClearErrors),
      slot(31, Ufunc_FromFuncAndDataAndSignature),
      slot(41, Ufunc_RegisterLoopForDescr),
      slot(43, Ufunc_AddLoopFromSpec),
      slot(42, Ufunc_FromFuncAndDataAndSignatureAndIdentity),
      slot(46, Ufunc_GiveErrors),
  };
  for (const FunctionSlot& entry : ufunc_functions) ufunc_api[entry.index] = entry.function;
}

int add_capsule(PyObject* module, const char* name, void** table) {
  Ref<> capsule = steal(PyCapsule_New(table, nullptr, nullptr));
  return capsule ? PyModule_AddObjectRef(module, name, capsule.get()) : -1;
}

}  // namespace

int init_capi(PyObject* module) {
  const struct {
    PyTypeObject* type;
    const char* name;
  } types[] = {{&Missing_Type, "_missing_scalar"}};
  for (const auto& entry : types) {
    entry.type->tp_flags |= Py_TPFLAGS_DISALLOW_INSTANTIATION;
    if (ready_public_type(entry.type, entry.name) < 0) return -1;
  }
  fill_table<false>(array_api, std::make_integer_sequence<int, kArrayApiLength>{});
  fill_table<true>(ufunc_api, std::make_integer_sequence<int, kUfuncApiLength>{});
  if (fill_types() < 0) return -1;
  fill_functions();
  if (add_capsule(module, "_ARRAY_API", array_api) < 0) return -1;
  return add_capsule(module, "_UFUNC_API", ufunc_api);
}

}  // namespace wasmnp
