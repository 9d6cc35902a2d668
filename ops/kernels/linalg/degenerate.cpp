#include <gradus/ops/elementwise.h>
#include <gradus/ops/kernels/elementwise/vector_functions.h>
#include <gradus/ops/kernels/linalg/degenerate.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace gradus::kernels {

namespace {

template <class T>
T largest(const T* values, std::int64_t count) {
  using V = Vector<T>;
  V most = 0;
  std::int64_t i = 0;
  for (; i + V::kWidth <= count; i += V::kWidth) {
    const V size = abs(V::load(values + i));
    most = choose(size > most, size, most);
  }
  T lanes[V::kWidth];
  most.store(lanes);
  T result = *std::max_element(lanes, lanes + V::kWidth);
  for (; i < count; ++i) result = std::max(result, std::abs(values[i]));
  return result;
}

// The elements i, j and j, i of a matrix are at most `least`.
template <class T>
bool vanish(const T* matrix, std::int64_t k, std::int64_t i, std::int64_t j, T least) {
  return std::abs(matrix[i * k + j]) <= least && std::abs(matrix[j * k + i]) <= least;
}

// n / divisor where it is not 0, else 0: no pole is recorded.
Variable quotient(const Variable& n, const Variable& divisor) {
  const Tensor zero = Tensor::zeros({}, n.dtype()), one = Tensor::ones({}, n.dtype());
  const Variable dividing = not_equal(divisor, zero);
  return where(dividing, divide(n, where(dividing, divisor, one)), zero);
}

}  // namespace

Variable shielded_quotient(const Variable& n, const Variable& d,
                           std::initializer_list<const Variable*> terms) {
  const std::int64_t k = n.shape().back(), size = k * k;
  const bool recorded = n.requires_grad() || d.requires_grad();
  // What stands for d where it cannot be divided by: 0 for a result of 0, or NaN; 1 elsewhere. Where nothing
  // is recorded the quotient itself.
  Tensor result = recorded ? Tensor::ones(n.shape(), n.dtype()) : Tensor::empty(n.shape(), n.dtype());
  dispatch_floating(n.dtype(), [&]<class T>() {
    const T rounding = 16 * static_cast<T>(k) * std::numeric_limits<T>::epsilon();
    for (std::int64_t at = 0; at < result.size(); at += size) {
      const auto matrix = [at](const Variable& x) { return x.value().raw<T>() + at; };
      T most = 0;
      for (const Variable* term : terms) most = std::max(most, largest(matrix(*term), size));
      const T *above = matrix(n), *below = matrix(d);
      const T least = rounding * most, least_divisor = rounding * largest(below, size);
      T* to = result.raw<T>() + at;
      for (std::int64_t i = 0; i < k; ++i, above += k, below += k, to += k) {
        int small = 0;
        for (std::int64_t j = 0; j < k; ++j) {
          small += std::abs(below[j]) <= least_divisor ? 1 : 0;
          if (!recorded) to[j] = above[j] / below[j];
        }
        for (std::int64_t j = 0; small != 0 && j < k; ++j) {
          if (!(std::abs(below[j]) <= least_divisor)) continue;
          --small;
          const bool unused = std::ranges::all_of(
              terms, [&](const Variable* term) { return vanish(matrix(*term), k, i, j, least); });
          to[j] = unused ? T(0) : std::numeric_limits<T>::quiet_NaN();
        }
        to[i] = 0;
      }
    }
  });
  if (!recorded) return Variable(std::move(result));
  const Tensor one = Tensor::ones({}, n.dtype());
  return quotient(n, where(equal(result, one), d, result));
}

Variable shielded_quotient(const Variable& n, const Variable& d) {
  const Tensor zero = Tensor::zeros({}, n.dtype());
  const Tensor pole = Tensor::full({}, std::numeric_limits<double>::quiet_NaN(), n.dtype());
  const Variable stuck = where(equal(n, zero), zero, pole);
  return quotient(n, where(equal(d, zero), stuck, d));
}

}  // namespace gradus::kernels
