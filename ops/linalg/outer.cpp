#include <gradus/graph/expansion.h>
#include <gradus/ops/linalg.h>
#include <gradus/ops/records.h>
#include <gradus/ops/shape.h>

namespace gradus {

Variable outer(const Operand& a, const Operand& b) {
  const Expansion op({.name = "outer", .takes = Takes::numbers}, {a, b});
  return op.named(
      matmul(reshape(op[0], {op.shape(0).elements(), 1}), reshape(op[1], {1, op.shape(1).elements()})));
}

namespace records {

OpInfo outer() {
  const auto by = [](const Shape& a, const Shape& b) -> record::Case {
    return {"", {a, b}, [](std::span<const Variable> v) { return gradus::outer(v[0], v[1]); }};
  };
  record::Case mixed = by({2}, {2}), flags = by({2}, {2}), reversed = by({2}, {2});
  mixed.draws = {record::ones(), record::ones(DType::float64)};
  reversed.draws = {record::ones(DType::float64), record::ones(DType::int64)};
  flags.draws = {record::ones(DType::boolean), record::ones()};
  return record::cases({.signature = "(a, b)",
                        .formula = "y[i, j] = a_i b_j",
                        .gradient = "da = g b, db = g^T a",
                        .shapes = "any of m, any of n elements -> [m, n]"},
                       [=](std::int64_t n) -> std::vector<record::Case> {
                         return {by({n}, {n}), by({n}, {3}),       by({1}, {n}), by({}, {n}),
                                 by({n}, {}),  by({2, n}, {n, 3}), by({}, {}),   by({2, 1, n}, {2}),
                                 by({0}, {3}), by({3}, {2, 0})};
                       },
                       {{"the operands' dtypes differ: a is float32, b is float64", mixed},
                        {"the operands' dtypes differ: a is float64, b is int64", reversed},
                        {"does not take booleans: a is boolean, b is float32", flags}});
}

}  // namespace records

}  // namespace gradus
