// concatenate and copyto: arrays put together along an axis, and elements copied where a mask allows.
#include <cstdlib>
#include <cstring>

#include "../python/arguments.hpp"
#include "../python/gil.hpp"
#include "flexible.hpp"
#include "functions.hpp"
#include "indexing.hpp"
#include "iterate.hpp"
#include "operands.hpp"
#include "scalar.hpp"

namespace wasmnp {

namespace {

// The arrays to put together; on the stack for as many as are usual.
class Parts {
 public:
  ~Parts() {
    if (arrays_ == few_) return;
    for (Py_ssize_t i = 0; i < count_; i++) arrays_[i] = nullptr;
    std::free(static_cast<void*>(arrays_));
    std::free(static_cast<void*>(objects_));
  }
  Parts() = default;
  Parts(const Parts&) = delete;
  Parts& operator=(const Parts&) = delete;

  bool collect(PyObject* sequence) {
    if (!PySequence_Check(sequence)) {
      PyErr_SetString(PyExc_TypeError, "The first input argument needs to be a sequence");
      return false;
    }
    // Held as a tuple: conversions may run code that changes a list.
    items_ = steal(PySequence_Tuple(sequence));
    if (!items_) return false;
    const Py_ssize_t count = PyTuple_Size(items_.get());
    if (count > kFew) {
      arrays_ = static_cast<Ref<ArrayObject>*>(std::calloc(static_cast<size_t>(count), sizeof(Ref<ArrayObject>)));
      objects_ = static_cast<PyObject**>(std::calloc(static_cast<size_t>(count), sizeof(PyObject*)));
      if (!arrays_ || !objects_) {
        if (!arrays_) arrays_ = few_;
        return PyErr_NoMemory(), false;
      }
    }
    FromAny options;
    options.subok = true;
    for (; count_ < count; count_++) {
      objects_[count_] = PyTuple_GetItem(items_.get(), count_);
      arrays_[count_] = array_from_any(objects_[count_], options);
      if (!arrays_[count_]) return false;
    }
    if (count) return true;
    PyErr_SetString(PyExc_ValueError, "need at least one array to concatenate");
    return false;
  }
  bool flatten() {
    for (Py_ssize_t i = 0; i < count_; i++) {
      arrays_[i] = ravel(arrays_[i].get(), Order::C, false);
      if (!arrays_[i]) return false;
    }
    return true;
  }
  Py_ssize_t count() const { return count_; }
  ArrayObject* operator[](Py_ssize_t i) const { return arrays_[i].get(); }

  // Text as long as the longest element needs.
  Ref<ArrayDescr> sized(ArrayDescr* unsized) const {
    Ref<ArrayDescr> result;
    for (Py_ssize_t i = 0; i < count_; i++) {
      Ref<ArrayDescr> own = sized_for_array(unsized, arrays_[i].get());
      if (own && result) own = promote_flexible(result.get(), own.get());
      if (!own) return nullptr;
      result = std::move(own);
    }
    return result;
  }
  Ref<ArrayDescr> type() const {
    ArrayObject* first = arrays_[0].get();
    bool same = !is_swapped(first->descr) && !weak_kind(objects_[0]);
    for (Py_ssize_t i = 1; same && i < count_; i++) same = arrays_[i]->descr == first->descr && !weak_kind(objects_[i]);
    if (same) return Ref<ArrayDescr>::borrow(first->descr);
    // Ref holds nothing but its pointer.
    return common_type(objects_, reinterpret_cast<ArrayObject* const*>(arrays_), static_cast<int>(count_));
  }
  // The array type with the highest __array_priority__, the first of equals.
  PyTypeObject* subtype() const {
    static Name name("__array_priority__");
    PyTypeObject* best = &Array_Type;
    double highest = 0;
    bool plain = true;
    for (Py_ssize_t i = 0; plain && i < count_; i++) plain = is_exact_array(arrays_[i].object());
    for (Py_ssize_t i = 0; !plain && i < count_; i++) {
      if (Py_TYPE(arrays_[i].object()) == best && i > 0) continue;
      Ref<> value = steal(PyObject_GetAttr(arrays_[i].object(), name.get()));
      const double priority = value ? PyFloat_AsDouble(value.get()) : 0;
      PyErr_Clear();
      if (i > 0 && priority <= highest) continue;
      best = Py_TYPE(arrays_[i].object());
      highest = priority;
    }
    return best;
  }

 private:
  static constexpr Py_ssize_t kFew = 8;
  Ref<> items_;
  Ref<ArrayObject> few_[kFew];
  PyObject* few_objects_[kFew];
  Ref<ArrayObject>* arrays_ = few_;
  PyObject** objects_ = few_objects_;
  Py_ssize_t count_ = 0;
};

static_assert(sizeof(Ref<ArrayObject>) == sizeof(ArrayObject*));

// The shape of the result, or false with NumPy's messages.
bool joined_shape(const Parts& parts, int axis, intp* dims) {
  ArrayObject* first = parts[0];
  for (int d = 0; d < first->nd; d++) dims[d] = first->dimensions[d];
  for (Py_ssize_t i = 1; i < parts.count(); i++) {
    ArrayObject* part = parts[i];
    if (part->nd != first->nd) {
      PyErr_Format(PyExc_ValueError,
                   "all the input arrays must have same number of dimensions, but the array at index 0 has %d "
                   "dimension(s) and the array at index %zd has %d dimension(s)",
                   first->nd, i, part->nd);
      return false;
    }
    for (int d = 0; d < first->nd; d++) {
      if (d == axis) {
        if (__builtin_add_overflow(dims[d], part->dimensions[d], &dims[d])) {
          PyErr_SetString(PyExc_ValueError, "total size of new array is too large");
          return false;
        }
      } else if (dims[d] != part->dimensions[d]) {
        PyErr_Format(PyExc_ValueError,
                     "all the input array dimensions except for the concatenation axis must match exactly, but along "
                     "dimension %d, the array at index 0 has size %zd and the array at index %zd has size %zd",
                     d, dims[d], i, part->dimensions[d]);
        return false;
      }
    }
  }
  return true;
}

// Whether rows of bytes are all there is to move.
bool joins_as_bytes(const Parts& parts, ArrayObject* result) {
  if (!moves_as_bytes(result->descr) || !(result->flags & kCContiguous)) return false;
  for (Py_ssize_t i = 0; i < parts.count(); i++)
    if (!(parts[i]->flags & kCContiguous) || !equivalent(parts[i]->descr, result->descr)) return false;
  return true;
}

void join_bytes(const Parts& parts, ArrayObject* result, int axis) {
  intp outer = 1, inner = result->descr->elsize;
  for (int d = 0; d < axis; d++) outer *= result->dimensions[d];
  for (int d = axis + 1; d < result->nd; d++) inner *= result->dimensions[d];
  ReleasedGil released(may_release(result->descr) && array_size(result) > kReleaseGil);
  char* out = result->data;
  for (intp o = 0; o < outer; o++) {
    for (Py_ssize_t i = 0; i < parts.count(); i++) {
      const intp bytes = parts[i]->dimensions[axis] * inner;
      if (bytes) std::memcpy(out, parts[i]->data + o * bytes, static_cast<size_t>(bytes));
      out += bytes;
    }
  }
}

bool join(const Parts& parts, ArrayObject* result, int axis) {
  if (joins_as_bytes(parts, result)) {
    join_bytes(parts, result, axis);
    return true;
  }
  intp dims[kMaxDims];
  for (int d = 0; d < result->nd; d++) dims[d] = result->dimensions[d];
  char* data = result->data;
  for (Py_ssize_t i = 0; i < parts.count(); i++) {
    dims[axis] = parts[i]->dimensions[axis];
    Ref<ArrayObject> place = new_view(reinterpret_cast<PyObject*>(result), result->descr, result->nd, dims,
                                      result->strides, data, kWriteable);
    if (!place || copy_into(place.get(), parts[i]) < 0) return false;
    data += dims[axis] * result->strides[axis];
  }
  return true;
}

// An array for the result, its axes in the order that the parts have them.
Ref<ArrayObject> new_joined(const Parts& parts, ArrayDescr* descr, const intp* dims) {
  NewArray options;
  options.subtype = parts.subtype();
  intp strides[kMaxDims];
  const int nd = parts[0]->nd;
  bool c_order = true;
  for (Py_ssize_t i = 0; i < parts.count(); i++) c_order &= (parts[i]->flags & kCContiguous) != 0;
  if (!c_order && nd > 1) {
    LoopSpace space;
    space.nd = nd;
    for (int d = 0; d < nd; d++) space.shape[d] = dims[d];
    for (Py_ssize_t i = 0; i < parts.count() && i < kMaxLoopOperands; i++)
      std::memcpy(space.strides[space.operands++], parts[i]->strides, sizeof(intp) * static_cast<size_t>(nd));
    fill_sorted_strides(space, descr->elsize, strides);
    options.strides = strides;
  }
  return new_array(descr, nd, dims, options);
}

PyObject* function_concatenate(PyObject*, PyObject* const* args, Py_ssize_t nargs, PyObject* kwnames) {
  static const char* const names[] = {"/arrays", "axis", "out", "$dtype", "$casting"};
  PyObject* values[5];
  if (!parse_arguments({"concatenate", names, 5, 1}, args, nargs, kwnames, values)) return nullptr;
  Casting casting = Casting::SameKind;
  Ref<ArrayDescr> descr;
  ArrayObject* out = nullptr;
  if ((values[3] && !descr_converter(values[3], &descr)) || (values[4] && !casting_converter(values[4], &casting)))
    return nullptr;
  if (values[2] && values[2] != Py_None) {
    if (!is_array(values[2])) {
      PyErr_SetString(PyExc_TypeError, "'out' must be an array");
      return nullptr;
    }
    out = as_array(values[2]);
    if (descr) {
      PyErr_SetString(PyExc_TypeError,
                      "concatenate() only takes `out` or `dtype` as an argument, but both were provided.");
      return nullptr;
    }
  }
  if (descr && descr->subarray) {
    PyErr_Format(PyExc_TypeError, "%S is a subarray dtype, whose shape concatenate() would have to add to the result's",
                 reinterpret_cast<PyObject*>(descr.get()));
    return nullptr;
  }
  Parts parts;
  if (!parts.collect(values[0])) return nullptr;
  int axis = 0;
  if (values[1] == Py_None) {
    if (!parts.flatten()) return nullptr;
  } else {
    if (parts[0]->nd == 0) {
      PyErr_SetString(PyExc_ValueError, "zero-dimensional arrays cannot be concatenated");
      return nullptr;
    }
    if (values[1] && !axis_argument(values[1], parts[0]->nd, &axis)) return nullptr;
  }
  intp dims[kMaxDims];
  if (!joined_shape(parts, axis, dims)) return nullptr;
  if (out) {
    bool fits = out->nd == parts[0]->nd;
    for (int d = 0; fits && d < out->nd; d++) fits = out->dimensions[d] == dims[d];
    if (!fits) {
      PyErr_SetString(PyExc_ValueError, "Output array is the wrong shape");
      return nullptr;
    }
    if (require_writeable(out, "output array") < 0) return nullptr;
    descr = Ref<ArrayDescr>::borrow(out->descr);
  } else if (!descr) {
    descr = parts.type();
  } else if (is_unsized(descr.get())) {
    descr = parts.sized(descr.get());
  }
  if (!descr) return nullptr;
  bool overlaps = false;
  for (Py_ssize_t i = 0; i < parts.count(); i++) {
    if (parts[i]->descr != descr.get() && !check_cast(parts[i]->descr, descr.get(), casting)) return nullptr;
    overlaps |= out && may_overlap(out, parts[i]);
  }
  Ref<ArrayObject> result = out && !overlaps ? Ref<ArrayObject>::borrow(out) : new_joined(parts, descr.get(), dims);
  if (!result || !join(parts, result.get(), axis)) return nullptr;
  if (!overlaps) return result.release_object();
  return copy_into(out, result.get()) < 0 ? nullptr : new_ref(out);
}

PyObject* function_copyto(PyObject*, PyObject* const* args, Py_ssize_t nargs, PyObject* kwnames) {
  static const char* const names[] = {"dst", "src", "casting", "where"};
  PyObject* values[4];
  if (!parse_arguments({"copyto", names, 4, 2}, args, nargs, kwnames, values)) return nullptr;
  if (!is_array(values[0])) {
    PyErr_Format(PyExc_TypeError, "copyto() argument 1 must be numpy.ndarray, not %s", Py_TYPE(values[0])->tp_name);
    return nullptr;
  }
  ArrayObject* target = as_array(values[0]);
  Casting casting = Casting::SameKind;
  if (values[2] && !casting_converter(values[2], &casting)) return nullptr;
  // Python's numbers take the type of the target where they are of a kind that fits it.
  const char weak = weak_kind(values[1]);
  FromAny options;
  if (weak && element_index(target->descr) >= 0 &&
      promote_weak(target->descr, weak) == descr_from_type_num(target->descr->type_num))
    options.descr = descr_from_type_num(target->descr->type_num);
  Ref<ArrayObject> source = array_from_any(values[1], options);
  if (!source || require_writeable(target) < 0 || !check_cast(source->descr, target->descr, casting, source->nd == 0))
    return nullptr;
  if (!values[3] || values[3] == Py_True) {
    if (copy_into(target, source.get()) < 0) return nullptr;
    Py_RETURN_NONE;
  }
  FromAny as_bool;
  if (!is_array(values[3])) as_bool.descr = descr_of(Element::Bool);
  Ref<ArrayObject> mask = array_from_any(values[3], as_bool);
  if (!mask || !check_cast(mask->descr, descr_of(Element::Bool), Casting::Safe) ||
      copy_where(target, source.get(), mask.get()) < 0)
    return nullptr;
  Py_RETURN_NONE;
}

}  // namespace

PyMethodDef joining_functions[] = {
    {"concatenate", as_method(function_concatenate), kFastKeywords,
     "concatenate(arrays, /, axis=0, out=None, *, dtype=None, casting='same_kind')\n--\n\n"
     "Join arrays along an axis that they have.\n\n"
     "Parameters\n----------\narrays : sequence of array_like\n    Of one shape but for the axis.\n"
     "axis : int or None\n    None joins the elements of all arrays in C order.\nout : ndarray, optional\n"
     "dtype : dtype, optional\n    Of the result; otherwise promoted from the arrays.\ncasting : str\n    The rule for "
     "casts.\n\n"
     "Returns\n-------\nndarray\n\nRaises\n------\nValueError\n    Without arrays, or where shapes do not fit.\n\n"
     "Examples\n--------\n>>> import wasmnp as np\n>>> np.concatenate(([1, 2], [3]))\narray([1, 2, 3])"},
    {"copyto", as_method(function_copyto), kFastKeywords,
     "copyto(dst, src, casting='same_kind', where=True)\n--\n\n"
     "Copy values from one array to another, broadcasting.\n\n"
     "Parameters\n----------\ndst : ndarray\nsrc : array_like\ncasting : str\n    The rule for the cast.\n"
     "where : array_like of bool\n    The elements to copy.\n\nRaises\n------\nTypeError\n    Where the cast is not "
     "allowed.\n\n"
     "Examples\n--------\n>>> import wasmnp as np\n>>> a = np.zeros(3)\n>>> np.copyto(a, 1, where=[True, False, "
     "True])\n>>> a\narray([1., 0., 1.])"},
    {nullptr, nullptr, 0, nullptr},
};

}  // namespace wasmnp
