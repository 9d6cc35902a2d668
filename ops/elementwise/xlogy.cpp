#include <gradus/ops/elementwise.h>
#include <gradus/ops/kernels/elementwise/elementwise_op.h>
#include <gradus/ops/kernels/elementwise/shielded.h>
#include <gradus/ops/records.h>

namespace gradus {

namespace {

struct Xlogy {
  static constexpr std::string_view kName = "xlogy";
  auto f(auto a, auto b) const { return xlogy(a, b); }
  auto da(auto g, auto a, auto b, Unused) const {
    return shielded(g, where(logical_and(a == 0, b <= 0), 0, xlogy(g, b)));
  }
  auto db(auto g, auto a, auto b, Unused) const {
    return shielded(g, g * (a / where(logical_and(a == 0, b == 0), 1, b)));
  }
};

}  // namespace

Variable xlogy(const Operand& a, const Operand& b) { return apply(Xlogy{}, a, b); }

namespace records {

OpInfo xlogy() {
  return record::binary(
      gradus::xlogy,
      {.formula = "y = a log b, 0 where a = 0",
       .gradient = "da = g log b, 0 where a = 0 and b <= 0; db = g a / b, 0 where a = b = 0",
       .flops = 12},
      record::uniform(), record::uniform(0.5, 3));
}

}  // namespace records

}  // namespace gradus
