#include <gradus/ops/kernels/nn/convolution_op.h>
#include <gradus/ops/kernels/nn/window_records.h>

namespace gradus {

Variable conv3d(const Operand& x, const Operand& kernel, ConvolutionOptions options) {
  return kernels::plain_convolution("conv3d", 3, x, kernel, options);
}

namespace records {

OpInfo conv3d() {
  const auto by = [](const Shape& x, const Shape& kernel, const ConvolutionOptions& options = {},
                     const Dims& bias = {}) {
    return record::convolution_case(gradus::conv3d, x, kernel, options, bias);
  };
  return record::cases(
      {.signature = "(x, kernel, {.strides, .padding, .dilation_rate, .groups, .bias, .relu})",
       .formula = "y = sum over the window and in of x kernel + bias; with .relu max(y, 0)",
       .gradient = "dx = g spread by the kernel, dkernel = sum of x g over all positions, dbias = sum of g; "
                   "with .relu g where y > 0",
       .shapes = "[b, d, h, w, in], [kd, kh, kw, in / groups, out] -> [b, d', h', w', out]",
       .flops = record::convolution_cost()},
      [=](std::int64_t n) -> std::vector<record::Case> {
        return {by({1, n, n, n, 2}, {2, 2, 2, 2, 2}),
                by({2, 2, n, 3, 1}, {1, 1, 1, 1, 2}),
                by({1, 2, n, 3, 2}, {2, 3, 2, 2, 1}, {.padding = "same"}),
                by({1, n, 3, n, 1}, {2, 2, 3, 1, 2}, {.strides = {2, 1, 3}}),
                by({1, n, 3, n, 1}, {3, 2, 3, 1, 1}, {.strides = 2, .padding = "same"}),
                by({1, 3, n, n, 1}, {2, 2, 2, 1, 2}, {.dilation_rate = {2, 1, 3}}),
                by({1, 2, 2, n, 4}, {1, 2, 2, 2, 2}, {.groups = 2}),
                by({1, 2, 2, n, 2}, {2, 1, 2, 1, 4}, {.padding = "same", .groups = 2}),
                by({0, n, n, n, 2}, {2, 2, 2, 2, 1}),
                by({1, n, 3, n, 2}, {2, 3, 2, 2, 2}, {}, {2}),
                by({1, 3, n, n, 1}, {2, 2, 3, 1, 2}, {.relu = true}, {2})};
      },
      {{"x must be [batch, depth, height, width, channels]: x is [5, 5, 5, 3], kernel is [2, 2, 2, 3, 1]",
        by({5, 5, 5, 3}, {2, 2, 2, 3, 1})},
       {"the kernel must be [depth, height, width, in, out]: x is [1, 5, 5, 5, 3], kernel is [2, 2, 3, 1]",
        by({1, 5, 5, 5, 3}, {2, 2, 3, 1})},
       {"the kernel [2, 3, 2] is larger than the image [2, 2, 2]: x is [1, 2, 2, 2, 1], kernel is [2, 3, 2, "
        "1, 1]",
        by({1, 2, 2, 2, 1}, {2, 3, 2, 1, 1})},
       {"strides must be one number or 3, got [1, 2]",
        by({1, 3, 3, 3, 1}, {1, 1, 1, 1, 1}, {.strides = {1, 2}})}});
}

}  // namespace records

}  // namespace gradus
