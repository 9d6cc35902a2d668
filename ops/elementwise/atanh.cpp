#include <gradus/ops/elementwise.h>
#include <gradus/ops/kernels/elementwise/elementwise_op.h>
#include <gradus/ops/kernels/elementwise/shielded.h>
#include <gradus/ops/records.h>

namespace gradus {

namespace {

struct Atanh {
  static constexpr std::string_view kName = "atanh";
  auto f(auto x) const { return atanh(x); }
  // (1 - x)(1 + x) keeps the digits that 1 - x^2 loses near 1.
  auto df(auto g, auto x, Unused) const { return shielded(g, g / ((1 - x) * (1 + x))); }
};

}  // namespace

Variable atanh(const Operand& x) { return apply(Atanh{}, x); }

namespace records {

OpInfo atanh() {
  return record::unary(
      gradus::atanh, {.formula = "y = log((1 + x) / (1 - x)) / 2", .gradient = "g / (1 - x^2)", .flops = 20},
      record::uniform(-0.8, 0.8));
}

}  // namespace records

}  // namespace gradus
