#include "operands.hpp"

#include "casting.hpp"
#include "errstate.hpp"
#include "iterate.hpp"

namespace wasmnp {

bool integer_argument(PyObject* object, intp* value) {
  Ref<> number = steal(PyNumber_Index(object));
  if (!number) return false;
  *value = PyLong_AsSsize_t(number.get());
  return *value != -1 || !PyErr_Occurred();
}

bool axis_argument(PyObject* object, int nd, int* axis) {
  intp value;
  if (!integer_argument(object, &value) || normalize_axis(&value, nd) < 0) return false;
  *axis = static_cast<int>(value);
  return true;
}

int truth_argument(PyObject* object, bool otherwise) { return object ? PyObject_IsTrue(object) : otherwise; }

bool output_argument(PyObject* object, ArrayObject** out) {
  *out = nullptr;
  if (object && PyTuple_Check(object) && PyTuple_Size(object) == 1) object = PyTuple_GetItem(object, 0);
  if (!object || object == Py_None) return true;
  if (!is_array(object)) {
    PyErr_SetString(PyExc_TypeError, "output must be an array");
    return false;
  }
  *out = as_array(object);
  return true;
}

Ref<ArrayObject> contiguous(ArrayObject* array, ArrayDescr* descr) {
  if ((array->flags & kCContiguous) && equivalent(array->descr, descr)) return Ref<ArrayObject>::borrow(array);
  return copy_array(array, descr, Order::C, false);
}

Ref<ArrayObject> contiguous_from(PyObject* object, ArrayDescr* descr) {
  FromAny options;
  if (!is_array(object)) options.descr = descr;
  Ref<ArrayObject> array = array_from_any(object, options);
  return array ? contiguous(array.get(), descr) : Ref<ArrayObject>();
}

Ref<ArrayObject> operand_as(ArrayObject* array, ArrayDescr* descr) {
  return equivalent(array->descr, descr) ? Ref<ArrayObject>::borrow(array) : copy_array(array, descr, Order::K, false);
}

Ref<ArrayDescr> common_type(PyObject* const* objects, ArrayObject* const* arrays, int count) {
  Ref<ArrayDescr> common;
  for (int i = 0; i < count; i++) {
    if (weak_kind(objects[i])) continue;
    common = common ? promote(common.get(), arrays[i]->descr) : descr_with_byteorder(arrays[i]->descr, '=');
    if (!common) return nullptr;
  }
  const bool all_weak = !common;
  for (int i = 0; i < count; i++) {
    const char kind = weak_kind(objects[i]);
    if (!kind) continue;
    ArrayDescr* descr = all_weak ? arrays[i]->descr : promote_weak(common.get(), kind);
    if (!descr) return nullptr;
    common = common ? promote(common.get(), descr) : Ref<ArrayDescr>::borrow(descr);
    if (!common) return nullptr;
  }
  return common;
}

bool check_cast(ArrayDescr* from, ArrayDescr* to, Casting casting, bool scalar) {
  if (can_cast(from, to, casting)) return true;
  PyErr_Format(PyExc_TypeError, "Cannot cast %s from %R to %R according to the rule '%s'",
               scalar ? "scalar" : "array data", reinterpret_cast<PyObject*>(from), reinterpret_cast<PyObject*>(to),
               casting_name(casting));
  return false;
}

bool no_broadcast(ArrayObject* const* arrays, int count) {
  Ref<> text = steal(PyUnicode_FromString(""));
  for (int i = 0; text && i < count; i++)
    if (!add_shape(&text, arrays[i]->nd, arrays[i]->dimensions)) return false;
  if (text) PyErr_Format(PyExc_ValueError, "operands could not be broadcast together with shapes %U", text.get());
  return false;
}

bool same_shape(const ArrayObject* a, const ArrayObject* b) {
  if (a->nd != b->nd) return false;
  for (int i = 0; i < a->nd; i++)
    if (a->dimensions[i] != b->dimensions[i]) return false;
  return true;
}

namespace {

// "could not broadcast ..." unless `array` fits the axes of `target`.
bool fits_into(ArrayObject* target, ArrayObject* array, const char* what) {
  int nd = target->nd;
  intp dims[kMaxDims];
  for (int i = 0; i < nd; i++) dims[i] = target->dimensions[i];
  bool fits = array->nd <= nd && broadcast_shape(&nd, dims, array->nd, array->dimensions);
  for (int i = 0; fits && i < nd; i++) fits = dims[i] == target->dimensions[i];
  if (fits) return true;
  Ref<> from = shape_text(array->nd, array->dimensions), to = shape_text(target->nd, target->dimensions);
  if (from && to)
    PyErr_Format(PyExc_ValueError, "could not broadcast %s from shape %U into shape %U", what, from.get(), to.get());
  return false;
}

}  // namespace

int copy_where(ArrayObject* target, ArrayObject* source, ArrayObject* mask) {
  if (!fits_into(target, mask, "where mask")) return -1;
  int extra = 0;  // leading axes of length 1, which assignment drops
  while (source->nd - extra > target->nd && source->dimensions[extra] == 1) extra++;
  Ref<ArrayObject> from =
      extra ? view_of(source, source->nd - extra, source->dimensions + extra, source->strides + extra, source->data)
            : Ref<ArrayObject>::borrow(source);
  if (!from || !fits_into(target, from.get(), "input array")) return -1;
  if (warn_complex_to_real(from->descr, target->descr) < 0) return -1;
  Ref<ArrayObject> selected = Ref<ArrayObject>::borrow(mask);
  if (may_overlap(target, from.get())) from = copy_array(from.get(), from->descr, Order::K, false);
  if (may_overlap(target, mask)) selected = copy_array(mask, mask->descr, Order::K, false);
  Transfer transfer;
  if (!from || !selected || !transfer.prepare(from->descr, target->descr)) return -1;
  LoopSpace space;
  space.nd = target->nd;
  for (int i = 0; i < target->nd; i++) space.shape[i] = target->dimensions[i];
  for (ArrayObject* operand : {target, from.get(), selected.get()})
    space.add(operand->data, operand->nd, operand->dimensions, operand->strides);
  sort_axes(space);
  coalesce(space);
  const int last = space.nd - 1;
  intp step[3];
  for (int k = 0; k < 3; k++) step[k] = last < 0 ? 0 : space.strides[k][last];
  uint32_t errors = 0;
  for_each_run(space, [&](char** p, intp n) {
    for (intp i = 0; i < n;) {
      while (i < n && !p[2][i * step[2]]) i++;
      const intp first = i;
      while (i < n && p[2][i * step[2]]) i++;
      if (i > first)
        errors |= transfer.run(p[0] + first * step[0], step[0], p[1] + first * step[1], step[1], i - first);
    }
    return !PyErr_Occurred();
  });
  if (PyErr_Occurred()) return -1;
  return report_errors(errors, "cast");
}

}  // namespace wasmnp
