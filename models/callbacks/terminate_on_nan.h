#pragma once

#include <gradus/models/callbacks/callback.h>

namespace gradus {

struct TerminateOnNaNOptions {
  bool raise_error = false;  // ValueError instead, before any other callback hears of the end
};

// Ends training at the first loss that is not finite, instead of fit's error; says so where fit is verbose.
// The weights stay as they were before that batch.
class TerminateOnNaN : public Callback::Reader {
 public:
  explicit TerminateOnNaN(TerminateOnNaNOptions options = {}) : raise_error_(options.raise_error) {}
  void on_train_batch_end(std::int64_t batch, Logs& logs) override;
  bool takes_non_finite_loss() const override { return true; }

 private:
  bool raise_error_;
};

}  // namespace gradus
