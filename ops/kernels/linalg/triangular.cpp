#include <gradus/graph/pool_vector.h>
#include <gradus/ops/kernels/elementwise/vector.h>
#include <gradus/ops/kernels/linalg/part_product.h>
#include <gradus/ops/kernels/linalg/triangular.h>
#include <gradus/ops/kernels/shape/transpose_tiles.h>

#include <algorithm>
#include <array>

namespace gradus::kernels {

namespace {

// A triangle of at most this many rows is solved row by row.
constexpr std::int64_t kRows = 16;
constexpr std::int64_t kStrip = 256;  // rows of b that are turned into columns at a time

// Whether the first of the unknowns is the one that no other is needed for.
template <class T>
bool forward(const Triangular<T>& a) {
  return a.upper == a.transposed;
}
template <class T>
T element(const Triangular<T>& a, std::int64_t i, std::int64_t j) {
  return a.transposed ? a.data[j * a.step + i] : a.data[i * a.step + j];
}
// The triangle of `size` rows that begins at row `first`.
template <class T>
Triangular<T> on_diagonal(Triangular<T> a, std::int64_t first, std::int64_t size) {
  a.data += first * (a.step + 1);
  a.size = size;
  return a;
}
// Where the square beside two such triangles begins, the first with n rows.
template <class T>
const T* beside(const Triangular<T>& a, std::int64_t n) {
  return a.upper ? a.data + n : a.data + n * a.step;
}
std::int64_t half(std::int64_t n) { return (n / 2 + kRows - 1) / kRows * kRows; }

// `vectors` of columns of b.
template <int vectors, class T>
void solve_rows(const Triangular<T>& a, T* b, std::int64_t step) {
  using V = Vector<T>;
  for (std::int64_t k = 0; k < a.size; ++k) {
    const std::int64_t i = forward(a) ? k : a.size - 1 - k;
    T* row = b + i * step;
    V sums[vectors];
#pragma GCC unroll 4
    for (int v = 0; v < vectors; ++v) sums[v] = V::load(row + v * V::kWidth);
    for (std::int64_t l = 0; l < k; ++l) {
      const std::int64_t j = forward(a) ? l : a.size - 1 - l;
      const V factor = -element(a, i, j);
#pragma GCC unroll 4
      for (int v = 0; v < vectors; ++v) {
        sums[v] = multiply_add(factor, V::load(b + j * step + v * V::kWidth), sums[v]);
      }
    }
    const V pivot = a.unit ? T(1) : element(a, i, i);
#pragma GCC unroll 4
    for (int v = 0; v < vectors; ++v) (a.unit ? sums[v] : sums[v] / pivot).store(row + v * V::kWidth);
  }
}

// REQUIRES a.size <= kRows.
template <class T>
void solve_few(const Triangular<T>& a, T* b, std::int64_t step, std::int64_t columns) {
  constexpr std::int64_t kWidth = Vector<T>::kWidth;
  std::int64_t at = 0;
  for (; at + 4 * kWidth <= columns; at += 4 * kWidth) solve_rows<4>(a, b + at, step);
  for (; at + kWidth <= columns; at += kWidth) solve_rows<1>(a, b + at, step);
  if (at == columns) return;
  std::array<T, static_cast<std::size_t>(kRows * kWidth)> rest = {};
  for (std::int64_t i = 0; i < a.size; ++i) {
    std::copy_n(b + i * step + at, columns - at, rest.data() + i * kWidth);
  }
  solve_rows<1>(a, rest.data(), kWidth);
  for (std::int64_t i = 0; i < a.size; ++i) {
    std::copy_n(rest.data() + i * kWidth, columns - at, b + i * step + at);
  }
}

}  // namespace

template <class T>
void solve_left(const Triangular<T>& a, T* b, std::int64_t step, std::int64_t columns) {
  if (a.size <= kRows) return solve_few(a, b, step, columns);
  const std::int64_t n = half(a.size), m = a.size - n;
  const auto solve = [&](bool first) {
    if (first) return solve_left(on_diagonal(a, 0, n), b, step, columns);
    solve_left(on_diagonal(a, n, m), b + n * step, step, columns);
  };
  const bool down = forward(a);
  solve(down);
  T *known = down ? b : b + n * step, *rest = down ? b + n * step : b;
  part_product<T>({.m = down ? m : n,
                   .k = down ? n : m,
                   .n = columns,
                   .a_step = a.step,
                   .b_step = step,
                   .out_step = step,
                   .a_transposed = a.transposed,
                   .sum = Sum::less},
                  beside(a, n), known, rest);
  solve(!down);
}

template <class T>
void solve_right(const Triangular<T>& a, T* b, std::int64_t step, std::int64_t rows) {
  if (a.size <= kRows) {  // a^-T b^T
    Triangular<T> turned = a;
    turned.transposed = !a.transposed;
    PoolVector<T> strip(static_cast<std::size_t>(a.size * kStrip));
    for (std::int64_t row = 0; row < rows; row += kStrip) {
      const std::int64_t count = std::min(kStrip, rows - row);
      T* part = b + row * step;
      transpose_tiles(part, step, strip.data(), kStrip, count, a.size);
      solve_few(turned, strip.data(), kStrip, count);
      transpose_tiles(strip.data(), kStrip, part, step, a.size, count);
    }
    return;
  }
  const std::int64_t n = half(a.size), m = a.size - n;
  const auto solve = [&](bool first) {
    if (first) return solve_right(on_diagonal(a, 0, n), b, step, rows);
    solve_right(on_diagonal(a, n, m), b + n, step, rows);
  };
  const bool down = !forward(a);
  solve(down);
  T *known = down ? b : b + n, *rest = down ? b + n : b;
  part_product<T>({.m = rows,
                   .k = down ? n : m,
                   .n = down ? m : n,
                   .a_step = step,
                   .b_step = a.step,
                   .out_step = step,
                   .b_transposed = a.transposed,
                   .sum = Sum::less},
                  known, beside(a, n), rest);
  solve(!down);
}

#define GRADUS_INSTANTIATE(T)                                                     \
  template void solve_left(const Triangular<T>&, T*, std::int64_t, std::int64_t); \
  template void solve_right(const Triangular<T>&, T*, std::int64_t, std::int64_t);
GRADUS_INSTANTIATE(float)
GRADUS_INSTANTIATE(double)
#undef GRADUS_INSTANTIATE

}  // namespace gradus::kernels
