#include <gradus/ops/elementwise.h>
#include <gradus/ops/kernels/elementwise_op.h>
#include <gradus/ops/samples.h>

namespace gradus {

namespace {

struct Square {
  static constexpr std::string_view kName = "square";
  static constexpr bool kIntegers = true;
  auto f(auto x) const { return x * x; }
  auto df(auto g, auto x, Unused) const { return 2 * g * x; }
};

}  // namespace

Variable square(const Operand& x) { return apply(Square{}, x); }

namespace records {

OpInfo square() {
  const auto call = [](const Variable& x) { return gradus::square(x); };
  return {.name = "square",
          .family = "elementwise",
          .signature = "square(x)",
          .formula = "y = x^2",
          .gradient = "2 g x",
          .shapes = "any -> same",
          .samples = samples::unary(call),
          .errors = samples::unary_errors(call),
          .flops = samples::flops_per_element(1)};
}

}  // namespace records

}  // namespace gradus
