#pragma once

#include <gradus/ops/elementwise.h>
#include <gradus/ops/kernels/elementwise/lanes.h>

#include <algorithm>
#include <cmath>

// Note [Poles]
// At a pole, or outside a function's domain, a rule such as g / x gives NaN even where g is 0: the branch
// that `where` does not take would poison the gradient. shielded(g, p) is p, but 0 where g is 0 and p is NaN.

namespace gradus {
namespace kernels {

template <class T>
struct Shield {
  [[gnu::always_inline]] T operator()(const T& g, const T& p) const { return g == T(0) && p != p ? T(0) : p; }
  template <class Packet>
  [[gnu::always_inline]] Packet packetOp(const Packet& g, const Packet& p) const {
    using namespace Eigen::internal;
    return pandnot(p, pandnot(pcmp_eq(g, pzero(g)), pcmp_eq(p, p)));
  }
};

}  // namespace kernels

template <kernels::Expression G, kernels::Expression P>
auto shielded(const Eigen::ArrayBase<G>& g, const Eigen::ArrayBase<P>& p) {
  return g.derived().binaryExpr(p.derived(), kernels::Shield<typename G::Scalar>());
}
// Over Variables the choice is recorded only where there is one.
inline Variable shielded(const Variable& g, const Variable& p) {
  const bool clean = dispatch_floating(p.dtype(), [&]<class T>() {
    return std::ranges::none_of(p.value().values<T>(), [](T value) { return std::isnan(value); });
  });
  return clean ? p : where(equal(p, p), p, where(equal(g, 0), 0, p));
}

}  // namespace gradus

namespace Eigen::internal {

template <class T>
struct functor_traits<gradus::kernels::Shield<T>> {
  enum {
    Cost = 3 * NumTraits<T>::AddCost,
    PacketAccess = functor_traits<gradus::kernels::Log<T>>::PacketAccess
  };
};

}  // namespace Eigen::internal
