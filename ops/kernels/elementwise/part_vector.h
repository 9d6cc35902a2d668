#pragma once

#include <gradus/ops/kernels/elementwise/vector.h>

#include <cstdint>
#include <cstring>
#include <type_traits>

// Vectors of which some lanes are left out: what stands at the end of a row.

namespace gradus::kernels {

#ifdef __AVX512F__
// Whether the processor reads and writes single lanes of the type.
template <class T>
constexpr bool kMasked = sizeof(T) == 4 || sizeof(T) == 8;
#endif

// Fewer than 2 * kMost values, by pieces whose sizes the compiler knows.
template <std::size_t kMost, class T>
[[gnu::always_inline]] inline void copy_few(const T* from, std::int64_t count, T* to) {
  constexpr auto kPiece = static_cast<std::int64_t>(kMost);
  const std::int64_t done = count & kPiece;
  if (done != 0) std::memcpy(to, from, kMost * sizeof(T));
  if constexpr (kMost > 1) copy_few<kMost / 2>(from + done, count - done, to + done);
}

// The first `count` values and, in the lanes behind them, copies of the last. REQUIRES 1 <= count < kWidth.
template <class T>
[[gnu::always_inline]] inline Vector<T> load_part(const T* from, std::int64_t count) {
  using V = Vector<T>;
#ifdef __AVX512F__
  if constexpr (kMasked<T>) {
    const auto last = reinterpret_cast<__m512i>(V(from[count - 1]).values);
    const unsigned lanes = (1U << count) - 1;
    if constexpr (sizeof(T) == 4) {
      return reinterpret_cast<typename V::Values>(
          _mm512_mask_loadu_epi32(last, static_cast<__mmask16>(lanes), from));
    } else {
      return reinterpret_cast<typename V::Values>(
          _mm512_mask_loadu_epi64(last, static_cast<__mmask8>(lanes), from));
    }
  }
#endif
  T lanes[V::kWidth];
  V(from[count - 1]).store(lanes);
  copy_few<V::kWidth / 2>(from, count, lanes);
  return V::load(lanes);
}

// Its first `count` lanes. REQUIRES 1 <= count < kWidth.
template <class V, class T>
[[gnu::always_inline]] inline void store_part(const V& vector, T* to, std::int64_t count) {
#ifdef __AVX512F__
  if constexpr (std::is_same_v<V, Vector<T>> && kMasked<T>) {
    const auto values = reinterpret_cast<__m512i>(vector.values);
    const unsigned lanes = (1U << count) - 1;
    if constexpr (sizeof(T) == 4) {
      _mm512_mask_storeu_epi32(to, static_cast<__mmask16>(lanes), values);
    } else {
      _mm512_mask_storeu_epi64(to, static_cast<__mmask8>(lanes), values);
    }
    return;
  }
#endif
  T lanes[V::kWidth];
  vector.store(lanes);
  copy_few<V::kWidth / 2>(lanes, count, to);
}

}  // namespace gradus::kernels
