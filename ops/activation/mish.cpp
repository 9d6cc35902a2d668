#include <gradus/ops/activation.h>
#include <gradus/ops/elementwise.h>
#include <gradus/ops/kernels/elementwise/elementwise_op.h>
#include <gradus/ops/records.h>

namespace gradus {

namespace {

struct Mish {
  static constexpr std::string_view kName = "mish";
  // With e = e^x and n = e (e + 2), tanh(softplus(x)) = n / (n + 2) and 1 - tanh^2 = 4 (1 + e)^2 / (n + 2)^2.
  // From x = 20 on both are at their limits in float64, too.
  auto f(auto x) const {
    const auto e = exp(minimum(x, 20)), n = e * (e + 2);
    return x * (n / (n + 2));
  }
  auto df(auto g, auto x, Unused) const {
    const auto z = minimum(x, 20), e = exp(z), n = e * (e + 2);
    return g * (n / (n + 2) + z * (4 * e * (1 + e) / square(n + 2)));
  }
};

}  // namespace

Variable mish(const Operand& x) { return apply(Mish{}, x); }

namespace records {

OpInfo mish() {
  return record::unary(gradus::mish, {.formula = "y = x tanh(softplus(x))",
                                      .gradient = "g (t + x (1 - t^2) sigmoid(x)), t = tanh(softplus(x))",
                                      .flops = 36});
}

}  // namespace records

}  // namespace gradus
