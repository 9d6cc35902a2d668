#include <gradus/ops/elementwise.h>
#include <gradus/ops/kernels/elementwise_op.h>
#include <gradus/ops/samples.h>

namespace gradus {

namespace {

struct Maximum {
  static constexpr std::string_view kName = "maximum";
  static constexpr bool kIntegers = true;
  auto f(auto a, auto b) const { return maximum(a, b); }
  auto da(auto g, auto a, auto b, Unused) const { return where(a == b, g / 2, where(a > b, g, 0)); }
  auto db(auto g, auto a, auto b, Unused) const { return where(a == b, g / 2, where(b > a, g, 0)); }
};

}  // namespace

Variable maximum(const Operand& a, const Operand& b) { return apply(Maximum{}, a, b); }

namespace records {

OpInfo maximum() {
  const auto call = [](const Variable& a, const Variable& b) { return gradus::maximum(a, b); };
  return {.name = "maximum",
          .family = "elementwise",
          .signature = "maximum(a, b)",
          .formula = "y = max(a, b)",
          .gradient = "the larger operand gets g; of two equal ones each half",
          .shapes = "any, any -> broadcast",
          .kinks = "a = b: each operand gets half the gradient",
          .samples = samples::binary(call, {.low = 0.2, .high = 1}, {.low = -1, .high = 0.1}),
          .errors = samples::binary_errors(call),
          .flops = samples::flops_per_element(1)};
}

}  // namespace records

}  // namespace gradus
