#include <gradus/ops/elementwise.h>
#include <gradus/ops/kernels/elementwise/elementwise_op.h>
#include <gradus/ops/kernels/elementwise/shielded.h>
#include <gradus/ops/records.h>

namespace gradus {

namespace {

struct Acosh {
  static constexpr std::string_view kName = "acosh";
  auto f(auto x) const { return acosh(x); }
  auto df(auto g, auto x, Unused) const { return shielded(g, g / (sqrt(x - 1) * sqrt(x + 1))); }
};

}  // namespace

Variable acosh(const Operand& x) { return apply(Acosh{}, x); }

namespace records {

OpInfo acosh() {
  return record::unary(
      gradus::acosh, {.formula = "y = log(x + sqrt(x^2 - 1))", .gradient = "g / sqrt(x^2 - 1)", .flops = 20},
      record::uniform(1.3, 4));
}

}  // namespace records

}  // namespace gradus
