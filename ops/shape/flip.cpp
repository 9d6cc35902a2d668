#include <gradus/graph/expansion.h>
#include <gradus/ops/records.h>
#include <gradus/ops/shape.h>

namespace gradus {

Variable flip(const Operand& x, FlipOptions options) {
  const Expansion op({.name = "flip", .takes = Takes::anything}, {x});
  const Dims axes = op.call().axes(options.axis);
  std::vector<Slice> slices(op.shape(0).dims().size());
  for (Slice& one : slices) one.step = axes.empty() ? -1 : 1;
  for (const std::int64_t axis : axes) slices[static_cast<std::size_t>(axis)].step = -1;
  return op.named(slice(op[0], slices));
}

namespace records {

OpInfo flip() {
  const auto of = [](const Shape& x, const Axes& axis = {}) -> record::Case {
    return {axis.empty() ? "" : "axis = " + to_string(axis), {x}, [=](std::span<const Variable> v) {
              return gradus::flip(v[0], {.axis = axis});
            }};
  };
  return record::cases(
      {.signature = "(x, {.axis})",
       .formula = "x in reverse order along the axes",
       .gradient = "g in reverse order",
       .shapes = "any -> same",
       .flops = 0},
      [=](std::int64_t n) -> std::vector<record::Case> {
        return {of({n, n}), of({n, n}, 0),         of({n, 2}, -1),   of({}),
                of({n}),    of({2, n, 3}, {0, 2}), of({2, n, 3}, 1), of({2, 1, n, 2}, {-1, 1, 2}),
                of({0, 3})};
      },
      {{"axis 2 is out of range [-2, 1]: x is [2, 3]", of({2, 3}, 2)},
       {"axis 1 is repeated in [1, -1]: x is [2, 3]", of({2, 3}, {1, -1})},
       {"axis 0 of a scalar: x is []", of({}, 0)}});
}

}  // namespace records

}  // namespace gradus
