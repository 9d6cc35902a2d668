#pragma once

#include <gradus/ops/kernels/elementwise/packet_functions.h>
#include <gradus/ops/kernels/elementwise/vector.h>

#include <cmath>
#include <limits>
#include <numbers>

#ifdef __AVX__
#include <immintrin.h>
#endif

// Exponentials and logarithms of vectors: float32 by polynomials, right to a few units in the last place at
// every value; float64 by Eigen's vectors where they are as good, else by the C library.
// Source of the float32 polynomials for e^x and log x: Moshier, Cephes mathematical library, expf and logf.

namespace gradus::kernels {

// An Eigen functor on a vector; one lane at a time where Eigen has no vectors of this size.
template <class T, class Packet, class F>
[[gnu::always_inline]] inline Vector<T> by_packet_of(const F& functor, const Vector<T>& x) {
  if constexpr (sizeof(Packet) == sizeof(Vector<T>)) {
    Packet packet;
    std::memcpy(&packet, &x.values, sizeof(packet));
    packet = functor.packetOp(packet);
    Vector<T> result;
    std::memcpy(&result.values, &packet, sizeof(packet));
    return result;
  } else {
    return lanewise([&](T value) { return functor(value); }, x);
  }
}
template <class F, class T>
[[gnu::always_inline]] inline Vector<T> by_packet(const F& functor, const Vector<T>& x) {
  return by_packet_of<T, typename Eigen::internal::packet_traits<T>::type>(functor, x);
}

// 2^k for whole k in [-126, 127].
[[gnu::always_inline]] inline Vector<float> power_of_two(Vector<float>::Flags k) {
  return Vector<float>::of_bits((k + 127) << 23);
}

// x within [low, high]; NaN stays.
[[gnu::always_inline]] inline Vector<float> within(Vector<float> x, Vector<float> low, Vector<float> high) {
#ifdef __AVX512F__
  return _mm512_max_ps(low.values,
                       _mm512_min_ps(high.values, x.values));  // the second operand where one is NaN
#elif defined(__AVX__)
  return _mm256_max_ps(low.values, _mm256_min_ps(high.values, x.values));
#else
  return choose(x > high, high, choose(x < low, low, x));
#endif
}

// x = n log 2 + r with whole n and |r| <= log(2) / 2.
struct ReducedExponent {
  Vector<float> n, r;
  Vector<float>::Flags n_bits;  // n as integers
};
[[gnu::always_inline]] inline ReducedExponent reduced_exponent(Vector<float> x) {
  const Vector<float> round = 12582912.0F;  // 1.5 2^23: adding it rounds
  const Vector<float> shifted = multiply_add(x, std::numbers::log2e_v<float>, round);
  const Vector<float> n = shifted - round;
  const Vector<float> r = multiply_add(n, 2.12194440e-4F, multiply_add(n, -0.693359375F, x));
  return {n, r, Vector<float>::difference(shifted.bits(), round.bits())};
}

// e^r - 1 for |r| <= 0.4.
[[gnu::always_inline]] inline Vector<float> exp_less_one(Vector<float> r) {
  const Vector<float> p = polynomial(r, {5.0000001201e-1F, 1.6666665459e-1F, 4.1665795894e-2F,
                                         8.3334519073e-3F, 1.3981999507e-3F, 1.9875691500e-4F});
  return multiply_add(r * r, p, r);
}

// y 2^(n + k).
template <int k>
[[gnu::always_inline]] inline Vector<float> scaled(Vector<float> y, const ReducedExponent& e) {
#ifdef __AVX512F__
  return _mm512_scalef_ps(y.values, (e.n + k).values);
#else
  const Vector<float>::Flags half = e.n_bits >> 1;  // 2^n itself may be out of range
  return y * power_of_two(half) * power_of_two(e.n_bits - half + k);
#endif
}

// 2^k e^x for k = 0 or -1; beyond the bounds it is infinity, or 0.
template <int k = 0>
[[gnu::always_inline]] inline Vector<float> scaled_exp(Vector<float> x) {
  const ReducedExponent e = reduced_exponent(within(x, -105.0F, 90.0F - 0.7F * k));
  return scaled<k>(exp_less_one(e.r) + 1, e);
}
// e^(x + low) for a small low.
[[gnu::always_inline]] inline Vector<float> exp_of_sum(Vector<float> x, Vector<float> low) {
  const ReducedExponent e = reduced_exponent(within(x, -105.0F, 90.0F));
  return scaled<0>(exp_less_one(e.r + low) + 1, e);
}

template <class T>
[[gnu::always_inline]] inline Vector<T> exp(const Vector<T>& x) {
  if constexpr (std::is_same_v<T, float>) {
    return scaled_exp(x);
  } else {
    return by_packet(Exp<T>(), x);
  }
}

// With the sign of `sign`.
template <class T>
[[gnu::always_inline]] inline Vector<T> copysign(const Vector<T>& size, const Vector<T>& sign) {
  const auto bit = Vector<T>(T(-0.0)).bits();
  return Vector<T>::of_bits((size.bits() & ~bit) | (sign.bits() & bit));
}

// 2^n (e^r - 1) + (2^n - 1), whose parts never cancel.
template <class T>
[[gnu::always_inline]] inline Vector<T> expm1(const Vector<T>& x) {
  if constexpr (std::is_same_v<T, float>) {
    const ReducedExponent e = reduced_exponent(within(x, -30.0F, 89.0F));  // beyond is infinity, or -1
    const Vector<float> scale = power_of_two(e.n_bits - 2);                // 2^n itself may be out of range
    const Vector<float> y = 4 * multiply_add(scale, exp_less_one(e.r), scale - 0.25F);
    return choose(abs(x) < 1e-20F, x, copysign(y, x));  // subnormal numbers have no quarter
  } else {
    return by_packet(Expm1<T>(), x);
  }
}

// x = 2^e (1 + f) with 1 + f in [sqrt(1/2), sqrt(2)), for x > 0 and finite.
struct Mantissa {
  Vector<float> e, f;
};
[[gnu::always_inline]] inline Mantissa mantissa(Vector<float> x) {
  const Mask<float> tiny = x < std::numeric_limits<float>::min();
  const Vector<float> normal = choose(tiny, x * 0x1p24F, x);
  const Vector<float> root_half = 0.70710678F;
  const Vector<float>::Flags e = Vector<float>::difference(normal.bits(), root_half.bits()) >> 23;
  const Vector<float> m = Vector<float>::of_bits(Vector<float>::difference(normal.bits(), e << 23));
  const Vector<float> exponent(__builtin_convertvector(e - (tiny.flags & 24), Vector<float>::Values));
  return {exponent, m - 1};
}
// log(1 + f) - (f - f^2 / 2)
[[gnu::always_inline]] inline Vector<float> log_rest(Vector<float> f) {
  return f * f * f *
         polynomial(
             f, {3.3333331174e-1F, -2.4999993993e-1F, 2.0000714765e-1F, -1.6668057665e-1F, 1.4249322787e-1F,
                 -1.2420140846e-1F, 1.1676998740e-1F, -1.1514610310e-1F, 7.0376836292e-2F});
}
[[gnu::always_inline]] inline Vector<float> log_significand(Vector<float> f) {
  return f + multiply_add(f * f, -0.5F, log_rest(f));
}
// y is log x for x > 0 and finite; -inf at 0, NaN below.
[[gnu::always_inline]] inline Vector<float> log_ends(Vector<float> x, Vector<float> y) {
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  y = choose<float>(x < kInfinity, y, x);  // inf and NaN
  y = choose<float>(x == 0, -kInfinity, y);
  return choose<float>(x < 0, std::numeric_limits<float>::quiet_NaN(), y);
}

template <class T>
[[gnu::always_inline]] inline Vector<T> log(const Vector<T>& x) {
  if constexpr (std::is_same_v<T, float>) {
    const auto [e, f] = mantissa(x);
    const Vector<float> small = multiply_add(e, -2.12194440e-4F, log_rest(f));
    const Vector<float> y = f + multiply_add(f * f, -0.5F, small);
    return log_ends(x, multiply_add(e, 0.693359375F, y));
  } else {
    return by_packet(Log<T>(), x);
  }
}
template <class T>
[[gnu::always_inline]] inline Vector<T> log2(const Vector<T>& x) {
  if constexpr (std::is_same_v<T, float>) {
    const auto [e, f] = mantissa(x);
    return log_ends(x, multiply_add(log_significand(f), std::numbers::log2e_v<float>, e));
  } else {
    return by_packet(Log2<T>(), x);
  }
}
template <class T>
[[gnu::always_inline]] inline Vector<T> log10(const Vector<T>& x) {
  if constexpr (std::is_same_v<T, float>) {
    const auto [e, f] = mantissa(x);
    const Vector<float> low =
        multiply_add(e, 2.48745663981e-4F, log_significand(f) * std::numbers::log10e_v<float>);
    return log_ends(x, multiply_add(e, 3.00781250e-1F, low));
  } else {
    return lanewise([](T value) { return std::log10(value); }, x);
  }
}
// With u = 1 + x as it was rounded, log u + (x - (u - 1)) / u.
template <class T>
[[gnu::always_inline]] inline Vector<T> log1p(const Vector<T>& x) {
  if constexpr (std::is_same_v<T, float>) {
    const Vector<float> u = 1 + x;
    const Vector<float> rest = (x - (u - 1)) / u;
    const Vector<float> y = log(u);
    const Vector<float> plain =
        choose<float>(u < std::numeric_limits<float>::infinity() && u > 0, y + rest, y);
    return choose(x == 0, x, plain);
  } else {
    return lanewise([](T value) { return std::log1p(value); }, x);
  }
}

// log(1 + u) for u in [0, 1].
template <class T>
[[gnu::always_inline]] inline Vector<T> log1p_of_share(const Vector<T>& u) {
  if constexpr (std::is_same_v<T, float>) {
    const Mask<float> halved = u > 0.41421356F;  // sqrt(2) - 1
    const Vector<float> y = log_significand(choose(halved, 0.5F * (u - 1), u));
    return choose(halved, y + std::numbers::ln2_v<float>, y);
  } else {
    return log1p(u);
  }
}
template <class T>
[[gnu::always_inline]] inline Vector<T> abs(const Vector<T>& x) {
  if constexpr (std::is_floating_point_v<T>) {
    return Vector<T>::of_bits(x.bits() & ~Vector<T>(T(-0.0)).bits());
  } else {
    return choose(x < 0, -x, x);
  }
}
template <class T>
[[gnu::always_inline]] inline Vector<T> sqrt(const Vector<T>& x) {
  return by_packet(Sqrt<T>(), x);
}

template <class T>
[[gnu::always_inline]] inline Vector<T> sigmoid(const Vector<T>& x) {
  return 1 / (1 + exp(-x));
}

struct PacketTanh {
  template <class T>
  [[gnu::always_inline]] T operator()(const T& x) const {
    return std::tanh(x);
  }
  template <class Packet>
  [[gnu::always_inline]] Packet packetOp(const Packet& x) const {
    return Eigen::internal::ptanh(x);
  }
};
template <class T>
[[gnu::always_inline]] inline Vector<T> tanh(const Vector<T>& x) {
  if constexpr (std::is_same_v<T, float>) {
    return by_packet(PacketTanh(), x);
  } else {
    return lanewise([](T value) { return std::tanh(value); }, x);
  }
}
// e^|x| / 2 -+ e^-|x| / 2, the first of which overflows only where the result does.
template <class T>
[[gnu::always_inline]] inline Vector<T> sinh(const Vector<T>& x) {
  if constexpr (std::is_same_v<T, float>) {
    const Vector<float> half = scaled_exp<-1>(abs(x)), z = x * x;
    const Vector<float> small =
        multiply_add(z * x, polynomial(z, {1.66667160211e-1F, 8.33028376239e-3F, 2.03721912945e-4F}), x);
    return choose(abs(x) < 1, small, copysign(half - 0.25F / half, x));
  } else {
    return lanewise([](T value) { return std::sinh(value); }, x);
  }
}
template <class T>
[[gnu::always_inline]] inline Vector<T> cosh(const Vector<T>& x) {
  if constexpr (std::is_same_v<T, float>) {
    const Vector<float> half = scaled_exp<-1>(abs(x));
    return half + 0.25F / half;
  } else {
    return lanewise([](T value) { return std::cosh(value); }, x);
  }
}
// log(a + sqrt(a^2 + 1)) = log1p(a + a^2 / (1 + sqrt(a^2 + 1))), a = |x|, which is log(2 a) for large a.
template <class T>
[[gnu::always_inline]] inline Vector<T> asinh(const Vector<T>& x) {
  if constexpr (std::is_same_v<T, float>) {
    const Vector<float> a = abs(x), s = a * a;
    const Mask<float> large = a > 1e9F;
    const Vector<float> y = log1p(choose(large, a, a + s / (1 + sqrt(s + 1))));
    return copysign(choose(large, y + std::numbers::ln2_v<float>, y), x);
  } else {
    return lanewise([](T value) { return std::asinh(value); }, x);
  }
}
// log1p(t + sqrt(2 t + t^2)), t = x - 1
template <class T>
[[gnu::always_inline]] inline Vector<T> acosh(const Vector<T>& x) {
  if constexpr (std::is_same_v<T, float>) {
    const Vector<float> t = x - 1;
    const Mask<float> large = x > 1e9F;
    const Vector<float> y = log1p(choose(large, t, t + sqrt(t * (t + 2))));
    const Vector<float> result = choose(large, y + std::numbers::ln2_v<float>, y);
    return choose<float>(x < 1, std::numeric_limits<float>::quiet_NaN(), result);
  } else {
    return lanewise([](T value) { return std::acosh(value); }, x);
  }
}
// log1p(2 a / (1 - a)) / 2, a = |x|
template <class T>
[[gnu::always_inline]] inline Vector<T> atanh(const Vector<T>& x) {
  if constexpr (std::is_same_v<T, float>) {
    const Vector<float> a = abs(x);
    return copysign(log1p(2 * a / (1 - a)) / 2, x);
  } else {
    return lanewise([](T value) { return std::atanh(value); }, x);
  }
}

}  // namespace gradus::kernels
