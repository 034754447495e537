// The core signature of a generalized ufunc, "(m,n?),(n,3)->(m,3)": NumPy's C-API reference, "Generalized ufunc API".
#include "gufunc_signature.hpp"

#include <cstdlib>
#include <cstring>

namespace wasmnp {

namespace {

constexpr int kMaxCoreDims = 64;
constexpr uint32_t kSizeInferred = 0x2, kCanIgnore = 0x4;

struct Parser {
  const char* start;
  const char* p;
  const char* names[kMaxCoreDims];
  int lengths[kMaxCoreDims];
  intp sizes[kMaxCoreDims];
  uint32_t flags[kMaxCoreDims];
  int distinct = 0, total = 0;
  int indices[kMaxCoreDims];

  bool fail(const char* what) {
    PyErr_Format(PyExc_ValueError, "%s at position %d in \"%s\"", what, static_cast<int>(p - start), start);
    return false;
  }
  void skip() {
    while (*p == ' ' || *p == '\t') p++;
  }
  static bool letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
  static bool digit(char c) { return c >= '0' && c <= '9'; }

  bool dimension() {
    const char* begin = p;
    intp size = -1;
    if (letter(*p)) {
      while (letter(*p) || digit(*p)) p++;
    } else if (digit(*p)) {
      size = 0;
      for (; digit(*p); p++)
        if (__builtin_mul_overflow(size, 10, &size) || __builtin_add_overflow(size, *p - '0', &size))
          return fail("expect dimension size to fit an integer");
      if (size == 0) return fail("expect dimension size to be positive");
    } else {
      return fail("expect dimension name");
    }
    const int length = static_cast<int>(p - begin);
    skip();
    const bool optional = *p == '?';
    if (optional) p++;
    int index = 0;
    while (index < distinct &&
           !(lengths[index] == length && !std::strncmp(names[index], begin, static_cast<size_t>(length))))
      index++;
    if (index == distinct) {
      if (distinct == kMaxCoreDims || total == kMaxCoreDims) return fail("too many core dimensions");
      names[distinct] = begin;
      lengths[distinct] = length;
      sizes[distinct] = size;
      flags[distinct++] = (size < 0 ? kSizeInferred : 0) | (optional ? kCanIgnore : 0);
    } else if (optional != ((flags[index] & kCanIgnore) != 0)) {
      return fail("? cannot be used, name already seen without ?");
    }
    if (total == kMaxCoreDims) return fail("too many core dimensions");
    indices[total++] = index;
    return true;
  }
};

template <class T>
T* copied(const T* values, int count) {
  auto* memory = static_cast<T*>(std::malloc(sizeof(T) * static_cast<size_t>(count ? count : 1)));
  if (memory && count) std::memcpy(memory, values, sizeof(T) * static_cast<size_t>(count));
  return memory;
}

}  // namespace

bool parse_core_signature(UfuncObject* ufunc, const char* signature) {
  Parser parser{};
  parser.start = parser.p = signature;
  int counts[kMaxCoreDims] = {}, offsets[kMaxCoreDims] = {};
  int argument = 0;
  parser.skip();
  while (*parser.p) {
    if (argument == ufunc->nargs || argument == kMaxCoreDims)
      return parser.fail("incomplete signature: too many arguments");
    if (argument == ufunc->nin) {
      if (std::strncmp(parser.p, "->", 2)) return parser.fail("expect '->'");
      parser.p += 2;
      parser.skip();
    }
    if (*parser.p != '(') return parser.fail("expect '('");
    parser.p++;
    parser.skip();
    offsets[argument] = parser.total;
    while (*parser.p != ')') {
      if (!parser.dimension()) return false;
      counts[argument]++;
      parser.skip();
      if (*parser.p == ',') {
        parser.p++;
        parser.skip();
        if (*parser.p == ')') return parser.fail("',' must not be followed by ')'");
      } else if (*parser.p != ')') {
        return parser.fail("expect ',' or ')'");
      }
    }
    parser.p++;
    parser.skip();
    argument++;
    if (argument == ufunc->nin || argument == ufunc->nargs) continue;
    if (*parser.p != ',') return parser.fail("expect ','");
    parser.p++;
    parser.skip();
  }
  if (argument != ufunc->nargs) return parser.fail("incomplete signature: not all arguments found");
  ufunc->core_enabled = parser.total > 0;
  ufunc->core_num_dim_ix = parser.distinct;
  ufunc->core_num_dims = copied(counts, ufunc->nargs);
  ufunc->core_offsets = copied(offsets, ufunc->nargs);
  ufunc->core_dim_ixs = copied(parser.indices, parser.total);
  ufunc->core_dim_sizes = copied(parser.sizes, parser.distinct);
  ufunc->core_dim_flags = copied(parser.flags, parser.distinct);
  ufunc->core_signature = copied(signature, static_cast<int>(std::strlen(signature)) + 1);
  if (ufunc->core_num_dims && ufunc->core_offsets && ufunc->core_dim_ixs && ufunc->core_dim_sizes &&
      ufunc->core_dim_flags && ufunc->core_signature)
    return true;
  PyErr_NoMemory();
  return false;
}

}  // namespace wasmnp
