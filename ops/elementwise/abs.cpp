#include <gradus/ops/elementwise.h>
#include <gradus/ops/kernels/elementwise/elementwise_op.h>
#include <gradus/ops/records.h>

namespace gradus {

namespace {

struct Abs {
  static constexpr std::string_view kName = "abs";
  static constexpr bool kIntegers = true;
  auto f(auto x) const { return abs(x); }
  auto df(auto g, auto x, Unused) const { return where(x > 0, g, where(x < 0, -g, 0)); }
};

}  // namespace

Variable abs(const Operand& x) { return apply(Abs{}, x); }

namespace records {

OpInfo abs() {
  return record::unary(gradus::abs,
                       {.formula = "y = |x|",
                        .gradient = "g where x > 0, -g where x < 0",
                        .kinks = "0: the gradient there is 0",
                        .flops = 1},
                       record::away_from_zero());
}

}  // namespace records

}  // namespace gradus
