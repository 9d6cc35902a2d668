#include <gradus/graph/number_text.h>
#include <gradus/ops/activation.h>
#include <gradus/ops/elementwise.h>
#include <gradus/ops/kernels/attributes.h>
#include <gradus/ops/kernels/elementwise/elementwise_op.h>
#include <gradus/ops/records.h>

namespace gradus {

namespace {

struct Celu {
  static constexpr std::string_view kName = "celu";
  double alpha = 1;
  OpAttributes attributes() const { return {{"alpha", scalar_text(alpha)}}; }
  auto f(auto x) const { return where(x > 0, x, alpha * expm1(x / alpha)); }
  // The exponential of a large x, which is not taken, would poison the second derivative.
  auto df(auto g, auto x, Unused) const { return g * exp(where(x > 0, 0, x / alpha)); }
};

}  // namespace

Variable celu(const Operand& x, CeluOptions options) {
  return apply(Celu{kernels::positive(options.alpha, "alpha", Celu::kName, x)}, x);
}

namespace records {

OpInfo celu() {
  const auto with = [](double alpha) {
    return [=](const Variable& x) { return gradus::celu(x, {.alpha = alpha}); };
  };
  return record::unary(
      {{"", [](const Variable& x) { return gradus::celu(x); }}, {"alpha = 0.3", with(0.3)}},
      {.signature = "(x, {.alpha = 1})",
       .formula = "y = x where x > 0, else alpha (e^(x / alpha) - 1)",
       .gradient = "g where x > 0, else g e^(x / alpha)",
       .kinks = "0: the second derivative jumps there",
       .flops = 13,
       .errors = record::attribute_errors(with, {{0, "alpha must be positive and finite: it is 0.0"},
                                                 {-1, "alpha must be positive and finite: it is -1.0"}})},
      record::away_from_zero());
}

}  // namespace records

}  // namespace gradus
