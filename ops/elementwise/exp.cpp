#include <gradus/ops/elementwise.h>
#include <gradus/ops/kernels/elementwise_op.h>
#include <gradus/ops/samples.h>

namespace gradus {

namespace {

struct Exp {
  static constexpr std::string_view kName = "exp";
  auto f(auto x) const { return exp(x); }
  auto df(auto g, Unused, auto y) const { return g * y; }
};

}  // namespace

Variable exp(const Operand& x) { return apply(Exp{}, x); }

namespace records {

OpInfo exp() {
  const auto call = [](const Variable& x) { return gradus::exp(x); };
  return {.name = "exp",
          .family = "elementwise",
          .signature = "exp(x)",
          .formula = "y = e^x",
          .gradient = "g y",
          .shapes = "any -> same",
          .samples = samples::unary(call),
          .errors = samples::unary_errors(call),
          .flops = samples::flops_per_element(10)};
}

}  // namespace records

}  // namespace gradus
