#include <gradus/ops/elementwise.h>
#include <gradus/ops/kernels/nn/normalize.h>
#include <gradus/ops/nn.h>
#include <gradus/ops/records.h>
#include <gradus/ops/reduction.h>

namespace gradus {

Variable l2_normalize(const Operand& x, L2NormalizeOptions options) {
  const Expansion op({.name = "l2_normalize"}, {x});
  const Dims axes = kernels::normalized_axes(op.call(), options.axis);
  kernels::check_epsilon(op.call(), options.epsilon);
  const Variable squares = sum(square(op[0]), {.axis = Axes(std::span(axes)), .keepdims = true});
  const Variable factor = divide(1, sqrt(maximum(squares, options.epsilon)));
  // A vector of zeros has no direction: neither a value nor a gradient of 1e6 comes of it.
  return op.named(multiply(op[0], where(equal(squares, 0), 0, factor)));
}

namespace records {

OpInfo l2_normalize() {
  const auto by = [](const Shape& x, const L2NormalizeOptions& options = {}) -> record::Case {
    std::string arguments = "axis = " + to_string(options.axis);
    if (options.epsilon != 1e-12) arguments += ", epsilon = " + std::to_string(options.epsilon);
    return {std::move(arguments),
            {x},
            [=](std::span<const Variable> v) { return gradus::l2_normalize(v[0], options); },
            {record::away_from_zero()}};
  };
  record::Case zeros = by({2, 3});
  zeros.draws = {record::constant({{0, 0, 0}, {1e4, -1e4, 0}})};
  zeros.extreme = true;
  return record::cases(
      {.signature = "(x, {.axis, .epsilon})",
       .formula = "y = x / sqrt(max(sum(x^2), epsilon))",
       .gradient = "(g - y sum(g y)) / sqrt(sum(x^2)); g / sqrt(epsilon) where the sum is below epsilon",
       .shapes = "any of rank 1 or more -> same",
       .kinks = "a vector of zeros: its gradient is 0; sum(x^2) = epsilon: half of each side's",
       .flops = record::per_input(4)},
      [=](std::int64_t n) -> std::vector<record::Case> {
        return {by({n, n}),
                by({n}),
                by({2, n, 3}, {.axis = 1}),
                by({2, n, 3}, {.axis = {1, -1}}),
                by({2, 1, n, 2}, {.axis = 0}),
                by({3, n}, {.axis = {}}),
                by({2, 3}, {.axis = -1, .epsilon = 100}),
                by({0, 3}),
                by({2, 0}),
                zeros};
      },
      {{"axis -1 of a scalar: x is []", by({})},
       {"axis 2 is out of range [-2, 1]: x is [2, 3]", by({2, 3}, {.axis = 2})},
       {"epsilon must be 0 or more, got -1.0", by({2, 3}, {.epsilon = -1})}});
}

}  // namespace records

}  // namespace gradus
