#include <gradus/ops/elementwise.h>
#include <gradus/ops/kernels/elementwise/elementwise_op.h>
#include <gradus/ops/records.h>

namespace gradus {

namespace {

struct GreaterEqual {
  static constexpr std::string_view kName = "greater_equal";
  static constexpr bool kIntegers = true;
  auto f(auto a, auto b) const { return a >= b; }
};

}  // namespace

Variable greater_equal(const Operand& a, const Operand& b) { return apply(GreaterEqual{}, a, b); }

namespace records {

OpInfo greater_equal() {
  return record::comparison(gradus::greater_equal, {.formula = "y = a >= b", .flops = 1});
}

}  // namespace records

}  // namespace gradus
