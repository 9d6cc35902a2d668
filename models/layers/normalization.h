#pragma once

#include <gradus/models/layer.h>

namespace gradus {

struct NormalizationOptions {
  // Each position along these, counted with the batch's, has a mean and a variance of its own; empty: there
  // is one for all values.
  Axes axis = -1;
  // Known ones: a scalar, or a tensor of the extents along the axes. Both or none.
  Tensor mean = {};
  Tensor variance = {};
  bool invert = false;  // the way back: x sqrt(variance) + mean
  Shape input_shape = {};
  std::string name = {};
  bool trainable = true;
  std::optional<DType> dtype = {};
};

// (x - mean) / max(sqrt(variance), 1e-7), of data the layer was shown or told of. Unless they are given, mean
// and variance are weights that training does not change: 0 and 1 before `adapt`. ValueError for one of the
// two alone, shapes that differ, or the batch's axis; ShapeError for an axis out of range or values that do
// not fit.
class Normalization : public Layer {
 public:
  explicit Normalization(NormalizationOptions options = {});
  static Normalization from_config(const Config& config);
  // Takes the mean and the (biased) variance of a batch of samples; builds the layer first. ValueError for no
  // samples, ShapeError where the layer was built for others, StateError where they were given.
  void adapt(const Tensor& data) const;
};

}  // namespace gradus
