#include <gradus/graph/expansion.h>
#include <gradus/ops/kernels/shape/result_shape.h>
#include <gradus/ops/records.h>
#include <gradus/ops/shape.h>

namespace gradus {

Variable stack(const std::vector<Operand>& xs, StackOptions options) {
  if (xs.empty()) throw ShapeError("stack: the list of operands is empty");
  const Expansion op({.name = "stack", .takes = Takes::anything}, std::span(xs));
  std::vector<Operand> rows;
  for (std::size_t i = 0; i < op.size(); ++i) {
    if (op.shape(i) != op.shape(0)) throw op.shape_error("the operands' shapes differ");
    if (op[i].dtype() != op[0].dtype()) throw op.call().dtype_error("the operands' dtypes differ");
  }
  const std::size_t axis = kernels::result_axis(op.call(), options.axis, op.shape(0).rank() + 1);
  for (const Variable& x : op.operands()) {
    rows.emplace_back(expand_dims(x, {.axis = static_cast<std::int64_t>(axis)}));
  }
  return op.named(concatenate(rows, {.axis = static_cast<std::int64_t>(axis)}));
}

namespace records {

OpInfo stack() {
  const auto join = [](const std::vector<Shape>& shapes, std::int64_t axis) -> record::Case {
    return {"axis = " + std::to_string(axis), shapes, [=](std::span<const Variable> x) {
              return gradus::stack(std::vector<Operand>(x.begin(), x.end()), {.axis = axis});
            }};
  };
  record::Case mixed = join({{2}, {2}}, 0);
  mixed.draws = {record::ones(), record::ones(DType::int64)};
  return record::cases(
      {.signature = "({a, b, ..}, {.axis = 0})",
       .formula = "the operands side by side along a new axis",
       .gradient = "each operand's part of g",
       .shapes = "equal -> their number at the axis",
       .flops = 0},
      [=](std::int64_t n) -> std::vector<record::Case> {
        return {join({{n, n}, {n, n}}, 0),
                join({{2, n}, {2, n}}, -1),
                join({{n, 2}, {n, 2}, {n, 2}}, 1),
                join({{}, {}}, 0),
                join({{n}}, 0),
                join({{n}, {n}, {n}}, -2),
                join({{2, 1, n}, {2, 1, n}}, -2),
                join({{0, 3}, {0, 3}}, 2),
                join({{2, 0}}, 0)};
      },
      {{"the operands' shapes differ: a is [2, 3], b is [2, 4]", join({{2, 3}, {2, 4}}, 0)},
       {"the operands' shapes differ: a is [3], b is [1, 3]", join({{3}, {1, 3}}, 0)},
       {"axis 3 is out of range [-3, 2]: a is [2, 3], b is [2, 3]", join({{2, 3}, {2, 3}}, 3)},
       {"the list of operands is empty", join({}, 0)},
       {"the operands' dtypes differ: a is float32, b is int64", mixed}});
}

}  // namespace records

}  // namespace gradus
