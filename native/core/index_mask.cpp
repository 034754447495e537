// Masks: elements where an array of bools of the same shape is true, and the indices of true elements.
#include "../python/gil.hpp"
#include "casting.hpp"
#include "indexing.hpp"
#include "iterate.hpp"

namespace wasmnp {

namespace {

// A mask, with the array beside it where one is given, in C order.
struct MaskSpace : LoopSpace {
  explicit MaskSpace(ArrayObject* mask, ArrayObject* array = nullptr) {
    nd = mask->nd;
    for (int i = 0; i < nd; i++) shape[i] = mask->dimensions[i];
    add(mask->data, nd, mask->dimensions, mask->strides);
    if (array) add(array->data, nd, array->dimensions, array->strides);
    coalesce(*this);
  }
  intp step(int k) const { return nd ? strides[k][nd - 1] : 0; }
};

// The highest bit of each byte that is not zero.
uint64_t nonzero_bytes(const char* bytes) {
  uint64_t word;
  std::memcpy(&word, bytes, sizeof word);
  constexpr uint64_t low = 0x7f7f7f7f7f7f7f7f;
  return (((word & low) + low) | word) & ~low;
}

[[gnu::noinline]] intp count_run(const char* mask, intp step, intp count) {
  intp total = 0;
  if (step != 1) {
    for (intp i = 0; i < count; i++) total += mask[i * step] != 0;
    return total;
  }
  intp i = 0;
  while (i + 8 <= count) {
    // Each byte of the sum counts up to 255 words.
    const intp words = (count - i) / 8 < 255 ? (count - i) / 8 : 255;
    uint64_t sums = 0;
    for (intp word = 0; word < words; word++, i += 8) sums += nonzero_bytes(mask + i) >> 7;
    constexpr uint64_t even = 0x00ff00ff00ff00ff;
    total += static_cast<intp>((((sums & even) + ((sums >> 8) & even)) * 0x0001000100010001) >> 48);
  }
  for (; i < count; i++) total += mask[i] != 0;
  return total;
}

}  // namespace

intp count_true(ArrayObject* mask) {
  const MaskSpace space(mask);
  intp total = 0;
  for_each_run(space, [&](char** pointers, intp n) {
    total += count_run(pointers[0], space.step(0), n);
    return true;
  });
  return total;
}

Ref<ArrayObject> truth_of(ArrayObject* array) {
  ArrayDescr* boolean = descr_of(Element::Bool);
  if (array->descr->kind == 'b') return Ref<ArrayObject>::borrow(array);
  const DTypeSlots* slots = dtype_slots(array->descr);
  if (array->descr->type_num < kUserType || !slots->functions || !slots->functions->nonzero)
    return copy_array(array, boolean, Order::K, false);
  Ref<ArrayObject> truth = new_array(boolean, array->nd, array->dimensions);
  if (!truth) return nullptr;
  MaskSpace space(truth.get(), array);
  for_each_element(space, [&](char** pointers) { *pointers[0] = slots->functions->nonzero(pointers[1], array) != 0; });
  return PyErr_Occurred() ? Ref<ArrayObject>() : std::move(truth);
}

Ref<ArrayObject> true_indices(ArrayObject* mask) {
  const int nd = mask->nd;
  const intp count = count_true(mask), dims[2] = {count, nd};
  Ref<ArrayObject> result = new_array(descr_from_type_num(kIntp), 2, dims);
  if (!result || count == 0 || nd == 0) return result;
  auto* out = reinterpret_cast<intp*>(result->data);
  intp* const end = out + count * nd;  // another thread may change the mask
  // Runs along the last axis; the position of the others is kept beside.
  LoopSpace space;
  space.nd = nd;
  for (int i = 0; i < nd; i++) space.shape[i] = mask->dimensions[i];
  space.add(mask->data, nd, mask->dimensions, mask->strides);
  intp position[kMaxDims] = {};
  ReleasedGil released(array_size(mask) > kReleaseGil);
  const intp step = space.strides[0][nd - 1];
  for_each_run(space, [&](char** pointers, intp n) {
    intp places[kBlock];
    for (intp done = 0; done < n; done += kBlock) {
      const intp piece = n - done < kBlock ? n - done : kBlock;
      const intp found = collect_true(pointers[0] + done * step, step, piece, 1, places);
      for (intp i = 0; i < found && out != end; i++) {
        for (int axis = 0; axis < nd - 1; axis++) *out++ = position[axis];
        *out++ = done + places[i];
      }
    }
    for (int axis = nd - 2; axis >= 0; axis--) {
      if (++position[axis] < space.shape[axis]) break;
      position[axis] = 0;
    }
    return true;
  });
  for (; out != end; out++) *out = 0;
  return result;
}

PyObject* mask_get(ArrayObject* array, ArrayObject* mask) {
  ArrayDescr* descr = array->descr;
  const intp count = count_true(mask);
  Ref<ArrayObject> result = new_array(descr, 1, &count);
  Transfer transfer;
  if (!result || !transfer.prepare(descr, descr)) return nullptr;
  const MaskSpace space(mask, array);
  char* out = result->data;
  intp room = count;
  const intp size = descr->elsize, mask_step = space.step(0), step = space.step(1);
  {
    ReleasedGil released(may_release(descr) && space.size() > kReleaseGil);
    for_each_run(space, [&](char** pointers, intp n) {
      intp offsets[kBlock];
      for (intp done = 0; done < n && room > 0; done += kBlock) {
        const intp piece = n - done < kBlock ? n - done : kBlock;
        intp found = collect_true(pointers[0] + done * mask_step, mask_step, piece, step, offsets);
        if (found > room) found = room;
        const char* in = pointers[1] + done * step;
        if (moves_as_bytes(descr))
          gather_offsets(out, size, in, offsets, found, size);
        else
          for (intp i = 0; i < found; i++) transfer.run(out + i * size, size, in + offsets[i], size, 1);
        out += found * size;
        room -= found;
      }
      return room > 0;
    });
  }
  // What a mask that another thread changed did not fill.
  if (room > 0 && size) std::memset(out, 0, static_cast<size_t>(room * size));
  if (PyErr_Occurred()) return nullptr;
  auto* self = reinterpret_cast<PyObject*>(array);
  if (is_exact_array(self)) return result.release_object();
  return new_view(result.object(), descr, 1, result->dimensions, result->strides, result->data, result->flags,
                  Py_TYPE(self), self)
      .release_object();
}

int mask_set(ArrayObject* array, ArrayObject* mask, PyObject* value) {
  Ref<ArrayObject> values = values_for(array, value);
  if (!values) return -1;
  if (values->nd > 1) {
    PyErr_Format(PyExc_TypeError,
                 "NumPy boolean array indexing assignment requires a 0 or 1-dimensional input, input has %d dimensions",
                 values->nd);
    return -1;
  }
  Ref<ArrayObject> own_mask = Ref<ArrayObject>::borrow(mask);
  if (may_overlap(mask, array)) own_mask = copy_array(mask, mask->descr, Order::C, false);
  if (!own_mask) return -1;
  const intp given = values->nd ? values->dimensions[0] : 1;
  const bool repeats = given == 1;
  if (!repeats) {
    const intp count = count_true(own_mask.get());
    if (given != count) {
      PyErr_Format(PyExc_ValueError,
                   "NumPy boolean array indexing assignment cannot assign %zd input values to the %zd output values "
                   "where the mask is true",
                   given, count);
      return -1;
    }
  }
  Transfer transfer;
  if (!transfer.prepare(array->descr, array->descr)) return -1;
  const MaskSpace space(own_mask.get(), array);
  const intp size = array->descr->elsize, mask_step = space.step(0), step = space.step(1);
  const intp value_step = repeats ? 0 : values->strides[0];
  const char* source = values->data;
  intp left = repeats ? space.size() : given;
  {
    ReleasedGil released(may_release(array->descr) && space.size() > kReleaseGil);
    for_each_run(space, [&](char** pointers, intp n) {
      intp offsets[kBlock];
      for (intp done = 0; done < n && left > 0; done += kBlock) {
        const intp piece = n - done < kBlock ? n - done : kBlock;
        intp found = collect_true(pointers[0] + done * mask_step, mask_step, piece, step, offsets);
        if (found > left) found = left;
        char* out = pointers[1] + done * step;
        if (moves_as_bytes(array->descr))
          scatter_offsets(out, offsets, source, value_step, found, size);
        else
          for (intp i = 0; i < found; i++) transfer.run(out + offsets[i], size, source + i * value_step, size, 1);
        source += found * value_step;
        left -= found;
      }
      return left > 0;
    });
  }
  return PyErr_Occurred() ? -1 : 0;
}

}  // namespace wasmnp
