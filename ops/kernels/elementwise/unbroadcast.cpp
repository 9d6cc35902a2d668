#include <gradus/graph/pool_vector.h>
#include <gradus/ops/kernels/elementwise/unbroadcast.h>
#include <gradus/ops/reduction.h>
#include <gradus/ops/shape.h>

namespace gradus {

Variable kernels::sum_over_broadcast(const Variable& x, const Shape& shape) {
  PoolVector<std::int64_t> axes;
  const std::int64_t missing = x.rank() - shape.rank();
  for (std::int64_t axis = 0; axis < x.rank(); ++axis) {
    if (axis < missing || (shape.dim(axis - missing) == 1 && x.shape().dim(axis) != 1)) axes.push_back(axis);
  }
  Variable result = axes.empty() ? x : sum(x, {.axis = Axes(axes), .keepdims = true});
  return result.shape() == shape ? result : reshape(result, shape.dims());
}

}  // namespace gradus
