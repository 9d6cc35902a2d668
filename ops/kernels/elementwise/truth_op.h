#pragma once

#include <gradus/ops/kernels/reduction/reduce_op.h>

namespace gradus::kernels {

// all and any: whether values are other than 0, as a boolean.
class TruthOp : public ReduceOp {
 public:
  TruthOp(Quantifier quantifier, ReduceOptions options)
      : ReduceOp(std::move(options)), quantifier_(quantifier) {}
  std::string_view name() const override { return quantifier_ == Quantifier::all ? "all" : "any"; }
  DType operand_dtype(const Call& call, std::size_t i) const override { return call.dtype(i); }
  DType infer_dtype(const Call& /*call*/) const override { return DType::boolean; }
  bool differentiable() const override { return false; }
  void forward(Forward& forward) const override {
    truth_into(quantifier_, forward.value(0), kept_shape(forward), forward.output());
  }

 private:
  Quantifier quantifier_;
};

}  // namespace gradus::kernels
