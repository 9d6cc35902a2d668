#pragma once

#include <gradus/ops/kernels/elementwise/vector_sums.h>

#include <cstdint>
#include <cstring>
#include <type_traits>

namespace gradus::kernels {

// Values of T from x on as a vector of double.
template <class T>
[[gnu::always_inline]] inline Vector<double> in_doubles(const T* x) {
  if constexpr (std::is_same_v<T, float>) {
    FloatHalf values;
    std::memcpy(&values, x, sizeof(values));
    return widened_half(values);
  } else {
    return Vector<double>::load(x);
  }
}

// The product of floating values, in double; see Note [Reductions].
template <class T>
struct ProductOf {
  using Total = double;
  static constexpr double start = 1;
  static constexpr bool kUniform = true;
  static double join(double a, double b) { return a * b; }

  double run(std::int64_t /*o*/, const T* x, std::int64_t n) const {
    // Two chains of products, each waiting for one product where four values are multiplied.
    const auto four = [&](std::int64_t i) {
      const auto at = [&](std::int64_t k) { return in_doubles(x + i + k * kWidth); };
      return (at(0) * at(1)) * (at(2) * at(3));
    };
    Vector<double> even = 1, odd = 1;
    std::int64_t i = 0;
    for (; i + 8 * kWidth <= n; i += 8 * kWidth) {
      even = even * four(i);
      odd = odd * four(i + 4 * kWidth);
    }
    for (; i + kWidth <= n; i += kWidth) even = even * in_doubles(x + i);
    double product = fold_by<double, kWidth>(
        (even * odd).values, [](auto a, auto b) __attribute__((always_inline)) { return a * b; });
    for (; i < n; ++i) product *= static_cast<double>(x[i]);
    return product;
  }

  void rows(std::int64_t /*o*/, const T* x, std::int64_t step, std::int64_t count, std::int64_t n,
            double* totals) const {
    for (; count >= 4; count -= 4, x += 4 * step) {
      std::int64_t j = 0;
      for (; j + kWidth <= n; j += kWidth) {
        const auto row = [=](std::int64_t r) { return in_doubles(x + r * step + j); };
        const Vector<double> product = (row(0) * row(1)) * (row(2) * row(3));
        (Vector<double>::load(totals + j) * product).store(totals + j);
      }
      for (; j < n; ++j) {
        const auto row = [=](std::int64_t r) { return static_cast<double>(x[r * step + j]); };
        totals[j] *= (row(0) * row(1)) * (row(2) * row(3));
      }
    }
    for (; count > 0; --count, x += step) {
      for (std::int64_t j = 0; j < n; ++j) totals[j] *= static_cast<double>(x[j]);
    }
  }

 private:
  static constexpr std::int64_t kWidth = Vector<double>::kWidth;
};

}  // namespace gradus::kernels
