// Letting other threads run.
#pragma once

#include <Python.h>

namespace wasmnp {

inline constexpr Py_ssize_t kReleaseGil = 500;  // elements above which work without Python objects releases the GIL

class ReleasedGil {
 public:
  explicit ReleasedGil(bool release) : thread_(release ? PyEval_SaveThread() : nullptr) {}
  ~ReleasedGil() {
    if (thread_) PyEval_RestoreThread(thread_);
  }
  ReleasedGil(const ReleasedGil&) = delete;
  ReleasedGil& operator=(const ReleasedGil&) = delete;

 private:
  PyThreadState* thread_;
};

}  // namespace wasmnp
