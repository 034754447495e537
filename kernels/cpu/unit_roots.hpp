// Roots of unity, the same bits on every target: no libm, only additions and multiplications in double-double.
#pragma once

#include <cstdint>
#include <cstdlib>

#include "simd.hpp"

namespace wasmnp::ISA {

// An unevaluated sum of two doubles. The algorithms are Dekker's and Knuth's (T. J. Dekker, "A floating-point technique
// for extending the available precision", 1971); the product splits its factors because a fused multiply-add is not
// available everywhere.
struct DoubleDouble {
  double high, low;
};

WASMNP_INLINE DoubleDouble quick_two_sum(double a, double b) {
  const double sum = a + b;
  return {sum, b - (sum - a)};
}

WASMNP_INLINE DoubleDouble two_sum(double a, double b) {
  const double sum = a + b;
  const double shadow = sum - a;
  return {sum, (a - (sum - shadow)) + (b - shadow)};
}

WASMNP_INLINE DoubleDouble two_product(double a, double b) {
  constexpr double kSplitter = 134217729.0;  // 2^27 + 1
  const double product = a * b;
  const double big_a = kSplitter * a, big_b = kSplitter * b;
  const double a_high = big_a - (big_a - a), b_high = big_b - (big_b - b);
  const double a_low = a - a_high, b_low = b - b_high;
  return {product, ((a_high * b_high - product) + a_high * b_low + a_low * b_high) + a_low * b_low};
}

WASMNP_INLINE DoubleDouble operator+(DoubleDouble a, DoubleDouble b) {
  const DoubleDouble sum = two_sum(a.high, b.high);
  return quick_two_sum(sum.high, sum.low + (a.low + b.low));
}

WASMNP_INLINE DoubleDouble operator-(DoubleDouble a) { return {-a.high, -a.low}; }

WASMNP_INLINE DoubleDouble operator*(DoubleDouble a, DoubleDouble b) {
  const DoubleDouble product = two_product(a.high, b.high);
  return quick_two_sum(product.high, product.low + (a.high * b.low + a.low * b.high));
}

WASMNP_INLINE DoubleDouble divide_by(DoubleDouble a, double divisor) {
  const double quotient = a.high / divisor;
  const DoubleDouble back = two_product(quotient, divisor);
  return quick_two_sum(quotient, ((a.high - back.high) - back.low + a.low) / divisor);
}

struct PreciseRoot {
  DoubleDouble cosine, sine;
};

// cos and sin of 2 pi k / n for 0 <= k / n <= 1/8, by Taylor's series: 14 terms leave less than 2^-104.
inline PreciseRoot precise_root(std::int64_t k, std::int64_t n) {
  constexpr DoubleDouble kTwoPi{0x1.921fb54442d18p+2, 0x1.1a62633145c07p-52};
  const DoubleDouble turns = kTwoPi * DoubleDouble{static_cast<double>(k), 0.0};
  const DoubleDouble angle = divide_by(turns, static_cast<double>(n));
  const DoubleDouble minus_square = -(angle * angle);
  constexpr DoubleDouble kOne{1.0, 0.0};
  DoubleDouble sine = kOne, cosine = kOne;
  for (int term = 14; term > 0; --term) {
    const double even = 2.0 * term;
    sine = kOne + divide_by(minus_square * sine, even * (even + 1.0));
    cosine = kOne + divide_by(minus_square * cosine, even * (even - 1.0));
  }
  return {cosine, angle * sine};
}

struct Root {
  DoubleDouble real, imag;
};

// exp(-2 pi i k / n) for one n, each part with an error of about 2^-100: the angle-sum formula in double-double over
// two short tables, which count eighths of the step. valid() is false when there was no memory.
class UnitRoots {
 public:
  explicit UnitRoots(std::intptr_t n) : n_(n) {
    while (fine_count_ * fine_count_ < n) {
      fine_count_ *= 2;
      ++shift_;
    }
    const std::int64_t coarse_count = n / fine_count_ + 1;
    const std::size_t bytes = static_cast<std::size_t>(fine_count_ + coarse_count) * sizeof(PreciseRoot);
    fine_ = static_cast<PreciseRoot*>(std::malloc(bytes));
    if (!fine_) return;
    coarse_ = fine_ + fine_count_;
    for (std::int64_t i = 0; i < fine_count_; ++i) fine_[i] = precise_root(i, 8 * n_);
    for (std::int64_t i = 0; i < coarse_count; ++i) coarse_[i] = precise_root(i * fine_count_, 8 * n_);
  }
  ~UnitRoots() { std::free(fine_); }
  UnitRoots(const UnitRoots&) = delete;
  UnitRoots& operator=(const UnitRoots&) = delete;

  bool valid() const { return fine_ != nullptr; }

  // 0 <= k < n
  Root operator()(std::intptr_t k) const {
    const std::int64_t eighths = 8 * static_cast<std::int64_t>(k);
    const std::int64_t octant = eighths / n_;
    std::int64_t rest = eighths - octant * n_;
    if (octant & 1) rest = n_ - rest;
    const PreciseRoot a = coarse_[rest >> shift_], b = fine_[rest & (fine_count_ - 1)];
    const DoubleDouble cosine = a.cosine * b.cosine + -(a.sine * b.sine);
    const DoubleDouble sine = a.sine * b.cosine + a.cosine * b.sine;
    switch (octant) {
      case 0: return {cosine, -sine};
      case 1: return {sine, -cosine};
      case 2: return {-sine, -cosine};
      case 3: return {-cosine, -sine};
      case 4: return {-cosine, sine};
      case 5: return {-sine, cosine};
      case 6: return {sine, cosine};
      default: return {cosine, sine};
    }
  }

 private:
  std::int64_t n_;
  std::int64_t fine_count_ = 1;
  int shift_ = 0;
  PreciseRoot* fine_ = nullptr;
  PreciseRoot* coarse_ = nullptr;
};

}  // namespace wasmnp::ISA
