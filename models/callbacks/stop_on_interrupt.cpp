#include <gradus/models/callbacks/interrupt_watch.h>
#include <gradus/models/callbacks/stop_on_interrupt.h>
#include <gradus/models/model_kind.h>

#include <optional>

namespace gradus {

class StopOnInterrupt::Stopper : public Callback::Reader {
 public:
  void on_train_begin(Logs&) override {
    interrupted_ = false;
    watch_.emplace();
  }
  void on_epoch_begin(std::int64_t, Logs&) override { look(); }
  void on_train_batch_end(std::int64_t, Logs&) override { look(); }
  void on_test_batch_end(std::int64_t, Logs&) override { look(); }
  void on_epoch_end(std::int64_t, Logs&) override { look(); }
  // Also what came too late to stop anything is told, in the History.
  void on_train_end(Logs&) override { look(); }

  void set_model(Model* model) override {
    if (model == nullptr && watch_) {
      watch_.reset();
      state().interrupted = false;
    }
    Callback::Reader::set_model(model);
  }

  bool interrupted() const { return interrupted_; }

 private:
  Model::Kind::Training& state() const { return static_cast<Model::Kind&>(model().kind()).training(); }

  void look() {
    if (!watch_ || !watch_->seen()) return;
    interrupted_ = true;
    state().interrupted = true;
    state().stop = true;
  }

  std::optional<InterruptWatch> watch_;
  bool interrupted_ = false;
};

StopOnInterrupt::StopOnInterrupt()
    : Callback(std::make_shared<Stopper>(), {.train_end = true, .test_end = true}) {}

bool StopOnInterrupt::interrupted() const { return as<Stopper>().interrupted(); }

}  // namespace gradus
