#include <gradus/graph/expansion.h>
#include <gradus/ops/kernels/shape/parts.h>
#include <gradus/ops/records.h>
#include <gradus/ops/shape.h>

namespace gradus {

std::vector<Variable> unstack(const Operand& x, UnstackOptions options) {
  const Expansion op({.name = "unstack", .takes = Takes::anything}, {x});
  const std::size_t axis = op.call().axis(options.axis);
  Dims dims(op.shape(0).dims().size() - 1, 0);
  for (std::size_t i = 0; i < dims.size(); ++i) dims[i] = op.shape(0)[i < axis ? i : i + 1];
  // Each part lies together once the axis comes first.
  const Variable rows =
      axis == 0 ? kernels::whole(op[0]) : moveaxis(op[0], static_cast<std::int64_t>(axis), 0);
  const Shape shape(dims);
  std::vector<Variable> parts;
  for (std::int64_t i = 0; i < op.shape(0)[axis]; ++i) {
    parts.push_back(op.named(kernels::part_of_whole(rows, 0, i, i + 1, shape)));
  }
  return parts;
}

namespace records {

OpInfo unstack() {
  // The parts last to first, so that each has its own place in what is compared.
  const auto apart = [](const Shape& x, std::int64_t axis) -> record::Case {
    return {"axis = " + std::to_string(axis), {x}, [=](std::span<const Variable> v) {
              const std::vector<Variable> parts = gradus::unstack(v[0], {.axis = axis});
              return gradus::concatenate(std::vector<Operand>(parts.rbegin(), parts.rend()), {.axis = -1});
            }};
  };
  return record::cases({.signature = "(x, {.axis = 0})",
                        .formula = "the parts x[0], x[1], ..",
                        .gradient = "g of each part in its place",
                        .shapes = "any of rank 1 or more -> so many without the axis",
                        .flops = 0},
                       [=](std::int64_t n) -> std::vector<record::Case> {
                         return {apart({n, 3}, -1),      apart({n, n}, 0),    apart({n, 2}, 1),
                                 apart({1, n}, 0),       apart({2, n, 3}, 1), apart({2, n, 3}, -3),
                                 apart({2, 1, n, 2}, 2), apart({2, 0, 3}, 0)};
                       },
                       {{"axis 2 is out of range [-2, 1]: x is [2, 3]", apart({2, 3}, 2)},
                        {"axis -3 is out of range [-2, 1]: x is [2, 3]", apart({2, 3}, -3)},
                        {"axis 0 of a scalar: x is []", apart({}, 0)}});
}

}  // namespace records

}  // namespace gradus
