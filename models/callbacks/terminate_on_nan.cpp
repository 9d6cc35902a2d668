#include <gradus/models/callbacks/terminate_on_nan.h>
#include <gradus/models/model.h>

#include <cmath>

namespace gradus {

void TerminateOnNaN::on_train_batch_end(std::int64_t, Logs& logs) {
  if (!std::isfinite(logs.loss)) model().stop_training();
}

}  // namespace gradus
