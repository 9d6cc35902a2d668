#pragma once

#include <gradus/models/callbacks/callback.h>

#include <concepts>
#include <functional>

namespace gradus {

struct LearningRateSchedulerOptions {
  int verbose = 0;  // 1: say which rate each epoch has
};

// Sets the optimizer's learning rate at the beginning of each epoch, and writes it into the epoch's logs as
// "learning_rate":
//   LearningRateScheduler([](std::int64_t epoch, double rate) { return epoch < 10 ? rate : rate * 0.9; })
// The function gets the epoch, from 0, and the rate so far, or the epoch alone. ValueError for an empty
// function or for a rate that is negative or not finite; StateError before training for an optimizer whose
// rate follows a schedule.
class LearningRateScheduler : public Callback {
 public:
  using Schedule = std::function<double(std::int64_t epoch, double learning_rate)>;

  explicit LearningRateScheduler(Schedule schedule, LearningRateSchedulerOptions options = {});
  template <std::invocable<std::int64_t> F>
  requires(!std::invocable<F, std::int64_t, double>) explicit LearningRateScheduler(
      F schedule, LearningRateSchedulerOptions options = {})
      : LearningRateScheduler(of_epoch(std::move(schedule)), options) {}

 private:
  static Schedule of_epoch(std::function<double(std::int64_t)> schedule);
};

}  // namespace gradus
