#include <gradus/ops/elementwise.h>
#include <gradus/ops/kernels/elementwise/elementwise_op.h>
#include <gradus/ops/kernels/elementwise/shielded.h>
#include <gradus/ops/records.h>

namespace gradus {

namespace {

struct Reciprocal {
  static constexpr std::string_view kName = "reciprocal";
  auto f(auto x) const { return reciprocal(x); }
  auto df(auto g, Unused, auto y) const { return shielded(g, -g * (y * y)); }
};

}  // namespace

Variable reciprocal(const Operand& x) { return apply(Reciprocal{}, x); }

namespace records {

OpInfo reciprocal() {
  return record::unary(gradus::reciprocal, {.formula = "y = 1 / x", .gradient = "-g y^2", .flops = 1},
                       record::away_from_zero(0.5, 2));
}

}  // namespace records

}  // namespace gradus
