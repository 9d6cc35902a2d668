#include <gradus/ops/elementwise.h>
#include <gradus/ops/kernels/elementwise/elementwise_op.h>
#include <gradus/ops/kernels/elementwise/shielded.h>
#include <gradus/ops/records.h>

#include <numbers>

namespace gradus {

namespace {

struct Log10 {
  static constexpr std::string_view kName = "log10";
  auto f(auto x) const { return log10(x); }
  auto df(auto g, auto x, Unused) const { return shielded(g, g / (x * std::numbers::ln10)); }
};

}  // namespace

Variable log10(const Operand& x) { return apply(Log10{}, x); }

namespace records {

OpInfo log10() {
  return record::unary(gradus::log10, {.formula = "y = log10 x", .gradient = "g / (x log 10)", .flops = 10},
                       record::uniform(0.5, 3));
}

}  // namespace records

}  // namespace gradus
