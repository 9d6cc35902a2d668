#pragma once

#include <gradus/ops/kernels/reduction/reduce_op.h>

namespace gradus::kernels {

// sum((x - mean(x))^2) / (n - ddof), in two passes; what var and std are.
class VarianceOp : public ReduceOp {
 public:
  explicit VarianceOp(const VarianceOptions& options)
      : ReduceOp({.axis = options.axis, .keepdims = options.keepdims}), ddof_(options.ddof) {}
  std::string_view name() const override { return "var"; }
  OpAttributes attributes() const override;
  DType operand_dtype(const Call& call, std::size_t /*i*/) const override {
    return call.common_floating_dtype();
  }
  void forward(Forward& forward) const override;
  void vjp(Backward& b) const override;

 private:
  double divisor(const Shape& shape, const Shape& kept) const {
    return std::max(group_size(shape, kept) - static_cast<double>(ddof_), 0.0);
  }
  std::int64_t ddof_;
};

}  // namespace gradus::kernels
