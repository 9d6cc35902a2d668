#include <gradus/ops/elementwise.h>
#include <gradus/ops/kernels/elementwise/elementwise_op.h>
#include <gradus/ops/records.h>

namespace gradus {

namespace {

struct LogicalNot {
  static constexpr std::string_view kName = "logical_not";
  static constexpr bool kTruths = true;
  auto f(auto x) const { return logical_not(x); }
};

}  // namespace

Variable logical_not(const Operand& x) { return apply(LogicalNot{}, x); }

namespace records {

OpInfo logical_not() {
  return record::unary(
      gradus::logical_not,
      {.formula = "y = x == 0", .flops = 1, .errors = record::undefined_errors(gradus::logical_not)},
      record::zeros_and_ones());
}

}  // namespace records

}  // namespace gradus
