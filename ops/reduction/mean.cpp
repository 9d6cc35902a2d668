#include <gradus/ops/elementwise.h>
#include <gradus/ops/kernels/reduce_op.h>
#include <gradus/ops/reduction.h>
#include <gradus/ops/samples.h>
#include <gradus/ops/shape.h>

namespace gradus {

namespace {

class Mean : public kernels::ReduceOp {
 public:
  using ReduceOp::ReduceOp;
  std::string_view name() const override { return "mean"; }
  DType operand_dtype(const Call& call, std::size_t /*i*/) const override {
    return call.common_floating_dtype();
  }

  void forward(Forward& forward) const override {
    const Shape kept = kept_shape(forward);
    kernels::sum_into(forward.value(0), kept, forward.output(), 1 / group_size(forward.shape(0), kept));
  }

  void vjp(Backward& b) const override {
    const double size = group_size(b.shape(0), kept_shape(b));
    b.give(0, broadcast_to(multiply(kept(b, b.gradient()), 1 / size), b.shape(0)));
  }
};

}  // namespace

Variable mean(const Operand& x, ReduceOptions options) { return apply(Mean(std::move(options)), {x}); }

namespace records {

OpInfo mean() {
  const auto call = [](const Variable& x, const Axes& axis, bool keepdims) {
    return gradus::mean(x, {.axis = axis, .keepdims = keepdims});
  };
  OpInfo info = {
      .name = "mean",
      .family = "reduction",
      .signature = "mean(x, {.axis, .keepdims})",
      .formula = "y = sum(x) / n",
      .gradient = "g / n, repeated",
      .shapes = "any -> without the axes, or 1 there",
      .samples = samples::reduction(
          call, [](Random& random, const Shape& shape) { return samples::uniform(random, shape); }, true),
      .errors = samples::reduction_errors(call),
      .flops = samples::flops_of_operand(1)};
  info.errors.push_back({.message = "does not take booleans: x is boolean",
                         .inputs = {Tensor::ones({2}, DType::boolean)},
                         .call = [=](std::span<const Variable> x) { return call(x[0], {}, false); }});
  return info;
}

}  // namespace records

}  // namespace gradus
