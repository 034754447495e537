// The ufunc object.
#include "ufunc.hpp"

#include <cstdlib>
#include <cstring>

#include "../abi/gufunc_signature.hpp"
#include "../python/arguments.hpp"
#include "compiled.hpp"
#include "core_loops.hpp"
#include "state.hpp"

namespace wasmnp {

namespace {

UfuncObject* as_ufunc(PyObject* self) { return reinterpret_cast<UfuncObject*>(self); }

constexpr int kMaxUfuncs = 160;
UfuncObject* ufuncs[kMaxUfuncs];  // one per generated row

int type_num_of(Element element) {
  static const int type_nums[kKernelElements] = {kBool,  kByte,   kUByte, kShort, kUShort, kInt32,  kUInt32,
                                                 kInt64, kUInt64, kHalf,  kFloat, kDouble, kCFloat, kCDouble};
  return type_nums[static_cast<int>(element)];
}

// Exports a generated kernel with NumPy's strided signature; `data` is its index in loop_rows.
void block_as_strided(char** args, const intp* dimensions, const intp* strides, void* data) {
  const auto index = static_cast<int>(reinterpret_cast<intptr_t>(data));
  Loop loop;
  loop.bodies = &state.routines->loops[index];
  const LoopRow& row = loop_rows[index];
  const UfuncRow* owner = nullptr;
  for (int i = 0; i < ufunc_row_count && !owner; i++)
    if (index >= ufunc_rows[i].first_loop && index < ufunc_rows[i].first_loop + ufunc_rows[i].loop_count)
      owner = &ufunc_rows[i];
  const int nin = owner->nin, nargs = owner->nin + owner->nout;
  for (int k = 0; k < nargs; k++) loop.descrs[k] = descr_of(row.operands[k]);
  LoopSpace space;
  space.nd = 1;
  space.shape[0] = *dimensions;
  space.operands = nargs;
  for (int k = 0; k < nargs; k++) {
    space.data[k] = args[k];
    space.strides[k][0] = strides[k];
  }
  run_loop(loop, nin, nargs, space, loop.descrs, -1);
}

void ufunc_dealloc(PyObject* self) {
  UfuncObject* ufunc = as_ufunc(self);
  if (ufunc->compiled) release_compiled(ufunc);
  for (UserLoop* loop = ufunc->user_loops; loop;) std::free(std::exchange(loop, loop->next));
  if (!ufunc->row) std::free(ufunc->ptr);
  std::free(ufunc->op_flags);
  std::free(ufunc->core_num_dims);
  std::free(ufunc->core_dim_ixs);
  std::free(ufunc->core_offsets);
  std::free(ufunc->core_signature);
  Py_XDECREF(ufunc->identity_value);
  Py_XDECREF(ufunc->obj);
  Py_XDECREF(ufunc->dict);
  PyObject_Free(self);
}

PyObject* ufunc_repr(PyObject* self) { return PyUnicode_FromFormat("<ufunc '%s'>", as_ufunc(self)->name); }

PyObject* ufunc_call(PyObject* self, PyObject* args, PyObject* kwargs) {
  return call_as_vector(ufunc_vectorcall, self, args, kwargs);
}

const char* parameters_of(const UfuncObject* ufunc) {
  if (ufunc->row && ufunc->row->parameters) return ufunc->row->parameters;
  return ufunc->nin == 1 ? "x" : ufunc->nin == 2 ? "x1, x2" : "*args";
}

PyObject* signature_text(UfuncObject* ufunc) {
  Ref<> outputs = steal(PyUnicode_FromString(ufunc->nout == 1 ? "None" : "(None"));
  for (int i = 1; outputs && i < ufunc->nout; i++)
    outputs = steal(PyUnicode_FromFormat(i + 1 < ufunc->nout ? "%U, None" : "%U, None)", outputs.get()));
  if (!outputs) return nullptr;
  const char* own = ufunc->core_enabled ? "axes=<no value>, axis=<no value>, keepdims=False" : "where=True";
  return PyUnicode_FromFormat(
      "(%s, /, out=%U, *, %s, casting='same_kind', order='K', dtype=None, subok=True, signature=None)",
      parameters_of(ufunc), outputs.get(), own);
}

PyObject* get_doc(PyObject* self, void*) {
  UfuncObject* ufunc = as_ufunc(self);
  if (!ufunc->row) return PyUnicode_FromFormat("%s(...)\n\n%s", ufunc->name, ufunc->doc ? ufunc->doc : "");
  // NumPy's first lines have optional parameters in brackets.
  const char* const rest = "where=True, casting='same_kind', order='K', dtype=None, subok=True[, signature])";
  Ref<> outputs = steal(PyUnicode_FromString(", /, out=None"));
  if (ufunc->nout > 1) {
    Ref<> names = steal(PyUnicode_FromString("out1")), nones = steal(PyUnicode_FromString("None"));
    for (int i = 2; names && nones && i <= ufunc->nout; i++) {
      names = steal(PyUnicode_FromFormat("%U, out%d", names.get(), i));
      nones = steal(PyUnicode_FromFormat("%U, None", nones.get()));
    }
    if (!names || !nones) return nullptr;
    outputs = steal(PyUnicode_FromFormat("[, %U], / [, out=(%U)]", names.get(), nones.get()));
  }
  return outputs ? PyUnicode_FromFormat("%s(%s%U, *, %s\n\n%s", ufunc->name, parameters_of(ufunc), outputs.get(), rest,
                                        ufunc->row->doc)
                 : nullptr;
}
PyObject* get_text_signature(PyObject* self, void*) { return signature_text(as_ufunc(self)); }
PyObject* get_python_signature(PyObject* self, void*) {
  Ref<> text = steal(signature_text(as_ufunc(self)));
  Ref<> parse = text ? steal(import_member("_core._signatures", "signature_from_text")) : Ref<>();
  return parse ? PyObject_CallFunctionObjArgs(parse.get(), text.get(), nullptr) : nullptr;
}
PyObject* get_signature(PyObject* self, void*) {
  const char* text = as_ufunc(self)->core_signature;
  return text ? PyUnicode_FromString(text) : new_ref(Py_None);
}
PyObject* get_name(PyObject* self, void*) { return PyUnicode_FromString(as_ufunc(self)->name); }
PyObject* get_module(PyObject*, void*) { return PyUnicode_FromString(identity()); }

PyObject* get_identity(PyObject* self, void*) {
  UfuncObject* ufunc = as_ufunc(self);
  const bool truth = ufunc->traits & kTellsTruth;
  if (ufunc->identity_value) return new_ref(ufunc->identity_value);
  switch (identity_of(ufunc)) {
    case Identity::Zero: return truth ? PyBool_FromLong(0) : PyLong_FromLong(0);
    case Identity::One: return truth ? PyBool_FromLong(1) : PyLong_FromLong(1);
    case Identity::MinusOne: return PyLong_FromLong(-1);
    case Identity::MinusInfinity: return PyFloat_FromDouble(-__builtin_inf());
    default: return new_ref(Py_None);
  }
}

PyObject* get_compiler(PyObject* self, void*) {
  const CompiledUfunc* compiled = as_ufunc(self)->compiled;
  return new_ref(compiled ? compiled->compiler : Py_None);
}

PyObject* get_types(PyObject* self, void*) {
  UfuncObject* ufunc = as_ufunc(self);
  Ref<> list = steal(PyList_New(0));
  for (int t = 0; list && t < ufunc->ntypes; t++) {
    char text[2 * kMaxOperands + 4];
    int at = 0;
    for (int k = 0; k < ufunc->nargs && k < kMaxOperands; k++) {
      if (k == ufunc->nin) {
        text[at++] = '-';
        text[at++] = '>';
      }
      const ArrayDescr* descr = descr_from_type_num(ufunc->types[t * ufunc->nargs + k]);
      text[at++] = descr ? descr->type : '?';
    }
    text[at] = 0;
    Ref<> entry = steal(PyUnicode_FromString(text));
    if (!entry || PyList_Append(list.get(), entry.get()) < 0) return nullptr;
  }
  return list.release();
}

PyGetSetDef getset[] = {
    {"__doc__", get_doc, nullptr, nullptr, nullptr},
    {"__text_signature__", get_text_signature, nullptr, nullptr, nullptr},
    {"__signature__", get_python_signature, nullptr, nullptr, nullptr},
    {"__name__", get_name, nullptr, nullptr, nullptr},
    {"__qualname__", get_name, nullptr, nullptr, nullptr},
    {"__module__", get_module, nullptr, nullptr, nullptr},
    {"identity", get_identity, nullptr, "Identity value of reductions, or None.", nullptr},
    {"_compiler", get_compiler, nullptr, "What compiles the loops of a ufunc of wasmnp.jit; else None.", nullptr},
    {"types", get_types, nullptr, "The loops, as 'inputs->outputs' type codes.", nullptr},
    {"signature", get_signature, nullptr, "Core dimensions of a generalized ufunc, or None.", nullptr},
    {nullptr, nullptr, nullptr, nullptr, nullptr},
};

PyMemberDef members[] = {
    {"nin", T_INT, offsetof(UfuncObject, nin), READONLY, "Number of inputs."},
    {"nout", T_INT, offsetof(UfuncObject, nout), READONLY, "Number of outputs."},
    {"nargs", T_INT, offsetof(UfuncObject, nargs), READONLY, "Number of inputs and outputs."},
    {"ntypes", T_INT, offsetof(UfuncObject, ntypes), READONLY, "Number of loops."},
    {nullptr, 0, 0, 0, nullptr},
};

PyObject* ufunc_reduce_pickle(PyObject* self, PyObject*) { return get_name(self, nullptr); }

PyMethodDef methods[] = {
    {"reduce", as_method(ufunc_reduce_method), kFastKeywords,
     "reduce($self, array, /, axis=0, dtype=None, out=None, **kwargs)\n--\n\n"
     "Combine the elements along one or more axes with this ufunc.\n\n"
     "Parameters\n----------\narray : array_like\naxis : None, int or tuple of ints\n    None reduces all axes.\n"
     "dtype : dtype, optional\n    Type to accumulate in.\nout : ndarray, optional\nkeepdims : bool\n"
     "    Keep reduced axes with length 1.\ninitial : scalar, optional\n    Value to start from.\n"
     "where : array_like of bool, optional\n    The elements to combine.\n\n"
     "Raises\n------\nValueError\n    For an empty reduction of an operation without identity.\n\n"
     "Examples\n--------\n>>> import wasmnp as np\n>>> np.add.reduce(np.array([[1, 2], [3, 4]]), axis=1)\narray([3, "
     "7])"},
    {"accumulate", as_method(ufunc_accumulate_method), kFastKeywords,
     "accumulate($self, array, /, axis=0, dtype=None, out=None)\n--\n\n"
     "Combine the elements along an axis with this ufunc, keeping every intermediate result.\n\n"
     "Parameters\n----------\narray : array_like\naxis : int\ndtype : dtype, optional\n"
     "    Type to accumulate in.\nout : ndarray, optional\n\nReturns\n-------\nndarray\n    Of the shape of "
     "`array`.\n\n"
     "Raises\n------\nValueError\n    For ufuncs that are not binary.\nTypeError\n    For an array without dimensions."
     "\n\nExamples\n--------\n>>> import wasmnp as np\n>>> np.add.accumulate(np.array([1, 2, 3]))\narray([1, 3, 6])"},
    {"reduceat", as_method(ufunc_reduceat_method), kFastKeywords,
     "reduceat($self, array, /, indices, axis=0, dtype=None, out=None)\n--\n\n"
     "Reduce slices along an axis: each from one index to the next, or, where that is not larger, one element.\n\n"
     "Parameters\n----------\narray : array_like\nindices : array_like of int, 1-d\naxis : int\n"
     "dtype : dtype, optional\n    Type to accumulate in.\nout : ndarray, optional\n\nReturns\n-------\nndarray\n\n"
     "Raises\n------\nIndexError\n    For an index out of bounds.\n\n"
     "Examples\n--------\n>>> import wasmnp as np\n>>> np.add.reduceat(np.arange(8), [0, 4, 6])\n"
     "array([ 6,  9, 13])"},
    {"at", as_method(ufunc_at_method), kFastKeywords,
     "at($self, a, indices, b=None, /)\n--\n\n"
     "Apply this ufunc in place at indices; an element that is named twice is changed twice.\n\n"
     "Parameters\n----------\na : ndarray\nindices : array_like or tuple\n    As in ``a[indices]``.\nb : "
     "array_like\n    The second operand of a binary ufunc.\n\n"
     "Examples\n--------\n>>> import wasmnp as np\n>>> a = np.zeros(3)\n>>> np.add.at(a, [0, 0, 2], 1)\n>>> a\n"
     "array([2., 0., 1.])"},
    {"outer", as_method(ufunc_outer_method), kFastKeywords,
     "outer($self, A, B, /, **kwargs)\n--\n\n"
     "Apply this ufunc to all pairs of an element of `A` and an element of `B`.\n\n"
     "Parameters\n----------\nA, B : array_like\n**kwargs\n    As of the ufunc.\n\nReturns\n-------\nndarray\n"
     "    Of shape ``A.shape + B.shape``.\n\nRaises\n------\nValueError\n    For ufuncs that are not binary.\n\n"
     "Examples\n--------\n>>> import wasmnp as np\n>>> np.multiply.outer(np.array([1, 2]), np.array([3, 4]))\n"
     "array([[3, 4],\n       [6, 8]])"},
    {"__reduce__", ufunc_reduce_pickle, METH_NOARGS, "Helper for pickle."},
    {nullptr, nullptr, 0, nullptr},
};

}  // namespace

constinit PyTypeObject Ufunc_Type = static_type("ufunc", sizeof(UfuncObject), kHaveVectorcall,
                                                "Functions that operate element by element on whole arrays.");

Ref<UfuncObject> new_ufunc(const char* name, int nin, int nout) {
  auto* ufunc = static_cast<UfuncObject*>(PyObject_Malloc(sizeof(UfuncObject)));
  if (!ufunc) {
    PyErr_NoMemory();
    return nullptr;
  }
  std::memset(static_cast<void*>(ufunc), 0, sizeof *ufunc);
  PyObject_Init(reinterpret_cast<PyObject*>(ufunc), &Ufunc_Type);
  ufunc->nin = nin;
  ufunc->nout = nout;
  ufunc->nargs = nin + nout;
  ufunc->identity = -1;
  ufunc->name = name;
  ufunc->vectorcall = ufunc_vectorcall;
  for (int16_t& index : ufunc->homogeneous) index = -1;
  // Extensions write operand flags for NumPy's iterator here.
  ufunc->op_flags = static_cast<uint32_t*>(std::calloc(static_cast<size_t>(nin + nout), sizeof(uint32_t)));
  if (!ufunc->op_flags) {
    PyObject_Free(ufunc);
    PyErr_NoMemory();
    return nullptr;
  }
  return Ref<UfuncObject>::steal(ufunc);
}

Ref<UfuncObject> new_generalized_ufunc(const char* name, const char* signature, int nin, int nout,
                                       const StridedLoops& loops, const char* doc) {
  Ref<UfuncObject> ufunc = new_ufunc(name, nin, nout);
  if (!ufunc) return nullptr;
  ufunc->functions = loops.functions;
  ufunc->data = loops.data;
  ufunc->types = loops.types;
  ufunc->ntypes = loops.count;
  ufunc->doc = doc;
  return parse_core_signature(ufunc.get(), signature) ? std::move(ufunc) : nullptr;
}

Identity identity_of(const UfuncObject* ufunc) {
  if (ufunc->row) return ufunc->row->identity;
  if (!ufunc->compiled) return Identity::None;
  return ufunc->identity == 0    ? Identity::Zero
         : ufunc->identity == 1  ? Identity::One
         : ufunc->identity == -2 ? Identity::ReorderableNone
                                 : Identity::None;
}

UfuncObject* find_ufunc(const char* name) {
  for (int i = 0; i < ufunc_row_count; i++)
    if (!std::strcmp(ufunc_rows[i].name, name)) return ufuncs[i];
  return nullptr;
}

namespace {

unsigned traits_of(const char* name) {
  static const struct {
    const char* name;
    unsigned traits;
  } table[] = {{"add", kFoldsSum | kWidensIntegers | kReportsWrapping},
               {"subtract", kRefusesBooleans | kReportsWrapping},
               {"multiply", kWidensIntegers | kReportsWrapping},
               {"divide", kDividesAsFloat},
               {"negative", kRefusesBooleans},
               {"gcd", kRefusesBooleans},
               {"lcm", kRefusesBooleans},
               {"positive", kRefusesBooleans},
               {"sign", kRefusesBooleans},
               {"logical_and", kTellsTruth},
               {"logical_or", kTellsTruth},
               {"logical_xor", kTellsTruth},
               {"maximum", kFoldsMaximum},
               {"minimum", kFoldsMinimum}};
  for (const auto& entry : table)
    if (!std::strcmp(entry.name, name)) return entry.traits;
  return 0;
}

// The other names of a ufunc, separated by blanks.
int add_aliases(PyObject* module, const char* names, PyObject* ufunc) {
  while (names && *names) {
    const size_t length = std::strcspn(names, " ");
    Ref<> name = steal(PyUnicode_FromStringAndSize(names, static_cast<Py_ssize_t>(length)));
    if (!name || PyObject_SetAttr(module, name.get(), ufunc) < 0) return -1;
    names += length + (names[length] == ' ');
  }
  return 0;
}

// A loop as the C-ABI and `ufunc.types` show it.
struct ListedLoop {
  char types[kMaxOperands];
  LegacyLoop function;
  void* data;
};

// Loops on times take their unit from descriptors, which this signature lacks.
void refuse_times(char**, const intp*, const intp*, void*) {
  PyErr_SetString(PyExc_TypeError, "loops on datetime64 and timedelta64 cannot be called without their units");
}

// Type number of a character.
int type_num_of(char code) {
  static const char codes[] = "?bBhHiIlLqQfdgFDGOSUVMme";  // NumPy numbers its types in this order
  return static_cast<int>(std::strchr(codes, code) - codes);
}

class LoopList {
 public:
  explicit LoopList(int nargs) : nargs_(nargs) {}
  void add(const ListedLoop& loop) {
    if (count_ < kMost) loops_[count_++] = loop;
  }
  template <class Visit>
  void for_each(Visit visit) const {
    for (int i = 0; i < count_; i++) visit(loops_[i]);
  }
  // The loops in NumPy's order, which `text` has: "bb->b dd->d".
  bool give_to(UfuncObject* ufunc, const char* text) const {
    const auto n = std::strlen(text) / 3;
    auto* functions = static_cast<LegacyLoop*>(std::calloc(n, sizeof(LegacyLoop)));
    auto** data = static_cast<void**>(std::calloc(n, sizeof(void*)));
    char* types = static_cast<char*>(std::calloc(n, static_cast<size_t>(nargs_)));
    if (!functions || !data || !types) return PyErr_NoMemory(), false;
    while (*text) {
      char* const wanted = types + ufunc->ntypes * nargs_;
      bool times = false;
      for (int k = 0; *text && *text != ' '; text++) {
        if (*text == '-' || *text == '>') continue;
        times |= *text == 'M' || *text == 'm';
        wanted[k++] = static_cast<char>(type_num_of(*text));
      }
      if (*text) text++;
      const ListedLoop* found = find(wanted);
      if (!found && !times) continue;
      functions[ufunc->ntypes] = found ? found->function : refuse_times;
      data[ufunc->ntypes] = found ? found->data : nullptr;
      ufunc->ntypes++;
    }
    ufunc->functions = functions;
    ufunc->data = data;
    ufunc->types = types;
    return true;
  }

 private:
  const ListedLoop* find(const char* types) const {
    for (int i = 0; i < count_; i++)
      if (!std::memcmp(loops_[i].types, types, static_cast<size_t>(nargs_))) return &loops_[i];
    return nullptr;
  }
  static constexpr int kMost = 48;
  int nargs_, count_ = 0;
  ListedLoop loops_[kMost];
};

// The second integer type of the width that `type_num` has, or the type itself.
char other_integer(char type_num) {
  if (sizeof(long) == 8) return type_num == kLong ? kLongLong : type_num == kULong ? kULongLong : type_num;
  return type_num == kLong ? kInt : type_num == kULong ? kUInt : type_num;
}

int add_core_loops(UfuncObject* ufunc, CoreLoops loops, LoopList& list) {
  for (int i = 0; i < loops.count; i++) {
    const CoreLoop& row = loops.first[i];
    if (std::strcmp(row.ufunc, ufunc->name)) continue;
    UserLoop loop{row.function, nullptr, row.data, {}, nullptr};
    ListedLoop listed{{}, row.function, row.data};
    int k = 0;
    for (const char* code = row.types; *code; code++) {
      if (*code == '-' || *code == '>') continue;
      loop.type_nums[k] = type_num_of(*code);
      listed.types[k] = static_cast<char>(loop.type_nums[k]);
      k++;
    }
    list.add(listed);
    if (register_user_loop(ufunc, loop, /*last=*/true) < 0) return -1;
  }
  return 0;
}

int fill_loops(UfuncObject* ufunc, const UfuncRow& row) {
  LoopList list(ufunc->nargs);
  for (int i = 0; i < row.loop_count; i++) {
    const int index = row.first_loop + i;
    const LoopRow& loop = loop_rows[index];
    bool same = true;
    for (int k = 1; k < row.nin; k++) same &= loop.operands[k] == loop.operands[0];
    int16_t& first = ufunc->homogeneous[static_cast<int>(loop.operands[0])];
    if (same && first < 0) first = static_cast<int16_t>(index);
    if (!loop.built) continue;
    ListedLoop listed{{}, block_as_strided, reinterpret_cast<void*>(static_cast<intptr_t>(index))};
    for (int k = 0; k < ufunc->nargs; k++) listed.types[k] = static_cast<char>(type_num_of(loop.operands[k]));
    list.add(listed);
  }
  const LoopList kernels = list;
  kernels.for_each([&](ListedLoop loop) {
    bool other = false;
    for (int k = 0; k < ufunc->nargs; k++) {
      const char type_num = std::exchange(loop.types[k], other_integer(loop.types[k]));
      other |= loop.types[k] != type_num;
    }
    if (other) list.add(loop);
  });
  if (add_core_loops(ufunc, long_double_loops(), list) < 0 || add_core_loops(ufunc, object_loops(), list) < 0)
    return -1;
  return list.give_to(ufunc, row.types) ? 0 : -1;
}

}  // namespace

int init_ufuncs(PyObject* module) {
  Ufunc_Type.tp_vectorcall_offset = offsetof(UfuncObject, vectorcall);
  Ufunc_Type.tp_dealloc = ufunc_dealloc;
  Ufunc_Type.tp_repr = ufunc_repr;
  Ufunc_Type.tp_str = ufunc_repr;
  Ufunc_Type.tp_call = ufunc_call;
  Ufunc_Type.tp_getset = getset;
  Ufunc_Type.tp_members = members;
  Ufunc_Type.tp_methods = methods;
  if (ready_public_type(&Ufunc_Type, "ufunc") < 0) return -1;
  if (PyModule_AddObjectRef(module, "ufunc", reinterpret_cast<PyObject*>(&Ufunc_Type)) < 0) return -1;
  if (ufunc_row_count > kMaxUfuncs) {
    PyErr_SetString(PyExc_SystemError, "table of ufuncs is full");
    return -1;
  }
  for (int i = 0; i < ufunc_row_count; i++) {
    const UfuncRow& row = ufunc_rows[i];
    Ref<UfuncObject> ufunc = new_ufunc(row.name, row.nin, row.nout);
    if (!ufunc) return -1;
    ufunc->row = &row;
    ufunc->doc = row.doc;
    ufunc->traits = traits_of(row.name);
    ufunc->identity = row.identity == Identity::Zero              ? 0
                      : row.identity == Identity::One             ? 1
                      : row.identity == Identity::MinusOne        ? 2
                      : row.identity == Identity::ReorderableNone ? -2
                                                                  : -1;
    if (fill_loops(ufunc.get(), row) < 0) return -1;
    if (PyModule_AddObjectRef(module, row.name, ufunc.object()) < 0) return -1;
    if (add_aliases(module, row.alias, ufunc.object()) < 0) return -1;
    ufuncs[i] = ufunc.release();
  }
  return 0;
}

}  // namespace wasmnp
