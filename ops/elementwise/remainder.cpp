#include <gradus/ops/elementwise.h>
#include <gradus/ops/kernels/elementwise/elementwise_op.h>
#include <gradus/ops/kernels/elementwise/shielded.h>
#include <gradus/ops/records.h>

#include <algorithm>

namespace gradus {

namespace {

struct Remainder {
  static constexpr std::string_view kName = "remainder";
  static constexpr bool kIntegers = true;
  auto f(auto a, auto b) const { return remainder(a, b); }
  auto da(auto g, Unused, Unused, Unused) const { return g; }
  // floor(a / b) as f saw it: the rounded quotient may be the next integer.
  auto db(auto g, auto a, auto b, auto y) const { return shielded(g, -g * round((a - y) / b)); }

  static void check(const Forward& forward) {
    const Tensor& divisor = forward.value(1);
    if (!is_integer(divisor.dtype()) || forward.value(0).size() == 0) return;
    const std::vector<std::int64_t> values = divisor.to_vector<std::int64_t>();
    if (std::ranges::find(values, 0) != values.end()) throw forward.value_error("an integer divided by 0");
  }
};

}  // namespace

Variable remainder(const Operand& a, const Operand& b) { return apply(Remainder{}, a, b); }

namespace records {

OpInfo remainder() {
  return record::with_cases(
      record::binary(gradus::remainder,
                     {.formula = "y = a - b floor(a / b)",
                      .gradient = "da = g, db = -g floor(a / b)",
                      .kinks = "a / b an integer: y jumps",
                      .flops = 10},
                     record::uniform(1.3, 1.7), record::uniform(0.9, 1.1)),
      [](std::int64_t n) -> std::vector<record::Case> {
        return {{"",
                 {{n}, {n}},
                 [](std::span<const Variable> x) { return gradus::remainder(x[0], x[1]); },
                 {record::uniform(1.3, 1.7), record::uniform(-1.1, -0.9)}}};
      });
}

}  // namespace records

}  // namespace gradus
