#include <gradus/graph/expansion.h>
#include <gradus/ops/activation.h>
#include <gradus/ops/elementwise.h>
#include <gradus/ops/records.h>
#include <gradus/ops/shape.h>

namespace gradus {

Variable glu(const Operand& x, GluOptions options) {
  const Expansion op({.name = "glu"}, {x});
  const std::size_t axis = op.call().axis(options.axis);
  const std::int64_t half = op.shape(0)[axis] / 2;
  if (op.shape(0)[axis] % 2 != 0) {
    throw op.shape_error("axis " + std::to_string(options.axis) + " has no two halves");
  }
  const auto part = [&](std::int64_t start, std::int64_t stop) {
    std::vector<Slice> slices(axis + 1);
    slices.back() = {.start = start, .stop = stop};
    return slice(op[0], slices);
  };
  return op.named(part(0, half) * sigmoid(part(half, 2 * half)));
}

namespace records {

OpInfo glu() {
  const auto along = [](const Shape& shape, std::int64_t axis) -> record::Case {
    return {"axis = " + std::to_string(axis), {shape}, [=](std::span<const Variable> x) {
              return gradus::glu(x[0], {.axis = axis});
            }};
  };
  const auto of = [=](const Shape& shape, std::int64_t axis, DType dtype = DType::float32) {
    record::Case one = along(shape, axis);
    one.draws = {record::ones(dtype)};
    return one;
  };
  const auto extreme = [=](const Tensor& x) {
    record::Case one = along(x.shape(), -1);
    one.draws = {record::constant(x)};
    one.extreme = true;
    return one;
  };
  return record::cases({.signature = "(x, {.axis = -1})",
                        .formula = "y = a sigmoid(b), a and b being the halves of x along an axis",
                        .gradient = "da = g sigmoid(b), db = g a sigmoid(b) (1 - sigmoid(b))",
                        .shapes = "any of rank 1 or more, an even extent along the axis -> half of it there",
                        .flops = 14},
                       [=](std::int64_t n) -> std::vector<record::Case> {
                         return {
                             along({n, 2 * n}, -1),
                             along({2 * n, n}, 0),
                             along({2 * n}, -1),
                             along({2, 2 * n, 3}, 1),
                             along({2, 1, n, 4}, -1),
                             along({2, n, 1}, -3),
                             along({0, 4}, 1),
                             along({3, 0}, -1),
                             extreme({{1, 1e4F}, {1, -1e4F}, {-1e4F, 0}, {NAN, 1}, {1, NAN}, {1, INFINITY}})};
                       },
                       {{"axis -1 has no two halves: x is [2, 3]", of({2, 3}, -1)},
                        {"axis 2 is out of range [-2, 1]: x is [2, 4]", of({2, 4}, 2)},
                        {"axis -1 of a scalar: x is []", of({}, -1)},
                        {"does not take booleans: x is boolean", of({4}, 0, DType::boolean)}});
}

}  // namespace records

}  // namespace gradus
