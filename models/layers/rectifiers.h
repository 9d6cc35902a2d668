#pragma once

#include <gradus/models/layer.h>

namespace gradus {

// Activations with options, as layers; the shape stays. ValueError for an option that is not finite, or
// negative where that makes no sense.

struct ReLULayerOptions {
  std::optional<double> max_value = {};  // what values are cut at
  double negative_slope = 0;             // of values up to the threshold
  double threshold = 0;                  // the value up to which x counts as negative
  Shape input_shape = {};
  std::string name = {};
  bool trainable = true;
  std::optional<DType> dtype = {};
};
// min(x, max_value) where x > threshold, else negative_slope (x - threshold).
class ReLU : public Layer {
 public:
  explicit ReLU(ReLULayerOptions options = {});
  static ReLU from_config(const Config& config);
};

struct LeakyReLULayerOptions {
  double negative_slope = 0.3;  // the activation "leaky_relu" has 0.2, as in Keras
  Shape input_shape = {};
  std::string name = {};
  bool trainable = true;
  std::optional<DType> dtype = {};
};
// x where x > 0, else negative_slope x.
class LeakyReLU : public Layer {
 public:
  explicit LeakyReLU(LeakyReLULayerOptions options = {});
  static LeakyReLU from_config(const Config& config);
};

struct ELULayerOptions {
  double alpha = 1;
  Shape input_shape = {};
  std::string name = {};
  bool trainable = true;
  std::optional<DType> dtype = {};
};
// x where x > 0, else alpha (e^x - 1).
class ELU : public Layer {
 public:
  explicit ELU(ELULayerOptions options = {});
  static ELU from_config(const Config& config);
};

struct PReLUOptions {
  Initializer alpha_initializer = "zeros";
  Regularizer alpha_regularizer = {};
  Constraint alpha_constraint = {};
  Axes shared_axes = {};  // that have one alpha for all positions, counted with the batch's: {1, 2} of images
  Shape input_shape = {};
  std::string name = {};
  bool trainable = true;
  std::optional<DType> dtype = {};
  std::optional<std::uint64_t> seed = {};
};
// x where x > 0, else alpha x with the weight alpha, which has the shape of a sample but for the shared axes.
class PReLU : public Layer {
 public:
  explicit PReLU(PReLUOptions options = {});
  static PReLU from_config(const Config& config);
};

}  // namespace gradus
