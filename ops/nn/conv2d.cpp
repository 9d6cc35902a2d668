#include <gradus/ops/kernels/nn/convolution_op.h>
#include <gradus/ops/kernels/nn/window_records.h>

namespace gradus {

Variable conv2d(const Operand& x, const Operand& kernel, ConvolutionOptions options) {
  return kernels::plain_convolution("conv2d", 2, x, kernel, options);
}

namespace records {

OpInfo conv2d() {
  const auto by = [](const Shape& x, const Shape& kernel, const ConvolutionOptions& options = {},
                     const Dims& bias = {}) {
    return record::convolution_case(gradus::conv2d, x, kernel, options, bias);
  };
  return record::cases(
      {.signature = "(x, kernel, {.strides, .padding, .dilation_rate, .groups, .bias, .relu})",
       .formula = "y = sum over the window and in of x kernel + bias; with .relu max(y, 0)",
       .gradient = "dx = g spread by the kernel, dkernel = sum of x g over all positions, dbias = sum of g; "
                   "with .relu g where y > 0",
       .shapes = "[b, h, w, in], [kh, kw, in / groups, out] -> [b, h', w', out]",
       .flops = record::convolution_cost()},
      [=](std::int64_t n) -> std::vector<record::Case> {
        return {by({2, n, n, 3}, {3, 3, 3, 2}),
                by({1, n, n + 1, 2}, {1, 1, 2, 3}),
                by({2, n, n + 1, 2}, {3, 2, 2, 2}, {.padding = "same"}),
                by({1, n + 1, n, 2}, {2, 3, 2, 1}, {.strides = 2}),
                by({1, n + 1, n, 1}, {3, 4, 1, 2}, {.strides = {2, 3}, .padding = "same"}),
                by({1, n, n, 2}, {1, 1, 2, 2}, {.strides = 2}),
                by({1, n + 2, n + 1, 2}, {2, 3, 2, 2}, {.dilation_rate = {3, 2}}),
                by({1, n, n, 1}, {3, 3, 1, 1}, {.padding = "same", .dilation_rate = 2}),
                by({2, n, n, 4}, {2, 2, 2, 6}, {.groups = 2}),
                by({1, n, n, 4}, {3, 2, 2, 2}, {.strides = 2, .padding = "same", .groups = 2}),
                by({1, n, n, 3}, {2, 2, 1, 6}, {.groups = 3}),
                by({0, n, n, 2}, {2, 2, 2, 3}),
                by({2, 0, n, 2}, {2, 2, 2, 3}, {.padding = "same"}),
                by({2, n, n, 2}, {2, 2, 2, 0}),
                by({2, n, n, 3}, {3, 3, 3, 2}, {}, {2}),
                by({1, n, n + 1, 4}, {2, 2, 2, 6}, {.strides = 2, .padding = "same", .groups = 2}, {6}),
                by({1, n, n, 3}, {2, 2, 1, 3}, {.groups = 3}, {3}),
                by({0, n, n, 2}, {2, 2, 2, 3}, {}, {3}),
                by({2, n, n, 2}, {2, 2, 2, 0}, {}, {0}),
                by({2, n, n, 3}, {3, 2, 3, 2}, {.relu = true}),
                by({1, n, n, 4}, {2, 2, 2, 6}, {.padding = "same", .groups = 2, .relu = true}, {6})};
      },
      {{"x must be [batch, height, width, channels]: x is [5, 5, 3], kernel is [2, 2, 3, 1]",
        by({5, 5, 3}, {2, 2, 3, 1})},
       {"the kernel must be [height, width, in, out]: x is [1, 5, 5, 3], kernel is [2, 3, 1]",
        by({1, 5, 5, 3}, {2, 3, 1})},
       {"the kernel is for 2 channels, x has 3: x is [1, 5, 5, 3], kernel is [2, 2, 2, 1]",
        by({1, 5, 5, 3}, {2, 2, 2, 1})},
       {"the kernel is for 3 channels in each of 2 groups, x has 4: x is [1, 5, 5, 4], kernel is [2, 2, 3, "
        "2]",
        by({1, 5, 5, 4}, {2, 2, 3, 2}, {.groups = 2})},
       {"2 groups do not divide 4 input and 3 output channels: x is [1, 5, 5, 4], kernel is [2, 2, 2, 3]",
        by({1, 5, 5, 4}, {2, 2, 2, 3}, {.groups = 2})},
       {"groups must be 1 or more, got 0", by({1, 5, 5, 4}, {2, 2, 4, 3}, {.groups = 0})},
       {"the kernel [3, 5] is larger than the image [3, 4]: x is [1, 3, 4, 2], kernel is [3, 5, 2, 1]",
        by({1, 3, 4, 2}, {3, 5, 2, 1})},
       {"the kernel has no extent: x is [1, 3, 4, 2], kernel is [0, 2, 2, 1]",
        by({1, 3, 4, 2}, {0, 2, 2, 1}, {.padding = "same"})},
       {"the bias must be [1]: x is [1, 3, 4, 2], kernel is [2, 2, 2, 1], bias is [2]",
        by({1, 3, 4, 2}, {2, 2, 2, 1}, {}, {2})},
       {"strides must be 1 or more, got [1, 0]", by({1, 3, 3, 2}, {2, 2, 2, 1}, {.strides = {1, 0}})},
       {"strides must be 1 or more and less than 2147483648, got 4611686018427387904",
        by({1, 3, 3, 2}, {2, 2, 2, 1}, {.strides = std::int64_t{1} << 62})},
       {"strides 2 and dilation_rate [1, 2] cannot both be over 1",
        by({1, 9, 9, 2}, {2, 2, 2, 1}, {.strides = 2, .dilation_rate = {1, 2}})}});
}

}  // namespace records

}  // namespace gradus
