#include <gradus/ops/elementwise.h>
#include <gradus/ops/kernels/elementwise/elementwise_op.h>
#include <gradus/ops/records.h>

#include <numbers>

namespace gradus {

namespace {

struct Erf {
  static constexpr std::string_view kName = "erf";
  auto f(auto x) const { return erf(x); }
  auto df(auto g, auto x, Unused) const { return g * exp(-x * x) * (2 * std::numbers::inv_sqrtpi); }
};

}  // namespace

Variable erf(const Operand& x) { return apply(Erf{}, x); }

namespace records {

OpInfo erf() {
  return record::unary(gradus::erf, {.formula = "y = 2 / sqrt pi * integral of e^-t^2 from 0 to x",
                                     .gradient = "2 g e^-x^2 / sqrt pi",
                                     .flops = 20});
}

}  // namespace records

}  // namespace gradus
