#pragma once

#include <gradus/ops/kernels/elementwise/lanes.h>
#include <gradus/ops/kernels/elementwise/vector_special.h>
#include <gradus/ops/kernels/elementwise/vector_trigonometric.h>

// The functions of <gradus/ops/elementwise.h> on vectors; see Note [Vectors].

namespace gradus::kernels {

// The same number in each lane.
template <class T, class N>
[[gnu::always_inline]] inline Vector<T> constant(const Vector<T>& /*x*/, N number) {
  return Vector<T>(number);
}

template <class T>
[[gnu::always_inline]] inline Vector<T> square(const Vector<T>& x) {
  return x * x;
}
template <class T>
[[gnu::always_inline]] inline Vector<T> reciprocal(const Vector<T>& x) {
  return 1 / x;
}
template <class T>
[[gnu::always_inline]] inline Vector<T> rsqrt(const Vector<T>& x) {
  return 1 / sqrt(x);
}

// a where the mask holds, b elsewhere; each may be a number.
template <class T>
[[gnu::always_inline]] inline Vector<T> where(Mask<T> mask, std::type_identity_t<Vector<T>> a,
                                              std::type_identity_t<Vector<T>> b) {
  return choose<T>(mask, a, b);
}
template <class T>
[[gnu::always_inline]] inline Mask<T> isnan(const Vector<T>& x) {
  return x != x;
}
template <class T>
[[gnu::always_inline]] inline Mask<T> isfinite(const Vector<T>& x) {
  return x - x == x - x;
}
// What is not 0 is true.
template <class T>
[[gnu::always_inline]] inline Mask<T> logical_not(const Vector<T>& x) {
  return x == 0;
}
template <class T>
[[gnu::always_inline]] inline Mask<T> logical_not(Mask<T> mask) {
  return !mask;
}
template <class T>
[[gnu::always_inline]] inline Mask<T> logical_and(const Vector<T>& x, const Vector<T>& y) {
  return x != 0 && y != 0;
}
template <class T>
[[gnu::always_inline]] inline Mask<T> logical_and(Mask<T> a, Mask<T> b) {
  return a && b;
}
template <class T>
[[gnu::always_inline]] inline Mask<T> logical_or(const Vector<T>& x, const Vector<T>& y) {
  return x != 0 || y != 0;
}

// -1, 0 or 1; NaN of NaN.
template <class T>
[[gnu::always_inline]] inline Vector<T> sign(const Vector<T>& x) {
  return choose<T>(x > 0, 1, choose<T>(x < 0, -1, choose<T>(x == 0, 0, x)));
}
// Rounding leaves integers as they are. Eigen's vectors of plain SSE2 lose -0.
template <class T, class F>
[[gnu::always_inline]] inline Vector<T> rounded(const Vector<T>& x, const F& functor) {
  if constexpr (std::is_integral_v<T>) {
    return x;
  } else {
    return copysign(by_packet(functor, x), x);
  }
}
struct Floor {
  template <class T>
  [[gnu::always_inline]] T operator()(const T& x) const {
    return std::floor(x);
  }
  template <class Packet>
  [[gnu::always_inline]] Packet packetOp(const Packet& x) const {
    return Eigen::internal::pfloor(x);
  }
};
struct Ceil {
  template <class T>
  [[gnu::always_inline]] T operator()(const T& x) const {
    return std::ceil(x);
  }
  template <class Packet>
  [[gnu::always_inline]] Packet packetOp(const Packet& x) const {
    return Eigen::internal::pceil(x);
  }
};
struct Round {
  template <class T>
  [[gnu::always_inline]] T operator()(const T& x) const {
    return std::nearbyint(x);
  }
  template <class Packet>
  [[gnu::always_inline]] Packet packetOp(const Packet& x) const {
    return Eigen::internal::print(x);
  }
};
template <class T>
[[gnu::always_inline]] inline Vector<T> floor(const Vector<T>& x) {
  return rounded(x, Floor());
}
template <class T>
[[gnu::always_inline]] inline Vector<T> ceil(const Vector<T>& x) {
  return rounded(x, Ceil());
}
// Half goes to even.
template <class T>
[[gnu::always_inline]] inline Vector<T> round(const Vector<T>& x) {
  return rounded(x, Round());
}

// The larger; NaN if either is. Either may be a number.
template <class T>
[[gnu::always_inline]] inline Vector<T> maximum(const Vector<T>& x, std::type_identity_t<Vector<T>> y) {
  return choose<T>(x > y || x != x, x, y);
}
// The smaller; NaN if either is.
template <class T>
[[gnu::always_inline]] inline Vector<T> minimum(const Vector<T>& x, std::type_identity_t<Vector<T>> y) {
  return choose<T>(x < y || x != x, x, y);
}
// x within [min, max]; NaN stays.
template <class T>
[[gnu::always_inline]] inline Vector<T> clip(const Vector<T>& x, double min, double max) {
  const Vector<T> low = nearest<T>(min), high = nearest<T>(max);
  if constexpr (std::is_same_v<T, float>) {
    return within(x, low, high);
  } else {
    return choose(x < low, low, choose(x > high, high, x));
  }
}
template <class T>
[[gnu::always_inline]] inline Vector<T> relu(const Vector<T>& x) {
  return choose<T>(x <= 0, 0, x);
}

// sqrt(x^2 + y^2), where the squares may overflow.
template <class T>
[[gnu::always_inline]] inline Vector<T> hypot(const Vector<T>& x, std::type_identity_t<Vector<T>> y) {
  if constexpr (std::is_same_v<T, float>) {
    constexpr float kInfinity = std::numeric_limits<float>::infinity();
    const Vector<float> a = abs(x), b = abs(y);
    const Vector<float> large = maximum(a, b), small = minimum(a, b);
    const Vector<float> ratio = small / choose<float>(large == 0, 1, large);
    const Vector<float> length = large * sqrt(multiply_add(ratio, ratio, 1.0F));
    return choose<float>(a == kInfinity || b == kInfinity, kInfinity, length);
  } else {
    return lanewise([](T a, T b) { return std::hypot(a, b); }, x, y);
  }
}
// log(e^x + e^y); the sum of log 2 is what two equal infinities would lose.
template <class T>
[[gnu::always_inline]] inline Vector<T> logaddexp(const Vector<T>& x, const Vector<T>& y) {
  return choose(x == y, x + T(0.69314718055994530942), maximum(x, y) + log1p_of_share(exp(-abs(x - y))));
}
template <class T>
[[gnu::always_inline]] inline Vector<T> squared_difference(const Vector<T>& x, const Vector<T>& y) {
  return square(x - y);
}
// x log y, but 0 where x is 0 and y a number.
template <class T>
[[gnu::always_inline]] inline Vector<T> xlogy(const Vector<T>& x, const Vector<T>& y) {
  return choose<T>(x == 0 && y == y, 0, x * log(y));
}
// x - y floor(x / y), with the sign of y, as in Python. REQUIRES that no integer y is 0.
template <class T>
[[gnu::always_inline]] inline Vector<T> remainder(const Vector<T>& x, const Vector<T>& y) {
  if constexpr (std::is_same_v<T, float>) {
    // A quotient this small, and its product with y, is exact in float64.
    constexpr float kFar = 0x1p28F;
    const Vector<float> a = abs(x), b = abs(y);
    if (!any(!(a <= b * kFar && b > 1e-20F && b < 1e30F && a < 1e30F))) {
      const auto rest = [](Vector<double> up, Vector<double> down) __attribute__((always_inline)) {
        const Vector<double> r = up - floor(up / down) * down;
        // The rounded quotient may be the next integer.
        const Mask<double> wrong = (r < 0 && down > 0) || (r > 0 && down < 0);
        return copysign(choose(wrong, r + down, r), down);
      };
      return in_double(rest, x, y);
    }
  }
  return lanewise([](T a, T b) { return modulo(a, b); }, x, y);
}
}  // namespace gradus::kernels
