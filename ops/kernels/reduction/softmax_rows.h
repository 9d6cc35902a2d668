#pragma once

#include <gradus/graph/parallel.h>
#include <gradus/graph/pool_vector.h>
#include <gradus/graph/tensor.h>
#include <gradus/ops/kernels/elementwise/vector_functions.h>
#include <gradus/ops/kernels/elementwise/vector_sums.h>
#include <gradus/ops/kernels/reduction/short_rows.h>
#include <gradus/ops/kernels/shape/axis_split.h>

#include <algorithm>
#include <cmath>

namespace gradus::kernels {

// The softmax of n contiguous values, shifted by their maximum.
template <class T>
void softmax_row(const T* x, T* y, std::int64_t n) {
  constexpr std::int64_t kWidth = Vector<T>::kWidth;
  const T max = largest(x, n);
  const double sum = stored_sum_of_vectors<T>(
      n, y, [max](Vector<T> v) { return exp(v - max); }, x);
  const T scale = static_cast<T>(1 / sum);
  std::int64_t i = 0;
  for (; i + kWidth <= n; i += kWidth) (Vector<T>::load(y + i) * scale).store(y + i);
  for (; i < n; ++i) y[i] *= scale;
}

// log(sum(e^(x - max))) of n values.
template <class T>
T log_sum_above(const T* x, T max, std::int64_t n) {
  const double sum = sum_of_vectors<T>(
      n, [max](Vector<T> v) { return exp(v - max); }, x);
  return static_cast<T>(std::log(sum));
}

// The softmax of each of the rows of n values.
template <class T>
void softmax_rows(const T* x, T* y, std::int64_t rows, std::int64_t n) {
  constexpr std::int64_t kGrain = std::int64_t{1} << 15;  // values: 10 us and more
  if (n == 0) return;
  parallel_for(rows, std::max<std::int64_t>(1, kGrain / n), [&](std::int64_t begin, std::int64_t end) {
    if (are_short(n)) {
      ShortPowers<T> powers;
      return each_short_block(begin, end, n, [&](std::int64_t first, std::int64_t count) {
        powers.set(x + first * n, count, n);
        powers.shares(count, n, y + first * n);
      });
    }
    for (std::int64_t row = begin; row < end; ++row) softmax_row(x + row * n, y + row * n, n);
  });
}

// Calls row(x, y, n) for contiguous copies of what lies along an axis: in place where it is contiguous
// already, through a buffer where it is not. `row` reads x and fills y.
template <class T, class Row>
void each_along_axis(const Tensor& from, Tensor& to, std::size_t axis, const Row& row) {
  const AxisSplit split(from.shape(), axis);
  if (from.size() == 0) return;
  const T* source = from.raw<T>();
  T* target = to.raw<T>();
  if (split.inner == 1) {
    for (std::int64_t o = 0; o < split.outer; ++o)
      row(source + o * split.extent, target + o * split.extent, split.extent);
    return;
  }
  PoolVector<T> x(static_cast<std::size_t>(split.extent)), y(x.size());
  for (std::int64_t o = 0; o < split.outer; ++o) {
    for (std::int64_t j = 0; j < split.inner; ++j) {
      const std::int64_t base = o * split.extent * split.inner + j;
      for (std::int64_t i = 0; i < split.extent; ++i)
        x[static_cast<std::size_t>(i)] = source[base + i * split.inner];
      row(x.data(), y.data(), split.extent);
      for (std::int64_t i = 0; i < split.extent; ++i)
        target[base + i * split.inner] = y[static_cast<std::size_t>(i)];
    }
  }
}

}  // namespace gradus::kernels
