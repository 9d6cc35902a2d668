#pragma once

#include <gradus/models/activation_function.h>
#include <gradus/models/data_format.h>
#include <gradus/models/layer.h>
#include <gradus/ops/nn.h>

namespace gradus {

// "valid" and "same" as Padding has them, and "causal", where an output sees no later step.
class Conv1DPadding {
 public:
  enum Kind : std::uint8_t { valid, same, causal };
  constexpr Conv1DPadding(Kind kind = valid) : kind_(kind) {}  // NOLINT: implicit on purpose
  Conv1DPadding(Padding padding) : kind_(padding == Padding::same ? same : valid) {}  // NOLINT
  Conv1DPadding(std::string_view name);                                               // NOLINT: ValueError
  Conv1DPadding(const char* name) : Conv1DPadding(std::string_view(name)) {}          // NOLINT
  constexpr operator Kind() const { return kind_; }                                   // NOLINT
  std::string_view name() const;

 private:
  Kind kind_;
};

// Layers that convolve images with kernels that are learned: activation(convolution(x, kernel) + bias).
// Kernel sizes, strides and dilation rates are one number for all spatial axes or one for each. ValueError
// for a number that is not positive, strides and dilation rates both over 1, or groups that do not divide the
// filters; ShapeError, when built, for channels that groups do not divide or an image smaller than the
// kernel. Weights: kernel [size..., channels / groups, filters] and bias [filters].

struct Conv1DOptions {
  Axes strides = 1;
  Conv1DPadding padding = {};
  DataFormat data_format = {};
  Axes dilation_rate = 1;
  std::int64_t groups = 1;
  ActivationFunction activation = {};
  bool use_bias = true;
  Initializer kernel_initializer = "glorot_uniform";
  Initializer bias_initializer = "zeros";
  Regularizer kernel_regularizer = {};
  Regularizer bias_regularizer = {};
  Regularizer activity_regularizer = {};
  Constraint kernel_constraint = {};
  Constraint bias_constraint = {};
  Shape input_shape = {};
  std::string name = {};
  bool trainable = true;
  std::optional<DType> dtype = {};
  std::optional<std::uint64_t> seed = {};
};
// [batch, steps, channels] -> [batch, steps', filters]
class Conv1D : public Layer {
 public:
  Conv1D(std::int64_t filters, const Axes& kernel_size, Conv1DOptions options = {});
  static Conv1D from_config(const Config& config);
  // StateError before the layer is built, or without a bias.
  Parameter kernel() const;
  Parameter bias() const;
};

struct Conv2DOptions {
  Axes strides = 1;
  Padding padding = {};
  DataFormat data_format = {};
  Axes dilation_rate = 1;
  std::int64_t groups = 1;
  ActivationFunction activation = {};
  bool use_bias = true;
  Initializer kernel_initializer = "glorot_uniform";
  Initializer bias_initializer = "zeros";
  Regularizer kernel_regularizer = {};
  Regularizer bias_regularizer = {};
  Regularizer activity_regularizer = {};
  Constraint kernel_constraint = {};
  Constraint bias_constraint = {};
  Shape input_shape = {};
  std::string name = {};
  bool trainable = true;
  std::optional<DType> dtype = {};
  std::optional<std::uint64_t> seed = {};
};
// [batch, height, width, channels] -> [batch, height', width', filters]
class Conv2D : public Layer {
 public:
  Conv2D(std::int64_t filters, const Axes& kernel_size, Conv2DOptions options = {});
  static Conv2D from_config(const Config& config);
  Parameter kernel() const;
  Parameter bias() const;
};

using Conv3DOptions = Conv2DOptions;
// [batch, depth, height, width, channels] -> [batch, depth', height', width', filters]
class Conv3D : public Layer {
 public:
  Conv3D(std::int64_t filters, const Axes& kernel_size, Conv3DOptions options = {});
  static Conv3D from_config(const Config& config);
  Parameter kernel() const;
  Parameter bias() const;
};

struct Conv2DTransposeOptions {
  Axes strides = 1;
  Padding padding = {};
  Axes output_padding = {};  // empty: as Keras chooses; else what is added at the end, less than the stride
  DataFormat data_format = {};
  Axes dilation_rate = 1;
  ActivationFunction activation = {};
  bool use_bias = true;
  Initializer kernel_initializer = "glorot_uniform";
  Initializer bias_initializer = "zeros";
  Regularizer kernel_regularizer = {};
  Regularizer bias_regularizer = {};
  Regularizer activity_regularizer = {};
  Constraint kernel_constraint = {};
  Constraint bias_constraint = {};
  Shape input_shape = {};
  std::string name = {};
  bool trainable = true;
  std::optional<DType> dtype = {};
  std::optional<std::uint64_t> seed = {};
};
// The transpose of a convolution, which makes images larger: strides go from the result to x. The kernel is
// [height, width, filters, channels].
class Conv2DTranspose : public Layer {
 public:
  Conv2DTranspose(std::int64_t filters, const Axes& kernel_size, Conv2DTransposeOptions options = {});
  static Conv2DTranspose from_config(const Config& config);
  Parameter kernel() const;
  Parameter bias() const;
};

}  // namespace gradus
