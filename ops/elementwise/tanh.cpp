#include <gradus/ops/elementwise.h>
#include <gradus/ops/kernels/elementwise/elementwise_op.h>
#include <gradus/ops/records.h>

namespace gradus {

namespace {

struct Tanh {
  static constexpr std::string_view kName = "tanh";
  auto f(auto x) const { return tanh(x); }
  auto df(auto g, Unused, auto y) const { return g * (1 - y * y); }
};

}  // namespace

Variable tanh(const Operand& x) { return apply(Tanh{}, x); }

namespace records {

OpInfo tanh() {
  return record::unary(gradus::tanh, {.formula = "y = tanh x", .gradient = "g (1 - y^2)", .flops = 20});
}

}  // namespace records

}  // namespace gradus
