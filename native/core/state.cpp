#include "state.hpp"

#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "../python/ref.hpp"

namespace wasmnp {

State state{};

namespace {
struct PublicType {
  PyTypeObject* type;
  const char* relative_name;
};
PublicType public_types[96];
int public_type_count = 0;
char identity_name[32] = "wasmnp";
char package_name[64] = "wasmnp";

const char* qualified(const char* relative_name) {
  const size_t size = std::strlen(identity_name) + std::strlen(relative_name) + 2;
  char* text = static_cast<char*>(std::malloc(size));  // lives as long as the type does
  if (text) std::snprintf(text, size, "%s.%s", identity_name, relative_name);
  return text;
}
}  // namespace

const char* identity() { return identity_name; }

int set_identity(const char* name) {
  if (std::strlen(name) >= sizeof identity_name) {
    PyErr_Format(PyExc_ValueError, "identity '%s' is too long", name);
    return -1;
  }
  std::strcpy(identity_name, name);
  for (int i = 0; i < public_type_count; i++) {
    const char* text = qualified(public_types[i].relative_name);
    if (!text) return PyErr_NoMemory(), -1;
    public_types[i].type->tp_name = text;
  }
  return 0;
}

int ready_public_type(PyTypeObject* type, const char* relative_name) {
  if (public_type_count == static_cast<int>(sizeof public_types / sizeof *public_types)) {
    PyErr_SetString(PyExc_SystemError, "table of public types is full");
    return -1;
  }
  public_types[public_type_count++] = {type, relative_name};
  type->tp_name = qualified(relative_name);
  if (!type->tp_name) return PyErr_NoMemory(), -1;
  return PyType_Ready(type);
}

int set_package(PyObject* module) {
  Ref<> name = steal(PyObject_GetAttrString(module, "__name__"));
  const char* text = name ? PyUnicode_AsUTF8AndSize(name.get(), nullptr) : nullptr;
  if (!text) return -1;
  const char* dot = std::strchr(text, '.');
  const size_t length = dot ? static_cast<size_t>(dot - text) : std::strlen(text);
  if (length >= sizeof identity_name) {
    PyErr_SetString(PyExc_ImportError, "package name is too long");
    return -1;
  }
  std::memcpy(package_name, text, length);
  package_name[length] = 0;
  std::strcpy(identity_name, package_name);
  return 0;
}

PyObject* import_package() { return PyImport_ImportModule(package_name); }

PyObject* import_member(const char* relative_module, const char* name) {
  char path[128];
  std::snprintf(path, sizeof path, "%s.%s", package_name, relative_module);
  Ref<> module = steal(PyImport_ImportModule(path));
  return module ? PyObject_GetAttrString(module.get(), name) : nullptr;
}

}  // namespace wasmnp
