#include "text_signatures.hpp"

#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "../abi/python_types.hpp"

namespace wasmnp {

namespace {

// NumPy's, in alphabetical order.
const struct {
  const char *name, *signature;
} signatures[] = {
    {"__array__", "($self, dtype=None, /, *, copy=None)"},
    {"__array_finalize__", "($self, obj, /)"},
    {"__array_function__", "($self, /, func, types, args, kwargs)"},
    {"__array_namespace__", "($self, /, *, api_version=None)"},
    {"__array_ufunc__", "($self, ufunc, method, /, *inputs, **kwargs)"},
    {"__array_wrap__", "($self, array, context=None, return_scalar=True, /)"},
    {"__class_getitem__", "(item, /)"},
    {"__complex__", "($self, /)"},
    {"__copy__", "($self, /)"},
    {"__deepcopy__", "($self, memo, /)"},
    {"__dlpack__", "($self, /, *, stream=None, max_version=None, dl_device=None, copy=None)"},
    {"__dlpack_device__", "($self, /)"},
    {"__format__", "($self, spec, /)"},
    {"__reduce__", "($self, /)"},
    {"__reduce_ex__", "($self, protocol, /)"},
    {"__setstate__", "($self, state, /)"},
    {"__sizeof__", "($self, /)"},
    {"all", "($self, /, axis=None, out=None, keepdims=False, *, where=True)"},
    {"any", "($self, /, axis=None, out=None, keepdims=False, *, where=True)"},
    {"argmax", "($self, /, axis=None, out=None, *, keepdims=False)"},
    {"argmin", "($self, /, axis=None, out=None, *, keepdims=False)"},
    {"argpartition", "($self, kth, /, axis=-1, kind='introselect', order=None)"},
    {"argsort", "($self, /, axis=-1, kind=None, order=None, *, stable=None)"},
    {"astype", "($self, /, dtype, order='K', casting='unsafe', subok=True, copy=True)"},
    {"byteswap", "($self, /, inplace=False)"},
    {"choose", "($self, /, choices, out=None, mode='raise')"},
    {"clip", "($self, /, min=None, max=None, out=None, **kwargs)"},
    {"compress", "($self, /, condition, axis=None, out=None)"},
    {"conj", "($self, /)"},
    {"conjugate", "($self, /)"},
    {"copy", "($self, /, order='C')"},
    {"cumprod", "($self, /, axis=None, dtype=None, out=None)"},
    {"cumsum", "($self, /, axis=None, dtype=None, out=None)"},
    {"diagonal", "($self, /, offset=0, axis1=0, axis2=1)"},
    {"dot", "($self, other, /, out=None)"},
    {"dump", "($self, /, file)"},
    {"dumps", "($self, /)"},
    {"fill", "($self, /, value)"},
    {"flatten", "($self, /, order='C')"},
    {"getfield", "($self, /, dtype, offset=0)"},
    {"item", "($self, /, *args)"},
    {"max", "($self, /, axis=None, out=None, **kwargs)"},
    {"mean", "($self, /, axis=None, dtype=None, out=None, **kwargs)"},
    {"min", "($self, /, axis=None, out=None, **kwargs)"},
    {"nonzero", "($self, /)"},
    {"partition", "($self, kth, /, axis=-1, kind='introselect', order=None)"},
    {"prod", "($self, /, axis=None, dtype=None, out=None, **kwargs)"},
    {"put", "($self, indices, values, /, mode='raise')"},
    {"ravel", "($self, /, order='C')"},
    {"repeat", "($self, repeats, /, axis=None)"},
    {"reshape", "($self, /, *shape, order='C', copy=None)"},
    {"resize", "($self, /, *new_shape, refcheck=True)"},
    {"round", "($self, /, decimals=0, out=None)"},
    {"searchsorted", "($self, v, /, side='left', sorter=None)"},
    {"setfield", "($self, val, /, dtype, offset=0)"},
    {"setflags", "($self, /, *, write=None, align=None, uic=None)"},
    {"sort", "($self, /, axis=-1, kind=None, order=None, *, stable=None)"},
    {"squeeze", "($self, /, axis=None)"},
    {"std", "($self, /, axis=None, dtype=None, out=None, ddof=0, **kwargs)"},
    {"sum", "($self, /, axis=None, dtype=None, out=None, **kwargs)"},
    {"swapaxes", "($self, axis1, axis2, /)"},
    {"take", "($self, indices, /, axis=None, out=None, mode='raise')"},
    {"to_device", "($self, device, /, *, stream=None)"},
    {"tobytes", "($self, /, order='C')"},
    {"tofile", "($self, fid, /, sep='', format='%s')"},
    {"tolist", "($self, /)"},
    {"trace", "($self, /, offset=0, axis1=0, axis2=1, dtype=None, out=None)"},
    {"transpose", "($self, /, *axes)"},
    {"var", "($self, /, axis=None, dtype=None, out=None, ddof=0, **kwargs)"},
    {"view", "($self, /, *args, **kwargs)"},
};

const char* signed_doc(const char* name, const char* signature, const char* doc) {
  const size_t size = std::strlen(name) + std::strlen(signature) + std::strlen(doc) + 8;
  char* text = static_cast<char*>(std::malloc(size));  // lives as long as the module
  if (!text) return doc;
  std::snprintf(text, size, "%s%s\n--\n\n%s", name, signature, doc);
  return text;
}

}  // namespace

void sign_methods(PyMethodDef* methods) {
  for (PyMethodDef* method = methods; method->ml_name; method++) {
    if (std::strstr(method->ml_doc, "\n--\n")) continue;
    for (const auto& row : signatures) {
      if (std::strcmp(row.name, method->ml_name)) continue;
      // A first line that shows how to call the method gives way to the signature.
      const char* rest = std::strstr(method->ml_doc, "\n\n");
      const bool shown = rest && !std::strncmp(method->ml_doc, method->ml_name, std::strlen(method->ml_name));
      method->ml_doc = signed_doc(method->ml_name, row.signature, shown ? rest + 2 : method->ml_doc);
      break;
    }
  }
}

void sign_type(PyTypeObject* type, const char* name, const char* signature) {
  type->tp_doc = signed_doc(name, signature, type->tp_doc);
}

}  // namespace wasmnp
