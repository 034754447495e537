// Ufuncs whose loops are compiled while the program runs, and calls of other code made then.
#pragma once

#include "ufunc.hpp"

namespace wasmnp {

struct CompiledLoop {
  LoopBodies bodies;
  int type_nums[kMaxOperands];
  unsigned weak;    // bits of the inputs that are Python integers, which take the type of what they meet
  PyObject* owner;  // keeps the code alive
  CompiledLoop* next;
};

// What such a ufunc has beyond its loops. `compiler` is None or a function of the ufunc and the input type codes that
// gives the arguments of add_compiled_loop, or None, or raises; it must not refer to the ufunc. A code after '~' is the
// type that holds a Python integer among floats.
struct CompiledUfunc {
  PyObject *compiler, *name, *doc;
  CompiledLoop *first, *last;
};

// `inputs`, where given, tells which types are those of weak numbers.
bool find_compiled_loop(UfuncObject* ufunc, ArrayDescr** types, const Argument* inputs, ArrayDescr* const* wanted,
                        Casting casting, Loop* loop);
void release_compiled(UfuncObject* ufunc);

extern PyMethodDef compiled_functions[];

}  // namespace wasmnp
