#include <gradus/ops/elementwise.h>
#include <gradus/ops/kernels/elementwise/elementwise_op.h>
#include <gradus/ops/kernels/elementwise/shielded.h>
#include <gradus/ops/records.h>

namespace gradus {

namespace {

struct Sin {
  static constexpr std::string_view kName = "sin";
  auto f(auto x) const { return sin(x); }
  auto df(auto g, auto x, Unused) const { return shielded(g, g * cos(x)); }
};

}  // namespace

Variable sin(const Operand& x) { return apply(Sin{}, x); }

namespace records {

OpInfo sin() {
  return record::unary(gradus::sin, {.formula = "y = sin x", .gradient = "g cos x", .flops = 15});
}

}  // namespace records

}  // namespace gradus
