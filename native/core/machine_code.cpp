#if defined(__wasm__)

#include "machine_code.hpp"

#include <cstdlib>
#include <cstring>

// JavaScript in the form that Emscripten evaluates when it loads a side module: a data symbol __em_js__NAME that holds
// "(parameters)<::>{body}" defines the import NAME. There it reaches the memory and the table of the main module.
#define WASMNP_JAVASCRIPT(result, name, parameters, body)                                                         \
  extern "C" {                                                                                                    \
  __attribute__((import_module("env"), import_name(#name))) result name parameters;                               \
  __attribute__((used, visibility("default"), section("em_js"), aligned(1))) extern const char __em_js__##name[]; \
  const char __em_js__##name[] = #parameters "<::>{" body "}";                                                    \
  }

// Compiles `size` bytes of code and puts the exported functions into the table, their indices into `functions`; gives
// how many there are, or -1 with the reason in `message`.
WASMNP_JAVASCRIPT(int, wasmnp_instantiate,
                  (const char* code, int size, const void* data, int* functions, int limit, char* message, int room),
                  "try {"
                  "const module = new WebAssembly.Module(HEAPU8.slice(code, code + size));"
                  "const start = new WebAssembly.Global({value: 'i32'}, data);"
                  "const instance = new WebAssembly.Instance(module, {env: {memory: wasmMemory, data: start}});"
                  "const found = Object.values(instance.exports).slice(0, limit);"
                  "found.forEach((entry, i) => { HEAP32[(functions >> 2) + i] = addFunction(entry); });"
                  "return found.length;"
                  "} catch (error) { stringToUTF8(String(error), message, room); return -1; }")
WASMNP_JAVASCRIPT(void, wasmnp_forget, (int index), "removeFunction(index);")

namespace wasmnp {

namespace {

constexpr int kMaxFunctions = 8;
constexpr const char* kCapsule = "wasmnp.machine_code";

struct MachineCode {
  int functions[kMaxFunctions];
  int count;
  void* data;
};

void release(PyObject* capsule) {
  auto* code = static_cast<MachineCode*>(PyCapsule_GetPointer(capsule, kCapsule));
  for (int i = 0; i < code->count; i++) wasmnp_forget(code->functions[i]);
  std::free(code->data);
  std::free(code);
}

}  // namespace

PyObject* instantiate(PyObject*, PyObject* const* args, Py_ssize_t nargs) {
  if (nargs != 2 || !PyBytes_Check(args[0])) {
    PyErr_SetString(PyExc_TypeError, "instantiate takes bytes and a size");
    return nullptr;
  }
  const Py_ssize_t data_size = PyLong_AsSsize_t(args[1]);
  if (data_size == -1 && PyErr_Occurred()) return nullptr;
  auto* code = static_cast<MachineCode*>(std::calloc(1, sizeof(MachineCode)));
  void* data = code ? std::malloc(data_size > 0 ? static_cast<size_t>(data_size) : 1) : nullptr;
  if (!data) {
    std::free(code);
    return PyErr_NoMemory();
  }
  code->data = data;
  char message[200];
  const int count = wasmnp_instantiate(PyBytes_AsString(args[0]), static_cast<int>(PyBytes_Size(args[0])), data,
                                       code->functions, kMaxFunctions, message, sizeof message);
  code->count = count < 0 ? 0 : count;
  Ref<> owner = steal(PyCapsule_New(code, kCapsule, release));
  if (!owner) {
    std::free(data);
    std::free(code);
    return nullptr;
  }
  if (count < 0) {
    PyErr_Format(PyExc_RuntimeError, "the engine refuses the code: %s", message);
    return nullptr;
  }
  Ref<> addresses = steal(PyTuple_New(count));
  for (int i = 0; addresses && i < count; i++) {
    PyObject* address = PyLong_FromLong(code->functions[i]);
    if (!address) return nullptr;
    PyTuple_SetItem(addresses.get(), i, address);
  }
  return addresses ? PyTuple_Pack(2, addresses.get(), owner.get()) : nullptr;
}

}  // namespace wasmnp

#endif
