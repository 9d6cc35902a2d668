#pragma once

#include <gradus/models/callbacks/callback.h>

namespace gradus {

// Ends training quietly at the first loss that is not finite, instead of fit's error. The weights stay as
// they were before that batch.
struct TerminateOnNaN : Callback::Kind {
  void on_train_batch_end(std::int64_t batch, Logs& logs) override;
  bool takes_non_finite_loss() const override { return true; }
};

}  // namespace gradus
