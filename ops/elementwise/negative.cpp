#include <gradus/ops/elementwise.h>
#include <gradus/ops/kernels/elementwise/elementwise_op.h>
#include <gradus/ops/records.h>

namespace gradus {

namespace {

struct Negative {
  static constexpr std::string_view kName = "negative";
  static constexpr bool kIntegers = true;
  auto f(auto x) const { return x * -1; }  // Eigen's vectors negate by 0 - x, which loses -0
  auto df(auto g, Unused, Unused) const { return -g; }
};

}  // namespace

Variable negative(const Operand& x) { return apply(Negative{}, x); }

namespace records {

OpInfo negative() {
  return record::unary(gradus::negative, {.formula = "y = -x", .gradient = "-g", .flops = 1});
}

}  // namespace records

}  // namespace gradus
