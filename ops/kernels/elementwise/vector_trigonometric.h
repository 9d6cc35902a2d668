#pragma once

#include <gradus/ops/kernels/elementwise/vector_exponential.h>

// Sines and their inverses of vectors: float32 by polynomials, float64 by the C library.
// Source of the polynomials: Moshier, Cephes mathematical library, sinf, asinf and atanf.

namespace gradus::kernels {

// x = quadrant pi / 2 + r with |r| <= pi / 4. REQUIRES |x| <= kFarAngle: the products with the first parts
// of pi / 2 are then exact.
constexpr float kFarAngle = 8192;
struct Angle {
  Vector<float>::Flags quadrant;
  Vector<float> sine, cosine;  // of r
};
[[gnu::always_inline]] inline Angle angle(Vector<float> x) {
  const Vector<float> round = 12582912.0F;  // 1.5 2^23: adding it rounds
  const Vector<float> shifted = multiply_add(x, 2 * std::numbers::inv_pi_v<float>, round);
  const Vector<float> n = shifted - round;
  Vector<float> r = multiply_add(n, -1.5703125F, x);
  r = multiply_add(n, -4.837512969970703125e-4F, r);
  r = multiply_add(n, -7.549789415861596e-8F, r);
  r = multiply_add(n, -5.390302858158119e-15F, r);
  const Vector<float> z = r * r;
  const Vector<float> higher =
      z * r * polynomial(z, {-1.6666654611e-1F, 8.3321608736e-3F, -1.9515295891e-4F});
  const Vector<float> sine = choose(z == 0.0F, r, r + higher);  // -0 keeps its sign
  const Vector<float> cosine = multiply_add(
      z * z, polynomial(z, {4.166664568298827e-2F, -1.388731625493765e-3F, 2.443315711809948e-5F}),
      multiply_add(z, -0.5F, 1.0F));
  return {Vector<float>::difference(shifted.bits(), round.bits()), sine, cosine};
}
// sin(x + shift pi / 2)
template <int shift>
[[gnu::always_inline]] inline Vector<float> sine_of(Vector<float> x) {
  const Angle a = angle(x);
  const auto quadrant = a.quadrant + shift;
  const Vector<float> y = choose<float>({(quadrant & 1) == 0}, a.sine, a.cosine);
  return Vector<float>::of_bits(y.bits() ^ ((quadrant & 2) << 30));
}
template <class T>
[[gnu::always_inline]] inline bool far_angle(const Vector<T>& x) {
  if constexpr (std::is_same_v<T, float>) return any(!(abs(x) <= kFarAngle));
  return true;
}
template <class T>
[[gnu::always_inline]] inline Vector<T> sin(const Vector<T>& x) {
  if constexpr (std::is_same_v<T, float>) {
    if (!far_angle(x)) return sine_of<0>(x);
  }
  return lanewise([](T value) { return std::sin(value); }, x);
}
template <class T>
[[gnu::always_inline]] inline Vector<T> cos(const Vector<T>& x) {
  if constexpr (std::is_same_v<T, float>) {
    if (!far_angle(x)) return sine_of<1>(x);
  }
  return lanewise([](T value) { return std::cos(value); }, x);
}
template <class T>
[[gnu::always_inline]] inline Vector<T> tan(const Vector<T>& x) {
  if constexpr (std::is_same_v<T, float>) {
    if (!far_angle(x)) {
      const Angle a = angle(x);
      const Mask<float> even = {(a.quadrant & 1) == 0};
      return choose(even, a.sine, -a.cosine) / choose(even, a.cosine, a.sine);
    }
  }
  return lanewise([](T value) { return std::tan(value); }, x);
}

// asin a = r + r^3 P(r^2) for r = a <= 1/2, else pi / 2 - 2 asin(r), r = sqrt((1 - a) / 2).
struct ArcSine {
  Mask<float> large;
  Vector<float> value;  // of r
};
[[gnu::always_inline]] inline ArcSine arc_sine(Vector<float> a) {
  const Mask<float> large = a > 0.5F;
  const Vector<float> z = choose(large, 0.5F * (1 - a), a * a);
  const Vector<float> r = choose(large, sqrt(z), a);
  return {large, multiply_add(z * r,
                              polynomial(z, {1.6666752422e-1F, 7.4953002686e-2F, 4.5470025998e-2F,
                                             2.4181311049e-2F, 4.2163199048e-2F}),
                              r)};
}
template <class T>
[[gnu::always_inline]] inline Vector<T> asin(const Vector<T>& x) {
  if constexpr (std::is_same_v<T, float>) {
    const auto [large, y] = arc_sine(abs(x));
    return copysign(choose(large, multiply_add(y, -2.0F, std::numbers::pi_v<float> / 2), y), x);
  } else {
    return lanewise([](T value) { return std::asin(value); }, x);
  }
}
template <class T>
[[gnu::always_inline]] inline Vector<T> acos(const Vector<T>& x) {
  if constexpr (std::is_same_v<T, float>) {
    constexpr float kPi = std::numbers::pi_v<float>;
    const auto [large, y] = arc_sine(abs(x));
    const Vector<float> near = 2 * y;
    return choose(large, choose(x < 0, kPi - near, near), kPi / 2 - copysign(y, x));
  } else {
    return lanewise([](T value) { return std::acos(value); }, x);
  }
}

// atan(up / down) for up, down >= 0, in [0, pi / 2]: about 0, pi / 4 or pi / 2, whichever is next.
[[gnu::always_inline]] inline Vector<float> arc_tangent(Vector<float> up, Vector<float> down) {
  constexpr float kEighth = 0.4142135623730950F;  // tan(pi / 8)
  const Mask<float> flat = up <= kEighth * down, steep = down < kEighth * up;
  const Vector<float> above = choose(flat, up, choose(steep, -down, up - down));
  const Vector<float> below = choose(flat, down, choose(steep, up, up + down));
  const Vector<float> base = choose<float>(
      flat, 0, choose<float>(steep, std::numbers::pi_v<float> / 2, std::numbers::pi_v<float> / 4));
  const Vector<float> q = above / below, z = q * q;
  const Vector<float> p =
      polynomial(z, {-3.33329491539e-1F, 1.99777106478e-1F, -1.38776856032e-1F, 8.05374449538e-2F});
  return base + multiply_add(z * q, p, q);
}
template <class T>
[[gnu::always_inline]] inline Vector<T> atan(const Vector<T>& x) {
  if constexpr (std::is_same_v<T, float>) {
    // Beyond 1e20 the quotient of the steep part is below any digit of pi / 2.
    const Vector<float> a = abs(x), high = 1e20F;
    return copysign(arc_tangent(choose(a > high, high, a), 1.0F), x);
  } else {
    return lanewise([](T value) { return std::atan(value); }, x);
  }
}
template <class T>
[[gnu::always_inline]] inline Vector<T> atan2(const Vector<T>& y, const Vector<T>& x) {
  if constexpr (std::is_same_v<T, float>) {
    const Vector<float> up = abs(y), down = abs(x);
    const Mask<float> plain = up <= 1e30F && down <= 1e30F && (up >= 1e-30F || down >= 1e-30F);
    if (!any(!plain)) {
      const Vector<float> a = arc_tangent(up, down);
      const Vector<float> pi = std::numbers::pi_v<float>;
      return copysign(choose(x < 0, pi - a, a), y);
    }
  }
  return lanewise([](T a, T b) { return std::atan2(a, b); }, y, x);
}

}  // namespace gradus::kernels
