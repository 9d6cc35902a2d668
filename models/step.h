#pragma once

#include <gradus/models/callbacks/callback_list.h>
#include <gradus/models/model_kind.h>

namespace gradus::training {

// The loss and metrics over the batches so far. The loss is a mean weighted by the batches' sizes. The Logs
// are made once and their numbers written where they stand, so that a batch builds no string and no map.
class Running {
 public:
  explicit Running(const Model::Kind& model);
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;

  void reset();
  void add_loss(double loss, std::int64_t rows) {
    total_ += loss * static_cast<double>(rows);
    rows_ += static_cast<double>(rows);
  }
  void add_metrics(const Data& batch, const Tensor& y_pred);
  Logs& logs();
  // The same at the end of an epoch or an evaluation, where a metric that has no result is an error.
  Logs& final_logs();

 private:
  Logs& write_logs(double (Metric::*number)() const);

  std::vector<Metric> metrics_;
  std::vector<Metric> weighted_metrics_;
  Logs logs_;
  std::vector<double*> slots_;  // the entries of logs_, in the order of the metrics
  double total_ = 0;
  double rows_ = 0;
};

// One step on one batch; adds loss and metrics to `running` and returns the loss. A loss that is not finite
// changes nothing but `running`. Nothing that throws before the optimizer's step changes a weight.
double train_step(const CallSite& call, Model::Kind& model, Optimizer& optimizer, const Data& batch,
                  Running& running);
// The same without learning.
double test_step(const CallSite& call, Model::Kind& model, const Data& batch, Running& running);
// The output for a batch, layers not in training, nothing recorded.
Tensor predict_step(const CallSite& call, Model::Kind& model, const Tensor& x);

}  // namespace gradus::training
