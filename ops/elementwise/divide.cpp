#include <gradus/ops/elementwise.h>
#include <gradus/ops/kernels/elementwise_op.h>
#include <gradus/ops/kernels/shielded.h>
#include <gradus/ops/samples.h>

namespace gradus {

namespace {

struct Divide {
  static constexpr std::string_view kName = "divide";
  auto f(auto a, auto b) const { return a / b; }
  auto da(auto g, Unused, auto b, Unused) const { return shielded(g, g / b); }
  auto db(auto g, Unused, auto b, auto y) const { return shielded(g, -g * y / b); }
};

}  // namespace

Variable divide(const Operand& a, const Operand& b) { return apply(Divide{}, a, b); }

namespace records {

OpInfo divide() {
  const auto call = [](const Variable& a, const Variable& b) { return gradus::divide(a, b); };
  return {.name = "divide",
          .family = "elementwise",
          .signature = "divide(a, b)",
          .formula = "y = a / b",
          .gradient = "da = g / b, db = -g y / b",
          .shapes = "any, any -> broadcast",
          .samples = samples::binary(call, {}, {.low = 0.5, .high = 2}),
          .errors = samples::binary_errors(call),
          .flops = samples::flops_per_element(1)};
}

}  // namespace records

}  // namespace gradus
