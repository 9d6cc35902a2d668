#pragma once

#include <gradus/ops/kernels/reduction/reduce_op.h>
#include <gradus/ops/records.h>

namespace gradus::kernels {

// argmax and argmin: where the value that is chosen along an axis, or of all, stands.
class ArgExtremumOp : public Op {
 public:
  ArgExtremumOp(Extreme extreme, ArgOptions options) : extreme_(extreme), options_(options) {}
  std::string_view name() const override { return extreme_ == Extreme::largest ? "argmax" : "argmin"; }
  OpAttributes attributes() const override;
  DType operand_dtype(const Call& call, std::size_t i) const override { return call.dtype(i); }
  Shape infer_shape(const Call& call) const override;
  DType infer_dtype(const Call& /*call*/) const override { return DType::int64; }
  bool differentiable() const override { return false; }
  void forward(Forward& forward) const override;

 private:
  Extreme extreme_;
  ArgOptions options_;
};

// The record of either.
OpInfo arg_extremum_record(Variable (*function)(const Operand&, ArgOptions), OpInfo about);

}  // namespace gradus::kernels
