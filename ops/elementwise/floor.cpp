#include <gradus/ops/elementwise.h>
#include <gradus/ops/kernels/elementwise/elementwise_op.h>
#include <gradus/ops/records.h>

namespace gradus {

namespace {

struct Floor {
  static constexpr std::string_view kName = "floor";
  static constexpr bool kIntegers = true;
  auto f(auto x) const { return floor(x); }
  auto df(auto g, Unused, Unused) const { return zeros_as(g); }
};

}  // namespace

Variable floor(const Operand& x) { return apply(Floor{}, x); }

namespace records {

OpInfo floor() {
  return record::unary(gradus::floor,
                       {.formula = "y = the largest integer <= x",
                        .gradient = "0",
                        .kinks = "integers: the gradient there is 0",
                        .flops = 1},
                       record::away_from_zero(0.2, 0.8));
}

}  // namespace records

}  // namespace gradus
