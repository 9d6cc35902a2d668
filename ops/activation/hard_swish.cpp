#include <gradus/ops/activation.h>
#include <gradus/ops/elementwise.h>
#include <gradus/ops/kernels/elementwise/elementwise_op.h>
#include <gradus/ops/records.h>

namespace gradus {

namespace {

struct HardSwish {
  static constexpr std::string_view kName = "hard_swish";
  auto f(auto x) const { return x * (clip(x + 3, 0, 6) / 6); }
  auto df(auto g, auto x, Unused) const { return g * (where(abs(x) < 3, 2 * x + 3, clip(x + 3, 0, 6)) / 6); }
};

}  // namespace

Variable hard_swish(const Operand& x) { return apply(HardSwish{}, x); }

namespace records {

OpInfo hard_swish() {
  return record::unary(gradus::hard_swish,
                       {.formula = "y = x min(max(x + 3, 0), 6) / 6",
                        .gradient = "0 where x <= -3, g where x >= 3, else g (2 x + 3) / 6",
                        .kinks = "-3 and 3: the gradient there is 0 and g",
                        .flops = 5},
                       record::distinct(1.3));
}

}  // namespace records

}  // namespace gradus
