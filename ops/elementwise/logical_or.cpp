#include <gradus/ops/elementwise.h>
#include <gradus/ops/kernels/elementwise/elementwise_op.h>
#include <gradus/ops/records.h>

namespace gradus {

namespace {

struct LogicalOr {
  static constexpr std::string_view kName = "logical_or";
  static constexpr bool kTruths = true;
  auto f(auto a, auto b) const { return logical_or(a, b); }
};

}  // namespace

Variable logical_or(const Operand& a, const Operand& b) { return apply(LogicalOr{}, a, b); }

namespace records {

OpInfo logical_or() {
  OpInfo record = record::comparison(gradus::logical_or, {.formula = "y = a != 0 or b != 0", .flops = 1},
                                     record::zeros_and_ones(), record::zeros_and_ones());
  // Every dtype beside every other.
  std::erase_if(record.errors,
                [](const OpError& error) { return error.message.starts_with("the operands' dtypes"); });
  return record;
}

}  // namespace records

}  // namespace gradus
