#include <gradus/ops/elementwise.h>
#include <gradus/ops/kernels/elementwise_op.h>
#include <gradus/ops/samples.h>

namespace gradus {

namespace {

struct Negative {
  static constexpr std::string_view kName = "negative";
  static constexpr bool kIntegers = true;
  auto f(auto x) const { return x * -1; }  // Eigen's vectors negate by 0 - x, which loses -0
  auto df(auto g, Unused, Unused) const { return -g; }
};

}  // namespace

Variable negative(const Operand& x) { return apply(Negative{}, x); }

namespace records {

OpInfo negative() {
  const auto call = [](const Variable& x) { return gradus::negative(x); };
  return {.name = "negative",
          .family = "elementwise",
          .signature = "negative(x)",
          .formula = "y = -x",
          .gradient = "-g",
          .shapes = "any -> same",
          .samples = samples::unary(call),
          .errors = samples::unary_errors(call),
          .flops = samples::flops_per_element(1)};
}

}  // namespace records

}  // namespace gradus
