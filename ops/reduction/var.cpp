#include <gradus/ops/kernels/reduction/variance.h>
#include <gradus/ops/records.h>

namespace gradus {

Variable var(const Operand& x, VarianceOptions options) { return apply(kernels::VarianceOp(options), {x}); }

namespace records {

OpInfo var() {
  const auto call = [](const Variable& x, const Axes& axis, bool keepdims) {
    return gradus::var(x, {.axis = axis, .keepdims = keepdims});
  };
  const auto of = [](const Shape& x, const Axes& axis, std::int64_t ddof) -> record::Case {
    return {"axis = " + to_string(axis) + ", ddof = " + std::to_string(ddof),
            {x},
            [=](std::span<const Variable> v) { return gradus::var(v[0], {.axis = axis, .ddof = ddof}); }};
  };
  return record::with_cases(record::reduction(call,
                                              {.signature = "(x, {.axis, .keepdims, .ddof = 0})",
                                               .formula = "y = sum((x - mean(x))^2) / (n - ddof)",
                                               .gradient = "2 g (x - mean(x)) / (n - ddof)",
                                               .flops = record::per_input(5)},
                                              record::distinct()),
                            [=](std::int64_t n) -> std::vector<record::Case> {
                              return {of({n, n}, {0, 1}, 1), of({2, n, 3}, 1, 2)};
                            });
}

}  // namespace records

}  // namespace gradus
