#pragma once

#include <gradus/models/callbacks/callback.h>
#include <gradus/models/callbacks/frequency.h>

#include <optional>
#include <string>

namespace gradus {

struct ModelCheckpointOptions {
  std::string monitor = "val_loss";  // looked at with save_best_only
  int verbose = 0;                   // 1: say what is saved
  bool save_best_only = false;       // save when `monitor` is better than ever before
  bool save_weights_only = false;    // the file has the weights in either case
  std::string mode = "auto";         // "min", "max", or by the name of what is monitored
  Frequency save_freq = "epoch";
  std::optional<double> initial_value_threshold = {};  // nothing is better before it is better than this
};

// Saves the model's weights, as Model::save_weights does, while it trains:
//   ModelCheckpoint("run/{epoch:02d}-{val_loss:.2f}.npz", {.save_best_only = true})
// The path ends in ".npz" and may have numbers filled in, in Python's notation: the epoch and the batch, both
// from 1, and the entries of the logs. Folders are made; each file appears whole or not at all. A value that
// is not finite is never better. The best is kept over several calls of fit. ValueError for a path that
// cannot be filled in so, and, before training, for a name or entry that the logs will not have (the
// validation's are known at the end of an epoch only); FileError when a file cannot be written.
class ModelCheckpoint : public Callback {
 public:
  explicit ModelCheckpoint(std::string filepath, ModelCheckpointOptions options = {});

  std::optional<double> best() const;
  const std::string& last_path() const;  // what was saved last; empty before

 private:
  class Saver;
};

}  // namespace gradus
