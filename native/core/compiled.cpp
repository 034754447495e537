#include "compiled.hpp"

#include <cstdlib>
#include <cstring>

#include "../python/arguments.hpp"
#include "casting.hpp"
#include "machine_code.hpp"
#include "state.hpp"

namespace wasmnp {

namespace {

// Exports a compiled loop with NumPy's strided signature.
void compiled_as_strided(char** args, const intp* dimensions, const intp* strides, void* data) {
  static_cast<const CompiledLoop*>(data)->bodies.strided(args, strides, *dimensions);
}

bool grow(UfuncObject* ufunc) {
  const auto count = static_cast<size_t>(ufunc->ntypes) + 1, nargs = static_cast<size_t>(ufunc->nargs);
  auto* functions = static_cast<LegacyLoop*>(std::realloc(ufunc->functions, count * sizeof(LegacyLoop)));
  if (functions) ufunc->functions = functions;
  auto** data = static_cast<void**>(std::realloc(const_cast<void**>(ufunc->data), count * sizeof(void*)));
  if (data) ufunc->data = data;
  auto* types = static_cast<char*>(std::realloc(const_cast<char*>(ufunc->types), count * nargs));
  if (types) ufunc->types = types;
  if (!functions || !data || !types) return PyErr_NoMemory(), false;
  return true;
}

template <class Function>
bool address_from(PyObject* object, Function* function) {
  void* address = PyLong_AsVoidPtr(object);
  if (!address && PyErr_Occurred()) return false;
  *function = reinterpret_cast<Function>(address);
  return true;
}

// loop: (type codes such as "ff->f", address of the contiguous body, address of the strided body, owner)
CompiledLoop* add_compiled_loop(UfuncObject* ufunc, PyObject* description, unsigned weak) {
  if (!PyTuple_Check(description) || PyTuple_Size(description) != 4) {
    PyErr_Format(PyExc_TypeError, "a loop is a tuple (types, contiguous, strided, owner), not %R", description);
    return nullptr;
  }
  const char* codes = PyUnicode_AsUTF8AndSize(PyTuple_GetItem(description, 0), nullptr);
  if (!codes) return nullptr;
  int type_nums[kMaxOperands], count = 0;
  for (const char* p = codes; *p && count <= ufunc->nargs; p++) {
    if (p == codes + ufunc->nin && !std::strncmp(p, "->", 2)) {
      p++;
      continue;
    }
    const char code[2] = {*p, 0};
    Ref<> text = steal(PyUnicode_FromString(code));
    Ref<ArrayDescr> descr = text ? descr_from_object(text.get()) : Ref<ArrayDescr>();
    if (!descr) return nullptr;
    if (count < ufunc->nargs) type_nums[count] = descr->type_num;
    count++;
  }
  if (count != ufunc->nargs) {
    PyErr_Format(PyExc_ValueError, "the types '%s' are not those of %d inputs and %d outputs", codes, ufunc->nin,
                 ufunc->nout);
    return nullptr;
  }
  BlockKernel contiguous;
  StridedKernel strided;
  if (!address_from(PyTuple_GetItem(description, 1), &contiguous) ||
      !address_from(PyTuple_GetItem(description, 2), &strided) || !grow(ufunc))
    return nullptr;
  auto* loop = static_cast<CompiledLoop*>(std::calloc(1, sizeof(CompiledLoop)));
  if (!loop) return PyErr_NoMemory(), nullptr;
  loop->bodies = {contiguous, nullptr, nullptr, strided};
  loop->weak = weak;
  loop->owner = new_ref(PyTuple_GetItem(description, 3));
  const int t = ufunc->ntypes++;
  ufunc->functions[t] = compiled_as_strided;
  const_cast<void**>(ufunc->data)[t] = loop;
  for (int k = 0; k < ufunc->nargs; k++) {
    loop->type_nums[k] = type_nums[k];
    const_cast<char*>(ufunc->types)[t * ufunc->nargs + k] = static_cast<char>(type_nums[k]);
  }
  CompiledUfunc* compiled = ufunc->compiled;
  (compiled->last ? compiled->last->next : compiled->first) = loop;
  return compiled->last = loop;
}

// Whether a Python number may become an element of a loop's type.
bool weak_fits(char weak, const ArrayDescr* own) {
  const char* kinds = weak == 'i' ? "iufc" : weak == 'f' ? "fc" : "c";
  return std::strchr(kinds, own->kind);
}

// The integer type for a Python integer whose type `settled` is that of the floats around it; null where it is not.
// Compiled functions may count with it.
ArrayDescr* whole_among_floats(const Argument& input, const ArrayDescr* settled) {
  if (settled->kind != 'f' && settled->kind != 'c') return nullptr;
  int overflow;
  const long long value = PyLong_AsLongLongAndOverflow(input.object, &overflow);
  if (overflow) return nullptr;
  return descr_of(value == static_cast<int32_t>(value) ? Element::Int32 : Element::Int64);
}

bool take(UfuncObject* ufunc, const CompiledLoop* found, Loop* loop) {
  loop->bodies = &found->bodies;
  loop->packs = true;
  for (int k = 0; k < ufunc->nargs; k++) loop->descrs[k] = descr_from_type_num(found->type_nums[k]);
  return true;
}

// make_compiled_ufunc(name, nin, nout, identity, doc, compiler, loops)
PyObject* make_compiled_ufunc(PyObject*, PyObject* const* args, Py_ssize_t nargs, PyObject* kwnames) {
  static const char* const names[] = {"name", "nin", "nout", "identity", "doc", "compiler", "loops"};
  PyObject* values[7];
  if (!parse_arguments({"make_compiled_ufunc", names, 7, 7}, args, nargs, kwnames, values)) return nullptr;
  const char* name = PyUnicode_AsUTF8AndSize(values[0], nullptr);
  const char* doc = name ? PyUnicode_AsUTF8AndSize(values[4], nullptr) : nullptr;
  if (!doc) return nullptr;
  const long nin = PyLong_AsLong(values[1]), nout = PyLong_AsLong(values[2]);
  if (PyErr_Occurred()) return nullptr;
  if (nin < 1 || nout < 1 || nin + nout > kMaxOperands) {
    PyErr_Format(PyExc_ValueError, "a ufunc of %ld inputs and %ld outputs; there may be up to %d operands", nin, nout,
                 kMaxOperands);
    return nullptr;
  }
  Ref<UfuncObject> ufunc = new_ufunc(name, static_cast<int>(nin), static_cast<int>(nout));
  if (!ufunc) return nullptr;
  auto* compiled = static_cast<CompiledUfunc*>(std::calloc(1, sizeof(CompiledUfunc)));
  if (!compiled) return PyErr_NoMemory();
  ufunc->compiled = compiled;
  compiled->name = new_ref(values[0]);
  compiled->doc = new_ref(values[4]);
  compiled->compiler = new_ref(values[5]);
  ufunc->doc = doc;
  if (PyUnicode_Check(values[3])) {
    ufunc->identity = -2;
  } else if (values[3] != Py_None) {
    const long identity = PyLong_AsLong(values[3]);
    if (identity == -1 && PyErr_Occurred()) return nullptr;
    if (identity != 0 && identity != 1) {
      PyErr_Format(PyExc_ValueError, "identity is None, 0, 1 or 'reorderable', not %R", values[3]);
      return nullptr;
    }
    ufunc->identity = static_cast<int>(identity);
  }
  const Py_ssize_t count = PySequence_Size(values[6]);
  for (Py_ssize_t i = 0; i < count; i++) {
    Ref<> loop = steal(PySequence_GetItem(values[6], i));
    if (!loop || !add_compiled_loop(ufunc.get(), loop.get(), 0)) return nullptr;
  }
  return count < 0 ? nullptr : ufunc.release_object();
}

// invoke(address, arguments, results): one call of `int32_t f(char* arguments, char* results)`.
PyObject* invoke(PyObject*, PyObject* const* args, Py_ssize_t nargs) {
  int (*function)(char*, char*);
  if (nargs != 3 || !PyBytes_Check(args[1]) || !PyByteArray_Check(args[2])) {
    PyErr_SetString(PyExc_TypeError, "invoke takes an address, bytes and a bytearray");
    return nullptr;
  }
  if (!address_from(args[0], &function)) return nullptr;
  return PyLong_FromLong(function(PyBytes_AsString(args[1]), PyByteArray_AsString(args[2])));
}

PyObject* data_address(PyObject*, PyObject* array) {
  if (is_array(array)) return PyLong_FromVoidPtr(as_array(array)->data);
  PyErr_Format(PyExc_TypeError, "an ndarray is needed, not %R", reinterpret_cast<PyObject*>(Py_TYPE(array)));
  return nullptr;
}

}  // namespace

bool find_compiled_loop(UfuncObject* ufunc, ArrayDescr** given, const Argument* inputs, ArrayDescr* const* wanted,
                        Casting casting, Loop* loop) {
  PyObject* compiler = ufunc->compiled->compiler;
  ArrayDescr* types[kMaxOperands];
  unsigned weak = 0;
  for (int i = 0; i < ufunc->nin; i++) {
    types[i] = given[i];
    ArrayDescr* whole =
        inputs && inputs[i].weak == 'i' && compiler != Py_None ? whole_among_floats(inputs[i], given[i]) : nullptr;
    if (!whole) continue;
    types[i] = whole;
    weak |= 1u << i;
  }
  const auto search = [&](auto fits_input) {
    for (const CompiledLoop* found = ufunc->compiled->first; found; found = found->next) {
      bool fits = true;
      for (int k = 0; fits && k < ufunc->nargs; k++) {
        if (wanted && wanted[k]) {
          fits = wanted[k]->type_num == found->type_nums[k];
        } else if (k < ufunc->nin) {
          fits = fits_input(k, *found);
        }
      }
      if (fits) return take(ufunc, found, loop);
    }
    return false;
  };
  const auto exact = [&](int k, const CompiledLoop& found) {
    return found.weak == weak && types[k]->type_num == found.type_nums[k];
  };
  if (search(exact)) return true;
  if (compiler != Py_None) {
    char codes[2 * kMaxOperands + 1] = {}, *code = codes;
    for (int i = 0; i < ufunc->nin; i++) {
      if (weak >> i & 1) *code++ = '~';
      *code++ = (wanted && wanted[i] ? wanted[i] : types[i])->type;
    }
    Ref<> description = steal(PyObject_CallFunction(compiler, "Os", reinterpret_cast<PyObject*>(ufunc), codes));
    if (!description) return false;
    if (description.get() != Py_None) {
      if (!add_compiled_loop(ufunc, description.get(), weak)) return false;
      if (search(exact)) return true;
    }
  }
  for (const Casting rule : {Casting::Safe, casting}) {
    if (rule != Casting::Safe && !wanted) break;
    const auto fits = [&](int k, const CompiledLoop& found) {
      const ArrayDescr* own = descr_from_type_num(found.type_nums[k]);
      if (found.weak) return false;
      return can_cast(given[k], own, rule) || (inputs && inputs[k].weak && weak_fits(inputs[k].weak, own));
    };
    if (search(fits)) return true;
  }
  return false;
}

void release_compiled(UfuncObject* ufunc) {
  CompiledUfunc* compiled = ufunc->compiled;
  for (CompiledLoop* loop = compiled->first; loop;) {
    CompiledLoop* next = loop->next;
    Py_DECREF(loop->owner);
    std::free(loop);
    loop = next;
  }
  Py_XDECREF(compiled->compiler);
  Py_XDECREF(compiled->name);
  Py_XDECREF(compiled->doc);
  std::free(compiled);
  std::free(ufunc->functions);
  std::free(const_cast<void**>(ufunc->data));
  std::free(const_cast<char*>(ufunc->types));
}

PyMethodDef compiled_functions[] = {
    {"make_compiled_ufunc", as_method(make_compiled_ufunc), kFastKeywords,
     "make_compiled_ufunc(name, nin, nout, identity, doc, compiler, loops)\n\n"
     "A ufunc over loops that are compiled at run time: wasmnp.jit."},
    {"invoke", as_method(reinterpret_cast<FastFunction>(reinterpret_cast<void*>(invoke))), METH_FASTCALL,
     "invoke(address, arguments, results)\n\nCall code made at run time: wasmnp.jit."},
    {"data_address", data_address, METH_O, "data_address(array)\n\nWhere the first element lies in memory."},
#if defined(__wasm__)
    {"instantiate", as_method(reinterpret_cast<FastFunction>(reinterpret_cast<void*>(instantiate))), METH_FASTCALL,
     "instantiate(code, data_size)\n\nLoad a module of WebAssembly: wasmnp.jit."},
#endif
    {nullptr, nullptr, 0, nullptr},
};

}  // namespace wasmnp
