#pragma once

#include <concepts>
#include <cstdint>
#include <functional>
#include <limits>
#include <utility>

namespace gradus {

// How far an update goes: a number, or a schedule, a function of the step. The optimizers' options take
// either, where Keras's take a float, a LearningRateSchedule or a callable:
//
//   Adam({.learning_rate = 3e-4});
//   Adam({.learning_rate = CosineDecay(3e-4, 10000)});
//   Adam({.learning_rate = [](std::int64_t step) { return 0.1 / (1.0 + static_cast<double>(step)); }});
//
// The step is the number of calls of `step` or `apply` made before, so 0 at the first. A function of one's
// own is copied; it may be called more than once a step and should depend on nothing but the step.
class LearningRate {
 public:
  using Schedule = std::function<double(std::int64_t)>;

  LearningRate(double value) : value_(value) {}  // NOLINT: implicit on purpose
  template <std::invocable<std::int64_t> F>
  requires(!std::derived_from<F, LearningRate>) LearningRate(F schedule)
      : schedule_(std::move(schedule)) {}  // NOLINT

  bool is_schedule() const { return static_cast<bool>(schedule_); }
  // What holds at a step.
  double operator()(std::int64_t step) const { return schedule_ ? schedule_(step) : value_; }

 private:
  double value_ = std::numeric_limits<double>::quiet_NaN();  // an optimizer refuses an empty function
  Schedule schedule_ = {};
};

}  // namespace gradus
