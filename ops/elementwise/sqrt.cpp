#include <gradus/ops/elementwise.h>
#include <gradus/ops/kernels/elementwise/elementwise_op.h>
#include <gradus/ops/kernels/elementwise/shielded.h>
#include <gradus/ops/records.h>

namespace gradus {

namespace {

struct Sqrt {
  static constexpr std::string_view kName = "sqrt";
  auto f(auto x) const { return sqrt(x); }
  auto df(auto g, Unused, auto y) const { return shielded(g, g / (2 * y)); }
};

}  // namespace

Variable sqrt(const Operand& x) { return apply(Sqrt{}, x); }

namespace records {

OpInfo sqrt() {
  return record::unary(gradus::sqrt, {.formula = "y = sqrt x", .gradient = "g / (2 y)", .flops = 1},
                       record::uniform(0.5, 3));
}

}  // namespace records

}  // namespace gradus
