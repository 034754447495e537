// Real discrete Fourier transforms of power-of-two length (see `ForwardRealFft` in routines.hpp).
#pragma once

#include "routines.hpp"
#include "simd.hpp"
#include "unit_roots.hpp"

namespace wasmnp::ISA {

template <typename T>
struct Complex {
  T real, imag;
};

template <typename T>
WASMNP_INLINE Complex<T> operator+(Complex<T> a, Complex<T> b) {
  return {a.real + b.real, a.imag + b.imag};
}
template <typename T>
WASMNP_INLINE Complex<T> operator-(Complex<T> a, Complex<T> b) {
  return {a.real - b.real, a.imag - b.imag};
}
template <typename T>
WASMNP_INLINE Complex<T> operator*(Complex<T> a, Complex<T> b) {
  return {a.real * b.real - a.imag * b.imag, a.real * b.imag + a.imag * b.real};
}
template <typename T>
WASMNP_INLINE Complex<T> conjugate(Complex<T> a) {
  return {a.real, -a.imag};
}

// Stockham's radix-2 autosort transform of `count` points; the result is in `x`. roots[k] = exp(-2 pi i k / (2 count)).
template <typename T>
void small_transform(Complex<T>* x, Complex<T>* scratch, std::intptr_t count, const Complex<T>* roots) {
  Complex<T>*from = x, *to = scratch;
  for (std::intptr_t length = count, stride = 1; length > 1; length /= 2, stride *= 2) {
    for (std::intptr_t p = 0; p < length / 2; ++p) {
      const Complex<T> root = roots[2 * p * stride];
      for (std::intptr_t q = 0; q < stride; ++q) {
        const Complex<T> a = from[q + stride * p], b = from[q + stride * (p + length / 2)];
        to[q + stride * 2 * p] = a + b;
        to[q + stride * (2 * p + 1)] = (a - b) * root;
      }
    }
    Complex<T>* swap = from;
    from = to;
    to = swap;
  }
  if (from != x) std::memcpy(x, from, static_cast<std::size_t>(count) * sizeof(Complex<T>));
}

template <typename T>
bool rfft(const void* in, void* out, std::intptr_t n, std::intptr_t rows, double scale) {
  const T factor = static_cast<T>(scale);
  const T* from = static_cast<const T*>(in);
  auto* to = static_cast<Complex<T>*>(out);
  if (n == 1) {
    for (std::intptr_t row = 0; row < rows; ++row) to[row] = {from[row] * factor, T(0)};
    return true;
  }
  const std::intptr_t half = n / 2;
  const UnitRoots exact(n < 8 ? 8 : n);
  auto* memory = static_cast<Complex<T>*>(std::malloc(sizeof(Complex<T>) * static_cast<std::size_t>(3 * half)));
  if (!memory || !exact.valid()) {
    std::free(memory);
    return false;
  }
  Complex<T>*roots = memory, *x = memory + half, *scratch = x + half;
  for (std::intptr_t k = 0; k < half; ++k) {
    const Root root = exact(n < 8 ? k * (8 / n) : k);
    roots[k] = {static_cast<T>(root.real), static_cast<T>(root.imag)};
  }
  for (std::intptr_t row = 0; row < rows; ++row, from += n, to += half + 1) {
    std::memcpy(x, from, sizeof(T) * static_cast<std::size_t>(n));
    small_transform(x, scratch, half, roots);
    for (std::intptr_t k = 0; k <= half; ++k) {
      const Complex<T> a = x[k & (half - 1)], b = conjugate(x[(half - k) & (half - 1)]);
      const Complex<T> root = k == half ? Complex<T>{T(-1), T(0)} : roots[k];
      const Complex<T> odd = (a - b) * root;
      const T quarter = T(0.5) * factor;
      to[k] = {(a.real + b.real + odd.imag) * quarter, (a.imag + b.imag - odd.real) * quarter};
    }
    to[0].imag = to[half].imag = T(0);
  }
  std::free(memory);
  return true;
}

template <typename T>
bool irfft(const void* in, void* out, std::intptr_t n, std::intptr_t rows, double scale) {
  const T factor = static_cast<T>(scale);
  const auto* from = static_cast<const Complex<T>*>(in);
  T* to = static_cast<T*>(out);
  if (n == 1) {
    for (std::intptr_t row = 0; row < rows; ++row) to[row] = from[row].real * factor;
    return true;
  }
  const std::intptr_t half = n / 2;
  const UnitRoots exact(n < 8 ? 8 : n);
  auto* memory = static_cast<Complex<T>*>(std::malloc(sizeof(Complex<T>) * static_cast<std::size_t>(3 * half)));
  if (!memory || !exact.valid()) {
    std::free(memory);
    return false;
  }
  Complex<T>*roots = memory, *x = memory + half, *scratch = x + half;
  for (std::intptr_t k = 0; k < half; ++k) {
    const Root root = exact(n < 8 ? k * (8 / n) : k);
    roots[k] = {static_cast<T>(root.real), static_cast<T>(root.imag)};
  }
  for (std::intptr_t row = 0; row < rows; ++row, from += half + 1, to += n) {
    for (std::intptr_t k = 0; k < half; ++k) {
      Complex<T> a = from[k], b = conjugate(from[half - k]);
      if (k == 0) a.imag = b.imag = T(0);
      const Complex<T> odd = (a - b) * conjugate(roots[k]);
      // conj of z, so that the forward transform inverts
      x[k] = {(a.real + b.real - odd.imag) * factor, -(a.imag + b.imag + odd.real) * factor};
    }
    small_transform(x, scratch, half, roots);
    for (std::intptr_t k = 0; k < half; ++k) {
      to[2 * k] = x[k].real;
      to[2 * k + 1] = -x[k].imag;
    }
  }
  std::free(memory);
  return true;
}

}  // namespace wasmnp::ISA
