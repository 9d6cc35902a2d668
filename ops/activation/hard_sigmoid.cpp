#include <gradus/ops/activation.h>
#include <gradus/ops/elementwise.h>
#include <gradus/ops/kernels/elementwise/elementwise_op.h>
#include <gradus/ops/records.h>

namespace gradus {

namespace {

struct HardSigmoid {
  static constexpr std::string_view kName = "hard_sigmoid";
  auto f(auto x) const { return clip(x + 3, 0, 6) / 6; }
  auto df(auto g, auto x, Unused) const { return where(abs(x) < 3, g / 6, 0); }
};

}  // namespace

Variable hard_sigmoid(const Operand& x) { return apply(HardSigmoid{}, x); }

namespace records {

OpInfo hard_sigmoid() {
  return record::unary(gradus::hard_sigmoid,
                       {.formula = "y = min(max(x + 3, 0), 6) / 6",
                        .gradient = "g / 6 where |x| < 3, else 0",
                        .kinks = "-3 and 3: the gradient there is 0",
                        .flops = 4},
                       record::distinct(1.3));
}

}  // namespace records

}  // namespace gradus
