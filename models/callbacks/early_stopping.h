#pragma once

#include <gradus/models/callbacks/callback.h>
#include <gradus/models/count.h>

#include <optional>
#include <string>

namespace gradus {

struct EarlyStoppingOptions {
  std::string monitor = "val_loss";
  double min_delta = 0;                 // what is better by no more than this is not better
  Count patience = 0;                   // stop at this many epochs in a row without improvement
  int verbose = 0;                      // 1: say so
  std::string mode = "auto";            // "min", "max", or by the name of what is monitored
  std::optional<double> baseline = {};  // only what is better than this starts the waiting anew
  bool restore_best_weights = false;    // at the end of training, however it was reached
  Count start_from_epoch = 0;           // epochs before this one (from 0) are not looked at
};

// Ends training when an entry of the logs has stopped getting better:
//   EarlyStopping stop({.patience = 3});
//   model.fit(x, y, {.epochs = 100, .callbacks = {stop}, .validation_split = 0.2});
//   stop.stopped_epoch();
// Copies are the same callback; each fit starts it afresh. A value that is not finite is never better, so
// without a finite one no weights are restored. ValueError for a patience below 0 or an unknown mode, and,
// before training, for an entry that the logs will not have.
class EarlyStopping : public Callback {
 public:
  explicit EarlyStopping(EarlyStoppingOptions options = {});

  // Of the last fit, epochs counted from 0.
  std::int64_t stopped_epoch() const;              // the epoch it stopped after; 0 when it did not stop
  std::optional<std::int64_t> best_epoch() const;  // nothing before the first finite value
  std::optional<double> best() const;
  std::int64_t wait() const;  // epochs since the last improvement

 private:
  class Watcher;
};

}  // namespace gradus
