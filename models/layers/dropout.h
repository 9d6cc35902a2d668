#pragma once

#include <gradus/models/data_format.h>
#include <gradus/models/layer.h>

namespace gradus {

struct DropoutOptions {
  // The shape of the mask, with the batch: 1 where an axis shares one draw, -1 for the input's own extent.
  // Empty: each value is drawn for itself.
  Axes noise_shape = {};
  std::optional<std::uint64_t> seed = {};
  Shape input_shape = {};
  std::optional<std::int64_t> input_dim = {};
  std::string name = {};
  bool trainable = true;
  std::optional<DType> dtype = {};
};

// In training sets a share `rate` of the values to 0 and divides the others by 1 - rate; else changes
// nothing. A rate of 1 drops all. ValueError for a rate outside [0, 1], ShapeError where noise_shape does not
// fit.
class Dropout : public Layer {
 public:
  explicit Dropout(double rate, DropoutOptions options = {});
  static Dropout from_config(const Config& config);
};

struct SpatialDropoutOptions {
  std::optional<std::uint64_t> seed = {};
  Shape input_shape = {};
  std::string name = {};
  bool trainable = true;
  std::optional<DType> dtype = {};
};
// Dropout of whole channels: one draw for all steps [batch, steps, channels], or pixels, of a sample.
// ShapeError for another rank.
class SpatialDropout1D : public Layer {
 public:
  explicit SpatialDropout1D(double rate, SpatialDropoutOptions options = {});
  static SpatialDropout1D from_config(const Config& config);
};
struct SpatialDropoutImageOptions {
  DataFormat data_format = {};
  std::optional<std::uint64_t> seed = {};
  Shape input_shape = {};
  std::string name = {};
  bool trainable = true;
  std::optional<DType> dtype = {};
};
class SpatialDropout2D : public Layer {  // [batch, height, width, channels]
 public:
  explicit SpatialDropout2D(double rate, SpatialDropoutImageOptions options = {});
  static SpatialDropout2D from_config(const Config& config);
};
class SpatialDropout3D : public Layer {  // [batch, depth, height, width, channels]
 public:
  explicit SpatialDropout3D(double rate, SpatialDropoutImageOptions options = {});
  static SpatialDropout3D from_config(const Config& config);
};

}  // namespace gradus
