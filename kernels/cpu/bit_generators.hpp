// Bit generators over states that their owner keeps, and the draws that need no more than bits.
//
// MT19937: Matsumoto and Nishimura, "Mersenne twister" (1998). PCG64: O'Neill, "PCG: A family of simple fast
// space-efficient statistically good algorithms for random number generation" (2014), the XSL-RR member.
#pragma once

#include <cstdint>

namespace wasmnp::random {

// 624 words and the place of the next one.
struct Mt19937 {
  std::uint32_t key[624];
  std::uint32_t place;

  void seed(std::uint32_t value) {
    for (std::uint32_t i = 0; i < 624; ++i) {
      key[i] = value;
      value = 1812433253u * (value ^ (value >> 30)) + i + 1;
    }
    place = 624;
  }

  void seed_by_array(const std::uint32_t* words, std::uint32_t count) {
    seed(19650218u);
    std::uint32_t i = 1, j = 0;
    for (std::uint32_t k = 624 > count ? 624 : count; k; --k) {
      key[i] = (key[i] ^ ((key[i - 1] ^ (key[i - 1] >> 30)) * 1664525u)) + words[j] + j;
      if (++i >= 624) key[0] = key[623], i = 1;
      if (++j >= count) j = 0;
    }
    for (std::uint32_t k = 623; k; --k) {
      key[i] = (key[i] ^ ((key[i - 1] ^ (key[i - 1] >> 30)) * 1566083941u)) - i;
      if (++i >= 624) key[0] = key[623], i = 1;
    }
    key[0] = 0x80000000u;
    place = 624;
  }

  std::uint32_t next32() {
    if (place >= 624) refill();
    std::uint32_t y = key[place++];
    y ^= y >> 11;
    y ^= (y << 7) & 0x9d2c5680u;
    y ^= (y << 15) & 0xefc60000u;
    return y ^ (y >> 18);
  }
  std::uint64_t next64() {
    const std::uint64_t high = next32();
    return high << 32 | next32();
  }
  double next_double() {
    const std::uint32_t a = next32() >> 5, b = next32() >> 6;
    return (a * 67108864.0 + b) / 9007199254740992.0;
  }

 private:
  void refill() {
    const auto mixed = [](std::uint32_t a, std::uint32_t b) {
      const std::uint32_t y = (a & 0x80000000u) | (b & 0x7fffffffu);
      return (y >> 1) ^ (0u - (b & 1u) & 0x9908b0dfu);
    };
    for (int i = 0; i < 624; ++i) key[i] = key[(i + 397) % 624] ^ mixed(key[i], key[(i + 1) % 624]);
    place = 0;
  }
};

// 128 bits of state and of increment, upper words first, and half of a word that is left over.
struct Pcg64 {
  std::uint64_t state_high, state_low, increment_high, increment_low, has_half, half;

  void seed(std::uint64_t a, std::uint64_t b, std::uint64_t c, std::uint64_t d) {
    const Wide sequence = wide(c, d) << 1 | 1;
    increment_high = static_cast<std::uint64_t>(sequence >> 64);
    increment_low = static_cast<std::uint64_t>(sequence);
    set(0);
    step();
    set(state() + wide(a, b));
    step();
    has_half = half = 0;
  }

  std::uint64_t next64() {
    step();
    const unsigned turn = static_cast<unsigned>(state_high >> 58);
    const std::uint64_t value = state_high ^ state_low;
    return value >> turn | value << ((64 - turn) & 63);
  }
  std::uint32_t next32() {
    if (has_half) {
      has_half = 0;
      return static_cast<std::uint32_t>(half);
    }
    const std::uint64_t value = next64();
    has_half = 1;
    half = value >> 32;
    return static_cast<std::uint32_t>(value);
  }
  double next_double() { return static_cast<double>(next64() >> 11) * (1.0 / 9007199254740992.0); }

 private:
  using Wide = unsigned __int128;
  static Wide wide(std::uint64_t high, std::uint64_t low) { return static_cast<Wide>(high) << 64 | low; }
  Wide state() const { return wide(state_high, state_low); }
  void set(Wide value) {
    state_high = static_cast<std::uint64_t>(value >> 64);
    state_low = static_cast<std::uint64_t>(value);
  }
  void step() { set(state() * wide(2549297995355413924u, 4865540595714422341u) + wide(increment_high, increment_low)); }
};

// All bits up to the highest one of `range`.
inline std::uint64_t mask_of(std::uint64_t range) {
  return range == 0 ? 0 : ~std::uint64_t{0} >> __builtin_clzll(range);
}

// An integer from 0 to `range`, drawn until the masked bits fit: what RandomState does.
template <class Bits>
std::uint64_t masked_below(Bits& bits, std::uint64_t range) {
  if (range == 0) return 0;
  const std::uint64_t mask = mask_of(range);
  if (range <= 0xffffffffu) {
    if (range == 0xffffffffu) return bits.next32();
    for (;;)
      if (const std::uint64_t value = bits.next32() & mask; value <= range) return value;
  }
  if (range == ~std::uint64_t{0}) return bits.next64();
  for (;;)
    if (const std::uint64_t value = bits.next64() & mask; value <= range) return value;
}

// The same by Lemire, "Fast random integer generation in an interval" (2019): what Generator does.
template <class Bits>
std::uint64_t scaled_below(Bits& bits, std::uint64_t range) {
  if (range == 0) return 0;
  if (range <= 0xffffffffu) {
    if (range == 0xffffffffu) return bits.next32();
    const auto size = static_cast<std::uint32_t>(range) + 1;
    std::uint64_t product = std::uint64_t{bits.next32()} * size;
    if (static_cast<std::uint32_t>(product) < size) {
      const std::uint32_t least = (0xffffffffu - static_cast<std::uint32_t>(range)) % size;
      while (static_cast<std::uint32_t>(product) < least) product = std::uint64_t{bits.next32()} * size;
    }
    return product >> 32;
  }
  if (range == ~std::uint64_t{0}) return bits.next64();
  const std::uint64_t size = range + 1;
  unsigned __int128 product = static_cast<unsigned __int128>(bits.next64()) * size;
  if (static_cast<std::uint64_t>(product) < size) {
    const std::uint64_t least = (~std::uint64_t{0} - range) % size;
    while (static_cast<std::uint64_t>(product) < least) product = static_cast<unsigned __int128>(bits.next64()) * size;
  }
  return static_cast<std::uint64_t>(product >> 64);
}

}  // namespace wasmnp::random
