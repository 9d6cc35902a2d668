#include <gradus/ops/elementwise.h>
#include <gradus/ops/kernels/elementwise_op.h>
#include <gradus/ops/kernels/shielded.h>
#include <gradus/ops/samples.h>

namespace gradus {

namespace {

struct Sqrt {
  static constexpr std::string_view kName = "sqrt";
  auto f(auto x) const { return sqrt(x); }
  auto df(auto g, Unused, auto y) const { return shielded(g, g / (2 * y)); }
};

}  // namespace

Variable sqrt(const Operand& x) { return apply(Sqrt{}, x); }

namespace records {

OpInfo sqrt() {
  const auto call = [](const Variable& x) { return gradus::sqrt(x); };
  return {.name = "sqrt",
          .family = "elementwise",
          .signature = "sqrt(x)",
          .formula = "y = sqrt x",
          .gradient = "g / (2 y)",
          .shapes = "any -> same",
          .samples = samples::unary(call, {.low = 0.5, .high = 3}),
          .errors = samples::unary_errors(call),
          .flops = samples::flops_per_element(1)};
}

}  // namespace records

}  // namespace gradus
