#include <gradus/graph/expansion.h>
#include <gradus/graph/pool_vector.h>
#include <gradus/ops/records.h>
#include <gradus/ops/shape.h>

#include <algorithm>

namespace gradus {

Variable squeeze(const Operand& x, SqueezeOptions options) {
  const Expansion op({.name = "squeeze", .takes = Takes::anything}, {x});
  const Shape& shape = op.shape(0);
  const Dims axes = op.call().axes(options.axis);
  PoolVector<std::int64_t> kept;
  for (std::size_t axis = 0; axis < shape.dims().size(); ++axis) {
    const bool named = std::find(axes.begin(), axes.end(), static_cast<std::int64_t>(axis)) != axes.end();
    if (named && shape[axis] != 1) {
      throw op.shape_error("the extent of axis " + std::to_string(axis) + " is " +
                           std::to_string(shape[axis]) + ", not 1");
    }
    if (!(named || (axes.empty() && shape[axis] == 1))) kept.push_back(shape[axis]);
  }
  return op.named(reshape(op[0], Dims(kept)));
}

namespace records {

OpInfo squeeze() {
  const auto of = [](const Shape& x, const Axes& axis = {}) -> record::Case {
    return {axis.empty() ? "" : "axis = " + to_string(axis), {x}, [=](std::span<const Variable> v) {
              return gradus::squeeze(v[0], {.axis = axis});
            }};
  };
  return record::cases({.signature = "(x, {.axis})",
                        .formula = "x without axes of extent 1",
                        .gradient = "g under x's shape",
                        .shapes = "any -> without the axes",
                        .flops = 0},
                       [=](std::int64_t n) -> std::vector<record::Case> {
                         return {of({n, 1}),
                                 of({1, n, 1}),
                                 of({1, n, 1}, 0),
                                 of({1, n, 1}, -1),
                                 of({1, n, 1}, {2, 0}),
                                 of({1, 1, n, 1}, {0, 3}),
                                 of({}),
                                 of({1}),
                                 of({n, n}),
                                 of({0, 1}, 1)};
                       },
                       {{"the extent of axis 1 is 3, not 1: x is [1, 3]", of({1, 3}, 1)},
                        {"the extent of axis 1 is 0, not 1: x is [1, 0]", of({1, 0}, {0, -1})},
                        {"axis 2 is out of range [-2, 1]: x is [1, 3]", of({1, 3}, 2)},
                        {"axis 0 is repeated in [0, -2]: x is [1, 3]", of({1, 3}, {0, -2})}});
}

}  // namespace records

}  // namespace gradus
