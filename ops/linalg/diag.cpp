#include <gradus/graph/expansion.h>
#include <gradus/ops/kernels/linalg/matrices.h>
#include <gradus/ops/linalg.h>
#include <gradus/ops/records.h>

namespace gradus {

Variable diag(const Operand& x, DiagOptions options) {
  const Expansion op({.name = "diag", .takes = Takes::anything}, {x});
  const Shape& shape = op.shape(0);
  if (shape.rank() == 2) return op.named(diagonal(op[0], {.offset = options.k}));
  if (shape.rank() != 1) throw op.shape_error("needs rank 1 or 2");
  constexpr std::int64_t kMost = std::int64_t{1} << 29;  // whose square, in bytes, can still be counted
  if (options.k < -kMost || options.k > kMost || shape[0] > kMost) {
    throw op.value_error("the matrix with " + to_string(shape) + " on diagonal " + std::to_string(options.k) +
                         " would be too large");
  }
  const std::int64_t size = shape[0] + std::abs(options.k);
  return op.named(kernels::place_on_diagonal(op[0], {size, size}, options.k, 0, 1));
}

namespace records {

OpInfo diag() {
  const auto by = [](const Shape& x, std::int64_t k = 0) -> record::Case {
    return {k == 0 ? "" : "k = " + std::to_string(k), {x}, [=](std::span<const Variable> v) {
              return gradus::diag(v[0], {.k = k});
            }};
  };
  return record::cases(
      {.signature = "(x, {.k})",
       .formula = "x on diagonal k of zeros; of a matrix: its diagonal k",
       .gradient = "the diagonal of g; g on the diagonal of zeros",
       .shapes = "[n] -> [n + |k|, n + |k|]; [m, n] -> [the diagonal's length]",
       .flops = 0},
      [=](std::int64_t n) -> std::vector<record::Case> {
        return {by({n}),       by({n}, 2), by({n}, -1), by({1}),    by({n, n}), by({n, n}, -1),
                by({n, 2}, 1), by({2, n}), by({0}),     by({0}, 2), by({0, 3}), by({2, 3}, 7)};
      },
      {{"needs rank 1 or 2: x is []", by({})},
       {"needs rank 1 or 2: x is [2, 2, 2]", by({2, 2, 2})},
       {"the matrix with [2] on diagonal 1099511627776 would be too large", by({2}, std::int64_t{1} << 40)}});
}

}  // namespace records

}  // namespace gradus
