#include <gradus/ops/activation.h>
#include <gradus/ops/kernels/elementwise/elementwise_op.h>
#include <gradus/ops/records.h>

namespace gradus {

namespace {

struct Relu {
  static constexpr std::string_view kName = "relu";
  static constexpr bool kIntegers = true;
  auto f(auto x) const { return where(x <= 0, 0, x); }
  auto df(auto g, Unused, auto y) const { return where(y > 0, g, 0); }
};

}  // namespace

Variable relu(const Operand& x) { return apply(Relu{}, x); }

namespace records {

OpInfo relu() {
  return record::unary(gradus::relu,
                       {.formula = "y = max(x, 0)",
                        .gradient = "g where x > 0, else 0",
                        .kinks = "0: the gradient there is 0",
                        .flops = 1},
                       record::away_from_zero());
}

}  // namespace records

}  // namespace gradus
