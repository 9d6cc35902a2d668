#include <gradus/ops/elementwise.h>
#include <gradus/ops/kernels/elementwise/elementwise_op.h>
#include <gradus/ops/kernels/elementwise/shielded.h>
#include <gradus/ops/records.h>

namespace gradus {

namespace {

struct Acos {
  static constexpr std::string_view kName = "acos";
  auto f(auto x) const { return acos(x); }
  // (1 - x)(1 + x) keeps the digits that 1 - x^2 loses near 1.
  auto df(auto g, auto x, Unused) const { return shielded(g, -g / sqrt((1 - x) * (1 + x))); }
};

}  // namespace

Variable acos(const Operand& x) { return apply(Acos{}, x); }

namespace records {

OpInfo acos() {
  return record::unary(gradus::acos, {.formula = "y = acos x", .gradient = "-g / sqrt(1 - x^2)", .flops = 15},
                       record::uniform(-0.8, 0.8));
}

}  // namespace records

}  // namespace gradus
