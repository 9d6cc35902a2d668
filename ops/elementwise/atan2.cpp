#include <gradus/ops/elementwise.h>
#include <gradus/ops/kernels/elementwise/elementwise_op.h>
#include <gradus/ops/kernels/elementwise/shielded.h>
#include <gradus/ops/records.h>

namespace gradus {

namespace {

struct Atan2 {
  static constexpr std::string_view kName = "atan2";
  auto f(auto a, auto b) const { return atan2(a, b); }
  // b / (a^2 + b^2) and -a / (a^2 + b^2), whose squares may overflow; 0 at the origin.
  auto da(auto g, auto a, auto b, Unused) const {
    const auto radius = hypot(a, b);
    return shielded(g, where(radius == 0, 0, g * (b / radius) / radius));
  }
  auto db(auto g, auto a, auto b, Unused) const {
    const auto radius = hypot(a, b);
    return shielded(g, where(radius == 0, 0, -g * (a / radius) / radius));
  }
};

}  // namespace

Variable atan2(const Operand& a, const Operand& b) { return apply(Atan2{}, a, b); }

namespace records {

OpInfo atan2() {
  return record::binary(gradus::atan2,
                        {.formula = "y = the angle of the point (b, a)",
                         .gradient = "da = g b / (a^2 + b^2), db = -g a / (a^2 + b^2)",
                         .kinks = "a = b = 0: the gradient there is 0; y jumps where a = 0 and b < 0",
                         .flops = 20},
                        record::away_from_zero(0.5, 2), record::away_from_zero(0.5, 2));
}

}  // namespace records

}  // namespace gradus
