#include <gradus/graph/apply.h>
#include <gradus/graph/call.h>
#include <gradus/ops/graph.h>
#include <gradus/ops/records.h>

namespace gradus {

namespace {

class StopGradient : public Op {
 public:
  std::string_view name() const override { return "stop_gradient"; }
  DType operand_dtype(const Call& call, std::size_t i) const override { return call.dtype(i); }
  Shape infer_shape(const Call& call) const override { return call.shape(0); }
  void forward(Forward& forward) const override { forward.give(forward.value(0)); }
  bool differentiable() const override { return false; }
};

}  // namespace

Variable stop_gradient(const Operand& x) { return apply(Op::lasting<StopGradient>(), x); }

namespace records {

OpInfo stop_gradient() {
  return record::unary(gradus::stop_gradient, {.formula = "y = x, as a constant",
                                               .flops = 0,
                                               .errors = record::undefined_errors(gradus::stop_gradient)});
}

}  // namespace records

}  // namespace gradus
