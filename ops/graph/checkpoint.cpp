#include <gradus/graph/apply.h>
#include <gradus/graph/backward_through.h>
#include <gradus/graph/expansion.h>
#include <gradus/graph/gradients.h>
#include <gradus/graph/order.h>
#include <gradus/graph/recording.h>
#include <gradus/ops/elementwise.h>
#include <gradus/ops/graph.h>
#include <gradus/ops/records.h>

#include <algorithm>

namespace gradus {

namespace {

class Checkpoint : public Op {
 public:
  Checkpoint(Function function, std::size_t count, Tensor value)
      : function_(std::move(function)), count_(count), value_(std::move(value)) {}
  std::string_view name() const override { return "checkpoint"; }
  DType operand_dtype(const Call& call, std::size_t i) const override { return call.dtype(i); }
  Shape infer_shape(const Call& /*call*/) const override { return value_.shape(); }
  DType infer_dtype(const Call& /*call*/) const override { return value_.dtype(); }
  void forward(Forward& forward) const override { forward.give(value_); }

  void vjp(Backward& b) const override {
    const Variable again = backward_through(b, function_, count_);
    if (!identical(again.value(), value_)) {
      throw StateError(
          "checkpoint: the function gave another value when it ran again: one that draws random numbers must "
          "take "
          "them from a copy of a Random");
    }
  }

 private:
  Function function_;
  std::size_t count_;  // of the operands that the function is passed
  Tensor value_;
};

}  // namespace

Variable checkpoint(const Function& function, const std::vector<Operand>& operands) {
  if (operands.empty()) throw ValueError("checkpoint: the list of operands is empty");
  const Expansion op({.name = "checkpoint", .takes = Takes::anything}, operands);
  if (!function) throw op.value_error("there is no function");
  if (!recording::enabled()) return function(op.operands());
  // Runs recorded, but on copies cut off from the graph, to find the leaves that the function knows by
  // itself; what was recorded dies at the end of this call.
  std::vector<Variable> inside;
  for (const Variable& x : op.operands()) {
    inside.emplace_back(x.value(), VariableOptions{.requires_grad = x.requires_grad()});
  }
  const Variable y = function(inside);
  if (!y.requires_grad()) return Variable(y.value());
  std::vector<Operand> all(op.operands().begin(), op.operands().end());
  const Order order({&y, 1}, Order::Select::requires_grad);
  for (std::size_t place = 0; place < order.size(); ++place) {
    Node& node = order.node(place);
    const auto is_node = [&](const Variable& x) { return &x.node() == &node; };
    if (node.op() != nullptr || std::ranges::any_of(inside, is_node)) continue;
    all.emplace_back(Variable(Ref<Node>::share(&node)));
  }
  return gradus::apply(Checkpoint(function, inside.size(), y.value()), std::span<const Operand>(all));
}

namespace records {

OpInfo checkpoint() {
  const auto function = [](std::span<const Variable> x) { return gradus::exp(gradus::tanh(x[0])); };
  const auto misuse = [](std::string message, Function inside) -> OpError {
    return {std::move(message), {}, [=](std::span<const Variable>) {
              const Parameter x("x", Tensor::ones({}));
              const Variable y = gradus::checkpoint(inside, {x});
              return gradients(y, x).front();
            }};
  };
  const auto moody = [calls = std::make_shared<int>(0)](const Variable& x) { return x * ++*calls; };
  return record::unary(
      {{"", [=](const Variable& x) { return gradus::checkpoint(function, {x}); }}},
      {.signature = "(function, {x, ..})",
       .formula = "y = function(x, ..)",
       .gradient = "the function's own, from running it again",
       .shapes = "any, .. -> any",
       .flops = 32,
       .errors = {
           misuse("there is no function", {}),
           misuse("the function gave another value when it ran again: one that draws random numbers must "
                  "take them from a copy of a Random",
                  moody),
           {"the list of operands is empty", {}, [=](std::span<const Variable>) {
              return gradus::checkpoint(function, {});
            }}}});
}

}  // namespace records

}  // namespace gradus
