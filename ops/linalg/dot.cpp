#include <gradus/graph/expansion.h>
#include <gradus/ops/elementwise.h>
#include <gradus/ops/linalg.h>
#include <gradus/ops/records.h>

namespace gradus {

Variable dot(const Operand& a, const Operand& b) {
  const Expansion op({.name = "dot", .takes = Takes::numbers}, {a, b});
  const Shape &left = op.shape(0), &right = op.shape(1);
  if (left.rank() == 0 || right.rank() == 0) return op.named(multiply(op[0], op[1]));
  const std::int64_t axis = right.rank() == 1 ? 0 : right.rank() - 2;
  if (left.back() != right.dim(axis)) {
    throw op.shape_error("inner sizes differ, " + std::to_string(left.back()) + " and " +
                         std::to_string(right.dim(axis)));
  }
  if (right.rank() <= 2) return op.named(matmul(op[0], op[1]));
  return op.named(tensordot(op[0], op[1], {.axes = {Axes(-1), Axes(axis)}}));
}

namespace records {

OpInfo dot() {
  const auto by = [](const Shape& a, const Shape& b) -> record::Case {
    return {"", {a, b}, [](std::span<const Variable> v) { return gradus::dot(v[0], v[1]); }};
  };
  record::Case mixed = by({2}, {2}), flags = by({2}, {2});
  mixed.draws = {record::ones(), record::ones(DType::float64)};
  flags.draws = {record::ones(), record::ones(DType::boolean)};
  return record::cases(
      {.signature = "(a, b)",
       .formula = "y[.., .., j] = sum_k a[.., k] b[.., k, j]",
       .gradient = "da = g b^T, db = a^T g",
       .shapes = "[.., k], [.., k, n] -> [.., .., n]; [..], [] -> [..]",
       .flops =
           [](const OpSample& sample, const Tensor& y) {
             const Shape& a = sample.inputs[0].shape();
             return 2 * static_cast<double>(a.rank() == 0 ? 1 : a.back()) * static_cast<double>(y.size());
           }},
      [=](std::int64_t n) -> std::vector<record::Case> {
        return {by({n, n}, {n, n}),       by({n}, {n}),       by({2, n}, {n, 3}),    by({}, {}),
                by({}, {2, n}),           by({2, n}, {}),     by({2, 3, n}, {n}),    by({n}, {n, 2}),
                by({2, 3, n}, {2, n, 3}), by({n}, {3, n, 2}), by({2, n}, {3, n, 1}), by({0, n}, {n, 2}),
                by({2, 0}, {0, 3})};
      },
      {{"inner sizes differ, 3 and 2: a is [2, 3], b is [2, 3]", by({2, 3}, {2, 3})},
       {"inner sizes differ, 3 and 4: a is [3], b is [2, 4, 3]", by({3}, {2, 4, 3})},
       {"the operands' dtypes differ: a is float32, b is float64", mixed},
       {"does not take booleans: a is float32, b is boolean", flags}});
}

}  // namespace records

}  // namespace gradus
