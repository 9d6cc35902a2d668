#include <gradus/ops/elementwise.h>
#include <gradus/ops/kernels/elementwise/elementwise_op.h>
#include <gradus/ops/records.h>

namespace gradus {

namespace {

struct Asinh {
  static constexpr std::string_view kName = "asinh";
  auto f(auto x) const { return asinh(x); }
  auto df(auto g, auto x, Unused) const { return g / hypot(x, 1); }
};

}  // namespace

Variable asinh(const Operand& x) { return apply(Asinh{}, x); }

namespace records {

OpInfo asinh() {
  return record::unary(
      gradus::asinh, {.formula = "y = log(x + sqrt(x^2 + 1))", .gradient = "g / sqrt(x^2 + 1)", .flops = 20});
}

}  // namespace records

}  // namespace gradus
