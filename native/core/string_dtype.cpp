// StringDType: text of any length. An element refers to a Python str, or to nothing, the empty text.
#include "string_dtype.hpp"

#include <cstring>

#include "array.hpp"
#include "casting.hpp"
#include "scalar.hpp"
#include "state.hpp"

namespace wasmnp {

namespace {

PyTypeObject* string_class;
DTypeSlots slots;

// What a descriptor carries behind c_metadata.
struct Options {
  PyObject* na_object;  // stands for missing text; null: there is none
  bool coerce;          // whether other objects are turned into text
};
Options* options_of(const ArrayDescr* descr) { return static_cast<Options*>(descr->c_metadata); }

bool is_missing(const ArrayDescr* descr, PyObject* value) {
  const PyObject* na = options_of(descr)->na_object;
  return na && (value == na || (PyFloat_Check(value) && PyFloat_Check(const_cast<PyObject*>(na)) &&
                                PyFloat_AsDouble(value) != PyFloat_AsDouble(value)));
}

PyObject* getitem(ArrayDescr*, const char* data) {
  PyObject* object;
  std::memcpy(&object, data, sizeof object);
  return object ? new_ref(object) : PyUnicode_FromString("");
}

int setitem(ArrayDescr* descr, PyObject* value, char* data) {
  Ref<> text;
  if (is_missing(descr, value)) {
    text = borrow(options_of(descr)->na_object);
  } else if (PyUnicode_Check(value)) {
    text = steal(PyUnicode_FromObject(value));
  } else if (!options_of(descr)->coerce) {
    PyErr_SetString(PyExc_ValueError, "StringDType only allows string data when string coercion is disabled.");
  } else {
    text = steal(PyObject_Str(value));
  }
  if (!text) return -1;
  put_object(data, std::move(text));
  return 0;
}

PyObject* new_string_descr(PyTypeObject*, PyObject* args, PyObject* kwargs) {
  PyObject* na_object = nullptr;
  int coerce = 1;
  static const char* keywords[] = {"coerce", "na_object", nullptr};
  if (!PyArg_ParseTupleAndKeywords(args, kwargs, "|$pO:StringDType", const_cast<char**>(keywords), &coerce, &na_object))
    return nullptr;
  return string_descr(na_object, coerce).release_object();
}

}  // namespace

bool is_string(const ArrayDescr* descr) { return descr->type_num == kStringType; }

Ref<ArrayDescr> string_descr(PyObject* na_object, bool coerce) {
  auto* options = static_cast<Options*>(PyMem_Malloc(sizeof(Options)));
  auto* descr = options ? PyObject_New(ArrayDescr, string_class) : nullptr;
  if (!descr) {
    PyMem_Free(options);
    if (!PyErr_Occurred()) PyErr_NoMemory();
    return nullptr;
  }
  const PyObject header = *reinterpret_cast<PyObject*>(descr);
  std::memset(static_cast<void*>(descr), 0, sizeof *descr);
  *reinterpret_cast<PyObject*>(descr) = header;
  *options = {na_object, coerce};
  Py_XINCREF(na_object);
  descr->typeobj = &PyUnicode_Type;
  descr->kind = descr->type = 'T';
  descr->byteorder = '|';
  descr->type_num = kStringType;
  descr->flags = kItemHasReferences | kNeedsInit;
  descr->elsize = 16;
  descr->alignment = alignof(void*);
  descr->hash = -1;
  descr->c_metadata = options;
  return Ref<ArrayDescr>::steal(descr);
}

void free_string_options(ArrayDescr* descr) {
  Py_XDECREF(options_of(descr)->na_object);
  PyMem_Free(options_of(descr));
}

bool equivalent_strings(const ArrayDescr* a, const ArrayDescr* b) {
  if (!is_string(a) || !is_string(b)) return false;
  const Options *x = options_of(a), *y = options_of(b);
  if (x->coerce != y->coerce || !x->na_object != !y->na_object) return false;
  return x->na_object == y->na_object || PyObject_RichCompareBool(x->na_object, y->na_object, Py_EQ) == 1 ||
         is_missing(a, y->na_object);
}

PyObject* string_descr_text(const ArrayDescr* descr) {
  const Options* options = options_of(descr);
  Ref<> na = options->na_object ? steal(PyUnicode_FromFormat("na_object=%R", options->na_object)) : Ref<>();
  if (na && !options->coerce) return PyUnicode_FromFormat("StringDType(%U, coerce=False)", na.get());
  if (na) return PyUnicode_FromFormat("StringDType(%U)", na.get());
  return PyUnicode_FromString(options->coerce ? "StringDType()" : "StringDType(coerce=False)");
}

int compare_strings(const char* a, const char* b, int operation) {
  Ref<> x = steal(getitem(nullptr, a)), y = steal(getitem(nullptr, b));
  return x && y ? PyObject_RichCompareBool(x.get(), y.get(), operation) : -1;
}

namespace {
template <int operation>
int compare_runs(MethodContext*, char* const* data, const intp* dimensions, const intp* strides, void*) {
  for (intp i = 0; i < *dimensions; i++) {
    const int truth = compare_strings(data[0] + i * strides[0], data[1] + i * strides[1], operation);
    if (truth < 0) return -1;
    data[2][i * strides[2]] = static_cast<char>(truth);
  }
  return 0;
}
}  // namespace

bool find_string_loop(UfuncObject* ufunc, ArrayDescr* const* types, Loop* loop) {
  static const struct {
    const char* name;
    MethodLoop method;
  } rows[] = {{"equal", compare_runs<Py_EQ>},   {"not_equal", compare_runs<Py_NE>},
              {"less", compare_runs<Py_LT>},    {"less_equal", compare_runs<Py_LE>},
              {"greater", compare_runs<Py_GT>}, {"greater_equal", compare_runs<Py_GE>}};
  if (ufunc->nin != 2 || (!is_string(types[0]) && !is_string(types[1]))) return false;
  ArrayDescr* common = is_string(types[0]) ? types[0] : types[1];
  for (const auto& row : rows) {
    if (std::strcmp(row.name, ufunc->name)) continue;
    loop->method = row.method;
    loop->descrs[0] = loop->descrs[1] = common;
    loop->descrs[2] = descr_of(Element::Bool);
    return true;
  }
  return false;
}

int init_string_dtype(PyObject* module) {
  slots = {getitem, setitem, nullptr, nullptr};
  string_class = new_dtype_class("dtypes.StringDType", &PyUnicode_Type, kStringType, &slots);
  if (!string_class) return -1;
  string_class->tp_new = new_string_descr;
  dtype_tail(string_class)->flags = kDTypeParametric;
  return PyModule_AddObjectRef(module, "StringDType", reinterpret_cast<PyObject*>(string_class));
}

}  // namespace wasmnp
