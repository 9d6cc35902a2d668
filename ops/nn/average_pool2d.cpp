#include <gradus/ops/kernels/pooling.h>
#include <gradus/ops/kernels/window_records.h>

namespace gradus {

Variable average_pool2d(const Operand& x, PoolingOptions options) {
  const Expansion op({.name = "average_pool2d"}, {x});
  return kernels::average_pool("average_pool2d", kernels::pooling_windows(op.call(), 2, options), op[0]);
}

namespace records {

OpInfo average_pool2d() {
  const auto by = [](const Shape& x, const PoolingOptions& options) {
    return record::pooling_case(gradus::average_pool2d, x, options);
  };
  return record::cases(
      {.signature = "(x, {.pool_size, .strides, .padding})",
       .formula = "y = mean over the window of x, where it lies on the image",
       .gradient = "g / number of pixels, at each pixel of the window",
       .shapes = "[b, h, w, c] -> [b, h', w', c]",

       .flops = record::per_input(1)},
      [=](std::int64_t n) -> std::vector<record::Case> {
        return {by({2, n, n, 3}, {}),
                by({1, n, n + 1, 2}, {.pool_size = {3, 2}, .strides = 1}),
                by({1, n + 1, n, 2}, {.pool_size = 2, .strides = {3, 1}}),
                by({1, n + 1, n, 1}, {.padding = "same"}),
                by({1, n, n, 2}, {.pool_size = 3, .strides = 1, .padding = "same"}),
                by({1, n, n + 1, 2}, {.pool_size = {4, 3}, .strides = {3, 2}, .padding = "same"}),
                by({1, 1, 1, 1}, {.pool_size = 1}),
                by({1, 2, 2, 1}, {.pool_size = 7, .strides = 1, .padding = "same"}),
                by({0, n, n, 2}, {}),
                by({2, 0, n, 2}, {.padding = "same"})};
      },
      {{"x must be [batch, height, width, channels]: x is [4, 4, 1]", by({4, 4, 1}, {})},
       {"the pool_size [2, 5] is larger than the image [4, 4]: x is [1, 4, 4, 1]",
        by({1, 4, 4, 1}, {.pool_size = {2, 5}})},
       {"pool_size must be 1 or more, got 0", by({1, 4, 4, 1}, {.pool_size = 0})},
       {"strides must be 1 or more, got [1, 0]", by({1, 4, 4, 1}, {.strides = {1, 0}})},
       {"pool_size must be one number or 2, got [2, 2, 2]", by({1, 4, 4, 1}, {.pool_size = {2, 2, 2}})}});
}

}  // namespace records

}  // namespace gradus
