#include <gradus/ops/activation.h>
#include <gradus/ops/elementwise.h>
#include <gradus/ops/kernels/elementwise/elementwise_op.h>
#include <gradus/ops/records.h>

namespace gradus {

namespace {

struct Silu {
  static constexpr std::string_view kName = "silu";
  auto f(auto x) const { return x * sigmoid(x); }
  auto df(auto g, auto x, Unused) const {
    const auto s = sigmoid(x);
    return g * (s + x * s * (1 - s));
  }
};

}  // namespace

Variable silu(const Operand& x) { return apply(Silu{}, x); }

namespace records {

OpInfo silu() {
  return record::unary(
      gradus::silu,
      {.formula = "y = x sigmoid(x)", .gradient = "g (s + x s (1 - s)), s = sigmoid(x)", .flops = 13});
}

}  // namespace records

}  // namespace gradus
