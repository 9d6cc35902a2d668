#pragma once

#include <gradus/ops/kernels/elementwise/vector.h>

#include <algorithm>
#include <array>
#include <tuple>
#include <utility>

namespace gradus::kernels {

// n values, at least 1 and too few for a vector, with copies of the last behind them.
template <class T>
[[gnu::always_inline]] inline void pad(const T* values, std::int64_t n,
                                       std::array<T, Vector<T>::kWidth>& to) {
  to.fill(values[n - 1]);
  std::copy_n(values, n, to.data());
}

template <class F, class Out, class... T, std::size_t... I>
[[gnu::always_inline]] inline void each_vector(std::int64_t n, Out* out, const F& f,
                                               std::index_sequence<I...>, const T*... in) {
  constexpr std::int64_t kWidth = std::min({Vector<T>::kWidth...});
  static_assert(((Vector<T>::kWidth == kWidth) && ...));
  if (n <= 0) return;
  std::tuple<const T*...> from(in...);
  Out* to = out;
  std::int64_t last = n - kWidth;
  std::tuple<std::array<T, kWidth>...> copies;
  std::array<Out, kWidth> results;
  if (last < 0) {
    (pad(in, n, std::get<I>(copies)), ...);
    from = {std::get<I>(copies).data()...};
    to = results.data();
    last = 0;
  }
  // One place that calls f, so that the compiler meets its code once.
  for (std::int64_t i = 0;; i += kWidth) {
    const std::int64_t at = std::min(i, last);
    f(Vector<T>::load(std::get<I>(from) + at)...).store(to + at);
    if (i >= last) break;
  }
  if (to != out) std::copy_n(results.data(), n, out);
}
// out[i] = f(in[i]...) for n values, a vector at a time. The last vector overlaps the one before or, of few
// values, is padded: so each value is computed by the same code wherever it stands.
// REQUIRES that out overlaps no operand.
template <class F, class Out, class... T>
[[gnu::always_inline]] inline void each_vector(std::int64_t n, Out* out, const F& f, const T*... in) {
  each_vector(n, out, f, std::index_sequence_for<T...>(), in...);
}

}  // namespace gradus::kernels
