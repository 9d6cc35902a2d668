#include <gradus/ops/elementwise.h>
#include <gradus/ops/kernels/elementwise/elementwise_op.h>
#include <gradus/ops/kernels/elementwise/shielded.h>
#include <gradus/ops/records.h>

namespace gradus {

namespace {

struct Rsqrt {
  static constexpr std::string_view kName = "rsqrt";
  auto f(auto x) const { return rsqrt(x); }
  auto df(auto g, Unused, auto y) const { return shielded(g, g * (y * y * y) / -2); }
};

}  // namespace

Variable rsqrt(const Operand& x) { return apply(Rsqrt{}, x); }

namespace records {

OpInfo rsqrt() {
  return record::unary(gradus::rsqrt, {.formula = "y = 1 / sqrt x", .gradient = "-g y^3 / 2", .flops = 3},
                       record::uniform(0.5, 3));
}

}  // namespace records

}  // namespace gradus
