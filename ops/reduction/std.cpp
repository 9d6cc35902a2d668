#include <gradus/graph/expansion.h>
#include <gradus/ops/kernels/reduction/root.h>
#include <gradus/ops/kernels/reduction/variance.h>
#include <gradus/ops/records.h>

namespace gradus {

Variable std(const Operand& x, VarianceOptions options) {
  const Expansion op({.name = "std"}, {x});
  op.call().axes(options.axis);  // an error in them is to carry this name
  return op.named(kernels::root(apply(kernels::VarianceOp(options), {op[0]})));
}

namespace records {

OpInfo std() {
  const auto call = [](const Variable& x, const Axes& axis, bool keepdims) {
    return gradus::std(x, {.axis = axis, .keepdims = keepdims});
  };
  const auto of = [](const Shape& x, const Axes& axis, std::int64_t ddof) -> record::Case {
    return {"axis = " + to_string(axis) + ", ddof = " + std::to_string(ddof),
            {x},
            [=](std::span<const Variable> v) { return gradus::std(v[0], {.axis = axis, .ddof = ddof}); }};
  };
  return record::with_cases(record::reduction(call,
                                              {.signature = "(x, {.axis, .keepdims, .ddof = 0})",
                                               .formula = "y = sqrt(sum((x - mean(x))^2) / (n - ddof))",
                                               .gradient = "g (x - mean(x)) / ((n - ddof) y)",
                                               .kinks = "equal values: the gradient there is 0",
                                               .flops = record::per_input(5)},
                                              record::distinct()),
                            [=](std::int64_t n) -> std::vector<record::Case> {
                              return {of({n, n}, {0, 1}, 1), of({2, n, 3}, 1, 2)};
                            });
}

}  // namespace records

}  // namespace gradus
