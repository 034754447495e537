// Execution of one resolved loop over operands of any layout: direct runs where a kernel body fits, otherwise L1-sized
// blocks that span axes, with strided, swapped, cast or masked operands packed and results unpacked.
#include <cstring>
#include <utility>
#if !defined(__wasm__)
#include <cfenv>
#endif

#include "../python/gil.hpp"
#include "casting.hpp"
#include "core_loops.hpp"
#include "products.hpp"
#include "state.hpp"
#include "ufunc.hpp"

namespace wasmnp {

namespace {

constexpr intp kBlockBytes = 4096;
constexpr intp kShortRun = 32;        // innermost axes shorter than this are packed across axes
constexpr intp kStreaming = 1 << 20;  // bytes of an operand that no longer fit beside the others in L2

// Whether kernels of built-in types have enough to do for other threads to run meanwhile.
bool worth_releasing(intp elements, int nargs, ArrayDescr* const* descrs, const Loop& loop) {
  bool plain = elements > kReleaseGil && !loop.foreign();
  for (int k = 0; plain && k < nargs; k++) plain = is_plain_builtin(descrs[k]);
  return plain;
}

// Moves the selected elements of a buffer to its front; the others change places with them, so that each reference
// stays there once.
void compress_references(char* data, const uint8_t* selected, intp count) {
  PyObject** const items = reinterpret_cast<PyObject**>(data);
  for (intp i = 0, to = 0; i < count; i++)
    if (selected[i]) std::swap(items[to++], items[i]);
}

// Moves the selected elements of a buffer to its front.
void compress(char* data, const uint8_t* selected, intp count, intp size) {
  if (!is_word(size)) {
    for (intp i = 0, to = 0; i < count; i++)
      if (selected[i]) std::memmove(data + to++ * size, data + i * size, static_cast<size_t>(size));
    return;
  }
  with_word(size, [&](auto word) {
    for (intp i = 0, to = 0; i < count; i++) {
      std::memcpy(&word, data + i * size, sizeof word);
      std::memcpy(data + to * size, &word, sizeof word);
      to += selected[i] != 0;
    }
  });
}

// Writes the next elements of `in` where `selected` says so; returns how many.
intp scatter(char* out, intp stride, const char* in, const uint8_t* selected, intp count, intp size) {
  const char* next = in;
  if (!is_word(size)) {
    for (intp i = 0; i < count; i++) {
      if (!selected[i]) continue;
      std::memcpy(out + i * stride, next, static_cast<size_t>(size));
      next += size;
    }
  } else {
    with_word(size, [&](auto word) {
      for (intp i = 0; i < count; i++) {
        if (!selected[i]) continue;
        std::memcpy(&word, next, sizeof word);
        std::memcpy(out + i * stride, &word, sizeof word);
        next += size;
      }
    });
  }
  return (next - in) / size;
}

enum class Mode : uint8_t { Direct, Scalar, Packed, Filled };

class BlockRun {
 public:
  BlockRun(const Loop& loop, int nin, int nargs, LoopSpace& space, ArrayDescr* const* descrs, int mask)
      : loop_(loop), nin_(nin), nargs_(nargs), space_(space), descrs_(descrs), mask_(mask) {
    for (int k = 0; k < nargs; k++)
      if (has_references(loop.descrs[k])) std::memset(buffer_[k], 0, kBlockBytes);
  }
  ~BlockRun() {
    for (int k = 0; k < nargs_; k++)
      if (has_references(loop_.descrs[k]))
        release_references(loop_.descrs[k], buffer_[k], kBlockBytes / loop_.descrs[k]->elsize);
  }
  BlockRun(const BlockRun&) = delete;
  BlockRun& operator=(const BlockRun&) = delete;
  bool prepare();
  uint32_t run();

 private:
  bool moves(int k) const {
    for (int i = 0; i < space_.nd; i++)
      if (space_.strides[k][i]) return true;
    return false;
  }
  // Contiguous over the whole space, whatever the other operands are.
  bool even(int k) const {
    intp step = loop_.descrs[k]->elsize;
    for (int i = space_.nd - 1; i >= 0; i--) {
      if (space_.strides[k][i] != step) return false;
      step *= space_.shape[i];
    }
    return true;
  }
  // After how many elements the operand begins anew because it does not move along the axes before.
  intp period(int k) const {
    int first = 0;
    while (first < space_.nd && space_.strides[k][first] == 0) first++;
    intp count = 1;
    for (int i = first; i < space_.nd; i++) count *= space_.shape[i];
    return first == 0 ? 0 : count;
  }
  uint32_t masked_block(const Cursor& cursor, intp count);
  uint32_t call(char** pointers, const intp* strides, intp count) {
    if (loop_.foreign()) return loop_.call_foreign(pointers, count, strides);
    uint32_t errors = 0;
    call_kernel(loop_, nin_, nargs_, pointers, strides, count, &errors);
    return errors;
  }

  const Loop& loop_;
  int nin_, nargs_;
  LoopSpace& space_;
  ArrayDescr* const* descrs_;
  int mask_;
  Mode mode_[kMaxOperands];
  Transfer transfer_[kMaxOperands];
  intp block_ = 0;
  uint32_t errors_ = 0;  // of operands that were packed once
  alignas(64) char buffer_[kMaxOperands][kBlockBytes];
};

bool BlockRun::prepare() {
  intp widest = 1;
  for (int k = 0; k < nargs_; k++) {
    const intp a = loop_.descrs[k]->elsize, b = descrs_[k]->elsize;
    widest = a > widest ? a : widest;
    widest = b > widest ? b : widest;
  }
  block_ = kBlockBytes / widest;
  if (block_ < 1) {
    PyErr_SetString(PyExc_TypeError, "elements of this size cannot be buffered");
    return false;
  }
  // Blocks that are whole periods let operands that repeat (a row added to a matrix) be packed once for all blocks.
  intp longest = 0;
  for (int k = 0; mask_ < 0 && k < nin_; k++) {
    const intp own = period(k);
    if (own > longest && own <= block_ / 2) longest = own;
  }
  if (longest > 1) block_ -= block_ % longest;
  bool scalar_kept = false;
  for (int k = 0; k < nargs_; k++) {
    const bool input = k < nin_;
    if (!(input ? transfer_[k].prepare(descrs_[k], loop_.descrs[k])
                : transfer_[k].prepare(loop_.descrs[k], descrs_[k])))
      return false;
    const bool direct = equivalent(descrs_[k], loop_.descrs[k]) && (loop_.any_layout || !is_swapped(descrs_[k]));
    mode_[k] = Mode::Packed;
    if (mask_ < 0 && direct && even(k)) {
      mode_[k] = Mode::Direct;
    } else if (input && !moves(k)) {
      // One scalar operand may keep its form if the kernel has a body for it.
      const bool body =
          loop_.foreign() || (nin_ == 2 && (k == 0 ? loop_.bodies->scalar_first : loop_.bodies->scalar_second));
      mode_[k] = body && !scalar_kept ? Mode::Scalar : Mode::Filled;
      scalar_kept |= mode_[k] == Mode::Scalar;
      const intp copies = mode_[k] == Mode::Scalar ? 1 : block_;
      transfer_[k].run(buffer_[k], loop_.descrs[k]->elsize, space_.data[k], 0, copies);
    } else if (const intp own = input && mask_ < 0 ? period(k) : 0; own > 0 && block_ % own == 0) {
      const intp size = loop_.descrs[k]->elsize, total = space_.size();
      mode_[k] = Mode::Filled;
      for_each_piece(space_, Cursor(space_), k, total < block_ ? total : block_,
                     [&](char* pointer, intp stride, intp n, intp at) {
                       errors_ |= transfer_[k].run(buffer_[k] + at * size, size, pointer, stride, n);
                     });
    }
  }
  return !PyErr_Occurred();
}

uint32_t BlockRun::masked_block(const Cursor& cursor, intp count) {
  uint8_t selected[kBlockBytes];
  for_each_piece(space_, cursor, mask_, count, [&](char* pointer, intp stride, intp n, intp done) {
    copy_run(reinterpret_cast<char*>(selected) + done, 1, pointer, stride, n, 1, 0);
  });
  intp chosen = 0;
  for (intp i = 0; i < count; i++) chosen += selected[i] != 0;
  if (chosen == 0) return 0;
  char* pointers[kMaxOperands];
  intp strides[kMaxOperands];
  for (int k = 0; k < nargs_; k++) {
    const intp size = loop_.descrs[k]->elsize;
    pointers[k] = buffer_[k];
    strides[k] = mode_[k] == Mode::Scalar ? 0 : size;
    if (k >= nin_ || mode_[k] != Mode::Packed) continue;
    for_each_piece(space_, cursor, k, count, [&](char* pointer, intp stride, intp n, intp done) {
      transfer_[k].run(buffer_[k] + done * size, size, pointer, stride, n);
    });
    if (chosen == count) continue;
    if (has_references(loop_.descrs[k]))
      compress_references(buffer_[k], selected, count);
    else
      compress(buffer_[k], selected, count, size);
  }
  const uint32_t errors = call(pointers, strides, chosen);
  for (int k = nin_; k < nargs_; k++) {
    const intp size = loop_.descrs[k]->elsize;
    intp from = 0;
    for_each_piece(space_, cursor, k, count, [&](char* pointer, intp stride, intp n, intp done) {
      if (transfer_[k].plain_native_copy()) {
        from += scatter(pointer, stride, buffer_[k] + from * size, selected + done, n, size);
        return;
      }
      for (intp i = 0; i < n; i++) {
        if (!selected[done + i]) continue;
        transfer_[k].run(pointer + i * stride, 0, buffer_[k] + from * size, 0, 1);
        from++;
      }
    });
  }
  return errors;
}

uint32_t BlockRun::run() {
  uint32_t errors = errors_;
  Cursor cursor(space_);
  const intp total = space_.size();
  for (intp done = 0; done < total;) {
    const intp count = total - done < block_ ? total - done : block_;
    if (mask_ >= 0) {
      errors |= masked_block(cursor, count);
    } else {
      char* pointers[kMaxOperands];
      intp strides[kMaxOperands];
      for (int k = 0; k < nargs_; k++) {
        const intp size = loop_.descrs[k]->elsize;
        strides[k] = size;
        pointers[k] = buffer_[k];
        if (mode_[k] == Mode::Direct) pointers[k] = cursor.pointer[k];
        if (mode_[k] == Mode::Scalar) strides[k] = 0;
        if (mode_[k] != Mode::Packed || k >= nin_) continue;
        for_each_piece(space_, cursor, k, count, [&](char* pointer, intp stride, intp n, intp at) {
          errors |= transfer_[k].run(buffer_[k] + at * size, size, pointer, stride, n);
        });
      }
      errors |= call(pointers, strides, count);
      for (int k = nin_; k < nargs_; k++) {
        if (mode_[k] != Mode::Packed) continue;
        const intp size = loop_.descrs[k]->elsize;
        for_each_piece(space_, cursor, k, count, [&](char* pointer, intp stride, intp n, intp at) {
          errors |= transfer_[k].run(pointer, stride, buffer_[k] + at * size, size, n);
        });
      }
    }
    if (loop_.foreign() && PyErr_Occurred()) break;
    cursor.advance_far(space_, count);
    done += count;
  }
  return errors;
}

// Kept out of line: its buffers take 24 KB of stack, which direct runs need not touch.
[[gnu::noinline]] uint32_t run_blocks(const Loop& loop, int nin, int nargs, LoopSpace& space, ArrayDescr* const* descrs,
                                      int mask) {
  BlockRun blocks(loop, nin, nargs, space, descrs, mask);
  if (!blocks.prepare()) return 0;
  ReleasedGil released(worth_releasing(space.size(), nargs, descrs, loop));
  return blocks.run();
}

}  // namespace

uint32_t Loop::call_foreign(char** pointers, intp count, const intp* strides) const {
  return call_generalized(pointers, &count, strides);
}

uint32_t Loop::call_generalized(char** pointers, const intp* dimensions, const intp* strides) const {
  if (legacy == product_as_legacy) return reinterpret_cast<ProductLoop>(legacy_data)(pointers, dimensions, strides);
#if !defined(__wasm__)
  std::feclearexcept(FE_ALL_EXCEPT);
#endif
  if (method) {
    MethodContext context{nullptr, nullptr, descrs};
    method(&context, pointers, dimensions, strides, nullptr);
  } else {
    legacy(pointers, dimensions, strides, legacy_data);
  }
  if (has_references(descrs[0])) return 0;  // what Python objects raise, they raise as exceptions
#if !defined(__wasm__)
  const int raised = std::fetestexcept(FE_DIVBYZERO | FE_OVERFLOW | FE_UNDERFLOW | FE_INVALID);
  return (raised & FE_DIVBYZERO ? kDivideByZero : 0u) | (raised & FE_OVERFLOW ? kOverflow : 0u) |
         (raised & FE_UNDERFLOW ? kUnderflow : 0u) | (raised & FE_INVALID ? kInvalid : 0u);
#else
  return std::exchange(long_double_errors, 0);
#endif
}

bool call_kernel(const Loop& loop, int nin, int nargs, char* const* pointers, const intp* strides, intp count,
                 uint32_t* errors) {
  const LoopBodies& bodies = *loop.bodies;
  int scalar = -1, uneven = 0;
  for (int k = 0; k < nargs; k++) {
    if (count == 1 || strides[k] == loop.descrs[k]->elsize) continue;
    uneven++;
    if (strides[k] == 0 && k < nin) scalar = k;
  }
  if (uneven == 0) {
    *errors |= bodies.contiguous(pointers, count);
    return true;
  }
  if (uneven == 1 && nin == 2 && scalar >= 0) {
    if (const BlockKernel body = scalar == 0 ? bodies.scalar_first : bodies.scalar_second) {
      *errors |= body(pointers, count);
      return true;
    }
  }
  if (!bodies.strided) return false;
  *errors |= bodies.strided(pointers, strides, count);
  return true;
}

uint32_t run_loop(const Loop& loop, int nin, int nargs, LoopSpace& space, ArrayDescr* const* descrs, int mask) {
  const intp total = space.size();
  if (total == 0) return 0;
  bool direct = mask < 0;
  for (int k = 0; direct && k < nargs; k++)
    direct = equivalent(descrs[k], loop.descrs[k]) && (loop.any_layout || !is_swapped(descrs[k]));
  const bool foreign = loop.foreign();
  uint32_t errors = 0;
  const int last = space.nd - 1;
  for (int k = 0; direct && loop.packs && last >= 0 && k < nargs; k++)
    direct = space.shape[last] < kShortRun || space.strides[k][last] == loop.descrs[k]->elsize;
  if (direct && (foreign || last <= 0 || space.shape[last] >= kShortRun)) {
    intp strides[kMaxOperands];
    for (int k = 0; k < nargs; k++) strides[k] = last < 0 ? 0 : space.strides[k][last];
    ReleasedGil released(worth_releasing(total, nargs, descrs, loop));
    Loop chosen = loop;
    if (!foreign && total * loop.descrs[0]->elsize >= kStreaming) {
      const auto offset = reinterpret_cast<uintptr_t>(loop.bodies) - reinterpret_cast<uintptr_t>(state.routines->loops);
      const auto index = offset / sizeof(LoopBodies);  // of loops made at run time: beyond the table
      if (index < static_cast<size_t>(loop_row_count) && loop_rows[index].cheap)
        chosen.bodies = state.streaming + index;
    }
    const bool done = for_each_run(space, [&](char** pointers, intp n) {
      if (!foreign) return call_kernel(chosen, nin, nargs, pointers, strides, n, &errors);
      errors |= loop.call_foreign(pointers, n, strides);
      return !PyErr_Occurred();
    });
    // A kernel refuses the first run or none, so nothing was written when it did.
    if (done || foreign) return errors;
  }
  return errors | run_blocks(loop, nin, nargs, space, descrs, mask);
}

}  // namespace wasmnp
