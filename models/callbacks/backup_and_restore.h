#pragma once

#include <gradus/models/callbacks/callback.h>
#include <gradus/models/callbacks/frequency.h>

#include <string>

namespace gradus {

struct BackupAndRestoreOptions {
  Frequency save_freq = "epoch";
  bool double_checkpoint = false;  // keep the backup before the last as well, for when that cannot be read
  bool delete_checkpoint = true;   // once training has reached its end
};

// Keeps a backup of a training in a folder of its own, and takes a training that was broken off up again: the
// next fit of the same model, in this process or another, begins with the epoch that was not finished, with
// the weights and the optimizer's state of the backup. A model with a given seed goes on with the same order
// of the samples; what layers draw in training (Dropout) starts anew. The file, latest.npz, is written whole
// or not at all. ValueError for an empty folder name; FileError for a backup that cannot be written or read
// or is of another model, in which case nothing has changed.
class BackupAndRestore : public Callback {
 public:
  explicit BackupAndRestore(std::string backup_dir, BackupAndRestoreOptions options = {});
};

}  // namespace gradus
