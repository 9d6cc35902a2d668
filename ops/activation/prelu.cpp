#include <gradus/ops/activation.h>
#include <gradus/ops/kernels/elementwise/elementwise_op.h>
#include <gradus/ops/records.h>

#include <array>

namespace gradus {

namespace {

struct Prelu {
  static constexpr std::string_view kName = "prelu";
  auto f(auto x, auto alpha) const { return where(x > 0, x, alpha * x); }
  auto da(auto g, auto x, auto alpha, Unused) const { return where(x > 0, g, alpha * g); }
  auto db(auto g, auto x, Unused, Unused) const { return where(x > 0, 0, g * x); }
};

class PreluOp : public kernels::BinaryOp<Prelu> {
 public:
  using BinaryOp::BinaryOp;
  std::span<const std::string_view> operand_names() const override {
    static constexpr std::array<std::string_view, 2> kNames = {"x", "alpha"};
    return kNames;
  }
};

}  // namespace

Variable prelu(const Operand& x, const Operand& alpha) { return apply(Op::lasting<PreluOp>(), x, alpha); }

namespace records {

OpInfo prelu() {
  const auto of = [](const Shape& x, const Shape& alpha) -> record::Case {
    return {"",
            {x, alpha},
            [](std::span<const Variable> operands) { return gradus::prelu(operands[0], operands[1]); },
            {record::away_from_zero()}};
  };
  const auto holding = [=](const record::Draw& x, const record::Draw& alpha) {
    record::Case one = of({2}, {2});
    one.draws = {x, alpha};
    return one;
  };
  const auto plain = record::ones();
  return record::cases({.signature = "(x, alpha)",
                        .formula = "y = x where x > 0, else alpha x",
                        .gradient = "dx = g where x > 0, else alpha g; dalpha = 0 where x > 0, else g x",
                        .shapes = "any, any -> broadcast",
                        .kinks = "x = 0: the gradient there is alpha g",
                        .flops = 2},
                       [=](std::int64_t n) -> std::vector<record::Case> {
                         return {
                             of({n, n}, {n, n}), of({n, 3}, {3}),       of({n}, {}),       of({}, {}),
                             of({2, n}, {2, 1}), of({1, 2, n, 3}, {3}), of({n}, {2, n}),   of({0, 3}, {3}),
                             of({2, 0}, {1}),    of({2, n, 3}, {n, 1}), of({n, 1}, {1, 1})};
                       },
                       {{"the shapes do not broadcast: x is [2, 3], alpha is [2]", of({2, 3}, {2})},
                        {"does not take booleans: x is float32, alpha is boolean",
                         holding(plain, record::ones(DType::boolean))},
                        {"the operands' dtypes differ: x is float32, alpha is float64",
                         holding(plain, record::ones(DType::float64))},
                        {"the operands' dtypes differ: x is float32, alpha is int64",
                         holding(plain, record::integers(0, 2))}});
}

}  // namespace records

}  // namespace gradus
