#include <gradus/ops/elementwise.h>
#include <gradus/ops/kernels/reduction/reduce_op.h>
#include <gradus/ops/kernels/reduction/variance.h>
#include <gradus/ops/shape.h>

#include <algorithm>

namespace gradus::kernels {

// A shift changes no variance. By the first value of each group the deviations of a constant are exactly 0,
// and those of values far from 0 keep their digits.
Variable variance(const Expansion& op, const VarianceOptions& options) {
  const Shape &shape = op.shape(0), kept = ReduceOp::kept_shape(op.call(), options.axis);
  std::vector<Slice> first(shape.dims().size());
  for (std::size_t axis = 0; axis < first.size(); ++axis) {
    if (kept[axis] == 1) first[axis].stop = 1;
  }
  const Variable shifted = subtract(op[0], slice(op[0].detach(), first));
  const Variable deviation = subtract(shifted, mean(shifted, {.axis = options.axis, .keepdims = true}));
  const double divisor = ReduceOp::group_size(shape, kept) - static_cast<double>(options.ddof);
  return divide(sum(square(deviation), {.axis = options.axis, .keepdims = options.keepdims}),
                std::max(divisor, 0.0));
}

}  // namespace gradus::kernels
