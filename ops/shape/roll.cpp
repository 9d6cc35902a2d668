#include <gradus/graph/expansion.h>
#include <gradus/ops/kernels/shape/result_shape.h>
#include <gradus/ops/records.h>
#include <gradus/ops/shape.h>

namespace gradus {

namespace {

// The last `shift` values, then the others.
Variable rolled(const Variable& x, std::size_t axis, std::int64_t shift) {
  const std::int64_t extent = x.shape()[axis];
  const std::int64_t cut = extent == 0 ? 0 : extent - (shift % extent + extent) % extent;
  std::vector<Slice> head(axis + 1), tail(axis + 1);
  head[axis] = {.stop = cut};
  tail[axis] = {.start = cut};
  return concatenate({slice(x, tail), slice(x, head)}, {.axis = static_cast<std::int64_t>(axis)});
}

}  // namespace

Variable roll(const Operand& x, const Counts& shift, RollOptions options) {
  const Expansion op({.name = "roll", .takes = Takes::anything}, {x});
  const Dims axes = kernels::axes_in_order(op.call(), options.axis);
  const std::size_t count = axes.empty() ? 1 : axes.size();
  if (shift.size() != count && shift.size() != 1) {
    throw op.shape_error(std::to_string(shift.size()) + " shifts for " + std::to_string(count) + " axes");
  }
  if (axes.empty()) {
    const Variable flat = reshape(op[0], {op.shape(0).elements()});
    return op.named(reshape(rolled(flat, 0, shift[0]), op.shape(0).dims()));
  }
  Variable y = op[0];
  for (std::size_t i = 0; i < count; ++i) {
    y = rolled(y, static_cast<std::size_t>(axes[i]), shift[shift.size() == 1 ? 0 : i]);
  }
  return op.named(std::move(y));
}

namespace records {

OpInfo roll() {
  const auto by = [](const Shape& x, const Counts& shift, const Axes& axis = {}) -> record::Case {
    return {"shift = " + to_string(shift) + (axis.empty() ? "" : ", axis = " + to_string(axis)),
            {x},
            [=](std::span<const Variable> v) { return gradus::roll(v[0], shift, {.axis = axis}); }};
  };
  return record::cases({.signature = "(x, shift, {.axis})",
                        .formula = "y[i + shift] = x[i], around the end",
                        .gradient = "g moved back",
                        .shapes = "any -> same",
                        .flops = 0},
                       [=](std::int64_t n) -> std::vector<record::Case> {
                         return {by({n, n}, 1, 0),
                                 by({n, n}, -1, -1),
                                 by({n, 3}, 2),
                                 by({}, 3),
                                 by({n}, 0, 0),
                                 by({n}, 4 * n + 1, 0),
                                 by({2, n, 3}, {1, -2}, {2, 1}),
                                 by({2, n, 3}, 1, {0, 1}),
                                 by({2, 1, n, 2}, -7, 2),
                                 by({0, 3}, 1, 0),
                                 by({0, 3}, 2)};
                       },
                       {{"2 shifts for 1 axes: x is [2, 3]", by({2, 3}, {1, 2}, 0)},
                        {"0 shifts for 1 axes: x is [2, 3]", by({2, 3}, Counts(), 0)},
                        {"axis 2 is out of range [-2, 1]: x is [2, 3]", by({2, 3}, 1, 2)},
                        {"axis 0 is repeated in [0, -2]: x is [2, 3]", by({2, 3}, 1, {0, -2})}});
}

}  // namespace records

}  // namespace gradus
