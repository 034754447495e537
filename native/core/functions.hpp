#pragma once

#include <Python.h>

namespace wasmnp {
int init_functions(PyObject* module);
extern PyMethodDef promotion_functions[];   // promotion.cpp
extern PyMethodDef joining_functions[];     // concatenate.cpp
extern PyMethodDef overlap_functions[];     // memory_overlap.cpp
extern PyMethodDef flat_index_functions[];  // flat_index.cpp
extern PyMethodDef bit_functions[];         // pack_bits.cpp
extern PyMethodDef einsum_functions[];      // einsum.cpp
extern PyMethodDef series_functions[];      // series.cpp
extern PyMethodDef sort_functions[];        // sort.cpp
extern PyMethodDef iterator_functions[];    // from_iterator.cpp
int init_dispatcher(PyObject* module);      // dispatcher.cpp
int init_text(PyObject* module);            // format.cpp
int init_random(PyObject* module);          // random.cpp
int init_python_ufuncs(PyObject* module);   // python_ufuncs.cpp
int init_linear_algebra(PyObject* module);  // lu.cpp
int init_fourier(PyObject* module);         // fourier.cpp
}  // namespace wasmnp
