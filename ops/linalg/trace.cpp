#include <gradus/graph/expansion.h>
#include <gradus/ops/kernels/linalg/matrices.h>
#include <gradus/ops/linalg.h>
#include <gradus/ops/records.h>
#include <gradus/ops/reduction.h>

namespace gradus {

Variable trace(const Operand& x, DiagonalOptions options) {
  const Expansion op({.name = "trace", .takes = Takes::anything}, {x});
  kernels::require_two_axes(op.call(), options);
  return op.named(sum(diagonal(op[0], options), {.axis = -1}));
}

namespace records {

OpInfo trace() {
  const auto by = [](const Shape& x, DiagonalOptions options = {}) -> record::Case {
    return {kernels::describe(options), {x}, [=](std::span<const Variable> v) {
              return gradus::trace(v[0], options);
            }};
  };
  return record::cases({.signature = "(x, {.offset, .axis1 = 0, .axis2 = 1})",
                        .formula = "the sum of x[i, i + offset] of two axes",
                        .gradient = "g on the diagonal of zeros",
                        .shapes = "[.., m, n] -> [..]",
                        .flops =
                            [](const OpSample& sample, const Tensor& y) {
                              const auto& dims = sample.inputs[0].shape();
                              return static_cast<double>(y.size() * std::min(dims[0], dims[1]));
                            }},
                       [=](std::int64_t n) -> std::vector<record::Case> {
                         return {by({n, n}),
                                 by({n, n}, {.offset = 1}),
                                 by({n, 2}, {.offset = -1}),
                                 by({n, 2}, {.offset = 5}),
                                 by({2, n, 3}),
                                 by({2, n, 3}, {.offset = 1, .axis1 = -2, .axis2 = -1}),
                                 by({2, n, 3, 2}, {.axis1 = 2, .axis2 = 0}),
                                 by({0, 3}),
                                 by({2, 0, 2}, {.axis1 = 0, .axis2 = 2})};
                       },
                       {{"needs rank 2 or more: x is []", by({})},
                        {"axis -3 is out of range [-2, 1]: x is [2, 3]", by({2, 3}, {.axis1 = -3})},
                        {"axis1 and axis2 are both axis 1: x is [2, 3]", by({2, 3}, {.axis1 = -1})}});
}

}  // namespace records

}  // namespace gradus
