#pragma once

#include <gradus/graph/pool_vector.h>
#include <gradus/graph/tensor.h>
#include <gradus/ops/kernels/elementwise/lanes.h>
#include <gradus/ops/kernels/shape/axis_split.h>

#include <algorithm>
#include <cmath>

namespace gradus::kernels {

// The softmax of n contiguous values, shifted by their maximum; returns the maximum and log(sum(e^(x -
// max))).
template <class T>
struct RowSums {
  T max = 0;
  T log_sum = 0;
};
template <class T>
RowSums<T> softmax_row(const T* x, T* y, std::int64_t n) {
  const Lanes<T> values(x, n);
  MutableLanes<T> result(y, n);
  const T max = values.template maxCoeff<Eigen::PropagateNaN>();
  result = exp(values - max);
  const T sum = result.sum();
  result *= 1 / sum;
  return {max, std::log(sum)};
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
