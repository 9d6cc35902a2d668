#include <gradus/ops/elementwise.h>
#include <gradus/ops/kernels/elementwise/elementwise_op.h>
#include <gradus/ops/records.h>

#include <numbers>

namespace gradus {

namespace {

struct Erfc {
  static constexpr std::string_view kName = "erfc";
  auto f(auto x) const { return erfc(x); }
  auto df(auto g, auto x, Unused) const { return g * exp(-x * x) * (-2 * std::numbers::inv_sqrtpi); }
};

}  // namespace

Variable erfc(const Operand& x) { return apply(Erfc{}, x); }

namespace records {

OpInfo erfc() {
  return record::unary(gradus::erfc,
                       {.formula = "y = 1 - erf x", .gradient = "-2 g e^-x^2 / sqrt pi", .flops = 20});
}

}  // namespace records

}  // namespace gradus
