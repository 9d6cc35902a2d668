#include <gradus/ops/elementwise.h>
#include <gradus/ops/kernels/elementwise/elementwise_op.h>
#include <gradus/ops/kernels/elementwise/shielded.h>
#include <gradus/ops/records.h>

namespace gradus {

namespace {

struct Multiply {
  static constexpr std::string_view kName = "multiply";
  static constexpr bool kIntegers = true;
  auto f(auto a, auto b) const { return a * b; }
  // An infinite factor, as in where(x > 0, x log x, 0).
  auto da(auto g, Unused, auto b, Unused) const { return shielded(g, g * b); }
  auto db(auto g, auto a, Unused, Unused) const { return shielded(g, g * a); }
};

}  // namespace

Variable multiply(const Operand& a, const Operand& b) { return apply(Multiply{}, a, b); }

namespace records {

OpInfo multiply() {
  return record::binary(gradus::multiply,
                        {.formula = "y = a b", .gradient = "da = g b, db = g a", .flops = 1});
}

}  // namespace records

}  // namespace gradus
