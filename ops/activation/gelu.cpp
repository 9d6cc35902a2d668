#include <gradus/ops/activation.h>
#include <gradus/ops/elementwise.h>
#include <gradus/ops/kernels/elementwise/elementwise_op.h>
#include <gradus/ops/records.h>

#include <numbers>

namespace gradus {

namespace {

constexpr double kRootHalf = std::numbers::sqrt2 / 2;
constexpr double kRootTwoOverPi = 2 * std::numbers::inv_sqrtpi * kRootHalf;

struct VariablePowerAndErfc {
  Variable power, erfc;
};
VariablePowerAndErfc power_and_erfc(const Variable& x) { return {exp(negative(square(x))), erfc(x)}; }

// y = x P, P = erfc(-x / sqrt 2) / 2, which keeps its digits where P is small; P' is the normal density.
struct Gelu {
  static constexpr std::string_view kName = "gelu";
  auto f(auto x) const { return x * (erfc(-kRootHalf * x) / 2); }
  auto df(auto g, auto x, Unused) const {
    const auto at = power_and_erfc(-kRootHalf * x);
    return g * (at.erfc / 2 + x * (at.power * (kRootTwoOverPi / 2)));
  }
};

// (1 + tanh u) / 2 = sigmoid(2 u), u = sqrt(2 / pi) (x + 0.044715 x^3)
struct ApproximateGelu {
  static constexpr std::string_view kName = "gelu";
  static constexpr double kLinear = 2 * kRootTwoOverPi, kCubic = kLinear * 0.044715;
  OpAttributes attributes() const { return {{"approximate", "true"}}; }
  static auto argument(auto x) { return x * (kLinear + kCubic * square(x)); }
  auto f(auto x) const { return x * sigmoid(argument(x)); }
  auto df(auto g, auto x, Unused) const {
    const auto s = sigmoid(argument(x));
    return g * (s + x * (s * sigmoid(-argument(x)) * (kLinear + 3 * kCubic * square(x))));
  }
};

}  // namespace

Variable gelu(const Operand& x, GeluOptions options) {
  return options.approximate ? apply(ApproximateGelu{}, x) : apply(Gelu{}, x);
}

namespace records {

OpInfo gelu() {
  return record::unary(
      {{"", [](const Variable& x) { return gradus::gelu(x); }},
       {"approximate = true", [](const Variable& x) { return gradus::gelu(x, {.approximate = true}); }}},
      {.signature = "(x, {.approximate = false})",
       .formula = "y = x P, P = (1 + erf(x / sqrt 2)) / 2; approximately (1 + tanh(sqrt(2 / pi) "
                  "(x + 0.044715 x^3))) / 2",
       .gradient = "g (P + x e^(-x^2 / 2) / sqrt(2 pi))",
       .flops = 30});
}

}  // namespace records

}  // namespace gradus
