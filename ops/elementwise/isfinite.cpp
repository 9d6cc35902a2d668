#include <gradus/ops/elementwise.h>
#include <gradus/ops/kernels/elementwise/elementwise_op.h>
#include <gradus/ops/records.h>

namespace gradus {

namespace {

struct Isfinite {
  static constexpr std::string_view kName = "isfinite";
  static constexpr bool kIntegers = true;
  auto f(auto x) const { return isfinite(x); }
};

}  // namespace

Variable isfinite(const Operand& x) { return apply(Isfinite{}, x); }

namespace records {

OpInfo isfinite() {
  return record::unary(gradus::isfinite, {.formula = "y = x is neither infinite nor NaN", .flops = 1});
}

}  // namespace records

}  // namespace gradus
