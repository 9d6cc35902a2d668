#pragma once

#include <gradus/optim/optimizer.h>

namespace gradus {

struct SGDOptions {
  LearningRate learning_rate = 0.01;
  double momentum = 0;  // in [0, 1]
  bool nesterov = false;
  double weight_decay = 0;
  std::optional<double> clipnorm = {};
  std::optional<double> clipvalue = {};
  std::optional<double> global_clipnorm = {};
  bool use_ema = false;
  double ema_momentum = 0.99;
  std::optional<std::int64_t> ema_overwrite_frequency = {};
  std::optional<double> loss_scale_factor = {};
  std::optional<std::int64_t> gradient_accumulation_steps = {};
};

// Gradient descent: w -= lr g. With momentum m = momentum m - lr g, then w += m or, as Nesterov,
// w += momentum m - lr g. Nesterov without momentum is plain descent, as in Keras. ValueError for options out
// of range.
class SGD : public Optimizer {
 public:
  explicit SGD(SGDOptions options = {});
  // Builds, too.
  explicit SGD(const Variables& parameters, SGDOptions options = {});
  explicit SGD(const Variable& parameter, SGDOptions options = {});
};

}  // namespace gradus
