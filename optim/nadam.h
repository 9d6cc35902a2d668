#pragma once

#include <gradus/optim/optimizer.h>

namespace gradus {

struct NadamOptions {
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

// Adam with Nesterov's momentum (Dozat, 2016) as Keras has it: with u_t = beta_1 (1 - 0.5 · 0.96^t) and p the
// product of u_1 … u_t, at update t
//   m += (g - m)(1 - beta_1),  v += (g² - v)(1 - beta_2),
//   m' = u_{t+1} m / (1 - p u_{t+1}) + (1 - u_t) g / (1 - p),
//   w -= lr m' / (sqrt(v / (1 - beta_2^t)) + epsilon).
// The state has p at its end ("u_product"). ValueError for options out of range.
class Nadam : public Optimizer {
 public:
  explicit Nadam(NadamOptions options = {});
  // Builds, too.
  explicit Nadam(const Variables& parameters, NadamOptions options = {});
  explicit Nadam(const Variable& parameter, NadamOptions options = {});
};

}  // namespace gradus
