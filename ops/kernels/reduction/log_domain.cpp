#include <gradus/ops/elementwise.h>
#include <gradus/ops/kernels/reduction/log_domain.h>

#include <algorithm>
#include <limits>

namespace gradus::kernels {

Variable above_minus_infinity(const Variable& x) {
  constexpr double kLowest = -std::numeric_limits<double>::infinity();
  const bool any = dispatch_floating(x.dtype(), [&]<class T>() {
    return std::ranges::count(x.value().values<T>(), static_cast<T>(kLowest)) != 0;
  });
  return any ? where(equal(x, kLowest), 0, x) : x;
}

}  // namespace gradus::kernels
