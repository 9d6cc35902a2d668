#pragma once

#include <gradus/models/activation_function.h>
#include <gradus/models/data_format.h>
#include <gradus/models/layer.h>
#include <gradus/ops/nn.h>

namespace gradus {

// Convolutions of each channel for itself. Errors as for Conv2D.

struct DepthwiseConv2DOptions {
  Axes strides = 1;
  Padding padding = {};
  std::int64_t depth_multiplier = 1;  // how many channels each makes
  DataFormat data_format = {};
  Axes dilation_rate = 1;
  ActivationFunction activation = {};
  bool use_bias = true;
  Initializer depthwise_initializer = "glorot_uniform";
  Initializer bias_initializer = "zeros";
  Regularizer depthwise_regularizer = {};
  Regularizer bias_regularizer = {};
  Regularizer activity_regularizer = {};
  Constraint depthwise_constraint = {};
  Constraint bias_constraint = {};
  Shape input_shape = {};
  std::string name = {};
  bool trainable = true;
  std::optional<DType> dtype = {};
  std::optional<std::uint64_t> seed = {};
};
// [batch, height, width, channels] -> [batch, height', width', channels * depth_multiplier]. The kernel is
// [height, width, channels, depth_multiplier]; channel c and kernel m make channel c * depth_multiplier + m.
class DepthwiseConv2D : public Layer {
 public:
  explicit DepthwiseConv2D(const Axes& kernel_size, DepthwiseConv2DOptions options = {});
  static DepthwiseConv2D from_config(const Config& config);
  // StateError before the layer is built, or without a bias.
  Parameter kernel() const;
  Parameter bias() const;
};

struct SeparableConv2DOptions {
  Axes strides = 1;
  Padding padding = {};
  DataFormat data_format = {};
  Axes dilation_rate = 1;
  std::int64_t depth_multiplier = 1;
  ActivationFunction activation = {};
  bool use_bias = true;
  Initializer depthwise_initializer = "glorot_uniform";
  Initializer pointwise_initializer = "glorot_uniform";
  Initializer bias_initializer = "zeros";
  Regularizer depthwise_regularizer = {};
  Regularizer pointwise_regularizer = {};
  Regularizer bias_regularizer = {};
  Regularizer activity_regularizer = {};
  Constraint depthwise_constraint = {};
  Constraint pointwise_constraint = {};
  Constraint bias_constraint = {};
  Shape input_shape = {};
  std::string name = {};
  bool trainable = true;
  std::optional<DType> dtype = {};
  std::optional<std::uint64_t> seed = {};
};
// A depthwise convolution, then one of size 1 over its channels: [batch, height, width, channels] -> [batch,
// height', width', filters]. Kernels [height, width, channels, depth_multiplier] and [1, 1, channels *
// depth_multiplier, filters].
class SeparableConv2D : public Layer {
 public:
  SeparableConv2D(std::int64_t filters, const Axes& kernel_size, SeparableConv2DOptions options = {});
  static SeparableConv2D from_config(const Config& config);
  Parameter depthwise_kernel() const;
  Parameter pointwise_kernel() const;
  Parameter bias() const;
};

}  // namespace gradus
