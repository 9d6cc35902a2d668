#include <gradus/ops/elementwise.h>
#include <gradus/ops/kernels/elementwise/elementwise_op.h>
#include <gradus/ops/records.h>

namespace gradus {

namespace {

struct Less {
  static constexpr std::string_view kName = "less";
  static constexpr bool kIntegers = true;
  auto f(auto a, auto b) const { return a < b; }
};

}  // namespace

Variable less(const Operand& a, const Operand& b) { return apply(Less{}, a, b); }

namespace records {

OpInfo less() { return record::comparison(gradus::less, {.formula = "y = a < b", .flops = 1}); }

}  // namespace records

}  // namespace gradus
