#pragma once

// What networks are made of: convolutions, pooling, normalisation, attention, recurrent nets. Images are
// NHWC: [batch, height, width, channels]; kernels are (height, width, in, out); integers become float32.
// Batches of no rows flow through. Sources of the definitions: keras.ops and Keras's layers, and what
// TensorFlow computes for them.

#include <gradus/graph/operand.h>

#include <cstdint>
#include <optional>
#include <string_view>

namespace gradus {

class Random;

// How windows lie at the borders. "valid": on the image only, and one larger than the image is a ShapeError;
// "same": the result has ceil(n / stride) positions, and of the zeros added around an odd one goes to the
// end.
class Padding {
 public:
  enum Kind : std::uint8_t { valid, same };
  constexpr Padding(Kind kind = valid) : kind_(kind) {}           // NOLINT: implicit on purpose
  Padding(std::string_view name);                                 // NOLINT: ValueError for an unknown name
  Padding(const char* name) : Padding(std::string_view(name)) {}  // NOLINT
  constexpr operator Kind() const { return kind_; }               // NOLINT
  std::string_view name() const { return kind_ == valid ? "valid" : "same"; }

 private:
  Kind kind_;
};

// Strides, dilation rates and sizes are one number for all spatial axes or a list of one for each, 1 or more;
// else ValueError. Strides over 1 together with dilation rates over 1 are a ValueError, as in Keras.
struct ConvolutionOptions {
  Axes strides = 1;
  Padding padding = {};
  Axes dilation_rate = 1;
  std::int64_t groups = 1;  // each share of the input channels makes its share of the output channels
  std::optional<Operand> bias = {};  // [out], added to each position of the result
  bool relu = false;                 // whether relu of the result is given
};
struct DepthwiseOptions {
  Axes strides = 1;
  Padding padding = {};
  Axes dilation_rate = 1;
};
struct TransposedConvolutionOptions {
  Axes strides = 1;
  Padding padding = {};
  Axes output_padding = {};  // empty: as Keras chooses; else what is added at the end, less than the stride
  Axes dilation_rate = 1;
};

// The sum, over the window at each position, of x times the kernel (which is not flipped):
// [batch, n, in], [k, in / groups, out] -> [batch, m, out]. ShapeError: other ranks, channels that disagree,
// groups that do not divide the channels, a bias that is not [out].
Variable conv1d(const Operand& x, const Operand& kernel, ConvolutionOptions options = {});
// [batch, h, w, in], [kh, kw, in / groups, out] -> [batch, h', w', out]
Variable conv2d(const Operand& x, const Operand& kernel, ConvolutionOptions options = {});
// [batch, d, h, w, in], [kd, kh, kw, in / groups, out] -> [batch, d', h', w', out]
Variable conv3d(const Operand& x, const Operand& kernel, ConvolutionOptions options = {});
// Each channel with kernels of its own: [batch, h, w, in], [kh, kw, in, multiplier] -> [batch, h', w',
// in * multiplier]; channel c and kernel m make channel c * multiplier + m.
Variable depthwise_conv2d(const Operand& x, const Operand& kernel, DepthwiseOptions options = {});
// depthwise_conv2d, then a 1x1 conv2d: kernels [kh, kw, in, multiplier] and [1, 1, in * multiplier, out].
Variable separable_conv2d(const Operand& x, const Operand& depthwise_kernel, const Operand& pointwise_kernel,
                          DepthwiseOptions options = {});
// The transpose of a conv2d that strides from the result to x: [batch, h, w, in], [kh, kw, out, in] ->
// [batch, h', w', out]. h' is h * stride ("same"), or h * stride + max(kh - stride, 0) ("valid"); with
// output_padding p, (h - 1) * stride + kh + p, less 2 * (kh / 2) for "same".
Variable conv2d_transpose(const Operand& x, const Operand& kernel, TransposedConvolutionOptions options = {});

struct PatchesOptions {
  Axes strides = {};  // empty: the size
  Axes dilation_rate = 1;
  Padding padding = {};
};
// The windows themselves, each laid out as (row, column, channel): [batch, h, w, c] -> [batch, h', w',
// size_h * size_w * c]. Strides and dilation go together here.
Variable extract_patches(const Operand& images, const Axes& size, PatchesOptions options = {});

// "nearest", or "bilinear".
class Interpolation {
 public:
  enum Kind : std::uint8_t { nearest, bilinear };
  constexpr Interpolation(Kind kind = nearest) : kind_(kind) {}               // NOLINT: implicit on purpose
  Interpolation(std::string_view name);                                       // NOLINT: ValueError
  Interpolation(const char* name) : Interpolation(std::string_view(name)) {}  // NOLINT
  constexpr operator Kind() const { return kind_; }                           // NOLINT
  std::string_view name() const { return kind_ == nearest ? "nearest" : "bilinear"; }

 private:
  Kind kind_;
};
struct ResizeOptions {
  Interpolation interpolation = {};
};
// Samples images anew: [batch, h, w, c] -> [batch, size_h, size_w, c]. Pixels are points at their centers,
// and shrinking does not smooth, as tf.image.resize. ValueError for a size below 1, ShapeError for images
// without pixels.
Variable resize2d(const Operand& x, const Axes& size, ResizeOptions options = {});

struct PoolingOptions {
  Axes pool_size = 2;
  Axes strides = {};  // empty: the pool size
  Padding padding = {};
};
struct GlobalPoolingOptions {
  bool keepdims = false;
};
// The largest value of each window; of equal ones the first has the gradient. NaN is larger than all.
Variable max_pool1d(const Operand& x, PoolingOptions options = {});  // [batch, n, c] -> [batch, m, c]
Variable max_pool2d(const Operand& x, PoolingOptions options = {});  // [batch, h, w, c] -> [batch, h', w', c]
// The mean of each window over the pixels of the image that it covers.
Variable average_pool1d(const Operand& x, PoolingOptions options = {});
Variable average_pool2d(const Operand& x, PoolingOptions options = {});
// Over the whole image: [batch, h, w, c] -> [batch, c], or [batch, 1, 1, c]. The maximum of no pixels is a
// ShapeError, their mean NaN.
Variable global_max_pool2d(const Operand& x, GlobalPoolingOptions options = {});
Variable global_average_pool2d(const Operand& x, GlobalPoolingOptions options = {});

// ValueError for a negative epsilon, here and below.
struct BatchNormalizeOptions {
  std::int64_t axis = -1;
  std::optional<Operand> offset = {};
  std::optional<Operand> scale = {};
  double epsilon = 1e-3;
};
// (x - mean) / sqrt(variance + epsilon) * scale + offset, each [x's extent along the axis].
Variable batch_normalization(const Operand& x, const Operand& mean, const Operand& variance,
                             BatchNormalizeOptions options = {});
struct BatchStatisticsOptions {
  std::int64_t axis = -1;
  double epsilon = 1e-3;
};
// The same by the batch's own mean and biased variance, through which gradients pass; these are NaN where the
// batch has no rows, and the output of a batch of one row is beta.
struct NormalizedBatch {
  Variable output;
  Variable mean;
  Variable variance;
};
NormalizedBatch batch_normalization_training(const Operand& x, const Operand& gamma, const Operand& beta,
                                             BatchStatisticsOptions options = {});

struct LayerNormalizeOptions {
  Axes axis = -1;
  double epsilon = 1e-3;
};
// (x - mean) / sqrt(variance + epsilon) over the axes of each sample, times gamma, plus beta; both have the
// extents of these axes.
Variable layer_normalization(const Operand& x, LayerNormalizeOptions options = {});
Variable layer_normalization(const Operand& x, const Operand& gamma, const Operand& beta,
                             LayerNormalizeOptions options = {});
struct GroupNormalizeOptions {
  std::int64_t groups = 32;  // -1: one for each channel
  std::int64_t axis = -1;
  double epsilon = 1e-3;
};
// The same over each group of channels of each sample. ShapeError unless gamma and beta are [channels].
Variable group_normalization(const Operand& x, GroupNormalizeOptions options = {});
Variable group_normalization(const Operand& x, const Operand& gamma, const Operand& beta,
                             GroupNormalizeOptions options = {});
struct RmsNormalizeOptions {
  Axes axis = -1;
  double epsilon = 1e-6;
};
// x / sqrt(mean(x^2) + epsilon) (* scale) over the axes. ShapeError unless scale has their extents.
Variable rms_normalization(const Operand& x, RmsNormalizeOptions options = {});
Variable rms_normalization(const Operand& x, const Operand& scale, RmsNormalizeOptions options = {});
struct L2NormalizeOptions {
  Axes axis = -1;
  double epsilon = 1e-12;
};
// x / sqrt(max(sum(x^2), epsilon)) over the axes. A vector of zeros stays, and has the gradient 0.
Variable l2_normalize(const Operand& x, L2NormalizeOptions options = {});

struct DropOptions {
  double rate = 0.5;  // in [0, 1); else ValueError
  Axes noise_shape =
      {};  // of the mask: 1 where an axis shares one draw, -1 for x's own extent; empty: x's shape
};
// Sets a share `rate` of the values to 0 and divides the others by 1 - rate, by draws from `random`.
// ShapeError for a noise_shape that does not fit.
Variable dropout(const Operand& x, Random& random, DropOptions options = {});

// Rows of a table: [rows, n], [..] -> [.., n]. The indices are integers, or floats without a fraction.
// ValueError for one that is no row.
Variable embedding(const Operand& table, const Operand& indices);
struct OneHotOptions {
  std::int64_t axis = -1;  // where the classes stand in the result
  DType dtype = DType::float32;
};
// 1 at each index and 0 elsewhere: [..] -> [.., num_classes]. ValueError for an index that is no class (where
// TensorFlow gives a row of zeros) and num_classes below 1; ShapeError for an axis out of range. No gradient.
Variable one_hot(const Operand& indices, std::int64_t num_classes, OneHotOptions options = {});

struct DotProductAttentionOptions {
  std::optional<Operand> mask = {};  // boolean, true where a query may attend; broadcasts to [.., t, s]
  std::optional<Operand> bias = {};  // added to the scores; -infinity masks
  bool is_causal = false;            // query i attends keys 0 to i only
  std::optional<double> scale = {};  // of the scores; 1 / sqrt(d) unless given
};
// softmax(query key^T scale + bias) value: [.., t, d], [.., s, d], [.., s, n] -> [.., t, n]; leading axes
// broadcast. (Heads come before time, as in PyTorch; keras.ops.dot_product_attention has them after.) A query
// that may attend nothing gets zeros. ShapeError: a rank below 2, extents that disagree, a mask or bias that
// does not broadcast to the scores; DTypeError: a mask that is not boolean; ValueError: a scale that is not
// finite.
Variable scaled_dot_product_attention(const Operand& query, const Operand& key, const Operand& value,
                                      DotProductAttentionOptions options = {});

struct RecurrentOptions {
  bool return_sequences = false;  // output is [batch, time, units], else that of the last step [batch, units]
  bool go_backwards = false;  // steps from the last to the first; a sequence stands in the order of the steps
  std::optional<Operand> initial_hidden = {};  // [batch, units]; zeros unless given
};
struct RecurrentResult {
  Variable output;
  Variable hidden;  // after the last step; over no steps the initial one
};
struct LstmOptions {
  bool return_sequences = false;
  bool go_backwards = false;
  std::optional<Operand> initial_hidden = {};
  std::optional<Operand> initial_cell = {};
};
struct LstmResult {
  Variable output;
  Variable hidden;
  Variable cell;
};
// Recurrent nets over [batch, time, features], by Keras's layouts: kernel [features, gates * units],
// recurrent kernel [units, gates * units], bias [gates * units] (left out: zeros). ShapeError where these
// disagree. h = tanh(x kernel + h recurrent + bias)
RecurrentResult simple_rnn(const Operand& x, const Operand& kernel, const Operand& recurrent_kernel,
                           RecurrentOptions options = {});
RecurrentResult simple_rnn(const Operand& x, const Operand& kernel, const Operand& recurrent_kernel,
                           const Operand& bias, RecurrentOptions options = {});
// Gates i, f, c, o: c = f c + i tanh(..), h = o tanh(c). Hochreiter and Schmidhuber 1997, with forget gates.
LstmResult lstm(const Operand& x, const Operand& kernel, const Operand& recurrent_kernel,
                LstmOptions options = {});
LstmResult lstm(const Operand& x, const Operand& kernel, const Operand& recurrent_kernel, const Operand& bias,
                LstmOptions options = {});
// Gates z, r, h with Keras's reset_after: h = z h + (1 - z) tanh(x .. + r (h recurrent + bias[1])); the bias
// is [2, 3 * units]. Cho et al. 2014.
RecurrentResult gru(const Operand& x, const Operand& kernel, const Operand& recurrent_kernel,
                    RecurrentOptions options = {});
RecurrentResult gru(const Operand& x, const Operand& kernel, const Operand& recurrent_kernel,
                    const Operand& bias, RecurrentOptions options = {});

}  // namespace gradus
