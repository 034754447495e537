// What a key with arrays means: which axes become views, which are selected from by arrays, and where these go.
#include "indexing.hpp"
#include "scalar.hpp"

namespace wasmnp {

namespace {

enum class ItemKind { Integer, Slice, NewAxis, Ellipsis, Fancy, Mask, Boolean };

struct IndexItem {
  ItemKind kind;
  PyObject* object;        // borrowed from the key
  Ref<ArrayObject> array;  // Fancy, Mask, and integers that came as 0-d arrays
  bool truth = false;      // Boolean
};

class KeyParser {
 public:
  explicit KeyParser(ArrayObject* array) : array_(array) {}
  bool read(PyObject* key);
  bool build(IndexPlan* plan);

 private:
  bool add(PyObject* object);
  bool add_array(IndexItem& item, PyObject* object);
  bool build_fancy(IndexPlan* plan);
  bool add_fancy(IndexPlan* plan, Ref<ArrayObject> values, int axis);
  bool broadcast(IndexPlan* plan);

  ArrayObject* array_;
  IndexItem items_[kMaxIndexItems];
  int count_ = 0;
  intp used_ = 0;
  bool ellipsis_ = false, fancy_ = false, scalar_array_ = false;
};

bool too_many_indices() {
  PyErr_SetString(PyExc_IndexError, "too many indices for array");
  return false;
}

bool KeyParser::add_array(IndexItem& item, PyObject* object) {
  if (is_array(object)) {
    item.array = Ref<ArrayObject>::borrow(object);
  } else {
    if (PyUnicode_Check(object) || PyBytes_Check(object)) return raise_bad_index() == 0;
    item.array = array_from_any(object);
    if (!item.array) {
      if (!PyErr_ExceptionMatches(PyExc_TypeError) && !PyErr_ExceptionMatches(PyExc_OverflowError)) return false;
      PyErr_Clear();
      return raise_bad_index() == 0;
    }
    // An empty list says nothing about its type.
    if (array_size(item.array.get()) == 0 && item.array->descr->kind != 'b') {
      item.array = copy_array(item.array.get(), descr_from_type_num(kIntp), Order::C, false);
      if (!item.array) return false;
    }
  }
  const char kind = item.array->descr->kind;
  const int nd = item.array->nd;
  if (kind == 'b') {
    fancy_ = true;
    item.kind = nd ? ItemKind::Mask : ItemKind::Boolean;
    if (nd == 0) item.truth = *item.array->data != 0;
    used_ += nd;
    return true;
  }
  if (kind == 'i' || kind == 'u') {
    item.kind = nd ? ItemKind::Fancy : ItemKind::Integer;
    if (nd)
      fancy_ = true;
    else
      scalar_array_ = true;
    used_++;
    return true;
  }
  if (!is_array(object)) return raise_bad_index() == 0;
  PyErr_SetString(PyExc_IndexError, "arrays used as indices must be of integer (or boolean) type");
  return false;
}

bool KeyParser::add(PyObject* object) {
  if (count_ >= kMaxIndexItems) return too_many_indices();
  IndexItem& item = items_[count_++];
  item.object = object;
  if (object == Py_Ellipsis) {
    if (ellipsis_) {
      PyErr_SetString(PyExc_IndexError, "an index can only have a single ellipsis ('...')");
      return false;
    }
    ellipsis_ = true;
    item.kind = ItemKind::Ellipsis;
  } else if (object == Py_None) {
    item.kind = ItemKind::NewAxis;
  } else if (PySlice_Check(object)) {
    item.kind = ItemKind::Slice;
    used_++;
  } else if (is_integer_index(object)) {
    item.kind = ItemKind::Integer;
    used_++;
  } else {
    return add_array(item, object);
  }
  return true;
}

bool KeyParser::read(PyObject* key) {
  if (!PyTuple_Check(key)) {
    if (!add(key)) return false;
  } else {
    for (Py_ssize_t i = 0; i < PyTuple_Size(key); i++)
      if (!add(PyTuple_GetItem(key, i))) return false;
  }
  if (used_ > array_->nd) {
    PyErr_Format(PyExc_IndexError, "too many indices for array: array is %d-dimensional, but %zd were indexed",
                 array_->nd, used_);
    return false;
  }
  return true;
}

bool mask_mismatch(intp axis, intp length, intp mask_length) {
  PyErr_Format(
      PyExc_IndexError,
      "boolean index did not match indexed array along axis %zd; size of axis is %zd but size of corresponding "
      "boolean axis is %zd",
      axis, length, mask_length);
  return false;
}

bool KeyParser::add_fancy(IndexPlan* plan, Ref<ArrayObject> values, int axis) {
  if (!values) return false;
  if (plan->fancy_count >= kMaxFancy) return too_many_indices();
  FancyIndex& index = plan->fancy[plan->fancy_count++];
  index.values = std::move(values);
  index.axis = axis;
  if (axis >= 0) {
    index.length = array_->dimensions[axis];
    index.stride = array_->strides[axis];
  }
  return true;
}

// One shape for all index arrays.
bool KeyParser::broadcast(IndexPlan* plan) {
  for (int k = 0; k < plan->fancy_count; k++) {
    const ArrayObject* values = plan->fancy[k].values.get();
    if (broadcast_shape(&plan->outer_nd, plan->outer, values->nd, values->dimensions)) continue;
    PyErr_Clear();
    Ref<> text = steal(PyUnicode_FromString(""));
    for (int i = 0; text && i < plan->fancy_count; i++)
      if (!add_shape(&text, plan->fancy[i].values->nd, plan->fancy[i].values->dimensions)) return false;
    if (text)
      PyErr_Format(PyExc_IndexError, "shape mismatch: indexing arrays could not be broadcast together with shapes %U",
                   text.get());
    return false;
  }
  if (plan->nd + plan->outer_nd <= kMaxDims) return true;
  PyErr_Format(PyExc_IndexError, "number of dimensions must be within [0, %d], indexing result would have %d", kMaxDims,
               plan->nd + plan->outer_nd);
  return false;
}

bool KeyParser::build(IndexPlan* plan) {
  plan->data = array_->data;
  const ItemKind first = count_ ? items_[0].kind : ItemKind::Ellipsis;
  if (count_ == 1 && (first == ItemKind::Mask || first == ItemKind::Boolean) && items_[0].array->nd == array_->nd) {
    plan->result = IndexResult::Mask;
    plan->mask = std::move(items_[0].array);
    for (int i = 0; i < array_->nd; i++)
      if (plan->mask->dimensions[i] != array_->dimensions[i])
        return mask_mismatch(i, array_->dimensions[i], plan->mask->dimensions[i]);
    return true;
  }
  // Where arrays are not next to each other, their axes come first; integers count as arrays.
  enum { Before, Inside, After, Separated } stage = Before;
  int axis = 0, integers = 0;
  const int rest = array_->nd - static_cast<int>(used_);
  for (int i = 0; i < count_; i++) {
    IndexItem& item = items_[i];
    const bool selects = item.kind == ItemKind::Integer || item.kind == ItemKind::Fancy ||
                         item.kind == ItemKind::Mask || item.kind == ItemKind::Boolean;
    if (!selects) {
      if (stage == Inside) stage = After;
    } else if (stage == Before) {
      stage = Inside;
      plan->position = plan->nd;
    } else if (stage == After) {
      stage = Separated;
      plan->position = 0;
    }
    const int making = item.kind == ItemKind::Ellipsis ? rest : selects ? 0 : 1;
    if (plan->nd + making > kMaxDims) {
      PyErr_Format(PyExc_IndexError, "number of dimensions must be within [0, %d], indexing result would have %d",
                   kMaxDims, plan->nd + making);
      return false;
    }
    switch (item.kind) {
      case ItemKind::Integer:
        integers++;
        if (take_integer(array_, item.array ? item.array.object() : item.object, axis++, &plan->data) < 0) return false;
        break;
      case ItemKind::Slice:
        if (take_slice(array_, item.object, axis++, &plan->dims[plan->nd], &plan->strides[plan->nd], &plan->data) < 0)
          return false;
        plan->nd++;
        break;
      case ItemKind::NewAxis:
        plan->dims[plan->nd] = 1;
        plan->strides[plan->nd++] = 0;
        break;
      case ItemKind::Ellipsis:
        for (const int end = axis + rest; axis < end; axis++) {
          plan->dims[plan->nd] = array_->dimensions[axis];
          plan->strides[plan->nd++] = array_->strides[axis];
        }
        break;
      case ItemKind::Fancy:
        if (!add_fancy(plan, as_intp_array(item.array.object(), false), axis++)) return false;
        break;
      case ItemKind::Boolean: {
        const intp length = item.truth;
        NewArray zeros;
        zeros.zeroed = true;
        if (!add_fancy(plan, new_array(descr_from_type_num(kIntp), 1, &length, zeros), -1)) return false;
        break;
      }
      case ItemKind::Mask: {
        ArrayObject* mask = item.array.get();
        for (int k = 0; k < mask->nd; k++)
          if (mask->dimensions[k] && mask->dimensions[k] != array_->dimensions[axis + k])  // NumPy lets 0 pass
            return mask_mismatch(axis + k, array_->dimensions[axis + k], mask->dimensions[k]);
        Ref<ArrayObject> indices = true_indices(mask);
        if (!indices) return false;
        for (int k = 0; k < mask->nd; k++) {
          Ref<ArrayObject> column =
              view_of(indices.get(), 1, indices->dimensions, indices->strides, indices->data + k * indices->strides[1]);
          if (!add_fancy(plan, std::move(column), axis++)) return false;
        }
        break;
      }
    }
  }
  if (!ellipsis_) {
    for (; axis < array_->nd; axis++) {
      if (plan->nd >= kMaxDims) return too_many_indices();
      plan->dims[plan->nd] = array_->dimensions[axis];
      plan->strides[plan->nd++] = array_->strides[axis];
    }
  }
  if (fancy_) {
    plan->result = IndexResult::Fancy;
    return broadcast(plan);
  }
  if (integers == array_->nd && plan->nd == 0 && !ellipsis_)
    plan->result = IndexResult::Element;
  else if (scalar_array_)
    plan->result = IndexResult::Copy;
  return true;
}

}  // namespace

Ref<ArrayObject> as_intp_array(PyObject* object, bool convert) {
  FromAny options;
  if (convert && !is_array(object)) options.descr = descr_from_type_num(kIntp);
  Ref<ArrayObject> array = array_from_any(object, options);
  if (!array) return nullptr;
  ArrayDescr* intp_descr = descr_from_type_num(kIntp);
  if (equivalent(array->descr, intp_descr)) return array;
  if (!can_cast(array->descr, intp_descr, Casting::SameKind)) {
    PyErr_Format(PyExc_TypeError, "Cannot cast array data from %R to %R according to the rule 'safe'",
                 reinterpret_cast<PyObject*>(array->descr), reinterpret_cast<PyObject*>(intp_descr));
    return nullptr;
  }
  return copy_array(array.get(), intp_descr, Order::K, false);
}

bool prepare_index(ArrayObject* array, PyObject* key, IndexPlan* plan) {
  KeyParser parser(array);
  return parser.read(key) && parser.build(plan);
}

}  // namespace wasmnp
