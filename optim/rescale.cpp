#include <gradus/optim/rescale.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace gradus {

namespace {

// Eight running sums, so that the loop vectorises and the order of addition is the same everywhere.
template <class T>
double sum_of_squares(const T* x, std::size_t count, double unit) {
  constexpr std::size_t kLanes = 8;
  std::array<double, kLanes> sums = {};
  const std::size_t whole = count - count % kLanes;
  for (std::size_t i = 0; i < whole; i += kLanes) {
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      const double value = static_cast<double>(x[i + lane]) * unit;
      sums[lane] += value * value;
    }
  }
  for (std::size_t i = whole; i < count; ++i) {
    const double value = static_cast<double>(x[i]) * unit;
    sums[i - whole] += value * value;
  }
  return ((sums[0] + sums[4]) + (sums[1] + sums[5])) + ((sums[2] + sums[6]) + (sums[3] + sums[7]));
}

double sum_of_squares(std::span<const Tensor> tensors, double unit) {
  double sum = 0;
  for (const Tensor& tensor : tensors) {
    if (!tensor.defined()) continue;
    sum += dispatch_floating(tensor.dtype(), [&]<class T>() {
      return sum_of_squares(tensor.raw<T>(), static_cast<std::size_t>(tensor.size()), unit);
    });
  }
  return sum;
}

// Infinity where an element is not finite.
double largest_magnitude(std::span<const Tensor> tensors) {
  double largest = 0;
  for (const Tensor& tensor : tensors) {
    if (!tensor.defined()) continue;
    dispatch_floating(tensor.dtype(), [&]<class T>() {
      for (const T value : tensor.values<T>()) {
        if (!std::isfinite(value)) largest = std::numeric_limits<double>::infinity();
        largest = std::max(largest, static_cast<double>(std::abs(value)));
      }
    });
  }
  return largest;
}

}  // namespace

double norm_of(std::span<const Tensor> tensors) {
  const double sum = sum_of_squares(tensors, 1);
  if (!std::isinf(sum)) return std::sqrt(sum);
  // float64 above 1e154: the squares overflowed, or an element is infinite.
  const double largest = largest_magnitude(tensors);
  if (std::isinf(largest)) return largest;
  const double unit = std::ldexp(1.0, -std::ilogb(largest));  // exact
  return std::sqrt(sum_of_squares(tensors, unit)) / unit;
}

double clip_factor(double norm, double max_norm) {
  if (!std::isfinite(norm)) return std::numeric_limits<double>::quiet_NaN();
  return norm <= max_norm ? 1 : max_norm / norm;
}

Tensor scaled(const Tensor& x, double factor) {
  if (factor == 1) return x;
  return dispatch_floating(x.dtype(), [&]<class T>() {
    Tensor result = Tensor::empty(x.shape(), x.dtype());
    const T by = static_cast<T>(factor);
    T* out = result.raw<T>();
    for (const T value : x.values<T>()) *out++ = value * by;
    return result;
  });
}

Tensor clamped(const Tensor& x, double low, double high) {
  return dispatch_floating(x.dtype(), [&]<class T>() {
    Tensor result = Tensor::empty(x.shape(), x.dtype());
    const T least = static_cast<T>(low), most = static_cast<T>(high);
    T* out = result.raw<T>();
    for (const T value : x.values<T>()) {
      const T raised = value < least ? least : value;  // false for NaN, as the next
      *out++ = raised > most ? most : raised;
    }
    return result;
  });
}

}  // namespace gradus
