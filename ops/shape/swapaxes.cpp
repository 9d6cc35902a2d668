#include <gradus/graph/expansion.h>
#include <gradus/ops/records.h>
#include <gradus/ops/shape.h>

#include <numeric>
#include <utility>

namespace gradus {

Variable swapaxes(const Operand& x, std::int64_t axis1, std::int64_t axis2) {
  const Expansion op({.name = "swapaxes", .takes = Takes::anything}, {x});
  Axes axes(op.shape(0).dims().size(), 0);
  std::iota(axes.begin(), axes.end(), std::int64_t{0});
  std::swap(axes[op.call().axis(axis1)], axes[op.call().axis(axis2)]);
  return op.named(transpose(op[0], {.axes = std::move(axes)}));
}

namespace records {

OpInfo swapaxes() {
  const auto of = [](const Shape& x, std::int64_t axis1, std::int64_t axis2) -> record::Case {
    return {"axis1 = " + std::to_string(axis1) + ", axis2 = " + std::to_string(axis2),
            {x},
            [=](std::span<const Variable> v) { return gradus::swapaxes(v[0], axis1, axis2); }};
  };
  return record::cases({.signature = "(x, axis1, axis2)",
                        .formula = "x with two axes swapped",
                        .gradient = "g with the axes swapped back",
                        .shapes = "any of rank 1 or more -> the extents swapped",
                        .flops = 0},
                       [=](std::int64_t n) -> std::vector<record::Case> {
                         return {of({n, n}, 0, 1),       of({n, 2}, -1, 0), of({2, n, 3}, 0, 2),
                                 of({2, n, 3}, 1, -1),   of({n}, 0, 0),     of({2, n}, 1, 1),
                                 of({2, 1, n, 3}, 0, 3), of({0, 3}, 0, 1)};
                       },
                       {{"axis 2 is out of range [-2, 1]: x is [2, 3]", of({2, 3}, 2, 0)},
                        {"axis -3 is out of range [-2, 1]: x is [2, 3]", of({2, 3}, 0, -3)},
                        {"axis 0 of a scalar: x is []", of({}, 0, 0)}});
}

}  // namespace records

}  // namespace gradus
