#include <gradus/ops/elementwise.h>
#include <gradus/ops/kernels/elementwise_op.h>
#include <gradus/ops/samples.h>

namespace gradus {

namespace {

struct Tanh {
  static constexpr std::string_view kName = "tanh";
  auto f(auto x) const { return tanh(x); }
  auto df(auto g, Unused, auto y) const { return g * (1 - y * y); }
};

}  // namespace

Variable tanh(const Operand& x) { return apply(Tanh{}, x); }

namespace records {

OpInfo tanh() {
  const auto call = [](const Variable& x) { return gradus::tanh(x); };
  return {.name = "tanh",
          .family = "elementwise",
          .signature = "tanh(x)",
          .formula = "y = tanh x",
          .gradient = "g (1 - y^2)",
          .shapes = "any -> same",
          .samples = samples::unary(call),
          .errors = samples::unary_errors(call),
          .flops = samples::flops_per_element(20)};
}

}  // namespace records

}  // namespace gradus
