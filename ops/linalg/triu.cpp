#include <gradus/graph/apply.h>
#include <gradus/graph/call.h>
#include <gradus/ops/kernels/linalg/triangle.h>
#include <gradus/ops/linalg.h>
#include <gradus/ops/records.h>

#include <limits>

namespace gradus {

Variable triu(const Operand& x, DiagOptions options) {
  return apply(kernels::TriangleOp(kernels::Triangle::upper, options.k), {x});
}

namespace records {

OpInfo triu() {
  const auto by = [](const Shape& x, std::int64_t k = 0) -> record::Case {
    return {k == 0 ? "" : "k = " + std::to_string(k), {x}, [=](std::span<const Variable> v) {
              return gradus::triu(v[0], {.k = k});
            }};
  };
  return record::cases({.signature = "(x, {.k})",
                        .formula = "x[i, j] where j >= i + k, else 0",
                        .gradient = "g[i, j] where j >= i + k, else 0",
                        .shapes = "[.., m, n] -> same"},
                       [=](std::int64_t n) -> std::vector<record::Case> {
                         return {by({n, n}),       by({n, n}, 1),
                                 by({n, n}, -2),   by({n, 2}),
                                 by({2, n}, 1),    by({1, 1}, -1),
                                 by({2, n, 3}),    by({2, 1, 3, n}, -1),
                                 by({2, 3}, 1000), by({2, 3}, std::numeric_limits<std::int64_t>::min()),
                                 by({0, 3}),       by({2, 3, 0})};
                       },
                       {{"x needs rank 2 or more: x is [3]", by({3})},
                        {"x needs rank 2 or more: x is []", by({})},
                        {"x needs rank 2 or more: x is [0]", by({0}, 2)}});
}

}  // namespace records

}  // namespace gradus
