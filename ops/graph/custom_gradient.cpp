#include <gradus/graph/apply.h>
#include <gradus/graph/expansion.h>
#include <gradus/graph/gradients.h>
#include <gradus/graph/recording.h>
#include <gradus/ops/elementwise.h>
#include <gradus/ops/graph.h>
#include <gradus/ops/records.h>

namespace gradus {

namespace {

class CustomGradient : public Op {
 public:
  CustomGradient(CustomGradientRule rule, Tensor value) : rule_(std::move(rule)), value_(std::move(value)) {}
  std::string_view name() const override { return "custom_gradient"; }
  DType operand_dtype(const Call& call, std::size_t i) const override { return call.dtype(i); }
  Shape infer_shape(const Call& /*call*/) const override { return value_.shape(); }
  DType infer_dtype(const Call& /*call*/) const override { return value_.dtype(); }
  bool differentiable() const override { return is_floating(value_.dtype()); }
  void forward(Forward& forward) const override { forward.give(value_); }

  void vjp(Backward& b) const override {
    PoolVector<Variable> x;
    for (std::size_t i = 0; i < b.size(); ++i) x.push_back(b.input(i));
    const Variables found = rule_({b.gradient(), x, b.output()});
    if (found.size() != b.size()) {
      throw ValueError("custom_gradient: the rule gave " + std::to_string(found.size()) + " gradients for " +
                       std::to_string(b.size()) + " operands");
    }
    for (std::size_t i = 0; i < b.size(); ++i) {
      if (!b.needs(i)) continue;
      b.give(i, found[i].defined() ? found[i] : Variable(Tensor::zeros(b.shape(i), x[i].dtype())));
    }
  }

 private:
  CustomGradientRule rule_;
  Tensor value_;
};

}  // namespace

Variable custom_gradient(const Function& function, const CustomGradientRule& rule,
                         const std::vector<Operand>& operands) {
  if (operands.empty()) throw ValueError("custom_gradient: the list of operands is empty");
  const Expansion op({.name = "custom_gradient", .takes = Takes::anything}, operands);
  if (!function) throw op.value_error("there is no function");
  if (!rule) throw op.value_error("there is no rule");
  Tensor value;
  {
    const NoGrad inside;
    value = function(op.operands()).value();
  }
  const std::vector<Operand> converted(op.operands().begin(), op.operands().end());
  return gradus::apply(CustomGradient(rule, std::move(value)), std::span<const Operand>(converted));
}

namespace records {

OpInfo custom_gradient() {
  // x e^x by hand.
  const auto product = [](std::span<const Variable> x) { return x[0] * gradus::exp(x[0]); };
  const auto slope = [](const CustomBackward& b) { return b.g * (gradus::exp(b.x[0]) + b.y); };
  const auto with = [](Function function, CustomGradientRule rule) {
    return [=](const Variable& x) {
      Variable y = gradus::custom_gradient(function, rule, {x});
      if (y.requires_grad()) gradients(y, x, {.seeds = Variable(Tensor::ones(y.shape(), y.dtype()))});
      return y;
    };
  };
  const auto misuse = [=](std::string message, Function function, CustomGradientRule rule) -> OpError {
    return {std::move(message), {}, [=](std::span<const Variable>) {
              return with(function, rule)(Parameter("x", Tensor::ones({2})));
            }};
  };
  const auto twice = [](const CustomBackward& b) { return Variables{b.g, b.g}; };
  return record::unary(
      {{"", [=](const Variable& x) { return gradus::custom_gradient(product, slope, {x}); }}},
      {.signature = "(function, rule, {x, ..})",
       .formula = "y = function(x, ..)",
       .gradient = "rule(g, x, y)",
       .shapes = "any, .. -> any",
       .flops = 12,
       .errors = {misuse("there is no function", {}, slope), misuse("there is no rule", product, {}),
                  misuse("the rule gave 2 gradients for 1 operands", product, twice)}});
}

}  // namespace records

}  // namespace gradus
