#pragma once

#include <gradus/ops/kernels/elementwise/gamma_functions.h>
#include <gradus/ops/kernels/elementwise/packet_functions.h>

#include <Eigen/Core>

#include <cmath>
#include <concepts>
#include <limits>
#include <type_traits>

// What a functor's `f` and `df` see of a tensor's values, and the functions they may use on it. These stand
// in gradus, where the stride type makes argument-dependent lookup find them from any namespace.

namespace gradus {

struct UnitStride : Eigen::Stride<0, 0> {};

// A contiguous run of values. Expressions over it nest by value, so none dangles.
template <class T>
using Lanes = Eigen::Map<const Eigen::Array<T, Eigen::Dynamic, 1>, Eigen::Unaligned, UnitStride>;
template <class T>
using MutableLanes = Eigen::Map<Eigen::Array<T, Eigen::Dynamic, 1>, Eigen::Unaligned, UnitStride>;

namespace kernels {

// Holds for every Eigen expression: a constraint makes our `exp` and its kin more specialised than Eigen's
// own of the same signature, which lookup finds as well.
template <class D>
concept Expression = std::derived_from<D, Eigen::ArrayBase<D>>;

// A number beside an expression.
template <Expression D, class N>
auto constant(const Eigen::ArrayBase<D>& x, N number) {
  return D::PlainObject::Constant(x.rows(), x.cols(), static_cast<typename D::Scalar>(number));
}

template <class F>
struct Rounded {
  explicit Rounded(F rounding) : function(rounding) {}
  template <class T>
  T operator()(const T& value) const {
    if constexpr (std::is_integral_v<T>) {
      return value;
    } else {
      return function(value);
    }
  }
  F function;
};

// The value of T next to a number: an integer type has ends.
template <class T>
[[gnu::always_inline]] inline T nearest(double number) {
  if constexpr (std::is_integral_v<T>) {
    constexpr auto kLeast = static_cast<double>(std::numeric_limits<T>::min());
    if (number <= kLeast) return std::numeric_limits<T>::min();
    if (number >= -kLeast) return std::numeric_limits<T>::max();
  }
  return static_cast<T>(number);
}

// a - b floor(a / b), which has the sign of b.
template <class T>
[[gnu::always_inline]] inline T modulo(T a, T b) {
  if constexpr (std::is_integral_v<T>) {
    if (b == -1) return 0;  // the smallest integer has no quotient
    const T rest = static_cast<T>(a % b);
    return rest != 0 && (rest < 0) != (b < 0) ? static_cast<T>(rest + b) : rest;
  } else {
    const T rest = std::fmod(a, b);
    if (rest == T(0)) return std::copysign(T(0), b);
    return (rest < T(0)) != (b < T(0)) ? rest + b : rest;
  }
}

}  // namespace kernels

template <kernels::Expression D>
auto exp(const Eigen::ArrayBase<D>& x) {
  return x.derived().unaryExpr(kernels::Exp<typename D::Scalar>());
}
template <kernels::Expression D>
auto expm1(const Eigen::ArrayBase<D>& x) {
  return x.derived().unaryExpr(kernels::Expm1<typename D::Scalar>());
}
template <kernels::Expression D>
auto log(const Eigen::ArrayBase<D>& x) {
  return x.derived().unaryExpr(kernels::Log<typename D::Scalar>());
}
template <kernels::Expression D>
auto log2(const Eigen::ArrayBase<D>& x) {
  return x.derived().unaryExpr(kernels::Log2<typename D::Scalar>());
}
template <kernels::Expression D>
auto sqrt(const Eigen::ArrayBase<D>& x) {
  return x.derived().unaryExpr(kernels::Sqrt<typename D::Scalar>());
}
template <kernels::Expression D>
auto square(const Eigen::ArrayBase<D>& x) {
  return x.derived() * x.derived();
}
template <kernels::Expression D>
auto reciprocal(const Eigen::ArrayBase<D>& x) {
  return x.derived().inverse();
}
template <kernels::Expression D>
auto rsqrt(const Eigen::ArrayBase<D>& x) {
  return sqrt(x).inverse();
}
// 1 / (1 + e^-x): Eigen's own float version is off by up to 3e-4.
template <kernels::Expression D>
auto sigmoid(const Eigen::ArrayBase<D>& x) {
  using T = typename D::Scalar;
  return (exp(-x.derived()) + T(1)).inverse();
}

// Eigen's own abs, log1p, log10, sin, cos, tan, asin, acos, atan, sinh, cosh, tanh, asinh, acosh and
// atanh are exact to some units in the last place, at every value. These are not, or are missing.
template <kernels::Expression D>
auto erf(const Eigen::ArrayBase<D>& x) {
  return x.derived().unaryExpr([](const typename D::Scalar& value) { return std::erf(value); });
}
template <kernels::Expression D>
auto erfc(const Eigen::ArrayBase<D>& x) {
  return x.derived().unaryExpr([](const typename D::Scalar& value) { return std::erfc(value); });
}
template <kernels::Expression D>
auto lgamma(const Eigen::ArrayBase<D>& x) {
  return x.derived().unaryExpr([](const typename D::Scalar& value) { return kernels::log_gamma(value); });
}
template <kernels::Expression D>
auto polygamma(int order, const Eigen::ArrayBase<D>& x) {
  return x.derived().unaryExpr([order](const typename D::Scalar& value) {
    return static_cast<typename D::Scalar>(kernels::polygamma(order, static_cast<double>(value)));
  });
}
template <kernels::Expression D>
auto digamma(const Eigen::ArrayBase<D>& x) {
  return polygamma(0, x);
}
// -1, 0 or 1; NaN of NaN.
template <kernels::Expression D>
auto sign(const Eigen::ArrayBase<D>& x) {
  using T = typename D::Scalar;
  return x.derived().unaryExpr([](const T& v) {
    return v > T(0) ? T(1) : v < T(0) ? T(-1) : v == T(0) ? T(0) : v;
  });
}
// Rounding leaves integers as they are. Eigen's vectors of plain SSE2 lose -0.
template <kernels::Expression D>
auto floor(const Eigen::ArrayBase<D>& x) {
  return x.derived().unaryExpr(kernels::Rounded([](auto value) { return std::floor(value); }));
}
template <kernels::Expression D>
auto ceil(const Eigen::ArrayBase<D>& x) {
  return x.derived().unaryExpr(kernels::Rounded([](auto value) { return std::ceil(value); }));
}
// Half goes to even.
template <kernels::Expression D>
auto round(const Eigen::ArrayBase<D>& x) {
  return x.derived().unaryExpr(kernels::Rounded([](auto value) { return std::nearbyint(value); }));
}
template <kernels::Expression D>
auto isnan(const Eigen::ArrayBase<D>& x) {
  return x.derived().unaryExpr([](const typename D::Scalar& value) { return value != value; });
}
template <kernels::Expression D>
auto isfinite(const Eigen::ArrayBase<D>& x) {
  return x.derived().unaryExpr(
      [](const typename D::Scalar& value) { return value - value == value - value; });
}
// What is not 0 is true.
template <kernels::Expression D>
auto logical_not(const Eigen::ArrayBase<D>& x) {
  return x.derived().unaryExpr(
      [](const typename D::Scalar& value) { return value == typename D::Scalar(0); });
}

template <kernels::Expression D, kernels::Expression E>
auto power(const Eigen::ArrayBase<D>& x, const Eigen::ArrayBase<E>& y) {
  return Eigen::pow(x.derived(), y.derived());
}
template <kernels::Expression D, class N>
requires std::is_arithmetic_v<N>
auto power(const Eigen::ArrayBase<D>& x, N y) {
  return Eigen::pow(x.derived(), static_cast<typename D::Scalar>(y));
}
// The larger; NaN if either is.
template <kernels::Expression D, kernels::Expression E>
auto maximum(const Eigen::ArrayBase<D>& x, const Eigen::ArrayBase<E>& y) {
  using T = typename D::Scalar;
  return x.derived().binaryExpr(y.derived(), Eigen::internal::scalar_max_op<T, T, Eigen::PropagateNaN>());
}
template <kernels::Expression D, class N>
requires std::is_arithmetic_v<N>
auto maximum(const Eigen::ArrayBase<D>& x, N y) { return maximum(x, kernels::constant(x, y)); }
// The smaller; NaN if either is.
template <kernels::Expression D, kernels::Expression E>
auto minimum(const Eigen::ArrayBase<D>& x, const Eigen::ArrayBase<E>& y) {
  using T = typename D::Scalar;
  return x.derived().binaryExpr(y.derived(), Eigen::internal::scalar_min_op<T, T, Eigen::PropagateNaN>());
}
template <kernels::Expression D, class N>
requires std::is_arithmetic_v<N>
auto minimum(const Eigen::ArrayBase<D>& x, N y) { return minimum(x, kernels::constant(x, y)); }
// x within [min, max]; NaN stays.
template <kernels::Expression D>
auto clip(const Eigen::ArrayBase<D>& x, double min, double max) {
  using T = typename D::Scalar;
  return minimum(maximum(x, kernels::nearest<T>(min)), kernels::nearest<T>(max));
}
template <kernels::Expression D>
auto relu(const Eigen::ArrayBase<D>& x) {
  return maximum(x, 0);
}
template <kernels::Expression D, kernels::Expression E>
auto atan2(const Eigen::ArrayBase<D>& y, const Eigen::ArrayBase<E>& x) {
  using T = typename D::Scalar;
  return y.derived().binaryExpr(x.derived(), [](const T& a, const T& b) { return std::atan2(a, b); });
}
// sqrt(x^2 + y^2), where the squares may overflow.
template <kernels::Expression D, kernels::Expression E>
auto hypot(const Eigen::ArrayBase<D>& x, const Eigen::ArrayBase<E>& y) {
  using T = typename D::Scalar;
  return x.derived().binaryExpr(y.derived(), [](const T& a, const T& b) { return std::hypot(a, b); });
}
template <kernels::Expression D, class N>
requires std::is_arithmetic_v<N>
auto hypot(const Eigen::ArrayBase<D>& x, N y) { return hypot(x, kernels::constant(x, y)); }
// log(e^x + e^y); the sum of log 2 is what two equal infinities would lose.
template <kernels::Expression D, kernels::Expression E>
auto logaddexp(const Eigen::ArrayBase<D>& x, const Eigen::ArrayBase<E>& y) {
  using T = typename D::Scalar;
  return where(x.derived() == y.derived(), x.derived() + T(0.69314718055994530942),
               maximum(x, y) + log1p(exp(-abs(x.derived() - y.derived()))));
}
template <kernels::Expression D, kernels::Expression E>
auto squared_difference(const Eigen::ArrayBase<D>& x, const Eigen::ArrayBase<E>& y) {
  return square(x.derived() - y.derived());
}
// x log y, but 0 where x is 0 and y a number.
template <kernels::Expression D, kernels::Expression E>
auto xlogy(const Eigen::ArrayBase<D>& x, const Eigen::ArrayBase<E>& y) {
  return where(logical_and(x.derived() == 0, y.derived() == y.derived()), 0, x.derived() * log(y));
}
// x - y floor(x / y), with the sign of y, as in Python. REQUIRES that no integer y is 0.
template <kernels::Expression D, kernels::Expression E>
auto remainder(const Eigen::ArrayBase<D>& x, const Eigen::ArrayBase<E>& y) {
  using T = typename D::Scalar;
  return x.derived().binaryExpr(y.derived(), [](const T& a, const T& b) { return kernels::modulo(a, b); });
}
template <kernels::Expression D, kernels::Expression E>
auto logical_and(const Eigen::ArrayBase<D>& x, const Eigen::ArrayBase<E>& y) {
  using T = typename D::Scalar;
  return x.derived().binaryExpr(y.derived(), [](const T& a, const T& b) { return a != T(0) && b != T(0); });
}
template <kernels::Expression D, kernels::Expression E>
auto logical_or(const Eigen::ArrayBase<D>& x, const Eigen::ArrayBase<E>& y) {
  using T = typename D::Scalar;
  return x.derived().binaryExpr(y.derived(), [](const T& a, const T& b) { return a != T(0) || b != T(0); });
}
// a where the condition holds, b elsewhere; each may be a number.
template <kernels::Expression C, kernels::Expression A, kernels::Expression B>
auto where(const Eigen::ArrayBase<C>& condition, const Eigen::ArrayBase<A>& a, const Eigen::ArrayBase<B>& b) {
  return condition.derived().select(a.derived(), b.derived());
}
template <kernels::Expression C, kernels::Expression A, class N>
requires std::is_arithmetic_v<N>
auto where(const Eigen::ArrayBase<C>& condition, const Eigen::ArrayBase<A>& a, N b) {
  return condition.derived().select(a.derived(), static_cast<typename A::Scalar>(b));
}
template <kernels::Expression C, class N, kernels::Expression B>
requires std::is_arithmetic_v<N>
auto where(const Eigen::ArrayBase<C>& condition, N a, const Eigen::ArrayBase<B>& b) {
  return condition.derived().select(static_cast<typename B::Scalar>(a), b.derived());
}

}  // namespace gradus
