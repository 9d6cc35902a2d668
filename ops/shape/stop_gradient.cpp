#include <gradus/graph/apply.h>
#include <gradus/graph/call.h>
#include <gradus/ops/samples.h>
#include <gradus/ops/shape.h>

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

Variable stop_gradient(const Operand& x) {
  static const auto op = Ref<const Op>::adopt(new StopGradient);
  return apply(op, {x});
}

namespace records {

OpInfo stop_gradient() {
  const auto call = [](const Variable& x) { return gradus::stop_gradient(x); };
  return {.name = "stop_gradient",
          .family = "shape",
          .signature = "stop_gradient(x)",
          .formula = "y = x, as a constant",
          .shapes = "any -> same",
          .samples = samples::unary(call),
          .errors = {{.message = "Tensor: used before it was given values",
                      .inputs = {},
                      .call = [](std::span<const Variable>) { return gradus::stop_gradient(Tensor()); }}},
          .flops = samples::flops_per_element(0)};
}

}  // namespace records

}  // namespace gradus
