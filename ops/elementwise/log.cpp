#include <gradus/ops/elementwise.h>
#include <gradus/ops/kernels/elementwise_op.h>
#include <gradus/ops/kernels/shielded.h>
#include <gradus/ops/samples.h>

namespace gradus {

namespace {

struct Log {
  static constexpr std::string_view kName = "log";
  auto f(auto x) const { return log(x); }
  auto df(auto g, auto x, Unused) const { return shielded(g, g / x); }
};

}  // namespace

Variable log(const Operand& x) { return apply(Log{}, x); }

namespace records {

OpInfo log() {
  const auto call = [](const Variable& x) { return gradus::log(x); };
  return {.name = "log",
          .family = "elementwise",
          .signature = "log(x)",
          .formula = "y = log x",
          .gradient = "g / x",
          .shapes = "any -> same",
          .samples = samples::unary(call, {.low = 0.5, .high = 3}),
          .errors = samples::unary_errors(call),
          .flops = samples::flops_per_element(10)};
}

}  // namespace records

}  // namespace gradus
