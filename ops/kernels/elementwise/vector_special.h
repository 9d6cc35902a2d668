#pragma once

#include <gradus/ops/kernels/elementwise/gamma_functions.h>
#include <gradus/ops/kernels/elementwise/vector_exponential.h>

// The error and gamma functions and powers of vectors. float32: the error functions by polynomials, the rest
// in float64. float64: one lane at a time.

namespace gradus::kernels {

// e^(-x^2), and erfc x.
template <class T>
struct PowerAndErfc {
  Vector<T> power, erfc;
};
// For a >= 0. erfc a = e^(-a^2) t q(t), t = 1 / (1 + 3/8 a); q was fitted for 0 <= a <= 10.5 (relative error
// 1.5e-8); beyond there is no float32.
[[gnu::always_inline]] inline PowerAndErfc<float> power_and_erfc_of_size(Vector<float> a) {
  a = within(a, 0, 10.5F);
  const Vector<float> t = 1 / multiply_add(a, 0.375F, 1.0F);
  const Vector<float> q = polynomial(t, {0.211610347032547F, 0.21070383489131927F, 0.20491839945316315F,
                                         0.12308794260025024F, 0.26990649104118347F, -0.22372503578662872F,
                                         0.4272758662700653F, -0.2847746014595032F, 0.06099671870470047F});
#if defined(__FMA__) || defined(__AVX512F__)
  const Vector<float> square = a * a,
                      rest = multiply_add(a, a, -square);  // a^2 as it is rounded, and what it lacks
#else
  const Vector<float> front = Vector<float>::of_bits(a.bits() & ~0xfff);  // whose square is exact
  const Vector<float> square = front * front, rest = (a - front) * (front + a);
#endif
  const Vector<float> power = exp_of_sum(-square, -rest);
  return {power, power * (t * q)};
}
template <class T>
[[gnu::always_inline]] inline PowerAndErfc<T> power_and_erfc(const Vector<T>& x) {
  if constexpr (std::is_same_v<T, float>) {
    const PowerAndErfc<float> y = power_and_erfc_of_size(abs(x));
    return {y.power, choose(x < 0, 2 - y.erfc, y.erfc)};
  } else {
    return {exp(-(x * x)), lanewise([](T value) { return std::erfc(value); }, x)};
  }
}
template <class T>
[[gnu::always_inline]] inline Vector<T> erfc(const Vector<T>& x) {
  return power_and_erfc(x).erfc;
}
template <class T>
[[gnu::always_inline]] inline Vector<T> erf(const Vector<T>& x) {
  if constexpr (std::is_same_v<T, float>) {
    const Vector<float> a = abs(x);
    const Vector<float> small =
        x * polynomial(x * x, {1.128379225730896F, -0.37612637877464294F, 0.11283782124519348F,
                               -0.0268654003739357F, 0.005220945458859205F, -0.0008482828852720559F,
                               0.0001125694761867635F, -9.641515134717338e-06F});
    return choose(a < 1, small, copysign(1 - power_and_erfc_of_size(a).erfc, x));
  } else {
    return lanewise([](T value) { return std::erf(value); }, x);
  }
}

// log x for x > 0, normal and finite: 2 (s + s^3 / 3 + … ), s = f / (2 + f), x = 2^e (1 + f); the relative
// error is 1e-10 with 7 terms, and below a unit in the last place of the largest term with 11.
template <int terms>
[[gnu::always_inline]] inline Vector<double> series_log(Vector<double> x) {
  typedef std::uint64_t Words __attribute__((vector_size(kVectorBytes)));
  const Words bits = reinterpret_cast<Words>(x.values);
  constexpr std::uint64_t kRootHalf = 0x3fe6a09e667f3bcd, kOne = 0x3ff0000000000000;
  const Words exponent = (bits - kRootHalf + kOne) >> 52;  // biased
  const Words rest = bits - (exponent << 52) + kOne, whole = exponent | 0x4330000000000000;
  const Vector<double> e(reinterpret_cast<Vector<double>::Values>(whole) - (0x1p52 + 1023));
  const Vector<double> f(reinterpret_cast<Vector<double>::Values>(rest) - 1.0);
  const Vector<double> s = f / (2 + f), z = s * s;
  Vector<double> sum = 2.0 / (2 * terms - 1);
  for (int k = terms - 2; k >= 0; --k) sum = multiply_add(sum, z, 2.0 / (2 * k + 1));
  // The first part of log 2 ends in zeros: its product with e is exact.
  return multiply_add(e, 6.93147180369123816490e-01, multiply_add(e, 1.90821492927058770002e-10, s * sum));
}

// Whether a lane is not a plain positive number, for which the series below hold.
[[gnu::always_inline]] inline bool any_not_positive(const Vector<float>& x) {
  return any(!(x >= 1e-30F && x <= 1e30F));
}
// x + 8 where x < 8, and the product x (x + 1) … (x + 7) that leads there; else x and 1.
struct Raised {
  Vector<double> z, product;
};
[[gnu::always_inline]] inline Raised raised(Vector<double> x) {
  const Mask<double> low = x < 8;
  Vector<double> product = x;
  for (int k = 1; k < 8; ++k) product = product * (x + k);
  return {choose(low, x + 8, x), choose<double>(low, product, 1)};
}
// Source of the three series: Abramowitz and Stegun, 6.1.40, 6.3.18 and 6.4.12, with 6.1.15, 6.3.5 and 6.4.6.
[[gnu::always_inline]] inline Vector<double> log_gamma_series(Vector<double> x) {
  const auto [z, product] = raised(x);
  const Vector<double> r = 1 / z;
  const Vector<double> series =
      polynomial(r * r, {1.0 / 12, -1.0 / 360, 1.0 / 1260, -1.0 / 1680, 1.0 / 1188, -691.0 / 360360});
  return (z - 0.5) * series_log<11>(z) - z + 0.91893853320467274178 + r * series - series_log<11>(product);
}
[[gnu::always_inline]] inline Vector<double> digamma_series(Vector<double> x) {
  const Mask<double> low = x < 8;
  // The sum of 1 / (x + k) as one quotient.
  Vector<double> sum = 1, product = x;
  for (int k = 1; k < 8; ++k) {
    sum = multiply_add(sum, x + k, product);
    product = product * (x + k);
  }
  const Vector<double> z = choose(low, x + 8, x), r = 1 / z, s = r * r;
  const Vector<double> series =
      polynomial(s, {1.0 / 12, -1.0 / 120, 1.0 / 252, -1.0 / 240, 1.0 / 132, -691.0 / 32760});
  return series_log<11>(z) - r / 2 - s * series - choose<double>(low, sum / product, 0);
}
[[gnu::always_inline]] inline Vector<double> trigamma_series(Vector<double> x) {
  const Mask<double> low = x < 8;
  Vector<double> sum = 1, product = x * x;
  for (int k = 1; k < 8; ++k) {
    const Vector<double> t = (x + k) * (x + k);
    sum = multiply_add(sum, t, product);
    product = product * t;
  }
  const Vector<double> z = choose(low, x + 8, x), r = 1 / z, s = r * r;
  const Vector<double> series =
      polynomial(s, {1.0 / 6, -1.0 / 30, 1.0 / 42, -1.0 / 30, 5.0 / 66, -691.0 / 2730});
  return r + s / 2 + r * s * series + choose<double>(low, sum / product, 0);
}
template <class T>
[[gnu::always_inline]] inline Vector<T> lgamma(const Vector<T>& x) {
  if constexpr (std::is_same_v<T, float>) {
    if (!any_not_positive(x)) {
      const Vector<float> y = in_double(
          [](Vector<double> v) __attribute__((always_inline)) { return log_gamma_series(v); }, x);
      return choose<float>(x == 1 || x == 2, 0, y);
    }
  }
  return lanewise([](T value) { return log_gamma(value); }, x);
}
template <class T>
[[gnu::always_inline]] inline Vector<T> polygamma(int order, const Vector<T>& x) {
  if constexpr (std::is_same_v<T, float>) {
    if (order < 2 && !any_not_positive(x)) {
      return in_double(
          [order](Vector<double> v)
              __attribute__((always_inline)) { return order == 0 ? digamma_series(v) : trigamma_series(v); },
          x);
    }
  }
  return lanewise([order](T value) { return static_cast<T>(polygamma(order, static_cast<double>(value))); },
                  x);
}
template <class T>
[[gnu::always_inline]] inline Vector<T> digamma(const Vector<T>& x) {
  return polygamma(0, x);
}

// e^x to a relative 1e-9, for |x| < 700.
[[gnu::always_inline]] inline Vector<double> short_exp(Vector<double> x) {
  const Vector<double> round = 0x1.8p52;  // adding it rounds
  const Vector<double> shifted = multiply_add(x, std::numbers::log2e, round);
  const Vector<double> r = multiply_add(shifted - round, -std::numbers::ln2, x);
  const Vector<double> p =
      polynomial(r, {1.0, 1.0, 1.0 / 2, 1.0 / 6, 1.0 / 24, 1.0 / 120, 1.0 / 720, 1.0 / 5040, 1.0 / 40320});
  return p * Vector<double>::of_bits((Vector<double>::difference(shifted.bits(), round.bits()) + 1023) << 52);
}
template <class T>
[[gnu::always_inline]] inline Vector<T> power(const Vector<T>& a, std::type_identity_t<Vector<T>> b) {
  if constexpr (std::is_same_v<T, float>) {
    if (!any(b != 2)) return a * a;
    if (!any(b != 1)) return a;
    constexpr float kInfinity = std::numeric_limits<float>::infinity();
    const Vector<float> size = abs(a);
    if (!any(!(a > 0 && size < kInfinity && abs(b) < kInfinity))) {
      return in_double(
          [](Vector<double> base, Vector<double> exponent) __attribute__((always_inline)) {
            const Vector<double> high = 200.0, y = exponent * series_log<7>(base);
            return short_exp(choose(y > high, high, choose(y < -high, -high, y)));
          },
          a, b);
    }
  }
  return lanewise([](T x, T y) { return static_cast<T>(Eigen::numext::pow(x, y)); }, a, b);
}

}  // namespace gradus::kernels
