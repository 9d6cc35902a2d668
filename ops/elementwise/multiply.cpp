#include <gradus/ops/elementwise.h>
#include <gradus/ops/kernels/elementwise_op.h>
#include <gradus/ops/samples.h>

namespace gradus {

namespace {

struct Multiply {
  static constexpr std::string_view kName = "multiply";
  static constexpr bool kIntegers = true;
  auto f(auto a, auto b) const { return a * b; }
  auto da(auto g, Unused, auto b, Unused) const { return g * b; }
  auto db(auto g, auto a, Unused, Unused) const { return g * a; }
};

}  // namespace

Variable multiply(const Operand& a, const Operand& b) { return apply(Multiply{}, a, b); }

namespace records {

OpInfo multiply() {
  const auto call = [](const Variable& a, const Variable& b) { return gradus::multiply(a, b); };
  return {.name = "multiply",
          .family = "elementwise",
          .signature = "multiply(a, b)",
          .formula = "y = a b",
          .gradient = "da = g b, db = g a",
          .shapes = "any, any -> broadcast",
          .samples = samples::binary(call),
          .errors = samples::binary_errors(call),
          .flops = samples::flops_per_element(1)};
}

}  // namespace records

}  // namespace gradus
