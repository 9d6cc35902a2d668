#include <gradus/graph/flush_subnormals.h>
#include <gradus/graph/number_text.h>
#include <gradus/models/callbacks/default_callbacks.h>
#include <gradus/models/evaluate_loop.h>
#include <gradus/models/training_data.h>

#include <algorithm>
#include <cmath>
#include <utility>

namespace gradus {

namespace {

// The random numbers of a model are divided into streams; this one draws the order of the samples.
constexpr std::uint64_t kShuffleStream = 1;

// Everything a fit needs, checked before anything changes.
struct Plan {
  Batches training;
  std::optional<Batches> validation;
  std::int64_t batch_size;
  std::int64_t epochs;
  std::int64_t initial_epoch;
  std::int64_t steps;
  std::int64_t validation_steps;
  std::int64_t validation_freq;
};

Plan make_plan(const CallSite& call, const Model& model, Model::Kind& kind, const Tensor& x, const Tensor& y,
               const FitOptions& options) {
  kind.require_compiled(call);
  const std::int64_t batch_size = training::positive(call, "batch_size", options.batch_size);
  const std::int64_t validation_batch_size =
      options.validation_batch_size
          ? training::positive(call, "validation_batch_size", *options.validation_batch_size)
          : batch_size;
  const std::int64_t epochs = training::not_negative(call, "epochs", options.epochs);
  const std::int64_t initial_epoch = training::not_negative(call, "initial_epoch", options.initial_epoch);
  const std::int64_t freq = training::positive(call, "validation_freq", options.validation_freq);

  const bool given = options.validation_data.x.defined() || options.validation_data.y.defined();
  const Data all = training::data(call, kind, x, y, options.sample_weight);
  training::Split parts = training::split(call, all, options.validation_split);
  if (given) parts = {all, {}};
  if (!kind.built()) model.build(Shape(std::span(all.x.shape().begin() + 1, all.x.shape().end())));

  const CallSite validating{"fit: validation_data", call.where};
  if (given) {
    parts.validation = training::data(validating, kind, options.validation_data.x, options.validation_data.y,
                                      options.validation_data.sample_weight);
  }
  Batches training_batches(training::weighted(call, kind, std::move(parts.training), options.class_weight),
                           batch_size);
  const std::int64_t steps =
      training::limited_steps(call, "steps_per_epoch", options.steps_per_epoch, training_batches.steps());
  std::optional<Batches> validation;
  std::int64_t validation_steps = 0;
  if (parts.validation.x.defined()) {
    validation.emplace(std::move(parts.validation), validation_batch_size);
    validation_steps =
        training::limited_steps(call, "validation_steps", options.validation_steps, validation->steps());
  }
  return {std::move(training_batches),
          std::move(validation),
          batch_size,
          epochs,
          initial_epoch,
          steps,
          validation_steps,
          freq};
}

// A new order of the rows. The epoch is the place in the stream, so a run that is taken up again goes on as
// it would have.
std::vector<std::int64_t> draw_order(Shuffle::Kind shuffle, const Random& random, std::int64_t epoch,
                                     std::int64_t rows, std::int64_t batch_size) {
  if (shuffle == Shuffle::Kind::none) return {};
  Random stream = random.stream(kShuffleStream).stream(static_cast<std::uint64_t>(epoch));
  if (shuffle == Shuffle::Kind::all) return stream.permutation(rows);
  std::vector<std::int64_t> order;
  for (std::int64_t begin = 0; begin < rows;) {
    const std::int64_t count = std::min(batch_size, rows - begin);
    for (const std::int64_t row : stream.permutation(count)) order.push_back(begin + row);
    begin += count;
  }
  return order;
}

[[noreturn]] void refuse_loss(const CallSite& call, double loss, std::int64_t epoch, std::int64_t step) {
  throw call.value_error("the loss is " + scalar_text(loss) + " in epoch " + std::to_string(epoch + 1) +
                         ", step " + std::to_string(step + 1) +
                         "; the weights are as they were before it. A lower learning rate, finite data or "
                         "clipped gradients may help");
}

}  // namespace

History Model::fit(const Tensor& x, const Tensor& y, FitOptions options, SourceLocation where) const {
  const CallSite call{"fit", where};
  Model model = *this;
  Kind& kind = model_kind();
  Kind::Training& state = kind.training();
  const int verbose = training::verbosity(call, options.verbose);
  Plan plan = make_plan(call, model, kind, x, y, options);
  Optimizer& optimizer = kind.ready_optimizer();

  training::Running running(kind);
  History history{.params = {verbose, plan.epochs, plan.steps}, .seed = kind.seed()};
  history.params.metrics = running.logs().names();
  if (plan.validation) {
    history.params.validation_freq = plan.validation_freq;
    for (const std::string& name : running.logs().names()) history.params.metrics.push_back("val_" + name);
  }
  options.callbacks = with_fit_defaults(std::move(options.callbacks), verbose);
  options.callbacks.push_back(HistoryRecorder(history));
  const CallbackList callbacks(std::move(options.callbacks), model, history.params);
  const CallbackList::Batch& watchers = callbacks.train();
  const bool takes_non_finite = callbacks.takes_non_finite_loss();

  state.stop = false;
  state.resume_at.reset();
  const FlushSubnormals guard;
  Logs last;
  callbacks.call(&Callback::Kind::on_train_begin, last);
  const std::int64_t first = std::exchange(state.resume_at, std::nullopt).value_or(plan.initial_epoch);
  for (std::int64_t epoch = first; epoch < plan.epochs && !state.stop; ++epoch) {
    running.reset();
    Logs none;
    callbacks.call(&Callback::Kind::on_epoch_begin, epoch, none);
    const std::int64_t draw = std::max(state.epochs_done, epoch);
    plan.training.set_order(
        draw_order(options.shuffle.kind(), kind.random(), draw, plan.training.rows(), plan.batch_size));
    for (std::int64_t step = 0; step < plan.steps && !state.stop; ++step) {
      for (Callback::Kind* watcher : watchers.begin) watcher->on_train_batch_begin(step, running.logs());
      const double loss = training::train_step(call, kind, optimizer, plan.training.batch(step), running);
      if (!std::isfinite(loss) && !takes_non_finite) refuse_loss(call, loss, epoch, step);
      for (Callback::Kind* watcher : watchers.end) watcher->on_train_batch_end(step, running.logs());
    }
    if (state.interrupted) break;  // part of an epoch is none
    state.epochs_done = draw + 1;
    last = running.logs();
    if (plan.validation && (epoch + 1) % plan.validation_freq == 0) {
      const Logs validated =
          training::evaluate(call, kind, *plan.validation, plan.validation_steps, callbacks);
      last.metrics["val_loss"] = validated.loss;
      for (const auto& [name, value] : validated.metrics) last.metrics["val_" + name] = value;
    }
    if (state.interrupted) break;
    callbacks.call(&Callback::Kind::on_epoch_end, epoch, last);
  }
  callbacks.call(&Callback::Kind::on_train_end, last);
  history.interrupted = state.interrupted;
  return history;
}

}  // namespace gradus
