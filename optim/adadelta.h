#pragma once

#include <gradus/optim/optimizer.h>

namespace gradus {

struct AdadeltaOptions {
  LearningRate learning_rate = 0.001;
  double rho = 0.95;  // in [0, 1)
  double epsilon = 1e-7;
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

// Adadelta (Zeiler, 2012) as Keras has it: a = rho a + (1 - rho) g²,
// delta = -g sqrt(d + epsilon) / sqrt(a + epsilon), d = rho d + (1 - rho) delta², w += lr delta. With Keras's
// learning rate it starts slowly; the paper's is 1. ValueError for options out of range.
class Adadelta : public Optimizer {
 public:
  explicit Adadelta(AdadeltaOptions options = {});
  // Builds, too.
  explicit Adadelta(const Variables& parameters, AdadeltaOptions options = {});
  explicit Adadelta(const Variable& parameter, AdadeltaOptions options = {});
};

}  // namespace gradus
