#pragma once

#include <gradus/ops/kernels/packet_functions.h>

#include <Eigen/Core>

#include <concepts>
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

}  // namespace kernels

template <kernels::Expression D>
auto exp(const Eigen::ArrayBase<D>& x) {
  return x.derived().unaryExpr(kernels::Exp<typename D::Scalar>());
}
template <kernels::Expression D>
auto log(const Eigen::ArrayBase<D>& x) {
  return x.derived().unaryExpr(kernels::Log<typename D::Scalar>());
}
template <kernels::Expression D>
auto sqrt(const Eigen::ArrayBase<D>& x) {
  return x.derived().unaryExpr(kernels::Sqrt<typename D::Scalar>());
}
template <kernels::Expression D>
auto square(const Eigen::ArrayBase<D>& x) {
  return x.derived() * x.derived();
}
// 1 / (1 + e^-x): Eigen's own float version is off by up to 3e-4.
template <kernels::Expression D>
auto sigmoid(const Eigen::ArrayBase<D>& x) {
  using T = typename D::Scalar;
  return (exp(-x.derived()) + T(1)).inverse();
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
auto maximum(const Eigen::ArrayBase<D>& x, N y) {
  using T = typename D::Scalar;
  return maximum(x, D::PlainObject::Constant(x.rows(), x.cols(), static_cast<T>(y)));
}
template <kernels::Expression D>
auto relu(const Eigen::ArrayBase<D>& x) {
  return maximum(x, 0);
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
