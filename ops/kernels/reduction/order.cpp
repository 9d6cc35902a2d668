#include <gradus/graph/pool_vector.h>
#include <gradus/ops/kernels/reduction/order.h>
#include <gradus/ops/kernels/shape/axis_split.h>

#include <algorithm>
#include <numeric>

namespace gradus::kernels {

namespace {

template <class T>
bool is_nan(T x) {
  return x != x;
}

// a before b, and NaN behind all.
template <class T>
bool ascends(T a, T b) {
  return a < b || (is_nan(b) && !is_nan(a));
}

}  // namespace

Tensor ascending_positions(const Tensor& x, std::size_t axis) {
  const AxisSplit split(x.shape(), axis);
  Tensor positions = Tensor::empty(x.shape(), DType::int64);
  if (positions.size() == 0) return positions;
  PoolVector<std::int64_t> order(static_cast<std::size_t>(split.extent));
  dispatch(x.dtype(), [&]<class T>() {
    for (std::int64_t line = 0; line < split.outer * split.inner; ++line) {
      const std::int64_t at = line / split.inner * split.extent * split.inner + line % split.inner;
      const T* values = x.raw<T>() + at;
      std::iota(order.begin(), order.end(), std::int64_t{0});
      std::stable_sort(order.begin(), order.end(), [&](std::int64_t a, std::int64_t b) {
        return ascends(values[a * split.inner], values[b * split.inner]);
      });
      std::int64_t* to = positions.raw<std::int64_t>() + at;
      for (std::int64_t i = 0; i < split.extent; ++i)
        to[i * split.inner] = order[static_cast<std::size_t>(i)];
    }
  });
  return positions;
}

Tensor largest_positions(const Tensor& x, std::int64_t k) {
  const AxisSplit split(x.shape(), x.shape().dims().size() - 1);
  Dims dims = x.shape().dims();
  dims[dims.size() - 1] = k;
  Tensor positions = Tensor::empty(Shape(std::move(dims)), DType::int64);
  if (positions.size() == 0) return positions;
  PoolVector<std::int64_t> order(static_cast<std::size_t>(split.extent));
  dispatch(x.dtype(), [&]<class T>() {
    for (std::int64_t line = 0; line < split.outer; ++line) {
      const T* values = x.raw<T>() + line * split.extent;
      std::iota(order.begin(), order.end(), std::int64_t{0});
      std::partial_sort(order.begin(), order.begin() + k, order.end(), [&](std::int64_t a, std::int64_t b) {
        return ascends(values[b], values[a]) || (!ascends(values[a], values[b]) && a < b);
      });
      std::copy_n(order.begin(), k, positions.raw<std::int64_t>() + line * k);
    }
  });
  return positions;
}

void extreme_positions(Extreme extreme, const Tensor& x, const Shape& shape, std::size_t axis, Tensor& out) {
  const AxisSplit split(shape, axis);
  const bool largest = extreme == Extreme::largest;
  std::int64_t* result = out.raw<std::int64_t>();
  std::fill_n(result, out.size(), 0);
  dispatch(x.dtype(), [&]<class T>() {
    const T* values = x.raw<T>();
    for (std::int64_t outer = 0; outer < split.outer; ++outer) {
      const T* block = values + outer * split.extent * split.inner;
      std::int64_t* best = result + outer * split.inner;
      for (std::int64_t i = 1; i < split.extent; ++i) {
        for (std::int64_t j = 0; j < split.inner; ++j) {
          const T next = block[i * split.inner + j], so_far = block[best[j] * split.inner + j];
          const bool beyond = largest ? next > so_far : next < so_far;
          if (beyond || (is_nan(next) && !is_nan(so_far))) best[j] = i;
        }
      }
    }
  });
}

}  // namespace gradus::kernels
