#include <gradus/ops/elementwise.h>
#include <gradus/ops/kernels/elementwise_op.h>
#include <gradus/ops/samples.h>

namespace gradus {

namespace {

struct Greater {
  static constexpr std::string_view kName = "greater";
  static constexpr bool kIntegers = true;
  auto f(auto a, auto b) const { return a > b; }
};

}  // namespace

Variable greater(const Operand& a, const Operand& b) { return apply(Greater{}, a, b); }

namespace records {

OpInfo greater() {
  const auto call = [](const Variable& a, const Variable& b) { return gradus::greater(a, b); };
  return {.name = "greater",
          .family = "elementwise",
          .signature = "greater(a, b)",
          .formula = "y = a > b",
          .shapes = "any, any -> broadcast",
          .samples = samples::binary(call),
          .errors = samples::binary_errors(call),
          .flops = samples::flops_per_element(1)};
}

}  // namespace records

}  // namespace gradus
