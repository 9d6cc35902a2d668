#pragma once

#include <gradus/optim/learning_rate.h>

#include <optional>
#include <vector>

namespace gradus {

// Keras's learning-rate schedules, by its formulas and with its names in its order; s is the step, from 0:
//
//   ExponentialDecay rate(0.1, 1000, 0.96, {.staircase = true});
//   rate(2500);                                     // 0.1 · 0.96²
//   SGD optimizer({.learning_rate = rate});
//
// ValueError for learning rates that are not finite or below 0, and for steps that are not above 0.

struct ExponentialDecayOptions {
  bool staircase = false;  // the exponent is rounded down
};

// initial_learning_rate · decay_rate ^ (s / decay_steps)
class ExponentialDecay : public LearningRate {
 public:
  ExponentialDecay(double initial_learning_rate, std::int64_t decay_steps, double decay_rate,
                   ExponentialDecayOptions options = {});
};

// values[0] for s <= boundaries[0], values[i] for boundaries[i - 1] < s <= boundaries[i], then the last.
// ValueError unless boundaries increase and there is one value more than there are boundaries.
class PiecewiseConstantDecay : public LearningRate {
 public:
  PiecewiseConstantDecay(std::vector<std::int64_t> boundaries, std::vector<double> values);
};

struct PolynomialDecayOptions {
  double end_learning_rate = 0.0001;
  double power = 1;
  bool cycle = false;  // begins anew after decay_steps, each time for the next multiple of them
};

// (initial - end) (1 - s / decay_steps) ^ power + end; from decay_steps on the end.
class PolynomialDecay : public LearningRate {
 public:
  PolynomialDecay(double initial_learning_rate, std::int64_t decay_steps,
                  PolynomialDecayOptions options = {});
};

struct InverseTimeDecayOptions {
  bool staircase = false;  // s / decay_steps is rounded down
};

// initial_learning_rate / (1 + decay_rate · s / decay_steps)
class InverseTimeDecay : public LearningRate {
 public:
  InverseTimeDecay(double initial_learning_rate, std::int64_t decay_steps, double decay_rate,
                   InverseTimeDecayOptions options = {});
};

struct CosineDecayOptions {
  double alpha = 0;                          // the end, as a part of the learning rate decayed from
  std::optional<double> warmup_target = {};  // where the decay begins, after warmup_steps
  std::int64_t warmup_steps = 0;             // ignored without a target, as in Keras
};

// Half a cosine (Loshchilov and Hutter, 2017): initial ((1 - alpha) (1 + cos(pi s / decay_steps)) / 2 +
// alpha), from decay_steps on initial · alpha. With a warmup_target the rate first rises in a line from the
// initial one to the target, in warmup_steps, and then decays from the target.
class CosineDecay : public LearningRate {
 public:
  CosineDecay(double initial_learning_rate, std::int64_t decay_steps, CosineDecayOptions options = {});
};

struct CosineDecayRestartsOptions {
  double t_mul = 2;  // each period is so many times as long as the one before; above 0
  double m_mul = 1;  // and starts at so many times its height; at least 0
  double alpha = 0;
};

// CosineDecay without a warm-up that starts again at the end of each period (Loshchilov and Hutter, 2017).
class CosineDecayRestarts : public LearningRate {
 public:
  CosineDecayRestarts(double initial_learning_rate, std::int64_t first_decay_steps,
                      CosineDecayRestartsOptions options = {});
};

}  // namespace gradus
