#pragma once

#include <gradus/models/data_format.h>
#include <gradus/models/layer.h>
#include <gradus/ops/nn.h>

namespace gradus {

// The largest value, or the mean, of each window: [batch, steps, channels] -> [batch, steps', channels], and
// [batch, height, width, channels] likewise. Sizes are one number for all spatial axes or one for each. A
// mean is over the pixels of the image that the window covers. ValueError for a number that is not positive;
// ShapeError for a window that is larger than the image, unless the padding is "same".

struct Pooling1DOptions {
  Axes pool_size = 2;
  Axes strides = {};  // empty: the pool size
  Padding padding = {};
  DataFormat data_format = {};
  Shape input_shape = {};
  std::string name = {};
  bool trainable = true;
  std::optional<DType> dtype = {};
};
using Pooling2DOptions = Pooling1DOptions;

class MaxPooling1D : public Layer {
 public:
  explicit MaxPooling1D(Pooling1DOptions options = {});
  static MaxPooling1D from_config(const Config& config);
};
class MaxPooling2D : public Layer {
 public:
  explicit MaxPooling2D(Pooling2DOptions options = {});
  static MaxPooling2D from_config(const Config& config);
};
class AveragePooling1D : public Layer {
 public:
  explicit AveragePooling1D(Pooling1DOptions options = {});
  static AveragePooling1D from_config(const Config& config);
};
class AveragePooling2D : public Layer {
 public:
  explicit AveragePooling2D(Pooling2DOptions options = {});
  static AveragePooling2D from_config(const Config& config);
};

struct GlobalPoolingLayerOptions {
  DataFormat data_format = {};
  bool keepdims = false;  // [batch, 1, 1, channels] instead of [batch, channels]
  Shape input_shape = {};
  std::string name = {};
  bool trainable = true;
  std::optional<DType> dtype = {};
};
// Over the whole image. ShapeError for an image without pixels.
class GlobalMaxPooling1D : public Layer {
 public:
  explicit GlobalMaxPooling1D(GlobalPoolingLayerOptions options = {});
  static GlobalMaxPooling1D from_config(const Config& config);
};
class GlobalMaxPooling2D : public Layer {
 public:
  explicit GlobalMaxPooling2D(GlobalPoolingLayerOptions options = {});
  static GlobalMaxPooling2D from_config(const Config& config);
};
// The mean of those steps that the input's mask, if it has one, keeps; NaN where it keeps none, as in Keras.
class GlobalAveragePooling1D : public Layer {
 public:
  explicit GlobalAveragePooling1D(GlobalPoolingLayerOptions options = {});
  static GlobalAveragePooling1D from_config(const Config& config);
};
class GlobalAveragePooling2D : public Layer {
 public:
  explicit GlobalAveragePooling2D(GlobalPoolingLayerOptions options = {});
  static GlobalAveragePooling2D from_config(const Config& config);
};

struct AdaptivePoolingOptions {
  DataFormat data_format = {};
  Shape input_shape = {};
  std::string name = {};
  bool trainable = true;
  std::optional<DType> dtype = {};
};
// By windows that are chosen so that the result has `output_size` positions: position i of m covers pixels
// floor(i n / m) to ceil((i + 1) n / m) of n.
class AdaptiveMaxPooling1D : public Layer {
 public:
  explicit AdaptiveMaxPooling1D(const Axes& output_size, AdaptivePoolingOptions options = {});
  static AdaptiveMaxPooling1D from_config(const Config& config);
};
class AdaptiveMaxPooling2D : public Layer {
 public:
  explicit AdaptiveMaxPooling2D(const Axes& output_size, AdaptivePoolingOptions options = {});
  static AdaptiveMaxPooling2D from_config(const Config& config);
};
class AdaptiveAveragePooling1D : public Layer {
 public:
  explicit AdaptiveAveragePooling1D(const Axes& output_size, AdaptivePoolingOptions options = {});
  static AdaptiveAveragePooling1D from_config(const Config& config);
};
class AdaptiveAveragePooling2D : public Layer {
 public:
  explicit AdaptiveAveragePooling2D(const Axes& output_size, AdaptivePoolingOptions options = {});
  static AdaptiveAveragePooling2D from_config(const Config& config);
};

}  // namespace gradus
