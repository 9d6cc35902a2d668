#include <gradus/ops/elementwise.h>
#include <gradus/ops/kernels/elementwise/elementwise_op.h>
#include <gradus/ops/records.h>

namespace gradus {

namespace {

struct Subtract {
  static constexpr std::string_view kName = "subtract";
  static constexpr bool kIntegers = true;
  auto f(auto a, auto b) const { return a - b; }
  auto da(auto g, Unused, Unused, Unused) const { return g; }
  auto db(auto g, Unused, Unused, Unused) const { return -g; }
};

}  // namespace

Variable subtract(const Operand& a, const Operand& b) { return apply(Subtract{}, a, b); }

namespace records {

OpInfo subtract() {
  return record::binary(gradus::subtract,
                        {.formula = "y = a - b", .gradient = "da = g, db = -g", .flops = 1});
}

}  // namespace records

}  // namespace gradus
