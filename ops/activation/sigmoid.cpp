#include <gradus/ops/activation.h>
#include <gradus/ops/kernels/elementwise/elementwise_op.h>
#include <gradus/ops/kernels/loss/logits.h>
#include <gradus/ops/records.h>

namespace gradus {

namespace {

struct Sigmoid {
  static constexpr std::string_view kName = "sigmoid";
  auto f(auto x) const { return sigmoid(x); }
  auto df(auto g, Unused, auto y) const { return g * y * (1 - y); }
};

// A loss that follows looks for the logits.
class SigmoidOp : public kernels::UnaryOp<Sigmoid> {
 public:
  using UnaryOp::UnaryOp;
  bool remembers_operands() const override { return true; }
};

}  // namespace

Variable sigmoid(const Operand& x) { return apply(Op::lasting<SigmoidOp>(), x); }

bool kernels::is_sigmoid(const Op& op, int /*rank*/) {
  return dynamic_cast<const SigmoidOp*>(&op) != nullptr;
}

namespace records {

OpInfo sigmoid() {
  return record::unary(gradus::sigmoid,
                       {.formula = "y = 1 / (1 + e^-x)", .gradient = "g y (1 - y)", .flops = 12});
}

}  // namespace records

}  // namespace gradus
