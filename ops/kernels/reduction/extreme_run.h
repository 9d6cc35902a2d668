#pragma once

#include <gradus/ops/kernels/elementwise/vector_sums.h>
#include <gradus/ops/kernels/reduction/reduce_op.h>

#include <algorithm>
#include <cstdint>

// The extreme of contiguous values, and where a value stands, by vectors.

namespace gradus::kernels {

template <Extreme extreme, class T>
[[gnu::always_inline]] inline auto beyond(const T& a, const T& b) {
  if constexpr (extreme == Extreme::largest) {
    return a > b;
  } else {
    return a < b;
  }
}

// The extreme of some values; of no meaning where one is NaN.
template <class T>
struct RunExtreme {
  T value;
  bool nan = false;
};

// Of n values, n >= 1.
template <Extreme extreme, class T>
RunExtreme<T> extreme_of_run(const T* x, std::int64_t n) {
  using V = Vector<T>;
  constexpr std::int64_t kWidth = V::kWidth, kStep = 4 * kWidth;
  RunExtreme<T> result{x[0]};
  const auto better = [](auto a, auto b) __attribute__((always_inline)) {
    return beyond<extreme>(a, b) ? a : b;
  };
  if (n < kWidth) {
    for (std::int64_t i = 0; i < n; ++i) {
      result.nan = result.nan | (x[i] != x[i]);
      result.value = better(x[i], result.value);
    }
    return result;
  }
  const V first = V::load(x);
  V best[4] = {first, first, first, first};
  Mask<T> nan = first != first;
  const auto take = [&](V& most, std::int64_t i) {
    const V next = V::load(x + i);
    most = choose(beyond<extreme>(next, most), next, most);
    nan = nan || next != next;
  };
  std::int64_t i = kWidth;
  for (; i + kStep <= n; i += kStep) {
    for (std::int64_t k = 0; k < 4; ++k) take(best[k], i + k * kWidth);
  }
  for (; i < n; i += kWidth) take(best[0], std::min(i, n - kWidth));
  for (std::size_t k = 1; k < 4; ++k) best[0] = choose(beyond<extreme>(best[k], best[0]), best[k], best[0]);
  return {static_cast<T>(fold_by<typename V::Lane, V::kWidth>(best[0].values, better)), any(nan)};
}

// The first of the values x[0], x[1], … that `is` holds of, of a number or of a vector of them.
// REQUIRES that there is one among n.
template <class T, class Is>
std::int64_t first_in_run(const T* x, std::int64_t n, const Is& is) {
  constexpr std::int64_t kWidth = Vector<T>::kWidth;
  std::int64_t i = 0;
  while (i + kWidth <= n && !any(is(Vector<T>::load(x + i)))) i += kWidth;
  while (i < n - 1 && !is(x[i])) ++i;
  return i;
}

}  // namespace gradus::kernels
