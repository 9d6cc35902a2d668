#pragma once

#include <gradus/models/callbacks/callback.h>

#include <vector>

namespace gradus {

// The callbacks of one call of fit, evaluate or predict, with those that watch each batch picked out, so that
// a batch nobody watches costs nothing. They know the model from `begin` until the list dies.
class CallbackList {
 public:
  using Hook = void (Callback::Kind::*)(Logs&);
  using CountedHook = void (Callback::Kind::*)(std::int64_t, Logs&);

  CallbackList(std::vector<Callback> callbacks, Model& model, const CallbackParams& params);
  ~CallbackList();
  CallbackList(const CallbackList&) = delete;
  CallbackList& operator=(const CallbackList&) = delete;

  void call(Hook hook, Logs& logs) const {
    for (const Callback& callback : callbacks_) (callback.kind().*hook)(logs);
  }
  void call(CountedHook hook, std::int64_t count, Logs& logs) const {
    for (const Callback& callback : callbacks_) (callback.kind().*hook)(count, logs);
  }
  bool takes_non_finite_loss() const;

  // The watchers of a hook of each batch.
  struct Batch {
    std::vector<Callback::Kind*> begin;
    std::vector<Callback::Kind*> end;
  };
  const Batch& train() const { return train_; }
  const Batch& test() const { return test_; }
  const Batch& predict() const { return predict_; }

 private:
  std::vector<Callback> callbacks_;
  Batch train_, test_, predict_;
};

}  // namespace gradus
