#include <gradus/ops/activation.h>
#include <gradus/ops/elementwise.h>
#include <gradus/ops/kernels/elementwise/elementwise_op.h>
#include <gradus/ops/records.h>

namespace gradus {

namespace {

struct HardTanh {
  static constexpr std::string_view kName = "hard_tanh";
  static constexpr bool kIntegers = true;
  auto f(auto x) const { return where(x < -1, -1, where(x > 1, 1, x)); }
  auto df(auto g, Unused, auto y) const { return where(y > -1, where(y < 1, g, 0), 0); }
};

}  // namespace

Variable hard_tanh(const Operand& x) { return apply(HardTanh{}, x); }

namespace records {

OpInfo hard_tanh() {
  return record::unary(gradus::hard_tanh,
                       {.formula = "y = min(max(x, -1), 1)",
                        .gradient = "g where |x| < 1, else 0",
                        .kinks = "-1 and 1: the gradient there is 0",
                        .flops = 2},
                       record::distinct(0.7));
}

}  // namespace records

}  // namespace gradus
