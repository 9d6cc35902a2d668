#include <gradus/graph/number_text.h>
#include <gradus/ops/activation.h>
#include <gradus/ops/elementwise.h>
#include <gradus/ops/kernels/attributes.h>
#include <gradus/ops/kernels/elementwise/elementwise_op.h>
#include <gradus/ops/records.h>

#include <cmath>

namespace gradus {

namespace {

struct Elu {
  static constexpr std::string_view kName = "elu";
  double alpha = 1;
  OpAttributes attributes() const { return {{"alpha", scalar_text(alpha)}}; }
  auto f(auto x) const { return where(x > 0, x, alpha * expm1(x)); }
  // The exponential of a large x, which is not taken, would poison the second derivative.
  auto df(auto g, auto x, Unused) const { return where(x > 0, g, alpha * g * exp(where(x > 0, 0, x))); }
};

}  // namespace

Variable elu(const Operand& x, EluOptions options) {
  return apply(Elu{kernels::not_negative(options.alpha, "alpha", Elu::kName, x)}, x);
}

namespace records {

OpInfo elu() {
  const auto with = [](double alpha) {
    return [=](const Variable& x) { return gradus::elu(x, {.alpha = alpha}); };
  };
  return record::unary(
      {{"", [](const Variable& x) { return gradus::elu(x); }}, {"alpha = 0.3", with(0.3)}},
      {.signature = "(x, {.alpha = 1})",
       .formula = "y = x where x > 0, else alpha (e^x - 1)",
       .gradient = "g where x > 0, else alpha g e^x",
       .kinks = "0: the gradient there is alpha g",
       .flops = 12,
       .errors = record::attribute_errors(with, {{-1, "alpha must be finite and not negative: it is -1.0"},
                                                 {NAN, "alpha must be finite and not negative: it is nan"}})},
      record::away_from_zero());
}

}  // namespace records

}  // namespace gradus
