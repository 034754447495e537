// Calls of ufuncs: arguments, broadcasting, outputs, overlap, wrapping of results.
#include <cstring>

#include "../python/nonlimited.hpp"
#include "casting.hpp"
#include "errstate.hpp"
#include "scalar.hpp"
#include "state.hpp"
#include "ufunc_call.hpp"

namespace wasmnp {

namespace {

bool set_out(Call* call, int index, PyObject* value) {
  if (value == Py_None) return true;
  if (value == Py_Ellipsis) {
    PyErr_SetString(PyExc_TypeError, "out=... is only allowed as a keyword argument.");
    return false;
  }
  if (!is_array(value)) {
    PyErr_SetString(PyExc_TypeError, "return arrays must be of ArrayType");
    return false;
  }
  call->out[index] = value;
  return true;
}

bool parse_out(UfuncObject* ufunc, Call* call, PyObject* value) {
  if (value == Py_None) return true;
  if (value == Py_Ellipsis) return call->arrays = true;
  if (PyTuple_Check(value)) {
    if (PyTuple_Size(value) != ufunc->nout) {
      PyErr_SetString(PyExc_ValueError, "The 'out' tuple must have exactly one entry per ufunc output");
      return false;
    }
    for (int i = 0; i < ufunc->nout; i++)
      if (!set_out(call, i, PyTuple_GetItem(value, i))) return false;
    return true;
  }
  if (ufunc->nout != 1) {
    PyErr_SetString(PyExc_TypeError, "'out' must be a tuple of arrays");
    return false;
  }
  return set_out(call, 0, value);
}

// signature=: "dd->d", or a tuple with a dtype or None per operand, or one dtype for the output.
// dtype=, and signature= of a single type: that of all outputs.
bool want_outputs(UfuncObject* ufunc, Call* call, PyObject* value) {
  Ref<ArrayDescr> descr = loop_type(value);
  if (!descr) return false;
  for (int k = ufunc->nin; k < ufunc->nargs; k++) call->wanted[k] = Ref<ArrayDescr>::borrow(descr.get());
  return call->any_wanted = true;
}

bool parse_signature(UfuncObject* ufunc, Call* call, PyObject* value) {
  if (PyUnicode_Check(value) && PyUnicode_GetLength(value) > 1) {
    const char* text = PyUnicode_AsUTF8AndSize(value, nullptr);
    if (!text) return false;
    int k = 0;
    for (const char* p = text; *p; p++) {
      if (p == text + ufunc->nin && !std::strncmp(p, "->", 2)) {
        p++;
        continue;
      }
      const char code[2] = {*p, 0};
      Ref<> name = steal(PyUnicode_FromString(code));
      if (k >= ufunc->nargs || !name) break;
      call->wanted[k] = descr_from_object(name.get());
      if (!call->wanted[k++]) return false;
    }
    call->any_wanted = true;
    if (k == ufunc->nargs) return true;
    PyErr_Format(PyExc_ValueError, "the signature '%s' does not have the %d inputs and %d outputs of ufunc '%s'", text,
                 ufunc->nin, ufunc->nout, ufunc->name);
    return false;
  }
  if (PyTuple_Check(value) && PyTuple_Size(value) == ufunc->nargs) {
    for (int k = 0; k < ufunc->nargs; k++) {
      PyObject* entry = PyTuple_GetItem(value, k);
      if (entry == Py_None) continue;
      call->any_wanted = true;
      call->wanted[k] = loop_type(entry);
      if (!call->wanted[k]) return false;
    }
    return true;
  }
  return want_outputs(ufunc, call, value);
}

bool parse_keyword(UfuncObject* ufunc, Call* call, PyObject* name, PyObject* value) {
  const auto is = [name](const char* text) { return PyUnicode_CompareWithASCIIString(name, text) == 0; };
  if (is("out")) {
    call->out_given = true;
    return parse_out(ufunc, call, value);
  }
  if (is("where") && !ufunc->core_enabled) {
    call->where = value == Py_True ? nullptr : value;
    return true;
  }
  const bool is_dtype = is("dtype");
  if (is_dtype || is("signature") || is("sig")) {
    if (value == Py_None) return true;
    if (call->any_wanted) {
      PyErr_SetString(PyExc_TypeError, "cannot specify both 'signature' and 'dtype'");
      return false;
    }
    return is_dtype ? want_outputs(ufunc, call, value) : parse_signature(ufunc, call, value);
  }
  if (is("casting")) return casting_converter(value, &call->casting);
  if (is("order")) return order_converter(value, &call->order);
  if (is("subok")) {
    if (!PyBool_Check(value)) {
      PyErr_SetString(PyExc_TypeError, "'subok' must be a boolean");
      return false;
    }
    call->subok = value == Py_True;
    return true;
  }
  if (ufunc->core_enabled && (is("axes") || is("axis"))) {
    (is("axes") ? call->axes : call->axis) = value;
    return true;
  }
  if (ufunc->core_enabled && is("keepdims")) {
    if (!PyBool_Check(value)) {
      PyErr_SetString(PyExc_TypeError, "'keepdims' must be a boolean");
      return false;
    }
    call->keepdims = value == Py_True;
    call->keepdims_given = true;
    return true;
  }
  PyErr_Format(PyExc_TypeError, "%s() got an unexpected keyword argument '%U'", ufunc->name, name);
  return false;
}

}  // namespace

int raise_output_casting(UfuncObject* ufunc, Casting casting, ArrayDescr* from, ArrayDescr* to, int index) {
  Ref<> type = steal(import_member("_core._exceptions", "_UFuncOutputCastingError"));
  Ref<> error =
      type ? steal(PyObject_CallFunction(type.get(), "OsOOi", reinterpret_cast<PyObject*>(ufunc), casting_name(casting),
                                         reinterpret_cast<PyObject*>(from), reinterpret_cast<PyObject*>(to), index))
           : Ref<>();
  if (error) PyErr_SetObject(type.get(), error.get());
  return -1;
}

namespace {

void raise_broadcast(UfuncObject* ufunc, Argument* inputs) {
  Ref<> text = steal(PyUnicode_FromString(""));
  for (int i = 0; text && i < ufunc->nin; i++) {
    ArrayObject* array = inputs[i].array.get();
    if (!add_shape(&text, inputs[i].nd(), array ? array->dimensions : nullptr)) return;
  }
  if (text) PyErr_Format(PyExc_ValueError, "operands could not be broadcast together with shapes %U", text.get());
}

bool same_elements(const ArrayObject* a, const ArrayObject* b, intp itemsize) {
  if (a->data != b->data || a->nd != b->nd || a->descr->elsize != itemsize) return false;
  for (int i = 0; i < a->nd; i++)
    if (a->dimensions[i] != b->dimensions[i] || (a->dimensions[i] > 1 && a->strides[i] != b->strides[i])) return false;
  return true;
}

}  // namespace

Ref<> find_wrap(UfuncObject* ufunc, Argument* inputs) {
  static Name wrap_name("__array_wrap__"), priority_name("__array_priority__");
  Ref<> best;
  double best_priority = 0;
  for (int i = 0; i < ufunc->nin; i++) {
    PyObject* object = inputs[i].object;
    if (is_exact_array(object) || inputs[i].weak || (scalar_descr(object) && !is_array(object))) continue;
    if (PyList_Check(object) || PyTuple_Check(object)) continue;
    Ref<> wrap = steal(PyObject_GetAttr(object, wrap_name.get()));
    if (!wrap) {
      PyErr_Clear();
      continue;
    }
    double priority = 0;
    if (Ref<> value = steal(PyObject_GetAttr(object, priority_name.get()))) priority = PyFloat_AsDouble(value.get());
    PyErr_Clear();
    if (!best || priority > best_priority) {
      best = std::move(wrap);
      best_priority = priority;
    }
  }
  return best;
}

Ref<> wrap_result(UfuncObject* ufunc, PyObject* const* args, const Call& call, int index, Ref<ArrayObject> output,
                  PyObject* wrap, bool returns_scalar) {
  if (call.out[index]) return Ref<>(std::move(output));
  if (call.arrays) returns_scalar = false;
  if (!wrap) return returns_scalar ? steal(array_return(std::move(output))) : Ref<>(std::move(output));
  Ref<> inputs = steal(PyTuple_New(ufunc->nin));
  if (!inputs) return nullptr;
  for (int i = 0; i < ufunc->nin; i++) PyTuple_SetItem(inputs.get(), i, new_ref(args[i]));
  return steal(PyObject_CallFunction(wrap, "O(OOi)O", output.object(), reinterpret_cast<PyObject*>(ufunc), inputs.get(),
                                     index, returns_scalar ? Py_True : Py_False));
}

namespace {

// Comparisons with a Python int beyond the array's type are exact: every element compares alike, and two Python ints as
// in Python.
bool constant_comparison(UfuncObject* ufunc, Argument* inputs, int big, bool* result) {
  static const struct {
    const char* name;
    bool if_second_larger, if_second_smaller;
    int operation;
  } rules[] = {{"equal", false, false, Py_EQ},  {"not_equal", true, true, Py_NE},
               {"less", true, false, Py_LT},    {"less_equal", true, false, Py_LE},
               {"greater", false, true, Py_GT}, {"greater_equal", false, true, Py_GE}};
  for (const auto& rule : rules) {
    if (std::strcmp(ufunc->name, rule.name)) continue;
    if (inputs[0].weak == 'i' && inputs[1].weak == 'i') {
      const int truth = PyObject_RichCompareBool(inputs[0].object, inputs[1].object, rule.operation);
      *result = truth > 0;
      return truth >= 0;
    }
    Ref<> zero = steal(PyLong_FromLong(0));
    const int positive = zero ? PyObject_RichCompareBool(inputs[big].object, zero.get(), Py_GT) : -1;
    if (positive < 0) return false;
    const bool second_larger = (big == 1) == (positive == 1);
    *result = second_larger ? rule.if_second_larger : rule.if_second_smaller;
    return true;
  }
  return false;
}

// The two scalars as T, and whether their sum, difference or product does not fit.
template <class T>
bool wraps_around_as(Element element, char name, Argument* inputs, T* result) {
  T operands[2] = {};
  for (int i = 0; i < 2; i++) {
    Transfer widen;
    if (!widen.prepare(inputs[i].descr, descr_of(element))) return PyErr_Clear(), false;
    widen.run(reinterpret_cast<char*>(&operands[i]), 0, inputs[i].element, 0, 1);
  }
  return name == 'a'   ? __builtin_add_overflow(operands[0], operands[1], result)
         : name == 's' ? __builtin_sub_overflow(operands[0], operands[1], result)
                       : __builtin_mul_overflow(operands[0], operands[1], result);
}

// Whether a sum, difference or product of two integer scalars does not fit the loop's type.
bool wraps_around(UfuncObject* ufunc, const Loop& loop, Argument* inputs) {
  ArrayDescr* descr = loop.descrs[0];
  const char name = ufunc->name[0];
  if (!(ufunc->traits & kReportsWrapping) || (descr->kind != 'i' && descr->kind != 'u') || inputs[0].array ||
      inputs[1].array)
    return false;
  if (descr->kind == 'u' && descr->elsize == 8) {
    uint64_t unused;
    return wraps_around_as(Element::UInt64, name, inputs, &unused);
  }
  int64_t result = 0;
  const bool overflow = wraps_around_as(Element::Int64, name, inputs, &result);
  const int bits = static_cast<int>(descr->elsize) * 8;
  if (overflow || bits == 64) return overflow;
  const int64_t low = descr->kind == 'u' ? 0 : -(int64_t{1} << (bits - 1));
  const int64_t high = descr->kind == 'u' ? (int64_t{1} << bits) - 1 : (int64_t{1} << (bits - 1)) - 1;
  return result < low || result > high;
}

// What two scalars raise: errors say "scalar add", and integers that wrap around are an overflow.
int report_scalar_errors(UfuncObject* ufunc, const Loop& loop, Argument* inputs, uint32_t errors) {
  errors |= wraps_around(ufunc, loop, inputs) ? kOverflow : 0u;
  if (!errors) return 0;
  char label[64];
  PyOS_snprintf(label, sizeof label, "scalar %s", ufunc->name);
  return report_errors(errors, label);
}

PyObject* execute(UfuncObject* ufunc, PyObject* const* args, Call& call) {
  const int nin = ufunc->nin, nargs = ufunc->nargs;
  if (nargs > kMaxOperands) {
    PyErr_Format(PyExc_NotImplementedError, "ufunc '%s' has more than %d operands", ufunc->name, kMaxOperands);
    return nullptr;
  }
  if (ufunc->core_enabled) return execute_generalized(ufunc, args, call);
  Argument inputs[kMaxOperands];
  for (int i = 0; i < nin; i++)
    if (!inputs[i].set(args[i])) return nullptr;
  ArrayDescr* wanted[kMaxOperands];
  for (int k = 0; k < nargs; k++) wanted[k] = call.wanted[k].get();
  Loop loop;
  if (!resolve_loop(ufunc, inputs, call.any_wanted ? wanted : nullptr, call.casting, &loop)) return nullptr;
  int constant = -1;
  bool constant_value = false;
  for (int i = 0; i < nin; i++) {
    if (inputs[i].become(loop.descrs[i])) continue;
    if (!PyErr_ExceptionMatches(PyExc_OverflowError) || loop.descrs[i]->kind == 'f') return nullptr;
    {
      SavedError overflow;
      if (constant_comparison(ufunc, inputs, i, &constant_value)) constant = i;
    }
    if (constant < 0) return nullptr;
    PyErr_Clear();
    std::memset(inputs[i].element, 0, sizeof inputs[i].element);
  }

  // Shape of the result: inputs, where=, then outputs that were given.
  LoopSpace space;
  bool fits = true, returns_scalar = true;
  for (int i = 0; i < nin; i++) {
    const ArrayObject* array = inputs[i].array.get();
    if (array) fits = fits && broadcast_shape(&space.nd, space.shape, array->nd, array->dimensions);
    returns_scalar &= inputs[i].nd() == 0;
  }
  if (!fits) return raise_broadcast(ufunc, inputs), nullptr;
  Ref<ArrayObject> mask;
  if (call.where) {
    if (!call.out_given &&
        PyErr_WarnEx(
            PyExc_UserWarning,
            "'where' used without 'out', expect unitialized memory in output. If this is intentional, use out=None.",
            1) < 0)
      return nullptr;
    FromAny options;  // sequences of numbers become booleans, arrays must be of them
    if (PyList_Check(call.where) || PyTuple_Check(call.where)) options.descr = descr_of(Element::Bool);
    Ref<ArrayObject> given = array_from_any(call.where, options);
    if (given && !can_cast(given->descr, descr_of(Element::Bool), Casting::Safe)) {
      PyErr_Format(PyExc_TypeError, "Cannot cast array data from %R to dtype('bool') according to the rule 'safe'",
                   reinterpret_cast<PyObject*>(given->descr));
      return nullptr;
    }
    mask = std::move(given);
    if (!mask) return nullptr;
    if (!broadcast_shape(&space.nd, space.shape, mask->nd, mask->dimensions)) {
      PyErr_SetString(PyExc_ValueError, "operands could not be broadcast together with the shape of 'where'");
      return nullptr;
    }
    returns_scalar &= mask->nd == 0;
  }
  for (int o = 0; o < ufunc->nout; o++) {
    ArrayObject* out = as_array(call.out[o]);
    if (!out) continue;
    if (!can_cast(loop.descrs[nin + o], out->descr, call.casting))
      return raise_output_casting(ufunc, call.casting, loop.descrs[nin + o], out->descr, o), nullptr;
    intp dims[kMaxDims];
    int nd = space.nd;
    std::memcpy(dims, space.shape, sizeof(intp) * static_cast<size_t>(nd));
    bool same = broadcast_shape(&nd, dims, out->nd, out->dimensions) && nd == out->nd;
    for (int i = 0; same && i < nd; i++) same = dims[i] == out->dimensions[i];
    if (!same) {
      Ref<> own = shape_text(out->nd, out->dimensions), result = shape_text(space.nd, space.shape);
      if (own && result)
        PyErr_Format(PyExc_ValueError,
                     "non-broadcastable output operand with shape %U doesn't match the broadcast shape %U", own.get(),
                     result.get());
      return nullptr;
    }
    space.nd = nd;
    std::memcpy(space.shape, dims, sizeof(intp) * static_cast<size_t>(nd));
    if (require_writeable(out, "output array") < 0) return nullptr;
  }

  // Inputs that share memory with an output, other than element for element, are read from a copy.
  for (int o = 0; o < ufunc->nout; o++) {
    ArrayObject* out = as_array(call.out[o]);
    if (!out) continue;
    for (int i = 0; i <= nin; i++) {
      Ref<ArrayObject>& input = i < nin ? inputs[i].array : mask;
      if (!input || !may_overlap(out, input.get())) continue;
      if (i < nin && same_elements(out, input.get(), out->descr->elsize) && ufunc->nout == 1) continue;
      input = copy_array(input.get(), input->descr, Order::K, false);
      if (!input) return nullptr;
    }
  }

  ArrayDescr* descrs[kMaxOperands];
  for (int i = 0; i < nin; i++) {
    ArrayObject* array = inputs[i].array.get();
    descrs[i] = array ? array->descr : inputs[i].descr;
    space.add(inputs[i].data(), inputs[i].nd(), array ? array->dimensions : nullptr, array ? array->strides : nullptr);
  }
  Ref<ArrayObject> outputs[kMaxOperands];
  for (int o = 0; o < ufunc->nout; o++) {
    if (call.out[o]) {
      outputs[o] = Ref<ArrayObject>::borrow(call.out[o]);
    } else {
      NewArray layout;
      intp strides[kMaxDims];
      layout.order = call.order == Order::F ? Order::F : Order::C;
      if (call.order == Order::K || call.order == Order::Any) {
        // K order: the axes as the inputs have them.
        bool c_order = true, all_f = true;
        for (int i = 0; i < nin; i++) {
          const ArrayObject* array = inputs[i].array.get();
          if (!array || array->nd == 0) continue;
          c_order &= (array->flags & kCContiguous) && array->nd == space.nd;
          all_f &= (array->flags & kFContiguous) && array->nd == space.nd;
        }
        if (call.order == Order::Any) {
          layout.order = all_f && !c_order ? Order::F : Order::C;
        } else if (!c_order && space.nd > 1) {
          LoopSpace sorted;
          sorted.nd = space.nd;
          sorted.operands = nin;
          std::memcpy(sorted.shape, space.shape, sizeof(intp) * static_cast<size_t>(space.nd));
          for (int i = 0; i < nin; i++)
            std::memcpy(sorted.strides[i], space.strides[i], sizeof(intp) * static_cast<size_t>(space.nd));
          fill_sorted_strides(sorted, loop.descrs[nin + o]->elsize, strides);
          layout.strides = strides;
        }
      }
      outputs[o] = new_array(loop.descrs[nin + o], space.nd, space.shape, layout);
      if (!outputs[o]) return nullptr;
    }
    ArrayObject* out = outputs[o].get();
    descrs[nin + o] = out->descr;
    space.add(out->data, out->nd, out->dimensions, out->strides);
  }
  int mask_operand = -1;
  if (mask) {
    mask_operand = space.operands;
    space.add(mask->data, mask->nd, mask->dimensions, mask->strides);
  }
  sort_axes(space);
  coalesce(space);
  if (constant >= 0) {
    ArrayDescr* boolean = descr_of(Element::Bool);
    Transfer transfer;
    if (!transfer.prepare(boolean, outputs[0]->descr)) return nullptr;
    const char value = constant_value;
    const int last = space.nd - 1;
    for_each_run(space, [&](char** pointers, intp n) {
      transfer.run(pointers[nin], last < 0 ? 0 : space.strides[nin][last], &value, 0, n);
      return true;
    });
  } else {
    const uint32_t errors = run_loop(loop, nin, nargs, space, descrs, mask_operand);
    if (PyErr_Occurred()) return nullptr;
    if ((call.scalars ? report_scalar_errors(ufunc, loop, inputs, errors) : report_errors(errors, ufunc->name)) < 0)
      return nullptr;
  }

  if (ufunc->nout == 0) Py_RETURN_NONE;
  Ref<> wrap = call.subok ? find_wrap(ufunc, inputs) : Ref<>();
  Ref<> tuple = ufunc->nout > 1 ? steal(PyTuple_New(ufunc->nout)) : Ref<>();
  for (int o = 0; o < ufunc->nout; o++) {
    Ref<> result = wrap_result(ufunc, args, call, o, std::move(outputs[o]), wrap.get(), returns_scalar);
    if (!result || ufunc->nout == 1) return result.release();
    PyTuple_SetItem(tuple.get(), o, result.release());
  }
  return tuple.release();
}

constexpr intp kFastElements = 4096;

bool plain_operand(PyObject* object) {
  return is_exact_array(object) || weak_kind(object) || PyBool_Check(object) || PyList_CheckExact(object) ||
         PyTuple_CheckExact(object) || is_builtin_scalar(object);
}

// Exact arrays of one type and shape, C-contiguous: nothing to promote, broadcast or order. `b` is null for one input.
// Null without an error where that does not hold, or where the work is worth letting other threads run.
PyObject* call_contiguous(UfuncObject* ufunc, ArrayObject* a, ArrayObject* b) {
  const int element = element_index(a->descr);
  if (element < 0 || a->descr != descr_of(static_cast<Element>(element)) || !(a->flags & kCContiguous) || a->nd == 0 ||
      ufunc->nout != 1)
    return nullptr;
  if (b && (a->descr->type_num != b->descr->type_num || a->nd != b->nd || is_swapped(b->descr) ||
            !(b->flags & kCContiguous)))
    return nullptr;
  intp size = 1;
  for (int i = 0; i < a->nd; i++) {
    if (b && a->dimensions[i] != b->dimensions[i]) return nullptr;
    size *= a->dimensions[i];
  }
  const int index = ufunc->homogeneous[element];
  if (index < 0 || !loop_rows[index].built || size > kFastElements) return nullptr;
  Ref<ArrayObject> out = new_array(descr_of(loop_rows[index].operands[ufunc->nin]), a->nd, a->dimensions);
  if (!out) return nullptr;
  char* const operands[3] = {a->data, b ? b->data : out->data, out->data};  // inputs, then the output
  const uint32_t errors = state.routines->loops[index].contiguous(operands, size);
  if (report_errors(errors, ufunc->name) < 0) return nullptr;
  return out.release_object();
}

}  // namespace

PyObject* ufunc_vectorcall(PyObject* self, PyObject* const* args, size_t nargsf, PyObject* kwnames) {
  auto* ufunc = reinterpret_cast<UfuncObject*>(self);
  const Py_ssize_t nargs = vectorcall_count(nargsf);
  const Py_ssize_t keywords = kwnames ? PyTuple_Size(kwnames) : 0;
  if (!keywords && nargs == ufunc->nin && nargs <= 2 && ufunc->row && is_exact_array(args[0]) &&
      (nargs == 1 || is_exact_array(args[1]))) {
    PyObject* result = call_contiguous(ufunc, as_array(args[0]), nargs == 2 ? as_array(args[1]) : nullptr);
    if (result || PyErr_Occurred()) return result;
  }
  if (nargs < ufunc->nin || nargs > ufunc->nargs) {
    PyErr_Format(PyExc_TypeError, "%s() takes from %d to %d positional arguments but %zd %s given", ufunc->name,
                 ufunc->nin, ufunc->nargs, nargs, nargs == 1 ? "was" : "were");
    return nullptr;
  }
  bool plain = true;
  for (Py_ssize_t i = 0; plain && i < nargs; i++) plain = plain_operand(args[i]) || args[i] == Py_None;
  PyObject* out = nullptr;
  for (Py_ssize_t i = 0; i < keywords; i++) {
    if (PyUnicode_CompareWithASCIIString(PyTuple_GetItem(kwnames, i), "out")) continue;
    out = args[nargs + i];
    plain = plain && (out == Py_None || is_exact_array(out));
  }
  if (!plain) {
    PyObject* result;
    if (check_ufunc_override(ufunc, "__call__", args, nargs, kwnames, out, &result)) return result;
  }
  Call call;
  call.out_given = nargs > ufunc->nin;
  for (Py_ssize_t i = ufunc->nin; i < nargs; i++)
    if (!set_out(&call, static_cast<int>(i - ufunc->nin), args[i])) return nullptr;
  for (Py_ssize_t i = 0; i < keywords; i++) {
    PyObject* name = PyTuple_GetItem(kwnames, i);
    if (nargs > ufunc->nin && out && args[nargs + i] == out) {
      PyErr_SetString(PyExc_TypeError, "cannot specify 'out' as both a positional and keyword argument");
      return nullptr;
    }
    if (!parse_keyword(ufunc, &call, name, args[nargs + i])) return nullptr;
  }
  return execute(ufunc, args, call);
}

PyObject* ufunc_binary(UfuncObject* ufunc, PyObject* a, PyObject* b) {
  PyObject* args[] = {a, b};
  return ufunc_vectorcall(reinterpret_cast<PyObject*>(ufunc), args, 2, nullptr);
}

namespace {

// Two elements of built-in types through one kernel call, without arrays. Null without an error where that cannot be.
PyObject* call_elements(UfuncObject* ufunc, PyObject* const* args) {
  Argument inputs[2];
  Loop loop;
  for (int i = 0; i < 2; i++) {
    if (PyList_Check(args[i]) || PyTuple_Check(args[i])) return nullptr;
    if (!inputs[i].set(args[i])) return nullptr;
    if (inputs[i].array) return nullptr;
  }
  if (!resolve_loop(ufunc, inputs, nullptr, Casting::SameKind, &loop)) return nullptr;
  if (loop.foreign() || ufunc->nout != 1) return nullptr;
  alignas(16) char elements[3][kMaxElementSize];
  char* const pointers[3] = {elements[0], elements[1], elements[2]};
  for (int i = 0; i < 2; i++) {
    if (!inputs[i].become(loop.descrs[i])) {
      if (PyErr_ExceptionMatches(PyExc_OverflowError)) PyErr_Clear();  // comparisons have an answer to that
      return nullptr;
    }
    if (inputs[i].descr == loop.descrs[i]) {
      std::memcpy(elements[i], inputs[i].element, sizeof elements[i]);
      continue;
    }
    Transfer transfer;
    if (!transfer.prepare(inputs[i].descr, loop.descrs[i])) return nullptr;
    transfer.run(elements[i], 0, inputs[i].element, 0, 1);
  }
  if (report_scalar_errors(ufunc, loop, inputs, loop.bodies->contiguous(pointers, 1)) < 0) return nullptr;
  return scalar_from_data(loop.descrs[2], elements[2]);
}

}  // namespace

PyObject* ufunc_scalars(UfuncObject* ufunc, PyObject* a, PyObject* b) {
  PyObject* args[] = {a, b};
  if (!plain_operand(a) || !plain_operand(b))
    return ufunc_vectorcall(reinterpret_cast<PyObject*>(ufunc), args, 2, nullptr);
  PyObject* result = call_elements(ufunc, args);
  if (result || PyErr_Occurred()) return result;
  Call call;
  call.scalars = true;
  return execute(ufunc, args, call);
}

PyObject* ufunc_unary(UfuncObject* ufunc, PyObject* a) {
  return ufunc_vectorcall(reinterpret_cast<PyObject*>(ufunc), &a, 1, nullptr);
}

PyObject* ufunc_inplace(UfuncObject* ufunc, PyObject* a, PyObject* b) {
  PyObject* args[] = {a, b, a};
  return ufunc_vectorcall(reinterpret_cast<PyObject*>(ufunc), args, 3, nullptr);
}

}  // namespace wasmnp
