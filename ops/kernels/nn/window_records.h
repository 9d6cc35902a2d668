#pragma once

// What the records of ops with windows share.

#include <gradus/ops/nn.h>
#include <gradus/ops/records.h>

#include <string>
#include <utility>

namespace gradus::record {

// Arguments as text, those that are not the default: "strides = [2], padding = 'same'".
class Arguments {
 public:
  Arguments& add(std::string_view name, const Dims& values, const Dims& otherwise) {
    return values == otherwise ? *this : put(name, to_string(values));
  }
  Arguments& add(Padding padding) { return padding == Padding::valid ? *this : put("padding", "'same'"); }
  Arguments& add(std::string_view name, std::int64_t value, std::int64_t otherwise) {
    return value == otherwise ? *this : put(name, std::to_string(value));
  }
  Arguments& add(std::string_view name, bool yes) { return yes ? put(name, "true") : *this; }
  Arguments& put(std::string_view name, const std::string& value) {
    text_ += (text_.empty() ? "" : ", ") + std::string(name) + " = " + value;
    return *this;
  }
  std::string text() const { return text_; }

 private:
  std::string text_;
};

using ConvolutionFunction = Variable (*)(const Operand&, const Operand&, ConvolutionOptions);
inline Case convolution_case(ConvolutionFunction function, const Shape& x, const Shape& kernel,
                             const ConvolutionOptions& options = {}, const Dims& bias = {}) {
  std::string arguments = Arguments()
                              .add("strides", options.strides, {1})
                              .add(options.padding)
                              .add("dilation_rate", options.dilation_rate, {1})
                              .add("groups", options.groups, 1)
                              .add("relu", options.relu)
                              .text();
  std::vector<Shape> shapes = {x, kernel};
  if (!bias.empty()) shapes.emplace_back(bias);
  return {std::move(arguments), std::move(shapes), [=](std::span<const Variable> v) {
            ConvolutionOptions with = options;
            if (v.size() == 3) with.bias = v[2];
            return function(v[0], v[1], with);
          }};
}

inline Case depthwise_case(std::vector<Shape> shapes, const DepthwiseOptions& options, Function call) {
  std::string arguments = Arguments()
                              .add("strides", options.strides, {1})
                              .add(options.padding)
                              .add("dilation_rate", options.dilation_rate, {1})
                              .text();
  return {std::move(arguments), std::move(shapes), std::move(call)};
}

// Pooling of [batch, n, channels], or of [batch, height, width, channels]: what the kind of pooling computes
// is the record's to say.
using PoolingFunction = Variable (*)(const Operand&, PoolingOptions);
OpInfo pooling1d(PoolingFunction function, OpInfo about, const Draw& draw = uniform());
OpInfo pooling2d(PoolingFunction function, OpInfo about, const Draw& draw = uniform());

// Two operations for each product of a kernel's value with a pixel.
inline OpCost convolution_cost() {
  return OpCost([](const OpSample& sample, const Tensor& y) {
    const Shape& kernel = sample.inputs[1].shape();
    const double out = static_cast<double>(kernel.back());
    return out == 0 ? 0 : 2 * static_cast<double>(y.size()) * static_cast<double>(kernel.elements()) / out;
  });
}

}  // namespace gradus::record
