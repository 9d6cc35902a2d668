#pragma once

#include <gradus/models/layer.h>

namespace gradus {

// The same values under the shape `target_shape` of a sample, where one extent may be -1: what is left.
// ValueError for two of them or a smaller one; ShapeError where the sizes differ.
class Reshape : public Layer {
 public:
  explicit Reshape(const Dims& target_shape, LayerOptions options = {});
  static Reshape from_config(const Config& config);
};

// Axis i of a sample becomes axis dims[i]; they count from 1, as the batch's is 0: {2, 1} transposes.
// ValueError unless they are 1 to the rank in some order, ShapeError for samples of another rank.
class Permute : public Layer {
 public:
  explicit Permute(const Axes& dims, LayerOptions options = {});
  static Permute from_config(const Config& config);
};

// [batch, features] -> [batch, n, features]. ValueError unless n is positive, ShapeError for another rank.
class RepeatVector : public Layer {
 public:
  explicit RepeatVector(std::int64_t n, LayerOptions options = {});
  static RepeatVector from_config(const Config& config);
};

// What comes in goes out, with its mask.
class Identity : public Layer {
 public:
  explicit Identity(LayerOptions options = {});
  static Identity from_config(const Config& config);
};

}  // namespace gradus
