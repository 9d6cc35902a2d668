#pragma once

#include <gradus/models/callbacks/callback.h>
#include <gradus/models/count.h>

#include <optional>
#include <string>

namespace gradus {

struct ReduceLROnPlateauOptions {
  std::string monitor = "val_loss";
  double factor = 0.1;        // new learning rate = learning rate * factor
  Count patience = 10;        // reduce at this many epochs in a row without improvement
  int verbose = 0;            // 1: say so
  std::string mode = "auto";  // "min", "max", or by the name of what is monitored
  double min_delta = 1e-4;    // what is better by no more than this is not better
  Count cooldown = 0;         // epochs after a reduction in which none is counted
  double min_lr = 0;          // never below this
};

// Lowers the optimizer's learning rate when an entry of the logs has stopped getting better, and writes the
// rate of each epoch into its logs as "learning_rate". A value that is not finite is never better. ValueError
// unless 0 <= factor < 1, for a count or rate below 0 and, before training, for an entry that the logs will
// not have; StateError, then too, for an optimizer whose rate follows a schedule.
class ReduceLROnPlateau : public Callback {
 public:
  explicit ReduceLROnPlateau(ReduceLROnPlateauOptions options = {});

  // Of the last fit.
  std::optional<double> best() const;
  std::int64_t wait() const;  // epochs since the last improvement or reduction

 private:
  class Watcher;
};

}  // namespace gradus
