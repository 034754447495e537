// The iterator behind nditer and nested_iters: several operands broadcast together, walked element by element or in
// chunks, in memory order or a fixed one, with casts through buffers or copies.
#pragma once

#include <memory>

#include "array.hpp"
#include "casting.hpp"

namespace wasmnp {

enum IterFlag : uint32_t {
  kIterCIndex = 1 << 0,
  kIterFIndex = 1 << 1,
  kIterMultiIndex = 1 << 2,
  kIterExternalLoop = 1 << 3,
  kIterCommonDtype = 1 << 4,
  kIterRefsOk = 1 << 5,
  kIterZeroSizeOk = 1 << 6,
  kIterReduceOk = 1 << 7,
  kIterRanged = 1 << 8,
  kIterBuffered = 1 << 9,
  kIterGrowInner = 1 << 10,
  kIterDelayBuffers = 1 << 11,
  kIterCopyIfOverlap = 1 << 12,
};
enum OperandFlag : uint32_t {
  kOpReadWrite = 1 << 0,
  kOpReadOnly = 1 << 1,
  kOpWriteOnly = 1 << 2,
  kOpCopy = 1 << 3,
  kOpUpdateIfCopy = 1 << 4,
  kOpNative = 1 << 5,
  kOpAligned = 1 << 6,
  kOpContiguous = 1 << 7,
  kOpAllocate = 1 << 8,
  kOpNoSubtype = 1 << 9,
  kOpVirtual = 1 << 10,
  kOpNoBroadcast = 1 << 11,
  kOpWriteMasked = 1 << 12,
  kOpArrayMask = 1 << 13,
  kOpElementwise = 1 << 14,
  kOpAccess = kOpReadWrite | kOpReadOnly | kOpWriteOnly,
};

inline constexpr intp kDefaultBuffer = 8192;

// Memory from Python's allocator: there is no C++ runtime to ask.
struct PythonMemory {
  static void* operator new(size_t bytes) noexcept { return PyMem_Malloc(bytes); }
  static void* operator new[](size_t bytes) noexcept { return PyMem_Malloc(bytes); }
  static void operator delete(void* memory) { PyMem_Free(memory); }
  static void operator delete[](void* memory) { PyMem_Free(memory); }
};

struct IterOperand : PythonMemory {
  uint32_t flags = 0;
  Ref<ArrayObject> array;     // what is walked; a copy where one was needed
  Ref<ArrayObject> original;  // to be written back to from the copy
  Ref<ArrayDescr> descr;      // of the elements that the caller sees
  char* base = nullptr;       // the element at the start of all axes
  intp flip_offset = 0;       // of that element from the one at index 0
  intp strides[kMaxDims];
  bool casts = false;  // elements go through the buffer
  Transfer load, store;
  char* current = nullptr;
  // While a chunk is in the buffer:
  char* buffer = nullptr;
  bool in_buffer = false, broadcast_in_chunk = false;
  intp step = 0, run = 0;  // between elements of a chunk; how many of them are evenly spaced

  bool reads() const { return flags & (kOpReadOnly | kOpReadWrite); }
  bool writes() const { return flags & (kOpWriteOnly | kOpReadWrite); }
};

struct RequestedOperand : PythonMemory {
  Ref<ArrayObject> array;  // null: allocated
  uint32_t flags = 0;
  Ref<ArrayDescr> dtype;
  bool has_axes = false;
  int axes[kMaxDims];  // -1: a new axis
};

// What an iterator is asked for.
struct IterRequest {
  int nop = 0;
  std::unique_ptr<RequestedOperand[]> ops;
  uint32_t flags = 0;
  Order order = Order::K;
  Casting casting = Casting::Safe;
  int axes_nd = -1;  // -1: no op_axes
  bool has_shape = false;
  intp shape[kMaxDims];  // -1: as the operands have it
  intp buffer_size = 0;

  bool make(int count) {
    nop = count;
    ops.reset(new RequestedOperand[static_cast<size_t>(count)]);
    if (!ops) PyErr_NoMemory();
    return static_cast<bool>(ops);
  }
};

class NdIterator : public PythonMemory {
 public:
  static NdIterator* make(IterRequest& request);  // null with an error
  ~NdIterator();
  NdIterator* copy() const;

  // ---- state
  int nop() const { return nop_; }
  int nd() const { return nd_; }
  uint32_t flags() const { return flags_; }
  bool has(uint32_t flag) const { return flags_ & flag; }
  IterOperand& operand(int k) { return operands_[k]; }
  intp size() const { return size_; }
  bool too_large() const { return size_ < 0; }
  intp position() const { return position_; }
  intp start() const { return start_; }
  intp end() const { return end_; }
  bool delayed() const { return delayed_; }
  // Lengths of the axes: the original ones where a multi-index is kept, else those that are walked.
  void shape(intp* dims) const;
  Ref<ArrayObject> view(int k, PyObject* owner);
  // Elements in the current chunk; 1 where single ones are visited.
  intp chunk() const { return has(kIterExternalLoop) ? chunk_ : 1; }
  char* pointer(int k) const;
  intp step(int k) const;

  // ---- movement
  bool next();   // false past the end
  bool reset();  // false with an error
  bool reset_range(intp start, intp end);
  bool reset_base(const NdIterator& parent);  // to where the parent stands
  bool go_to(intp position);                  // no check
  bool flush();                               // writes buffers back; false with an error
  void multi_index(intp* index) const;
  intp position_of(const intp* index) const;
  intp flat_index() const;
  bool find_flat_index(intp index, intp* position) const;

  // ---- changes
  bool remove_axis(intp axis);
  bool remove_multi_index();
  bool enable_external_loop();
  bool write_back();  // copies to their originals
  bool pending() const;
  bool shape_known() const { return !index_removed_; }

 private:
  NdIterator() = default;
  bool build(IterRequest& request);
  bool check_flags(const IterRequest& request);
  bool check_masks() const;
  bool check_contiguous() const;
  bool prepare_operand(IterRequest& request, int k);
  bool find_shape(const IterRequest& request);
  bool no_broadcast(const IterRequest& request);
  int operand_axis(const IterRequest& request, int k, int axis) const;
  bool fill_strides(const IterRequest& request, int k);
  bool find_types(IterRequest& request);
  void order_axes(const IterRequest& request);
  void flip_axes();
  void sort_axes();
  void swap_axes(int a, int b);
  void coalesce();
  bool allocate(IterRequest& request, int k);
  bool copy_operands(IterRequest& request);
  bool replace_by_copy(const IterRequest& request, int k, bool write_back);
  void set_bases();
  void fill_index_strides();
  void count_size();
  bool allocate_buffers();
  void free_buffers();
  bool load_chunk();
  void locate();
  intp inner_length() const { return nd_ ? shape_[nd_ - 1] : 1; }
  intp linear_run(const IterOperand& operand, intp* step) const;

  int nop_ = 0, nd_ = 0, original_nd_ = 0;
  uint32_t flags_ = 0;
  intp shape_[kMaxDims], index_[kMaxDims];
  int permutation_[kMaxDims];  // the original axis of each
  bool flipped_[kMaxDims] = {};
  intp index_strides_[kMaxDims], index_base_ = 0;
  intp size_ = 0, start_ = 0, end_ = 0, position_ = 0;
  intp buffer_size_ = kDefaultBuffer;
  intp chunk_ = 1, chunk_start_ = 0;  // of what is in the buffers, or of an external loop
  bool delayed_ = false, buffers_ready_ = false, index_removed_ = false;
  int mask_operand_ = -1;
  std::unique_ptr<IterOperand[]> operands_;
};

PyObject* nested_iterators(PyObject*, PyObject* args, PyObject* kwargs);
int init_nditer(PyObject* module);
PyTypeObject* nditer_type();

// memory_overlap.cpp: whether two arrays may have a byte in common, after so much work.
bool may_share_memory(const ArrayObject* a, const ArrayObject* b, intp max_work);
// Whether several elements of one array may lie on the same byte.
bool may_overlap_itself(const ArrayObject* array);

}  // namespace wasmnp
