#include <gradus/ops/elementwise.h>
#include <gradus/ops/kernels/elementwise/elementwise_op.h>
#include <gradus/ops/records.h>

namespace gradus {

namespace {

struct Ceil {
  static constexpr std::string_view kName = "ceil";
  static constexpr bool kIntegers = true;
  auto f(auto x) const { return ceil(x); }
  auto df(auto g, Unused, Unused) const { return zeros_as(g); }
};

}  // namespace

Variable ceil(const Operand& x) { return apply(Ceil{}, x); }

namespace records {

OpInfo ceil() {
  return record::unary(gradus::ceil,
                       {.formula = "y = the smallest integer >= x",
                        .gradient = "0",
                        .kinks = "integers: the gradient there is 0",
                        .flops = 1},
                       record::away_from_zero(0.2, 0.8));
}

}  // namespace records

}  // namespace gradus
