#include <gradus/ops/elementwise.h>
#include <gradus/ops/kernels/elementwise_op.h>
#include <gradus/ops/samples.h>

namespace gradus {

namespace {

struct Less {
  static constexpr std::string_view kName = "less";
  static constexpr bool kIntegers = true;
  auto f(auto a, auto b) const { return a < b; }
};

}  // namespace

Variable less(const Operand& a, const Operand& b) { return apply(Less{}, a, b); }

namespace records {

OpInfo less() {
  const auto call = [](const Variable& a, const Variable& b) { return gradus::less(a, b); };
  return {.name = "less",
          .family = "elementwise",
          .signature = "less(a, b)",
          .formula = "y = a < b",
          .shapes = "any, any -> broadcast",
          .samples = samples::binary(call),
          .errors = samples::binary_errors(call),
          .flops = samples::flops_per_element(1)};
}

}  // namespace records

}  // namespace gradus
