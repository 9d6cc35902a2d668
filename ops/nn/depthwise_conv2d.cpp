#include <gradus/ops/kernels/nn/convolution_op.h>
#include <gradus/ops/kernels/nn/window_records.h>

namespace gradus {

Variable depthwise_conv2d(const Operand& x, const Operand& kernel, DepthwiseOptions options) {
  static constexpr std::array<std::string_view, 2> kNames = {"x", "kernel"};
  const Expansion op({.name = "depthwise_conv2d", .operand_names = kNames}, {x, kernel});
  return kernels::depthwise_convolution("depthwise_conv2d", op.call(), op[0], op[1], options);
}

namespace records {

OpInfo depthwise_conv2d() {
  const auto by = [](const Shape& x, const Shape& kernel, const DepthwiseOptions& options = {}) {
    return record::depthwise_case({x, kernel}, options, [=](std::span<const Variable> v) {
      return gradus::depthwise_conv2d(v[0], v[1], options);
    });
  };
  return record::cases(
      {.signature = "(x, kernel, {.strides, .padding, .dilation_rate})",
       .formula = "y_{c multiplier + m} = sum over the window of x_c kernel_cm",
       .gradient = "dx = g spread by the kernel, dkernel = sum of x g over all positions",
       .shapes = "[b, h, w, in], [kh, kw, in, multiplier] -> [b, h', w', in multiplier]",
       .flops =
           [](const OpSample& sample, const Tensor& y) {
             const Shape& kernel = sample.inputs[1].shape();
             return 2 * static_cast<double>(y.size()) * static_cast<double>(kernel[0] * kernel[1]);
           }},
      [=](std::int64_t n) -> std::vector<record::Case> {
        return {by({2, n, n, 3}, {3, 3, 3, 1}),
                by({1, n, n, 3}, {2, 2, 3, 2}),
                by({1, n, n + 1, 2}, {2, 3, 2, 1}, {.padding = "same"}),
                by({1, n + 1, n, 2}, {2, 2, 2, 2}, {.strides = 2}),
                by({1, n + 1, n, 2}, {3, 3, 2, 1}, {.strides = {2, 3}, .padding = "same"}),
                by({1, n, n, 2}, {2, 2, 2, 1}, {.dilation_rate = {3, 1}}),
                by({1, n, n, 1}, {2, 2, 1, 3}, {.padding = "same", .dilation_rate = 2}),
                by({0, n, n, 2}, {2, 2, 2, 3}),
                by({1, n, n, 0}, {2, 2, 0, 3})};
      },
      {{"the kernel is for 2 channels, x has 3: x is [1, 5, 5, 3], kernel is [2, 2, 2, 1]",
        by({1, 5, 5, 3}, {2, 2, 2, 1})},
       {"the kernel must be [height, width, in, multiplier]: x is [1, 5, 5, 3], kernel is [2, 2, 3]",
        by({1, 5, 5, 3}, {2, 2, 3})},
       {"the kernel [2, 4] is larger than the image [3, 3]: x is [1, 3, 3, 1], kernel is [2, 4, 1, 1]",
        by({1, 3, 3, 1}, {2, 4, 1, 1})},
       {"the kernel has no extent: x is [1, 3, 3, 1], kernel is [2, 0, 1, 1]",
        by({1, 3, 3, 1}, {2, 0, 1, 1})},
       {"strides must be 1 or more, got 0", by({1, 3, 3, 1}, {2, 2, 1, 1}, {.strides = 0})},
       {"strides 2 and dilation_rate 2 cannot both be over 1",
        by({1, 9, 9, 1}, {2, 2, 1, 1}, {.strides = 2, .dilation_rate = 2})}});
}

}  // namespace records

}  // namespace gradus
