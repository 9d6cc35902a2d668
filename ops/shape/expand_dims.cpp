#include <gradus/graph/expansion.h>
#include <gradus/ops/kernels/shape/result_shape.h>
#include <gradus/ops/records.h>
#include <gradus/ops/shape.h>

namespace gradus {

Variable expand_dims(const Operand& x, ExpandDimsOptions options) {
  const Expansion op({.name = "expand_dims", .takes = Takes::anything}, {x});
  const Shape& shape = op.shape(0);
  Dims dims(shape.dims().size() + options.axis.size(), -1);
  for (const std::int64_t axis : options.axis) {
    const std::size_t place = kernels::result_axis(op.call(), axis, static_cast<std::int64_t>(dims.size()));
    if (dims[place] == 1) {
      throw op.shape_error("axis " + std::to_string(place) + " is repeated in " + to_string(options.axis));
    }
    dims[place] = 1;
  }
  const std::int64_t* next = shape.begin();
  for (std::int64_t& dim : dims) {
    if (dim == -1) dim = *next++;
  }
  return op.named(reshape(op[0], dims));
}

namespace records {

OpInfo expand_dims() {
  const auto at = [](const Shape& x, const Axes& axis) -> record::Case {
    return {"axis = " + to_string(axis), {x}, [=](std::span<const Variable> v) {
              return gradus::expand_dims(v[0], {.axis = axis});
            }};
  };
  return record::cases({.signature = "(x, {.axis = 0})",
                        .formula = "x with new axes of extent 1",
                        .gradient = "g under x's shape",
                        .shapes = "any -> 1 at the axes",
                        .flops = 0},
                       [=](std::int64_t n) -> std::vector<record::Case> {
                         return {at({n, n}, 0),       at({n, n}, -1),      at({n, 2}, 1),
                                 at({}, 0),           at({n}, {0, 2}),     at({n}, {-1, 0}),
                                 at({}, {0, 1}),      at({2, n, 3}, {2}),  at({n, 2}, Axes()),
                                 at({0, 3}, {0, -1}), at({2, 1, n, 2}, -2)};
                       },
                       {{"axis 3 is out of range [-3, 2]: x is [2, 3]", at({2, 3}, 3)},
                        {"axis -4 is out of range [-3, 2]: x is [2, 3]", at({2, 3}, -4)},
                        {"axis 1 is out of range [-1, 0]: x is []", at({}, 1)},
                        {"axis 0 is repeated in [0, -4]: x is [2, 3]", at({2, 3}, {0, -4})}});
}

}  // namespace records

}  // namespace gradus
