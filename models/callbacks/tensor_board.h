#pragma once

#include <gradus/models/callbacks/callback.h>
#include <gradus/models/callbacks/frequency.h>

#include <string>

namespace gradus {

struct TensorBoardOptions {
  std::string log_dir = "logs";
  bool write_steps_per_second = false;
  Frequency update_freq = "epoch";  // or after every so many batches as well
};

// Writes event files that TensorBoard shows: in log_dir/train the scalars "epoch_loss", "epoch_<metric>",
// "epoch_learning_rate" over the epochs (from 0) and, with update_freq, "batch_<name>" over the batches (from
// 1); in log_dir/validation those of the validation by the same names, and "evaluation_<name>_vs_iterations"
// over the optimizer's steps. Values are float32, as TensorBoard has them. Of Keras's arguments, those for
// histograms, images, embeddings and profiles are left out. FileError when a file cannot be written.
class TensorBoard : public Callback {
 public:
  explicit TensorBoard(TensorBoardOptions options = {});
};

}  // namespace gradus
