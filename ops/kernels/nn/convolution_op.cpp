#include <gradus/graph/apply.h>
#include <gradus/graph/parallel.h>
#include <gradus/ops/elementwise.h>
#include <gradus/ops/kernels/elementwise/chunks.h>
#include <gradus/ops/kernels/elementwise/unbroadcast.h>
#include <gradus/ops/kernels/elementwise/vector_functions.h>
#include <gradus/ops/kernels/nn/convolution_op.h>
#include <gradus/ops/kernels/nn/few_channels.h>
#include <gradus/ops/shape.h>

#include <algorithm>

namespace gradus::kernels {

namespace {

// From the gradient of y = relu(z) to that of z.
void descend_relu(Backward& b) {
  if (b.create_graph()) return b.descend(where(greater(b.output(), 0), b.gradient(), 0));
  const Tensor& y = b.output_value();
  const Tensor g = b.take_gradient();
  Tensor dz = g.buffer()->unique() ? g : Tensor::empty_like(g);
  dispatch_floating(g.dtype(), [&]<class T>() {
    using V = Vector<T>;
    parallel_for(g.size(), kElementGrain, [&](std::int64_t begin, std::int64_t end) {
      each_vector(
          end - begin, dz.raw<T>() + begin,
          [](V given, V value) __attribute__((always_inline)) { return where(value > 0, given, 0); },
          g.raw<T>() + begin, y.raw<T>() + begin);
    });
  });
  b.descend(std::move(dz));
}

// Note [Three parts of a convolution]
// y = O(x, w) is linear in x and in w, and so are I(g, w), which takes a gradient of y to one of x, and
// K(x, g), which takes it to one of w: <g, O(x, w)> = <I(g, w), x> = <K(x, g), w>. The gradient of any of the
// three is therefore given by the other two:
//   O(x, w): dx = I(g, w), dw = K(x, g)
//   I(a, w): da = O(g, w), dw = K(g, a)
//   K(x, a): dx = I(a, g), da = O(x, g)
// O may have a third operand, a bias, whose gradient is the sum of g over all positions; and be followed by
// relu, whose gradient comes before.
class ConvolutionOp : public Op {
 public:
  enum class Then : std::uint8_t { nothing, relu };
  ConvolutionOp(std::string_view name, ConvolutionPart part, const Convolution& convolution,
                Then then = Then::nothing)
      : name_(name), part_(part), convolution_(convolution), relu_(then == Then::relu) {}
  std::string_view name() const override { return name_; }
  OpAttributes attributes() const override;

  Shape infer_shape(const Call& /*call*/) const override {
    switch (part_) {
      case ConvolutionPart::output: return convolution_.output();
      case ConvolutionPart::input: return convolution_.input();
      case ConvolutionPart::kernel: break;
    }
    return convolution_.kernel();
  }

  void forward(Forward& forward) const override {
    Tensor& out = forward.output();
    convolve(out.dtype(), part_, convolution_, forward.value(0).buffer()->data(),
             forward.value(1).buffer()->data(), out.buffer()->data(),
             {forward.size() == 3 ? forward.value(2).buffer()->data() : nullptr, relu_});
  }

  // See Note [Three parts of a convolution].
  void vjp(Backward& b) const override {
    using enum ConvolutionPart;
    if (part_ == output && give_at_once(b)) return;
    if (relu_) descend_relu(b);
    const Variable& g = b.gradient();
    if (part_ == output) {
      if (b.needs(0)) b.give(0, to_input(g, b.input(1)));
      if (b.needs(1)) b.give(1, to_kernel(b.input(0), g));
      if (b.size() == 3 && b.needs(2)) b.give(2, unbroadcast(g, b.shape(2)));
    } else if (part_ == input) {
      if (b.needs(0)) b.give(0, to_output(g, b.input(1)));
      if (b.needs(1)) b.give(1, to_kernel(g, b.input(0)));
    } else {
      if (b.needs(0)) b.give(0, to_input(b.input(1), g));
      if (b.needs(1)) b.give(1, to_output(b.input(0), g));
    }
  }

 private:
  Variable to_output(const Variable& x, const Variable& kernel) const {
    return convolve("convolution", ConvolutionPart::output, convolution_, x, kernel);
  }
  Variable to_input(const Variable& gradient, const Variable& kernel) const {
    return convolve("convolution_to_input", ConvolutionPart::input, convolution_, gradient, kernel);
  }
  Variable to_kernel(const Variable& x, const Variable& gradient) const {
    return convolve("convolution_to_kernel", ConvolutionPart::kernel, convolution_, x, gradient);
  }

  // Where nobody wants the images' gradient and they have few channels: all others in one pass over the
  // output's.
  bool give_at_once(Backward& b) const {
    const Tensor& g = b.gradient_value();
    if (b.create_graph() || b.needs(0) || !b.needs(1) || g.dtype() != DType::float32) return false;
    if (g.size() == 0 || b.shape(0).elements() == 0) return false;
    if (!suits_few_channels(ConvolutionPart::kernel, convolution_)) return false;
    Tensor kernel = Tensor::empty(b.shape(1), g.dtype());
    Tensor bias = Tensor::empty({convolution_.out_channels}, g.dtype());
    few_channels_gradients(convolution_, b.input_value(0).raw<float>(), g.raw<float>(),
                           relu_ ? b.output_value().raw<float>() : nullptr, kernel.raw<float>(),
                           bias.raw<float>());
    b.give(1, std::move(kernel));
    if (b.size() == 3) b.give(2, std::move(bias));
    return true;
  }

  std::string_view name_;
  ConvolutionPart part_;
  Convolution convolution_;
  bool relu_;
};

OpAttributes ConvolutionOp::attributes() const {
  OpAttributes result;
  const auto list = [&](std::string name, std::int64_t Window::*value) {
    Dims values(convolution_.windows.rank, 1);
    bool plain = true;
    for (std::size_t i = 0; i < values.size(); ++i) {
      values[i] = convolution_.windows.used()[i].*value;
      plain = plain && values[i] == 1;
    }
    if (!plain) result.push_back({std::move(name), to_string(values)});
  };
  list("strides", &Window::stride);
  list("dilation_rate", &Window::dilation);
  if (convolution_.groups != 1) result.push_back({"groups", std::to_string(convolution_.groups)});
  if (relu_) result.push_back({"relu", "true"});
  return result;
}

}  // namespace

Convolution convolution_of(const Call& call, std::size_t axes, const Shape& kernel,
                           const ConvolutionOptions& options) {
  static constexpr std::array<std::string_view, 3> kLayouts = {"[size, in, out]", "[height, width, in, out]",
                                                               "[depth, height, width, in, out]"};
  const auto extents = spatial_extents(call, axes);
  if (kernel.dims().size() != axes + 2) {
    throw call.shape_error("the kernel must be " + std::string(kLayouts[axes - 1]));
  }
  const std::span<const std::int64_t> size(kernel.begin(), axes);
  if (std::ranges::count(size, 0) != 0) throw call.shape_error("the kernel has no extent");
  const WindowOptions windows = {options.strides, options.padding, options.dilation_rate};
  refuse_strides_with_dilation(call, windows);
  if (options.groups < 1) {
    throw call.value_error("groups must be 1 or more, got " + std::to_string(options.groups));
  }
  const std::int64_t in = call.shape(0).back(), out = kernel[axes + 1];
  if (in % options.groups != 0 || out % options.groups != 0) {
    throw call.shape_error(std::to_string(options.groups) + " groups do not divide " + std::to_string(in) +
                           " input and " + std::to_string(out) + " output channels");
  }
  if (in / options.groups != kernel[axes]) {
    throw call.shape_error(
        "the kernel is for " + std::to_string(kernel[axes]) + " channels" +
        (options.groups == 1 ? "" : " in each of " + std::to_string(options.groups) + " groups") + ", " +
        call.operand_name(0) + " has " + std::to_string(in));
  }
  return {.windows = windows_over(call, "kernel", extents, size, windows),
          .batch = call.shape(0)[0],
          .in_channels = in,
          .out_channels = out,
          .groups = options.groups};
}

Convolution convolution_of(const Call& call, std::size_t axes, const ConvolutionOptions& options) {
  return convolution_of(call, axes, call.shape(1), options);
}

Variable convolve(std::string_view name, ConvolutionPart part, const Convolution& convolution,
                  const Variable& a, const Variable& b) {
  return apply(ConvolutionOp(name, part, convolution), {a, b});
}

// [kh, kw, in, multiplier] is, value by value, the kernel [kh, kw, 1, in * multiplier] of as many groups as
// there are channels.
Variable depthwise_convolution(std::string_view name, const Call& call, const Variable& x,
                               const Variable& kernel, const DepthwiseOptions& options) {
  spatial_extents(call, 2);
  const Shape& given = kernel.shape();
  const std::int64_t in = x.shape().back();
  if (given.rank() != 4) throw call.shape_error("the kernel must be [height, width, in, multiplier]");
  if (given[0] == 0 || given[1] == 0) throw call.shape_error("the kernel has no extent");
  if (given[2] != in) {
    throw call.shape_error("the kernel is for " + std::to_string(given[2]) + " channels, x has " +
                           std::to_string(in));
  }
  const Dims grouped = {given[0], given[1], in == 0 ? 0 : 1, in * given[3]};
  const Convolution convolution = convolution_of(call, 2, Shape(grouped),
                                                 {.strides = options.strides,
                                                  .padding = options.padding,
                                                  .dilation_rate = options.dilation_rate,
                                                  .groups = std::max<std::int64_t>(in, 1)});
  return convolve(name, ConvolutionPart::output, convolution, x, reshape(kernel, grouped));
}

Variable plain_convolution(std::string_view name, std::size_t axes, const Operand& x, const Operand& kernel,
                           const ConvolutionOptions& options) {
  static constexpr std::array<std::string_view, 3> kNames = {"x", "kernel", "bias"};
  const Signature signature = {.name = name, .operand_names = kNames};
  const Expansion op =
      options.bias ? Expansion(signature, {x, kernel, *options.bias}) : Expansion(signature, {x, kernel});
  const Convolution convolution = convolution_of(op.call(), axes, options);
  const ConvolutionOp convolution_op(name, ConvolutionPart::output, convolution,
                                     options.relu ? ConvolutionOp::Then::relu : ConvolutionOp::Then::nothing);
  if (!options.bias) return apply(convolution_op, {op[0], op[1]});
  if (op.shape(2) != Shape{convolution.out_channels}) {
    throw op.shape_error("the bias must be [" + std::to_string(convolution.out_channels) + "]");
  }
  return apply(convolution_op, {op[0], op[1], op[2]});
}

}  // namespace gradus::kernels
