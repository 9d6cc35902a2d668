#include <gradus/ops/elementwise.h>
#include <gradus/ops/kernels/elementwise/elementwise_op.h>
#include <gradus/ops/kernels/elementwise/shielded.h>
#include <gradus/ops/records.h>

namespace gradus {

namespace {

struct Lgamma {
  static constexpr std::string_view kName = "lgamma";
  auto f(auto x) const { return lgamma(x); }
  auto df(auto g, auto x, Unused) const { return shielded(g, g * digamma(x)); }
};

}  // namespace

Variable lgamma(const Operand& x) { return apply(Lgamma{}, x); }

namespace records {

OpInfo lgamma() {
  return record::with_cases(
      record::unary(gradus::lgamma,
                    {.formula = "y = log |gamma(x)|", .gradient = "g digamma(x)", .flops = 40},
                    record::uniform(0.5, 4)),
      [](std::int64_t n) -> std::vector<record::Case> {
        const Function call = [](std::span<const Variable> x) { return gradus::lgamma(x[0]); };
        return {{"", {{n}}, call, {record::uniform(-0.8, -0.2)}},
                {"", {{n}}, call, {record::uniform(-3.8, -3.2)}}};
      });
}

}  // namespace records

}  // namespace gradus
