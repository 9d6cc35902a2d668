#include <gradus/ops/activation.h>
#include <gradus/ops/elementwise.h>
#include <gradus/ops/kernels/activation/softmax.h>
#include <gradus/ops/kernels/reduction/axis_op.h>
#include <gradus/ops/records.h>
#include <gradus/ops/reduction.h>

namespace gradus {

namespace {

class LogSoftmax : public kernels::AxisOp {
 public:
  using AxisOp::AxisOp;
  std::string_view name() const override { return "log_softmax"; }

  void forward(Forward& forward) const override {
    kernels::log_softmax_into(forward.value(0), forward.axis(axis_), forward.output());
  }

  // g - e^y sum(g)
  void vjp(Backward& b) const override {
    if (!b.create_graph()) {
      const Tensor& y = b.output_value();
      return b.give(0, kernels::log_softmax_gradient(y, b.gradient_value(), axis_of(y)));
    }
    const Variable &g = b.gradient(), y = b.output();
    b.give(0, subtract(g, multiply(exp(y), sum(g, {.axis = axis_, .keepdims = true}))));
  }
};

}  // namespace

Variable log_softmax(const Operand& x, SoftmaxOptions options) {
  return apply(LogSoftmax(options.axis), {x});
}

namespace records {

OpInfo log_softmax() {
  return record::along_axis(
      [](const Variable& x, std::int64_t axis) { return gradus::log_softmax(x, {.axis = axis}); },
      {.formula = "y = x - logsumexp(x)", .gradient = "g - e^y sum(g)", .flops = 14});
}

}  // namespace records

}  // namespace gradus
