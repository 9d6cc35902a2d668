#include <gradus/ops/elementwise.h>
#include <gradus/ops/kernels/elementwise/elementwise_op.h>
#include <gradus/ops/kernels/elementwise/shielded.h>
#include <gradus/ops/records.h>

namespace gradus {

namespace {

struct Log1p {
  static constexpr std::string_view kName = "log1p";
  auto f(auto x) const { return log1p(x); }
  auto df(auto g, auto x, Unused) const { return shielded(g, g / (1 + x)); }
};

}  // namespace

Variable log1p(const Operand& x) { return apply(Log1p{}, x); }

namespace records {

OpInfo log1p() {
  return record::unary(gradus::log1p, {.formula = "y = log(1 + x)", .gradient = "g / (1 + x)", .flops = 15},
                       record::uniform(-0.5, 2));
}

}  // namespace records

}  // namespace gradus
