// Sorting and selection of machine words and of (key, index) pairs. What is sorted are keys: unsigned integers whose
// order is the wanted one. `to_keys` makes them from elements, `from_keys` turns them back.
//
// Runs are sorted by insertion, short ones by merging (stable, with selects instead of branches), long ones digit by
// digit from the lowest (Knuth, The Art of Computer Programming 3, 5.2.5), leaving out digits that are all the same.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>
#include <utility>

namespace wasmnp::sorting {

using Count = std::ptrdiff_t;

enum class KeyKind : std::uint8_t { Unsigned, Signed, Float };

// An element's key beside its place.
struct WidePair {
  std::uint64_t key;
  Count index;
};
// Keys of up to four bytes share a word with the place: the order of words is that of keys, then that of places.
using NarrowPair = std::uint64_t;

inline std::uint8_t key_of(std::uint8_t value) { return value; }
inline std::uint16_t key_of(std::uint16_t value) { return value; }
inline std::uint32_t key_of(std::uint32_t value) { return value; }
inline std::uint64_t key_of(std::uint64_t value) { return value; }
inline std::uint64_t key_of(const WidePair& pair) { return pair.key; }

// ---- keys

template <class Word>
constexpr Word kTop = static_cast<Word>(Word{1} << (sizeof(Word) * 8 - 1));
template <class Word>
constexpr Word kInfinity = sizeof(Word) == 2   ? Word(0x7c00)
                           : sizeof(Word) == 4 ? Word(0x7f800000u)
                                               : Word(0x7ff0000000000000u);

template <class Word>
bool is_nan_word(Word word) {
  return static_cast<Word>(word & ~kTop<Word>) > kInfinity<Word>;
}

// The order of floats without NaN as that of integers: negative ones are complemented, others get the top bit.
template <class Word>
Word float_to_key(Word word) {
  return static_cast<Word>(word & kTop<Word> ? ~word : word | kTop<Word>);
}
template <class Word>
Word key_to_float(Word key) {
  return static_cast<Word>(key & kTop<Word> ? key & ~kTop<Word> : ~key);
}

// Keys for comparison alone: zeros of both signs are equal, and so are all NaNs, which come last.
template <class Word>
Word comparison_key(Word word, KeyKind kind) {
  if (kind == KeyKind::Unsigned) return word;
  if (kind == KeyKind::Signed) return word ^ kTop<Word>;
  if (is_nan_word(word)) return static_cast<Word>(~Word{0});
  return static_cast<Word>(word << 1) == 0 ? kTop<Word> : float_to_key(word);
}

// ---- sorting

template <class T>
void insertion_sort(T* data, Count count) {
  for (Count i = 1; i < count; i++) {
    const T value = data[i];
    Count j = i;
    for (; j > 0 && key_of(value) < key_of(data[j - 1]); j--) data[j] = data[j - 1];
    data[j] = value;
  }
}

inline constexpr Count kInsertionRun = 16;

// Runs that insertion sorted, merged pairwise between `data` and `buffer`.
template <class T>
void merge_sort(T* data, T* buffer, Count count) {
  for (Count start = 0; start < count; start += kInsertionRun)
    insertion_sort(data + start, count - start < kInsertionRun ? count - start : kInsertionRun);
  T *from = data, *to = buffer;
  for (Count run = kInsertionRun; run < count; run *= 2) {
    for (Count start = 0; start < count; start += 2 * run) {
      const Count middle = start + run < count ? start + run : count;
      const Count end = start + 2 * run < count ? start + 2 * run : count;
      Count i = start, j = middle, k = start;
      while (i < middle && j < end) {
        const bool second = key_of(from[j]) < key_of(from[i]);
        to[k++] = second ? from[j] : from[i];
        j += second;
        i += !second;
      }
      if (i < middle)
        std::memcpy(static_cast<void*>(to + k), from + i, sizeof(T) * static_cast<std::size_t>(middle - i));
      if (j < end) std::memcpy(static_cast<void*>(to + k), from + j, sizeof(T) * static_cast<std::size_t>(end - j));
    }
    std::swap(from, to);
  }
  if (from != data) std::memcpy(static_cast<void*>(data), from, sizeof(T) * static_cast<std::size_t>(count));
}

// By the bytes of keys from `first_byte` on.
template <class T>
void radix_sort(T* data, T* buffer, Count count, int first_byte) {
  using Key = decltype(key_of(*data));
  constexpr int kBytes = sizeof(Key);
  Count totals[kBytes][256];
  std::memset(totals, 0, sizeof totals);
  for (Count i = 0; i < count; i++) {
    const Key key = key_of(data[i]);
    for (int byte = 0; byte < kBytes; byte++) totals[byte][(key >> (8 * byte)) & 255]++;
  }
  T *from = data, *to = buffer;
  for (int byte = first_byte; byte < kBytes; byte++) {
    Count* const places = totals[byte];
    if (places[(key_of(data[0]) >> (8 * byte)) & 255] == count) continue;
    Count sum = 0;
    for (int digit = 0; digit < 256; digit++) sum += std::exchange(places[digit], sum);
    for (Count i = 0; i < count; i++) to[places[(key_of(from[i]) >> (8 * byte)) & 255]++] = from[i];
    std::swap(from, to);
  }
  if (from != data) std::memcpy(static_cast<void*>(data), from, sizeof(T) * static_cast<std::size_t>(count));
}

// `buffer` has room for `count`. Stable.
template <class T>
void sort(T* data, T* buffer, Count count, int first_byte = 0) {
  constexpr Count kRadix = sizeof(key_of(*data)) == 1 ? 64 : sizeof(key_of(*data)) * 80;
  if (count <= kInsertionRun)
    insertion_sort(data, count);
  else if (count < kRadix)
    merge_sort(data, buffer, count);
  else
    radix_sort(data, buffer, count, first_byte);
}

// ---- selection

// Moves what is less than the pivot to the front of [low, high) and returns where it ends.
template <class T, class Less>
Count split(T* data, Count low, Count high, Less less) {
  Count end = low;
  for (Count i = low; i < high; i++) {
    const T value = data[i];
    data[i] = data[end];
    data[end] = value;
    end += less(value);
  }
  return end;
}

template <class T>
Count median_of_three(const T* data, Count a, Count b, Count c) {
  const auto x = key_of(data[a]), y = key_of(data[b]), z = key_of(data[c]);
  if (x < y) return y < z ? b : x < z ? c : a;
  return x < z ? a : y < z ? c : b;
}

// Puts the element of rank `rank` of [low, high) in its place, smaller ones before it and larger ones after. Ranges
// that do not shrink are sorted.
template <class T>
void select(T* data, T* buffer, Count low, Count high, Count rank) {
  int rounds = 0;
  for (Count left = high - low; left > 0; left /= 2) rounds += 3;
  while (high - low > kInsertionRun) {
    if (rounds-- == 0) return sort(data + low, buffer, high - low);
    const Count step = (high - low) / 8, middle = low + (high - low) / 2;
    Count chosen = median_of_three(data, low, middle, high - 1);
    if (step > 16) {  // Tukey's ninther
      const Count a = median_of_three(data, low, low + step, low + 2 * step);
      const Count b = median_of_three(data, middle - step, middle, middle + step);
      const Count c = median_of_three(data, high - 1 - 2 * step, high - 1 - step, high - 1);
      chosen = median_of_three(data, a, b, c);
    }
    const auto pivot = key_of(data[chosen]);
    const Count less = split(data, low, high, [&](const T& value) { return key_of(value) < pivot; });
    if (rank < less) {
      high = less;
      continue;
    }
    const Count equal = split(data, less, high, [&](const T& value) { return !(pivot < key_of(value)); });
    if (rank < equal) return;
    low = equal;
  }
  insertion_sort(data + low, high - low);
}

// The same for several ranks, ascending.
template <class T>
void select(T* data, T* buffer, Count count, const Count* ranks, Count rank_count) {
  Count low = 0;
  for (Count i = 0; i < rank_count; i++) {
    if (ranks[i] < low) continue;
    select(data, buffer, low, count, ranks[i]);
    low = ranks[i] + 1;
  }
}

// ---- whole runs

struct Order {
  const Count* ranks = nullptr;  // null: all of it is sorted
  Count rank_count = 0;
};

template <class T>
void apply(const Order& order, T* data, T* buffer, Count count, int first_byte = 0) {
  if (order.ranks)
    select(data, buffer, count, order.ranks, order.rank_count);
  else
    sort(data, buffer, count, first_byte);
}

// NaNs to the end, in their order; returns how many other elements there are, and whether some are -0.0.
template <class Word>
Count move_nans(Word* data, Word* buffer, Count count, bool* negative_zeros) {
  Count kept = 0, nans = 0;
  bool zeros = false;
  for (Count i = 0; i < count; i++) {
    const Word word = data[i];
    zeros |= word == kTop<Word>;
    if (is_nan_word(word))
      buffer[nans++] = word;
    else
      data[kept++] = word;
  }
  if (nans) std::memcpy(data + kept, buffer, sizeof(Word) * static_cast<std::size_t>(nans));
  *negative_zeros = zeros;
  return kept;
}

// Sorts (or partitions) elements in place. False where a stable sort of floats would have to tell zeros of one sign
// from the others, which keys in place cannot: nothing has been done then but NaNs moved.
template <class Word>
bool order_values(Word* data, Word* buffer, Count count, KeyKind kind, bool stable, const Order& order) {
  if (kind == KeyKind::Unsigned) {
    apply(order, data, buffer, count);
  } else if (kind == KeyKind::Signed) {
    for (Count i = 0; i < count; i++) data[i] ^= kTop<Word>;
    apply(order, data, buffer, count);
    for (Count i = 0; i < count; i++) data[i] ^= kTop<Word>;
  } else if constexpr (sizeof(Word) > 1) {
    bool negative_zeros;
    const Count kept = move_nans(data, buffer, count, &negative_zeros);
    if (stable && negative_zeros) return false;
    for (Count i = 0; i < kept; i++) data[i] = float_to_key(data[i]);
    Order inside = order;
    while (inside.ranks && inside.rank_count && inside.ranks[inside.rank_count - 1] >= kept) inside.rank_count--;
    apply(inside, data, buffer, kept);
    for (Count i = 0; i < kept; i++) data[i] = key_to_float(data[i]);
  }
  return true;
}

// The places of elements in order; `memory` holds 4 * count words of 8 bytes.
template <class Word>
void order_places(const Word* data, Count* places, std::uint64_t* memory, Count count, KeyKind kind,
                  const Order& order) {
  if constexpr (sizeof(Word) <= 4) {
    if (static_cast<std::uint64_t>(count) <= 0xffffffffu) {
      NarrowPair* pairs = memory;
      for (Count i = 0; i < count; i++)
        pairs[i] = static_cast<NarrowPair>(comparison_key(data[i], kind)) << 32 | static_cast<std::uint32_t>(i);
      apply(order, pairs, pairs + count, count, 4);
      for (Count i = 0; i < count; i++) places[i] = static_cast<Count>(pairs[i] & 0xffffffffu);
      return;
    }
  }
  auto* pairs = reinterpret_cast<WidePair*>(memory);
  for (Count i = 0; i < count; i++) pairs[i] = {comparison_key(data[i], kind), i};
  apply(order, pairs, pairs + count, count);
  for (Count i = 0; i < count; i++) places[i] = pairs[i].index;
}

// Places by a comparison `less(a, b)` of places that returns 1, 0 or -1, which ends the sort. Stable; false after -1.
template <class Less>
bool merge_places(Count* places, Count* buffer, Count count, Less less) {
  for (Count start = 0; start < count; start += kInsertionRun) {
    const Count end = start + kInsertionRun < count ? start + kInsertionRun : count;
    for (Count i = start + 1; i < end; i++) {
      const Count place = places[i];
      Count j = i;
      for (; j > start; j--) {
        const int before = less(place, places[j - 1]);
        if (before < 0) {
          places[j] = place;
          return false;
        }
        if (!before) break;
        places[j] = places[j - 1];
      }
      places[j] = place;
    }
  }
  Count *from = places, *to = buffer;
  bool ended = false;
  for (Count run = kInsertionRun; run < count; run *= 2) {
    for (Count start = 0; start < count; start += 2 * run) {
      const Count middle = start + run < count ? start + run : count;
      const Count end = start + 2 * run < count ? start + 2 * run : count;
      Count i = start, j = middle, k = start;
      while (i < middle && j < end) {
        const int second = ended ? 0 : less(from[j], from[i]);
        ended |= second < 0;
        to[k++] = second > 0 ? from[j++] : from[i++];
      }
      while (i < middle) to[k++] = from[i++];
      while (j < end) to[k++] = from[j++];
    }
    std::swap(from, to);
  }
  if (from != places) std::memcpy(places, from, sizeof(Count) * static_cast<std::size_t>(count));
  return !ended;
}

}  // namespace wasmnp::sorting
