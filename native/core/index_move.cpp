// The loops of indexing: offsets of elements from indices and masks, and elements moved by their offsets.
#include "casting.hpp"
#include "indexing.hpp"

namespace wasmnp {

namespace {

// Loads and stores of `count` words; strides that are the word's own size are constants.
template <class Word, class Visit>
void with_step(intp step, Visit visit) {
  if (step == static_cast<intp>(sizeof(Word)))
    visit(std::integral_constant<intp, sizeof(Word)>{});
  else
    visit(step);
}

// The highest bit of each byte that is not zero.
uint64_t nonzero_bytes(const char* bytes) {
  uint64_t word;
  std::memcpy(&word, bytes, sizeof word);
  constexpr uint64_t low = 0x7f7f7f7f7f7f7f7f;
  return (((word & low) + low) | word) & ~low;
}

}  // namespace

void gather_offsets(char* data, intp step, const char* base, const intp* offsets, intp count, intp size) {
  if (!is_word(size)) {
    for (intp i = 0; i < count; i++) std::memcpy(data + i * step, base + offsets[i], static_cast<size_t>(size));
    return;
  }
  with_word(size, [&](auto word) {
    with_step<decltype(word)>(step, [&](auto stride) {
      for (intp i = 0; i < count; i++) {
        std::memcpy(&word, base + offsets[i], sizeof word);
        std::memcpy(data + i * stride, &word, sizeof word);
      }
    });
  });
}

void scatter_offsets(char* base, const intp* offsets, const char* data, intp step, intp count, intp size) {
  if (!is_word(size)) {
    for (intp i = 0; i < count; i++) std::memcpy(base + offsets[i], data + i * step, static_cast<size_t>(size));
    return;
  }
  with_word(size, [&](auto word) {
    with_step<decltype(word)>(step, [&](auto stride) {
      for (intp i = 0; i < count; i++) {
        std::memcpy(&word, data + i * stride, sizeof word);
        std::memcpy(base + offsets[i], &word, sizeof word);
      }
    });
  });
}

intp collect_true(const char* mask, intp mask_step, intp count, intp scale, intp* offsets) {
  intp found = 0, i = 0;
  if (mask_step == 1) {
    for (; i + 8 <= count; i += 8) {
      const uint64_t bits = nonzero_bytes(mask + i);
      if (bits == 0) continue;
      // Every place is stored; where to store moves on behind the true ones.
      for (intp j = 0; j < 8; j++) {
        offsets[found] = (i + j) * scale;
        found += (bits >> (8 * j + 7)) & 1;
      }
    }
  }
  for (; i < count; i++) {
    offsets[found] = i * scale;
    found += mask[i * mask_step] != 0;
  }
  return found;
}

bool add_offsets(intp* offsets, const char* values, intp step, intp length, intp stride, intp count, bool first) {
  bool valid = true;
  with_step<intp>(step, [&](auto index_step) {
    for (intp i = 0; i < count; i++) {
      intp index;
      std::memcpy(&index, values + i * index_step, sizeof index);
      const bool fits = wrap_index(&index, length);
      valid &= fits;
      const intp offset = (fits ? index : 0) * stride;
      offsets[i] = first ? offset : offsets[i] + offset;
    }
  });
  return valid;
}

}  // namespace wasmnp
