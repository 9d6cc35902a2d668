#include <gradus/ops/kernels/nn/convolution_op.h>
#include <gradus/ops/kernels/nn/window_records.h>

namespace gradus {

Variable separable_conv2d(const Operand& x, const Operand& depthwise_kernel, const Operand& pointwise_kernel,
                          DepthwiseOptions options) {
  static constexpr std::array<std::string_view, 3> kNames = {"x", "depthwise_kernel", "pointwise_kernel"};
  const Expansion op({.name = "separable_conv2d", .operand_names = kNames},
                     {x, depthwise_kernel, pointwise_kernel});
  const Variable middle =
      kernels::depthwise_convolution("depthwise_conv2d", op.call(), op[0], op[1], options);
  const Shape& pointwise = op.shape(2);
  const std::int64_t channels = middle.shape().back();
  if (pointwise.rank() != 4 || pointwise[0] != 1 || pointwise[1] != 1 || pointwise[2] != channels) {
    throw op.shape_error("the pointwise kernel must be [1, 1, in * multiplier, out]");
  }
  kernels::Convolution mix = {
      .batch = middle.shape()[0], .in_channels = channels, .out_channels = pointwise[3]};
  mix.windows.rank = 2;
  for (std::size_t i = 0; i < 2; ++i) {
    kernels::Window& window = mix.windows.axis[i + 1];
    window.in = window.out = middle.shape()[i + 1];
  }
  return kernels::convolve("separable_conv2d", kernels::ConvolutionPart::output, mix, middle, op[2]);
}

namespace records {

OpInfo separable_conv2d() {
  const auto by = [](const Shape& x, const Shape& depthwise, const Shape& pointwise,
                     const DepthwiseOptions& options = {}) {
    return record::depthwise_case({x, depthwise, pointwise}, options, [=](std::span<const Variable> v) {
      return gradus::separable_conv2d(v[0], v[1], v[2], options);
    });
  };
  return record::cases(
      {.signature = "(x, depthwise_kernel, pointwise_kernel, {.strides, .padding, .dilation_rate})",
       .formula = "conv2d(depthwise_conv2d(x, depthwise_kernel), pointwise_kernel)",
       .gradient = "those of the two in turn",
       .shapes = "[b, h, w, in], [kh, kw, in, m], [1, 1, in m, out] -> [b, h', w', out]",
       .flops =
           [](const OpSample& sample, const Tensor& y) {
             const Shape &depthwise = sample.inputs[1].shape(), &pointwise = sample.inputs[2].shape();
             const double positions = static_cast<double>(y.size()) / static_cast<double>(pointwise.back());
             return 2 * positions * static_cast<double>(depthwise.elements() + pointwise.elements());
           }},
      [=](std::int64_t n) -> std::vector<record::Case> {
        return {by({2, n, n, 3}, {3, 3, 3, 1}, {1, 1, 3, 2}),
                by({1, n, n, 2}, {2, 2, 2, 2}, {1, 1, 4, 3}),
                by({1, n, n + 1, 2}, {2, 3, 2, 1}, {1, 1, 2, 1}, {.padding = "same"}),
                by({1, n + 1, n, 2}, {2, 2, 2, 2}, {1, 1, 4, 2}, {.strides = 2}),
                by({1, n + 1, n, 1}, {3, 3, 1, 2}, {1, 1, 2, 2}, {.strides = {2, 1}, .padding = "same"}),
                by({1, n, n, 2}, {2, 2, 2, 1}, {1, 1, 2, 2}, {.dilation_rate = {3, 1}}),
                by({1, n, n, 1}, {1, 1, 1, 1}, {1, 1, 1, 1}),
                by({0, n, n, 2}, {2, 2, 2, 3}, {1, 1, 6, 2})};
      },
      {{"the pointwise kernel must be [1, 1, in * multiplier, out]: x is [1, 3, 3, 2], depthwise_kernel is "
        "[2, "
        "2, 2, 1], pointwise_kernel is [1, 1, 3, 2]",
        by({1, 3, 3, 2}, {2, 2, 2, 1}, {1, 1, 3, 2})},
       {"the pointwise kernel must be [1, 1, in * multiplier, out]: x is [1, 3, 3, 2], depthwise_kernel is "
        "[2, "
        "2, 2, 1], pointwise_kernel is [2, 1, 2, 2]",
        by({1, 3, 3, 2}, {2, 2, 2, 1}, {2, 1, 2, 2})},
       {"the kernel [4, 2] is larger than the image [3, 3]: x is [1, 3, 3, 2], depthwise_kernel is [4, 2, 2, "
        "1], pointwise_kernel is [1, 1, 2, 2]",
        by({1, 3, 3, 2}, {4, 2, 2, 1}, {1, 1, 2, 2})},
       {"strides must be one number or 2, got [1, 1, 1]",
        by({1, 3, 3, 2}, {2, 2, 2, 1}, {1, 1, 2, 2}, {.strides = {1, 1, 1}})}});
}

}  // namespace records

}  // namespace gradus
