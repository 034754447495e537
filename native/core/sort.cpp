// sort, argsort, partition, argpartition and lexsort. Numbers of one word are sorted by keys (kernels/cpu/sort.hpp),
// everything else through the order of its type.
#include "sort.hpp"

#include <algorithm>
#include <cstring>

#include "../../kernels/cpu/sort.hpp"
#include "../python/arguments.hpp"
#include "../python/gil.hpp"
#include "casting.hpp"
#include "element_order.hpp"
#include "functions.hpp"
#include "indexing.hpp"
#include "iterate.hpp"
#include "operands.hpp"
#include "state.hpp"

namespace wasmnp {

namespace {

using sorting::KeyKind;

// Memory that is given back at the end of a scope.
class Scratch {
 public:
  explicit Scratch(intp bytes) : bytes_(bytes ? bytes : 1), data_(allocate_data(bytes_, false)) {}
  ~Scratch() {
    if (data_) free_data(data_, bytes_, state.handler_capsule);
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  explicit operator bool() const { return data_ != nullptr; }
  char* get() const { return data_; }

 private:
  intp bytes_;
  char* data_;
};

// How runs of one type are put in order. Runs are contiguous, aligned and native.
class RunSorter {
 public:
  // False with TypeError where elements have no order.
  bool prepare(ArrayDescr* descr, bool stable, const sorting::Order& order) {
    descr_ = descr;
    stable_ = stable;
    order_ = order;
    const bool word = element_index(descr) >= 0 && std::strchr("biuf", descr->kind) &&
                      (descr->elsize <= 8 && (descr->elsize & (descr->elsize - 1)) == 0);
    by_keys_ = word;
    kind_ = descr->kind == 'i' ? KeyKind::Signed : descr->kind == 'f' ? KeyKind::Float : KeyKind::Unsigned;
    if (word || element_order(descr, &elements_)) return true;
    PyErr_SetString(PyExc_TypeError, "type does not have compare function");
    return false;
  }
  // Bytes of work space for a run of `count`.
  intp scratch(intp count) const {
    const intp places = by_keys_ ? 32 : 16;  // for order_places, or two lists of places
    return count * ((places > descr_->elsize ? places : descr_->elsize) + descr_->elsize + 8);
  }

  bool places(const char* data, intp* out, char* memory, intp count) const {
    if (by_keys_) {
      with_key_word([&](auto word) {
        using Word = decltype(word);
        sorting::order_places(reinterpret_cast<const Word*>(data), out, reinterpret_cast<uint64_t*>(memory), count,
                              kind_, order_);
      });
      return true;
    }
    for (intp i = 0; i < count; i++) out[i] = i;
    const intp size = descr_->elsize;
    return sorting::merge_places(out, reinterpret_cast<intp*>(memory), count, [&](intp a, intp b) {
      return elements_.less(descr_, data + a * size, data + b * size);
    });
  }

  bool values(char* data, char* memory, intp count) const {
    if (by_keys_) {
      bool done = true;
      with_key_word([&](auto word) {
        using Word = decltype(word);
        done = sorting::order_values(reinterpret_cast<Word*>(data), reinterpret_cast<Word*>(memory), count, kind_,
                                     stable_, order_);
      });
      if (done) return true;
    }
    // The elements are moved to their places by way of a copy.
    const intp size = descr_->elsize;
    auto* const order = reinterpret_cast<intp*>(memory);
    char* const rest = memory + count * static_cast<intp>(sizeof(intp));
    if (!places(data, order, rest, count)) return false;
    std::memcpy(rest, data, static_cast<size_t>(count * size));
    for (intp i = 0; i < count; i++) std::memcpy(data + i * size, rest + order[i] * size, static_cast<size_t>(size));
    return true;
  }

 private:
  template <class Visit>
  void with_key_word(Visit visit) const {
    switch (descr_->elsize) {
      case 1: visit(uint8_t{}); break;
      case 2: visit(uint16_t{}); break;
      case 4: visit(uint32_t{}); break;
      default: visit(uint64_t{}); break;
    }
  }

  ArrayDescr* descr_ = nullptr;
  bool stable_ = false, by_keys_ = false;
  KeyKind kind_ = KeyKind::Unsigned;
  sorting::Order order_;
  ElementOrder elements_;
};

// Calls visit(pointers) for every run along `axis` of `array` and of `other`, which has the same shape.
template <class Visit>
bool for_each_lane(ArrayObject* array, ArrayObject* other, int axis, Visit visit) {
  LoopSpace space;
  space.nd = array->nd;
  for (int i = 0; i < array->nd; i++) space.shape[i] = i == axis ? 1 : array->dimensions[i];
  space.add(array->data, array->nd, array->dimensions, array->strides);
  if (other) space.add(other->data, other->nd, other->dimensions, other->strides);
  if (array_size(array) == 0) return true;
  intp left = space.size();
  for (Cursor cursor(space); left > 0; left--) {
    if (!visit(cursor.pointer)) return false;
    cursor.advance(space, 1);
  }
  return true;
}

bool sort_in_place(ArrayObject* array, int axis, bool stable, const sorting::Order& order) {
  const intp count = array->dimensions[axis], stride = array->strides[axis], size = array->descr->elsize;
  Ref<ArrayDescr> native = descr_with_byteorder(array->descr, '=');
  RunSorter sorter;
  if (!native || !sorter.prepare(native.get(), stable, order)) return false;
  if (count < 2 || array_size(array) == 0) return true;
  const intp swap = swap_unit(array->descr);
  const bool direct = stride == size && !swap && (array->flags & kAligned);
  const intp lane = direct ? 0 : count * size + 16;
  Scratch memory(sorter.scratch(count) + lane);
  if (!memory) return PyErr_NoMemory(), false;
  ReleasedGil released(may_compare_released(native.get()) && array_size(array) > kReleaseGil);
  char* const work = memory.get() + (lane + 15) / 16 * 16;
  return for_each_lane(array, nullptr, axis, [&](char** p) {
    if (direct) return sorter.values(p[0], work, count);
    copy_run(memory.get(), size, p[0], stride, count, size, swap);
    if (!sorter.values(memory.get(), work, count)) return false;
    copy_run(p[0], stride, memory.get(), size, count, size, swap);
    return true;
  });
}

Ref<ArrayObject> sorted_places(ArrayObject* array, int axis, bool stable, const sorting::Order& order) {
  const intp count = array->dimensions[axis], stride = array->strides[axis], size = array->descr->elsize;
  Ref<ArrayDescr> native = descr_with_byteorder(array->descr, '=');
  RunSorter sorter;
  if (!native || !sorter.prepare(native.get(), stable, order)) return nullptr;
  auto* self = reinterpret_cast<PyObject*>(array);
  NewArray options;
  options.subtype = Py_TYPE(self);
  options.prototype = self;
  Ref<ArrayObject> result = new_array(descr_from_type_num(kIntp), array->nd, array->dimensions, options);
  if (!result || array_size(array) == 0) return result;
  const intp swap = swap_unit(array->descr), out_stride = result->strides[axis];
  const bool direct = stride == size && !swap && (array->flags & kAligned);
  const intp lane = direct ? 0 : (count * size + 15) / 16 * 16;
  const intp list = (count * static_cast<intp>(sizeof(intp)) + 15) / 16 * 16;
  Scratch memory(sorter.scratch(count) + lane + list);
  if (!memory) return PyErr_NoMemory(), nullptr;
  bool done;
  {
    ReleasedGil released(may_compare_released(native.get()) && array_size(array) > kReleaseGil);
    const bool even = out_stride == static_cast<intp>(sizeof(intp));
    done = for_each_lane(array, result.get(), axis, [&](char** p) {
      const char* data = p[0];
      if (!direct) {
        copy_run(memory.get(), size, p[0], stride, count, size, swap);
        data = memory.get();
      }
      auto* places = reinterpret_cast<intp*>(even ? p[1] : memory.get() + lane);
      if (!sorter.places(data, places, memory.get() + lane + list, count)) return false;
      if (!even)
        copy_run(p[1], out_stride, reinterpret_cast<const char*>(places), sizeof(intp), count, sizeof(intp), 0);
      return true;
    });
  }
  return done && !PyErr_Occurred() ? std::move(result) : Ref<ArrayObject>();
}

// ---- arguments

bool parse_kind(PyObject* kind, PyObject* stable_object, bool* stable) {
  *stable = false;
  const bool chosen = kind && kind != Py_None;
  if (chosen) {
    const char* text = PyUnicode_Check(kind) ? PyUnicode_AsUTF8AndSize(kind, nullptr) : nullptr;
    if (!text) {
      if (!PyErr_Occurred()) PyErr_Format(PyExc_TypeError, "sort kind must be str, not %s", Py_TYPE(kind)->tp_name);
      return false;
    }
    // The first letter decides, as in NumPy.
    const char* const letters = "qhms";
    const char* letter = *text ? std::strchr(letters, *text | 0x20) : nullptr;
    const auto found = letter ? letter - letters : -1;
    if (found < 0) {
      PyErr_Format(PyExc_ValueError, "sort kind must be one of 'quick', 'heap', or 'stable' (got %R)", kind);
      return false;
    }
    *stable = found >= 2;
  }
  if (!stable_object || stable_object == Py_None) return true;
  if (chosen) {
    PyErr_SetString(PyExc_ValueError,
                    "`kind` and keyword parameters can't be provided at the same time. Use only one of them.");
    return false;
  }
  const int truth = PyObject_IsTrue(stable_object);
  *stable = truth > 0;
  return truth >= 0;
}

bool refuse_order(PyObject* order) {
  if (!order || order == Py_None) return true;
  PyErr_SetString(PyExc_ValueError, "Cannot specify order when the array has no fields.");
  return false;
}

// The array whose `axis` is worked along: flat where the axis is None, 1-d where it has none.
Ref<ArrayObject> lanes_of(PyObject* self, PyObject* axis_object, int* axis) {
  ArrayObject* array = as_array(self);
  if (axis_object == Py_None) {
    *axis = 0;
    return ravel(array, Order::C, false);
  }
  intp number = -1;
  if (axis_object && !integer_argument(axis_object, &number)) return nullptr;
  if (array->nd == 0 && (number == 0 || number == -1)) {
    *axis = 0;
    return ravel(array, Order::C, false);
  }
  if (normalize_axis(&number, array->nd) < 0) return nullptr;
  *axis = static_cast<int>(number);
  return Ref<ArrayObject>::borrow(array);
}

// Ranks to select, ascending, counted from the front.
struct Ranks {
  Ref<ArrayObject> sorted;

  bool parse(PyObject* object, intp length) {
    Ref<ArrayObject> given = array_from_any(object);
    if (!given) return false;
    if (given->descr->kind == 'b') {
      PyErr_SetString(PyExc_ValueError, "Booleans unacceptable as partition index");
      return false;
    }
    if (given->descr->kind != 'i' && given->descr->kind != 'u') {
      PyErr_SetString(PyExc_TypeError, "Partition index must be integer");
      return false;
    }
    if (given->nd > 1) {
      PyErr_Format(PyExc_ValueError, "kth array must have dimension <= 1");
      return false;
    }
    sorted = copy_array(given.get(), descr_from_type_num(kIntp), Order::C, false);
    if (!sorted) return false;
    auto* ranks = reinterpret_cast<intp*>(sorted->data);
    const intp count = array_size(sorted.get());
    for (intp i = 0; i < count; i++) {
      const intp rank = ranks[i];
      if (ranks[i] < 0) ranks[i] += length;
      if (length != 0 && (ranks[i] < 0 || ranks[i] >= length)) {
        PyErr_Format(PyExc_ValueError, "kth(=%zd) out of bounds (%zd)", rank, length);
        return false;
      }
    }
    std::sort(ranks, ranks + count, [](intp a, intp b) { return a < b; });  // libc++'s own instantiation is not linked
    return true;
  }
  sorting::Order order() const { return {reinterpret_cast<const intp*>(sorted->data), array_size(sorted.get())}; }
};

bool parse_select_kind(PyObject* kind) {
  if (!kind || kind == Py_None) return true;
  if (PyUnicode_Check(kind) && PyUnicode_CompareWithASCIIString(kind, "introselect") == 0) return true;
  if (PyUnicode_Check(kind))
    PyErr_Format(PyExc_ValueError, "select kind must be 'introselect' (got %R)", kind);
  else
    PyErr_Format(PyExc_TypeError, "select kind must be str, not %s", Py_TYPE(kind)->tp_name);
  return false;
}

}  // namespace

PyObject* array_sort(PyObject* self, PyObject* const* args, Py_ssize_t nargs, PyObject* kwnames) {
  static const char* const names[] = {"axis", "kind", "order", "$stable"};
  PyObject* values[4];
  bool stable;
  intp axis = -1;
  if (!parse_arguments({"sort", names, 4, 0}, args, nargs, kwnames, values) ||
      !parse_kind(values[1], values[3], &stable) || !refuse_order(values[2]) ||
      (values[0] && !integer_argument(values[0], &axis)))
    return nullptr;
  ArrayObject* array = as_array(self);
  if (normalize_axis(&axis, array->nd) < 0 || require_writeable(array, "sort array") < 0 ||
      !sort_in_place(array, static_cast<int>(axis), stable, {}) || PyErr_Occurred())
    return nullptr;
  Py_RETURN_NONE;
}

PyObject* array_argsort(PyObject* self, PyObject* const* args, Py_ssize_t nargs, PyObject* kwnames) {
  static const char* const names[] = {"axis", "kind", "order", "$stable"};
  PyObject* values[4];
  bool stable;
  int axis;
  if (!parse_arguments({"argsort", names, 4, 0}, args, nargs, kwnames, values) ||
      !parse_kind(values[1], values[3], &stable) || !refuse_order(values[2]))
    return nullptr;
  Ref<ArrayObject> array = lanes_of(self, values[0], &axis);
  return array ? sorted_places(array.get(), axis, stable, {}).release_object() : nullptr;
}

PyObject* array_partition(PyObject* self, PyObject* const* args, Py_ssize_t nargs, PyObject* kwnames) {
  static const char* const names[] = {"kth", "axis", "kind", "order"};
  PyObject* values[4];
  intp axis = -1;
  if (!parse_arguments({"partition", names, 4, 1}, args, nargs, kwnames, values) || !parse_select_kind(values[2]) ||
      !refuse_order(values[3]) || (values[1] && !integer_argument(values[1], &axis)))
    return nullptr;
  ArrayObject* array = as_array(self);
  Ranks ranks;
  if (normalize_axis(&axis, array->nd) < 0 || require_writeable(array, "partition array") < 0 ||
      !ranks.parse(values[0], array->dimensions[axis]) ||
      !sort_in_place(array, static_cast<int>(axis), false, ranks.order()) || PyErr_Occurred())
    return nullptr;
  Py_RETURN_NONE;
}

PyObject* array_argpartition(PyObject* self, PyObject* const* args, Py_ssize_t nargs, PyObject* kwnames) {
  static const char* const names[] = {"kth", "axis", "kind", "order"};
  PyObject* values[4];
  int axis;
  if (!parse_arguments({"argpartition", names, 4, 1}, args, nargs, kwnames, values) || !parse_select_kind(values[2]) ||
      !refuse_order(values[3]))
    return nullptr;
  Ref<ArrayObject> array = lanes_of(self, values[1], &axis);
  Ranks ranks;
  if (!array || !ranks.parse(values[0], array->dimensions[axis])) return nullptr;
  return sorted_places(array.get(), axis, false, ranks.order()).release_object();
}

// ---- lexsort

namespace {

PyObject* function_lexsort(PyObject*, PyObject* const* args, Py_ssize_t nargs, PyObject* kwnames) {
  static const char* const names[] = {"keys", "axis"};
  PyObject* values[2];
  if (!parse_arguments({"lexsort", names, 2, 1}, args, nargs, kwnames, values)) return nullptr;
  if (!PySequence_Check(values[0]) || PySequence_Size(values[0]) <= 0) {
    PyErr_Clear();
    PyErr_SetString(PyExc_TypeError, "need sequence of keys with len > 0 in lexsort");
    return nullptr;
  }
  Ref<> keys = steal(PySequence_Tuple(values[0]));
  if (!keys) return nullptr;
  const Py_ssize_t count = PyTuple_Size(keys.get());
  intp axis = -1;
  if (values[1] && !integer_argument(values[1], &axis)) return nullptr;
  Ref<ArrayObject> first, result;
  int at = 0;
  for (Py_ssize_t k = 0; k < count; k++) {
    Ref<ArrayObject> key = array_from_any(PyTuple_GetItem(keys.get(), k));
    if (!key) return nullptr;
    if (k == 0) {
      const int nd = key->nd ? key->nd : 1;
      if (normalize_axis(&axis, nd) < 0) return nullptr;
      at = static_cast<int>(axis);
      first = Ref<ArrayObject>::borrow(key.get());
    } else if (!same_shape(key.get(), first.get())) {
      PyErr_SetString(PyExc_ValueError, "all keys need to be the same shape");
      return nullptr;
    }
    if (key->nd == 0) key = ravel(key.get(), Order::C, false);
    if (!key) return nullptr;
    if (!result) {
      result = sorted_places(key.get(), at, true, {});
      if (!result) return nullptr;
      continue;
    }
    // Sorts what the earlier keys left in order, and takes their places along.
    Ref<ArrayDescr> native = descr_with_byteorder(key->descr, '=');
    RunSorter sorter;
    if (!native || !sorter.prepare(native.get(), true, {})) return nullptr;
    const intp length = key->dimensions[at], size = native->elsize, stride = key->strides[at];
    const intp list = (length * static_cast<intp>(sizeof(intp)) + 15) / 16 * 16, lane = (length * size + 15) / 16 * 16;
    Scratch memory(2 * list + lane + sorter.scratch(length));
    if (!memory) return PyErr_NoMemory();
    auto* const before = reinterpret_cast<intp*>(memory.get());
    auto* const places = reinterpret_cast<intp*>(memory.get() + list);
    char* const moved = memory.get() + 2 * list;
    const intp swap = swap_unit(key->descr), out_stride = result->strides[at];
    const bool done = for_each_lane(key.get(), result.get(), at, [&](char** p) {
      copy_run(reinterpret_cast<char*>(before), sizeof(intp), p[1], out_stride, length, sizeof(intp), 0);
      for (intp i = 0; i < length; i++) copy_run(moved + i * size, 0, p[0] + before[i] * stride, 0, 1, size, swap);
      if (!sorter.places(moved, places, moved + lane, length)) return false;
      for (intp i = 0; i < length; i++) std::memcpy(p[1] + i * out_stride, &before[places[i]], sizeof(intp));
      return true;
    });
    if (!done || PyErr_Occurred()) return nullptr;
  }
  if (first->nd == 0) return array_item(result.get(), result->data);
  return result.release_object();
}

}  // namespace

PyMethodDef sort_functions[] = {
    {"lexsort", as_method(function_lexsort), kFastKeywords,
     "lexsort(keys, axis=-1)\n--\n\n"
     "The places of elements in the order of several keys, of which the last counts most.\n\n"
     "Parameters\n----------\nkeys : sequence of array_like\n    Of one shape.\naxis : int\n    The axis to sort "
     "along.\n\n"
     "Returns\n-------\nndarray of ints\n\nRaises\n------\nTypeError\n    Without keys.\nValueError\n    If shapes "
     "differ.\n\n"
     "Examples\n--------\n>>> import wasmnp as np\n>>> np.lexsort(([3, 1, 2], [1, 1, 0]))\narray([2, 1, 0])"},
    {nullptr, nullptr, 0, nullptr},
};

}  // namespace wasmnp
