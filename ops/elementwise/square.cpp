#include <gradus/ops/elementwise.h>
#include <gradus/ops/kernels/elementwise/elementwise_op.h>
#include <gradus/ops/kernels/elementwise/shielded.h>
#include <gradus/ops/records.h>

namespace gradus {

namespace {

struct Square {
  static constexpr std::string_view kName = "square";
  static constexpr bool kIntegers = true;
  auto f(auto x) const { return x * x; }
  auto df(auto g, auto x, Unused) const { return shielded(g, 2 * g * x); }
};

}  // namespace

Variable square(const Operand& x) { return apply(Square{}, x); }

namespace records {

OpInfo square() {
  return record::unary(gradus::square, {.formula = "y = x^2", .gradient = "2 g x", .flops = 1});
}

}  // namespace records

}  // namespace gradus
