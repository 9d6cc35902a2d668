#include <gradus/ops/elementwise.h>
#include <gradus/ops/kernels/elementwise/elementwise_op.h>
#include <gradus/ops/records.h>

namespace gradus {

namespace {

struct Sign {
  static constexpr std::string_view kName = "sign";
  static constexpr bool kIntegers = true;
  auto f(auto x) const { return sign(x); }
  auto df(auto g, Unused, Unused) const { return zeros_as(g); }
};

}  // namespace

Variable sign(const Operand& x) { return apply(Sign{}, x); }

namespace records {

OpInfo sign() {
  return record::unary(gradus::sign,
                       {.formula = "y = -1 where x < 0, 0 where x = 0, 1 where x > 0",
                        .gradient = "0",
                        .kinks = "0: the gradient there is 0",
                        .flops = 2},
                       record::away_from_zero());
}

}  // namespace records

}  // namespace gradus
