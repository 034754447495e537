// Functions that select elements: take, put, putmask, place, repeat, where, choose, nonzero, count_nonzero. Those that
// methods share take the array as their first argument.
#include "../python/arguments.hpp"
#include "../python/gil.hpp"
#include "casting.hpp"
#include "indexing.hpp"
#include "iterate.hpp"
#include "operands.hpp"
#include "scalar.hpp"
#include "state.hpp"
#include "unaligned.hpp"

namespace wasmnp {

bool parse_mode(PyObject* object, ClipMode* mode) {
  if (!object || object == Py_None) return true;
  if (PyLong_Check(object)) {
    const long number = PyLong_AsLong(object);
    if (number == -1 && PyErr_Occurred()) return false;
    // NPY_CLIP, NPY_WRAP, NPY_RAISE
    *mode = number == 0 ? ClipMode::Clip : number == 1 ? ClipMode::Wrap : ClipMode::Raise;
    if (number >= 0 && number <= 2) return true;
  }
  const char* text = PyUnicode_Check(object) ? PyUnicode_AsUTF8AndSize(object, nullptr) : nullptr;
  if (text) {
    switch (text[0] | 0x20) {
      case 'r': *mode = ClipMode::Raise; return true;
      case 'w': *mode = ClipMode::Wrap; return true;
      case 'c': *mode = ClipMode::Clip; return true;
      default: break;
    }
  }
  if (!PyErr_Occurred())
    PyErr_Format(PyExc_ValueError, "clipmode must be one of 'clip', 'raise', or 'wrap' (got %R)", object);
  return false;
}

// `index` brought into an axis of `length` (not 0); false where it may not be.
bool bring_inside(intp* index, intp length, ClipMode mode) {
  switch (mode) {
    case ClipMode::Raise: return wrap_index(index, length);
    case ClipMode::Wrap:
      if (static_cast<size_t>(*index) >= static_cast<size_t>(length)) {
        *index %= length;
        if (*index < 0) *index += length;
      }
      return true;
    case ClipMode::Clip: *index = *index < 0 ? 0 : *index >= length ? length - 1 : *index; return true;
  }
  return false;
}

namespace {

// Chunks of `bytes` from one run to another; elements one by one where they are more than bytes.
struct ChunkMover {
  intp bytes = 0, elements = 0;
  Transfer transfer;
  bool plain = true;

  bool prepare(ArrayDescr* descr, intp count) {
    bytes = descr->elsize * count;
    elements = count;
    plain = moves_as_bytes(descr);
    return transfer.prepare(descr, descr);
  }
  void move(char* target, const char* source) const {
    if (plain) return move_element(target, source, bytes);
    const intp size = elements ? bytes / elements : 0;
    transfer.run(target, size, source, size, elements);
  }
};

// ---- take

template <class Move>
bool gather(const intp* indices, intp count, intp length, ClipMode mode, Move move) {
  for (intp i = 0; i < count; i++) {
    intp index = indices[i];
    if (!bring_inside(&index, length, mode)) return false;
    move(i, index);
  }
  return true;
}

// out[o, i] = in[o, indices[i]]; false at an index out of bounds.
bool take_chunks(const ChunkMover& mover, char* out, const char* in, const intp* indices, intp outer, intp count,
                 intp length, ClipMode mode) {
  const intp chunk = mover.bytes;
  intp offsets[kBlock];
  for (intp o = 0; o < outer; o++, in += length * chunk) {
    for (intp done = 0; done < count; done += kBlock) {
      const intp n = count - done < kBlock ? count - done : kBlock;
      bool valid = true;
      if (mode == ClipMode::Raise)
        valid =
            add_offsets(offsets, reinterpret_cast<const char*>(indices + done), sizeof(intp), length, chunk, n, true);
      else
        gather(indices + done, n, length, mode, [&](intp i, intp index) { offsets[i] = index * chunk; });
      if (!valid) return false;
      if (mover.plain)
        gather_offsets(out, chunk, in, offsets, n, chunk);
      else
        for (intp i = 0; i < n; i++) mover.move(out + i * chunk, in + offsets[i]);
      out += n * chunk;
    }
  }
  return true;
}

int raise_first_bad(const ArrayObject* indices, intp axis, intp length) {
  const auto* values = reinterpret_cast<const intp*>(indices->data);
  for (intp i = 0; i < array_size(indices); i++) {
    intp index = values[i];
    if (!wrap_index(&index, length)) return raise_out_of_bounds(values[i], axis, length);
  }
  PyErr_SetString(PyExc_IndexError, "index arrays changed while they were used");
  return -1;
}

// The result where it was asked for, or a new array; `written` is what to fill.
struct Output {
  Ref<ArrayObject> written;
  ArrayObject* out = nullptr;

  bool prepare(PyObject* object, ArrayDescr* descr, int nd, const intp* dims, PyTypeObject* subtype,
               PyObject* prototype, bool chosen = false) {
    if (!object || object == Py_None) {
      NewArray options;
      options.subtype = subtype;
      options.prototype = prototype;
      written = new_array(descr, nd, dims, options);
      return static_cast<bool>(written);
    }
    if (!is_array(object)) {
      PyErr_Format(PyExc_TypeError, "output must be an array, not '%s'", Py_TYPE(object)->tp_name);
      return false;
    }
    out = as_array(object);
    bool fits = out->nd == nd;
    for (int i = 0; fits && i < nd; i++) fits = out->dimensions[i] == dims[i];
    if (!fits) {
      if (chosen)
        PyErr_SetString(PyExc_TypeError, "choose: invalid shape for output array.");
      else
        PyErr_SetString(PyExc_ValueError, "output array does not match result of ndarray.take");
      return false;
    }
    if (require_writeable(out, "output array") < 0) return false;
    if (!chosen && !can_cast(out->descr, descr, Casting::Safe)) {
      PyErr_Format(PyExc_TypeError, "Cannot cast array data from %R to %R according to the rule 'safe'",
                   reinterpret_cast<PyObject*>(out->descr), reinterpret_cast<PyObject*>(descr));
      return false;
    }
    written = new_array(descr, nd, dims);
    return static_cast<bool>(written);
  }
  // Hands the result out: new reference.
  PyObject* finish() {
    if (!out) return written->nd ? written.release_object() : array_item(written.get(), written->data);
    return copy_into(out, written.get()) < 0 ? nullptr : new_ref(out);
  }
};

PyObject* take(ArrayObject* self, PyObject* indices_object, PyObject* axis_object, PyObject* out_object,
               ClipMode mode) {
  Ref<ArrayObject> source = Ref<ArrayObject>::borrow(self);
  intp axis = 0;
  if (!axis_object || axis_object == Py_None) {
    source = ravel(self, Order::C, false);
  } else {
    if (!integer_argument(axis_object, &axis)) return nullptr;
    if (self->nd == 0) {
      if (axis != 0 && axis != -1) {
        normalize_axis(&axis, 0);
        return nullptr;
      }
      source = ravel(self, Order::C, false);
      axis = 0;
    }
    if (source && normalize_axis(&axis, source->nd) < 0) return nullptr;
  }
  source = source ? contiguous(source.get(), self->descr) : Ref<ArrayObject>();
  Ref<ArrayObject> indices = source ? as_intp_array(indices_object, true) : Ref<ArrayObject>();
  if (indices) indices = contiguous(indices.get(), indices->descr);
  if (!indices) return nullptr;
  const int at = static_cast<int>(axis), nd = source->nd - 1 + indices->nd;
  if (nd > kMaxDims) {
    PyErr_Format(PyExc_ValueError, "maximum supported dimension for an ndarray is currently %d, found %d", kMaxDims,
                 nd);
    return nullptr;
  }
  intp dims[kMaxDims], outer = 1, inner = 1;
  for (int i = 0; i < at; i++) outer *= dims[i] = source->dimensions[i];
  for (int i = 0; i < indices->nd; i++) dims[at + i] = indices->dimensions[i];
  for (int i = at + 1; i < source->nd; i++) inner *= dims[i - 1 + indices->nd] = source->dimensions[i];
  const intp length = source->dimensions[at], count = array_size(indices.get());
  Output output;
  if (!output.prepare(out_object, self->descr, nd, dims, Py_TYPE(reinterpret_cast<PyObject*>(self)),
                      reinterpret_cast<PyObject*>(self)))
    return nullptr;
  if (length == 0 && array_size(output.written.get()) != 0) {
    PyErr_SetString(PyExc_IndexError, "cannot do a non-empty take from an empty axes.");
    return nullptr;
  }
  ChunkMover mover;
  if (!mover.prepare(self->descr, inner)) return nullptr;
  if (outer * count && (inner || mode == ClipMode::Raise)) {  // indices count even where they fetch nothing
    bool valid;
    {
      ReleasedGil released(may_release(self->descr) && outer * count * inner > kReleaseGil);
      valid = take_chunks(mover, output.written->data, source->data, reinterpret_cast<const intp*>(indices->data),
                          outer, count, length, mode);
    }
    if (PyErr_Occurred()) return nullptr;
    if (!valid) {
      raise_first_bad(indices.get(), axis, length);
      return nullptr;
    }
  }
  return output.finish();
}

}  // namespace

PyObject* array_take(PyObject* self, PyObject* const* args, Py_ssize_t nargs, PyObject* kwnames) {
  static const char* const names[] = {"indices", "axis", "out", "mode"};
  PyObject* values[4];
  ClipMode mode = ClipMode::Raise;
  if (!parse_arguments({"take", names, 4, 1}, args, nargs, kwnames, values) || !parse_mode(values[3], &mode))
    return nullptr;
  return take(as_array(self), values[0], values[1], values[2], mode);
}

PyObject* array_compress(PyObject* self, PyObject* const* args, Py_ssize_t nargs, PyObject* kwnames) {
  static const char* const names[] = {"condition", "axis", "out"};
  PyObject* values[3];
  if (!parse_arguments({"compress", names, 3, 1}, args, nargs, kwnames, values)) return nullptr;
  Ref<ArrayObject> condition = array_from_any(values[0]);
  if (!condition) return nullptr;
  if (condition->nd != 1) {
    PyErr_SetString(PyExc_ValueError, "condition must be a 1-d array");
    return nullptr;
  }
  Ref<ArrayObject> truth = truth_of(condition.get());
  Ref<ArrayObject> rows = truth ? true_indices(truth.get()) : Ref<ArrayObject>();
  if (!rows) return nullptr;
  Ref<ArrayObject> indices = view_of(rows.get(), 1, rows->dimensions, rows->strides, rows->data);
  return indices ? take(as_array(self), indices.object(), values[1], values[2], ClipMode::Raise) : nullptr;
}

namespace {

// ---- put, putmask, place

// Runs body(target) on an array of the elements in C order: the array itself, or a copy that is written back.
template <class Body>
PyObject* change_in_order(ArrayObject* array, Body body) {
  if (require_writeable(array) < 0) return nullptr;
  Ref<ArrayObject> target = contiguous(array, array->descr);
  if (!target || !body(target.get())) return nullptr;
  if (target.get() != array && copy_into(array, target.get()) < 0) return nullptr;
  return new_ref(Py_None);
}

// The values that are put into `array`: contiguous, of its type, apart from its memory.
Ref<ArrayObject> flat_values(ArrayObject* array, PyObject* object) {
  Ref<ArrayObject> values = contiguous_from(object, array->descr);
  if (values && may_overlap(values.get(), array)) values = copy_array(values.get(), array->descr, Order::C, false);
  return values;
}

}  // namespace

PyObject* array_put(PyObject* self, PyObject* const* args, Py_ssize_t nargs, PyObject* kwnames) {
  static const char* const names[] = {"indices", "values", "mode"};
  PyObject* values[3];
  ClipMode mode = ClipMode::Raise;
  if (!parse_arguments({"put", names, 3, 2}, args, nargs, kwnames, values) || !parse_mode(values[2], &mode))
    return nullptr;
  ArrayObject* array = as_array(self);
  if (require_writeable(array, "put: output array") < 0) return nullptr;
  Ref<ArrayObject> given = as_intp_array(values[0], true);
  Ref<ArrayObject> indices = given ? contiguous(given.get(), given->descr) : Ref<ArrayObject>();
  if (indices && may_overlap(indices.get(), array))
    indices = copy_array(indices.get(), indices->descr, Order::C, false);
  if (!indices) return nullptr;
  const intp count = array_size(indices.get()), length = array_size(array);
  if (count && length == 0) {
    PyErr_SetString(PyExc_IndexError, "cannot replace elements of an empty array");
    return nullptr;
  }
  Ref<ArrayObject> source = flat_values(array, values[1]);
  if (!source) return nullptr;
  const intp given_values = array_size(source.get());
  if (count == 0 || given_values == 0) return new_ref(Py_None);
  const auto* places = reinterpret_cast<const intp*>(indices->data);
  if (!gather(places, count, length, mode, [](intp, intp) {})) {
    raise_first_bad(indices.get(), 0, length);
    return nullptr;
  }
  ChunkMover mover;
  if (!mover.prepare(array->descr, 1)) return nullptr;
  return change_in_order(array, [&](ArrayObject* target) {
    intp next = 0;
    const bool valid = gather(places, count, length, mode, [&](intp, intp index) {
      mover.move(target->data + index * mover.bytes, source->data + next * mover.bytes);
      if (++next == given_values) next = 0;
    });
    if (!valid) raise_first_bad(indices.get(), 0, length);
    return !PyErr_Occurred();
  });
}

namespace {

// `in_turn`: values are used up one by one (place); else element i takes value i (putmask). Both start again.
PyObject* put_where(ArrayObject* array, PyObject* mask_object, PyObject* values_object, bool in_turn) {
  if (require_writeable(array, in_turn ? "place: output array" : "putmask: output array") < 0) return nullptr;
  Ref<ArrayObject> given = array_from_any(mask_object);
  Ref<ArrayObject> truth = given ? truth_of(given.get()) : Ref<ArrayObject>();
  Ref<ArrayObject> mask = truth ? contiguous(truth.get(), truth->descr) : Ref<ArrayObject>();
  if (!mask) return nullptr;
  const intp size = array_size(array);
  if (array_size(mask.get()) != size) {
    PyErr_SetString(PyExc_ValueError, in_turn ? "place: mask and data must be the same size"
                                              : "putmask: mask and data must be the same size");
    return nullptr;
  }
  Ref<ArrayObject> source = flat_values(array, values_object);
  if (!source) return nullptr;
  if (may_overlap(mask.get(), array)) mask = copy_array(mask.get(), mask->descr, Order::C, false);
  if (!mask) return nullptr;
  const intp count = array_size(source.get());
  if (count == 0) {
    if (in_turn && count_true(mask.get())) {
      PyErr_SetString(PyExc_ValueError, "Cannot insert from an empty array!");
      return nullptr;
    }
    return new_ref(Py_None);
  }
  ChunkMover mover;
  if (!mover.prepare(array->descr, 1)) return nullptr;
  return change_in_order(array, [&](ArrayObject* target) {
    ReleasedGil released(may_release(array->descr) && size > kReleaseGil);
    intp next = 0;
    for (intp i = 0; i < size; i++) {
      const bool chosen = mask->data[i] != 0;
      if (chosen) mover.move(target->data + i * mover.bytes, source->data + next * mover.bytes);
      if ((chosen || !in_turn) && ++next == count) next = 0;
    }
    return true;
  });
}

PyObject* function_putmask(PyObject*, PyObject* const* args, Py_ssize_t nargs, PyObject* kwnames) {
  static const char* const names[] = {"/a", "mask", "values"};
  PyObject* values[3];
  if (!parse_arguments({"putmask", names, 3, 3}, args, nargs, kwnames, values)) return nullptr;
  if (is_array(values[0])) return put_where(as_array(values[0]), values[1], values[2], false);
  PyErr_SetString(PyExc_TypeError, "putmask: first argument must be an array");
  return nullptr;
}
PyObject* function_place(PyObject*, PyObject* const* args, Py_ssize_t nargs, PyObject* kwnames) {
  static const char* const names[] = {"arr", "mask", "vals"};
  PyObject* values[3];
  if (!parse_arguments({"place", names, 3, 3}, args, nargs, kwnames, values)) return nullptr;
  if (is_array(values[0])) return put_where(as_array(values[0]), values[1], values[2], true);
  PyErr_Format(PyExc_TypeError, "place() argument 1 must be numpy.ndarray, not %s", Py_TYPE(values[0])->tp_name);
  return nullptr;
}

// ---- repeat

// Sixteen bytes of the word at `in`, again and again.
template <class Word>
auto sixteen_bytes_of(const char* in) {
  using Part = std::conditional_t<std::is_integral_v<Word>, Word, uint64_t>;
  typedef Part Parts __attribute__((vector_size(16)));
  if constexpr (std::is_integral_v<Word>)
    return Parts{} + load_value<Word>(in);
  else
    return load_value<Parts>(in);
}

// Each of `count` words `times` >= 1 times in a row, in places of their own.
template <class Word>
void repeat_words(char* out, const char* in, intp count, intp times) {
  constexpr intp size = sizeof(Word), chunk = 16;
  if (times == 1) {
    std::memcpy(out, in, static_cast<size_t>(count * size));
    return;
  }
  if (times == 2) {  // a loop that compilers make vectors of
    for (intp i = 0; i < count; i++) {
      const Word word = load_value<Word>(in + i * size);
      store_value(out + 2 * i * size, word);
      store_value(out + (2 * i + 1) * size, word);
    }
    return;
  }
  // Whole chunks of 16 bytes: what one word writes too many the next one overwrites.
  const intp run = times * size;
  char* const end = out + count * run;
  for (; end - out >= run + chunk; out += run, in += size) {
    const auto words = sixteen_bytes_of<Word>(in);
    for (char* part = out; part < out + run; part += chunk) store_value(part, words);
  }
  for (; out < end; in += size) {
    const Word word = load_value<Word>(in);
    for (intp n = 0; n < times; n++, out += size) store_value(out, word);
  }
}

}  // namespace

PyObject* array_repeat(PyObject* self, PyObject* const* args, Py_ssize_t nargs, PyObject* kwnames) {
  static const char* const names[] = {"repeats", "axis"};
  PyObject* values[2];
  if (!parse_arguments({"repeat", names, 2, 1}, args, nargs, kwnames, values)) return nullptr;
  ArrayObject* array = as_array(self);
  Ref<ArrayObject> given = as_intp_array(values[0], true);
  Ref<ArrayObject> repeats = given ? contiguous(given.get(), given->descr) : Ref<ArrayObject>();
  if (!repeats) return nullptr;
  if (repeats->nd > 1) {
    PyErr_SetString(PyExc_ValueError, "object too deep for desired array");
    return nullptr;
  }
  Ref<ArrayObject> source = Ref<ArrayObject>::borrow(array);
  intp axis = 0;
  if (!values[1] || values[1] == Py_None) {
    source = ravel(array, Order::C, false);
  } else {
    if (!integer_argument(values[1], &axis)) return nullptr;
    if (array->nd == 0 && (axis == 0 || axis == -1)) source = ravel(array, Order::C, false);
    if (source && normalize_axis(&axis, source->nd) < 0) return nullptr;
  }
  source = source ? contiguous(source.get(), array->descr) : Ref<ArrayObject>();
  if (!source) return nullptr;
  const int at = static_cast<int>(axis);
  const intp length = source->dimensions[at], count = array_size(repeats.get());
  const bool same = count == 1;
  const auto* counts = reinterpret_cast<const intp*>(repeats->data);
  if (!same && count != length) {
    Ref<> shape = shape_text(source->nd, source->dimensions), text = shape_text(1, &count);
    if (shape && text) {
      const intp own = length;
      Ref<> axis_text = shape_text(1, &own);
      if (axis_text)
        PyErr_Format(PyExc_ValueError, "operands could not be broadcast together with shape %U %U", axis_text.get(),
                     text.get());
    }
    return nullptr;
  }
  intp total = 0;
  for (intp i = 0; i < length; i++) {
    const intp n = counts[same ? 0 : i];
    if (n < 0) {
      PyErr_SetString(PyExc_ValueError, "repeats may not contain negative values.");
      return nullptr;
    }
    if (__builtin_add_overflow(total, n, &total)) {
      PyErr_SetString(PyExc_ValueError, "the result of repeat() would have too many elements");
      return nullptr;
    }
  }
  intp dims[kMaxDims], outer = 1, inner = 1;
  for (int i = 0; i < source->nd; i++) {
    dims[i] = i == at ? total : source->dimensions[i];
    if (i != at) (i < at ? outer : inner) *= dims[i];
  }
  NewArray options;
  options.subtype = Py_TYPE(self);
  options.prototype = self;
  Ref<ArrayObject> result = new_array(array->descr, source->nd, dims, options);
  ChunkMover mover;
  if (!result || !mover.prepare(array->descr, inner)) return nullptr;
  const char* in = source->data;
  char* out = result->data;
  char* const end = out + outer * total * inner * array->descr->elsize;
  if (out == end) return result.release_object();
  {
    ReleasedGil released(may_release(array->descr) && outer * total * inner > kReleaseGil);
    if (same && mover.plain && is_word(mover.bytes)) {
      // As often as fits, whatever another thread makes of the counts.
      const intp times = (end - out) / (mover.bytes * outer * length);
      with_word(mover.bytes, [&](auto word) { repeat_words<decltype(word)>(out, in, outer * length, times); });
      out = end;
    }
    for (intp o = 0; o < outer && out != end; o++) {
      for (intp i = 0; i < length; i++, in += mover.bytes) {
        // `end`: another thread may have changed the counts.
        for (intp n = counts[same ? 0 : i]; n > 0 && out != end; n--, out += mover.bytes) mover.move(out, in);
      }
    }
  }
  return PyErr_Occurred() ? nullptr : result.release_object();
}

namespace {

// ---- nonzero

}  // namespace

PyObject* array_nonzero(PyObject* self, PyObject*) {
  ArrayObject* array = as_array(self);
  if (array->nd == 0) {
    PyErr_SetString(PyExc_ValueError,
                    "Calling nonzero on 0d arrays is not allowed. Use np.atleast_1d(scalar).nonzero() instead. If the "
                    "context of this error is of the form `arr[nonzero(cond)]`, just use `arr[cond]`.");
    return nullptr;
  }
  Ref<ArrayObject> truth = truth_of(array);
  Ref<ArrayObject> indices = truth ? true_indices(truth.get()) : Ref<ArrayObject>();
  Ref<> tuple = indices ? steal(PyTuple_New(array->nd)) : Ref<>();
  if (!tuple) return nullptr;
  for (int axis = 0; axis < array->nd; axis++) {
    Ref<ArrayObject> column =
        view_of(indices.get(), 1, indices->dimensions, indices->strides, indices->data + axis * indices->strides[1]);
    if (!column) return nullptr;
    PyTuple_SetItem(tuple.get(), axis, column.release_object());
  }
  return tuple.release();
}

namespace {

PyObject* function_count_nonzero(PyObject*, PyObject* object) {
  Ref<ArrayObject> array = array_from_any(object);
  Ref<ArrayObject> truth = array ? truth_of(array.get()) : Ref<ArrayObject>();
  return truth ? PyLong_FromSsize_t(count_true(truth.get())) : nullptr;
}

// ---- where, choose

PyObject* function_where(PyObject*, PyObject* const* args, Py_ssize_t nargs, PyObject* kwnames) {
  static const char* const names[] = {"/condition", "/x", "/y"};
  PyObject* values[3];
  if (!parse_arguments({"where", names, 3, 1}, args, nargs, kwnames, values)) return nullptr;
  Ref<ArrayObject> condition = array_from_any(values[0]);
  if (!condition) return nullptr;
  if (!values[1] && !values[2]) return array_nonzero(condition.object(), nullptr);
  if (!values[1] || !values[2]) {
    PyErr_SetString(PyExc_ValueError, "either both or neither of x and y should be given");
    return nullptr;
  }
  Ref<ArrayObject> x = array_from_any(values[1]);
  Ref<ArrayObject> y = x ? array_from_any(values[2]) : Ref<ArrayObject>();
  if (!y) return nullptr;
  ArrayObject* given[2] = {x.get(), y.get()};
  Ref<ArrayDescr> descr = common_type(values + 1, given, 2);
  if (!descr) return nullptr;
  ArrayObject* const operands[3] = {condition.get(), x.get(), y.get()};
  LoopSpace space;
  for (ArrayObject* operand : operands)
    if (!broadcast_shape(&space.nd, space.shape, operand->nd, operand->dimensions))
      return no_broadcast(operands, 3), nullptr;
  x = operand_as(x.get(), descr.get());
  y = x ? operand_as(y.get(), descr.get()) : Ref<ArrayObject>();
  Ref<ArrayObject> truth = y ? truth_of(condition.get()) : Ref<ArrayObject>();
  if (!truth) return nullptr;
  intp dims[kMaxDims], strides[kMaxDims];
  const int nd = space.nd;
  for (int i = 0; i < nd; i++) dims[i] = space.shape[i];
  for (ArrayObject* operand : {truth.get(), x.get(), y.get()})
    space.add(operand->data, operand->nd, operand->dimensions, operand->strides);
  LoopSpace model = space;
  fill_sorted_strides(model, descr->elsize, strides);
  NewArray options;
  options.strides = strides;
  Ref<ArrayObject> result = new_array(descr.get(), nd, dims, options);
  Transfer transfer;
  if (!result || !transfer.prepare(descr.get(), descr.get())) return nullptr;
  space.add(result->data, nd, dims, strides);
  sort_axes(space);
  coalesce(space);
  const int last = space.nd - 1;
  intp step[4];
  for (int k = 0; k < 4; k++) step[k] = last < 0 ? 0 : space.strides[k][last];
  const intp size = descr->elsize;
  const bool dense = step[0] == 1 && step[1] == size && step[2] == size && step[3] == size;
  {
    ReleasedGil released(may_release(descr.get()) && space.size() > kReleaseGil);
    for_each_run(space, [&](char** p, intp n) {
      const auto chosen = [&](intp i) { return p[0][i * step[0]] ? p[1] + i * step[1] : p[2] + i * step[2]; };
      if (!moves_as_bytes(descr.get())) {
        for (intp i = 0; i < n; i++) transfer.run(p[3] + i * step[3], size, chosen(i), size, 1);
        return true;
      }
      if (!dense || !is_word(size)) {
        for (intp i = 0; i < n; i++) move_element(p[3] + i * step[3], chosen(i), size);
        return true;
      }
      with_word(size, [&](auto word) {
        for (intp i = 0; i < n; i++) {
          constexpr intp unit = sizeof word;
          decltype(word) a, b;
          std::memcpy(&a, p[1] + i * unit, sizeof a);
          std::memcpy(&b, p[2] + i * unit, sizeof b);
          word = p[0][i] ? a : b;
          std::memcpy(p[3] + i * unit, &word, sizeof word);
        }
      });
      return true;
    });
  }
  return PyErr_Occurred() ? nullptr : result.release_object();
}

}  // namespace

PyObject* array_choose(PyObject* self, PyObject* const* args, Py_ssize_t nargs, PyObject* kwnames) {
  // choose(choices) or choose(c0, c1, ...), with `out` and `mode` by name.
  PyObject *out_object = nullptr, *mode_object = nullptr, *choices_object = nullptr;
  for (Py_ssize_t i = 0; kwnames && i < PyTuple_Size(kwnames); i++) {
    PyObject *name = PyTuple_GetItem(kwnames, i), *value = args[nargs + i];
    if (PyUnicode_CompareWithASCIIString(name, "out") == 0) {
      out_object = value;
    } else if (PyUnicode_CompareWithASCIIString(name, "mode") == 0) {
      mode_object = value;
    } else if (PyUnicode_CompareWithASCIIString(name, "choices") == 0 && nargs == 0) {
      choices_object = value;
    } else {
      PyErr_Format(PyExc_TypeError, "'%U' is an invalid keyword argument for choose()", name);
      return nullptr;
    }
  }
  ClipMode mode = ClipMode::Raise;
  if (!parse_mode(mode_object, &mode)) return nullptr;
  Ref<> several;
  if (nargs > 1) {
    several = steal(PyTuple_New(nargs));
    for (Py_ssize_t i = 0; several && i < nargs; i++) PyTuple_SetItem(several.get(), i, new_ref(args[i]));
    if (!several) return nullptr;
    choices_object = several.get();
  } else if (nargs == 1) {
    choices_object = args[0];
  }
  if (!choices_object) {
    PyErr_SetString(PyExc_TypeError, "choose() missing required argument 'choices' (pos 1)");
    return nullptr;
  }
  Ref<> items = steal(PySequence_Tuple(choices_object));
  if (!items) return nullptr;
  const Py_ssize_t count = PyTuple_Size(items.get());
  if (count == 0) {
    PyErr_SetString(PyExc_ValueError, "0-length sequence.");
    return nullptr;
  }
  constexpr Py_ssize_t most = 64;
  if (count >= most) {
    PyErr_Format(PyExc_ValueError, "Need at least 1 and at most %zd array objects.", most - 1);
    return nullptr;
  }
  Ref<ArrayObject> choices[most];
  ArrayObject* arrays[most];
  PyObject* objects[most];
  for (Py_ssize_t i = 0; i < count; i++) {
    objects[i] = PyTuple_GetItem(items.get(), i);
    choices[i] = array_from_any(objects[i]);
    if (!choices[i]) return nullptr;
    arrays[i] = choices[i].get();
  }
  Ref<ArrayDescr> descr = common_type(objects, arrays, static_cast<int>(count));
  Ref<ArrayObject> indices = descr ? as_intp_array(self, false) : Ref<ArrayObject>();
  if (!indices) return nullptr;
  int nd = 0;
  intp dims[kMaxDims];
  broadcast_shape(&nd, dims, indices->nd, indices->dimensions);
  for (Py_ssize_t i = 0; i < count; i++) {
    if (broadcast_shape(&nd, dims, arrays[i]->nd, arrays[i]->dimensions)) continue;
    PyErr_SetString(PyExc_ValueError, "shape mismatch: objects cannot be broadcast to a single shape");
    return nullptr;
  }
  for (Py_ssize_t i = 0; i < count; i++) {
    choices[i] = operand_as(arrays[i], descr.get());
    if (!choices[i]) return nullptr;
  }
  Output output;
  const bool own_type = !is_exact_array(self);
  if (!output.prepare(out_object, descr.get(), nd, dims, own_type ? Py_TYPE(self) : &Array_Type, self, true))
    return nullptr;
  Transfer transfer;
  if (!transfer.prepare(descr.get(), descr.get())) return nullptr;
  // Strides of each choice over the axes of the result.
  intp strides[most][kMaxDims];
  for (Py_ssize_t k = 0; k < count; k++) {
    const ArrayObject* choice = choices[k].get();
    const int shift = nd - choice->nd;
    for (int i = 0; i < nd; i++)
      strides[k][i] = i < shift || choice->dimensions[i - shift] == 1 ? 0 : choice->strides[i - shift];
  }
  LoopSpace space;
  space.nd = nd;
  for (int i = 0; i < nd; i++) space.shape[i] = dims[i];
  space.add(indices->data, indices->nd, indices->dimensions, indices->strides);
  space.add(output.written->data, nd, dims, output.written->strides);
  const intp size = descr->elsize;
  bool valid = true;
  intp left = space.size();
  for (Cursor cursor(space); left > 0 && valid; left--) {
    intp index;
    std::memcpy(&index, cursor.pointer[0], sizeof index);
    // Negative choices are not counted from the end.
    valid = mode != ClipMode::Raise || (index >= 0 && index < count);
    if (!valid) break;
    bring_inside(&index, count, mode);
    const char* source = choices[index]->data;
    for (int i = 0; i < nd; i++) source += cursor.index[i] * strides[index][i];
    transfer.run(cursor.pointer[1], size, source, size, 1);
    cursor.advance(space, 1);
  }
  if (PyErr_Occurred()) return nullptr;
  if (!valid) {
    PyErr_SetString(PyExc_ValueError, "invalid entry in choice array");
    return nullptr;
  }
  return output.finish();
}

PyMethodDef index_functions[] = {
    {"where", as_method(function_where), kFastKeywords,
     "where(condition, x=None, y=None, /)\n--\n\n"
     "Elements of one array where a condition holds and of another where it does not.\n\n"
     "Parameters\n----------\ncondition : array_like of bool\nx, y : array_like, optional\n    What to choose from; "
     "all "
     "three are broadcast. Without them the indices of true elements are\n    returned, as `nonzero` does.\n\n"
     "Returns\n-------\nndarray\n\nExamples\n--------\n>>> import wasmnp as np\n>>> np.where([True, False], [1, 2], "
     "0)\narray([1, 0])"},
    {"putmask", as_method(function_putmask), kFastKeywords,
     "putmask(a, /, mask, values)\n--\n\n"
     "Set the elements where a mask is true: element i, in C order, to value i.\n\n"
     "Parameters\n----------\na : ndarray\nmask : array_like of bool\n    As many elements as `a`.\nvalues : "
     "array_like\n    Repeated where there are fewer of them.\n\n"
     "Examples\n--------\n>>> import wasmnp as np\n>>> x = np.arange(5)\n>>> np.putmask(x, x > 2, [10, 20])\n>>> x\n"
     "array([ 0,  1,  2, 20, 10])"},
    {"_place", as_method(function_place), kFastKeywords, "_place(arr, mask, vals)"},
    {"_count_nonzero", function_count_nonzero, METH_O, "_count_nonzero(a)"},
    {nullptr, nullptr, 0, nullptr},
};

}  // namespace wasmnp
