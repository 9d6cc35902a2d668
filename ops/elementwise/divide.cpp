#include <gradus/ops/elementwise.h>
#include <gradus/ops/kernels/elementwise/elementwise_op.h>
#include <gradus/ops/kernels/elementwise/shielded.h>
#include <gradus/ops/records.h>

namespace gradus {

namespace {

struct Divide {
  static constexpr std::string_view kName = "divide";
  auto f(auto a, auto b) const { return a / b; }
  auto da(auto g, Unused, auto b, Unused) const { return shielded(g, g / b); }
  auto db(auto g, Unused, auto b, auto y) const { return shielded(g, -g * y / b); }
};

}  // namespace

Variable divide(const Operand& a, const Operand& b) { return apply(Divide{}, a, b); }

namespace records {

OpInfo divide() {
  return record::binary(gradus::divide,
                        {.formula = "y = a / b", .gradient = "da = g / b, db = -g y / b", .flops = 1},
                        record::uniform(), record::uniform(0.5, 2));
}

}  // namespace records

}  // namespace gradus
