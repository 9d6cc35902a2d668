#include <gradus/ops/activation.h>
#include <gradus/ops/elementwise.h>
#include <gradus/ops/kernels/elementwise/elementwise_op.h>
#include <gradus/ops/kernels/elementwise/softplus.h>
#include <gradus/ops/records.h>

namespace gradus {

namespace {

struct LogSigmoid {
  static constexpr std::string_view kName = "log_sigmoid";
  auto f(auto x) const { return -softplus(-x); }
  auto df(auto g, auto x, Unused) const { return g * sigmoid(-x); }
};

}  // namespace

Variable log_sigmoid(const Operand& x) { return apply(LogSigmoid{}, x); }

namespace records {

OpInfo log_sigmoid() {
  return record::unary(gradus::log_sigmoid,
                       {.formula = "y = -log(1 + e^-x)", .gradient = "g sigmoid(-x)", .flops = 24});
}

}  // namespace records

}  // namespace gradus
