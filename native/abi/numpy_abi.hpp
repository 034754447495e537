// NumPy 2.x's C-ABI: struct layouts, type numbers and flag bits (NumPy C-API reference, "Python types and C-structures"
// and "Array API"). Nothing outside native/abi declares these.
#pragma once

#include <cstdint>

#include "python_types.hpp"

namespace wasmnp {

using intp = Py_ssize_t;

enum TypeNum : int {
  kBool,
  kByte,
  kUByte,
  kShort,
  kUShort,
  kInt,
  kUInt,
  kLong,
  kULong,
  kLongLong,
  kULongLong,
  kFloat,
  kDouble,
  kLongDouble,
  kCFloat,
  kCDouble,
  kCLongDouble,
  kObject,
  kString,
  kUnicode,
  kVoid,
  kDatetime,
  kTimedelta,
  kHalf,
  kTypeCount,
  kUserType = 256,
};
inline constexpr int kNoType = kTypeCount + 1;

// The type numbers of the fixed-width integers: `long` wins where widths coincide.
inline constexpr int kInt32 = sizeof(long) == 4 ? kLong : kInt;
inline constexpr int kUInt32 = sizeof(long) == 4 ? kULong : kUInt;
inline constexpr int kInt64 = sizeof(long) == 8 ? kLong : kLongLong;
inline constexpr int kUInt64 = sizeof(long) == 8 ? kULong : kULongLong;
inline constexpr int kIntp = sizeof(intp) == 8 ? kInt64 : kInt32;
inline constexpr int kUIntp = sizeof(intp) == 8 ? kUInt64 : kUInt32;

enum ArrayFlag : int {
  kCContiguous = 0x0001,
  kFContiguous = 0x0002,
  kOwnData = 0x0004,
  kForceCast = 0x0010,
  kAligned = 0x0100,
  kNotSwapped = 0x0200,
  kWriteable = 0x0400,
  kWritebackIfCopy = 0x2000,
};

enum class Casting : int { No, Equiv, Safe, SameKind, Unsafe };
enum class Order : int { Any = -1, C = 0, F = 1, K = 2 };  // NPY_ORDER numbers A as -1

struct ArrayDescr;
struct ArrayObject;

struct SubArrayDescr {
  ArrayDescr* base;
  PyObject* shape;
};

// _PyArray_LegacyDescr; user descriptors that are not legacy end after `reserved_null`.
struct ArrayDescr {
  PyObject_HEAD PyTypeObject* typeobj;
  char kind, type, byteorder, former_flags;
  int type_num;
  uint64_t flags;
  intp elsize, alignment;
  PyObject* metadata;
  Py_hash_t hash;
  void* reserved_null[2];
  SubArrayDescr* subarray;
  PyObject *fields, *names;
  void* c_metadata;
};

// PyArray_DescrProto: what extensions fill to register a user type (the NumPy 1.x descriptor).
struct DescrPrototype {
  PyObject_HEAD PyTypeObject* typeobj;
  char kind, type, byteorder, flags;
  int type_num, elsize, alignment;
  SubArrayDescr* subarray;
  PyObject *fields, *names;
  struct ArrayFunctions* f;
  PyObject* metadata;
  void* c_metadata;
  Py_hash_t hash;
};

using LegacyCast = void (*)(void* from, void* to, intp n, void* from_array, void* to_array);

// PyArray_ArrFuncs: the per-type function table of NumPy 1.x, still used by registered user types.
struct ArrayFunctions {
  LegacyCast cast[21];
  PyObject* (*getitem)(void* data, void* array);
  int (*setitem)(PyObject* value, void* data, void* array);
  void (*copyswapn)(void* dst, intp dst_stride, void* src, intp src_stride, intp n, int swap, void* array);
  void (*copyswap)(void* dst, void* src, int swap, void* array);
  int (*compare)(const void*, const void*, void* array);
  void *argmax, *dotfunc, *scanfunc, *fromstr;
  unsigned char (*nonzero)(void* data, void* array);
  void *fill, *fillwithscalar;
  void *sort[3], *argsort[3];
  PyObject* castdict;
  void* scalarkind;
  int** cancastscalarkindto;
  int* cancastto;
  void *unused1, *unused2, *unused3;
  void* argmin;
};

// The part of PyArray_DTypeMeta behind the interpreter's heap-type struct, whose size is known at run time only.
struct DTypeMetaTail {
  ArrayDescr* singleton;
  int type_num;
  PyTypeObject* scalar_type;
  uint64_t flags;
  void* dt_slots;
  void* reserved[3];
};
enum DTypeFlag : uint64_t { kDTypeLegacy = 1, kDTypeAbstract = 2, kDTypeParametric = 4, kDTypeNumeric = 8 };

struct DataAllocator {
  void* ctx;
  void* (*malloc)(void* ctx, size_t size);
  void* (*calloc)(void* ctx, size_t count, size_t size);
  void* (*realloc)(void* ctx, void* data, size_t size);
  void (*free)(void* ctx, void* data, size_t size);
};

struct DataHandler {
  char name[127];
  uint8_t version;
  DataAllocator allocator;
};

inline constexpr int kMaxDims = 64;
inline constexpr int kInlineDims = 4;

struct ArrayObject {
  PyObject_HEAD char* data;
  int nd;
  intp *dimensions, *strides;
  PyObject* base;
  ArrayDescr* descr;
  int flags;
  PyObject* weakreflist;
  void* buffer_info;
  PyObject* mem_handler;
  // End of NumPy's struct. Shapes of few dimensions live here; `dimensions` points to them.
  intp inline_shape[2 * kInlineDims];
};

using LegacyLoop = void (*)(char** args, const intp* dimensions, const intp* strides, void* data);

struct UfuncObject {
  PyObject_HEAD int nin, nout, nargs;
  int identity;
  LegacyLoop* functions;
  void* const* data;
  int ntypes;
  int reserved1;
  const char* name;
  const char* types;
  const char* doc;
  void* ptr;
  PyObject* obj;
  PyObject* userloops;
  int core_enabled, core_num_dim_ix;
  int *core_num_dims, *core_dim_ixs, *core_offsets;
  char* core_signature;
  void* type_resolver;
  PyObject* dict;
  Vectorcall vectorcall;
  void* reserved3;
  uint32_t* op_flags;
  uint32_t iter_flags;
  intp* core_dim_sizes;
  uint32_t* core_dim_flags;
  PyObject* identity_value;
  void* dispatch_cache;
  PyObject* loops;
  void* process_core_dims;
  // End of NumPy's struct.
  const struct UfuncRow* row;      // generated kernels, or null for a foreign ufunc
  int16_t homogeneous[24];         // first loop whose inputs are all of one Element, or -1
  struct UserLoop* user_loops;     // registered for user types
  unsigned traits;                 // UfuncTrait bits
  struct CompiledUfunc* compiled;  // loops made at run time, or null
};

// ArrayMethod API: how NumPy 2's extensions describe a loop over dtype classes.
struct MethodContext {
  PyObject* caller;
  void* method;
  ArrayDescr* const* descriptors;
};
using MethodLoop = int (*)(MethodContext* context, char* const* data, const intp* dimensions, const intp* strides,
                           void* auxiliary);
struct MethodSlot {
  int slot;
  void* function;
};
struct MethodSpec {
  const char* name;
  int nin, nout, casting, flags;
  PyTypeObject** dtypes;
  MethodSlot* slots;
};
inline constexpr int kMethodStridedLoop = 5;  // NPY_METH_strided_loop

// PyArrayIterObject. The dimension limit of this struct stayed at 32 when arrays went to 64.
inline constexpr int kMaxIterDims = 32;
struct ArrayIterObject {
  PyObject_HEAD int nd_m1;
  intp index, size;
  intp coordinates[kMaxIterDims], dims_m1[kMaxIterDims], strides[kMaxIterDims], backstrides[kMaxIterDims],
      factors[kMaxIterDims];
  ArrayObject* ao;
  char* dataptr;
  unsigned char contiguous;
  intp bounds[kMaxIterDims][2], limits[kMaxIterDims][2], limits_sizes[kMaxIterDims];
  char* (*translate)(ArrayIterObject*, const intp*);
};

inline constexpr int kMaxBroadcast = 64;
struct MultiIterObject {
  PyObject_HEAD int numiter;
  intp size, index;
  int nd;
  intp dimensions[kMaxIterDims];
  ArrayIterObject* iters[kMaxBroadcast];  // as many as there are: compiled code sees a flexible array
};

// Scalars: the value follows the object header.
template <class T>
struct ScalarObject {
  PyObject_HEAD T value;
};

}  // namespace wasmnp
