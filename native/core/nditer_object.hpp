// What the parts of nditer's Python type share.
#pragma once

#include "nditer.hpp"

namespace wasmnp {

// nditer_arguments.cpp: each reads one argument into the request; null and None leave its default. False with an error.
bool parse_operands(PyObject* object, IterRequest* request);  // the first: it tells how many operands there are
bool parse_global_flags(PyObject* object, IterRequest* request);
bool parse_operand_flags(PyObject* object, IterRequest* request);
bool parse_dtypes(PyObject* object, IterRequest* request);
bool parse_op_axes(PyObject* object, IterRequest* request);
bool parse_iteration_shape(PyObject* object, IterRequest* request);
// What is written to must be an array to begin with.
bool check_written(PyObject* object, const IterRequest& request);

// nditer_object.cpp: an object of the type around an iterator, which it owns, also where it fails.
Ref<> nditer_around(NdIterator* iterator);
// From now on `inner` starts where `outer` stands.
void nest(PyObject* outer, PyObject* inner);
bool reset_nested(PyObject* outer);

}  // namespace wasmnp
