// Determinants, inverses and solutions by LU decomposition with partial pivoting (Golub and Van Loan, "Matrix
// Computations", section 3.4), as generalized ufuncs.
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <type_traits>

#include "functions.hpp"
#include "ufunc.hpp"

namespace wasmnp {

namespace {

// A complex number as std::complex, but for infinities: products and quotients are those of LAPACK, of the parts. (The
// operators of std::complex are calls of the compiler's library; see wide.hpp.)
template <class T>
struct Complex {
  T re = 0, im = 0;
  Complex() = default;
  explicit Complex(T real, T imag = 0) : re(real), im(imag) {}
  T real() const { return re; }
  T imag() const { return im; }
  bool operator==(const Complex&) const = default;
  friend Complex operator*(Complex a, Complex b) {
    return Complex(a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re);
  }
  friend Complex operator/(Complex a, T b) { return Complex(a.re / b, a.im / b); }
  // Smith, "Algorithm 116: Complex division" (1962): scaled by the larger part.
  friend Complex operator/(Complex a, Complex b) {
    if (std::fabs(b.im) <= std::fabs(b.re)) {
      const T ratio = b.im / b.re, scale = b.re + b.im * ratio;
      return Complex((a.re + a.im * ratio) / scale, (a.im - a.re * ratio) / scale);
    }
    const T ratio = b.re / b.im, scale = b.im + b.re * ratio;
    return Complex((a.re * ratio + a.im) / scale, (a.im * ratio - a.re) / scale);
  }
  Complex& operator*=(Complex other) { return *this = *this * other; }
  Complex& operator/=(Complex other) { return *this = *this / other; }
  Complex& operator-=(Complex other) {
    re -= other.re;
    im -= other.im;
    return *this;
  }
};

template <class T>
struct RealOf {
  using Type = T;
};
template <class T>
struct RealOf<Complex<T>> {
  using Type = T;
};

template <class T>
T magnitude(T value) {
  return std::fabs(value);
}
template <class T>
T magnitude(Complex<T> value) {
  return std::hypot(value.re, value.im);
}

template <class T>
double size_of(T value) {
  if constexpr (std::is_floating_point_v<T>)
    return std::fabs(static_cast<double>(value));
  else
    return std::fabs(static_cast<double>(value.real())) + std::fabs(static_cast<double>(value.imag()));
}

// A square matrix taken apart in place: unit lower and upper triangles, and where rows went.
template <class T>
class Decomposition {
 public:
  Decomposition(const char* data, intp n, intp row_stride, intp column_stride)
      : n_(n),
        values_(static_cast<T*>(std::malloc(sizeof(T) * static_cast<size_t>(n * n + 1)))),
        rows_(static_cast<intp*>(std::malloc(sizeof(intp) * static_cast<size_t>(n + 1)))) {
    if (!values_ || !rows_) return;
    for (intp i = 0; i < n; i++) {
      rows_[i] = i;
      for (intp k = 0; k < n; k++)
        std::memcpy(static_cast<void*>(values_ + i * n + k), data + i * row_stride + k * column_stride, sizeof(T));
    }
    eliminate();
  }
  ~Decomposition() {
    std::free(values_);
    std::free(rows_);
  }
  Decomposition(const Decomposition&) = delete;
  Decomposition& operator=(const Decomposition&) = delete;

  bool valid() const { return values_ && rows_; }
  bool singular() const { return singular_; }
  bool odd() const { return odd_; }
  T diagonal(intp i) const { return values_[i * n_ + i]; }

  // Replaces a column, of `n` elements next to each other, by the solution; `permuted` has room for as many.
  void solve(T* column, T* permuted) const {
    for (intp i = 0; i < n_; i++) permuted[i] = column[rows_[i]];
    for (intp i = 0; i < n_; i++)
      for (intp k = 0; k < i; k++) permuted[i] -= values_[i * n_ + k] * permuted[k];
    for (intp i = n_ - 1; i >= 0; i--) {
      for (intp k = i + 1; k < n_; k++) permuted[i] -= values_[i * n_ + k] * permuted[k];
      permuted[i] /= diagonal(i);
    }
    std::memcpy(static_cast<void*>(column), permuted, sizeof(T) * static_cast<size_t>(n_));
  }

 private:
  void eliminate() {
    for (intp step = 0; step < n_; step++) {
      intp pivot = step;
      for (intp i = step + 1; i < n_; i++)
        if (size_of(values_[i * n_ + step]) > size_of(values_[pivot * n_ + step])) pivot = i;
      if (pivot != step) {
        for (intp k = 0; k < n_; k++) std::swap(values_[pivot * n_ + k], values_[step * n_ + k]);
        std::swap(rows_[pivot], rows_[step]);
        odd_ = !odd_;
      }
      if (values_[step * n_ + step] == T(0)) {
        singular_ = true;
        continue;
      }
      for (intp i = step + 1; i < n_; i++) {
        const T factor = values_[i * n_ + step] /= values_[step * n_ + step];
        if (factor == T(0)) continue;
        for (intp k = step + 1; k < n_; k++) values_[i * n_ + k] -= factor * values_[step * n_ + k];
      }
    }
  }

  intp n_;
  T* values_;
  intp* rows_;
  bool odd_ = false, singular_ = false;
};

// Strides of a loop: those of the operands, then of their core dimensions.
template <class T, bool logarithm>
void determinant(char** args, const intp* dimensions, const intp* strides, void*) {
  using Real = typename RealOf<T>::Type;
  constexpr int operands = logarithm ? 3 : 2;
  for (intp i = 0; i < dimensions[0]; i++) {
    const Decomposition<T> lu(args[0] + i * strides[0], dimensions[1], strides[operands], strides[operands + 1]);
    T sign = lu.valid() && lu.odd() ? T(-1) : T(1), product = sign;
    Real sum = 0;
    for (intp k = 0; lu.valid() && k < dimensions[1]; k++) {
      const T pivot = lu.diagonal(k);
      const Real size = magnitude(pivot);
      product *= pivot;
      sign = size == 0 ? T(0) : sign * (pivot / size);
      sum += std::log(size);
    }
    std::memcpy(args[1] + i * strides[1], static_cast<const void*>(logarithm ? &sign : &product), sizeof(T));
    if constexpr (logarithm) std::memcpy(args[2] + i * strides[2], &sum, sizeof sum);
  }
}

// The solution of a system with `columns` right-hand sides, or, without any, the inverse. A singular matrix gives NaN
// and an invalid value, which the callers make a LinAlgError of.
template <class T>
void solve_columns(const char* matrix, intp n, const intp* matrix_strides, const char* right, const intp* right_strides,
                   intp columns, char* out, const intp* out_strides) {
  const Decomposition<T> lu(matrix, n, matrix_strides[0], matrix_strides[1]);
  auto* column = static_cast<T*>(std::malloc(sizeof(T) * static_cast<size_t>(2 * n + 1)));
  for (intp k = 0; column && lu.valid() && k < columns; k++) {
    for (intp i = 0; i < n; i++) {
      if (right)
        std::memcpy(static_cast<void*>(column + i), right + i * right_strides[0] + k * right_strides[1], sizeof(T));
      else
        column[i] = T(i == k);
    }
    if (lu.singular()) {
      volatile double zero = 0;
      const auto nan = static_cast<typename RealOf<T>::Type>(zero / zero);
      for (intp i = 0; i < n; i++) column[i] = T(nan);
    } else {
      lu.solve(column, column + n);
    }
    for (intp i = 0; i < n; i++)
      std::memcpy(out + i * out_strides[0] + k * out_strides[1], static_cast<const void*>(column + i), sizeof(T));
  }
  std::free(column);
}

template <class T>
void inverse(char** args, const intp* dimensions, const intp* strides, void*) {
  for (intp i = 0; i < dimensions[0]; i++)
    solve_columns<T>(args[0] + i * strides[0], dimensions[1], strides + 2, nullptr, nullptr, dimensions[1],
                     args[1] + i * strides[1], strides + 4);
}

template <class T, bool vectors>
void solution(char** args, const intp* dimensions, const intp* strides, void*) {
  const intp* core = strides + 3;
  const intp right_strides[2] = {core[2], vectors ? 0 : core[3]};
  const intp out_strides[2] = {vectors ? core[3] : core[4], vectors ? 0 : core[5]};
  for (intp i = 0; i < dimensions[0]; i++)
    solve_columns<T>(args[0] + i * strides[0], dimensions[1], core, args[1] + i * strides[1], right_strides,
                     vectors ? 1 : dimensions[2], args[2] + i * strides[2], out_strides);
}

struct Types {
  char codes[3];
};

int add(PyObject* module, const char* name, const char* signature, int nin, int nout, const LegacyLoop (&loops)[4],
        const Types (&types)[4], const char* doc) {
  const int nargs = nin + nout;
  auto* functions = static_cast<LegacyLoop*>(std::malloc(sizeof loops));  // as long-lived as the module
  auto** data = static_cast<void**>(std::calloc(4, sizeof(void*)));
  char* codes = static_cast<char*>(std::malloc(static_cast<size_t>(4 * nargs)));
  if (!functions || !data || !codes) return PyErr_NoMemory(), -1;
  for (int i = 0; i < 4; i++) {
    functions[i] = loops[i];
    for (int k = 0; k < nargs; k++) codes[i * nargs + k] = types[i].codes[k];
  }
  Ref<UfuncObject> ufunc = new_generalized_ufunc(name, signature, nin, nout, {functions, data, codes, 4}, doc);
  Ref<> attribute = steal(PyUnicode_FromFormat("_lapack_%s", name));
  return ufunc && attribute ? PyObject_SetAttr(module, attribute.get(), ufunc.object()) : -1;
}

}  // namespace

int init_linear_algebra(PyObject* module) {
  using F = Complex<float>;
  using D = Complex<double>;
  const Types same[4] = {{{kFloat, kFloat, kFloat}},
                         {{kDouble, kDouble, kDouble}},
                         {{kCFloat, kCFloat, kCFloat}},
                         {{kCDouble, kCDouble, kCDouble}}};
  const Types logs[4] = {{{kFloat, kFloat, kFloat}},
                         {{kDouble, kDouble, kDouble}},
                         {{kCFloat, kCFloat, kFloat}},
                         {{kCDouble, kCDouble, kDouble}}};
  if (add(module, "det", "(m,m)->()", 1, 1,
          {determinant<float, false>, determinant<double, false>, determinant<F, false>, determinant<D, false>}, same,
          "The determinants of square matrices.") < 0)
    return -1;
  if (add(module, "slogdet", "(m,m)->(),()", 1, 2,
          {determinant<float, true>, determinant<double, true>, determinant<F, true>, determinant<D, true>}, logs,
          "The signs of determinants and the logarithms of their sizes.") < 0)
    return -1;
  if (add(module, "inv", "(m,m)->(m,m)", 1, 1, {inverse<float>, inverse<double>, inverse<F>, inverse<D>}, same,
          "The inverses of square matrices.") < 0)
    return -1;
  if (add(module, "solve1", "(m,m),(m)->(m)", 2, 1,
          {solution<float, true>, solution<double, true>, solution<F, true>, solution<D, true>}, same,
          "The solutions of linear systems with one right-hand side.") < 0)
    return -1;
  return add(module, "solve", "(m,m),(m,n)->(m,n)", 2, 1,
             {solution<float, false>, solution<double, false>, solution<F, false>, solution<D, false>}, same,
             "The solutions of linear systems.");
}

}  // namespace wasmnp
