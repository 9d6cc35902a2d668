#include <gradus/ops/elementwise.h>
#include <gradus/ops/kernels/elementwise/elementwise_op.h>
#include <gradus/ops/records.h>

namespace gradus {

namespace {

struct SquaredDifference {
  static constexpr std::string_view kName = "squared_difference";
  static constexpr bool kIntegers = true;
  auto f(auto a, auto b) const { return squared_difference(a, b); }
  auto da(auto g, auto a, auto b, Unused) const { return 2 * g * (a - b); }
  auto db(auto g, auto a, auto b, Unused) const { return 2 * g * (b - a); }
};

}  // namespace

Variable squared_difference(const Operand& a, const Operand& b) { return apply(SquaredDifference{}, a, b); }

namespace records {

OpInfo squared_difference() {
  return record::binary(gradus::squared_difference,
                        {.formula = "y = (a - b)^2", .gradient = "da = 2 g (a - b), db = -da", .flops = 2});
}

}  // namespace records

}  // namespace gradus
