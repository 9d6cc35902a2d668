#pragma once

#include <gradus/models/layer.h>

namespace gradus {

struct BatchNormalizationOptions {
  std::int64_t axis = -1;  // the channels, counted with the batch's
  double momentum = 0.99;
  double epsilon = 1e-3;
  bool center = true;  // adds beta
  bool scale = true;   // multiplies by gamma
  Initializer beta_initializer = "zeros";
  Initializer gamma_initializer = "ones";
  Initializer moving_mean_initializer = "zeros";
  Initializer moving_variance_initializer = "ones";
  Regularizer beta_regularizer = {};
  Regularizer gamma_regularizer = {};
  Constraint beta_constraint = {};
  Constraint gamma_constraint = {};
  Shape input_shape = {};
  std::string name = {};
  bool trainable = true;
  std::optional<DType> dtype = {};
};

// gamma (x - mean) / sqrt(variance + epsilon) + beta for each channel (Ioffe and Szegedy, 2015). In training
// by the mean and the biased variance of the batch, of which the layer keeps moving averages (momentum old +
// (1 - momentum) new); else, and where the layer is not trainable, by these averages. Where the input has a
// mask, only what it keeps counts. ValueError for a momentum outside [0, 1], a negative epsilon or the
// batch's axis; ShapeError for an axis out of range.
class BatchNormalization : public Layer {
 public:
  explicit BatchNormalization(BatchNormalizationOptions options = {});
  static BatchNormalization from_config(const Config& config);
  // StateError before the layer is built, or without the weight.
  Parameter gamma() const;
  Parameter beta() const;
  Parameter moving_mean() const;
  Parameter moving_variance() const;
};

}  // namespace gradus
