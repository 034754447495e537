// One instruction-set level, compiled once per level with -DISA=NAME and the level's instruction-set flags.
#include "casts.hpp"
#include "fft_rows.hpp"
#include "gemm.hpp"
#include "loop_bodies.hpp"
#include "reduce.hpp"
#include "routines.hpp"
#include "scan.hpp"

#if defined(__AVX512F__)
#define WASMNP_LEVEL_NAME "v4"
#elif defined(__AVX2__)
#define WASMNP_LEVEL_NAME "v3"
#elif defined(__x86_64__)
#define WASMNP_LEVEL_NAME "v2"
#elif defined(__wasm_simd128__)
#define WASMNP_LEVEL_NAME "simd128"
#elif defined(__ARM_NEON)
#define WASMNP_LEVEL_NAME "neon"
#else
#define WASMNP_LEVEL_NAME "base"
#endif

namespace wasmnp::ISA {

struct FoldRow {
  Element element;
  Fold sum, maximum, minimum;
};

template <typename T, typename Unsigned>
constexpr FoldRow integer_folds(Element element) {
  return {element, sum_integers<Unsigned>, extremum_reals<T, true>, extremum_reals<T, false>};
}

template <typename T>
constexpr FoldRow float_folds(Element element) {
  return {element, sum_floats<T, false>, extremum_reals<T, true>, extremum_reals<T, false>};
}

template <typename T>
constexpr FoldRow complex_folds(Element element) {
  return {element, sum_floats<T, true>, extremum_complex<T, true>, extremum_complex<T, false>};
}

constexpr FoldRow kFoldRows[] = {
    {Element::Bool, nullptr, extremum_bools<true>, extremum_bools<false>},
    integer_folds<std::int8_t, std::uint8_t>(Element::Int8),
    integer_folds<std::uint8_t, std::uint8_t>(Element::UInt8),
    integer_folds<std::int16_t, std::uint16_t>(Element::Int16),
    integer_folds<std::uint16_t, std::uint16_t>(Element::UInt16),
    integer_folds<std::int32_t, std::uint32_t>(Element::Int32),
    integer_folds<std::uint32_t, std::uint32_t>(Element::UInt32),
    integer_folds<std::int64_t, std::uint64_t>(Element::Int64),
    integer_folds<std::uint64_t, std::uint64_t>(Element::UInt64),
    float_folds<float>(Element::Float32),
    float_folds<double>(Element::Float64),
    complex_folds<float>(Element::Complex64),
    complex_folds<double>(Element::Complex128),
};

constexpr Routines make_routines() {
  Routines table{};
  table.level = WASMNP_LEVEL_NAME;
  table.loops = loop_bodies;
  for (const FoldRow& row : kFoldRows) {
    const int i = static_cast<int>(row.element);
    table.sum[i] = row.sum;
    table.maximum[i] = row.maximum;
    table.minimum[i] = row.minimum;
  }
  const auto set = [&table](Element element, RunningSum scan) { table.running_sum[static_cast<int>(element)] = scan; };
  set(Element::Int32, running_sum_integers<std::uint32_t>);
  set(Element::UInt32, running_sum_integers<std::uint32_t>);
  set(Element::Int64, running_sum_integers<std::uint64_t>);
  set(Element::UInt64, running_sum_integers<std::uint64_t>);
  set(Element::Float32, running_sum_floats<float>);
  set(Element::Float64, running_sum_floats<double>);
  table.squares_float32 = sum_squares_around<float>;
  table.squares_float64 = sum_squares_around<double>;
  table.truncate_float32 = truncate_to_int32<float>;
  table.truncate_float64 = truncate_to_int32<double>;
  table.fourier_float32 = transform_layout<float>;
  table.fourier_float64 = transform_layout<double>;
  table.multiply_float32 = multiply_matrices<float>;
  table.multiply_float64 = multiply_matrices<double>;
  return table;
}

extern const Routines routines;
const Routines routines = make_routines();

}  // namespace wasmnp::ISA
