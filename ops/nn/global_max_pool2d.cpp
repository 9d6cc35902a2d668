#include <gradus/ops/kernels/nn/pooling.h>
#include <gradus/ops/records.h>
#include <gradus/ops/shape.h>

namespace gradus {

Variable global_max_pool2d(const Operand& x, GlobalPoolingOptions options) {
  const Expansion op({.name = "global_max_pool2d"}, {x});
  const auto extents = kernels::spatial_extents(op.call(), 2);
  if (extents[0] == 0 || extents[1] == 0) throw op.shape_error("no values to choose from");
  // One window over all; the maximum of a reduction would share the gradient among equal values.
  const kernels::Windows windows =
      kernels::pooling_windows(op.call(), 2, {.pool_size = {extents[0], extents[1]}, .strides = 1});
  const Variable y = kernels::max_pool("global_max_pool2d", windows, op[0]);
  return options.keepdims ? y : op.named(reshape(y, {y.shape()[0], y.shape()[3]}));
}

namespace records {

OpInfo global_max_pool2d() {
  const auto by = [](const Shape& x, bool keepdims = false) -> record::Case {
    return {
        keepdims ? "keepdims = true" : "",
        {x},
        [=](std::span<const Variable> v) { return gradus::global_max_pool2d(v[0], {.keepdims = keepdims}); },
        {record::distinct()}};
  };
  return record::cases(
      {.signature = "(x, {.keepdims})",
       .formula = "y = max over height and width of x",
       .gradient = "g at the largest value; the first of equal ones",
       .shapes = "[b, h, w, c] -> [b, c], or [b, 1, 1, c]",
       .kinks = "two equal largest values: the first has the gradient",
       .flops = record::per_input(1)},
      [=](std::int64_t n) -> std::vector<record::Case> {
        return {by({2, n, n, 3}), by({2, n, n + 1, 2}, true), by({1, 1, 1, 1}),       by({1, n, 1, 2}, true),
                by({3, 1, n, 1}), by({0, n, n, 2}),           by({0, n, n, 2}, true), by({2, n, 3, 0})};
      },
      {{"x must be [batch, height, width, channels]: x is [4, 4, 1]", by({4, 4, 1})},
       {"x must be [batch, height, width, channels]: x is []", by({})},
       {"x must be [batch, height, width, channels]: x is [1, 1, 4, 4, 1]", by({1, 1, 4, 4, 1})},
       {"no values to choose from: x is [1, 0, 3, 1]", by({1, 0, 3, 1})}});
}

}  // namespace records

}  // namespace gradus
