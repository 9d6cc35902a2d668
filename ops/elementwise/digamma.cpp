#include <gradus/ops/elementwise.h>
#include <gradus/ops/kernels/elementwise/elementwise_op.h>
#include <gradus/ops/kernels/elementwise/shielded.h>
#include <gradus/ops/records.h>

namespace gradus {

namespace {

Variable polygamma(int order, const Variable& x);

struct Digamma {
  static constexpr std::string_view kName = "digamma";
  auto f(auto x) const { return digamma(x); }
  auto df(auto g, auto x, Unused) const { return shielded(g, g * polygamma(1, x)); }
};

// The derivative of digamma of some order, and each the derivative of the one before.
struct Polygamma {
  static constexpr std::string_view kName = "polygamma";
  int order;
  OpAttributes attributes() const { return {{"order", std::to_string(order)}}; }
  auto f(auto x) const { return polygamma(order, x); }
  auto df(auto g, auto x, Unused) const { return shielded(g, g * polygamma(order + 1, x)); }
};

Variable polygamma(int order, const Variable& x) { return apply(Polygamma{order}, x); }

}  // namespace

Variable digamma(const Operand& x) { return apply(Digamma{}, x); }

namespace records {

OpInfo digamma() {
  return record::with_cases(
      record::unary(gradus::digamma,
                    {.formula = "y = (log gamma(x))'", .gradient = "g polygamma(1, x)", .flops = 40},
                    record::uniform(0.5, 4)),
      [](std::int64_t n) -> std::vector<record::Case> {
        const Function call = [](std::span<const Variable> x) { return gradus::digamma(x[0]); };
        return {{"", {{n}}, call, {record::uniform(-0.8, -0.2)}},
                {"", {{n}}, call, {record::uniform(-3.8, -3.2)}}};
      });
}

}  // namespace records

}  // namespace gradus
