#include <gradus/graph/error.h>
#include <gradus/graph/number_text.h>
#include <gradus/models/callbacks/print_line.h>
#include <gradus/models/callbacks/terminate_on_nan.h>
#include <gradus/models/model.h>

#include <cmath>

namespace gradus {

void TerminateOnNaN::on_train_batch_end(std::int64_t batch, Logs& logs) {
  if (std::isfinite(logs.loss)) return;
  if (raise_error_) {
    throw ValueError("TerminateOnNaN: NaN or Inf loss encountered at batch " + std::to_string(batch) +
                     ". Loss value: " + scalar_text(logs.loss) + ". Terminating training immediately");
  }
  if (params().verbose > 0) {
    print_line("\nBatch " + std::to_string(batch) + ": Invalid loss, terminating training");
  }
  model().stop_training();
}

}  // namespace gradus
