#include <gradus/ops/elementwise.h>
#include <gradus/ops/kernels/elementwise/elementwise_op.h>
#include <gradus/ops/kernels/elementwise/shielded.h>
#include <gradus/ops/records.h>

namespace gradus {

namespace {

struct Exp {
  static constexpr std::string_view kName = "exp";
  auto f(auto x) const { return exp(x); }
  auto df(auto g, Unused, auto y) const { return shielded(g, g * y); }
};

}  // namespace

Variable exp(const Operand& x) { return apply(Exp{}, x); }

namespace records {

OpInfo exp() { return record::unary(gradus::exp, {.formula = "y = e^x", .gradient = "g y", .flops = 10}); }

}  // namespace records

}  // namespace gradus
