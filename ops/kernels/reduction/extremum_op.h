#pragma once

#include <gradus/ops/kernels/reduction/reduce_op.h>

namespace gradus::kernels {

// max and min: the value that is chosen of each group. Equal ones share the gradient.
class ExtremumOp : public ReduceOp {
 public:
  ExtremumOp(Extreme extreme, ReduceOptions options) : ReduceOp(std::move(options)), extreme_(extreme) {}
  std::string_view name() const override { return extreme_ == Extreme::largest ? "max" : "min"; }
  Shape infer_shape(const Call& call) const override;
  void forward(Forward& forward) const override;
  void vjp(Backward& b) const override;

 private:
  Extreme extreme_;
};

}  // namespace gradus::kernels
