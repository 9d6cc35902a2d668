#include <gradus/ops/elementwise.h>
#include <gradus/ops/kernels/elementwise/elementwise_op.h>
#include <gradus/ops/records.h>

namespace gradus {

namespace {

struct Minimum {
  static constexpr std::string_view kName = "minimum";
  static constexpr bool kIntegers = true;
  auto f(auto a, auto b) const { return minimum(a, b); }
  auto da(auto g, auto a, auto b, Unused) const { return where(a == b, g / 2, where(a < b, g, 0)); }
  auto db(auto g, auto a, auto b, Unused) const { return where(a == b, g / 2, where(b < a, g, 0)); }
};

}  // namespace

Variable minimum(const Operand& a, const Operand& b) { return apply(Minimum{}, a, b); }

namespace records {

OpInfo minimum() {
  return record::binary(gradus::minimum,
                        {.formula = "y = min(a, b)",
                         .gradient = "the smaller operand gets g; of two equal ones each half",
                         .kinks = "a = b: each operand gets half the gradient",
                         .flops = 1},
                        record::uniform(0.2, 1), record::uniform(-1, 0.1));
}

}  // namespace records

}  // namespace gradus
