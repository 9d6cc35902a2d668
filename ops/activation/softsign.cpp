#include <gradus/ops/activation.h>
#include <gradus/ops/elementwise.h>
#include <gradus/ops/kernels/elementwise/elementwise_op.h>
#include <gradus/ops/records.h>

namespace gradus {

namespace {

struct Softsign {
  static constexpr std::string_view kName = "softsign";
  auto f(auto x) const { return x / (1 + abs(x)); }
  auto df(auto g, auto x, Unused) const { return g / square(1 + abs(x)); }
};

}  // namespace

Variable softsign(const Operand& x) { return apply(Softsign{}, x); }

namespace records {

OpInfo softsign() {
  return record::unary(gradus::softsign,
                       {.formula = "y = x / (1 + |x|)",
                        .gradient = "g / (1 + |x|)^2",
                        .kinks = "0: the second derivative jumps there, and is taken as 0",
                        .flops = 3},
                       record::away_from_zero());
}

}  // namespace records

}  // namespace gradus
