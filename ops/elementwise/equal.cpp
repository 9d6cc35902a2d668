#include <gradus/ops/elementwise.h>
#include <gradus/ops/kernels/elementwise_op.h>
#include <gradus/ops/samples.h>

namespace gradus {

namespace {

struct Equal {
  static constexpr std::string_view kName = "equal";
  static constexpr bool kIntegers = true;
  auto f(auto a, auto b) const { return a == b; }
};

}  // namespace

Variable equal(const Operand& a, const Operand& b) { return apply(Equal{}, a, b); }

namespace records {

OpInfo equal() {
  const auto call = [](const Variable& a, const Variable& b) { return gradus::equal(a, b); };
  return {.name = "equal",
          .family = "elementwise",
          .signature = "equal(a, b)",
          .formula = "y = a == b",
          .shapes = "any, any -> broadcast",
          .samples = samples::binary(call),
          .errors = samples::binary_errors(call),
          .flops = samples::flops_per_element(1)};
}

}  // namespace records

}  // namespace gradus
