#include <gradus/graph/expansion.h>
#include <gradus/ops/kernels/reduction/order.h>
#include <gradus/ops/kernels/shape/gather.h>
#include <gradus/ops/records.h>
#include <gradus/ops/shape.h>

#include <algorithm>
#include <limits>

namespace gradus {

TopK top_k(const Operand& x, std::int64_t k, TopKOptions options) {
  const Expansion op({.name = "top_k", .takes = Takes::numbers}, {x});
  if (op.shape(0).rank() == 0) throw op.shape_error("x needs rank 1 or more");
  const std::int64_t extent = op.shape(0).back();
  if (k < 0 || k > extent) {
    throw op.value_error("k = " + std::to_string(k) + " is out of range [0, " + std::to_string(extent) +
                         "], the extent of the last axis");
  }
  const Tensor positions = kernels::largest_positions(op[0].value(), k);
  if (!options.sorted) {
    for (std::int64_t at = 0; at < positions.size(); at += k) {
      std::sort(positions.raw<std::int64_t>() + at, positions.raw<std::int64_t>() + at + k);
    }
  }
  const std::size_t last = op.shape(0).dims().size() - 1;
  return {op.named(kernels::take_along(op.call(), op[0], positions, positions.shape(), last)),
          Variable(positions)};
}

namespace records {

OpInfo top_k() {
  const auto of = [](const Shape& x, std::int64_t k, const record::Draw& draw = record::distinct(),
                     bool sorted = true) -> record::Case {
    return {"k = " + std::to_string(k) + (sorted ? "" : ", sorted = false"),
            {x},
            [=](std::span<const Variable> v) { return gradus::top_k(v[0], k, {.sorted = sorted}).values; },
            {draw}};
  };
  // Where they stand is looked at only: it has no gradient.
  const auto where = [](const Shape& x, std::int64_t k, const record::Draw& draw) -> record::Case {
    return {"k = " + std::to_string(k) + ", indices = true",
            {x},
            [=](std::span<const Variable> v) { return gradus::top_k(v[0], k).indices; },
            {draw},
            true};
  };
  constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();
  const Tensor ties = {{1, 3, 3, 1}, {2, 2, 2, 2}, {kNaN, 5, kNaN, 0}};
  return record::cases({.signature = "(x, k, {.sorted = true})",
                        .formula = "the k largest values along the last axis, and where they stand",
                        .gradient = "each g where its value came from",
                        .shapes = "[.., n] -> [.., k], and int64 [.., k]",
                        .kinks = "equal values: the first comes first",
                        .flops = record::per_input(5)},
                       [=](std::int64_t n) -> std::vector<record::Case> {
                         return {of({n, n}, 2),
                                 of({n}, 1),
                                 of({2, n, 3}, 3),
                                 of({2, 1, n, 5}, 3),
                                 of({n, 5}, 3, record::distinct(), false),
                                 of({n, 3}, 0),
                                 of({0, 3}, 2),
                                 of({1, n}, 1),
                                 where({n, 5}, 3, record::distinct()),
                                 where({3, 4}, 3, record::constant(ties))};
                       },
                       {{"k = 4 is out of range [0, 3], the extent of the last axis", of({2, 3}, 4)},
                        {"k = -1 is out of range [0, 3], the extent of the last axis", of({2, 3}, -1)},
                        {"x needs rank 1 or more: x is []", of({}, 1)},
                        {"does not take booleans: x is boolean", of({2}, 1, record::booleans())}});
}

}  // namespace records

}  // namespace gradus
