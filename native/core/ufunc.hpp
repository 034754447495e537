// Universal functions: resolution of the loop, execution over arrays, reductions, and overrides.
#pragma once

#include "array.hpp"
#include "iterate.hpp"

namespace wasmnp {

extern PyTypeObject Ufunc_Type;

// What single ufuncs do beyond their loops; ufunc.cpp says which do.
enum UfuncTrait : unsigned {
  kFoldsSum = 1 << 0,  // reductions use the fold of that name
  kFoldsMaximum = 1 << 1,
  kFoldsMinimum = 1 << 2,
  kWidensIntegers = 1 << 3,   // reductions of narrow integers accumulate in intp
  kDividesAsFloat = 1 << 4,   // integers are divided as float64, whatever their width
  kRefusesBooleans = 1 << 5,  // rather than computing in a wider type
  kReportsWrapping = 1 << 6,  // of integer scalars, as an overflow
  kTellsTruth = 1 << 7,       // logical functions, which reduce truths
};

struct UserLoop {
  LegacyLoop function;  // or, of the ArrayMethod API,
  MethodLoop method;
  void* data;
  int type_nums[kMaxOperands];
  UserLoop* next;
};

// A loop with the descriptors it works on.
struct Loop {
  const LoopBodies* bodies = nullptr;  // generated kernels, or
  LegacyLoop legacy = nullptr;         // NumPy's strided signature, or
  MethodLoop method = nullptr;         // that of the ArrayMethod API
  void* legacy_data = nullptr;
  bool any_layout = false;  // byte-swapped operands are taken as they are
  bool packs = false;       // strided operands are packed: the kernel may be long
  ArrayDescr* descrs[kMaxOperands] = {};

  bool foreign() const { return !bodies; }
  // One run of a foreign loop, with the floating-point errors it raised (natively, from the status flags).
  uint32_t call_foreign(char** pointers, intp count, const intp* strides) const;
  // The same of a generalized loop: outer and core dimensions, and strides of both.
  uint32_t call_generalized(char** pointers, const intp* dimensions, const intp* strides) const;
};

// One argument of a call: an array, or a scalar whose element lies in `element`.
struct Argument {
  Ref<ArrayObject> array;
  PyObject* object = nullptr;
  ArrayDescr* descr = nullptr;
  char weak = 0;  // 'i', 'f', 'c' for Python numbers
  alignas(16) char element[kMaxElementSize];

  int nd() const { return array ? array->nd : 0; }
  bool set(PyObject* value);            // converts; false with an error
  bool become(ArrayDescr* loop_descr);  // a weak number takes the loop's type
  char* data() { return array ? array->data : element; }
};

// `wanted[k]`, where not null, fixes the type of operand k (dtype=, signature=).
bool resolve_loop(UfuncObject* ufunc, Argument* inputs, ArrayDescr* const* wanted, Casting casting, Loop* loop);
// dtype= and signature= choose a class of types: TypeError where an order of bytes, a size or a unit is asked for.
Ref<ArrayDescr> loop_type(PyObject* object);
// dtype= of reductions: 1, or 0 with an error; None leaves `out`, a Ref<ArrayDescr>, null.
int loop_type_converter(PyObject* object, void* out);
// Sums and differences of times are of times, whatever type is asked for.
bool ignores_wanted_type(const UfuncObject* ufunc, const ArrayDescr* descr);
// The loop T,T->T that a reduction over elements of `descr` uses.
bool resolve_reduction(UfuncObject* ufunc, ArrayDescr* descr, Loop* loop);

// Runs the loop over the space: operands as given by their descriptors; `mask_operand` >= 0 selects elements (where=).
// Returns LoopError bits; a Python error may be set by foreign loops.
uint32_t run_loop(const Loop& loop, int nin, int nargs, LoopSpace& space, ArrayDescr* const* descrs, int mask_operand);
// One call of a generated kernel if it has a body for these strides; false when operands must be packed first.
bool call_kernel(const Loop& loop, int nin, int nargs, char* const* pointers, const intp* strides, intp count,
                 uint32_t* errors);

PyObject* ufunc_vectorcall(PyObject* self, PyObject* const* args, size_t nargsf, PyObject* kwnames);
// Two operands, no keywords: what Python operators call.
PyObject* ufunc_binary(UfuncObject* ufunc, PyObject* a, PyObject* b);
// The same for two scalars: errors say "scalar add", and integers that wrap around report an overflow.
PyObject* ufunc_scalars(UfuncObject* ufunc, PyObject* a, PyObject* b);
PyObject* ufunc_unary(UfuncObject* ufunc, PyObject* a);
PyObject* ufunc_inplace(UfuncObject* ufunc, PyObject* a, PyObject* b);

// axes: null for all. `out`, `initial` and `where` (bools that broadcast to the array) may be null. `keep_array`: no
// scalar for a result without dimensions.
PyObject* ufunc_reduce(UfuncObject* ufunc, ArrayObject* array, int axis_count, const intp* axes, ArrayDescr* dtype,
                       ArrayObject* out, bool keepdims, PyObject* initial, bool keep_array = false,
                       ArrayObject* where = nullptr);
// Whether a method that takes two operands to one can run; false with an error that names it.
bool is_binary(UfuncObject* ufunc, const char* method);
PyObject* ufunc_reduce_method(PyObject* self, PyObject* const* args, Py_ssize_t nargs, PyObject* kwnames);
// Parses reduce's arguments for ndarray.sum, max, ...; `default_axis_all` when axis is absent.
PyObject* reduce_with_arguments(UfuncObject* ufunc, PyObject* array, PyObject* const* args, Py_ssize_t nargs,
                                PyObject* kwnames, bool array_method);

Ref<UfuncObject> new_ufunc(const char* name, int nin, int nout);
// NumPy's strided loops with their types, operand by operand; the arrays live as long as the ufunc.
struct StridedLoops {
  LegacyLoop* functions;
  void* const* data;
  const char* types;
  int count;
};
Ref<UfuncObject> new_generalized_ufunc(const char* name, const char* signature, int nin, int nout,
                                       const StridedLoops& loops, const char* doc);
PyObject* ufunc_accumulate_method(PyObject* self, PyObject* const* args, Py_ssize_t nargs, PyObject* kwnames);
// Parses the arguments of ndarray.cumsum and ndarray.cumprod.
PyObject* accumulate_with_arguments(UfuncObject* ufunc, const char* name, PyObject* array, PyObject* const* args,
                                    Py_ssize_t nargs, PyObject* kwnames);
PyObject* ufunc_outer_method(PyObject* self, PyObject* const* args, Py_ssize_t nargs, PyObject* kwnames);
PyObject* ufunc_reduceat_method(PyObject* self, PyObject* const* args, Py_ssize_t nargs, PyObject* kwnames);
PyObject* ufunc_at_method(PyObject* self, PyObject* const* args, Py_ssize_t nargs, PyObject* kwnames);
// The type that NumPy accumulates in when none is asked for.
ArrayDescr* accumulator_descr(UfuncObject* ufunc, ArrayDescr* descr);
// What a reduction starts from.
Identity identity_of(const UfuncObject* ufunc);

// The loop is tried before those that were registered earlier, or, `last`, after them.
int register_user_loop(UfuncObject* ufunc, const UserLoop& loop, bool last = false);
UfuncObject* find_ufunc(const char* name);  // borrowed, from the generated rows

// __array_ufunc__ of any argument. Returns 1 with a result (or an error, null), 0 when there is no override.
int check_ufunc_override(UfuncObject* ufunc, const char* method, PyObject* const* args, Py_ssize_t nargs,
                         PyObject* kwnames, PyObject* out, PyObject** result);
// The same for a method, whose `out` is sought among the keyword arguments.
int check_method_override(UfuncObject* ufunc, const char* method, PyObject* const* args, Py_ssize_t nargs,
                          PyObject* kwnames, PyObject** result);
PyObject* keyword_out(PyObject* const* args, Py_ssize_t nargs, PyObject* kwnames);  // borrowed, or null
bool has_array_ufunc_override(PyObject* object);
// Whether a binary operator should return NotImplemented and leave the work to `other`.
bool should_defer(PyObject* self, PyObject* other, bool inplace = false);

int init_ufuncs(PyObject* module);

}  // namespace wasmnp
