#pragma once

#include <gradus/optim/optimizer.h>

namespace gradus {

struct LionOptions {
  LearningRate learning_rate = 0.001;
  double beta_1 = 0.9;   // in (0, 1]
  double beta_2 = 0.99;  // in [0, 1]
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

// Lion (Chen and others, 2023) as Keras has it: w -= lr sign(beta_1 m + (1 - beta_1) g), then
// m = beta_2 m + (1 - beta_2) g. Every element moves by the learning rate, so that is to be smaller than
// Adam's. ValueError for options out of range.
class Lion : public Optimizer {
 public:
  explicit Lion(LionOptions options = {});
  // Builds, too.
  explicit Lion(const Variables& parameters, LionOptions options = {});
  explicit Lion(const Variable& parameter, LionOptions options = {});
};

}  // namespace gradus
