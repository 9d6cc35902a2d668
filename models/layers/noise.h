#pragma once

#include <gradus/models/layer.h>

namespace gradus {

// Noise in training; else these layers change nothing. ValueError for a number outside [0, 1].

struct NoiseOptions {
  std::optional<std::uint64_t> seed = {};
  Shape input_shape = {};
  std::string name = {};
  bool trainable = true;
  std::optional<DType> dtype = {};
};
// x plus normal noise of mean 0 and this standard deviation.
class GaussianNoise : public Layer {
 public:
  explicit GaussianNoise(double stddev, NoiseOptions options = {});
  static GaussianNoise from_config(const Config& config);
};
// x times normal noise of mean 1 and standard deviation sqrt(rate / (1 - rate)), as Dropout has it
// (Srivastava et al., 2014). ValueError for a rate of 1 too.
class GaussianDropout : public Layer {
 public:
  explicit GaussianDropout(double rate, NoiseOptions options = {});
  static GaussianDropout from_config(const Config& config);
};

struct AlphaDropoutOptions {
  Axes noise_shape = {};  // as Dropout's
  std::optional<std::uint64_t> seed = {};
  Shape input_shape = {};
  std::string name = {};
  bool trainable = true;
  std::optional<DType> dtype = {};
};
// Sets a share `rate` of the values to the negative limit of selu, then scales and shifts all so that mean 0
// and variance 1 stay (Klambauer et al., 2017). A rate of 1 is a ValueError, ShapeError where noise_shape
// does not fit.
class AlphaDropout : public Layer {
 public:
  explicit AlphaDropout(double rate, AlphaDropoutOptions options = {});
  static AlphaDropout from_config(const Config& config);
};

struct ActivityRegularizationOptions {
  double l1 = 0;
  double l2 = 0;
  Shape input_shape = {};
  std::string name = {};
  bool trainable = true;
  std::optional<DType> dtype = {};
};
// Changes nothing, and adds (l1 sum(|x|) + l2 sum(x^2)) / batch size to the loss. ValueError for a factor
// that is negative or not finite.
class ActivityRegularization : public Layer {
 public:
  explicit ActivityRegularization(ActivityRegularizationOptions options = {});
  static ActivityRegularization from_config(const Config& config);
};

}  // namespace gradus
