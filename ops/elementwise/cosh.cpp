#include <gradus/ops/elementwise.h>
#include <gradus/ops/kernels/elementwise/elementwise_op.h>
#include <gradus/ops/kernels/elementwise/shielded.h>
#include <gradus/ops/records.h>

namespace gradus {

namespace {

struct Cosh {
  static constexpr std::string_view kName = "cosh";
  auto f(auto x) const { return cosh(x); }
  auto df(auto g, auto x, Unused) const { return shielded(g, g * sinh(x)); }
};

}  // namespace

Variable cosh(const Operand& x) { return apply(Cosh{}, x); }

namespace records {

OpInfo cosh() {
  return record::unary(gradus::cosh,
                       {.formula = "y = (e^x + e^-x) / 2", .gradient = "g sinh x", .flops = 20});
}

}  // namespace records

}  // namespace gradus
