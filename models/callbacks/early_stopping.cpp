#include <gradus/models/call_site.h>
#include <gradus/models/callbacks/early_stopping.h>
#include <gradus/models/callbacks/monitor.h>
#include <gradus/models/callbacks/print_line.h>
#include <gradus/models/model.h>
#include <gradus/models/training/training_data.h>

#include <cmath>

namespace gradus {

namespace {
constexpr const char* kName = "EarlyStopping";
}

class EarlyStopping::Watcher : public Callback::Reader {
 public:
  explicit Watcher(const EarlyStoppingOptions& options)
      : monitor_(kName, options.monitor, options.mode, options.min_delta),
        patience_(training::not_negative({kName}, "patience", options.patience)),
        start_from_epoch_(training::not_negative({kName}, "start_from_epoch", options.start_from_epoch)),
        baseline_(options.baseline),
        verbose_(options.verbose > 0),
        restore_(options.restore_best_weights) {
    if (baseline_ && std::isnan(*baseline_)) throw ValueError("EarlyStopping: baseline is nan");
  }

  void on_train_begin(Logs&) override {
    monitor_.begin(params());
    monitor_.forget_best();
    wait_ = stopped_epoch_ = 0;
    best_epoch_.reset();
    best_weights_.clear();
  }

  void on_epoch_end(std::int64_t epoch, Logs& logs) override {
    const std::optional<double> value = monitor_.value(logs, epoch);
    if (!value || epoch < start_from_epoch_) return;
    ++wait_;
    if (monitor_.take(*value)) {
      best_epoch_ = epoch;
      if (restore_) best_weights_ = model().get_weights();
      if (!baseline_ || monitor_.better(*value, *baseline_)) wait_ = 0;
      return;
    }
    if (wait_ >= patience_ && epoch > 0) {
      stopped_epoch_ = epoch;
      model().stop_training();
    }
  }

  void on_train_end(Logs&) override {
    if (verbose_ && stopped_epoch_ > 0) {
      print_line("Epoch " + std::to_string(stopped_epoch_ + 1) + ": early stopping");
    }
    if (!restore_ || !best_epoch_) return;
    if (verbose_) {
      print_line("Restoring model weights from the end of the best epoch: " +
                 std::to_string(*best_epoch_ + 1) + ".");
    }
    model().set_weights(best_weights_);
    best_weights_.clear();
  }

  const Monitor& monitor() const { return monitor_; }
  std::int64_t wait() const { return wait_; }
  std::int64_t stopped_epoch() const { return stopped_epoch_; }
  std::optional<std::int64_t> best_epoch() const { return best_epoch_; }

 private:
  Monitor monitor_;
  std::int64_t patience_;
  std::int64_t start_from_epoch_;
  std::optional<double> baseline_;
  bool verbose_;
  bool restore_;
  std::int64_t wait_ = 0;
  std::int64_t stopped_epoch_ = 0;
  std::optional<std::int64_t> best_epoch_;
  std::vector<Tensor> best_weights_;
};

EarlyStopping::EarlyStopping(EarlyStoppingOptions options) : Callback(Watcher(options)) {}

std::int64_t EarlyStopping::stopped_epoch() const { return as<Watcher>().stopped_epoch(); }
std::optional<std::int64_t> EarlyStopping::best_epoch() const { return as<Watcher>().best_epoch(); }
std::optional<double> EarlyStopping::best() const { return as<Watcher>().monitor().best(); }
std::int64_t EarlyStopping::wait() const { return as<Watcher>().wait(); }

}  // namespace gradus
