// NumPy scalars: the tree of types under `generic`, and values between elements and scalars.
#pragma once

#include "dtype.hpp"

namespace wasmnp {

extern PyTypeObject Generic_Type;
PyTypeObject* builtin_scalar_type(int index);  // of a row of builtin_types
// Copies the value of a scalar of that very type; false for any other object.
bool scalar_value(PyObject* object, Element element, char* out);
bool is_builtin_scalar(PyObject* object);  // an instance of exactly one of the built-in scalar types

PyObject* make_float64(double value);
bool is_float64(PyObject* object);  // of exactly that type
// The scalar (for user types: what their getitem makes) of an element in memory.
PyObject* scalar_from_data(ArrayDescr* descr, const char* data);
// The value of a scalar whose type `descr` describes, native-endian.
int scalar_to_data(PyObject* scalar, ArrayDescr* descr, char* out);

int init_scalar_types();                               // readies the types; before the dtypes
int add_scalar_types(PyObject* module);                // after the dtypes
PyTypeObject* abstract_scalar_type(const char* name);  // "generic", "number", ...
PyObject* boolean_value(int index);                    // borrowed np.False_ or np.True_

}  // namespace wasmnp
