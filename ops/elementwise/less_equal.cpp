#include <gradus/ops/elementwise.h>
#include <gradus/ops/kernels/elementwise/elementwise_op.h>
#include <gradus/ops/records.h>

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

OpInfo less_equal() { return record::comparison(gradus::less_equal, {.formula = "y = a <= b", .flops = 1}); }

}  // namespace records

}  // namespace gradus
