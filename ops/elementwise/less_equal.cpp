#include <gradus/ops/elementwise.h>
#include <gradus/ops/kernels/elementwise_op.h>
#include <gradus/ops/samples.h>

namespace gradus {

namespace {

struct LessEqual {
  static constexpr std::string_view kName = "less_equal";
  static constexpr bool kIntegers = true;
  auto f(auto a, auto b) const { return a <= b; }
};

}  // namespace

Variable less_equal(const Operand& a, const Operand& b) { return apply(LessEqual{}, a, b); }

namespace records {

OpInfo less_equal() {
  const auto call = [](const Variable& a, const Variable& b) { return gradus::less_equal(a, b); };
  return {.name = "less_equal",
          .family = "elementwise",
          .signature = "less_equal(a, b)",
          .formula = "y = a <= b",
          .shapes = "any, any -> broadcast",
          .samples = samples::binary(call),
          .errors = samples::binary_errors(call),
          .flops = samples::flops_per_element(1)};
}

}  // namespace records

}  // namespace gradus
