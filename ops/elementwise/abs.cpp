#include <gradus/ops/elementwise.h>
#include <gradus/ops/kernels/elementwise_op.h>
#include <gradus/ops/samples.h>

namespace gradus {

namespace {

struct Abs {
  static constexpr std::string_view kName = "abs";
  static constexpr bool kIntegers = true;
  auto f(auto x) const { return abs(x); }
  auto df(auto g, auto x, Unused) const { return where(x > 0, g, where(x < 0, -g, 0)); }
};

}  // namespace

Variable abs(const Operand& x) { return apply(Abs{}, x); }

namespace records {

OpInfo abs() {
  const auto call = [](const Variable& x) { return gradus::abs(x); };
  return {
      .name = "abs",
      .family = "elementwise",
      .signature = "abs(x)",
      .formula = "y = |x|",
      .gradient = "g where x > 0, -g where x < 0",
      .shapes = "any -> same",
      .kinks = "0: the gradient there is 0",
      .samples = samples::unary(
          call, [](Random& random, const Shape& shape) { return samples::away_from_zero(random, shape); }),
      .errors = samples::unary_errors(call),
      .flops = samples::flops_per_element(1)};
}

}  // namespace records

}  // namespace gradus
