// searchsorted: where elements belong in a sorted array, by bisection.
#include "search.hpp"

#include <cstring>

#include "../../kernels/cpu/sort.hpp"
#include "../python/arguments.hpp"
#include "../python/gil.hpp"
#include "element_order.hpp"
#include "indexing.hpp"
#include "operands.hpp"

namespace wasmnp {

namespace {

struct Sorted {
  const char* data;
  intp count, stride;
  const char* sorter;  // null, or places of the elements in order
  intp sorter_stride;

  // The element of rank i, or null where the sorter points outside.
  const char* at(intp i) const {
    if (sorter) {
      std::memcpy(&i, sorter + i * sorter_stride, sizeof i);
      if (static_cast<size_t>(i) >= static_cast<size_t>(count)) return nullptr;
    }
    return data + i * stride;
  }
};

// The first rank from which `goes_on(element)` is 0: it returns 1 as long as elements lie before the key (left), or do
// not lie behind it (right), and -1 with a Python error. The result is -1 where the sorter is wrong, -2 after an error.
template <class GoesOn>
intp bisect(const Sorted& sorted, GoesOn goes_on) {
  intp low = 0, high = sorted.count;
  while (low < high) {
    const intp middle = low + (high - low) / 2;
    const char* element = sorted.at(middle);
    if (!element) return -1;
    const int go_on = goes_on(element);
    if (go_on < 0) return -2;
    if (go_on)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

template <bool kRight, class Word>
intp search_words(const Sorted& sorted, sorting::KeyKind kind, const char* keys, intp count, intp* places) {
  intp low = 0, high = sorted.count;
  Word last = 0;
  for (intp i = 0; i < count; i++) {
    Word word;
    std::memcpy(&word, keys + i * static_cast<intp>(sizeof word), sizeof word);
    const Word key = sorting::comparison_key(word, kind);
    const auto goes_on = [&](const char* element) -> int {
      Word other;
      std::memcpy(&other, element, sizeof other);
      const Word own = sorting::comparison_key(other, kind);
      return kRight ? !(key < own) : own < key;
    };
    if (sorted.sorter) {
      places[i] = bisect(sorted, goes_on);
      if (places[i] < 0) return places[i];
      continue;
    }
    // Keys in order go on where the last one ended. The steps are selects, not branches.
    if (i > 0) {
      if (last <= key) {
        low = places[i - 1];
        high = sorted.count;
      } else {
        low = 0;
        high = places[i - 1] < sorted.count ? places[i - 1] + 1 : sorted.count;
      }
      constexpr intp near = 16;
      if (last <= key && low + near < high && !goes_on(sorted.data + (low + near) * sorted.stride)) high = low + near;
    }
    last = key;
    const char* base = sorted.data + low * sorted.stride;
    for (intp left = high - low; left > 0;) {
      const intp half = (left + 1) / 2;
      base += goes_on(base + (half - 1) * sorted.stride) ? half * sorted.stride : 0;
      left -= half;
    }
    places[i] = (base - sorted.data) / sorted.stride;
  }
  return 0;
}

template <bool kRight>
intp search(const Sorted& sorted, ArrayDescr* descr, const ElementOrder& order, const char* keys, intp count,
            intp* places) {
  if (element_index(descr) >= 0 && std::strchr("biuf", descr->kind) && descr->elsize <= 8) {
    const auto kind = descr->kind == 'i'   ? sorting::KeyKind::Signed
                      : descr->kind == 'f' ? sorting::KeyKind::Float
                                           : sorting::KeyKind::Unsigned;
    switch (descr->elsize) {
      case 1: return search_words<kRight, uint8_t>(sorted, kind, keys, count, places);
      case 2: return search_words<kRight, uint16_t>(sorted, kind, keys, count, places);
      case 4: return search_words<kRight, uint32_t>(sorted, kind, keys, count, places);
      default: return search_words<kRight, uint64_t>(sorted, kind, keys, count, places);
    }
  }
  for (intp i = 0; i < count; i++) {
    const char* key = keys + i * descr->elsize;
    places[i] = bisect(sorted, [&](const char* element) {
      if (!kRight) return order.less(descr, element, key);
      const int after = order.less(descr, key, element);
      return after < 0 ? after : !after;
    });
    if (places[i] < 0) return places[i];
  }
  return 0;
}

bool parse_side(PyObject* object, bool* right) {
  *right = false;
  if (!object) return true;
  const char* text = PyUnicode_Check(object) ? PyUnicode_AsUTF8AndSize(object, nullptr) : nullptr;
  if (!text) {
    if (!PyErr_Occurred()) PyErr_Format(PyExc_TypeError, "search side must be str, not %s", Py_TYPE(object)->tp_name);
    return false;
  }
  *right = !std::strcmp(text, "right");
  if (*right || !std::strcmp(text, "left")) return true;
  PyErr_Format(PyExc_ValueError, "search side must be 'left' or 'right' (got %R)", object);
  return false;
}

}  // namespace

PyObject* array_searchsorted(PyObject* self, PyObject* const* args, Py_ssize_t nargs, PyObject* kwnames) {
  static const char* const names[] = {"v", "side", "sorter"};
  PyObject* values[3];
  bool right;
  if (!parse_arguments({"searchsorted", names, 3, 1}, args, nargs, kwnames, values) || !parse_side(values[1], &right))
    return nullptr;
  ArrayObject* array = as_array(self);
  Ref<ArrayObject> given = array_from_any(values[0]);
  if (!given) return nullptr;
  if (array->nd != 1) {
    PyErr_SetString(PyExc_ValueError, array->nd > 1 ? "object too deep for desired array"
                                                    : "object of too small depth for desired array");
    return nullptr;
  }
  Ref<ArrayDescr> common = promote(array->descr, given->descr);
  Ref<ArrayDescr> descr = common ? descr_with_byteorder(common.get(), '=') : Ref<ArrayDescr>();
  if (!descr) return nullptr;
  Ref<ArrayObject> elements = operand_as(array, descr.get());
  Ref<ArrayObject> keys = elements ? contiguous(given.get(), descr.get()) : Ref<ArrayObject>();
  if (!keys) return nullptr;
  if (!(elements->flags & kAligned) || elements->strides[0] == 0)
    elements = copy_array(elements.get(), descr.get(), Order::C, false);
  if (!elements) return nullptr;
  ElementOrder order;
  if (!element_order(descr.get(), &order)) {
    PyErr_SetString(PyExc_TypeError, "compare not supported for type");
    return nullptr;
  }
  Sorted sorted{elements->data, elements->dimensions[0], elements->strides[0], nullptr, 0};
  Ref<ArrayObject> sorter;
  if (values[2] && values[2] != Py_None) {
    Ref<ArrayObject> places = array_from_any(values[2]);
    if (!places) return nullptr;
    if (places->descr->kind != 'i' && places->descr->kind != 'u') {
      PyErr_SetString(PyExc_TypeError, "sorter must only contain integers");
      return nullptr;
    }
    if (places->nd != 1) {
      PyErr_SetString(PyExc_ValueError, "could not parse sorter argument");
      return nullptr;
    }
    if (places->dimensions[0] != sorted.count) {
      PyErr_SetString(PyExc_ValueError, "sorter.size must equal a.size");
      return nullptr;
    }
    sorter = operand_as(places.get(), descr_from_type_num(kIntp));
    if (!sorter) return nullptr;
    sorted.sorter = sorter->data;
    sorted.sorter_stride = sorter->strides[0];
  }
  Ref<ArrayObject> result = new_array(descr_from_type_num(kIntp), keys->nd, keys->dimensions);
  if (!result) return nullptr;
  const intp count = array_size(keys.get());
  auto* places = reinterpret_cast<intp*>(result->data);
  intp status;
  {
    ReleasedGil released(may_compare_released(descr.get()) && count > kReleaseGil);
    status = (right ? search<true> : search<false>)(sorted, descr.get(), order, keys->data, count, places);
  }
  if (PyErr_Occurred()) return nullptr;
  if (status == -1) {
    PyErr_SetString(PyExc_ValueError, "Sorter index out of range.");
    return nullptr;
  }
  return array_return(std::move(result));
}

}  // namespace wasmnp
