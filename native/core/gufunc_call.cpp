// Calls of generalized ufuncs (NEP 5, NEP 20): the last axes of each operand, or those that axes= names, are the core
// that the inner loop works on; the others are broadcast.
#include <cstring>

#include "errstate.hpp"
#include "iterate.hpp"
#include "operands.hpp"
#include "state.hpp"
#include "ufunc_call.hpp"

namespace wasmnp {

namespace {

constexpr uint32_t kCanIgnore = 0x4;

// One operand's axes: those of the core in order, and the others, which are looped over.
struct OperandAxes {
  int core = 0, loop = 0;
  int core_axes[kMaxDims], loop_axes[kMaxDims];
};

class GeneralizedCall {
 public:
  GeneralizedCall(UfuncObject* ufunc, PyObject* const* args, Call& call) : ufunc_(ufunc), args_(args), call_(call) {}
  PyObject* run();

 private:
  bool find_core_dims();
  bool keepdims_allowed() const;
  bool parse_axes();
  bool parse_axis_argument();
  bool parse_axes_argument();
  bool take_axes(int k, PyObject* item);
  void complete_axes(int k, int nd);
  bool match_core();
  bool process_core();
  bool match_loop();
  bool make_outputs();
  bool core_size_error(int k, int place, intp size, intp expected);
  int distinct(int k, int place) const { return ufunc_->core_dim_ixs[ufunc_->core_offsets[k] + place]; }
  bool missing(int dim) const { return missing_[dim]; }
  int given_nd(int k) const {
    if (k < ufunc_->nin) return inputs_[k].nd();
    return as_array(call_.out[k - ufunc_->nin])->nd;
  }
  uint32_t loop();

  UfuncObject* ufunc_;
  PyObject* const* args_;
  Call& call_;
  Argument inputs_[kMaxOperands];
  Loop loop_;
  int core_num_[kMaxOperands];              // core axes of each operand as called
  int own_places_[kMaxOperands][kMaxDims];  // which places of its signature they are
  bool missing_[kMaxDims] = {};
  bool axes_set_[kMaxOperands] = {};
  OperandAxes axes_[kMaxOperands];
  intp core_sizes_[kMaxDims];
  int loop_nd_ = 0;
  intp loop_dims_[kMaxDims];
  Ref<ArrayObject> arrays_[kMaxOperands];
  Ref<ArrayObject> results_[kMaxOperands];
};

// How many core axes each operand has; optional dimensions that an input lacks are missing in all.
bool GeneralizedCall::find_core_dims() {
  for (int k = 0; k < ufunc_->nin; k++) {
    int present = 0;
    for (int i = 0; i < ufunc_->core_num_dims[k]; i++) present += !missing_[distinct(k, i)];
    if (inputs_[k].nd() >= present) continue;
    for (int i = 0; i < ufunc_->core_num_dims[k]; i++)
      if (ufunc_->core_dim_flags[distinct(k, i)] & kCanIgnore) missing_[distinct(k, i)] = true;
  }
  for (int k = 0; k < ufunc_->nargs; k++) {
    core_num_[k] = 0;
    for (int i = 0; i < ufunc_->core_num_dims[k]; i++)
      if (!missing_[distinct(k, i)]) own_places_[k][core_num_[k]++] = i;
    if (k >= ufunc_->nin && !call_.out[k - ufunc_->nin]) continue;
    const int needed = k >= ufunc_->nin && call_.keepdims ? core_num_[0] : core_num_[k];
    if (given_nd(k) >= needed) continue;
    PyErr_Format(
        PyExc_ValueError,
        "%s: %s operand %d does not have enough dimensions (has %d, gufunc core with signature %s requires %d)",
        ufunc_->name, k < ufunc_->nin ? "Input" : "Output", k < ufunc_->nin ? k : k - ufunc_->nin, given_nd(k),
        ufunc_->core_signature, needed);
    return false;
  }
  return true;
}

bool GeneralizedCall::keepdims_allowed() const {
  for (int k = 1; k < ufunc_->nin; k++)
    if (ufunc_->core_num_dims[k] != ufunc_->core_num_dims[0]) return false;
  for (int k = ufunc_->nin; k < ufunc_->nargs; k++)
    if (ufunc_->core_num_dims[k]) return false;
  return true;
}

// The core axes of operand k from a tuple, or from an integer where there is one.
bool GeneralizedCall::take_axes(int k, PyObject* item) {
  const int core = k >= ufunc_->nin && call_.keepdims ? core_num_[0] : core_num_[k];
  intp values[kMaxDims];
  int count = 1;
  if (PyTuple_Check(item)) {
    count = parse_shape(item, values, "axes");
    if (count < 0) return false;
  } else if (PyIndex_Check(item)) {
    if (!integer_argument(item, &values[0])) return false;
  } else {
    PyErr_Format(PyExc_TypeError, "%s: axes item %d should be a tuple%s", ufunc_->name, k,
                 core == 1 ? " with a single element, or an integer" : "");
    return false;
  }
  if (count != core) {
    Ref<> type = steal(import_member("exceptions", "AxisError"));
    if (!type) return false;
    PyErr_Format(type.get(), "%s: operand %d has %d core dimensions, but %d dimensions are specified by axes tuple.",
                 ufunc_->name, k, core, count);
    return false;
  }
  const bool given = k < ufunc_->nin || call_.out[k - ufunc_->nin];
  const int nd = given ? given_nd(k) : loop_nd_ + core;
  bool used[kMaxDims] = {};
  for (int i = 0; i < count; i++) {
    if (normalize_axis(&values[i], nd) < 0) return false;
    if (used[values[i]]) {
      PyErr_Format(PyExc_ValueError, "axes item %d has value %zd repeated", k, values[i]);
      return false;
    }
    used[values[i]] = true;
    axes_[k].core_axes[i] = static_cast<int>(values[i]);
  }
  axes_[k].core = count;
  axes_set_[k] = true;
  return true;
}

bool GeneralizedCall::parse_axis_argument() {
  int shared = -1;
  bool single = true;
  for (int k = 0; k < ufunc_->nargs; k++) {
    single &= ufunc_->core_num_dims[k] <= 1;
    if (ufunc_->core_num_dims[k] == 1) {
      single &= shared < 0 || shared == distinct(k, 0);
      shared = distinct(k, 0);
    }
  }
  if (!single || shared < 0) {
    PyErr_Format(PyExc_TypeError,
                 "%s: axis can only be used with a single shared core dimension, not with the %d distinct ones implied "
                 "by signature %s.",
                 ufunc_->name, ufunc_->core_num_dim_ix, ufunc_->core_signature);
    return false;
  }
  intp axis;
  if (!integer_argument(call_.axis, &axis)) return false;
  Ref<> item = steal(PyLong_FromSsize_t(axis));
  for (int k = 0; item && k < ufunc_->nargs; k++) {
    const int core = k >= ufunc_->nin && call_.keepdims ? core_num_[0] : core_num_[k];
    if (core && k < ufunc_->nin && !take_axes(k, item.get())) return false;
  }
  return static_cast<bool>(item);
}

bool GeneralizedCall::parse_axes_argument() {
  if (!PyList_Check(call_.axes)) {
    PyErr_SetString(PyExc_TypeError, "axes should be a list.");
    return false;
  }
  const Py_ssize_t count = PyList_Size(call_.axes);
  bool outputs_without = true;
  for (int k = ufunc_->nin; k < ufunc_->nargs; k++) outputs_without &= core_num_[k] == 0 && !call_.keepdims;
  if (count != ufunc_->nargs && !(count == ufunc_->nin && (outputs_without || call_.keepdims))) {
    PyErr_Format(PyExc_ValueError,
                 "axes should be a list with an entry for all %d inputs and outputs; entries for outputs can only be "
                 "omitted if none of them has core axes.",
                 ufunc_->nargs);
    return false;
  }
  for (int k = 0; k < ufunc_->nin; k++)
    if (!take_axes(k, PyList_GetItem(call_.axes, k))) return false;
  return true;
}

// The core axes go last unless they are given.
void GeneralizedCall::complete_axes(int k, int nd) {
  OperandAxes& own = axes_[k];
  if (!axes_set_[k]) {
    own.core = k >= ufunc_->nin && call_.keepdims ? core_num_[0] : core_num_[k];
    for (int i = 0; i < own.core; i++) own.core_axes[i] = nd - own.core + i;
  }
  bool is_core[kMaxDims] = {};
  for (int i = 0; i < own.core; i++) is_core[own.core_axes[i]] = true;
  own.loop = 0;
  for (int i = 0; i < nd; i++)
    if (!is_core[i]) own.loop_axes[own.loop++] = i;
}

bool GeneralizedCall::parse_axes() {
  if (call_.axes && call_.axes == Py_None) call_.axes = nullptr;
  if (call_.axis && call_.axes) {
    PyErr_SetString(PyExc_TypeError, "cannot specify both 'axis' and 'axes'");
    return false;
  }
  if (call_.keepdims_given && !keepdims_allowed()) {
    PyErr_Format(PyExc_TypeError,
                 "%s does not support keepdims: its signature %s requires that all inputs have the same number of core "
                 "dimensions, and outputs none.",
                 ufunc_->name, ufunc_->core_signature);
    return false;
  }
  if (call_.axis && !parse_axis_argument()) return false;
  if (call_.axes && !parse_axes_argument()) return false;
  for (int k = 0; k < ufunc_->nin; k++) complete_axes(k, inputs_[k].nd());
  return true;
}

bool GeneralizedCall::core_size_error(int k, int place, intp size, intp expected) {
  const bool input = k < ufunc_->nin;
  PyErr_Format(PyExc_ValueError,
               "%s: %s operand %d has a mismatch in its core dimension %d, with gufunc signature %s (size %zd is "
               "different from %zd)",
               ufunc_->name, input ? "Input" : "Output", input ? k : k - ufunc_->nin, place, ufunc_->core_signature,
               size, expected);
  return false;
}

bool GeneralizedCall::match_core() {
  for (int d = 0; d < ufunc_->core_num_dim_ix; d++) {
    core_sizes_[d] = ufunc_->core_dim_sizes[d];  // -1 where it is inferred
    if (missing_[d]) core_sizes_[d] = 1;
  }
  for (int k = 0; k < ufunc_->nin; k++) {
    for (int i = 0; i < core_num_[k]; i++) {
      intp& size = core_sizes_[distinct(k, own_places_[k][i])];
      const intp own = inputs_[k].array->dimensions[axes_[k].core_axes[i]];
      if (size < 0)
        size = own;
      else if (size != own)
        return core_size_error(k, own_places_[k][i], own, size);
    }
  }
  return true;
}

// Lets an extension check core dimensions, and fill in those of outputs that inputs leave open.
bool GeneralizedCall::process_core() {
  if (!ufunc_->process_core_dims) return true;
  for (int k = ufunc_->nin; k < ufunc_->nargs; k++) {
    ArrayObject* out = as_array(call_.out[k - ufunc_->nin]);
    for (int i = 0; out && !call_.keepdims && i < core_num_[k]; i++) {
      intp& size = core_sizes_[distinct(k, own_places_[k][i])];
      const int first = axes_set_[k] ? 0 : out->nd - core_num_[k];
      if (size < 0) size = out->dimensions[axes_set_[k] ? axes_[k].core_axes[i] : first + i];
    }
  }
  using Process = int (*)(UfuncObject*, intp*);
  if (reinterpret_cast<Process>(ufunc_->process_core_dims)(ufunc_, core_sizes_) == 0) return true;
  if (!PyErr_Occurred()) PyErr_Format(PyExc_ValueError, "%s: the core dimensions were refused", ufunc_->name);
  return false;
}

bool GeneralizedCall::match_loop() {
  for (int k = 0; k < ufunc_->nin; k++) {
    intp dims[kMaxDims];
    for (int i = 0; i < axes_[k].loop; i++) dims[i] = inputs_[k].array->dimensions[axes_[k].loop_axes[i]];
    if (broadcast_shape(&loop_nd_, loop_dims_, axes_[k].loop, dims)) continue;
    Ref<> text = steal(PyUnicode_FromString(""));
    for (int j = 0; text && j < ufunc_->nin; j++)
      if (!add_shape(&text, inputs_[j].nd(), inputs_[j].array->dimensions)) return false;
    if (text)
      PyErr_Format(PyExc_ValueError,
                   "operands could not be broadcast together with remapped shapes [original->remapped]: %U",
                   text.get());
    return false;
  }
  return true;
}

bool GeneralizedCall::make_outputs() {
  for (int o = 0; o < ufunc_->nout; o++) {
    const int k = ufunc_->nin + o;
    ArrayObject* out = call_.out[o] ? as_array(call_.out[o]) : nullptr;
    const int core = call_.keepdims ? core_num_[0] : core_num_[k];
    const int nd = out ? out->nd : loop_nd_ + core;
    if (nd > kMaxDims) {
      PyErr_Format(PyExc_ValueError, "maximum supported dimension for an ndarray is %d, found %d", kMaxDims, nd);
      return false;
    }
    if (call_.axis && call_.keepdims) {
      // The kept axis stands where it stood in the inputs.
      if (!take_axes(k, call_.axis)) return false;
    } else if (call_.axis && core) {
      if (!take_axes(k, call_.axis)) return false;
    } else if (call_.axes) {
      if (PyList_Size(call_.axes) == ufunc_->nargs && !take_axes(k, PyList_GetItem(call_.axes, k))) return false;
    }
    complete_axes(k, nd);
    intp dims[kMaxDims], core_dims[kMaxDims];
    for (int i = 0; i < core; i++) {
      core_dims[i] = 1;
      if (call_.keepdims) continue;
      const int dim = distinct(k, own_places_[k][i]);
      if (core_sizes_[dim] < 0) {
        if (!out) {
          PyErr_Format(PyExc_ValueError,
                       "%s: Output operand %d has core dimension %d unspecified, with gufunc signature %s",
                       ufunc_->name, o, own_places_[k][i], ufunc_->core_signature);
          return false;
        }
        core_sizes_[dim] = out->dimensions[axes_[k].core_axes[i]];
      }
      core_dims[i] = core_sizes_[dim];
      if (out && out->dimensions[axes_[k].core_axes[i]] != core_dims[i])
        return core_size_error(k, own_places_[k][i], out->dimensions[axes_[k].core_axes[i]], core_dims[i]);
    }
    for (int i = 0; i < core; i++) dims[axes_[k].core_axes[i]] = core_dims[i];
    if (out) {
      intp own[kMaxDims], both[kMaxDims];
      for (int i = 0; i < axes_[k].loop; i++) own[i] = out->dimensions[axes_[k].loop_axes[i]];
      int both_nd = loop_nd_;
      std::memcpy(both, loop_dims_, sizeof(intp) * static_cast<size_t>(loop_nd_));
      bool fits = broadcast_shape(&both_nd, both, axes_[k].loop, own) && both_nd == axes_[k].loop;
      for (int i = 0; fits && i < both_nd; i++) fits = both[i] == own[i];
      if (!fits) {
        Ref<> shape = shape_text(out->nd, out->dimensions), wanted = shape_text(loop_nd_, loop_dims_);
        if (shape && wanted)
          PyErr_Format(PyExc_ValueError,
                       "non-broadcastable output operand with shape %U doesn't match the broadcast shape %U",
                       shape.get(), wanted.get());
        return false;
      }
      loop_nd_ = both_nd;
      std::memcpy(loop_dims_, both, sizeof(intp) * static_cast<size_t>(both_nd));
      if (require_writeable(out, "output array") < 0) return false;
      if (!can_cast(loop_.descrs[k], out->descr, call_.casting))
        return raise_output_casting(ufunc_, call_.casting, loop_.descrs[k], out->descr, o), false;
      bool apart = equivalent(out->descr, loop_.descrs[k]) && (out->flags & kAligned);
      for (int i = 0; apart && i < ufunc_->nin; i++) apart = !may_overlap(out, arrays_[i].get());
      if (apart) {
        arrays_[k] = Ref<ArrayObject>::borrow(out);
        continue;
      }
    }
    for (int i = 0; i < axes_[k].loop; i++)
      dims[axes_[k].loop_axes[i]] = out ? out->dimensions[axes_[k].loop_axes[i]] : loop_dims_[i];
    NewArray options;
    options.order = call_.order == Order::F ? Order::F : Order::C;
    arrays_[k] = new_array(loop_.descrs[k], nd, dims, options);
    if (!arrays_[k]) return false;
  }
  return true;
}

uint32_t GeneralizedCall::loop() {
  const int nargs = ufunc_->nargs;
  LoopSpace space;
  space.nd = loop_nd_;
  std::memcpy(space.shape, loop_dims_, sizeof(intp) * static_cast<size_t>(loop_nd_));
  // Outer strides, then those of the core, operand by operand.
  intp strides[kMaxOperands + kMaxDims], dimensions[1 + kMaxDims];
  int core = nargs;
  for (int k = 0; k < nargs; k++) {
    const ArrayObject* array = arrays_[k].get();
    intp dims[kMaxDims], own[kMaxDims];
    for (int i = 0; i < axes_[k].loop; i++) {
      dims[i] = array->dimensions[axes_[k].loop_axes[i]];
      own[i] = array->strides[axes_[k].loop_axes[i]];
    }
    space.add(array->data, axes_[k].loop, dims, own);
    for (int i = 0, present = 0; i < ufunc_->core_num_dims[k]; i++) {
      const int dim = distinct(k, i);
      strides[core++] = missing_[dim] ? 0 : array->strides[axes_[k].core_axes[present++]];
    }
  }
  for (int d = 0; d < ufunc_->core_num_dim_ix; d++) dimensions[1 + d] = core_sizes_[d];
  coalesce(space);
  const int last = space.nd - 1;
  for (int k = 0; k < nargs; k++) strides[k] = last < 0 ? 0 : space.strides[k][last];
  uint32_t errors = 0;
  for_each_run(space, [&](char** pointers, intp n) {
    dimensions[0] = n;
    errors |= loop_.call_generalized(pointers, dimensions, strides);
    return !PyErr_Occurred();
  });
  return errors;
}

PyObject* GeneralizedCall::run() {
  const int nin = ufunc_->nin;
  for (int i = 0; i < nin; i++)
    if (!inputs_[i].set(args_[i])) return nullptr;
  if (!find_core_dims()) return nullptr;
  ArrayDescr* wanted[kMaxOperands];
  for (int k = 0; k < ufunc_->nargs; k++) wanted[k] = call_.wanted[k].get();
  if (!resolve_loop(ufunc_, inputs_, call_.any_wanted ? wanted : nullptr, call_.casting, &loop_)) return nullptr;
  for (int i = 0; i < nin; i++) {
    if (!inputs_[i].become(loop_.descrs[i])) return nullptr;
    if (!inputs_[i].array) {
      Ref<ArrayObject> element = new_view(nullptr, inputs_[i].descr, 0, nullptr, nullptr, inputs_[i].element, 0);
      inputs_[i].array = element ? copy_array(element.get(), inputs_[i].descr, Order::C, false) : Ref<ArrayObject>();
      if (!inputs_[i].array) return nullptr;
    }
  }
  if (!parse_axes() || !match_core() || !process_core() || !match_loop()) return nullptr;
  for (int i = 0; i < nin; i++) {
    if (!can_cast(inputs_[i].array->descr, loop_.descrs[i], call_.casting) && !inputs_[i].weak) {
      check_cast(inputs_[i].array->descr, loop_.descrs[i], call_.casting);
      return nullptr;
    }
    arrays_[i] = operand_as(inputs_[i].array.get(), loop_.descrs[i]);
    if (arrays_[i] && !(arrays_[i]->flags & kAligned))
      arrays_[i] = copy_array(arrays_[i].get(), loop_.descrs[i], Order::K, false);
    if (!arrays_[i]) return nullptr;
  }
  if (!make_outputs()) return nullptr;
  bool empty = false;
  for (int i = 0; i < loop_nd_; i++) empty |= loop_dims_[i] == 0;
  const uint32_t errors = empty ? 0 : loop();
  if (PyErr_Occurred() || report_errors(errors, ufunc_->name) < 0) return nullptr;
  Ref<> wrap = call_.subok ? find_wrap(ufunc_, inputs_) : Ref<>();
  Ref<> tuple = ufunc_->nout > 1 ? steal(PyTuple_New(ufunc_->nout)) : Ref<>();
  for (int o = 0; o < ufunc_->nout; o++) {
    Ref<ArrayObject> output = std::move(arrays_[nin + o]);
    if (call_.out[o] && output.object() != call_.out[o]) {
      if (copy_into(as_array(call_.out[o]), output.get()) < 0) return nullptr;
      output = Ref<ArrayObject>::borrow(call_.out[o]);
    }
    const bool scalar = output->nd == 0;
    Ref<> result = wrap_result(ufunc_, args_, call_, o, std::move(output), wrap.get(), scalar);
    if (!result || ufunc_->nout == 1) return result.release();
    PyTuple_SetItem(tuple.get(), o, result.release());
  }
  return tuple.release();
}

}  // namespace

PyObject* execute_generalized(UfuncObject* ufunc, PyObject* const* args, Call& call) {
  return GeneralizedCall(ufunc, args, call).run();
}

}  // namespace wasmnp
