#include <gradus/graph/expansion.h>
#include <gradus/ops/kernels/shape/result_shape.h>
#include <gradus/ops/records.h>
#include <gradus/ops/shape.h>

namespace gradus {

namespace {

// One number for all: each position becomes [1], which is repeated.
Variable repeat_all(const Expansion& op, const Variable& x, std::size_t axis, std::int64_t times) {
  const Dims& dims = x.shape().dims();
  Dims result = dims, apart(dims.size() + 1, 1);
  result[axis] = kernels::extent_product(op.call(), dims[axis], times);
  kernels::result_shape(op.call(), result);
  for (std::size_t i = 0; i < dims.size(); ++i) apart[i <= axis ? i : i + 1] = dims[i];
  Dims repeated = apart;
  repeated[axis + 1] = times;
  return reshape(broadcast_to(reshape(x, apart), Shape(repeated)), result);
}

// One number a position.
Variable repeat_each(const Expansion& op, const Variable& x, std::size_t axis, const Counts& repeats) {
  if (static_cast<std::int64_t>(repeats.size()) != x.shape()[axis]) {
    throw op.shape_error(std::to_string(repeats.size()) + " repeats for an extent of " +
                         std::to_string(x.shape()[axis]));
  }
  Dims result = x.shape().dims();
  result[axis] = 0;
  for (const std::int64_t times : repeats) {
    result[axis] = kernels::extent_sum(op.call(), result[axis], times);
  }
  kernels::result_shape(op.call(), result);
  Tensor indices = Tensor::empty({result[axis]}, DType::int64);
  std::int64_t* next = indices.raw<std::int64_t>();
  for (std::size_t i = 0; i < repeats.size(); ++i) {
    for (std::int64_t k = 0; k < repeats[i]; ++k) *next++ = static_cast<std::int64_t>(i);
  }
  return take(x, indices, {.axis = static_cast<std::int64_t>(axis)});
}

}  // namespace

Variable repeat(const Operand& x, const Counts& repeats, RepeatOptions options) {
  const Expansion op({.name = "repeat", .takes = Takes::anything}, {x});
  const std::size_t axis = options.axis ? op.call().axis(*options.axis) : 0;
  for (const std::int64_t times : repeats) {
    if (times < 0) throw op.value_error("the number " + std::to_string(times) + " in repeats is negative");
  }
  const Variable from = options.axis ? op[0] : reshape(op[0], {op.shape(0).elements()});
  return op.named(repeats.size() == 1 ? repeat_all(op, from, axis, repeats[0])
                                      : repeat_each(op, from, axis, repeats));
}

namespace records {

OpInfo repeat() {
  const auto by = [](const Shape& x, const Counts& repeats,
                     std::optional<std::int64_t> axis) -> record::Case {
    return {"repeats = " + to_string(repeats) + (axis ? ", axis = " + std::to_string(*axis) : ""),
            {x},
            [=](std::span<const Variable> v) { return gradus::repeat(v[0], repeats, {.axis = axis}); }};
  };
  constexpr std::int64_t kHuge = std::int64_t{1} << 62;
  return record::cases({.signature = "(x, repeats, {.axis})",
                        .formula = "each value as often as repeats says",
                        .gradient = "g summed over the copies",
                        .shapes = "any -> the sum of the repeats at the axis",
                        .flops = 0},
                       [=](std::int64_t n) -> std::vector<record::Case> {
                         return {by({n, n}, 2, 0),
                                 by({n, n}, 3, -1),
                                 by({n, 2}, 2, std::nullopt),
                                 by({}, 3, std::nullopt),
                                 by({3, n}, {2, 0, 3}, 0),
                                 by({n, 2}, {1, 2}, 1),
                                 by({2, 2}, {1, 2, 0, 3}, std::nullopt),
                                 by({2, n, 3}, 2, 1),
                                 by({2, 1, 2, n}, {3, 1}, 2),
                                 by({n}, 0, 0),
                                 by({0, 3}, 2, 1),
                                 by({0, 3}, Counts(), 0)};
                       },
                       {{"the number -1 in repeats is negative", by({2, 3}, {1, -1}, 0)},
                        {"3 repeats for an extent of 2: x is [2, 3]", by({2, 3}, {1, 1, 1}, 0)},
                        {"0 repeats for an extent of 6: x is [2, 3]", by({2, 3}, Counts(), std::nullopt)},
                        {"axis 2 is out of range [-2, 1]: x is [2, 3]", by({2, 3}, 2, 2)},
                        {"the extent 4 * 4611686018427387904 overflows: x is [4]", by({4}, kHuge, 0)},
                        {"the extent 4611686018427387904 + 4611686018427387904 overflows: x is [2]",
                         by({2}, {kHuge, kHuge}, 0)}});
}

}  // namespace records

}  // namespace gradus
