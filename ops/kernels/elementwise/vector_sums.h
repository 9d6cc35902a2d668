#pragma once

#include <gradus/ops/kernels/elementwise/vector_loops.h>

#include <limits>

// Sums and largest values by vectors.

namespace gradus::kernels {

// n lanes combined: halves, quarters, …
template <class T, int n, class Values, class Combine>
[[gnu::always_inline]] inline T fold_by(Values values, const Combine& combine) {
  if constexpr (n == 2) {
    return combine(values[0], values[1]);
  } else {
    typedef T Half __attribute__((vector_size(sizeof(T) * n / 2)));
    const auto halves = [&]<std::size_t... I>(std::index_sequence<I...>) __attribute__((always_inline)) {
      const Half low = __builtin_shufflevector(values, values, static_cast<int>(I)...);
      const Half high = __builtin_shufflevector(values, values, static_cast<int>(I + sizeof...(I))...);
      return combine(low, high);
    };
    return fold_by<T, n / 2>(halves(std::make_index_sequence<n / 2>()), combine);
  }
}
// Their sum.
template <class T, int n, class Values>
[[gnu::always_inline]] inline T fold(Values values) {
  return fold_by<T, n>(
      values, [](auto a, auto b) __attribute__((always_inline)) { return a + b; });
}

// The sum of f(in[i]...) over n values, in an order that depends on n alone; where `out` is not null each is
// stored there, too. REQUIRES that out overlaps no operand.
template <class T, class F, class... In>
[[gnu::always_inline]] inline double stored_sum_of_vectors(std::int64_t n, T* out, const F& f,
                                                           const In*... in) {
  constexpr std::int64_t kWidth = Vector<T>::kWidth, kAtOnce = 128 * kWidth;
  const auto at = [&](std::int64_t i) {
    const Vector<T> value = f(Vector<In>::load(in + i)...);
    if (out != nullptr) value.store(out + i);
    return value;
  };
  double total = 0;
  for (std::int64_t start = 0; start < n; start += kAtOnce) {
    const std::int64_t end = std::min(n, start + kAtOnce);
    Vector<T> even = 0, odd = 0;
    std::int64_t i = start;
    for (; i + 2 * kWidth <= end; i += 2 * kWidth) {
      even = even + at(i);
      odd = odd + at(i + kWidth);
    }
    if (i + kWidth <= end) {
      even = even + at(i);
      i += kWidth;
    }
    total += static_cast<double>(fold<T, kWidth>((even + odd).values));
    if (i == end) continue;
    T lanes[kWidth];
    f(load_part(in + i, end - i)...).store(lanes);
    for (std::int64_t k = 0; k < end - i; ++k) total += static_cast<double>(lanes[k]);
    if (out != nullptr) std::copy_n(lanes, end - i, out + i);
  }
  return total;
}
template <class T, class F, class... In>
[[gnu::always_inline]] inline double sum_of_vectors(std::int64_t n, const F& f, const In*... in) {
  return stored_sum_of_vectors<T>(n, static_cast<T*>(nullptr), f, in...);
}

// The largest of n values, NaN if one is; -inf of none.
template <class T>
[[gnu::always_inline]] inline T largest(const T* values, std::int64_t n) {
  using V = Vector<T>;
  constexpr std::int64_t kWidth = V::kWidth;
  const auto larger = [](auto a, auto b) __attribute__((always_inline)) {
    return ((a > b) | (a != a)) ? a : b;
  };
  if (n >= kWidth) {
    V lanes = V::load(values), others = lanes;  // two chains: each choice waits for the one before
    const auto take = [&](V & most, std::int64_t i) __attribute__((always_inline)) {
      most = larger(most.values, V::load(values + i).values);
    };
    std::int64_t i = kWidth;
    for (; i + 2 * kWidth <= n; i += 2 * kWidth) {
      take(lanes, i);
      take(others, i + kWidth);
    }
    for (; i < n; i += kWidth) take(lanes, std::min(i, n - kWidth));
    return fold_by<T, kWidth>(larger(lanes.values, others.values), larger);
  }
  T result = -std::numeric_limits<T>::infinity();
  for (std::int64_t i = 0; i < n; ++i) result = larger(result, values[i]);
  return result;
}

}  // namespace gradus::kernels
