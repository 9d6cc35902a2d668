#pragma once

#include <gradus/models/callbacks/callback_list.h>
#include <gradus/models/training/heads.h>

namespace gradus::training {

// The loss and metrics over the batches so far. Losses are means weighted by the batches' sizes. The Logs are
// made once and their numbers written where they stand, so that a batch builds no string and no map.
class Running {
 public:
  // ValueError as `heads` and `log_names`.
  Running(const CallSite& call, const Model::Kind& model);
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;

  // The weights of a step's values.
  struct Weights {
    Tensor loss = {};    // the user's
    Tensor metric = {};  // the user's where a value counts, else 0
    Tensor mask = {};    // 1 where a value counts, else 0
  };

  const std::vector<Head>& heads() const { return heads_; }
  void reset();
  void add_loss(double loss, std::int64_t rows) {
    total_ += loss * static_cast<double>(rows);
    rows_ += static_cast<double>(rows);
  }
  void add_head_loss(std::size_t head, double loss, std::int64_t rows) {
    head_totals_[head] += loss * static_cast<double>(rows);
  }
  void add_metrics(std::size_t head, const Tensor& y_true, const Tensor& y_pred, const Weights& weights);
  Logs& logs();
  // The same at the end of an epoch or an evaluation, where a metric that has no result is an error.
  Logs& final_logs();
  double rows() const { return rows_; }

  // Room for one step's work, so that the next allocates nothing.
  std::vector<Masked>& predicted() { return predicted_; }
  std::vector<Weights>& weights() { return weights_; }

 private:
  bool has_all_names() const;
  Logs& write_logs(double (Metric::*number)() const);

  std::vector<Head> heads_;
  Logs logs_;
  std::map<std::string, std::size_t> places_;  // of the logs' names among the numbers
  std::vector<double> numbers_;                // in the order of `log_names`
  std::vector<double> head_totals_;
  std::vector<Masked> predicted_;
  std::vector<Weights> weights_;
  double total_ = 0;
  double rows_ = 0;
};

// One step on one batch; adds loss and metrics to `running` and returns the loss. A loss that is not finite
// changes nothing but `running`. Nothing that throws before the optimizer's step changes a weight.
double train_step(const CallSite& call, Model::Kind& model, Optimizer& optimizer, const Data& batch,
                  Running& running);
// The same without learning.
double test_step(const CallSite& call, Model::Kind& model, const Data& batch, Running& running);
// The outputs for a batch, layers not in training, nothing recorded.
std::vector<Tensor> predict_step(const CallSite& call, Model::Kind& model, const Tensors& x);

}  // namespace gradus::training
