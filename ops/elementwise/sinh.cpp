#include <gradus/ops/elementwise.h>
#include <gradus/ops/kernels/elementwise/elementwise_op.h>
#include <gradus/ops/kernels/elementwise/shielded.h>
#include <gradus/ops/records.h>

namespace gradus {

namespace {

struct Sinh {
  static constexpr std::string_view kName = "sinh";
  auto f(auto x) const { return sinh(x); }
  auto df(auto g, auto x, Unused) const { return shielded(g, g * cosh(x)); }
};

}  // namespace

Variable sinh(const Operand& x) { return apply(Sinh{}, x); }

namespace records {

OpInfo sinh() {
  return record::unary(gradus::sinh,
                       {.formula = "y = (e^x - e^-x) / 2", .gradient = "g cosh x", .flops = 20});
}

}  // namespace records

}  // namespace gradus
