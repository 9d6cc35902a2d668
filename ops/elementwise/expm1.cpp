#include <gradus/ops/elementwise.h>
#include <gradus/ops/kernels/elementwise/elementwise_op.h>
#include <gradus/ops/kernels/elementwise/shielded.h>
#include <gradus/ops/records.h>

namespace gradus {

namespace {

struct Expm1 {
  static constexpr std::string_view kName = "expm1";
  auto f(auto x) const { return expm1(x); }
  // Not y + 1, which loses the digits of a small e^x.
  auto df(auto g, auto x, Unused) const { return shielded(g, g * exp(x)); }
};

}  // namespace

Variable expm1(const Operand& x) { return apply(Expm1{}, x); }

namespace records {

OpInfo expm1() {
  return record::unary(gradus::expm1, {.formula = "y = e^x - 1", .gradient = "g e^x", .flops = 15});
}

}  // namespace records

}  // namespace gradus
