#include <gradus/ops/elementwise.h>
#include <gradus/ops/kernels/elementwise/elementwise_op.h>
#include <gradus/ops/records.h>

namespace gradus {

namespace {

struct Atan {
  static constexpr std::string_view kName = "atan";
  auto f(auto x) const { return atan(x); }
  auto df(auto g, auto x, Unused) const { return g / (1 + x * x); }
};

}  // namespace

Variable atan(const Operand& x) { return apply(Atan{}, x); }

namespace records {

OpInfo atan() {
  return record::unary(gradus::atan, {.formula = "y = atan x", .gradient = "g / (1 + x^2)", .flops = 15});
}

}  // namespace records

}  // namespace gradus
