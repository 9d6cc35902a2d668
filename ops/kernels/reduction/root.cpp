#include <gradus/ops/elementwise.h>
#include <gradus/ops/kernels/reduction/root.h>

#include <algorithm>

namespace gradus::kernels {

Variable root(const Variable& x) {
  const bool zeros = dispatch_floating(
      x.dtype(), [&]<class T>() { return std::ranges::count(x.value().values<T>(), T(0)) != 0; });
  if (!zeros) return sqrt(x);
  const Variable zero = equal(x, 0);
  return where(zero, 0, sqrt(where(zero, 1, x)));
}

}  // namespace gradus::kernels
