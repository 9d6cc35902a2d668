#include <gradus/models/callbacks/learning_rate_log.h>
#include <gradus/models/model.h>

namespace gradus {

void LearningRateLog::on_train_begin(Logs&) { set_learning_rate(learning_rate()); }

double LearningRateLog::learning_rate() const { return model().optimizer().learning_rate(); }

void LearningRateLog::set_learning_rate(double learning_rate) const {
  Optimizer optimizer = model().optimizer();
  optimizer.set_learning_rate(learning_rate);
}

void LearningRateLog::log_learning_rate(Logs& logs) const { logs.metrics["learning_rate"] = learning_rate(); }

}  // namespace gradus
