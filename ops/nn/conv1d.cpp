#include <gradus/ops/kernels/nn/convolution_op.h>
#include <gradus/ops/kernels/nn/window_records.h>

namespace gradus {

Variable conv1d(const Operand& x, const Operand& kernel, ConvolutionOptions options) {
  return kernels::plain_convolution("conv1d", 1, x, kernel, options);
}

namespace records {

OpInfo conv1d() {
  const auto by = [](const Shape& x, const Shape& kernel, const ConvolutionOptions& options = {},
                     const Dims& bias = {}) {
    return record::convolution_case(gradus::conv1d, x, kernel, options, bias);
  };
  return record::cases(
      {.signature = "(x, kernel, {.strides, .padding, .dilation_rate, .groups, .bias, .relu})",
       .formula = "y = sum over the window and in of x kernel + bias; with .relu max(y, 0)",
       .gradient = "dx = g spread by the kernel, dkernel = sum of x g over all positions, dbias = sum of g; "
                   "with .relu g where y > 0",
       .shapes = "[b, n, in], [k, in / groups, out] -> [b, m, out]",
       .flops = record::convolution_cost()},
      [=](std::int64_t n) -> std::vector<record::Case> {
        return {by({2, n, 3}, {3, 3, 2}),
                by({1, n, 1}, {1, 1, 1}),
                by({2, n, 2}, {3, 2, 3}, {.padding = "same"}),
                by({1, n + 1, 2}, {2, 2, 3}, {.strides = 2}),
                by({1, n + 1, 2}, {4, 2, 1}, {.strides = 2, .padding = "same"}),
                by({1, n + 3, 2}, {3, 2, 1}, {.dilation_rate = 2}),
                by({2, n, 1}, {3, 1, 2}, {.padding = "same", .dilation_rate = 3}),
                by({2, n, 4}, {2, 2, 6}, {.groups = 2}),
                by({1, n, 3}, {2, 1, 3}, {.strides = 3, .padding = "same", .groups = 3}),
                by({0, n, 2}, {2, 2, 3}),
                by({2, 0, 2}, {2, 2, 3}, {.padding = "same"}),
                by({2, n, 0}, {2, 0, 3}),
                by({2, n, 3}, {3, 3, 2}, {}, {2}),
                by({2, n, 4}, {2, 2, 6}, {.padding = "same", .groups = 2}, {6}),
                by({0, n, 2}, {3, 2, 1}, {}, {1}),
                by({2, n, 3}, {2, 3, 2}, {.relu = true})};
      },
      {{"x must be [batch, n, channels]: x is [5, 3], kernel is [2, 3, 1]", by({5, 3}, {2, 3, 1})},
       {"the kernel must be [size, in, out]: x is [2, 5, 3], kernel is [2, 3]", by({2, 5, 3}, {2, 3})},
       {"the kernel is for 2 channels, x has 3: x is [2, 5, 3], kernel is [2, 2, 1]",
        by({2, 5, 3}, {2, 2, 1})},
       {"the kernel 4 is larger than the image 3: x is [1, 3, 2], kernel is [4, 2, 1]",
        by({1, 3, 2}, {4, 2, 1})},
       {"the kernel 2 with dilation_rate 3 is larger than the image 3: x is [1, 3, 2], kernel is [2, 2, 1]",
        by({1, 3, 2}, {2, 2, 1}, {.dilation_rate = 3})},
       {"strides must be 1 or more, got 0", by({1, 3, 2}, {2, 2, 1}, {.strides = 0})},
       {"dilation_rate must be 1 or more, got -1", by({1, 3, 2}, {2, 2, 1}, {.dilation_rate = -1})},
       {"strides must be one number or 1, got [1, 1]", by({1, 3, 2}, {2, 2, 1}, {.strides = {1, 1}})},
       {"strides 2 and dilation_rate 2 cannot both be over 1",
        by({1, 9, 2}, {2, 2, 1}, {.strides = 2, .dilation_rate = 2})}});
}

}  // namespace records

}  // namespace gradus
