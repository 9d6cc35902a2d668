#pragma once

#include <gradus/optim/optimizer.h>

namespace gradus {

struct AdagradOptions {
  LearningRate learning_rate = 0.001;
  double initial_accumulator_value = 0.1;  // at least 0
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

// Adagrad (Duchi, Hazan and Singer, 2011) as Keras has it: a += g², w -= lr g / sqrt(a + epsilon).
// ValueError for options out of range.
class Adagrad : public Optimizer {
 public:
  explicit Adagrad(AdagradOptions options = {});
  // Builds, too.
  explicit Adagrad(const Variables& parameters, AdagradOptions options = {});
  explicit Adagrad(const Variable& parameter, AdagradOptions options = {});
};

}  // namespace gradus
