#include <gradus/graph/expansion.h>
#include <gradus/ops/elementwise.h>
#include <gradus/ops/linalg.h>
#include <gradus/ops/records.h>
#include <gradus/ops/shape.h>

#include <algorithm>

namespace gradus {

// y[i p + k, j q + l] = a[i, j] b[k, l]: the product of a as [m, 1, n, 1] and b as [1, p, 1, q].
Variable kron(const Operand& a, const Operand& b) {
  const Expansion op({.name = "kron", .takes = Takes::numbers}, {a, b});
  const Dims &left = op.shape(0).dims(), &right = op.shape(1).dims();
  const std::size_t rank = std::max(left.size(), right.size());
  Dims a_dims(2 * rank, 1), b_dims(2 * rank, 1), dims(rank, 1);
  for (std::size_t i = 0; i < left.size(); ++i) a_dims[2 * (rank - left.size() + i)] = left[i];
  for (std::size_t i = 0; i < right.size(); ++i) b_dims[2 * (rank - right.size() + i) + 1] = right[i];
  for (std::size_t i = 0; i < rank; ++i) {
    if (__builtin_mul_overflow(a_dims[2 * i], b_dims[2 * i + 1], &dims[i])) {
      throw op.shape_error("the extents overflow");
    }
  }
  return op.named(reshape(multiply(reshape(op[0], a_dims), reshape(op[1], b_dims)), dims));
}

namespace records {

OpInfo kron() {
  const auto by = [](const Shape& a, const Shape& b) -> record::Case {
    return {"", {a, b}, [](std::span<const Variable> v) { return gradus::kron(v[0], v[1]); }};
  };
  record::Case mixed = by({2}, {2}), flags = by({2}, {2});
  mixed.draws = {record::ones(), record::ones(DType::float64)};
  flags.draws = {record::ones(DType::boolean), record::ones()};
  constexpr std::int64_t kHuge = std::int64_t{1} << 40;
  return record::cases({.signature = "(a, b)",
                        .formula = "blocks a_ij b",
                        .gradient = "da_ij = sum(g_ij b), db = sum_ij a_ij g_ij, by blocks g_ij",
                        .shapes = "[m, n], [p, q] -> [m p, n q]; other ranks alike, led by ones"},
                       [=](std::int64_t n) -> std::vector<record::Case> {
                         return {by({n, n}, {2, 2}), by({n}, {3}),      by({2, n}, {n, 3}),
                                 by({n}, {2, 3}),    by({2, 3}, {n}),   by({}, {n}),
                                 by({n, 1}, {}),     by({}, {}),        by({2, 1, n}, {2, 2, 1}),
                                 by({0, 3}, {2}),    by({2, 3}, {1, 0})};
                       },
                       {{"the operands' dtypes differ: a is float32, b is float64", mixed},
                        {"does not take booleans: a is boolean, b is float32", flags},
                        {"the extents overflow: a is [1099511627776, 0], b is [1099511627776, 0]",
                         by({kHuge, 0}, {kHuge, 0})}});
}

}  // namespace records

}  // namespace gradus
