#include <gradus/graph/recording.h>
#include <gradus/ops/elementwise.h>
#include <gradus/ops/kernels/reduction/extremum_op.h>

namespace gradus::kernels {

Shape ExtremumOp::infer_shape(const Call& call) const {
  Shape shape = ReduceOp::infer_shape(call);
  if (group_size(call.shape(0), kept_shape(call)) == 0) throw call.shape_error("no values to choose from");
  return shape;
}

void ExtremumOp::forward(Forward& forward) const {
  extreme_into(extreme_, forward.value(0), kept_shape(forward), forward.output());
}

void ExtremumOp::vjp(Backward& b) const {
  const Variable x = b.input(0), chosen = kept(b, b.output());
  Variable share;  // 1 / number of ties where x is chosen, else 0: constant wherever the derivative exists
  {
    const NoGrad constant;
    const Tensor one = Tensor::ones({}, x.dtype()), zero = Tensor::zeros({}, x.dtype());
    const Variable ties = where(equal(x, chosen), one, zero);
    share = divide(ties, sum(ties, {.axis = options_.axis, .keepdims = true}));
  }
  b.give(0, multiply(kept(b, b.gradient()), share));
}

}  // namespace gradus::kernels
