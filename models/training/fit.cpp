#include <gradus/graph/flush_subnormals.h>
#include <gradus/graph/number_text.h>
#include <gradus/models/callbacks/default_callbacks.h>
#include <gradus/models/training/dataset_batches.h>
#include <gradus/models/training/evaluate_loop.h>
#include <gradus/models/training/training_data.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <utility>

namespace gradus {

namespace {

// The random numbers of a model are divided into streams; this one draws the order of the samples.
constexpr std::uint64_t kShuffleStream = 1;

// Everything a fit needs, checked before anything changes.
struct Plan {
  std::unique_ptr<BatchSource> training;
  Batches* in_memory = nullptr;  // `training`, where its rows can be shuffled
  std::unique_ptr<BatchSource> validation;
  std::int64_t epochs = 0;
  std::int64_t initial_epoch = 0;
  std::optional<std::int64_t> steps = {};  // none: as many as a pass has
  std::optional<std::int64_t> validation_steps = {};
  std::int64_t validation_freq = 1;
};

Plan plan_options(const CallSite& call, const FitOptions& options) {
  Plan plan;
  plan.epochs = training::not_negative(call, "epochs", options.epochs);
  plan.initial_epoch = training::not_negative(call, "initial_epoch", options.initial_epoch);
  plan.validation_freq = training::positive(call, "validation_freq", options.validation_freq);
  return plan;
}

std::int64_t validation_batch_size(const CallSite& call, const FitOptions& options) {
  return options.validation_batch_size
             ? training::positive(call, "validation_batch_size", *options.validation_batch_size)
             : training::positive(call, "batch_size", options.batch_size);
}

CallSite validation_of(const CallSite& call) { return {"fit: validation_data", call.where}; }

void plan_validation(const CallSite& call, const FitOptions& options, Data data, Plan& plan) {
  auto batches = std::make_unique<Batches>(std::move(data), validation_batch_size(call, options));
  plan.validation_steps =
      training::limited_steps(call, "validation_steps", options.validation_steps, *batches->steps());
  plan.validation = std::move(batches);
}

// What was given for validation. REQUIRES a built model.
void plan_given_validation(const CallSite& call, const Model& model, const Model::Kind& kind,
                           const FitOptions& options, Plan& plan) {
  if (!options.validation_data.defined()) return;
  const CallSite validating = validation_of(call);
  if (const std::optional<Dataset>& dataset = options.validation_data.dataset) {
    const auto steps = training::optional_steps(call, "validation_steps", options.validation_steps);
    plan.validation = std::make_unique<DatasetBatches>(validating, model, *dataset,
                                                       DatasetBatches::Options{.steps = steps});
    plan.validation_steps = steps;
    return;
  }
  const ValidationData& given = options.validation_data;
  plan_validation(call, options, training::data(validating, kind, given.x, given.y, given.sample_weight),
                  plan);
}

Plan make_plan(const CallSite& call, const Model& model, Model::Kind& kind, const Tensors& x,
               const Tensors& y, const FitOptions& options) {
  kind.require_compiled(call);
  const std::int64_t batch_size = training::positive(call, "batch_size", options.batch_size);
  validation_batch_size(call, options);
  Plan plan = plan_options(call, options);

  const Data all = training::data(call, kind, x, y, options.sample_weight);
  training::Split parts = training::split(call, all, options.validation_split);
  if (options.validation_data.defined()) parts = {all, {}};
  if (!kind.built()) {
    model.build_all(training::sample_shapes(all.x));
    training::data(call, kind, x, y, options.sample_weight);  // now that outputs are known
  }
  auto batches = std::make_unique<Batches>(
      training::weighted(call, kind, std::move(parts.training), options.class_weight), batch_size);
  plan.steps = training::limited_steps(call, "steps_per_epoch", options.steps_per_epoch, *batches->steps());
  plan.in_memory = batches.get();
  plan.training = std::move(batches);
  if (parts.validation.x.defined()) plan_validation(call, options, std::move(parts.validation), plan);
  plan_given_validation(call, model, kind, options, plan);
  return plan;
}

// What says something about tensors only.
void refuse_tensor_options(const CallSite& call, const FitOptions& options) {
  const auto refuse = [&](bool given, std::string_view what) {
    if (given) throw call.value_error(std::string(what) + " says nothing about a Dataset");
  };
  const FitOptions defaults;
  refuse(options.batch_size.value() != defaults.batch_size.value(), "batch_size");
  refuse(options.validation_split != 0, "validation_split");
  refuse(options.sample_weight.defined(), "sample_weight");
  refuse(options.shuffle.kind() == Shuffle::Kind::batch, "shuffle");
}

Plan make_plan(const CallSite& call, const Model& model, Model::Kind& kind, const Dataset& batches,
               const FitOptions& options) {
  kind.require_compiled(call);
  refuse_tensor_options(call, options);
  Plan plan = plan_options(call, options);
  plan.steps = training::optional_steps(call, "steps_per_epoch", options.steps_per_epoch);
  auto training = std::make_unique<DatasetBatches>(
      call, model, batches,
      DatasetBatches::Options{.class_weight = options.class_weight,
                              .steps = plan.steps,
                              .next_pass = DatasetBatches::NextPass::goes_on});
  training->first(static_cast<std::uint64_t>(std::max(kind.training().epochs_done, plan.initial_epoch)));
  if (!plan.steps) plan.steps = training->steps();
  plan.training = std::move(training);
  plan_given_validation(call, model, kind, options, plan);
  return plan;
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

// The loop over epochs and batches.
History run(const CallSite& call, Model model, Model::Kind& kind, Plan plan, FitOptions options,
            int verbose) {
  Model::Kind::Training& state = kind.training();
  training::Running running(call, kind);
  Optimizer& optimizer = kind.ready_optimizer();

  History history{.params = {verbose, plan.epochs, plan.steps.value_or(0)}, .seed = kind.seed()};
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

  state.stop = state.interrupted = false;
  state.resume_at.reset();
  const FlushSubnormals guard;
  Data batch;
  Logs last;
  callbacks.call(&Callback::Kind::on_train_begin, last);
  const std::int64_t first = std::exchange(state.resume_at, std::nullopt).value_or(plan.initial_epoch);
  for (std::int64_t epoch = first; epoch < plan.epochs && !state.stop; ++epoch) {
    running.reset();
    Logs none;
    callbacks.call(&Callback::Kind::on_epoch_begin, epoch, none);
    const std::int64_t draw = std::max(state.epochs_done, epoch);
    if (plan.in_memory != nullptr) {
      plan.in_memory->set_order(draw_order(options.shuffle.kind(), kind.random(), draw,
                                           plan.in_memory->rows(), plan.in_memory->batch_size()));
    }
    plan.training->begin_pass(static_cast<std::uint64_t>(draw));
    for (std::int64_t step = 0; !plan.steps || step < *plan.steps; ++step) {
      if (!plan.training->next(batch)) break;
      for (Callback::Kind* watcher : watchers.begin) watcher->on_train_batch_begin(step, running.logs());
      const double loss = training::train_step(call, kind, optimizer, batch, running);
      if (!std::isfinite(loss) && !takes_non_finite) refuse_loss(call, loss, epoch, step);
      for (Callback::Kind* watcher : watchers.end) watcher->on_train_batch_end(step, running.logs());
      if (state.stop) break;
    }
    if (state.interrupted) break;  // part of an epoch is none
    if (running.rows() == 0) throw call.value_error("there is no data: the dataset is empty");
    state.epochs_done = draw + 1;
    last = running.final_logs();
    if (plan.validation && (epoch + 1) % plan.validation_freq == 0) {
      const Logs validated =
          training::evaluate(validation_of(call), kind, *plan.validation, plan.validation_steps, callbacks);
      last.metrics["val_loss"] = validated.loss;
      for (const auto& [name, value] : validated.metrics) last.metrics["val_" + name] = value;
    }
    if (state.interrupted) break;
    callbacks.call(&Callback::Kind::on_epoch_end, epoch, last);
  }
  if (plan.epochs > plan.initial_epoch && optimizer.built()) optimizer.finalize_variable_values();
  callbacks.call(&Callback::Kind::on_train_end, last);
  history.interrupted = std::exchange(state.interrupted, false);
  return history;
}

}  // namespace

History Model::fit(const Tensors& x, const Tensors& y, FitOptions options, SourceLocation where) const {
  const CallSite call{"fit", where};
  Kind& kind = model_kind();
  const int verbose = training::verbosity(call, options.verbose);
  Plan plan = make_plan(call, *this, kind, x, y, options);
  return run(call, *this, kind, std::move(plan), std::move(options), verbose);
}

History Model::fit(const Dataset& batches, FitOptions options, SourceLocation where) const {
  const CallSite call{"fit", where};
  Kind& kind = model_kind();
  const int verbose = training::verbosity(call, options.verbose);
  Plan plan = make_plan(call, *this, kind, batches, options);
  return run(call, *this, kind, std::move(plan), std::move(options), verbose);
}

}  // namespace gradus
