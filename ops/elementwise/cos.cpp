#include <gradus/ops/elementwise.h>
#include <gradus/ops/kernels/elementwise/elementwise_op.h>
#include <gradus/ops/kernels/elementwise/shielded.h>
#include <gradus/ops/records.h>

namespace gradus {

namespace {

struct Cos {
  static constexpr std::string_view kName = "cos";
  auto f(auto x) const { return cos(x); }
  auto df(auto g, auto x, Unused) const { return shielded(g, -g * sin(x)); }
};

}  // namespace

Variable cos(const Operand& x) { return apply(Cos{}, x); }

namespace records {

OpInfo cos() {
  return record::unary(gradus::cos, {.formula = "y = cos x", .gradient = "-g sin x", .flops = 15});
}

}  // namespace records

}  // namespace gradus
