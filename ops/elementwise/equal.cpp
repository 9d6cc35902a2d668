#include <gradus/ops/elementwise.h>
#include <gradus/ops/kernels/elementwise/elementwise_op.h>
#include <gradus/ops/records.h>

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

OpInfo equal() { return record::comparison(gradus::equal, {.formula = "y = a == b", .flops = 1}); }

}  // namespace records

}  // namespace gradus
