#include <gradus/graph/expansion.h>
#include <gradus/ops/kernels/shape/result_shape.h>
#include <gradus/ops/records.h>
#include <gradus/ops/shape.h>

#include <algorithm>

namespace gradus {

Variable moveaxis(const Operand& x, const Axes& source, const Axes& destination) {
  const Expansion op({.name = "moveaxis", .takes = Takes::anything}, {x});
  const Dims from = kernels::axes_in_order(op.call(), source);
  const Dims to = kernels::axes_in_order(op.call(), destination);
  if (from.size() != to.size()) {
    throw op.shape_error(std::to_string(from.size()) + " axes for " + std::to_string(to.size()) + " places");
  }
  Axes axes(op.shape(0).dims().size(), -1);
  for (std::size_t i = 0; i < from.size(); ++i) axes[static_cast<std::size_t>(to[i])] = from[i];
  std::int64_t next = 0;
  for (std::int64_t& axis : axes) {
    if (axis != -1) continue;
    while (std::find(from.begin(), from.end(), next) != from.end()) ++next;
    axis = next++;
  }
  return op.named(transpose(op[0], {.axes = std::move(axes)}));
}

namespace records {

OpInfo moveaxis() {
  const auto of = [](const Shape& x, const Axes& source, const Axes& destination) -> record::Case {
    return {"source = " + to_string(source) + ", destination = " + to_string(destination),
            {x},
            [=](std::span<const Variable> v) { return gradus::moveaxis(v[0], source, destination); }};
  };
  return record::cases({.signature = "(x, source, destination)",
                        .formula = "axis source[i] of x is axis destination[i] of y",
                        .gradient = "g with its axes moved back",
                        .shapes = "any -> the extents moved",
                        .flops = 0},
                       [=](std::int64_t n) -> std::vector<record::Case> {
                         return {of({n, n}, 0, 1),
                                 of({n, 2}, -1, 0),
                                 of({2, n, 3}, 0, -1),
                                 of({2, n, 3}, 2, 0),
                                 of({2, n, 3}, {0, 1}, {-1, -2}),
                                 of({n}, 0, 0),
                                 of({}, Axes(), Axes()),
                                 of({2, 1, n, 3}, {3, 0}, {0, 2}),
                                 of({0, 3}, 0, 1)};
                       },
                       {{"2 axes for 1 places: x is [2, 3]", of({2, 3}, {0, 1}, 0)},
                        {"axis 2 is out of range [-2, 1]: x is [2, 3]", of({2, 3}, 2, 0)},
                        {"axis -3 is out of range [-2, 1]: x is [2, 3]", of({2, 3}, 0, -3)},
                        {"axis 0 is repeated in [0, -2]: x is [2, 3]", of({2, 3}, {0, -2}, {0, 1})}});
}

}  // namespace records

}  // namespace gradus
