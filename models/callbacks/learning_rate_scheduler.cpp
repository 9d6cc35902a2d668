#include <gradus/graph/error.h>
#include <gradus/graph/number_text.h>
#include <gradus/models/callbacks/learning_rate_log.h>
#include <gradus/models/callbacks/learning_rate_scheduler.h>
#include <gradus/models/callbacks/print_line.h>

#include <cmath>

namespace gradus {

namespace {

class Scheduler : public LearningRateLog {
 public:
  Scheduler(LearningRateScheduler::Schedule schedule, LearningRateSchedulerOptions options)
      : schedule_(std::move(schedule)), verbose_(options.verbose > 0) {
    if (!schedule_) throw ValueError("LearningRateScheduler: the schedule is an empty function");
  }

  void on_epoch_begin(std::int64_t epoch, Logs&) override {
    const double rate = schedule_(epoch, learning_rate());
    if (!std::isfinite(rate) || rate < 0) {
      throw ValueError("LearningRateScheduler: the schedule gave the learning rate " + scalar_text(rate) +
                       " for epoch " + std::to_string(epoch + 1));
    }
    set_learning_rate(rate);
    if (verbose_) {
      print_line("\nEpoch " + std::to_string(epoch + 1) +
                 ": LearningRateScheduler setting learning rate to " + scalar_text(rate) + ".");
    }
  }

  void on_epoch_end(std::int64_t, Logs& logs) override { log_learning_rate(logs); }

 private:
  LearningRateScheduler::Schedule schedule_;
  bool verbose_;
};

}  // namespace

LearningRateScheduler::LearningRateScheduler(Schedule schedule, LearningRateSchedulerOptions options)
    : Callback(Scheduler(std::move(schedule), options)) {}

LearningRateScheduler::Schedule LearningRateScheduler::of_epoch(
    std::function<double(std::int64_t)> schedule) {
  return [schedule = std::move(schedule)](std::int64_t epoch, double) { return schedule(epoch); };
}

}  // namespace gradus
