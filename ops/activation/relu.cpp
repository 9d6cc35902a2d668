#include <gradus/ops/activation.h>
#include <gradus/ops/kernels/elementwise_op.h>
#include <gradus/ops/samples.h>

namespace gradus {

namespace {

struct Relu {
  static constexpr std::string_view kName = "relu";
  static constexpr bool kIntegers = true;
  auto f(auto x) const { return maximum(x, 0); }
  auto df(auto g, Unused, auto y) const { return where(y > 0, g, 0); }
};

}  // namespace

Variable relu(const Operand& x) { return apply(Relu{}, x); }

namespace records {

OpInfo relu() {
  const auto call = [](const Variable& x) { return gradus::relu(x); };
  return {
      .name = "relu",
      .family = "activation",
      .signature = "relu(x)",
      .formula = "y = max(x, 0)",
      .gradient = "g where x > 0, else 0",
      .shapes = "any -> same",
      .kinks = "0: the gradient there is 0",
      .samples = samples::unary(
          call, [](Random& random, const Shape& shape) { return samples::away_from_zero(random, shape); }),
      .errors = samples::unary_errors(call),
      .flops = samples::flops_per_element(1)};
}

}  // namespace records

}  // namespace gradus
