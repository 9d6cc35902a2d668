#include <gradus/graph/recording.h>
#include <gradus/models/training/step.h>
#include <gradus/ops/elementwise.h>

#include <algorithm>
#include <cmath>

namespace gradus::training {

Running::Running(const CallSite& call, const Model::Kind& model)
    : heads_(training::heads(call, model)), head_totals_(heads_.size()), weights_(heads_.size()) {
  for (const std::string& name : log_names(call, heads_)) places_.emplace(name, places_.size());
  numbers_.resize(places_.size());
  for (const auto& [name, place] : places_) logs_.metrics[name] = 0;  // nothing is made behind a step
  reset();
}

void Running::reset() {
  total_ = rows_ = 0;
  for (double& total : head_totals_) total = 0;
  for (const Head& head : heads_) {
    for (const Metric& metric : head.metrics) metric.reset();
    for (const Metric& metric : head.weighted_metrics) metric.reset();
  }
}

void Running::add_metrics(std::size_t head, const Tensor& y_true, const Tensor& y_pred,
                          const Weights& weights) {
  static const Tensor kNone;
  for (const Metric& metric : heads_[head].metrics) {
    metric.update(y_true, y_pred, metric.takes_weights() ? weights.mask : kNone);
  }
  for (const Metric& metric : heads_[head].weighted_metrics) metric.update(y_true, y_pred, weights.metric);
}

Logs& Running::logs() { return write_logs(&Metric::running_result); }
Logs& Running::final_logs() { return write_logs(&Metric::result); }

Logs& Running::write_logs(double (Metric::*number)() const) {
  std::size_t place = 0;
  for (std::size_t i = 0; i < heads_.size(); ++i) {
    if (heads_.size() > 1 && heads_[i].loss.defined()) {
      numbers_[place++] = rows_ == 0 ? 0 : head_totals_[i] / rows_;
    }
    for (const Metric& metric : heads_[i].metrics) numbers_[place++] = (metric.*number)();
    for (const Metric& metric : heads_[i].weighted_metrics) numbers_[place++] = (metric.*number)();
  }
  logs_.loss = rows_ == 0 ? 0 : total_ / rows_;
  if (!has_all_names()) {
    logs_.metrics.clear();
    for (const auto& [name, number_place] : places_) logs_.metrics[name] = 0;
  }
  auto entry = logs_.metrics.begin();
  for (const auto& [name, number_place] : places_) (entry++)->second = numbers_[number_place];
  return logs_;
}

// What a hook has put in or taken out is not there any more.
bool Running::has_all_names() const {
  return std::equal(places_.begin(), places_.end(), logs_.metrics.begin(), logs_.metrics.end(),
                    [](const auto& place, const auto& entry) { return place.first == entry.first; });
}

namespace {

// The model's outputs for a batch, in a vector that is used again, so that a step allocates nothing.
void predict(const CallSite& call, Model::Kind& model, const Tensors& x, bool training,
             std::vector<Masked>& outputs) {
  outputs.clear();
  if (model.single() && !model.makes_mask()) {
    outputs.push_back({model.call(Operand(x[0], call.where), {.training = training}), {}});
    return;
  }
  std::vector<Operand> inputs;
  for (const Tensor& tensor : x) inputs.emplace_back(tensor, call.where);
  outputs = model.call_masked(inputs, {.training = training});
}

Variable head_loss(const CallSite& call, const Head& head, const Tensor& y_true, const Variable& y_pred,
                   const Running::Weights& weights, const Tensor& mask) {
  if (!y_true.defined()) throw call.value_error("y of output '" + head.name + "' is missing: it has a loss");
  const Operand labels(y_true, call.where), predictions(y_pred, call.where);
  Variable loss = weights.mask.defined() ? head.loss.masked(labels, predictions, weights.loss, mask)
                                         : head.loss(labels, predictions, weights.loss);
  if (loss.value().size() != 1) {
    throw call.shape_error("the loss of a batch must be one number, got " + to_string(loss.shape()) +
                           " (is its reduction \"none\"?)");
  }
  return loss;
}

using Weights = Running::Weights;

// The weights of the values that a mask leaves.
Tensor masked_weight(const CallSite& call, const Tensor& weight, const Tensor& mask) {
  if (!weight.defined()) return mask;
  Dims dims = mask.shape().dims();
  const bool each = weight.shape() == mask.shape();
  if (!each && !(weight.rank() == 1 && weight.dim(0) == mask.dim(0))) {
    throw call.shape_error("sample_weight is " + to_string(weight.shape()) + ", the output has a mask of " +
                           to_string(mask.shape()));
  }
  if (!each) {
    for (std::size_t axis = 1; axis < dims.size(); ++axis) dims[axis] = 1;
  }
  const NoGrad guard;
  return multiply(mask, weight.reshape(dims)).value();
}

Weights weights_of(const CallSite& call, const Data& batch, std::size_t head, const Masked& output) {
  Weights weights;
  if (batch.sample_weight.defined()) {
    weights.loss = batch.sample_weight[batch.sample_weight.size() == 1 ? 0 : head];
  }
  weights.metric = weights.loss;
  // A mask of steps says nothing about an output that is one vector of all of them.
  const Shape& shape = output.value.shape();
  const Shape& mask = output.mask.shape();
  if (!output.mask.defined() || shape.rank() < 2 || mask.rank() + 1 != shape.rank()) return weights;
  if (!std::equal(mask.begin(), mask.end(), shape.begin())) return weights;
  weights.mask = output.mask.cast(output.value.dtype());
  weights.metric = masked_weight(call, weights.loss, weights.mask);
  return weights;
}

Variable plus(Variable sum, Variable term) { return sum.defined() ? add(sum, term) : std::move(term); }

// The loss of a batch with all that is added to it; where it is finite, metrics are counted. Lets go of what
// was predicted.
Variable score(const CallSite& call, const Model::Kind& model, const Data& batch, Running& running) {
  const Model::Kind::Training& training = model.training();
  const std::vector<Head>& heads = running.heads();
  std::vector<Masked>& predicted = running.predicted();
  std::vector<Weights>& weights = running.weights();
  const std::int64_t rows = batch.x[0].dim(0);
  Variable total;
  for (std::size_t i = 0; i < heads.size(); ++i) {
    weights[i] = weights_of(call, batch, i, predicted[i]);
    if (!heads[i].loss.defined()) continue;
    Variable loss = head_loss(call, heads[i], batch.y[i], predicted[i].value, weights[i], predicted[i].mask);
    if (heads.size() > 1) running.add_head_loss(i, loss.item(), rows);
    if (heads[i].loss_weight != 1) loss = multiply(loss, heads[i].loss_weight);
    total = plus(std::move(total), std::move(loss));
  }
  for (const Weight& weight : training.regularized) {
    total = plus(std::move(total), weight.regularizer(Operand(weight.parameter, call.where)));
  }
  for (const Variable& term : training.record.losses) total = plus(std::move(total), term);
  const double value = total.item();
  if (std::isfinite(value)) {
    for (std::size_t i = 0; i < heads.size(); ++i) {
      if (batch.y[i].defined()) running.add_metrics(i, batch.y[i], predicted[i].value.value(), weights[i]);
    }
  }
  running.add_loss(value, rows);
  predicted.clear();
  for (Weights& each : weights) each = {};
  return total;
}

}  // namespace

double train_step(const CallSite& call, Model::Kind& model, Optimizer& optimizer, const Data& batch,
                  Running& running) {
  const Model::Kind::Precision precision(model);
  const StepRecord::Scope scope(model.training().record);
  const bool trains = !model.training().trained.empty();  // not where all weights are frozen
  if (trains) optimizer.zero_grad();
  predict(call, model, batch.x, true, running.predicted());
  Variable loss = score(call, model, batch, running);
  const double value = loss.item();
  if (!std::isfinite(value)) return value;
  model.training().record.losses.clear();  // the loss alone holds the graph now: backward lets go of it
  if (trains) {
    if (const double scale = optimizer.loss_scale(); scale != 1) loss = multiply(loss, scale);
    std::move(loss).backward();
    optimizer.step();
  }
  model.finish_step();
  return value;
}

double test_step(const CallSite& call, Model::Kind& model, const Data& batch, Running& running) {
  const Model::Kind::Precision precision(model);
  const StepRecord::Scope scope(model.training().record);
  // Recorded like a training step, so that the loss sees the logits below a softmax here too: both losses are
  // then the same function.
  predict(call, model, batch.x, false, running.predicted());
  const double value = score(call, model, batch, running).item();
  // Only the states of stateful layers: what else layers change, they change in training.
  for (const auto& [weight, left] : model.training().record.updates) weight.assign(left);
  return value;
}

std::vector<Tensor> predict_step(const CallSite& call, Model::Kind& model, const Tensors& x) {
  const Model::Kind::Precision precision(model);
  const NoGrad guard;
  std::vector<Masked> outputs;
  predict(call, model, x, false, outputs);
  std::vector<Tensor> results;
  for (const Masked& output : outputs) {
    const Variable& y = output.value;
    if (y.rank() == 0 || y.shape()[0] != x[0].dim(0)) {
      throw call.shape_error("the output of model '" + model.name() + "' for " + std::to_string(x[0].dim(0)) +
                             " samples is " + to_string(y.shape()));
    }
    const Tensor& value = y.value();
    const bool given = std::any_of(x.begin(), x.end(), [&](const Tensor& tensor) {
      return tensor.buffer().get() == value.buffer().get();
    });
    results.push_back(given ? value.clone() : value);  // never the user's own buffer
  }
  return results;
}

}  // namespace gradus::training
