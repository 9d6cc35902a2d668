#include <gradus/ops/activation.h>
#include <gradus/ops/elementwise.h>
#include <gradus/ops/kernels/activation/softmax.h>
#include <gradus/ops/kernels/loss/logits.h>
#include <gradus/ops/kernels/reduction/axis_op.h>
#include <gradus/ops/records.h>
#include <gradus/ops/reduction.h>

namespace gradus {

namespace {

class Softmax : public kernels::AxisOp {
 public:
  using AxisOp::AxisOp;
  std::string_view name() const override { return "softmax"; }
  // A loss that follows looks for the logits.
  bool remembers_operands() const override { return true; }
  std::int64_t axis() const { return axis_; }

  void forward(Forward& forward) const override {
    kernels::softmax_into(forward.value(0), forward.axis(axis_), forward.output());
  }

  // y (g - sum(g y))
  void vjp(Backward& b) const override {
    if (!b.create_graph()) {
      const Tensor& y = b.output_value();
      return b.give(0, kernels::softmax_gradient(y, b.gradient_value(), axis_of(y)));
    }
    const Variable &g = b.gradient(), y = b.output();
    b.give(0, multiply(y, subtract(g, sum(multiply(g, y), {.axis = axis_, .keepdims = true}))));
  }
};

}  // namespace

Variable softmax(const Operand& x, SoftmaxOptions options) { return apply(Softmax(options.axis), {x}); }

bool kernels::is_softmax_of_rows(const Op& op, int rank) {
  const auto* softmax = dynamic_cast<const Softmax*>(&op);
  return softmax != nullptr && (softmax->axis() == -1 || softmax->axis() == rank - 1);
}

namespace records {

OpInfo softmax() {
  return record::along_axis(
      [](const Variable& x, std::int64_t axis) { return gradus::softmax(x, {.axis = axis}); },
      {.formula = "y = e^x / sum(e^x)", .gradient = "y (g - sum(g y))", .flops = 14});
}

}  // namespace records

}  // namespace gradus
