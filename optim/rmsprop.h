#pragma once

#include <gradus/optim/optimizer.h>

namespace gradus {

struct RMSpropOptions {
  LearningRate learning_rate = 0.001;
  double rho = 0.9;     // in [0, 1)
  double momentum = 0;  // in [0, 1]
  double epsilon = 1e-7;
  bool centered = false;
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

// RMSprop (Hinton, 2012) as Keras has it: v = rho v + (1 - rho) g², w -= lr g / sqrt(v + epsilon), epsilon
// inside the root. Centered, a = rho a + (1 - rho) g and v - a² (never below 0, where rounding would take it)
// stands under the root. With momentum the steps gather: m = momentum m + step, w -= m. ValueError for
// options out of range.
class RMSprop : public Optimizer {
 public:
  explicit RMSprop(RMSpropOptions options = {});
  // Builds, too.
  explicit RMSprop(const Variables& parameters, RMSpropOptions options = {});
  explicit RMSprop(const Variable& parameter, RMSpropOptions options = {});
};

}  // namespace gradus
