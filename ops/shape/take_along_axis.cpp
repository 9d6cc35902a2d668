#include <gradus/graph/expansion.h>
#include <gradus/ops/kernels/shape/gather.h>
#include <gradus/ops/kernels/shape/result_shape.h>
#include <gradus/ops/records.h>
#include <gradus/ops/shape.h>

#include <array>

namespace gradus {

namespace {

constexpr std::array<std::string_view, 2> kNames = {"x", "indices"};

// x and the indices broadcast along all axes but the one that is chosen from.
Shape chosen_shape(const Call& call, std::size_t axis) {
  const Shape &x = call.shape(0), &indices = call.shape(1);
  if (x.rank() != indices.rank()) throw call.shape_error("x and the indices need the same rank");
  Dims one = x.dims();
  one[axis] = 1;
  BroadcastShape result = broadcast_shapes(Shape(std::move(one)), indices);
  if (!result.ok) throw call.shape_error("the shapes do not broadcast outside axis " + std::to_string(axis));
  return std::move(result.shape);
}

}  // namespace

Variable take_along_axis(const Operand& x, const Operand& indices, TakeAlongAxisOptions options) {
  const Expansion op({.name = "take_along_axis", .takes = Takes::anything, .operand_names = kNames},
                     {x, indices});
  kernels::index_dtype(op.call(), 1);
  if (!options.axis && op.shape(1).rank() != 1) throw op.shape_error("a flat x needs indices of rank 1");
  const Tensor index = op[1].value().cast(DType::int64);
  if (!options.axis) {
    kernels::check_indices(op.call(), index, op.shape(0).elements());
    return op.named(take(op[0], index));
  }
  const std::size_t axis = op.call().axis(*options.axis);
  const Shape result = chosen_shape(op.call(), axis);
  return op.named(kernels::take_along(op.call(), op[0], index, result, axis));
}

namespace records {

OpInfo take_along_axis() {
  const auto of = [](const Shape& x, const Tensor& indices,
                     std::optional<std::int64_t> axis) -> record::Case {
    return {"axis = " + (axis ? std::to_string(*axis) : "None"),
            {x, indices.shape()},
            [=](std::span<const Variable> v) { return gradus::take_along_axis(v[0], v[1], {.axis = axis}); },
            {record::uniform(), record::constant(indices)}};
  };
  const auto at = [](std::initializer_list<TensorLiteral> indices) { return Tensor(indices, DType::int64); };
  return record::cases(
      {.signature = "(x, indices, {.axis = -1})",
       .formula = "y[.., i, ..] = x[.., indices[.., i, ..], ..]",
       .gradient = "each g added in its place among zeros",
       .shapes = "any, same rank -> the indices' shape, broadcast",
       .flops = 0},
      [=](std::int64_t n) -> std::vector<record::Case> {
        return {of({2, n}, at({{0, 3}, {-1, -1}}), -1),
                of({n, 2}, at({{0, 3}, {-1, -1}, {2, 2}}), 0),
                of({4, 3}, at({{0}, {2}, {-3}, {1}}), 1),
                of({n}, at({3, 0, 3}), 0),
                of({2, n}, at({5, -8, 0}), std::nullopt),
                of({2, n, 3}, at({{{0, 1, 2}}, {{3, 3, -n}}}), 1),
                of({2, n}, at({{1, 1, 0}}), 1),
                of({1, n}, at({{0, 1}, {2, 3}}), 1),
                of({2, 1, n, 2}, Tensor::ones({2, 1, 1, 2}, DType::int32), 2),
                of({2, n}, Tensor::zeros({2, 0}, DType::int64), 1),
                of({0, 3}, Tensor::zeros({0, 2}, DType::int64), 1)};
      },
      {{"index 3 is out of range [-3, 2]", of({1, 3}, at({{0, 3}}), 1)},
       {"index -2 is out of range [-1, 0]", of({1, 3}, at({{0, -2, 0}}), 0)},
       {"index 6 is out of range [-6, 5]", of({2, 3}, at({6}), std::nullopt)},
       {"x and the indices need the same rank: x is [2, 3], indices is [1]", of({2, 3}, at({0}), 1)},
       {"a flat x needs indices of rank 1: x is [2, 3], indices is [1, 1]",
        of({2, 3}, at({{0}}), std::nullopt)},
       {"the shapes do not broadcast outside axis 1: x is [2, 3], indices is [3, 1]",
        of({2, 3}, at({{0}, {0}, {0}}), 1)},
       {"axis 2 is out of range [-2, 1]: x is [2, 3], indices is [1, 1]", of({2, 3}, at({{0}}), 2)},
       {"the indices must be integers: x is float32, indices is float32", of({2, 3}, {{0}}, 1)}});
}

}  // namespace records

}  // namespace gradus
