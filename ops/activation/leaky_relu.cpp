#include <gradus/graph/number_text.h>
#include <gradus/ops/activation.h>
#include <gradus/ops/elementwise.h>
#include <gradus/ops/kernels/attributes.h>
#include <gradus/ops/kernels/elementwise/elementwise_op.h>
#include <gradus/ops/records.h>

#include <cmath>

namespace gradus {

namespace {

struct LeakyRelu {
  static constexpr std::string_view kName = "leaky_relu";
  double negative_slope = 0;
  OpAttributes attributes() const { return {{"negative_slope", scalar_text(negative_slope)}}; }
  auto f(auto x) const { return where(x > 0, x, negative_slope * x); }
  auto df(auto g, auto x, Unused) const { return where(x > 0, g, negative_slope * g); }
};

}  // namespace

Variable leaky_relu(const Operand& x, LeakyReluOptions options) {
  return apply(
      LeakyRelu{kernels::not_negative(options.negative_slope, "negative_slope", LeakyRelu::kName, x)}, x);
}

namespace records {

OpInfo leaky_relu() {
  const auto with = [](double slope) {
    return [=](const Variable& x) { return gradus::leaky_relu(x, {.negative_slope = slope}); };
  };
  return record::unary(
      {{"", [](const Variable& x) { return gradus::leaky_relu(x); }}, {"negative_slope = 0.5", with(0.5)}},
      {.signature = "(x, {.negative_slope = 0.2})",
       .formula = "y = x where x > 0, else negative_slope x",
       .gradient = "g where x > 0, else negative_slope g",
       .kinks = "0: the gradient there is negative_slope g",
       .flops = 2,
       .errors = record::attribute_errors(
           with, {{-0.1, "negative_slope must be finite and not negative: it is -0.1"},
                  {NAN, "negative_slope must be finite and not negative: it is nan"}})},
      record::away_from_zero());
}

}  // namespace records

}  // namespace gradus
