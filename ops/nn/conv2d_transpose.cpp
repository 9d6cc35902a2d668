#include <gradus/ops/kernels/nn/convolution_op.h>
#include <gradus/ops/kernels/nn/window_records.h>
#include <gradus/ops/kernels/shape/result_shape.h>

#include <algorithm>

namespace gradus {

namespace {

// The convolution that goes from the result to x.
kernels::Convolution reverse(const Call& call, const TransposedConvolutionOptions& options) {
  const auto extents = kernels::spatial_extents(call, 2);
  const Shape &x = call.shape(0), &kernel = call.shape(1);
  if (kernel.rank() != 4) throw call.shape_error("the kernel must be [height, width, out, in]");
  if (kernel[3] != x[3]) {
    throw call.shape_error("the kernel is for " + std::to_string(kernel[3]) + " channels, x has " +
                           std::to_string(x[3]));
  }
  if (kernel[0] == 0 || kernel[1] == 0) throw call.shape_error("the kernel has no extent");
  const kernels::WindowOptions windows = {options.strides, options.padding, options.dilation_rate};
  kernels::refuse_strides_with_dilation(call, windows);
  const Dims strides = kernels::per_axis(call, "strides", options.strides, 2);
  const Dims dilation = kernels::per_axis(call, "dilation_rate", options.dilation_rate, 2);
  const Dims size = kernels::per_axis(call, "kernel", Dims{kernel[0], kernel[1]}, 2);
  Dims added = options.output_padding;
  if (added.size() == 1) added = Dims(2, added[0]);
  if (!added.empty() && added.size() != 2) {
    throw call.value_error("output_padding must be one number or 2, got " + to_string(added));
  }
  kernels::Convolution result = {.batch = x[0], .in_channels = kernel[2], .out_channels = x[3]};
  result.windows.rank = 2;
  for (std::size_t i = 0; i < 2; ++i) {
    kernels::Window& window = result.windows.axis[i + 1];
    window = {.out = extents[i], .size = size[i], .stride = strides[i], .dilation = dilation[i]};
    const std::int64_t reach = window.reach();
    if (window.out >= std::int64_t{1} << 31) throw call.shape_error("x is too large");
    const bool same = options.padding == Padding::same;
    if (added.empty()) {
      window.in = window.out * window.stride;
      if (!same) window.in += std::max<std::int64_t>(reach - window.stride, 0);
    } else {
      if (added[i] < 0 || added[i] >= window.stride) {
        throw call.value_error("output_padding must be 0 or more and less than the stride, got " +
                               kernels::window_text(options.output_padding));
      }
      window.in = (window.out - 1) * window.stride + reach + added[i] - (same ? reach / 2 * 2 : 0);
    }
    if (window.out == 0) window.in = 0;
    if (window.in < (same ? 1 : reach) && window.out != 0) {
      throw call.shape_error("no pixels are left by output_padding " +
                             kernels::window_text(options.output_padding));
    }
    const std::int64_t beside = (window.out - 1) * window.stride + reach - window.in;
    if (same) window.before = std::max<std::int64_t>(beside, 0) / 2;
  }
  kernels::result_shape(call, {call.shape(0)[0], result.windows.axis[1].in, result.windows.axis[2].in, 1});
  return result;
}

}  // namespace

Variable conv2d_transpose(const Operand& x, const Operand& kernel, TransposedConvolutionOptions options) {
  static constexpr std::array<std::string_view, 2> kNames = {"x", "kernel"};
  const Expansion op({.name = "conv2d_transpose", .operand_names = kNames}, {x, kernel});
  return kernels::convolve("conv2d_transpose", kernels::ConvolutionPart::input, reverse(op.call(), options),
                           op[0], op[1]);
}

namespace records {

OpInfo conv2d_transpose() {
  const auto by = [](const Shape& x, const Shape& kernel,
                     const TransposedConvolutionOptions& options = {}) -> record::Case {
    std::string arguments = record::Arguments()
                                .add("strides", options.strides, {1})
                                .add(options.padding)
                                .add("output_padding", options.output_padding, {})
                                .add("dilation_rate", options.dilation_rate, {1})
                                .text();
    return {std::move(arguments), {x, kernel}, [=](std::span<const Variable> v) {
              return gradus::conv2d_transpose(v[0], v[1], options);
            }};
  };
  return record::cases(
      {.signature = "(x, kernel, {.strides, .padding, .output_padding, .dilation_rate})",
       .formula = "x spread by the kernel: the gradient of a conv2d",
       .gradient = "dx = conv2d(g, kernel), dkernel = sum of g x over all positions",
       .shapes = "[b, h, w, in], [kh, kw, out, in] -> [b, h', w', out]",
       .flops =
           [](const OpSample& sample, const Tensor& /*y*/) {
             const Shape &x = sample.inputs[0].shape(), &kernel = sample.inputs[1].shape();
             return 2 * static_cast<double>(x[0] * x[1] * x[2]) * static_cast<double>(kernel.elements());
           }},
      [=](std::int64_t n) -> std::vector<record::Case> {
        return {by({2, n, n, 3}, {3, 3, 2, 3}),
                by({1, 2, n, 2}, {2, 3, 3, 2}, {.strides = 2}),
                by({1, n, 2, 2}, {3, 2, 1, 2}, {.padding = "same"}),
                by({1, 2, 3, 2}, {3, 4, 2, 2}, {.strides = {2, 3}, .padding = "same"}),
                by({1, 2, 2, 1}, {2, 1, 1, 1}, {.strides = 3}),
                by({1, 2, 2, 1}, {2, 1, 1, 1}, {.strides = 3, .padding = "same"}),
                by({1, 2, 3, 1}, {3, 3, 2, 1}, {.strides = 2, .output_padding = 1}),
                by({1, 2, 3, 1}, {3, 3, 1, 1}, {.strides = 2, .padding = "same", .output_padding = {0, 1}}),
                by({1, 3, n, 2}, {2, 3, 1, 2}, {.dilation_rate = {2, 1}}),
                by({1, 3, n, 1}, {2, 3, 2, 1}, {.padding = "same", .dilation_rate = 2}),
                by({0, n, n, 2}, {3, 3, 2, 2}),
                by({1, 0, n, 2}, {3, 3, 2, 2}, {.strides = 2})};
      },
      {{"the kernel is for 2 channels, x has 3: x is [1, 3, 3, 3], kernel is [2, 2, 1, 2]",
        by({1, 3, 3, 3}, {2, 2, 1, 2})},
       {"the kernel must be [height, width, out, in]: x is [1, 3, 3, 3], kernel is [2, 2, 3]",
        by({1, 3, 3, 3}, {2, 2, 3})},
       {"strides must be 1 or more, got -2", by({1, 3, 3, 3}, {2, 2, 1, 3}, {.strides = -2})},
       {"output_padding must be 0 or more and less than the stride, got 2",
        by({1, 3, 3, 3}, {2, 2, 1, 3}, {.strides = 2, .output_padding = 2})},
       {"no pixels are left by output_padding 0: x is [1, 1, 1, 3], kernel is [2, 2, 1, 3]",
        by({1, 1, 1, 3}, {2, 2, 1, 3}, {.padding = "same", .output_padding = 0})},
       {"strides 2 and dilation_rate 2 cannot both be over 1",
        by({1, 3, 3, 1}, {2, 2, 1, 1}, {.strides = 2, .dilation_rate = 2})}});
}

}  // namespace records

}  // namespace gradus
