#pragma once

#include <gradus/models/layer.h>

namespace gradus {

// Normalisations of each sample for itself. Axes count with the batch's, which is not to be among them: else
// ValueError; ShapeError for one out of range. ValueError for a negative epsilon.

struct LayerNormalizationOptions {
  Axes axis = -1;
  double epsilon = 1e-3;
  bool center = true;  // adds beta
  bool scale = true;   // multiplies by gamma
  Initializer beta_initializer = "zeros";
  Initializer gamma_initializer = "ones";
  Regularizer beta_regularizer = {};
  Regularizer gamma_regularizer = {};
  Constraint beta_constraint = {};
  Constraint gamma_constraint = {};
  Shape input_shape = {};
  std::string name = {};
  bool trainable = true;
  std::optional<DType> dtype = {};
};
// gamma (x - mean) / sqrt(variance + epsilon) + beta over the axes (Ba, Kiros and Hinton, 2016); gamma and
// beta have the extents of these axes.
class LayerNormalization : public Layer {
 public:
  explicit LayerNormalization(LayerNormalizationOptions options = {});
  static LayerNormalization from_config(const Config& config);
  // StateError before the layer is built, or without the weight.
  Parameter gamma() const;
  Parameter beta() const;
};

struct GroupNormalizationOptions {
  std::int64_t groups = 32;  // -1: one for each channel
  std::int64_t axis = -1;    // the channels
  double epsilon = 1e-3;
  bool center = true;
  bool scale = true;
  Initializer beta_initializer = "zeros";
  Initializer gamma_initializer = "ones";
  Regularizer beta_regularizer = {};
  Regularizer gamma_regularizer = {};
  Constraint beta_constraint = {};
  Constraint gamma_constraint = {};
  Shape input_shape = {};
  std::string name = {};
  bool trainable = true;
  std::optional<DType> dtype = {};
};
// The same over all positions and the channels of each group (Wu and He, 2018); gamma and beta have a value
// for each channel. ValueError for a number of groups that is none; ShapeError where they do not divide the
// channels.
class GroupNormalization : public Layer {
 public:
  explicit GroupNormalization(GroupNormalizationOptions options = {});
  static GroupNormalization from_config(const Config& config);
  Parameter gamma() const;
  Parameter beta() const;
};

struct RMSNormalizationOptions {
  Axes axis = -1;
  double epsilon = 1e-6;
  Shape input_shape = {};
  std::string name = {};
  bool trainable = true;
  std::optional<DType> dtype = {};
};
// scale x / sqrt(mean(x^2) + epsilon) over the axes (Zhang and Sennrich, 2019), with the weight `scale`.
class RMSNormalization : public Layer {
 public:
  explicit RMSNormalization(RMSNormalizationOptions options = {});
  static RMSNormalization from_config(const Config& config);
  Parameter scale() const;
};

struct UnitNormalizationOptions {
  Axes axis = -1;
  Shape input_shape = {};
  std::string name = {};
  bool trainable = true;
  std::optional<DType> dtype = {};
};
// x / sqrt(max(sum(x^2), 1e-12)) over the axes: vectors of length 1.
class UnitNormalization : public Layer {
 public:
  explicit UnitNormalization(UnitNormalizationOptions options = {});
  static UnitNormalization from_config(const Config& config);
};

}  // namespace gradus
