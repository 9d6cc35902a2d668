#include <gradus/graph/expansion.h>
#include <gradus/ops/kernels/shape/result_shape.h>
#include <gradus/ops/records.h>
#include <gradus/ops/shape.h>

#include <algorithm>

namespace gradus {

Variable tile(const Operand& x, const Counts& reps) {
  const Expansion op({.name = "tile", .takes = Takes::anything}, {x});
  const Shape& shape = op.shape(0);
  const std::size_t rank = std::max(shape.dims().size(), reps.size());
  const std::size_t missing = rank - shape.dims().size(), given = rank - reps.size();
  // Each axis becomes two, [1, n], the first of which is repeated.
  Dims apart(2 * rank, 1), repeated(2 * rank, 1), result(rank, 1);
  for (std::size_t axis = 0; axis < rank; ++axis) {
    const std::int64_t extent = axis < missing ? 1 : shape[axis - missing];
    const std::int64_t times = axis < given ? 1 : reps[axis - given];
    if (times < 0) throw op.value_error("the number " + std::to_string(times) + " in reps is negative");
    apart[2 * axis + 1] = repeated[2 * axis + 1] = extent;
    repeated[2 * axis] = times;
    result[axis] = kernels::extent_product(op.call(), extent, times);
  }
  kernels::result_shape(op.call(), result);
  return op.named(reshape(broadcast_to(reshape(op[0], apart), Shape(repeated)), result));
}

namespace records {

OpInfo tile() {
  const auto by = [](const Shape& x, const Counts& reps) -> record::Case {
    return {"reps = " + to_string(reps), {x}, [=](std::span<const Variable> v) {
              return gradus::tile(v[0], reps);
            }};
  };
  constexpr std::int64_t kHuge = std::int64_t{1} << 62;
  return record::cases({.signature = "(x, reps)",
                        .formula = "x side by side, reps times an axis",
                        .gradient = "g summed over the copies",
                        .shapes = "any -> its extents times reps",
                        .flops = 0},
                       [=](std::int64_t n) -> std::vector<record::Case> {
                         return {by({n, n}, {2, 3}),
                                 by({n}, 2),
                                 by({n, 2}, 3),
                                 by({}, 3),
                                 by({n}, {2, 1, 2}),
                                 by({2, n, 3}, {1, 2}),
                                 by({n, 1}, {2, n}),
                                 by({n}, Counts()),
                                 by({n}, 0),
                                 by({0, 3}, {2, 2}),
                                 by({2, 1, n, 2}, {1, 3, 1, 2})};
                       },
                       {{"the number -1 in reps is negative", by({2, 3}, {1, -1})},
                        {"the extent 4 * 4611686018427387904 overflows: x is [4]", by({4}, kHuge)},
                        {"the number of elements of [2, 4611686018427387904] overflows: x is [2, 1]",
                         by({2, 1}, {1, kHuge})}});
}

}  // namespace records

}  // namespace gradus
