#include <gradus/ops/elementwise.h>
#include <gradus/ops/kernels/elementwise/elementwise_op.h>
#include <gradus/ops/kernels/elementwise/shielded.h>
#include <gradus/ops/records.h>

#include <numbers>

namespace gradus {

namespace {

struct Log2 {
  static constexpr std::string_view kName = "log2";
  auto f(auto x) const { return log2(x); }
  auto df(auto g, auto x, Unused) const { return shielded(g, g / (x * std::numbers::ln2)); }
};

}  // namespace

Variable log2(const Operand& x) { return apply(Log2{}, x); }

namespace records {

OpInfo log2() {
  return record::unary(gradus::log2, {.formula = "y = log2 x", .gradient = "g / (x log 2)", .flops = 10},
                       record::uniform(0.5, 3));
}

}  // namespace records

}  // namespace gradus
