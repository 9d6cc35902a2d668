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

}  // namespace gradus
