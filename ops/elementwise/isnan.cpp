#include <gradus/ops/elementwise.h>
#include <gradus/ops/kernels/elementwise/elementwise_op.h>
#include <gradus/ops/records.h>

namespace gradus {

namespace {

struct Isnan {
  static constexpr std::string_view kName = "isnan";
  static constexpr bool kIntegers = true;
  auto f(auto x) const { return isnan(x); }
};

}  // namespace

Variable isnan(const Operand& x) { return apply(Isnan{}, x); }

namespace records {

OpInfo isnan() { return record::unary(gradus::isnan, {.formula = "y = x is NaN", .flops = 1}); }

}  // namespace records

}  // namespace gradus
