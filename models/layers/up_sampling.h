#pragma once

#include <gradus/models/data_format.h>
#include <gradus/models/layer.h>
#include <gradus/ops/nn.h>

namespace gradus {

// Larger images. ValueError for a factor that is not positive.

struct UpSampling1DOptions {
  std::int64_t size = 2;
  Shape input_shape = {};
  std::string name = {};
  bool trainable = true;
  std::optional<DType> dtype = {};
};
// Each step `size` times: [batch, steps, channels] -> [batch, steps size, channels].
class UpSampling1D : public Layer {
 public:
  explicit UpSampling1D(UpSampling1DOptions options = {});
  static UpSampling1D from_config(const Config& config);
};

struct UpSampling2DOptions {
  Axes size = 2;  // factors of the height and the width
  DataFormat data_format = {};
  Interpolation interpolation = {};
  Shape input_shape = {};
  std::string name = {};
  bool trainable = true;
  std::optional<DType> dtype = {};
};
// Rows and columns repeated, or interpolated: [batch, h, w, channels] -> [batch, h size_h, w size_w,
// channels].
class UpSampling2D : public Layer {
 public:
  explicit UpSampling2D(UpSampling2DOptions options = {});
  static UpSampling2D from_config(const Config& config);
};

}  // namespace gradus
