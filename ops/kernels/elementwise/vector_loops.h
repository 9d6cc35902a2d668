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

// Values that are not set, as a std::array's in a tuple would be; one vector's unless told.
template <class T, std::int64_t count = Vector<T>::kWidth>
struct Unset {
  Unset() {}  // NOLINT: on purpose
  std::array<T, count> values;
};

template <class F, class Out, class... In, std::size_t... I>
[[gnu::always_inline]] inline void each_vector_of(std::int64_t n, Out* out, const F& f,
                                                  std::index_sequence<I...>, In... in) {
  constexpr std::int64_t kWidth = std::min({Vector<typename In::Value>::kWidth...});
  static_assert(((Vector<typename In::Value>::kWidth == kWidth) && ...));
  if (n <= 0) return;
  std::tuple<In...> from(in...);
  const bool even = n % kWidth == 0;  // no vector is cut short
  const std::int64_t last = even ? n : std::max<std::int64_t>(n - kWidth, 0);
  std::tuple<Unset<typename In::Value>...> copies;
  if (n < kWidth) {
    (pad(in.values, n, std::get<I>(copies).values), ...);
    ((std::get<I>(from).values = std::get<I>(copies).values.data()), ...);
  }
  // A last vector cut short comes first and is stored when all have been read. One place calls f, so that the
  // compiler meets its code once.
  std::array<Out, kWidth> results;
  Out* to = even ? out : results.data();
  for (std::int64_t i = even ? 0 : last, end = even ? last : last + 1;;) {
    for (; i < end; i += kWidth, to += kWidth) {
      f(Vector<typename In::Value>::load(std::get<I>(from).at(i))...).store(to);
    }
    if (end == last) break;
    i = 0;
    end = last;
    to = out;
  }
  if (even) return;
  if (n < kWidth) {
    std::copy_n(results.data(), n, out);
  } else {
    std::copy_n(results.data(), kWidth, out + last);
  }
}
// out[i] = f(in[i]...) for n values, a vector at a time. The last vector overlaps the one before or, of few
// values, is padded: so each value is computed by the same code wherever it stands.
// REQUIRES that out is an operand or overlaps none.
template <class F, class Out, class... T>
[[gnu::always_inline]] inline void each_vector(std::int64_t n, Out* out, const F& f, const T*... in) {
  each_vector_of(n, out, f, std::index_sequence_for<T...>(), Contiguous<T>{in}...);
}
template <class F, class Out, class... T>
[[gnu::always_inline]] inline void each_vector(std::int64_t n, Out* out, const F& f, Broadcast<T>... in) {
  each_vector_of(n, out, f, std::index_sequence_for<T...>(), in...);
}

// The same, added to what `sums` holds.
template <class F, class T, class... In>
[[gnu::always_inline]] inline void each_sum(std::int64_t n, T* sums, const F& f, In... in) {
  const auto more = [&](Vector<T> sum, Vector<typename In::Value>... values) __attribute__((always_inline)) {
    return sum + f(values...);
  };
  using First = std::tuple_element_t<0, std::tuple<In...>>;
  each_vector_of(n, sums, more, std::make_index_sequence<sizeof...(In) + 1>(), First{sums}, in...);
}

}  // namespace gradus::kernels
