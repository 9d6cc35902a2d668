#include <gradus/ops/kernels/linalg/narrow_product.h>

#if defined(__AVX2__) && defined(__FMA__)

#include <immintrin.h>

#include <cstring>

namespace gradus::kernels {

namespace {

// 2 to kMostColumns columns of 2 rows and more.
constexpr std::int64_t kMostColumns = 8, kMostWork = 2048;
bool is_narrow(const ProductShape& s) {
  return s.m > 1 && 1 < s.n && s.n <= kMostColumns && s.m * s.n <= kMostWork / s.k;
}

// A row of the result, in one register.
template <int columns>
using Row [[gnu::vector_size(columns * sizeof(float))]] = float;

template <int columns>
[[gnu::always_inline]] inline Row<columns> multiply_add(float a, Row<columns> b, Row<columns> c) {
  if constexpr (columns == 4) {
    return _mm_fmadd_ps(_mm_set1_ps(a), b, c);
  } else {
    return _mm256_fmadd_ps(_mm256_set1_ps(a), b, c);
  }
}

template <int columns>
[[gnu::always_inline]] inline Row<columns> load(const float* from) {
  Row<columns> row;
  std::memcpy(&row, from, sizeof(row));
  return row;
}

// The first n columns of a row that is `columns` wide, and their way back.
template <int columns, bool whole>
[[gnu::always_inline]] inline Row<columns> get(const float* from, std::int64_t n) {
  if constexpr (whole) {
    return load<columns>(from);
  } else {
    Row<columns> row = {};
    for (int j = 0; j < columns && j < n; ++j) row[j] = from[j];
    return row;
  }
}
template <int columns, bool whole>
[[gnu::always_inline]] inline void put(Row<columns> row, std::int64_t n, float* to) {
  if constexpr (whole) {
    std::memcpy(to, &row, sizeof(row));
  } else {
    for (int j = 0; j < columns && j < n; ++j) to[j] = row[j];
  }
}

// b's rows, `columns` apart, with zeros behind them.
template <int columns>
void pad(const ProductShape& s, const float* b, float* to) {
  const std::int64_t row_step = s.b_transposed ? 1 : s.b_step, column_step = s.b_transposed ? s.b_step : 1;
  for (std::int64_t l = 0; l < s.k; ++l, to += columns) {
    for (std::int64_t j = 0; j < columns; ++j) to[j] = j < s.n ? b[l * row_step + j * column_step] : 0;
  }
}

template <int columns, bool whole>
void multiply(const ProductShape& s, const float* a, const float* b, float* out) {
  float padded[kMostWork / 4 * columns];  // m and n are 2 or more
  std::int64_t b_step = s.b_step;
  if (!whole || s.b_transposed) {
    pad<columns>(s, b, padded);
    b = padded;
    b_step = columns;
  }
  const std::int64_t row_step = s.a_transposed ? 1 : s.a_step, inner_step = s.a_transposed ? s.a_step : 1;
  // Several rows at once: each sum waits for the one before.
  const auto multiply_rows = [&]<int rows>(std::int64_t i) {
    float* const to = out + i * s.out_step;
    Row<columns> sums[rows] = {};
    if (s.sum == Sum::into) {
#pragma GCC unroll 4
      for (int r = 0; r < rows; ++r) sums[r] = get<columns, whole>(to + r * s.out_step, s.n);
    }
    const float* left = a + i * row_step;
    for (std::int64_t l = 0; l < s.k; ++l, left += inner_step) {
      const Row<columns> right = load<columns>(b + l * b_step);
#pragma GCC unroll 4
      for (int r = 0; r < rows; ++r) sums[r] = multiply_add<columns>(left[r * row_step], right, sums[r]);
    }
#pragma GCC unroll 4
    for (int r = 0; r < rows; ++r) put<columns, whole>(sums[r], s.n, to + r * s.out_step);
  };
  std::int64_t i = 0;
  for (; i + 4 <= s.m; i += 4) multiply_rows.template operator()<4>(i);
  for (; i + 2 <= s.m; i += 2) multiply_rows.template operator()<2>(i);
  if (i < s.m) multiply_rows.template operator()<1>(i);
}
template <int columns>
void multiply(const ProductShape& s, const float* a, const float* b, float* out) {
  s.n == columns ? multiply<columns, true>(s, a, b, out) : multiply<columns, false>(s, a, b, out);
}

}  // namespace

bool narrow_product(const ProductShape& shape, const float* a, const float* b, float* out) {
  if (!is_narrow(shape)) return false;
  shape.n <= 4 ? multiply<4>(shape, a, b, out) : multiply<8>(shape, a, b, out);
  return true;
}

}  // namespace gradus::kernels

#else

namespace gradus::kernels {

bool narrow_product(const ProductShape& /*shape*/, const float* /*a*/, const float* /*b*/, float* /*out*/) {
  return false;
}

}  // namespace gradus::kernels

#endif
