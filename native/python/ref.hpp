// Ownership of Python objects. Raw reference counting stays inside this file and the interpreter's own slots.
#pragma once

#include <Python.h>

#include <utility>

namespace wasmnp {

template <class T = PyObject>
class Ref {
 public:
  Ref() = default;
  Ref(std::nullptr_t) {}
  Ref(Ref&& other) noexcept : object_(std::exchange(other.object_, nullptr)) {}
  template <class U>
  Ref(Ref<U>&& other) noexcept : object_(reinterpret_cast<T*>(other.release())) {}
  Ref& operator=(Ref&& other) noexcept {
    if (this != &other) {
      T* old = std::exchange(object_, std::exchange(other.object_, nullptr));
      Py_XDECREF(reinterpret_cast<PyObject*>(old));
    }
    return *this;
  }
  Ref(const Ref&) = delete;
  Ref& operator=(const Ref&) = delete;
  ~Ref() { Py_XDECREF(reinterpret_cast<PyObject*>(object_)); }

  template <class U>
  static Ref steal(U* object) {
    Ref ref;
    ref.object_ = reinterpret_cast<T*>(object);
    return ref;
  }
  template <class U>
  static Ref borrow(U* object) {
    Py_XINCREF(reinterpret_cast<PyObject*>(object));
    return steal(object);
  }

  T* get() const { return object_; }
  T* operator->() const { return object_; }
  PyObject* object() const { return reinterpret_cast<PyObject*>(object_); }
  explicit operator bool() const { return object_ != nullptr; }
  T* release() { return std::exchange(object_, nullptr); }
  PyObject* release_object() { return reinterpret_cast<PyObject*>(release()); }

 private:
  T* object_ = nullptr;
};

template <class U>
Ref(U*) -> Ref<U>;

inline Ref<> steal(PyObject* object) { return Ref<>::steal(object); }
inline Ref<> borrow(PyObject* object) { return Ref<>::borrow(object); }
template <class T>
PyObject* new_ref(T* object) {
  Py_INCREF(reinterpret_cast<PyObject*>(object));
  return reinterpret_cast<PyObject*>(object);
}

// The items of a list or tuple, or of a list made from another iterable. False with TypeError and `message`.
class FastSequence {
 public:
  FastSequence(PyObject* object, const char* message)
      : items_(steal(PySequence_Fast(object, message))), list_(items_ && PyList_Check(items_.get())) {}
  explicit operator bool() const { return static_cast<bool>(items_); }
  // Asked anew each time: code that items run may change a list.
  Py_ssize_t size() const { return list_ ? PyList_Size(items_.get()) : PyTuple_Size(items_.get()); }
  PyObject* operator[](Py_ssize_t i) const {  // borrowed
    return list_ ? PyList_GetItem(items_.get(), i) : PyTuple_GetItem(items_.get(), i);
  }

 private:
  Ref<> items_;
  bool list_;
};

// A Python error that is being raised, put aside while clean-up code runs.
class SavedError {
 public:
  SavedError() { PyErr_Fetch(&type_, &value_, &traceback_); }
  ~SavedError() { PyErr_Restore(type_, value_, traceback_); }
  SavedError(const SavedError&) = delete;
  SavedError& operator=(const SavedError&) = delete;

 private:
  PyObject *type_, *value_, *traceback_;
};

// Interned attribute name, made at first use and kept.
class Name {
 public:
  explicit constexpr Name(const char* text) : text_(text) {}
  PyObject* get() {
    if (!object_) object_ = PyUnicode_InternFromString(text_);
    return object_;
  }

 private:
  const char* text_;
  PyObject* object_ = nullptr;
};

// type(object).name as descriptors see it on the type itself, or null without an error when absent.
inline Ref<> lookup_on_type(PyObject* object, PyObject* name) {
  Ref<> found = steal(PyObject_GetAttr(reinterpret_cast<PyObject*>(Py_TYPE(object)), name));
  if (!found) PyErr_Clear();
  return found;
}

}  // namespace wasmnp
