#pragma once

#include <gradus/optim/optimizer.h>

namespace gradus {

struct AdagradOptions {
  double learning_rate = 0.001;
  double initial_accumulator_value = 0.1;  // at least 0
  double epsilon = 1e-7;
  double weight_decay = 0;
  std::optional<double> clipnorm = {};
  std::optional<double> clipvalue = {};
  std::optional<double> global_clipnorm = {};
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
