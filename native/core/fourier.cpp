// The generalized ufuncs behind numpy.fft: an input, a factor, and an output whose length is that of the transform.
#include "fourier.hpp"

#include <cstdlib>

#include "../python/gil.hpp"
#include "functions.hpp"
#include "ufunc.hpp"

namespace wasmnp {

namespace {

bool run_float(const FourierRows& run) { return state.routines->fourier_float32(run); }
bool run_double(const FourierRows& run) { return state.routines->fourier_float64(run); }

// Strides of a loop: those of the three operands, then of the input's and of the output's points.
template <FourierTransform function, FourierKind kind, bool odd>
void transform(char** args, const intp* dimensions, const intp* strides, void*) {
  const intp length = dimensions[2];
  FourierRows run{};
  run.kind = kind;
  run.n = kind == FourierKind::RealToHalf ? 2 * length - 2 + odd : length;
  run.rows = dimensions[0];
  run.in = args[0];
  run.in_length = dimensions[1];
  run.in_step = strides[3];
  run.in_row = strides[0];
  run.factor = args[1];
  run.factor_row = strides[1];
  run.out = args[2];
  run.out_step = strides[4];
  run.out_row = strides[2];
  bool done = false;
  if (run.n >= 1) {
    ReleasedGil released(run.rows * run.n > kReleaseGil);
    done = function(run);
  } else if (length > 0) {
    PyErr_Format(PyExc_ValueError, "Invalid number of FFT data points (%zd) specified.", run.n);
    return;
  }
  if (!done && length > 0) PyErr_NoMemory();
}

constexpr int kTypes = 3;  // of each kind of input, float32 first: it is kept

template <FourierKind kind, bool odd = false>
constexpr LegacyLoop loops[kTypes] = {transform<run_float, kind, odd>, transform<run_double, kind, odd>,
                                      transform<fourier_long_double, kind, odd>};

struct Loops {
  const LegacyLoop (*real)[kTypes], (*complex)[kTypes];  // by the kind of input; null where there is none
  bool to_real;
};

int add(PyObject* module, const char* name, const Loops& given, const char* doc) {
  constexpr char reals[kTypes] = {kFloat, kDouble, kLongDouble};
  constexpr char complexes[kTypes] = {kCFloat, kCDouble, kCLongDouble};
  // As long-lived as the module.
  auto* functions = static_cast<LegacyLoop*>(std::calloc(2 * kTypes, sizeof(LegacyLoop)));
  auto** data = static_cast<void**>(std::calloc(2 * kTypes, sizeof(void*)));
  char* types = static_cast<char*>(std::malloc(size_t{3} * 2 * kTypes));
  if (!functions || !data || !types) return PyErr_NoMemory(), -1;
  int count = 0;
  for (int i = 0; i < kTypes; i++) {
    for (const bool real : {true, false}) {
      const auto* kind = real ? given.real : given.complex;
      if (!kind) continue;
      functions[count] = (*kind)[i];
      types[3 * count] = real ? reals[i] : complexes[i];
      types[3 * count + 1] = reals[i];
      types[3 * count + 2] = given.to_real ? reals[i] : complexes[i];
      count++;
    }
  }
  Ref<UfuncObject> ufunc = new_generalized_ufunc(name, "(n),()->(m)", 2, 1, {functions, data, types, count}, doc);
  Ref<> attribute = steal(PyUnicode_FromFormat("_fft_%s", name));
  return ufunc && attribute ? PyObject_SetAttr(module, attribute.get(), ufunc.object()) : -1;
}

}  // namespace

int init_fourier(PyObject* module) {
  using enum FourierKind;
  if (add(module, "fft", {&loops<RealToWhole>, &loops<Forward>, false}, "Fourier transforms, scaled.") < 0 ||
      add(module, "ifft", {&loops<RealToInverse>, &loops<Inverse>, false}, "Inverse Fourier transforms, scaled.") < 0)
    return -1;
  if (add(module, "rfft_n_even", {&loops<RealToHalf>, nullptr, false},
          "Halves of the spectra of an even number of real points, scaled.") < 0 ||
      add(module, "rfft_n_odd", {&loops<RealToHalf, true>, nullptr, false},
          "Halves of the spectra of an odd number of real points, scaled.") < 0)
    return -1;
  return add(module, "irfft", {nullptr, &loops<HalfToReal>, true}, "Real signals of halves of spectra, scaled.");
}

}  // namespace wasmnp
