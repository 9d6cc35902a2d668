#include <gradus/ops/kernels/nn/normalization_op.h>
#include <gradus/ops/kernels/nn/pooling.h>
#include <gradus/ops/records.h>
#include <gradus/ops/reduction.h>

namespace gradus {

Variable global_average_pool2d(const Operand& x, GlobalPoolingOptions options) {
  const Expansion op({.name = "global_average_pool2d"}, {x});
  kernels::spatial_extents(op.call(), 2);
  if (op.shape(0).elements() == 0)
    return op.named(mean(op[0], {.axis = {1, 2}, .keepdims = options.keepdims}));
  return kernels::average_positions("global_average_pool2d", op[0], options.keepdims);
}

namespace records {

OpInfo global_average_pool2d() {
  const auto by = [](const Shape& x, bool keepdims = false) -> record::Case {
    return {keepdims ? "keepdims = true" : "", {x}, [=](std::span<const Variable> v) {
              return gradus::global_average_pool2d(v[0], {.keepdims = keepdims});
            }};
  };
  return record::cases(
      {.signature = "(x, {.keepdims})",
       .formula = "y = mean over height and width of x",
       .gradient = "g / (height width), repeated",
       .shapes = "[b, h, w, c] -> [b, c], or [b, 1, 1, c]",
       .flops = record::per_input(1)},
      [=](std::int64_t n) -> std::vector<record::Case> {
        return {by({2, n, n, 3}), by({2, n, n + 1, 2}, true), by({1, 1, 1, 1}),       by({1, n, 1, 2}, true),
                by({3, 1, n, 1}), by({0, n, n, 2}),           by({0, n, n, 2}, true), by({2, n, 3, 0})};
      },
      {{"x must be [batch, height, width, channels]: x is [4, 4, 1]", by({4, 4, 1})},
       {"x must be [batch, height, width, channels]: x is []", by({})},
       {"x must be [batch, height, width, channels]: x is [1, 1, 4, 4, 1]", by({1, 1, 4, 4, 1})}});
}

}  // namespace records

}  // namespace gradus
