#pragma once

#include <gradus/optim/optimizer.h>

namespace gradus {

struct FtrlOptions {
  LearningRate learning_rate = 0.001;
  double learning_rate_power = -0.5;       // at most 0
  double initial_accumulator_value = 0.1;  // this and the rest at least 0
  double l1_regularization_strength = 0;
  double l2_regularization_strength = 0;
  double l2_shrinkage_regularization_strength = 0;
  double beta = 0;
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

// Follow the regularised leader (McMahan and others, 2013) as Keras has it; p is -learning_rate_power:
//   g' = g + 2 l2_shrinkage w,  n' = n + g²,  z += g' - (n'^p - n^p) / lr · w,
//   w = (clip(z, -l1, l1) - z) / (n'^p / lr + 2 l2 + beta / lr),  n = n'.
// w is exactly 0 where |z| is at most l1. ValueError for options out of range. The rule divides by the
// learning rate: one of 0 leaves the parameters as they are.
class Ftrl : public Optimizer {
 public:
  explicit Ftrl(FtrlOptions options = {});
  // Builds, too.
  explicit Ftrl(const Variables& parameters, FtrlOptions options = {});
  explicit Ftrl(const Variable& parameter, FtrlOptions options = {});
};

}  // namespace gradus
