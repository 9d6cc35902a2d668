#include <gradus/ops/elementwise.h>
#include <gradus/ops/kernels/elementwise/elementwise_op.h>
#include <gradus/ops/records.h>

namespace gradus {

namespace {

struct Greater {
  static constexpr std::string_view kName = "greater";
  static constexpr bool kIntegers = true;
  auto f(auto a, auto b) const { return a > b; }
};

}  // namespace

Variable greater(const Operand& a, const Operand& b) { return apply(Greater{}, a, b); }

namespace records {

OpInfo greater() { return record::comparison(gradus::greater, {.formula = "y = a > b", .flops = 1}); }

}  // namespace records

}  // namespace gradus
