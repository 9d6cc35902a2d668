#pragma once

#include <gradus/ops/kernels/elementwise/part_vector.h>

#include <algorithm>
#include <cstdint>

namespace gradus::kernels {

// What a loop reads: values one after the other.
template <class T>
struct Contiguous {
  using Value = T;
  const T* values;
  [[gnu::always_inline]] void advance() { values += Vector<T>::kWidth; }
};
// The same, or one value all along, of which there are copies for a vector.
template <class T>
struct Broadcast {
  using Value = T;
  const T* values;
  std::int64_t mask = -1;  // 0 where it is one value
  [[gnu::always_inline]] const T* at(std::int64_t i) const { return values + (i & mask); }
  [[gnu::always_inline]] void advance() { values = at(Vector<T>::kWidth); }
};

// One place calls f, so that the compiler meets its code once.
template <class F, class Out, class... In>
[[gnu::always_inline]] inline void each_vector_of(std::int64_t n, Out* out, const F& f, In... in) {
  constexpr std::int64_t kWidth = std::min({Vector<typename In::Value>::kWidth...});
  static_assert(((Vector<typename In::Value>::kWidth == kWidth) && ...));
  for (std::int64_t rest = n; rest > 0; rest -= kWidth) {
    const bool whole = rest >= kWidth;
    const auto load = [&]<class T>(const T* from) __attribute__((always_inline)) {
      return whole ? Vector<T>::load(from) : load_part(from, rest);
    };
    const auto result = f(load(in.values)...);
    whole ? result.store(out) : store_part(result, out, rest);
    (in.advance(), ...);
    out += kWidth;
  }
}
// out[i] = f(in[i]...) for n values, a vector at a time. The last one, where it is not whole, is padded: so
// each value is computed by the same code wherever it stands.
// REQUIRES that out is an operand or overlaps none.
template <class F, class Out, class... T>
[[gnu::always_inline]] inline void each_vector(std::int64_t n, Out* out, const F& f, const T*... in) {
  each_vector_of(n, out, f, Contiguous<T>{in}...);
}
template <class F, class Out, class... T>
[[gnu::always_inline]] inline void each_vector(std::int64_t n, Out* out, const F& f, Broadcast<T>... in) {
  each_vector_of(n, out, f, in...);
}

// The same, added to what `sums` holds.
template <class F, class T, class... In>
[[gnu::always_inline]] inline void each_sum(std::int64_t n, T* sums, const F& f, In... in) {
  const auto more = [&](Vector<T> sum, Vector<typename In::Value>... values) __attribute__((always_inline)) {
    return sum + f(values...);
  };
  each_vector_of(n, sums, more, Contiguous<T>{sums}, in...);
}

}  // namespace gradus::kernels
