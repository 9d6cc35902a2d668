#include <gradus/ops/activation.h>
#include <gradus/ops/elementwise.h>
#include <gradus/ops/kernels/elementwise/elementwise_op.h>
#include <gradus/ops/kernels/elementwise/softplus.h>
#include <gradus/ops/records.h>

namespace gradus {

namespace {

struct Mish {
  static constexpr std::string_view kName = "mish";
  auto f(auto x) const { return x * tanh(softplus(x)); }
  auto df(auto g, auto x, Unused) const {
    const auto t = tanh(softplus(x));
    return g * (t + x * (1 - square(t)) * sigmoid(x));
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
