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

// What a loop reads: values one after the other.
template <class T>
struct Contiguous {
  using Value = T;
  const T* values;
  [[gnu::always_inline]] const T* at(std::int64_t i) const { return values + i; }
};
// The same, or one value all along, of which there are copies for a vector.
template <class T>
struct Broadcast {
  using Value = T;
  const T* values;
  std::int64_t mask = -1;  // 0 where it is one value
  [[gnu::always_inline]] const T* at(std::int64_t i) const { return values + (i & mask); }
};

template <class F, class Out, class... In, std::size_t... I>
[[gnu::always_inline]] inline void each_vector_of(std::int64_t n, Out* out, const F& f,
                                                  std::index_sequence<I...>, In... in) {
  constexpr std::int64_t kWidth = std::min({Vector<typename In::Value>::kWidth...});
  static_assert(((Vector<typename In::Value>::kWidth == kWidth) && ...));
  if (n <= 0) return;
  std::tuple<In...> from(in...);
  Out* to = out;
  std::int64_t last = n - kWidth;
  std::tuple<std::array<typename In::Value, kWidth>...> copies;
  std::array<Out, kWidth> results;
  if (last < 0) {
    (pad(in.values, n, std::get<I>(copies)), ...);
    ((std::get<I>(from).values = std::get<I>(copies).data()), ...);
    to = results.data();
    last = 0;
  }
  // The last vector, then those before it. One place calls f, so that the compiler meets its code once.
  for (std::int64_t i = last, end = last + 1;;) {
    for (; i < end; i += kWidth) {
      f(Vector<typename In::Value>::load(std::get<I>(from).at(i))...).store(to + i);
    }
    if (end == last) break;
    i = 0;
    end = last;
  }
  if (to != out) std::copy_n(results.data(), n, out);
}
// out[i] = f(in[i]...) for n values, a vector at a time. The last vector overlaps the one before or, of few
// values, is padded: so each value is computed by the same code wherever it stands.
// REQUIRES that out overlaps no operand.
template <class F, class Out, class... T>
[[gnu::always_inline]] inline void each_vector(std::int64_t n, Out* out, const F& f, const T*... in) {
  each_vector_of(n, out, f, std::index_sequence_for<T...>(), Contiguous<T>{in}...);
}
template <class F, class Out, class... T>
[[gnu::always_inline]] inline void each_vector(std::int64_t n, Out* out, const F& f, Broadcast<T>... in) {
  each_vector_of(n, out, f, std::index_sequence_for<T...>(), in...);
}

}  // namespace gradus::kernels
