// Which loop serves a call: promotion of Python numbers (NEP 50), then NumPy's search through `ufunc.types`.
#include <cstdlib>
#include <cstring>

#include "casting.hpp"
#include "compiled.hpp"
#include "datetime.hpp"
#include "flexible.hpp"
#include "scalar.hpp"
#include "state.hpp"
#include "string_dtype.hpp"
#include "text_loops.hpp"
#include "ufunc.hpp"

namespace wasmnp {

Ref<ArrayDescr> loop_type(PyObject* object) {
  Ref<ArrayDescr> descr = descr_from_object(object);
  if (!descr || is_string(descr.get())) return descr;
  ArrayDescr* general = is_flexible(descr.get()) ? flexible_singleton(descr->type_num)
                        : is_time(descr.get())   ? time_descr(descr->type_num, {TimeUnit::Generic, 1})
                                                 : descr_from_type_num(descr->type_num);
  if (!general || (equivalent(general, descr.get()) && is_swapped(general) == is_swapped(descr.get()))) return descr;
  PyErr_SetString(PyExc_TypeError,
                  "The `dtype` and `signature` arguments to ufuncs only select the general DType and not details such "
                  "as the byte order or time unit. You can avoid this error by using the scalar types `np.float64` or "
                  "the dtype string notation.");
  return nullptr;
}

int loop_type_converter(PyObject* object, void* out) {
  if (object == Py_None) return 1;
  auto* result = static_cast<Ref<ArrayDescr>*>(out);
  *result = loop_type(object);
  return *result ? 1 : 0;
}

bool ignores_wanted_type(const UfuncObject* ufunc, const ArrayDescr* descr) {
  return is_time(descr) && is_time_arithmetic(ufunc);
}

bool Argument::set(PyObject* value) {
  object = value;
  if (is_array(value)) {
    array = Ref<ArrayObject>::borrow(value);
    descr = array->descr;
    return true;
  }
  if ((weak = weak_kind(value))) return true;
  descr = scalar_descr(value);
  if (descr && is_plain_builtin(descr)) return scalar_to_data(value, descr, element) == 0;
  array = array_from_any(value);
  if (!array) return false;
  descr = array->descr;
  return true;
}

bool Argument::become(ArrayDescr* loop_descr) {
  if (!weak) return true;
  descr = loop_descr;
  if (weak == 'c' && loop_descr->kind != 'c' && !has_references(loop_descr)) {
    // The imaginary part is lost, with a warning.
    array = array_from_any(object);
    if (array) array = copy_array(array.get(), loop_descr, Order::C, false);
    return static_cast<bool>(array);
  }
  if (has_references(loop_descr)) {
    array = new_array(loop_descr, 0, nullptr);
    return array && dtype_slots(loop_descr)->setitem(loop_descr, object, array->data) == 0;
  }
  return dtype_slots(loop_descr)->setitem(loop_descr, object, element) == 0;
}

namespace {

bool input_does_not_fit(UfuncObject* ufunc, Casting casting, ArrayDescr* from, ArrayDescr* to, int index) {
  Ref<> type = steal(import_member("_core._exceptions", "_UFuncInputCastingError"));
  Ref<> error =
      type ? steal(PyObject_CallFunction(type.get(), "OsOOi", reinterpret_cast<PyObject*>(ufunc), casting_name(casting),
                                         reinterpret_cast<PyObject*>(from), reinterpret_cast<PyObject*>(to), index))
           : Ref<>();
  if (error) PyErr_SetObject(type.get(), error.get());
  return false;
}

bool all_boolean(UfuncObject* ufunc, Argument* inputs) {
  for (int i = 0; i < ufunc->nin; i++)
    if (!inputs[i].descr || inputs[i].descr->kind != 'b') return false;
  return true;
}

// Quotients of integers and booleans are float64 whatever their width.
void divide_as_float64(UfuncObject* ufunc, ArrayDescr** types) {
  if (!(ufunc->traits & kDividesAsFloat)) return;
  for (int i = 0; i < ufunc->nin; i++)
    if (types[i]->kind == 'f' || types[i]->kind == 'c') return;
  for (int i = 0; i < ufunc->nin; i++) types[i] = descr_of(Element::Float64);
}

// NumPy's have loops for text too, and so another error where none of them fits.
bool has_text_loops(UfuncObject* ufunc) {
  static const char* const names[] = {"add",  "subtract", "maximum",    "minimum",       "equal", "not_equal",
                                      "less", "greater",  "less_equal", "greater_equal", "gcd",   "lcm"};
  for (const char* name : names)
    if (!std::strcmp(name, ufunc->name)) return true;
  return false;
}

bool has_flexible(UfuncObject* ufunc, Argument* inputs) {
  for (int i = 0; i < ufunc->nin; i++)
    if (inputs[i].descr && (is_flexible(inputs[i].descr) || is_time(inputs[i].descr))) return true;
  return false;
}

void raise_no_loop(UfuncObject* ufunc, Argument* inputs) {
  Ref<> type = steal(import_member("_core._exceptions", "_UFuncNoLoopError"));
  Ref<> dtypes = steal(PyTuple_New(ufunc->nargs));
  if (!type || !dtypes) return;
  for (int k = 0; k < ufunc->nargs; k++) {
    PyObject* own = Py_None;
    if (k < ufunc->nin) {
      ArrayDescr* descr = inputs[k].weak ? scalar_descr(inputs[k].object) : inputs[k].descr;
      own = reinterpret_cast<PyObject*>(descr);
    }
    PyTuple_SetItem(dtypes.get(), k, new_ref(own));
  }
  Ref<> error =
      steal(PyObject_CallFunctionObjArgs(type.get(), reinterpret_cast<PyObject*>(ufunc), dtypes.get(), nullptr));
  if (error) PyErr_SetObject(type.get(), error.get());
}

bool no_loop(UfuncObject* ufunc, Argument* inputs) {
  const bool booleans = (ufunc->traits & kRefusesBooleans) && all_boolean(ufunc, inputs);
  if (booleans && !std::strcmp(ufunc->name, "subtract")) {
    PyErr_SetString(
        PyExc_TypeError,
        "numpy boolean subtract, the `-` operator, is not supported, use the bitwise_xor, the `^` operator, "
        "or the logical_xor function instead.");
  } else if (booleans && !std::strcmp(ufunc->name, "negative")) {
    PyErr_SetString(PyExc_TypeError,
                    "The numpy boolean negative, the `-` operator, is not supported, use the `~` operator or the "
                    "logical_not function instead.");
  } else if (booleans && (!std::strcmp(ufunc->name, "sign") || !std::strcmp(ufunc->name, "positive"))) {
    Ref<> type = steal(import_member("_core._exceptions", "_UFuncNoLoopError"));
    auto* boolean = reinterpret_cast<PyObject*>(Py_TYPE(reinterpret_cast<PyObject*>(inputs[0].descr)));
    Ref<> error =
        type ? steal(PyObject_CallFunction(type.get(), "O(OO)", reinterpret_cast<PyObject*>(ufunc), boolean, Py_None))
             : Ref<>();
    if (error) PyErr_SetObject(type.get(), error.get());
  } else if (has_text_loops(ufunc) && has_flexible(ufunc, inputs)) {
    raise_no_loop(ufunc, inputs);
  } else {
    PyErr_Format(PyExc_TypeError,
                 "ufunc '%s' not supported for the input types, and the inputs could not be safely coerced to any "
                 "supported types according to the casting rule ''safe''",
                 ufunc->name);
  }
  return false;
}

bool missing_loop(UfuncObject* ufunc) {
  PyErr_Format(PyExc_TypeError, "ufunc '%s': this loop is not part of this version", ufunc->name);
  return false;
}

void take_row(UfuncObject* ufunc, int index, Loop* loop) {
  loop->bodies = &state.routines->loops[index];
  for (int k = 0; k < ufunc->nargs; k++) loop->descrs[k] = descr_of(loop_rows[index].operands[k]);
}

// Of two integer types of one width, results keep the one that an input has.
void keep_integer_types(UfuncObject* ufunc, Argument* inputs, ArrayDescr* const* types, Loop* loop) {
  for (int i = 0; i < ufunc->nin; i++) {
    const int element = inputs[i].weak ? -1 : element_index(types[i]);
    if (element < 0 || (types[i]->kind != 'i' && types[i]->kind != 'u')) continue;
    ArrayDescr* const own = descr_from_type_num(types[i]->type_num);
    if (own == descr_of(static_cast<Element>(element))) continue;
    for (int k = 0; k < ufunc->nargs; k++)
      if (element_index(loop->descrs[k]) == element) loop->descrs[k] = own;
  }
}

bool in_kernels(const ArrayDescr* descr) {
  const int element = element_index(descr);
  return element >= 0 && element < kKernelElements;
}

// The signed type of a Python integer; where none holds it, taking the loop's type raises.
ArrayDescr* signed_descr(PyObject* integer) {
  ArrayDescr* descr = scalar_descr(integer);
  return descr->kind == 'u' ? descr_of(Element::Int64) : descr;
}

// The types of weak inputs, given the others.
bool settle_weak(UfuncObject* ufunc, Argument* inputs, ArrayDescr** types) {
  Ref<ArrayDescr> common;
  char strongest = 0;
  bool user = false;
  for (int i = 0; i < ufunc->nin; i++) {
    types[i] = inputs[i].descr;
    if (inputs[i].weak) {
      if (strongest != 'c' && (inputs[i].weak == 'c' || strongest != 'f')) strongest = inputs[i].weak;
      continue;
    }
    user |= element_index(inputs[i].descr) < 0;
    if (user) continue;
    if (is_flexible(inputs[i].descr) || is_time(inputs[i].descr) || is_string(inputs[i].descr))
      continue;  // no ufunc of numbers has a loop for it
    common = common ? promote(common.get(), inputs[i].descr) : descr_with_byteorder(inputs[i].descr, '=');
    if (!common) return false;
  }
  if (!strongest) return true;
  for (int i = 0; i < ufunc->nin; i++) {
    if (!inputs[i].weak) continue;
    if (user)
      types[i] = scalar_descr(inputs[i].object);
    else if (common)
      types[i] = promote_weak(common.get(), inputs[i].weak);
    else
      types[i] = inputs[i].weak == 'i' && strongest == 'i'   ? signed_descr(inputs[i].object)
                 : strongest == 'c' && inputs[i].weak == 'c' ? descr_of(Element::Complex128)
                 : inputs[i].weak == 'i'                     ? descr_from_type_num(kIntp)
                                                             : descr_of(Element::Float64);
  }
  return true;
}

// Whether operands are looked at as booleans alone: "and", "or" and "xor" of times and texts.
bool takes_truth(UfuncObject* ufunc, ArrayDescr* const* types, ArrayDescr* const* wanted) {
  if (!(ufunc->traits & kTellsTruth)) return false;
  for (int k = 0; wanted && k < ufunc->nargs; k++)
    if (wanted[k] && wanted[k]->kind != 'b') return false;
  bool any = false;
  for (int i = 0; i < ufunc->nin; i++) {
    any |= is_time(types[i]) || is_text(types[i]);
    if (is_object(types[i])) return false;
  }
  return any;
}

// Whether an operand is of objects, or wanted to be.
bool has_objects(UfuncObject* ufunc, ArrayDescr* const* types, ArrayDescr* const* wanted) {
  for (int k = 0; k < ufunc->nargs; k++)
    if ((k < ufunc->nin && is_object(types[k])) || (wanted && wanted[k] && is_object(wanted[k]))) return true;
  return false;
}

bool matches_wanted(UfuncObject* ufunc, ArrayDescr* const* wanted, const int* type_nums) {
  for (int k = 0; k < ufunc->nargs; k++)
    if (wanted && wanted[k] && wanted[k]->type_num != type_nums[k]) return false;
  return true;
}

bool find_user_loop(UfuncObject* ufunc, ArrayDescr** types, ArrayDescr* const* wanted, Loop* loop) {
  // Objects are worked on as such only where one takes part.
  const bool objects = has_objects(ufunc, types, wanted);
  // Of objects "and" and "or" give one of the two, as in Python, unless truth is asked for.
  const bool keeps_objects = !wanted && !std::strncmp(ufunc->name, "logical_", 8);
  for (const bool exact : {true, false}) {
    for (UserLoop* user = ufunc->user_loops; user; user = user->next) {
      const bool of_objects = user->type_nums[0] == kObject;
      bool fits = matches_wanted(ufunc, wanted, user->type_nums) && (objects || !of_objects) &&
                  !(keeps_objects && of_objects && user->type_nums[ufunc->nin] == kBool);
      for (int i = 0; fits && i < ufunc->nin; i++) {
        ArrayDescr* target = descr_from_type_num(user->type_nums[i]);
        fits = target && (exact ? types[i]->type_num == user->type_nums[i] : can_cast(types[i], target, Casting::Safe));
      }
      if (!fits) continue;
      loop->legacy = user->function;
      loop->method = user->method;
      loop->legacy_data = user->data;
      for (int k = 0; k < ufunc->nargs; k++) loop->descrs[k] = descr_from_type_num(user->type_nums[k]);
      return true;
    }
  }
  return false;
}

// Loops that an extension gave when it made the ufunc; inputs fit them by `casting`.
bool find_foreign_loop(UfuncObject* ufunc, ArrayDescr** types, ArrayDescr* const* wanted, Loop* loop,
                       Casting casting = Casting::Safe) {
  // Where there are loops for numbers, those for objects are for objects alone.
  const bool objects = ufunc->ntypes == 1 || has_objects(ufunc, types, wanted);
  for (const bool exact : {true, false}) {
    for (int t = 0; t < ufunc->ntypes; t++) {
      const char* row = ufunc->types + t * ufunc->nargs;
      int type_nums[kMaxOperands];
      bool fits = objects || row[0] != kObject;
      for (int k = 0; k < ufunc->nargs; k++) {
        type_nums[k] = row[k];
        ArrayDescr* target = descr_from_type_num(row[k]);
        fits &=
            target && (k >= ufunc->nin || (exact ? types[k]->type_num == row[k] : can_cast(types[k], target, casting)));
      }
      if (!fits || !matches_wanted(ufunc, wanted, type_nums)) continue;
      loop->legacy = ufunc->functions[t];
      loop->legacy_data = ufunc->data ? ufunc->data[t] : nullptr;
      for (int k = 0; k < ufunc->nargs; k++) loop->descrs[k] = descr_from_type_num(row[k]);
      return true;
    }
  }
  return false;
}

}  // namespace

bool resolve_loop(UfuncObject* ufunc, Argument* inputs, ArrayDescr* const* wanted, Casting casting, Loop* loop) {
  ArrayDescr* types[kMaxOperands];
  if (!settle_weak(ufunc, inputs, types)) return false;
  bool times = false, objects = false;
  for (int i = 0; i < ufunc->nin; i++) {
    times |= is_time(types[i]);
    objects |= is_object(types[i]);
  }
  if (times && !objects && is_time_arithmetic(ufunc)) wanted = nullptr;
  bool builtin = true;
  for (int i = 0; i < ufunc->nin; i++) builtin &= in_kernels(types[i]);
  for (int k = 0; wanted && k < ufunc->nargs; k++) builtin &= !wanted[k] || in_kernels(wanted[k]);
  if (ufunc->compiled) {
    if (builtin && find_compiled_loop(ufunc, types, inputs, wanted, casting, loop)) return true;
    return PyErr_Occurred() ? false : no_loop(ufunc, inputs);
  }
  if (ufunc->row && takes_truth(ufunc, types, wanted)) {
    take_row(ufunc, ufunc->homogeneous[static_cast<int>(Element::Bool)], loop);
    return true;
  }
  if (!ufunc->row || !builtin) {
    if (find_user_loop(ufunc, types, wanted, loop) || find_text_loop(ufunc, types, wanted, loop) ||
        find_time_loop(ufunc, types, wanted, loop) || find_string_loop(ufunc, types, loop) ||
        (!ufunc->row && find_foreign_loop(ufunc, types, wanted, loop)))
      return true;
    if (wanted && !ufunc->row && find_foreign_loop(ufunc, types, wanted, loop, casting)) return true;
    if (PyErr_Occurred()) return false;
    // Objects can be cast to the numbers that a wanted type asks for.
    if (!wanted || !ufunc->row) return no_loop(ufunc, inputs);
  }
  const UfuncRow& row = *ufunc->row;
  if (!wanted) {
    divide_as_float64(ufunc, types);
    if ((ufunc->traits & kRefusesBooleans) && all_boolean(ufunc, inputs)) return no_loop(ufunc, inputs);
    // All inputs of one type: the first loop of that type is also the first that they can be cast to.
    bool same = true;
    for (int i = 1; i < ufunc->nin; i++) same &= types[i]->type_num == types[0]->type_num;
    const int index = same ? ufunc->homogeneous[element_index(types[0])] : -1;
    if (index >= 0 && loop_rows[index].built) {
      take_row(ufunc, index, loop);
      keep_integer_types(ufunc, inputs, types, loop);
      return true;
    }
  }
  // A fixed output type prefers loops that take the inputs safely, then any that `casting` admits.
  for (const bool safe : {true, false}) {
    if (safe ? !builtin : !wanted) continue;
    for (int index = row.first_loop; index < row.first_loop + row.loop_count; index++) {
      const LoopRow& candidate = loop_rows[index];
      bool fits = true;
      for (int k = 0; fits && k < ufunc->nargs; k++) {
        const Element element = candidate.operands[k];
        if (wanted && wanted[k]) {
          fits = element_index(wanted[k]) == static_cast<int>(element);
        } else if (k < ufunc->nin && safe) {
          fits = safe_cast(element_of(types[k]), element);
        }
        if (fits && !safe && k < ufunc->nin) fits = descr_of(element) && can_cast(types[k], descr_of(element), casting);
      }
      if (!fits) continue;
      if (!candidate.built) return missing_loop(ufunc);
      take_row(ufunc, index, loop);
      keep_integer_types(ufunc, inputs, types, loop);
      for (int i = 0; i < ufunc->nin; i++) {
        if (inputs[i].weak || can_cast(types[i], loop->descrs[i], casting)) continue;
        return input_does_not_fit(ufunc, casting, types[i], loop->descrs[i], i);
      }
      return true;
    }
  }
  // A loop of the wanted types exists, but an input does not fit it.
  for (int index = row.first_loop; wanted && index < row.first_loop + row.loop_count; index++) {
    bool fits = loop_rows[index].built;
    for (int k = 0; fits && k < ufunc->nargs; k++)
      fits = !wanted[k] || element_index(wanted[k]) == static_cast<int>(loop_rows[index].operands[k]);
    if (!fits) continue;
    for (int i = 0; i < ufunc->nin; i++) {
      ArrayDescr* target = descr_of(loop_rows[index].operands[i]);
      if (!can_cast(types[i], target, casting)) return input_does_not_fit(ufunc, casting, types[i], target, i);
    }
  }
  if (find_user_loop(ufunc, types, wanted, loop)) return true;
  if (wanted) {
    PyErr_Format(PyExc_TypeError, "No loop matching the specified signature and casting was found for ufunc %s",
                 ufunc->name);
    return false;
  }
  return no_loop(ufunc, inputs);
}

bool resolve_reduction(UfuncObject* ufunc, ArrayDescr* descr, Loop* loop) {
  if (ufunc->nin != 2 || ufunc->nout != 1) {
    PyErr_SetString(PyExc_ValueError, ufunc->nout != 1
                                          ? "reduction only supported for functions returning a single value"
                                          : "reduce only supported for binary functions");
    return false;
  }
  const int element = in_kernels(descr) ? element_index(descr) : -1;
  if (ufunc->compiled && element >= 0) {
    ArrayDescr* types[2] = {descr, descr};
    if (find_compiled_loop(ufunc, types, nullptr, nullptr, Casting::Safe, loop) &&
        loop->descrs[0]->type_num == descr->type_num && loop->descrs[2]->type_num == descr->type_num)
      return true;
    if (PyErr_Occurred()) return false;
  } else if (ufunc->row && element >= 0) {
    const int index = ufunc->homogeneous[element];
    if (index >= 0 && loop_rows[index].operands[2] == static_cast<Element>(element)) {
      if (!loop_rows[index].built) return missing_loop(ufunc);
      take_row(ufunc, index, loop);
      for (int k = 0; k < 3; k++)
        if (element_index(loop->descrs[k]) == element) loop->descrs[k] = descr_from_type_num(descr->type_num);
      return true;
    }
  } else {
    ArrayDescr* types[3] = {descr, descr, descr};
    ArrayDescr* wanted[kMaxOperands] = {descr, descr, descr};
    if (find_user_loop(ufunc, types, wanted, loop) || (!ufunc->row && find_foreign_loop(ufunc, types, wanted, loop)))
      return true;
  }
  ArrayDescr* times[2] = {descr, descr};
  if (is_time(descr) && find_time_loop(ufunc, times, nullptr, loop) && equivalent(loop->descrs[2], descr)) return true;
  if (PyErr_Occurred()) return false;
  PyErr_Format(PyExc_TypeError, "ufunc '%s' has no loop that reduces elements of type %S", ufunc->name,
               reinterpret_cast<PyObject*>(descr));
  return false;
}

int register_user_loop(UfuncObject* ufunc, const UserLoop& given, bool last) {
  if (ufunc->nargs > kMaxOperands) {
    PyErr_Format(PyExc_ValueError, "user loops of ufuncs with more than %d operands are not supported", kMaxOperands);
    return -1;
  }
  auto* loop = static_cast<UserLoop*>(std::calloc(1, sizeof(UserLoop)));  // lives as long as the ufunc
  if (!loop) return PyErr_NoMemory(), -1;
  *loop = given;
  UserLoop** place = &ufunc->user_loops;
  while (last && *place) place = &(*place)->next;
  loop->next = *place;
  *place = loop;
  return 0;
}

}  // namespace wasmnp
