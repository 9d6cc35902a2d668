#pragma once

#include <gradus/optim/optimizer.h>

namespace gradus {

struct AdamWOptions {
  LearningRate learning_rate = 0.001;
  double weight_decay = 0.004;
  double beta_1 = 0.9;    // in [0, 1)
  double beta_2 = 0.999;  // in [0, 1)
  double epsilon = 1e-7;
  bool amsgrad = false;
  std::optional<double> clipnorm = {};
  std::optional<double> clipvalue = {};
  std::optional<double> global_clipnorm = {};
  bool use_ema = false;
  double ema_momentum = 0.99;
  std::optional<std::int64_t> ema_overwrite_frequency = {};
  std::optional<double> loss_scale_factor = {};
  std::optional<std::int64_t> gradient_accumulation_steps = {};
};

// Adam with decoupled weight decay (Loshchilov and Hutter, 2019): w -= w weight_decay lr, then Adam's rule.
// ValueError for options out of range.
class AdamW : public Optimizer {
 public:
  explicit AdamW(AdamWOptions options = {});
  // Builds, too.
  explicit AdamW(const Variables& parameters, AdamWOptions options = {});
  explicit AdamW(const Variable& parameter, AdamWOptions options = {});
};

}  // namespace gradus
