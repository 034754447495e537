// The array object: allocation, views, flags, copies and conversion of Python objects to arrays.
#pragma once

#include "dtype.hpp"

namespace wasmnp {

extern PyTypeObject Array_Type;

inline bool is_exact_array(PyObject* object) { return Py_IS_TYPE(object, &Array_Type); }
inline bool is_array(PyObject* object) { return is_exact_array(object) || PyObject_TypeCheck(object, &Array_Type); }
inline ArrayObject* as_array(PyObject* object) { return reinterpret_cast<ArrayObject*>(object); }

inline intp array_size(const ArrayObject* array) {
  intp size = 1;
  for (int i = 0; i < array->nd; i++) size *= array->dimensions[i];
  return size;
}

// ---- memory (memory.cpp)
char* allocate_data(intp bytes, bool zeroed);
void free_data(char* data, intp bytes, PyObject* handler);
ArrayObject* allocate_array_object();
void release_array_object(ArrayObject* array);
int init_memory();

// ---- making arrays
struct NewArray {
  PyTypeObject* subtype = &Array_Type;
  PyObject* prototype = nullptr;  // handed to __array_finalize__ of a subtype
  const intp* strides = nullptr;  // bytes; null: contiguous in `order`
  Order order = Order::C;
  bool zeroed = false;
};
Ref<ArrayObject> new_array(ArrayDescr* descr, int nd, const intp* dims, const NewArray& options = {});
// A view of memory that `base` keeps alive (chains of views collapse to the owner).
Ref<ArrayObject> new_view(PyObject* base, ArrayDescr* descr, int nd, const intp* dims, const intp* strides, char* data,
                          int flags, PyTypeObject* subtype = &Array_Type, PyObject* prototype = nullptr);
// A view of the same memory with another shape and strides, of the array's own type.
Ref<ArrayObject> view_of(ArrayObject* array, int nd, const intp* dims, const intp* strides, char* data);
// An array like `model` in memory order: K keeps its axis order.
Ref<ArrayObject> new_like(ArrayObject* model, ArrayDescr* descr, Order order, PyTypeObject* subtype,
                          PyObject* prototype);
void fill_strides(intp itemsize, int nd, const intp* dims, Order order, intp* strides);
// Strides of a new array whose axes are ordered as those of `strides` (its K order).
void fill_strides_like(intp itemsize, int nd, const intp* dims, const intp* model_strides, intp* strides);
void update_flags(ArrayObject* array);

// ---- conversion (coerce.cpp)
enum class CopyMode : int { Never, Always, IfNeeded };
struct FromAny {
  ArrayDescr* descr = nullptr;  // borrowed; null: discovered
  Order order = Order::K;
  CopyMode copy = CopyMode::IfNeeded;
  bool subok = false;
  int ndmin = 0;
  int max_depth = kMaxDims;  // deeper nesting of sequences is an error
};
Ref<ArrayObject> array_from_any(PyObject* object, const FromAny& options = {});
Ref<ArrayObject> array_from_buffer(PyObject* object);  // null without error: no buffer
// The bytes of any contiguous buffer, kept alive by a memoryview.
struct ByteMemory {
  Ref<> owner;  // null with an error where the object offers none
  char* data = nullptr;
  intp length = 0;
  bool readonly = false;

  explicit ByteMemory(PyObject* object);
};
// Element type of one Python or NumPy scalar; null without an error for anything else.
ArrayDescr* scalar_descr(PyObject* object);

// ---- copying (assign.cpp)
// Broadcasts `source` into `target`, converting elements; overlap is safe.
int copy_into(ArrayObject* target, ArrayObject* source);
int assign_object(ArrayObject* target, PyObject* value);
// One element; sequences raise what the type makes of them.
int assign_element(ArrayDescr* descr, char* data, PyObject* value);
int warn_complex_to_real(const ArrayDescr* from, const ArrayDescr* to);
Ref<ArrayObject> copy_array(ArrayObject* array, ArrayDescr* descr, Order order, bool subok);
bool may_overlap(const ArrayObject* a, const ArrayObject* b);
int require_writeable(const ArrayObject* array, const char* what = "assignment destination");

// ---- shape (shape.cpp)
Ref<ArrayObject> reshape(ArrayObject* array, int nd, const intp* dims, Order order, bool allow_copy);
Ref<ArrayObject> ravel(ArrayObject* array, Order order, bool always_copy);
Ref<ArrayObject> transpose(ArrayObject* array, const intp* axes);  // null axes: reversed
// "(2, 3)" for messages.
Ref<> shape_text(int nd, const intp* dims);
// "(2, 3) " at the end of a message's list of shapes; false with an error.
bool add_shape(Ref<>* list, int nd, const intp* dims);
Ref<> intp_tuple(int nd, const intp* values);
// Parses an int or a sequence of ints; returns the count or -1.
int parse_shape(PyObject* object, intp* dims, const char* what = "shape");
int normalize_axis(intp* axis, int nd);  // AxisError when out of range
int order_converter(PyObject* object, void* out);
// One shape for all, NumPy's ValueError when they do not fit. `dims`/`nd` hold the result so far.
bool broadcast_shape(int* nd, intp* dims, int other_nd, const intp* other);

// ---- indexing (indexing.cpp)
PyObject* array_subscript(PyObject* self, PyObject* key);
int array_ass_subscript(PyObject* self, PyObject* key, PyObject* value);

// ---- results
// A 0-d array becomes a scalar; others pass through. Steals.
PyObject* array_return(Ref<ArrayObject> array);
PyObject* array_item(ArrayObject* array, const char* data);  // NumPy scalar of the element

int init_array(PyObject* module);

}  // namespace wasmnp
