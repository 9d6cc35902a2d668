#include <gradus/graph/pool_vector.h>
#include <gradus/ops/kernels/elementwise/vector.h>
#include <gradus/ops/kernels/linalg/decompositions.h>
#include <gradus/ops/kernels/linalg/extremes.h>
#include <gradus/ops/kernels/linalg/part_product.h>
#include <gradus/ops/kernels/linalg/triangular.h>
#include <gradus/ops/kernels/shape/transpose_tiles.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace gradus::kernels {

namespace {

// By halves down to this many rows: u^T u is made from the upper triangle, whose rows are contiguous.
constexpr std::int64_t kRows = 16;
// Of a product whose upper triangle alone is wanted a square this wide is done in full.
constexpr std::int64_t kSquare = 64;

std::int64_t half(std::int64_t n) { return (n / 2 + kRows - 1) / kRows * kRows; }

// The first row whose pivot is not positive, or -1. What lies below the diagonal is not read and stays.
template <class T>
std::int64_t factor_few(T* a, std::int64_t step, std::int64_t n) {
  using V = Vector<T>;
  static_assert(kRows % V::kWidth == 0);
  std::array<T, static_cast<std::size_t>(kRows * kRows)> rows = {};
  const auto row = [&](std::int64_t i) { return rows.data() + i * kRows; };
  for (std::int64_t i = 0; i < n; ++i) std::copy(a + i * step + i, a + i * step + n, row(i) + i);
  for (std::int64_t i = 0; i < n; ++i) {
    const T pivot = row(i)[i];
    if (!(pivot > 0)) return i;
    const V root = std::sqrt(pivot);
    // Vectors that begin left of the diagonal have there what is never read.
    const std::int64_t first = i / V::kWidth * V::kWidth;
    for (std::int64_t j = first; j < n; j += V::kWidth) (V::load(row(i) + j) / root).store(row(i) + j);
    for (std::int64_t k = i + 1; k < n; ++k) {
      const V factor = -row(i)[k];
      for (std::int64_t j = k / V::kWidth * V::kWidth; j < n; j += V::kWidth) {
        multiply_add(factor, V::load(row(i) + j), V::load(row(k) + j)).store(row(k) + j);
      }
    }
  }
  for (std::int64_t i = 0; i < n; ++i) std::copy(row(i) + i, row(i) + n, a + i * step + i);
  return -1;
}

// The upper triangle of c less that of b^T b: b is [k, n], c [n, n].
template <class T>
void subtract_square(const T* b, T* c, std::int64_t step, std::int64_t k, std::int64_t n) {
  const auto subtract = [&](std::int64_t row, std::int64_t rows, std::int64_t column, std::int64_t columns) {
    part_product<T>({.m = rows,
                     .k = k,
                     .n = columns,
                     .a_step = step,
                     .b_step = step,
                     .out_step = step,
                     .a_transposed = true,
                     .sum = Sum::less},
                    b + row, b + column, c + row * step + column);
  };
  for (std::int64_t row = 0; row < n; row += kSquare) {
    subtract(row, std::min(kSquare, n - row), row, n - row);
  }
}

template <class T>
std::int64_t factor(T* a, std::int64_t step, std::int64_t n) {
  if (n <= kRows) return factor_few(a, step, n);
  const std::int64_t top = half(n), rest = n - top;
  std::int64_t failed = factor(a, step, top);
  if (failed >= 0) return failed;
  T *right = a + top, *below = a + top * (step + 1);
  solve_left<T>({.data = a, .step = step, .size = top, .upper = true, .transposed = true}, right, step, rest);
  subtract_square(right, below, step, top, rest);
  failed = factor(below, step, rest);
  return failed < 0 ? failed : failed + top;
}

}  // namespace

template <class T>
std::int64_t cholesky(const T* a, std::int64_t n, T* out) {
  if (n == 0) return -1;
  if (!all_finite(a, n * n)) {
    std::fill_n(out, n * n, std::numeric_limits<T>::quiet_NaN());
    return -1;
  }
  PoolVector<T> upper(static_cast<std::size_t>(n * n));
  transpose_tiles(a, n, upper.data(), n, n, n);
  for (std::int64_t i = 0; i < n * n; ++i) {
    upper[static_cast<std::size_t>(i)] = T(0.5) * upper[static_cast<std::size_t>(i)] + T(0.5) * a[i];
  }
  const std::int64_t failed = factor(upper.data(), n, n);
  for (std::int64_t i = 1; i < n; ++i) std::fill_n(upper.data() + i * n, i, T(0));
  transpose_tiles(upper.data(), n, out, n, n, n);
  return failed;
}

template std::int64_t cholesky<float>(const float*, std::int64_t, float*);
template std::int64_t cholesky<double>(const double*, std::int64_t, double*);

}  // namespace gradus::kernels
