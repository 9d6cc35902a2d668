#pragma once

#include <gradus/ops/elementwise.h>
#include <gradus/ops/kernels/elementwise/vector_functions.h>

#include <algorithm>
#include <cmath>

// Note [Poles]
// At a pole, or outside a function's domain, a rule such as g / x gives NaN even where g is 0: the branch
// that `where` does not take would poison the gradient. shielded(g, p) is p, but 0 where g is 0 and p is NaN.

namespace gradus {

template <class T>
[[gnu::always_inline]] inline kernels::Vector<T> shielded(const kernels::Vector<T>& g,
                                                          const kernels::Vector<T>& p) {
  return where(p != p && g == 0, 0, p);
}
// Over Variables the choice is recorded only where there is one.
inline Variable shielded(const Variable& g, const Variable& p) {
  const bool clean = dispatch_floating(p.dtype(), [&]<class T>() {
    return std::ranges::none_of(p.value().values<T>(), [](T value) { return std::isnan(value); });
  });
  return clean ? p : where(equal(p, p), p, where(equal(g, 0), 0, p));
}

}  // namespace gradus
