#pragma once

#include <gradus/optim/optimizer.h>

namespace gradus {

struct AdamOptions {
  LearningRate learning_rate = 0.001;
  double beta_1 = 0.9;    // in [0, 1)
  double beta_2 = 0.999;  // in [0, 1)
  double epsilon = 1e-7;
  bool amsgrad = false;
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

// Adam (Kingma and Ba, 2015) as Keras has it: at update t
//   m += (g - m)(1 - beta_1),  v += (g² - v)(1 - beta_2),
//   w -= lr sqrt(1 - beta_2^t) / (1 - beta_1^t) · m / (sqrt(v) + epsilon);
// epsilon stands outside the root and is not corrected (the paper's "epsilon hat"). With amsgrad the largest
// v so far takes v's place under the root. ValueError for options out of range.
class Adam : public Optimizer {
 public:
  explicit Adam(AdamOptions options = {});
  // Builds, too.
  explicit Adam(const Variables& parameters, AdamOptions options = {});
  explicit Adam(const Variable& parameter, AdamOptions options = {});
};

}  // namespace gradus
