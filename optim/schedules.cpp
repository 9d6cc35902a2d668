#include <gradus/graph/error.h>
#include <gradus/optim/check.h>
#include <gradus/optim/schedules.h>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace gradus {

namespace {

// The checked arguments that all of them have.
struct Start {
  double rate, steps;
};

Start start(std::string_view who, double initial_learning_rate, std::string_view steps_name,
            std::int64_t steps) {
  check::not_negative(who, "initial_learning_rate", initial_learning_rate);
  check::at_least(who, steps_name, steps, 1);
  return {initial_learning_rate, static_cast<double>(steps)};
}

Start start(std::string_view who, double initial_learning_rate, std::int64_t decay_steps) {
  return start(who, initial_learning_rate, "decay_steps", decay_steps);
}

// How many periods have passed.
double periods(std::int64_t step, double decay_steps, bool staircase) {
  const double passed = static_cast<double>(step) / decay_steps;
  return staircase ? std::floor(passed) : passed;
}

LearningRate exponential(Start from, double decay_rate, ExponentialDecayOptions options) {
  check::not_negative("ExponentialDecay", "decay_rate", decay_rate);
  return [=](std::int64_t step) {
    return from.rate * std::pow(decay_rate, periods(step, from.steps, options.staircase));
  };
}

LearningRate piecewise(std::vector<std::int64_t> boundaries, std::vector<double> values) {
  const std::string who = "PiecewiseConstantDecay";
  if (values.size() != boundaries.size() + 1) {
    throw ValueError(who + ": there must be one value more than there are boundaries, got " +
                     std::to_string(boundaries.size()) + " boundaries and " + std::to_string(values.size()) +
                     " values");
  }
  for (std::size_t i = 1; i < boundaries.size(); ++i) {
    if (boundaries[i - 1] < boundaries[i]) continue;
    throw ValueError(who + ": boundaries must increase, got " + std::to_string(boundaries[i]) + " after " +
                     std::to_string(boundaries[i - 1]));
  }
  for (const double value : values) check::not_negative(who, "each value", value);
  return [boundaries = std::move(boundaries), values = std::move(values)](std::int64_t step) {
    return values[static_cast<std::size_t>(std::ranges::lower_bound(boundaries, step) - boundaries.begin())];
  };
}

LearningRate polynomial(Start from, PolynomialDecayOptions options) {
  check::not_negative("PolynomialDecay", "end_learning_rate", options.end_learning_rate);
  check::not_negative("PolynomialDecay", "power", options.power);
  return [=](std::int64_t step) {
    double passed = static_cast<double>(step), steps = from.steps;
    if (options.cycle) {
      steps *= step == 0 ? 1 : std::ceil(passed / steps);
    } else {
      passed = std::min(passed, steps);
    }
    return (from.rate - options.end_learning_rate) * std::pow(1 - passed / steps, options.power) +
           options.end_learning_rate;
  };
}

LearningRate inverse_time(Start from, double decay_rate, InverseTimeDecayOptions options) {
  check::not_negative("InverseTimeDecay", "decay_rate", decay_rate);
  return [=](std::int64_t step) {
    return from.rate / (1 + decay_rate * periods(step, from.steps, options.staircase));
  };
}

// The height of half a cosine, from 1 to alpha, where a part of it has passed.
double half_cosine(double passed, double alpha, double height = 1) {
  const double cosine = 0.5 * height * (1 + std::cos(std::numbers::pi * passed));
  return (1 - alpha) * cosine + alpha;
}

LearningRate cosine(Start from, CosineDecayOptions options) {
  check::fraction("CosineDecay", "alpha", options.alpha);
  check::at_least("CosineDecay", "warmup_steps", options.warmup_steps, 0);
  if (options.warmup_target) check::not_negative("CosineDecay", "warmup_target", *options.warmup_target);
  const double warmup = options.warmup_target ? static_cast<double>(options.warmup_steps) : 0;
  const double top = options.warmup_target.value_or(from.rate);
  return [=, alpha = options.alpha](std::int64_t step) {
    const double now = std::min(static_cast<double>(step), from.steps + warmup);
    if (now < warmup) return (top - from.rate) * (now / warmup) + from.rate;
    return top * half_cosine((now - warmup) / from.steps, alpha);
  };
}

LearningRate restarts(Start from, CosineDecayRestartsOptions options) {
  check::positive("CosineDecayRestarts", "t_mul", options.t_mul);
  check::not_negative("CosineDecayRestarts", "m_mul", options.m_mul);
  check::fraction("CosineDecayRestarts", "alpha", options.alpha);
  return [=, t_mul = options.t_mul](std::int64_t step) {
    double passed = static_cast<double>(step) / from.steps, restart = 0;
    if (t_mul == 1) {
      restart = std::floor(passed);
      passed -= restart;
    } else {
      // The periods before the n-th take (1 - t_mul^n) / (1 - t_mul) first periods: solved for n.
      restart = std::floor(std::log(1 - passed * (1 - t_mul)) / std::log(t_mul));
      const double length = std::pow(t_mul, restart);
      passed = (passed - (1 - length) / (1 - t_mul)) / length;
    }
    return from.rate * half_cosine(passed, options.alpha, std::pow(options.m_mul, restart));
  };
}

}  // namespace

ExponentialDecay::ExponentialDecay(double initial_learning_rate, std::int64_t decay_steps, double decay_rate,
                                   ExponentialDecayOptions options)
    : LearningRate(
          exponential(start("ExponentialDecay", initial_learning_rate, decay_steps), decay_rate, options)) {}

PiecewiseConstantDecay::PiecewiseConstantDecay(std::vector<std::int64_t> boundaries,
                                               std::vector<double> values)
    : LearningRate(piecewise(std::move(boundaries), std::move(values))) {}

PolynomialDecay::PolynomialDecay(double initial_learning_rate, std::int64_t decay_steps,
                                 PolynomialDecayOptions options)
    : LearningRate(polynomial(start("PolynomialDecay", initial_learning_rate, decay_steps), options)) {}

InverseTimeDecay::InverseTimeDecay(double initial_learning_rate, std::int64_t decay_steps, double decay_rate,
                                   InverseTimeDecayOptions options)
    : LearningRate(
          inverse_time(start("InverseTimeDecay", initial_learning_rate, decay_steps), decay_rate, options)) {}

CosineDecay::CosineDecay(double initial_learning_rate, std::int64_t decay_steps, CosineDecayOptions options)
    : LearningRate(cosine(start("CosineDecay", initial_learning_rate, decay_steps), options)) {}

CosineDecayRestarts::CosineDecayRestarts(double initial_learning_rate, std::int64_t first_decay_steps,
                                         CosineDecayRestartsOptions options)
    : LearningRate(restarts(
          start("CosineDecayRestarts", initial_learning_rate, "first_decay_steps", first_decay_steps),
          options)) {}

}  // namespace gradus
