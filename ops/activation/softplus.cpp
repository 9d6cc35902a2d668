#include <gradus/ops/activation.h>
#include <gradus/ops/elementwise.h>
#include <gradus/ops/kernels/elementwise/elementwise_op.h>
#include <gradus/ops/kernels/elementwise/softplus.h>
#include <gradus/ops/records.h>

namespace gradus {

namespace {

struct Softplus {
  static constexpr std::string_view kName = "softplus";
  auto f(auto x) const { return softplus(x); }
  auto df(auto g, auto x, Unused) const { return g * sigmoid(x); }
};

}  // namespace

Variable softplus(const Operand& x) { return apply(Softplus{}, x); }

namespace records {

OpInfo softplus() {
  return record::unary(gradus::softplus,
                       {.formula = "y = log(1 + e^x)", .gradient = "g sigmoid(x)", .flops = 24});
}

}  // namespace records

}  // namespace gradus
