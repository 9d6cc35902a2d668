#include <gradus/ops/elementwise.h>
#include <gradus/ops/kernels/elementwise/elementwise_op.h>
#include <gradus/ops/kernels/elementwise/shielded.h>
#include <gradus/ops/records.h>

namespace gradus {

namespace {

struct Hypot {
  static constexpr std::string_view kName = "hypot";
  auto f(auto a, auto b) const { return hypot(a, b); }
  auto da(auto g, auto a, Unused, auto y) const { return shielded(g, g * (a / where(y == 0, 1, y))); }
  auto db(auto g, Unused, auto b, auto y) const { return shielded(g, g * (b / where(y == 0, 1, y))); }
};

}  // namespace

Variable hypot(const Operand& a, const Operand& b) { return apply(Hypot{}, a, b); }

namespace records {

OpInfo hypot() {
  return record::binary(gradus::hypot,
                        {.formula = "y = sqrt(a^2 + b^2)",
                         .gradient = "da = g a / y, db = g b / y",
                         .kinks = "a = b = 0: the gradient there is 0",
                         .flops = 10},
                        record::uniform(), record::away_from_zero(0.5, 2));
}

}  // namespace records

}  // namespace gradus
