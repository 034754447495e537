// The signatures that `inspect` reads from the docs of methods and types.
#pragma once

#include <Python.h>

namespace wasmnp {

// Puts "name(signature)\n--\n\n" before the docs of methods that arrays and scalars share, where they have no
// signature.
void sign_methods(PyMethodDef* methods);
// The doc of a type behind the signature of its constructor.
void sign_type(PyTypeObject* type, const char* name, const char* signature);

}  // namespace wasmnp
