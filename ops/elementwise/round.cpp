#include <gradus/ops/elementwise.h>
#include <gradus/ops/kernels/elementwise/elementwise_op.h>
#include <gradus/ops/records.h>

namespace gradus {

namespace {

struct Round {
  static constexpr std::string_view kName = "round";
  static constexpr bool kIntegers = true;
  auto f(auto x) const { return round(x); }
  auto df(auto g, Unused, Unused) const { return zeros_as(g); }
};

}  // namespace

Variable round(const Operand& x) { return apply(Round{}, x); }

namespace records {

OpInfo round() {
  return record::unary(gradus::round,
                       {.formula = "y = the nearest integer, half to even",
                        .gradient = "0",
                        .kinks = "half integers: the gradient there is 0",
                        .flops = 1},
                       record::away_from_zero(0.6, 1.4));
}

}  // namespace records

}  // namespace gradus
