#include <gradus/graph/error.h>
#include <gradus/graph/number_text.h>
#include <gradus/models/data/normalize.h>

#include <algorithm>
#include <cmath>

namespace gradus {

namespace {

// The norm of `count` values that lie `stride` apart, scaled by the largest so that no power overflows.
template <class T>
double norm(const T* x, std::int64_t count, std::int64_t stride, double order) {
  double largest = 0;
  bool has_nan = false;
  for (std::int64_t i = 0; i < count; ++i) {
    const double size = std::abs(static_cast<double>(x[i * stride]));
    has_nan = has_nan || std::isnan(size);
    largest = std::max(largest, size);
  }
  if (has_nan) return std::nan("");
  if (largest == 0 || std::isinf(order) || std::isinf(largest)) return largest;
  double sum = 0;
  for (std::int64_t i = 0; i < count; ++i) {
    const double size = std::abs(static_cast<double>(x[i * stride])) / largest;
    sum += order == 1 ? size : order == 2 ? size * size : std::pow(size, order);
  }
  return largest * (order == 1 ? sum : order == 2 ? std::sqrt(sum) : std::pow(sum, 1 / order));
}

}  // namespace

Tensor normalize(const Tensor& given, const NormalizeOptions& options) {
  given.require_defined();
  if (!(options.order > 0)) {
    throw ValueError("normalize: order must be positive, got " + scalar_text(options.order));
  }
  const Tensor x = given.rank() == 0 ? given.reshape({1}) : given;
  const std::size_t axis = x.shape().normalize_axis(options.axis);
  const std::int64_t count = x.shape()[axis];
  std::int64_t stride = 1;
  for (std::size_t i = axis + 1; i < static_cast<std::size_t>(x.rank()); ++i) stride *= x.shape()[i];
  Tensor result = Tensor::empty(x.shape(), x.dtype() == DType::float32 ? DType::float32 : DType::float64);
  if (x.size() == 0) return result;
  dispatch(x.dtype(), [&]<class T>() {
    dispatch_floating(result.dtype(), [&]<class R>() {
      for (std::int64_t line = 0; line < x.size() / count; ++line) {
        const std::int64_t begin = line / stride * count * stride + line % stride;
        const T* in = x.raw<T>() + begin;
        R* out = result.raw<R>() + begin;
        const double size = norm(in, count, stride, options.order), divisor = size == 0 ? 1 : size;
        for (std::int64_t i = 0; i < count; ++i) {
          out[i * stride] = static_cast<R>(static_cast<double>(in[i * stride]) / divisor);
        }
      }
    });
  });
  return result;
}

}  // namespace gradus
