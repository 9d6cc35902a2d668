#include <gradus/ops/elementwise.h>
#include <gradus/ops/kernels/elementwise/elementwise_op.h>
#include <gradus/ops/records.h>

namespace gradus {

namespace {

struct NotEqual {
  static constexpr std::string_view kName = "not_equal";
  static constexpr bool kIntegers = true;
  auto f(auto a, auto b) const { return a != b; }
};

}  // namespace

Variable not_equal(const Operand& a, const Operand& b) { return apply(NotEqual{}, a, b); }

namespace records {

OpInfo not_equal() { return record::comparison(gradus::not_equal, {.formula = "y = a != b", .flops = 1}); }

}  // namespace records

}  // namespace gradus
