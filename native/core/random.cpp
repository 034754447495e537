// Draws of random numbers into arrays; the states are arrays, too, which the Python classes keep.
#include <cmath>
#include <cstring>

#include "../../kernels/cpu/bit_generators.hpp"
#include "array.hpp"
#include "functions.hpp"

namespace wasmnp {

namespace {

using random::Mt19937;
using random::Pcg64;

// A generator's state as the arrays that hold it say: uint32[625] or uint64[6].
template <class Visit>
bool with_state(PyObject* object, Visit visit) {
  ArrayObject* array = is_array(object) ? as_array(object) : nullptr;
  const bool usable = array && (array->flags & kCContiguous) && (array->flags & kWriteable) && array->nd == 1;
  if (usable && element_index(array->descr) == static_cast<int>(Element::UInt32) && array->dimensions[0] == 625) {
    visit(*reinterpret_cast<Mt19937*>(array->data));
    return true;
  }
  if (usable && element_index(array->descr) == static_cast<int>(Element::UInt64) && array->dimensions[0] == 6) {
    visit(*reinterpret_cast<Pcg64*>(array->data));
    return true;
  }
  PyErr_SetString(PyExc_TypeError, "the state of a bit generator is a writable array of its own layout");
  return false;
}

template <class T>
T* elements(PyObject* object, Element element, intp* count) {
  ArrayObject* array = is_array(object) ? as_array(object) : nullptr;
  if (!array || !(array->flags & kCContiguous) || element_index(array->descr) != static_cast<int>(element)) {
    PyErr_SetString(PyExc_TypeError, "a contiguous array of the function's own type is needed");
    return nullptr;
  }
  *count = array_size(array);
  return reinterpret_cast<T*>(array->data);
}

PyObject* done(bool success) {
  if (!success || PyErr_Occurred()) return nullptr;
  Py_RETURN_NONE;
}

PyObject* seed_mt19937(PyObject*, PyObject* args) {
  PyObject *state, *words;
  if (!PyArg_ParseTuple(args, "OO", &state, &words)) return nullptr;
  intp size, count = 0;
  auto* target = elements<uint32_t>(state, Element::UInt32, &size);
  if (!target || size != 625) return done(false);
  auto& bits = *reinterpret_cast<Mt19937*>(target);
  if (PyLong_Check(words)) {
    bits.seed(static_cast<uint32_t>(PyLong_AsUnsignedLongMask(words)));
    return done(true);
  }
  const auto* given = elements<uint32_t>(words, Element::UInt32, &count);
  if (!given || count < 1) return done(false);
  bits.seed_by_array(given, static_cast<uint32_t>(count));
  return done(true);
}

PyObject* seed_pcg64(PyObject*, PyObject* args) {
  PyObject *state, *words;
  if (!PyArg_ParseTuple(args, "OO", &state, &words)) return nullptr;
  intp size, count;
  auto* target = elements<uint64_t>(state, Element::UInt64, &size);
  const auto* given = target ? elements<uint64_t>(words, Element::UInt64, &count) : nullptr;
  if (!given || size != 6 || count != 4) return done(false);
  reinterpret_cast<Pcg64*>(target)->seed(given[0], given[1], given[2], given[3]);
  return done(true);
}

PyObject* doubles(PyObject*, PyObject* args) {
  PyObject *state, *out;
  if (!PyArg_ParseTuple(args, "OO", &state, &out)) return nullptr;
  intp count;
  auto* values = elements<double>(out, Element::Float64, &count);
  return done(values && with_state(state, [&](auto& bits) {
                for (intp i = 0; i < count; i++) values[i] = bits.next_double();
              }));
}

// Normal numbers in pairs by the polar method (Marsaglia and Bray, 1964). `kept` holds whether one is left, and which.
PyObject* polar_normals(PyObject*, PyObject* args) {
  PyObject *state, *kept_object, *out;
  if (!PyArg_ParseTuple(args, "OOO", &state, &kept_object, &out)) return nullptr;
  intp count, two;
  auto* values = elements<double>(out, Element::Float64, &count);
  auto* kept = values ? elements<double>(kept_object, Element::Float64, &two) : nullptr;
  if (!kept || two != 2) return done(false);
  return done(with_state(state, [&](auto& bits) {
    for (intp i = 0; i < count; i++) {
      if (kept[0] != 0) {
        values[i] = kept[1];
        kept[0] = kept[1] = 0;
        continue;
      }
      double x, y, square;
      do {
        x = 2.0 * bits.next_double() - 1.0;
        y = 2.0 * bits.next_double() - 1.0;
        square = x * x + y * y;
      } while (square >= 1.0 || square == 0.0);
      const double factor = std::sqrt(-2.0 * std::log(square) / square);
      kept[0] = 1;
      kept[1] = factor * x;
      values[i] = factor * y;
    }
  }));
}

// The layers under the normal density, which wasmnp/random/_ziggurat.py works out.
struct Ziggurat {
  static constexpr double kTail = 3.6541528853610088;
  const double *width, *height;
  const uint64_t* inside;
};

template <class Bits>
double ziggurat_normal(const Ziggurat& table, Bits& bits) {
  for (;;) {
    uint64_t word = bits.next64();
    const auto layer = static_cast<int>(word & 255);
    word >>= 8;
    const bool negative = word & 1;
    const uint64_t size = (word >> 1) & 0x000fffffffffffffu;
    double x = static_cast<double>(size) * table.width[layer];
    if (negative) x = -x;
    if (size < table.inside[layer]) return x;
    if (layer == 0) {
      constexpr double tail = Ziggurat::kTail;
      for (;;) {
        const double beyond = -1.0 / tail * std::log1p(-bits.next_double());
        const double y = -std::log1p(-bits.next_double());
        if (y + y > beyond * beyond) return (size >> 8) & 1 ? -(tail + beyond) : tail + beyond;
      }
    }
    if ((table.height[layer - 1] - table.height[layer]) * bits.next_double() + table.height[layer] <
        std::exp(-0.5 * x * x))
      return x;
  }
}

PyObject* normals(PyObject*, PyObject* args) {
  PyObject *state, *width, *height, *inside, *out;
  if (!PyArg_ParseTuple(args, "OOOOO", &state, &width, &height, &inside, &out)) return nullptr;
  intp count, sizes[3] = {};
  auto* values = elements<double>(out, Element::Float64, &count);
  Ziggurat table{};
  if (values) table.width = elements<double>(width, Element::Float64, &sizes[0]);
  if (table.width) table.height = elements<double>(height, Element::Float64, &sizes[1]);
  if (table.height) table.inside = elements<uint64_t>(inside, Element::UInt64, &sizes[2]);
  if (!table.inside || sizes[0] != 256 || sizes[1] != 256 || sizes[2] != 256) return done(false);
  return done(with_state(state, [&](auto& bits) {
    for (intp i = 0; i < count; i++) values[i] = ziggurat_normal(table, bits);
  }));
}

// Integers from 0 to `range`, by masks or by products.
PyObject* integers(PyObject*, PyObject* args) {
  PyObject *state, *out, *range_object;
  int masked;
  if (!PyArg_ParseTuple(args, "OOOp", &state, &out, &range_object, &masked)) return nullptr;
  const uint64_t range = PyLong_AsUnsignedLongLong(range_object);
  if (PyErr_Occurred()) return nullptr;
  intp count;
  auto* values = elements<uint64_t>(out, Element::UInt64, &count);
  return done(values && with_state(state, [&](auto& bits) {
                for (intp i = 0; i < count; i++)
                  values[i] = masked ? random::masked_below(bits, range) : random::scaled_below(bits, range);
              }));
}

// Integers of 8, 16 or 32 bits, which share words: each word gives as many as fit, the lowest bits first.
PyObject* narrow_integers(PyObject*, PyObject* args) {
  PyObject *state, *out, *range_object;
  int masked, width;
  if (!PyArg_ParseTuple(args, "OOOpi", &state, &out, &range_object, &masked, &width)) return nullptr;
  const uint64_t range = PyLong_AsUnsignedLongLong(range_object);
  if (PyErr_Occurred()) return nullptr;
  intp count;
  auto* values = elements<uint64_t>(out, Element::UInt64, &count);
  return done(values && with_state(state, [&](auto& bits) {
                uint32_t word = 0;
                int left = 0;
                const uint32_t most = width == 32 ? 0xffffffffu : (1u << width) - 1;
                const auto next = [&] {
                  if (left == 0) {
                    word = bits.next32();
                    left = 32 / width;
                  } else {
                    word >>= width;
                  }
                  left--;
                  return word & most;
                };
                const auto mask = static_cast<uint32_t>(random::mask_of(range));
                const auto size = static_cast<uint32_t>(range) + 1;
                for (intp i = 0; i < count; i++) {
                  if (range == 0) {
                    values[i] = 0;
                  } else if (range == most) {
                    values[i] = next();
                  } else if (masked || width == 1) {
                    uint32_t value;
                    do value = next() & mask;
                    while (value > range);
                    values[i] = value;
                  } else {
                    uint64_t product = uint64_t{next()} * size;
                    if ((product & most) < size) {
                      const uint32_t least = (most - static_cast<uint32_t>(range)) % size;
                      while ((product & most) < least) product = uint64_t{next()} * size;
                    }
                    values[i] = product >> width;
                  }
                }
              }));
}

// Swaps indices[i] with one of those up to it, from the last to `first`.
PyObject* shuffle(PyObject*, PyObject* args) {
  PyObject *state, *out;
  Py_ssize_t first;
  int masked;
  if (!PyArg_ParseTuple(args, "OOnp", &state, &out, &first, &masked)) return nullptr;
  intp count;
  auto* values = elements<int64_t>(out, Element::Int64, &count);
  return done(values && with_state(state, [&](auto& bits) {
                for (intp i = count - 1; i >= first && i > 0; i--) {
                  const auto range = static_cast<uint64_t>(i);
                  const uint64_t j = masked ? random::masked_below(bits, range) : random::scaled_below(bits, range);
                  const int64_t moved = values[i];
                  values[i] = values[j];
                  values[j] = moved;
                }
              }));
}

PyObject* words(PyObject*, PyObject* args) {
  PyObject *state, *out;
  if (!PyArg_ParseTuple(args, "OO", &state, &out)) return nullptr;
  intp count;
  auto* values = elements<uint64_t>(out, Element::UInt64, &count);
  return done(values && with_state(state, [&](auto& bits) {
                for (intp i = 0; i < count; i++) values[i] = bits.next64();
              }));
}

PyMethodDef functions[] = {
    {"_random_seed_mt19937", seed_mt19937, METH_VARARGS, "Seeds by an integer or an array of words."},
    {"_random_seed_pcg64", seed_pcg64, METH_VARARGS, "Seeds by four words."},
    {"_random_words", words, METH_VARARGS, "Words of 64 bits."},
    {"_random_doubles", doubles, METH_VARARGS, "Numbers in [0, 1)."},
    {"_random_polar_normals", polar_normals, METH_VARARGS, "Normal numbers by the polar method."},
    {"_random_normals", normals, METH_VARARGS, "Normal numbers by the ziggurat method."},
    {"_random_integers", integers, METH_VARARGS, "Integers up to a bound."},
    {"_random_narrow_integers", narrow_integers, METH_VARARGS, "Integers up to a bound of few bits."},
    {"_random_shuffle", shuffle, METH_VARARGS, "A random order."},
    {nullptr, nullptr, 0, nullptr},
};

}  // namespace

int init_random(PyObject* module) { return PyModule_AddFunctions(module, functions); }

}  // namespace wasmnp
