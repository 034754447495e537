// Discrete Fourier transforms in long double: one row at a time, by recursion over the prime factors of its length.
#include <cstdlib>
#include <cstring>

#include "fourier.hpp"

namespace wasmnp {

namespace {

using Real = long double;

struct Number {
  Real real, imag;
};
Number operator+(Number a, Number b) { return {a.real + b.real, a.imag + b.imag}; }
Number operator*(Number a, Number b) { return {a.real * b.real - a.imag * b.imag, a.real * b.imag + a.imag * b.real}; }

constexpr intp kLargestPrime = 61;  // beyond, a transform is a convolution

intp smallest_factor(intp n) {
  for (intp factor = 2; factor * factor <= n; factor++)
    if (n % factor == 0) return factor;
  return n;
}

bool has_large_prime(intp n) {
  while (n > 1) {
    const intp factor = smallest_factor(n);
    if (factor > kLargestPrime) return true;
    n /= factor;
  }
  return false;
}

// exp(-2 pi i k / n) by Taylor's series on an eighth of the circle: 18 terms leave less than 2^-120.
Number unit_root(intp k, intp n) {
  const int64_t eighths = int64_t{8} * k, octant = eighths / n;
  int64_t rest = eighths - octant * n;
  if (octant & 1) rest = n - rest;
  const Real angle =
      6.283185307179586476925286766559005768394338798750L * static_cast<Real>(rest) / static_cast<Real>(int64_t{8} * n);
  const Real square = angle * angle;
  Real sine = 1, cosine = 1;
  for (int term = 18; term > 0; term--) {
    const Real even = 2 * term;
    sine = 1 - square * sine / (even * (even + 1));
    cosine = 1 - square * cosine / (even * (even - 1));
  }
  sine *= angle;
  const bool exchanged = octant == 1 || octant == 2 || octant == 5 || octant == 6;
  const Real x = exchanged ? sine : cosine, y = exchanged ? cosine : sine;
  return {octant >= 2 && octant < 6 ? -x : x, octant < 4 ? -y : y};
}

void fill_roots(Number* roots, intp n) {
  for (intp k = 0; k < n; k++) roots[k] = unit_root(k, n);
}

// Every `stride`-th of n * stride numbers; `roots` are those of n * stride points. Decimation in time.
void transform(const Number* in, Number* out, intp n, intp stride, const Number* roots) {
  if (n == 1) {
    *out = *in;
    return;
  }
  const intp radix = smallest_factor(n), part = n / radix;
  for (intp i = 0; i < radix; i++) transform(in + i * stride, out + i * part, part, stride * radix, roots);
  Number terms[kLargestPrime];
  for (intp k = 0; k < part; k++) {
    for (intp i = 0; i < radix; i++) terms[i] = out[i * part + k] * roots[i * k * stride];
    for (intp j = 0; j < radix; j++) {
      Number sum = terms[0];
      for (intp i = 1; i < radix; i++) sum = sum + terms[i] * roots[i * j % radix * part * stride];
      out[j * part + k] = sum;
    }
  }
}

void exchange_parts(Number* numbers, intp n) {
  for (intp k = 0; k < n; k++) numbers[k] = {numbers[k].imag, numbers[k].real};
}

// Transforms of one length, with their work space.
class Transform {
 public:
  explicit Transform(intp n) : n_(n), size_(n) {
    convolves_ = has_large_prime(n);
    if (convolves_)
      for (size_ = 1; size_ < 2 * n - 1;) size_ *= 2;
    // Input, output and roots; for a convolution its filter and chirp as well.
    const size_t count = static_cast<size_t>(convolves_ ? 4 * size_ + n : 3 * size_);
    memory_ = static_cast<Number*>(std::malloc(count * sizeof(Number)));
    if (!memory_) return;
    fill_roots(roots(), size_);
    if (convolves_) fill_filter();
  }
  ~Transform() { std::free(memory_); }
  Transform(const Transform&) = delete;
  Transform& operator=(const Transform&) = delete;

  bool valid() const { return memory_; }
  Number* input() { return memory_; }
  Number* output() { return memory_ + size_; }

  // From input() to output().
  void run() {
    if (!convolves_) return transform(input(), output(), n_, 1, roots());
    // L. Bluestein, "A linear filtering approach to the computation of discrete Fourier transform", 1970
    for (intp k = 0; k < size_; k++) input()[k] = k < n_ ? input()[k] * chirp()[k] : Number{0, 0};
    transform(input(), output(), size_, 1, roots());
    for (intp k = 0; k < size_; k++) input()[k] = output()[k] * filter()[k];
    exchange_parts(input(), size_);
    transform(input(), output(), size_, 1, roots());
    exchange_parts(output(), n_);
    for (intp k = 0; k < n_; k++) output()[k] = output()[k] * chirp()[k];
  }

 private:
  Number* roots() { return memory_ + 2 * size_; }
  Number* filter() { return memory_ + 3 * size_; }
  Number* chirp() { return memory_ + 4 * size_; }

  void fill_filter() {
    for (intp k = 0, square = 0; k < n_; k++) {
      chirp()[k] = unit_root(square, 2 * n_);
      square += 2 * k + 1;
      if (square >= 2 * n_) square -= 2 * n_;
    }
    for (intp k = 0; k < size_; k++) input()[k] = {0, 0};
    for (intp k = 0; k < n_; k++) {
      const Number value{chirp()[k].real / static_cast<Real>(size_), -chirp()[k].imag / static_cast<Real>(size_)};
      input()[k] = value;
      if (k > 0) input()[size_ - k] = value;
    }
    transform(input(), filter(), size_, 1, roots());
  }

  intp n_, size_;
  bool convolves_;
  Number* memory_ = nullptr;
};

Number read(const char* from, bool real) {
  Number value{0, 0};
  std::memcpy(&value, from, real ? sizeof(Real) : sizeof(Number));
  return value;
}

}  // namespace

bool fourier_long_double(const FourierRows& run) {
  Transform work(run.n);
  if (!work.valid()) return false;
  const intp n = run.n, half = n / 2 + 1;
  const bool to_real = run.kind == FourierKind::HalfToReal;
  const bool real = run.kind != FourierKind::Forward && run.kind != FourierKind::Inverse && !to_real;
  const bool inverse = run.kind == FourierKind::Inverse || run.kind == FourierKind::RealToInverse || to_real;
  const intp wanted = to_real ? half : n, given = run.in_length < wanted ? run.in_length : wanted;
  const intp out_length = run.kind == FourierKind::RealToHalf ? half : n;
  for (intp row = 0; row < run.rows; row++) {
    Number *in = work.input(), *out = work.output();
    for (intp k = 0; k < n; k++)
      in[k] = k < given ? read(run.in + row * run.in_row + k * run.in_step, real) : Number{0, 0};
    if (to_real) {
      in[0].imag = 0;
      if (n % 2 == 0) in[n / 2].imag = 0;
      for (intp k = 1; k < (n + 1) / 2; k++) in[n - k] = {in[k].real, -in[k].imag};
    }
    if (inverse) exchange_parts(in, n);
    work.run();
    if (inverse) exchange_parts(out, n);
    Real factor;
    std::memcpy(&factor, run.factor + row * run.factor_row, sizeof factor);
    for (intp k = 0; k < out_length; k++) {
      const Number value{out[k].real * factor, real && k == 0 ? 0 : out[k].imag * factor};
      std::memcpy(run.out + row * run.out_row + k * run.out_step, &value, to_real ? sizeof(Real) : sizeof(Number));
    }
  }
  return true;
}

}  // namespace wasmnp
