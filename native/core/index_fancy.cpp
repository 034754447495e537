// Selecting with arrays of integers: offsets of the selected elements are worked out block by block and followed.
#include "../python/gil.hpp"
#include "casting.hpp"
#include "indexing.hpp"
#include "iterate.hpp"

namespace wasmnp {

namespace {

// The broadcast axes of the index arrays, with one more operand that moves along: the result, or the values assigned.
struct OuterSpace {
  int nd, count = 0;
  intp shape[kMaxDims];
  struct Operand {
    const char* values;
    intp length, stride;  // of the axis that is indexed
  } indices[kMaxDims];
  intp strides[kMaxDims][kMaxDims];
  char* data;
  intp data_strides[kMaxDims];
  intp size = 1;

  explicit OuterSpace(const IndexPlan& plan);
  // The order to walk in: that of the index arrays in memory, as NumPy's iterator does; it leaves the order as it is
  // where each offset stands for more than one element. `with_data`: the other operand counts as well.
  void find_order(intp part_size, bool with_data, int* permutation) const;
  void reorder(const int* permutation);
  void coalesce();
};

OuterSpace::OuterSpace(const IndexPlan& plan) : nd(plan.outer_nd) {
  for (int i = 0; i < nd; i++) {
    shape[i] = plan.outer[i];
    size *= shape[i];
  }
  for (int k = 0; k < plan.fancy_count; k++) {
    const FancyIndex& index = plan.fancy[k];
    if (index.axis < 0) continue;
    const ArrayObject* values = index.values.get();
    indices[count] = {values->data, index.length, index.stride};
    const int shift = nd - values->nd;
    for (int i = 0; i < nd; i++)
      strides[count][i] = i < shift || values->dimensions[i - shift] == 1 ? 0 : values->strides[i - shift];
    count++;
  }
}

void OuterSpace::find_order(intp part_size, bool with_data, int* permutation) const {
  for (int i = 0; i < nd; i++) permutation[i] = i;
  if (nd < 2 || part_size != 1) return;
  LoopSpace model;
  model.nd = nd;
  const int most = kMaxLoopOperands - (with_data ? 1 : 0);
  const int used = count < most ? count : most;
  for (int i = 0; i < nd; i++) {
    model.shape[i] = shape[i];
    for (int k = 0; k < used; k++) model.strides[k][i] = strides[k][i];
    if (with_data) model.strides[used][i] = data_strides[i];
  }
  model.operands = used + (with_data ? 1 : 0);
  sort_axes(model, permutation);
}

void OuterSpace::reorder(const int* permutation) {
  const auto apply = [&](intp* row) {
    intp old[kMaxDims];
    for (int i = 0; i < nd; i++) old[i] = row[i];
    for (int i = 0; i < nd; i++) row[i] = old[permutation[i]];
  };
  apply(shape);
  apply(data_strides);
  for (int k = 0; k < count; k++) apply(strides[k]);
}

void OuterSpace::coalesce() {
  int out = -1;
  for (int axis = 0; axis < nd; axis++) {
    if (shape[axis] == 1) continue;
    bool joins = out >= 0 && data_strides[out] == data_strides[axis] * shape[axis];
    for (int k = 0; joins && k < count; k++) joins = strides[k][out] == strides[k][axis] * shape[axis];
    if (joins)
      shape[out] *= shape[axis];
    else
      shape[++out] = shape[axis];
    data_strides[out] = data_strides[axis];
    for (int k = 0; k < count; k++) strides[k][out] = strides[k][axis];
  }
  nd = out + 1;
}

// How the elements behind one offset are moved: operand 0 of `inner` is the target.
struct Inner {
  LoopSpace space;
  intp chunk = 0;  // bytes, where they are one run on both sides
  Transfer transfer;
  bool plain;

  bool prepare(ArrayDescr* descr) {
    plain = moves_as_bytes(descr);
    coalesce(space);
    const intp size = descr->elsize;
    if (plain && space.nd == 0) chunk = size;
    if (plain && space.nd == 1 && space.strides[0][0] == size && space.strides[1][0] == size)
      chunk = size * space.shape[0];
    return transfer.prepare(descr, descr);
  }
  void move(char* target, const char* source) {
    space.data[0] = target;
    space.data[1] = const_cast<char*>(source);
    const int last = space.nd - 1;
    const intp out = last < 0 ? 0 : space.strides[0][last], in = last < 0 ? 0 : space.strides[1][last];
    for_each_run(space, [&](char** pointers, intp n) {
      transfer.run(pointers[0], out, pointers[1], in, n);
      return true;
    });
  }
};

// Follows offsets from `base`: gathers into `data`, or scatters from it.
void follow(Inner& inner, bool scatter, char* base, const intp* offsets, intp count, char* data, intp step) {
  if (inner.chunk) {
    if (scatter)
      scatter_offsets(base, offsets, data, step, count, inner.chunk);
    else
      gather_offsets(data, step, base, offsets, count, inner.chunk);
    return;
  }
  for (intp i = 0; i < count; i++) {
    char *there = base + offsets[i], *here = data + i * step;
    inner.move(scatter ? there : here, scatter ? here : there);
  }
}

// Follows all offsets of the outer space in order. False, with the rest left
// alone, at an index out of bounds.
bool walk(const OuterSpace& space, Inner& inner, bool scatter, char* base) {
  if (space.size == 0) return true;
  intp position[kMaxDims] = {};
  const char* pointers[kMaxDims];
  for (int k = 0; k < space.count; k++) pointers[k] = space.indices[k].values;
  char* data = space.data;
  const int last = space.nd - 1;
  const intp run = last < 0 ? 1 : space.shape[last];
  const intp data_step = last < 0 ? 0 : space.data_strides[last];
  intp offsets[kBlock];
  for (intp left = space.size; left > 0; left -= run) {
    for (intp done = 0; done < run; done += kBlock) {
      const intp n = run - done < kBlock ? run - done : kBlock;
      for (int k = 0; k < space.count; k++) {
        const intp step = last < 0 ? 0 : space.strides[k][last];
        const OuterSpace::Operand& index = space.indices[k];
        if (!add_offsets(offsets, pointers[k] + done * step, step, index.length, index.stride, n, k == 0)) return false;
      }
      if (space.count == 0)
        for (intp i = 0; i < n; i++) offsets[i] = 0;
      follow(inner, scatter, base, offsets, n, data + done * data_step, data_step);
    }
    for (int axis = last - 1; axis >= 0; axis--) {
      for (int k = 0; k < space.count; k++) pointers[k] += space.strides[k][axis];
      data += space.data_strides[axis];
      if (++position[axis] < space.shape[axis]) break;
      for (int k = 0; k < space.count; k++) pointers[k] -= position[axis] * space.strides[k][axis];
      data -= position[axis] * space.data_strides[axis];
      position[axis] = 0;
    }
  }
  return true;
}

// The first index out of bounds as an IndexError: -1. Arrays that nothing is selected with are not looked at.
int check_bounds(const IndexPlan& plan) {
  for (int i = 0; i < plan.outer_nd; i++)
    if (plan.outer[i] == 0) return 0;
  for (int k = 0; k < plan.fancy_count; k++) {
    const FancyIndex& index = plan.fancy[k];
    if (index.axis < 0) continue;
    const ArrayObject* values = index.values.get();
    LoopSpace space;
    space.nd = values->nd;
    for (int i = 0; i < values->nd; i++) space.shape[i] = values->dimensions[i];
    space.operands = 0;
    space.add(values->data, values->nd, values->dimensions, values->strides);
    coalesce(space);
    const intp step = space.nd ? space.strides[0][space.nd - 1] : 0;
    intp bad = 0;
    const bool valid = for_each_run(space, [&](char** pointers, intp n) {
      for (intp i = 0; i < n; i++) {
        std::memcpy(&bad, pointers[0] + i * step, sizeof bad);
        intp value = bad;
        if (!wrap_index(&value, index.length)) return false;
      }
      return true;
    });
    if (!valid) return raise_out_of_bounds(bad, index.axis, index.length);
  }
  return 0;
}

int raise_changed() {
  PyErr_SetString(PyExc_IndexError, "index arrays changed while they were used");
  return -1;
}

void lay_out_inner(const IndexPlan& plan, Inner& inner) {
  inner.space.nd = plan.nd;
  for (int i = 0; i < plan.nd; i++) inner.space.shape[i] = plan.dims[i];
}

// The axes of the result: `outer` ones at the plan's position among the others.
int interleave(const IndexPlan& plan, const intp* outer, const intp* inner, intp* out) {
  int nd = 0;
  for (int i = 0; i < plan.position; i++) out[nd++] = inner[i];
  for (int i = 0; i < plan.outer_nd; i++) out[nd++] = outer[i];
  for (int i = plan.position; i < plan.nd; i++) out[nd++] = inner[i];
  return nd;
}

int raise_first_bad(const ArrayObject* indices, intp length) {
  for (intp i = 0; i < indices->dimensions[0]; i++) {
    intp index, given;
    std::memcpy(&index, indices->data + i * indices->strides[0], sizeof index);
    given = index;
    if (!wrap_index(&index, length)) return raise_out_of_bounds(given, 0, length);
  }
  return raise_changed();
}

// Elements of a 1-d array that 1-d indices name, gathered into `data` or scattered from it.
bool follow_flat(bool scatter, ArrayObject* array, const ArrayObject* indices, char* data, intp step) {
  const intp count = indices->dimensions[0], length = array->dimensions[0], stride = array->strides[0];
  const intp index_step = indices->strides[0], size = array->descr->elsize;
  ReleasedGil released(may_release(array->descr) && count > kReleaseGil);
  intp offsets[kBlock];
  for (intp done = 0; done < count; done += kBlock) {
    const intp n = count - done < kBlock ? count - done : kBlock;
    if (!add_offsets(offsets, indices->data + done * index_step, index_step, length, stride, n, true)) return false;
    if (scatter)
      scatter_offsets(array->data, offsets, data + done * step, step, n, size);
    else
      gather_offsets(data + done * step, step, array->data, offsets, n, size);
  }
  return true;
}

}  // namespace

bool is_flat_index(const ArrayObject* array, const ArrayObject* indices) {
  return array->nd == 1 && indices->nd == 1 && indices->descr == descr_from_type_num(kIntp) &&
         is_word(array->descr->elsize) && moves_as_bytes(array->descr);
}

PyObject* flat_get(ArrayObject* array, ArrayObject* indices) {
  Ref<ArrayObject> result = new_array(array->descr, 1, indices->dimensions);
  if (!result) return nullptr;
  if (follow_flat(false, array, indices, result->data, array->descr->elsize)) return result.release_object();
  raise_first_bad(indices, array->dimensions[0]);
  return nullptr;
}

int flat_set(ArrayObject* array, ArrayObject* indices, ArrayObject* values) {
  for (intp i = 0; i < indices->dimensions[0]; i++) {
    intp index;
    std::memcpy(&index, indices->data + i * indices->strides[0], sizeof index);
    if (!wrap_index(&index, array->dimensions[0])) return raise_first_bad(indices, array->dimensions[0]);
  }
  const intp step = values->nd && values->dimensions[0] != 1 ? values->strides[0] : 0;
  return follow_flat(true, array, indices, values->data, step) ? 0 : raise_changed();
}

PyObject* fancy_get(ArrayObject* array, IndexPlan& plan) {
  ArrayDescr* descr = array->descr;
  OuterSpace space(plan);
  // The result is laid out as the index arrays are, each selected part as the array itself is.
  intp dims[kMaxDims], strides[kMaxDims];
  for (int i = 0; i < plan.outer_nd; i++) dims[i] = plan.outer[i];
  for (int i = 0; i < plan.nd; i++) dims[plan.outer_nd + i] = plan.dims[i];
  fill_strides_like(descr->elsize, plan.nd, plan.dims, plan.strides, strides + plan.outer_nd);
  intp part = descr->elsize, total = 1;
  for (int i = 0; i < plan.nd; i++) {
    if (plan.dims[i]) part *= plan.dims[i];
    total *= plan.dims[i];
  }
  int permutation[kMaxDims];
  space.find_order(total, false, permutation);
  for (int i = space.nd - 1; i >= 0; i--) {
    strides[permutation[i]] = part;
    if (space.shape[permutation[i]]) part *= space.shape[permutation[i]];
  }
  NewArray options;
  if (plan.nd + space.nd > 1) options.strides = strides;
  Ref<ArrayObject> result = new_array(descr, plan.outer_nd + plan.nd, dims, options);
  if (!result) return nullptr;
  if (total == 0 || space.size == 0) {
    if (check_bounds(plan) < 0) return nullptr;
  } else {
    Inner inner;
    lay_out_inner(plan, inner);
    inner.space.operands = 0;
    inner.space.add(nullptr, plan.nd, plan.dims, strides + plan.outer_nd);
    inner.space.add(nullptr, plan.nd, plan.dims, plan.strides);
    sort_axes(inner.space);
    if (!inner.prepare(descr)) return nullptr;
    space.data = result->data;
    for (int i = 0; i < space.nd; i++) space.data_strides[i] = strides[i];
    space.reorder(permutation);
    space.coalesce();
    bool valid;
    {
      ReleasedGil released(may_release(descr) && space.size * total > kReleaseGil);
      valid = walk(space, inner, false, plan.data);
    }
    if (PyErr_Occurred()) return nullptr;
    if (!valid) {
      if (check_bounds(plan) == 0) raise_changed();
      return nullptr;
    }
  }
  if (plan.position) {
    intp moved_dims[kMaxDims], moved_strides[kMaxDims];
    interleave(plan, dims, dims + plan.outer_nd, moved_dims);
    const int nd = interleave(plan, strides, strides + plan.outer_nd, moved_strides);
    result = view_of(result.get(), nd, moved_dims, moved_strides, result->data);
  }
  auto* self = reinterpret_cast<PyObject*>(array);
  if (!result || is_exact_array(self)) return result.release_object();
  return new_view(result.object(), descr, result->nd, result->dimensions, result->strides, result->data, result->flags,
                  Py_TYPE(self), self)
      .release_object();
}

Ref<ArrayObject> values_for(ArrayObject* target, PyObject* value) {
  FromAny options;
  const bool cast = is_array(value) || (scalar_descr(value) && !weak_kind(value));
  if (!cast) options.descr = target->descr;
  Ref<ArrayObject> values = array_from_any(value, options);
  if (values && (!equivalent(values->descr, target->descr) || may_overlap(values.get(), target)))
    values = copy_array(values.get(), target->descr, Order::K, false);
  return values;
}

int fancy_set(ArrayObject* array, IndexPlan& plan, PyObject* value) {
  Ref<ArrayObject> values = values_for(array, value);
  if (!values) return -1;
  for (int k = 0; k < plan.fancy_count; k++) {
    FancyIndex& index = plan.fancy[k];
    if (index.axis < 0 || !may_overlap(index.values.get(), array)) continue;
    index.values = copy_array(index.values.get(), index.values->descr, Order::K, false);
    if (!index.values) return -1;
  }
  intp dims[kMaxDims], strides[kMaxDims];
  const int nd = interleave(plan, plan.outer, plan.dims, dims);
  int extra = 0;  // surplus leading axes of length 1 are dropped
  while (values->nd - extra > nd && values->dimensions[extra] == 1) extra++;
  const int shift = nd - (values->nd - extra);
  bool fits = shift >= 0;
  for (int i = 0; fits && i < nd; i++) {
    const intp length = i < shift ? 1 : values->dimensions[extra + i - shift];
    fits = length == 1 || length == dims[i];
    strides[i] = length == 1 ? 0 : values->strides[extra + i - shift];
  }
  if (!fits) {
    Ref<> from = shape_text(values->nd, values->dimensions), to = shape_text(nd, dims);
    if (from && to)
      PyErr_Format(PyExc_ValueError,
                   "shape mismatch: value array of shape %U could not be broadcast to indexing result of shape %U",
                   from.get(), to.get());
    return -1;
  }
  if (check_bounds(plan) < 0) return -1;
  OuterSpace space(plan);
  intp total = 1;
  for (int i = 0; i < plan.nd; i++) total *= plan.dims[i];
  if (total == 0 || space.size == 0) return 0;
  Inner inner;
  lay_out_inner(plan, inner);
  inner.space.operands = 0;
  intp value_strides[kMaxDims];
  for (int i = 0; i < plan.nd; i++) value_strides[i] = strides[i < plan.position ? i : i + plan.outer_nd];
  inner.space.add(nullptr, plan.nd, plan.dims, plan.strides);
  inner.space.add(nullptr, plan.nd, plan.dims, value_strides);
  sort_axes(inner.space);
  if (!inner.prepare(array->descr)) return -1;
  space.data = values->data;
  for (int i = 0; i < space.nd; i++) space.data_strides[i] = strides[plan.position + i];
  int permutation[kMaxDims];
  space.find_order(total, true, permutation);
  space.reorder(permutation);
  space.coalesce();
  bool valid;
  {
    ReleasedGil released(may_release(array->descr) && space.size * total > kReleaseGil);
    valid = walk(space, inner, true, plan.data);
  }
  if (PyErr_Occurred()) return -1;
  return valid ? 0 : raise_changed();
}

}  // namespace wasmnp
