#include <gradus/ops/elementwise.h>
#include <gradus/ops/kernels/reduce_op.h>
#include <gradus/ops/reduction.h>
#include <gradus/ops/samples.h>
#include <gradus/ops/shape.h>

namespace gradus {

namespace {

class LogSumExp : public kernels::ReduceOp {
 public:
  using ReduceOp::ReduceOp;
  std::string_view name() const override { return "logsumexp"; }
  DType operand_dtype(const Call& call, std::size_t /*i*/) const override {
    return call.common_floating_dtype();
  }

  void forward(Forward& forward) const override {
    kernels::logsumexp_into(forward.value(0), kept_shape(forward), forward.output());
  }

  void vjp(Backward& b) const override {
    const Variable y = kept(b, b.output());
    b.give(0, multiply(kept(b, b.gradient()), exp(subtract(b.input(0), y))));
  }
};

}  // namespace

Variable logsumexp(const Operand& x, ReduceOptions options) {
  return apply(LogSumExp(std::move(options)), {x});
}

namespace records {

OpInfo logsumexp() {
  const auto call = [](const Variable& x, const Axes& axis, bool keepdims) {
    return gradus::logsumexp(x, {.axis = axis, .keepdims = keepdims});
  };
  OpInfo info = {
      .name = "logsumexp",
      .family = "reduction",
      .signature = "logsumexp(x, {.axis, .keepdims})",
      .formula = "y = log(sum(e^x))",
      .gradient = "g e^(x - y)",
      .shapes = "any -> without the axes, or 1 there",
      .samples = samples::reduction(
          call, [](Random& random, const Shape& shape) { return samples::uniform(random, shape); }, true),
      .errors = samples::reduction_errors(call),
      .flops = samples::flops_of_operand(10)};
  info.errors.push_back({.message = "does not take booleans: x is boolean",
                         .inputs = {Tensor::ones({2}, DType::boolean)},
                         .call = [=](std::span<const Variable> x) { return call(x[0], {}, false); }});
  return info;
}

}  // namespace records

}  // namespace gradus
