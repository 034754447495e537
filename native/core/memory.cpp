// Array memory: NumPy's handler interface over a cache of small blocks, and a free list of array objects.
#include <cstdlib>
#include <cstring>
#include <utility>

#if defined(__linux__) && !defined(__wasm__)
#include <sys/mman.h>
#endif

#include "array.hpp"
#include "state.hpp"

namespace wasmnp {

namespace {

constexpr size_t kSmallLimit = 1024, kSmallStep = 16, kBlocksPerClass = 16;
constexpr size_t kAlignedFrom = 4096, kAlignment = 64;
constexpr int kMaxFreeArrays = 64;

// A freed block that waits for the next request of exactly its size; none where `bytes` is 0.
struct KeptBlock {
  size_t bytes;
  void* data;
};

#if defined(__linux__) && !defined(__wasm__)
// Large arrays lie on huge pages of their own: operations that stream through memory otherwise spend a fifth of their
// time on page-table walks, and as much again on faults when every result comes from fresh pages. The last few blocks
// are kept for the next array of about the same size.
constexpr size_t kHugePagesFrom = size_t{1} << 22, kHugePage = size_t{1} << 21, kStagger = 4096;
constexpr size_t kKeptBlocks = 4, kKeptBytes = size_t{1} << 26;

KeptBlock kept_blocks[kKeptBlocks];  // the oldest first; those that hold nothing last
size_t kept_bytes, next_stagger;

size_t mapped_length(size_t bytes) { return (bytes + kStagger + kHugePage - 1) & ~(kHugePage - 1); }

void* map_huge(size_t bytes) {
  const size_t length = mapped_length(bytes);
  if (length < bytes || length + kHugePage < length) return nullptr;
  void* raw = mmap(nullptr, length + kHugePage, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (raw == MAP_FAILED) return nullptr;
  const auto start = reinterpret_cast<uintptr_t>(raw), first = (start + kHugePage - 1) & ~(kHugePage - 1);
  if (first > start) munmap(raw, first - start);
  if (first < start + kHugePage) munmap(reinterpret_cast<void*>(first + length), start + kHugePage - first);
  madvise(reinterpret_cast<void*>(first), length, MADV_HUGEPAGE);
  // Arrays that begin at different cache lines do not compete for the same cache sets.
  next_stagger = (next_stagger + 5 * kAlignment) % kStagger;
  return reinterpret_cast<char*>(first) + next_stagger;
}
void unmap_huge(void* data, size_t bytes) {
  munmap(reinterpret_cast<void*>(reinterpret_cast<uintptr_t>(data) & ~(kHugePage - 1)), mapped_length(bytes));
}

KeptBlock take_kept(size_t at) {
  const KeptBlock block = kept_blocks[at];
  kept_bytes -= block.bytes;
  for (; at + 1 < kKeptBlocks; at++) kept_blocks[at] = kept_blocks[at + 1];
  kept_blocks[kKeptBlocks - 1] = {};
  return block;
}

void* allocate_huge(size_t bytes, bool zeroed) {
  for (size_t at = 0; at < kKeptBlocks && kept_blocks[at].bytes; at++) {
    if (mapped_length(kept_blocks[at].bytes) != mapped_length(bytes)) continue;
    const KeptBlock block = take_kept(at);
    if (zeroed) std::memset(block.data, 0, bytes);
    return block.data;
  }
  return map_huge(bytes);
}
void release_huge(void* data, size_t bytes) {
  if (bytes > kKeptBytes / 2) return unmap_huge(data, bytes);
  while (kept_bytes + bytes > kKeptBytes || kept_blocks[kKeptBlocks - 1].bytes) {
    const KeptBlock oldest = take_kept(0);
    unmap_huge(oldest.data, oldest.bytes);
  }
  KeptBlock* slot = kept_blocks;
  while (slot->bytes) slot++;
  *slot = {bytes, data};
  kept_bytes += bytes;
}
#else
constexpr size_t kHugePagesFrom = ~size_t{0};
void* allocate_huge(size_t, bool) { return nullptr; }
void release_huge(void*, size_t) {}
#endif

struct BlockCache {
  void* blocks[kBlocksPerClass];
  size_t count;
};
BlockCache small_blocks[kSmallLimit / kSmallStep + 1];

// Blocks above the small ones are kept by exact size, one per slot: a loop over arrays of a few shapes then allocates
// nothing. At most 16 blocks of 256 KB.
constexpr size_t kMediumLimit = size_t{1} << 18, kMediumSlots = 16;
KeptBlock medium_blocks[kMediumSlots];
KeptBlock& medium_slot(size_t bytes) { return medium_blocks[(bytes >> 4) * 0x9E3779B1u >> 28 & (kMediumSlots - 1)]; }

size_t size_class(size_t bytes) { return (bytes + kSmallStep - 1) / kSmallStep; }

// Large blocks start at a 64-byte boundary; the pointer that malloc gave lies just before.
void* allocate_aligned(size_t bytes, bool zeroed) {
  if (bytes >= kHugePagesFrom) return allocate_huge(bytes, zeroed);
  const size_t total = bytes + kAlignment + sizeof(void*);
  if (total < bytes) return nullptr;
  char* raw = static_cast<char*>(zeroed ? std::calloc(1, total) : std::malloc(total));
  if (!raw) return nullptr;
  const auto address = (reinterpret_cast<uintptr_t>(raw) + sizeof(void*) + kAlignment - 1) & ~(kAlignment - 1);
  void** aligned = reinterpret_cast<void**>(address);
  aligned[-1] = raw;
  return aligned;
}

void* handler_malloc(void*, size_t bytes) {
  if (bytes <= kSmallLimit) {
    const size_t index = size_class(bytes ? bytes : 1);
    BlockCache& cache = small_blocks[index];
    if (cache.count) return cache.blocks[--cache.count];
    return std::malloc(index * kSmallStep);
  }
  if (bytes <= kMediumLimit) {
    KeptBlock& slot = medium_slot(bytes);
    if (slot.bytes == bytes) {
      slot.bytes = 0;
      return slot.data;
    }
  }
  return bytes >= kAlignedFrom ? allocate_aligned(bytes, false) : std::malloc(bytes);
}

void release(void* data, size_t bytes) {
  if (bytes >= kHugePagesFrom) return release_huge(data, bytes);
  std::free(bytes >= kAlignedFrom ? static_cast<void**>(data)[-1] : data);
}

void* handler_calloc(void* context, size_t count, size_t size) {
  size_t bytes;
  if (__builtin_mul_overflow(count, size, &bytes)) return nullptr;
  if (bytes > kMediumLimit) return allocate_aligned(bytes, true);
  void* data = handler_malloc(context, bytes);
  if (data) std::memset(data, 0, bytes);
  return data;
}

void handler_free(void*, void* data, size_t bytes) {
  if (!data) return;
  if (bytes <= kSmallLimit) {
    BlockCache& cache = small_blocks[size_class(bytes ? bytes : 1)];
    if (cache.count < kBlocksPerClass) {
      cache.blocks[cache.count++] = data;
      return;
    }
    std::free(data);
    return;
  }
  if (bytes <= kMediumLimit) {
    KeptBlock& slot = medium_slot(bytes);
    std::swap(slot.data, data);
    std::swap(slot.bytes, bytes);
    if (!bytes) return;
  }
  release(data, bytes);
}

// NumPy's interface does not say how large the old block is, and where a block lies depends on its size: there is no
// answer but "no memory". PyDataMem_RENEW, for memory from PyDataMem_NEW, works.
void* handler_realloc(void*, void*, size_t) { return nullptr; }

DataHandler default_handler = {
    "default_allocator", 1, {nullptr, handler_malloc, handler_calloc, handler_realloc, handler_free}};

DataHandler* handler_of(PyObject* capsule) {
  return static_cast<DataHandler*>(PyCapsule_GetPointer(capsule, "mem_handler"));
}

}  // namespace

char* allocate_data(intp bytes, bool zeroed) {
  const auto size = static_cast<size_t>(bytes);
  return static_cast<char*>(zeroed ? handler_calloc(nullptr, 1, size) : handler_malloc(nullptr, size));
}

void free_data(char* data, intp bytes, PyObject* handler) {
  if (handler == state.handler_capsule) {
    handler_free(nullptr, data, static_cast<size_t>(bytes));
  } else if (!handler) {
    std::free(data);  // an extension handed over memory from malloc
  } else if (DataHandler* custom = handler_of(handler)) {
    custom->allocator.free(custom->allocator.ctx, data, static_cast<size_t>(bytes));
  } else {
    PyErr_WriteUnraisable(nullptr);
  }
}

ArrayObject* allocate_array_object() {
  ArrayObject* array = state.free_arrays;
  if (array) {
    state.free_arrays = reinterpret_cast<ArrayObject*>(array->base);
    state.free_array_count--;
  } else {
    array = static_cast<ArrayObject*>(PyObject_Malloc(sizeof(ArrayObject)));
    if (!array) {
      PyErr_NoMemory();
      return nullptr;
    }
  }
  PyObject_Init(reinterpret_cast<PyObject*>(array), &Array_Type);
  return array;
}

void release_array_object(ArrayObject* array) {
  if (state.free_array_count >= kMaxFreeArrays) {
    PyObject_Free(array);
    return;
  }
  array->base = reinterpret_cast<PyObject*>(state.free_arrays);
  state.free_arrays = array;
  state.free_array_count++;
}

int init_memory() {
  state.handler_capsule = PyCapsule_New(&default_handler, "mem_handler", nullptr);
  return state.handler_capsule ? 0 : -1;
}

}  // namespace wasmnp
