// What the arguments of a ufunc call say, for the two ways of executing it.
#pragma once

#include "ufunc.hpp"

namespace wasmnp {

struct Call {
  PyObject* out[kMaxOperands] = {};  // borrowed; null or an array
  PyObject* where = nullptr;
  Ref<ArrayDescr> wanted[kMaxOperands];
  bool any_wanted = false, subok = true, scalars = false, out_given = false;
  bool arrays = false;  // out=...: results are arrays even without dimensions
  Casting casting = Casting::SameKind;
  Order order = Order::K;
  // Of generalized ufuncs:
  PyObject *axes = nullptr, *axis = nullptr;
  bool keepdims = false, keepdims_given = false;
};

int raise_output_casting(UfuncObject* ufunc, Casting casting, ArrayDescr* from, ArrayDescr* to, int index);
// The __array_wrap__ of the input with the highest priority, or null when no input is more than a plain array.
Ref<> find_wrap(UfuncObject* ufunc, Argument* inputs);
// One result: as it is where it was given, wrapped, or a scalar where it has no dimensions. Steals `output`.
Ref<> wrap_result(UfuncObject* ufunc, PyObject* const* args, const Call& call, int index, Ref<ArrayObject> output,
                  PyObject* wrap, bool returns_scalar);

// gufunc_call.cpp
PyObject* execute_generalized(UfuncObject* ufunc, PyObject* const* args, Call& call);

}  // namespace wasmnp
