#include <gradus/ops/elementwise.h>
#include <gradus/ops/kernels/elementwise/elementwise_op.h>
#include <gradus/ops/kernels/elementwise/shielded.h>
#include <gradus/ops/records.h>

namespace gradus {

namespace {

struct Tan {
  static constexpr std::string_view kName = "tan";
  auto f(auto x) const { return tan(x); }
  auto df(auto g, Unused, auto y) const { return shielded(g, g * (1 + y * y)); }
};

}  // namespace

Variable tan(const Operand& x) { return apply(Tan{}, x); }

namespace records {

OpInfo tan() {
  return record::unary(gradus::tan, {.formula = "y = tan x", .gradient = "g (1 + y^2)", .flops = 20},
                       record::uniform(-1.2, 1.2));
}

}  // namespace records

}  // namespace gradus
