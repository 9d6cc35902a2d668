#pragma once

#include <Eigen/Core>

#include <concepts>
#include <cstdint>
#include <cstring>
#include <type_traits>
#include <utility>

// Note [Vectors]
// What a functor sees of a tensor's values: one register of them at a time. Operators and the functions of
// vector_functions.h work on each lane; comparisons give a Mask, which `where` chooses by. Everything is
// inlined always, at any level of optimisation: a copy made at a user's flags must not replace the library's.
// A product and a sum are rounded apart unless `multiply_add` says otherwise.

namespace gradus::kernels {

#ifdef __AVX512F__
constexpr int kVectorBytes = 64;
#elif defined(__AVX__)
constexpr int kVectorBytes = 32;
#else
constexpr int kVectorBytes = 16;
#endif

// The integers that hold the bits of one lane.
template <int bytes>
struct LaneBits;
template <>
struct LaneBits<1> {
  using type = signed char;
};
template <>
struct LaneBits<4> {
  using type = std::int32_t;
};
template <>
struct LaneBits<8> {
  using type = std::int64_t;
};

template <class T, int bytes = kVectorBytes>
struct Registers {
  using Lane = std::conditional_t<std::is_same_v<T, bool>, unsigned char, T>;
  using Bits = typename LaneBits<sizeof(T)>::type;
  typedef Lane Values __attribute__((vector_size(bytes)));
  typedef Bits Flags __attribute__((vector_size(bytes)));
  typedef std::make_unsigned_t<Bits> WrappingFlags __attribute__((vector_size(bytes)));
  typedef signed char Truths __attribute__((vector_size(bytes / sizeof(T))));
};

// Whether something holds of each lane: all bits of a lane that it holds of are set.
template <class T>
struct Mask {
  using Scalar = bool;
  using Flags = typename Registers<T>::Flags;
  static constexpr int kWidth = kVectorBytes / static_cast<int>(sizeof(T));
  Flags flags;

  [[gnu::always_inline]] friend Mask operator&&(Mask a, Mask b) { return {a.flags & b.flags}; }
  [[gnu::always_inline]] friend Mask operator||(Mask a, Mask b) { return {a.flags | b.flags}; }
  [[gnu::always_inline]] friend Mask operator!(Mask a) { return {~a.flags}; }
  [[gnu::always_inline]] void store(bool* to) const {
#ifdef __AVX512F__
    const auto truths = __builtin_convertvector(flags, typename Registers<T>::Truths) & 1;
    std::memcpy(to, &truths, sizeof(truths));
#else
    store(to, std::make_index_sequence<static_cast<std::size_t>(kWidth)>());
#endif
  }

 private:
  // The lowest byte of each lane: without AVX-512 the compiler converts lane by lane.
  template <std::size_t... I>
  [[gnu::always_inline]] void store(bool* to, std::index_sequence<I...>) const {
    const auto bytes = reinterpret_cast<typename Registers<bool>::Flags>(flags);
    const auto truths = __builtin_shufflevector(bytes, bytes, static_cast<int>(I * sizeof(T))...) & 1;
    std::memcpy(to, &truths, sizeof(truths));
  }
};

template <class T>
struct Vector {
  using Scalar = T;
  using Values = typename Registers<T>::Values;
  using Lane = typename Registers<T>::Lane;
  using Flags = typename Registers<T>::Flags;
  static constexpr int kWidth = kVectorBytes / static_cast<int>(sizeof(T));
  Values values;

  Vector() = default;
  [[gnu::always_inline]] Vector(Values v) : values(v) {}  // NOLINT: implicit on purpose
  template <class N>
  requires std::is_arithmetic_v<N>
  [[gnu::always_inline]] Vector(N number) {  // NOLINT: implicit on purpose
    if constexpr (std::is_same_v<T, bool>) {
      values = number != 0 ? ~Values{} : Values{};
    } else {
      values = static_cast<T>(number) - Values{};
    }
  }
  [[gnu::always_inline]] static Vector load(const T* from) {
    Vector result;
    std::memcpy(&result.values, from, sizeof(Values));
    return result;
  }
  [[gnu::always_inline]] void store(T* to) const { std::memcpy(to, &values, sizeof(Values)); }

  // The bits of the lanes, as integers, and back.
  [[gnu::always_inline]] Flags bits() const { return reinterpret_cast<Flags>(values); }
  [[gnu::always_inline]] static Vector of_bits(Flags flags) { return reinterpret_cast<Values>(flags); }
  // a - b of such integers, which wraps around: of the bits of NaN and of negative numbers it may.
  [[gnu::always_inline]] static Flags difference(Flags a, Flags b) {
    using Wrapping = typename Registers<T>::WrappingFlags;
    return reinterpret_cast<Flags>(reinterpret_cast<Wrapping>(a) - reinterpret_cast<Wrapping>(b));
  }

  [[gnu::always_inline]] friend Vector operator+(Vector a, Vector b) { return a.values + b.values; }
  [[gnu::always_inline]] friend Vector operator-(Vector a, Vector b) { return a.values - b.values; }
  [[gnu::always_inline]] friend Vector operator*(Vector a, Vector b) { return a.values * b.values; }
  [[gnu::always_inline]] friend Vector operator/(Vector a, Vector b) { return a.values / b.values; }
  [[gnu::always_inline]] friend Vector operator-(Vector a) { return -a.values; }
  [[gnu::always_inline]] friend Mask<T> operator==(Vector a, Vector b) { return {a.values == b.values}; }
  [[gnu::always_inline]] friend Mask<T> operator!=(Vector a, Vector b) { return {a.values != b.values}; }
  [[gnu::always_inline]] friend Mask<T> operator<(Vector a, Vector b) { return {a.values < b.values}; }
  [[gnu::always_inline]] friend Mask<T> operator<=(Vector a, Vector b) { return {a.values <= b.values}; }
  [[gnu::always_inline]] friend Mask<T> operator>(Vector a, Vector b) { return {a.values > b.values}; }
  [[gnu::always_inline]] friend Mask<T> operator>=(Vector a, Vector b) { return {a.values >= b.values}; }
};

// The gradient that a rule is handed; a rule that hands it on as it is returns this very type.
template <class T>
struct Handed : Vector<T> {
  [[gnu::always_inline]] explicit Handed(Vector<T> v) : Vector<T>(v) {}
};

template <class T>
[[gnu::always_inline]] inline Vector<T> choose(Mask<T> mask, Vector<T> a, Vector<T> b) {
  return mask.flags ? a.values : b.values;
}

// a b + c, rounded once where the processor can.
template <class T>
[[gnu::always_inline]] inline Vector<T> multiply_add(Vector<T> a, std::type_identity_t<Vector<T>> b,
                                                     std::type_identity_t<Vector<T>> c) {
#ifdef __AVX512F__
  if constexpr (std::is_same_v<T, float>) return _mm512_fmadd_ps(a.values, b.values, c.values);
  if constexpr (std::is_same_v<T, double>) return _mm512_fmadd_pd(a.values, b.values, c.values);
#elif defined(__FMA__)
  if constexpr (std::is_same_v<T, float>) return _mm256_fmadd_ps(a.values, b.values, c.values);
  if constexpr (std::is_same_v<T, double>) return _mm256_fmadd_pd(a.values, b.values, c.values);
#endif
  return a * b + c;
}

// c[0] + x (c[1] + x (…)).
template <class T, std::size_t n>
[[gnu::always_inline]] inline Vector<T> polynomial(Vector<T> x, const T (&c)[n]) {
  Vector<T> sum = c[n - 1];
  for (std::size_t i = n - 1; i-- > 0;) sum = multiply_add(sum, x, c[i]);
  return sum;
}

template <class T>
[[gnu::always_inline]] inline bool any(Mask<T> mask) {
#ifdef __AVX512F__
  return _mm512_test_epi32_mask(reinterpret_cast<__m512i>(mask.flags),
                                reinterpret_cast<__m512i>(mask.flags)) != 0;
#elif defined(__AVX__)
  return _mm256_testz_si256(reinterpret_cast<__m256i>(mask.flags), reinterpret_cast<__m256i>(mask.flags)) ==
         0;
#else
  std::uint64_t words[kVectorBytes / 8];
  std::memcpy(words, &mask.flags, sizeof(words));
  std::uint64_t all = 0;
  for (const std::uint64_t word : words) all |= word;
  return all != 0;
#endif
}

// f of each lane, for what has no vector code.
template <class T, class F, class... More>
[[gnu::always_inline]] inline Vector<T> lanewise(const F& f, Vector<T> x, More... more) {
  T result[Vector<T>::kWidth], values[sizeof...(More) + 1][Vector<T>::kWidth];
  std::size_t row = 0;
  x.store(values[row++]);
  (more.store(values[row++]), ...);
  for (std::size_t i = 0; i < static_cast<std::size_t>(Vector<T>::kWidth); ++i) {
    if constexpr (sizeof...(More) == 0) {
      result[i] = f(values[0][i]);
    } else {
      result[i] = f(values[0][i], values[1][i]);
    }
  }
  return Vector<T>::load(result);
}

// One half of the lanes of a float32 vector as float64, and two such halves as float32.
struct Halves {
  Vector<double> low, high;
};
typedef float FloatHalf __attribute__((vector_size(kVectorBytes / 2)));
// One instruction where the processor has it: the compiler converts in smaller parts.
[[gnu::always_inline]] inline Vector<double> widened_half(FloatHalf x) {
#ifdef __AVX512F__
  return Vector<double>::Values(_mm512_cvtps_pd(reinterpret_cast<__m256>(x)));
#elif defined(__AVX__)
  return Vector<double>::Values(_mm256_cvtps_pd(reinterpret_cast<__m128>(x)));
#else
  return __builtin_convertvector(x, Vector<double>::Values);
#endif
}
[[gnu::always_inline]] inline FloatHalf narrowed_half(Vector<double> x) {
#ifdef __AVX512F__
  return reinterpret_cast<FloatHalf>(_mm512_cvtpd_ps(reinterpret_cast<__m512d>(x.values)));
#elif defined(__AVX__)
  return reinterpret_cast<FloatHalf>(_mm256_cvtpd_ps(reinterpret_cast<__m256d>(x.values)));
#else
  return __builtin_convertvector(x.values, FloatHalf);
#endif
}
template <std::size_t... I>
[[gnu::always_inline]] inline Halves widened(Vector<float> x, std::index_sequence<I...>) {
  const FloatHalf low = __builtin_shufflevector(x.values, x.values, static_cast<int>(I)...);
  const FloatHalf high = __builtin_shufflevector(x.values, x.values, static_cast<int>(I + sizeof...(I))...);
  return {widened_half(low), widened_half(high)};
}
[[gnu::always_inline]] inline Halves widened(Vector<float> x) {
  return widened(x, std::make_index_sequence<kVectorBytes / 8>());
}
template <std::size_t... I>
[[gnu::always_inline]] inline Vector<float> narrowed(Vector<double> low, Vector<double> high,
                                                     std::index_sequence<I...>) {
  const FloatHalf a = narrowed_half(low), b = narrowed_half(high);
  return Vector<float>::Values(__builtin_shufflevector(a, b, static_cast<int>(I)...));
}
[[gnu::always_inline]] inline Vector<float> narrowed(Vector<double> low, Vector<double> high) {
  return narrowed(low, high, std::make_index_sequence<kVectorBytes / 4>());
}
// f of each lane, computed in float64.
template <class F>
[[gnu::always_inline]] inline Vector<float> in_double(const F& f, Vector<float> x) {
  const Halves h = widened(x);
  return narrowed(f(h.low), f(h.high));
}
template <class F>
[[gnu::always_inline]] inline Vector<float> in_double(const F& f, Vector<float> x, Vector<float> y) {
  const Halves h = widened(x), k = widened(y);
  return narrowed(f(h.low, k.low), f(h.high, k.high));
}

}  // namespace gradus::kernels
