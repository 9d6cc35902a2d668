#include <gradus/graph/number_text.h>
#include <gradus/ops/activation.h>
#include <gradus/ops/elementwise.h>
#include <gradus/ops/kernels/attributes.h>
#include <gradus/ops/kernels/elementwise/elementwise_op.h>
#include <gradus/ops/records.h>

namespace gradus {

namespace {

struct Squareplus {
  static constexpr std::string_view kName = "squareplus";
  double b = 0;
  OpAttributes attributes() const { return {{"b", scalar_text(b)}}; }
  // For x < 0, where the sum would lose its digits, y = (b / 2) / (r - x).
  auto f(auto x) const {
    const auto r = sqrt(square(x) + b);
    return where(x < 0, b / 2 / (r - x), (x + r) / 2);
  }
  auto df(auto g, auto x, auto y) const { return g * y / sqrt(square(x) + b); }
};

}  // namespace

Variable squareplus(const Operand& x, SquareplusOptions options) {
  return apply(Squareplus{kernels::positive(options.b, "b", Squareplus::kName, x)}, x);
}

namespace records {

OpInfo squareplus() {
  const auto with = [](double b) {
    return [=](const Variable& x) { return gradus::squareplus(x, {.b = b}); };
  };
  return record::unary(
      {{"", [](const Variable& x) { return gradus::squareplus(x); }}, {"b = 0.5", with(0.5)}},
      {.signature = "(x, {.b = 4})",
       .formula = "y = (x + r) / 2, r = sqrt(x^2 + b)",
       .gradient = "g y / r",
       .flops = 6,
       .errors = record::attribute_errors(with, {{0, "b must be positive and finite: it is 0.0"},
                                                 {-4, "b must be positive and finite: it is -4.0"}})});
}

}  // namespace records

}  // namespace gradus
