#include <gradus/graph/recording.h>
#include <gradus/models/step.h>

#include <cmath>

namespace gradus::training {

Running::Running(const Model::Kind& model)
    : metrics_(model.training().options.metrics),
      weighted_metrics_(model.training().options.weighted_metrics) {
  for (const auto* metrics : {&metrics_, &weighted_metrics_}) {
    for (const Metric& metric : *metrics) slots_.push_back(&logs_.metrics[metric.name()]);
  }
  reset();
}

void Running::reset() {
  total_ = rows_ = 0;
  for (const Metric& metric : metrics_) metric.reset();
  for (const Metric& metric : weighted_metrics_) metric.reset();
}

void Running::add_metrics(const Data& batch, const Tensor& y_pred) {
  static const Tensor kNoWeights;
  for (const Metric& metric : metrics_) metric.update(batch.y, y_pred, kNoWeights);
  for (const Metric& metric : weighted_metrics_) metric.update(batch.y, y_pred, batch.sample_weight);
}

Logs& Running::logs() { return write_logs(&Metric::running_result); }
Logs& Running::final_logs() { return write_logs(&Metric::result); }

Logs& Running::write_logs(double (Metric::*number)() const) {
  logs_.loss = rows_ == 0 ? 0 : total_ / rows_;
  std::size_t slot = 0;
  for (const Metric& metric : metrics_) *slots_[slot++] = (metric.*number)();
  for (const Metric& metric : weighted_metrics_) *slots_[slot++] = (metric.*number)();
  return logs_;
}

namespace {

Variable batch_loss(const CallSite& call, const Model::Kind& model, const Data& batch,
                    const Variable& y_pred) {
  Variable loss = model.training().options.loss(Operand(batch.y, call.where), Operand(y_pred, call.where),
                                                batch.sample_weight);
  if (loss.value().size() != 1) {
    throw call.shape_error("the loss of a batch must be one number, got " + to_string(loss.shape()) +
                           " (is its reduction \"none\"?)");
  }
  return loss;
}

}  // namespace

double train_step(const CallSite& call, Model::Kind& model, Optimizer& optimizer, const Data& batch,
                  Running& running) {
  const Model::Kind::Precision precision(model);
  optimizer.zero_grad();
  Variable y_pred = model.call(Operand(batch.x, call.where), {.training = true});
  Variable loss = batch_loss(call, model, batch, y_pred);
  const double value = loss.item();
  if (std::isfinite(value)) {
    running.add_metrics(batch, y_pred.value());
    y_pred = Variable();  // the loss alone holds the graph now: backward lets go of it on the way
    std::move(loss).backward();
    optimizer.step();
    model.drop_frozen_gradients();
  }
  running.add_loss(value, batch.x.dim(0));
  return value;
}

double test_step(const CallSite& call, Model::Kind& model, const Data& batch, Running& running) {
  const Model::Kind::Precision precision(model);
  // Recorded like a training step, so that the loss sees the logits below a softmax here too: both losses are
  // then the same function.
  const Variable y_pred = model.call(Operand(batch.x, call.where), {.training = false});
  const double value = batch_loss(call, model, batch, y_pred).item();
  running.add_metrics(batch, y_pred.value());
  running.add_loss(value, batch.x.dim(0));
  return value;
}

Tensor predict_step(const CallSite& call, Model::Kind& model, const Tensor& x) {
  const Model::Kind::Precision precision(model);
  const NoGrad guard;
  const Variable y = model.call(Operand(x, call.where), {.training = false});
  if (y.rank() == 0 || y.shape()[0] != x.dim(0)) {
    throw call.shape_error("the output of model '" + model.name() + "' for " + std::to_string(x.dim(0)) +
                           " samples is " + to_string(y.shape()));
  }
  const Tensor& value = y.value();
  return value.buffer().get() == x.buffer().get() ? value.clone() : value;  // never the user's own buffer
}

}  // namespace gradus::training
