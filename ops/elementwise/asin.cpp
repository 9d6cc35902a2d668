#include <gradus/ops/elementwise.h>
#include <gradus/ops/kernels/elementwise/elementwise_op.h>
#include <gradus/ops/kernels/elementwise/shielded.h>
#include <gradus/ops/records.h>

namespace gradus {

namespace {

struct Asin {
  static constexpr std::string_view kName = "asin";
  auto f(auto x) const { return asin(x); }
  // (1 - x)(1 + x) keeps the digits that 1 - x^2 loses near 1.
  auto df(auto g, auto x, Unused) const { return shielded(g, g / sqrt((1 - x) * (1 + x))); }
};

}  // namespace

Variable asin(const Operand& x) { return apply(Asin{}, x); }

namespace records {

OpInfo asin() {
  return record::unary(gradus::asin, {.formula = "y = asin x", .gradient = "g / sqrt(1 - x^2)", .flops = 15},
                       record::uniform(-0.8, 0.8));
}

}  // namespace records

}  // namespace gradus
