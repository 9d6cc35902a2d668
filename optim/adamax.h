#pragma once

#include <gradus/optim/optimizer.h>

namespace gradus {

struct AdamaxOptions {
  LearningRate learning_rate = 0.001;
  double beta_1 = 0.9;    // in [0, 1)
  double beta_2 = 0.999;  // in [0, 1)
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

// Adamax (Kingma and Ba, 2015, section 7) as Keras has it: at update t
//   m += (g - m)(1 - beta_1),  u = max(beta_2 u, |g|),  w -= lr m / ((1 - beta_1^t)(u + epsilon)).
// ValueError for options out of range.
class Adamax : public Optimizer {
 public:
  explicit Adamax(AdamaxOptions options = {});
  // Builds, too.
  explicit Adamax(const Variables& parameters, AdamaxOptions options = {});
  explicit Adamax(const Variable& parameter, AdamaxOptions options = {});
};

}  // namespace gradus
