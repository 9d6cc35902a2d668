#include <gradus/ops/kernels/pooling.h>
#include <gradus/ops/kernels/window_records.h>

namespace gradus {

Variable average_pool1d(const Operand& x, PoolingOptions options) {
  const Expansion op({.name = "average_pool1d"}, {x});
  return kernels::average_pool("average_pool1d", kernels::pooling_windows(op.call(), 1, options), op[0]);
}

namespace records {

OpInfo average_pool1d() {
  const auto by = [](const Shape& x, const PoolingOptions& options) {
    return record::pooling_case(gradus::average_pool1d, x, options);
  };
  return record::cases(
      {.signature = "(x, {.pool_size, .strides, .padding})",
       .formula = "y = mean over the window of x, where it lies on the image",
       .gradient = "g / number of pixels, at each pixel of the window",
       .shapes = "[b, n, c] -> [b, m, c]",

       .flops = record::per_input(1)},
      [=](std::int64_t n) -> std::vector<record::Case> {
        return {by({2, n, 3}, {}),
                by({1, n + 1, 2}, {.pool_size = 3, .strides = 1}),
                by({2, n + 1, 2}, {.pool_size = 2, .strides = 3}),
                by({1, n + 1, 1}, {.padding = "same"}),
                by({2, n, 2}, {.pool_size = 3, .strides = 1, .padding = "same"}),
                by({1, n, 2}, {.pool_size = 4, .strides = 3, .padding = "same"}),
                by({1, 1, 1}, {.pool_size = 1}),
                by({1, 2, 2}, {.pool_size = 7, .strides = 1, .padding = "same"}),
                by({0, n, 2}, {}),
                by({2, 0, 2}, {.padding = "same"})};
      },
      {{"x must be [batch, n, channels]: x is [4, 4]", by({4, 4}, {})},
       {"the pool_size 5 is larger than the image 4: x is [1, 4, 1]", by({1, 4, 1}, {.pool_size = 5})},
       {"pool_size must be 1 or more, got 0", by({1, 4, 1}, {.pool_size = 0})},
       {"strides must be 1 or more, got -1", by({1, 4, 1}, {.strides = -1})},
       {"pool_size must be one number or 1, got [2, 2]", by({1, 4, 1}, {.pool_size = {2, 2}})}});
}

}  // namespace records

}  // namespace gradus
