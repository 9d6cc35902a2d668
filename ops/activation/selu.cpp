#include <gradus/ops/activation.h>
#include <gradus/ops/elementwise.h>
#include <gradus/ops/kernels/elementwise/elementwise_op.h>
#include <gradus/ops/records.h>

namespace gradus {

namespace {

struct Selu {
  static constexpr std::string_view kName = "selu";
  // Those for which mean 0 and variance 1 are a fixed point.
  static constexpr double kAlpha = 1.6732632423543772848170429916717;
  static constexpr double kScale = 1.0507009873554804934193349852946;
  auto f(auto x) const { return where(x > 0, kScale * x, kScale * kAlpha * expm1(x)); }
  // The exponential of a large x, which is not taken, would poison the second derivative.
  auto df(auto g, auto x, Unused) const {
    return where(x > 0, kScale * g, kScale * kAlpha * g * exp(where(x > 0, 0, x)));
  }
};

}  // namespace

Variable selu(const Operand& x) { return apply(Selu{}, x); }

namespace records {

OpInfo selu() {
  return record::unary(gradus::selu,
                       {.formula = "y = 1.0507 (x where x > 0, else 1.67326 (e^x - 1))",
                        .gradient = "1.0507 g where x > 0, else 1.7581 g e^x",
                        .kinks = "0: the gradient there is 1.7581 g",
                        .flops = 13},
                       record::away_from_zero());
}

}  // namespace records

}  // namespace gradus
