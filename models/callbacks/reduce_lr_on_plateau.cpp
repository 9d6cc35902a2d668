#include <gradus/graph/number_text.h>
#include <gradus/models/callbacks/learning_rate_log.h>
#include <gradus/models/callbacks/monitor.h>
#include <gradus/models/callbacks/print_line.h>
#include <gradus/models/callbacks/reduce_lr_on_plateau.h>
#include <gradus/models/training/training_data.h>

#include <algorithm>
#include <cmath>

namespace gradus {

namespace {
constexpr const char* kName = "ReduceLROnPlateau";
}

class ReduceLROnPlateau::Watcher : public LearningRateLog {
 public:
  explicit Watcher(const ReduceLROnPlateauOptions& options)
      : monitor_(kName, options.monitor, options.mode, options.min_delta),
        factor_(options.factor),
        min_rate_(options.min_lr),
        patience_(training::not_negative({kName}, "patience", options.patience)),
        cooldown_(training::not_negative({kName}, "cooldown", options.cooldown)),
        verbose_(options.verbose > 0) {
    const CallSite call{kName};
    if (!(factor_ >= 0 && factor_ < 1)) {
      throw call.value_error("factor must be at least 0 and below 1, got " + scalar_text(factor_));
    }
    if (!std::isfinite(min_rate_) || min_rate_ < 0) {
      throw call.value_error("min_lr must be finite and not negative, got " + scalar_text(min_rate_));
    }
  }

  void on_train_begin(Logs& logs) override {
    monitor_.begin(params());
    LearningRateLog::on_train_begin(logs);
    monitor_.forget_best();
    wait_ = cooling_ = 0;
  }

  void on_epoch_end(std::int64_t epoch, Logs& logs) override {
    log_learning_rate(logs);
    const std::optional<double> value = monitor_.value(logs, epoch);
    if (!value) return;
    if (cooling_ > 0) {
      --cooling_;
      wait_ = 0;
    }
    if (monitor_.take(*value)) {
      wait_ = 0;
    } else if (cooling_ == 0 && ++wait_ >= patience_) {
      reduce(epoch);
    }
  }

  const Monitor& monitor() const { return monitor_; }
  std::int64_t wait() const { return wait_; }

 private:
  void reduce(std::int64_t epoch) {
    const double old = learning_rate();
    if (old <= min_rate_) return;
    const double rate = std::max(old * factor_, min_rate_);
    set_learning_rate(rate);
    cooling_ = cooldown_;
    wait_ = 0;
    if (verbose_) {
      print_line("\nEpoch " + std::to_string(epoch + 1) + ": ReduceLROnPlateau reducing learning rate to " +
                 scalar_text(rate) + ".");
    }
  }

  Monitor monitor_;
  double factor_;
  double min_rate_;
  std::int64_t patience_;
  std::int64_t cooldown_;
  bool verbose_;
  std::int64_t wait_ = 0;
  std::int64_t cooling_ = 0;
};

ReduceLROnPlateau::ReduceLROnPlateau(ReduceLROnPlateauOptions options) : Callback(Watcher(options)) {}

std::optional<double> ReduceLROnPlateau::best() const { return as<Watcher>().monitor().best(); }
std::int64_t ReduceLROnPlateau::wait() const { return as<Watcher>().wait(); }

}  // namespace gradus
