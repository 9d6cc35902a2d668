#include <gradus/models/callbacks/default_callbacks.h>
#include <gradus/models/training/dataset_batches.h>
#include <gradus/models/training/evaluate_loop.h>
#include <gradus/models/training/training_data.h>

namespace gradus {

namespace training {

Logs evaluate(const CallSite& call, Model::Kind& model, BatchSource& batches,
              std::optional<std::int64_t> steps, const CallbackList& callbacks) {
  Running running(call, model);
  Data batch;
  callbacks.call(&Callback::Kind::on_test_begin, running.logs());
  const CallbackList::Batch& watchers = callbacks.test();
  batches.begin_pass(0);
  for (std::int64_t step = 0;
       (!steps || step < *steps) && !model.training().interrupted && batches.next(batch); ++step) {
    for (Callback::Kind* kind : watchers.begin) kind->on_test_batch_begin(step, running.logs());
    test_step(call, model, batch, running);
    for (Callback::Kind* kind : watchers.end) kind->on_test_batch_end(step, running.logs());
  }
  if (running.rows() == 0 && !model.training().interrupted) throw call.value_error("there is no data");
  Logs& last = running.final_logs();
  callbacks.call(&Callback::Kind::on_test_end, last);
  return last;
}

}  // namespace training

namespace {

Logs run(const CallSite& call, Model model, Model::Kind& kind, BatchSource& batches,
         std::optional<std::int64_t> steps, EvaluateOptions options) {
  kind.find_regularized();
  const int verbose = training::verbosity(call, options.verbose);
  const CallbackList callbacks(with_progress(std::move(options.callbacks), verbose), model,
                               {verbose, 1, steps.value_or(0)});
  return training::evaluate(call, kind, batches, steps, callbacks);
}

}  // namespace

Logs Model::evaluate(const Tensors& x, const Tensors& y, EvaluateOptions options,
                     SourceLocation where) const {
  const CallSite call{"evaluate", where};
  Kind& kind = model_kind();
  kind.require_compiled(call);
  kind.require_built(call);
  Batches batches(training::data(call, kind, x, y, options.sample_weight),
                  training::positive(call, "batch_size", options.batch_size));
  const std::int64_t steps = training::limited_steps(call, "steps", options.steps, *batches.steps());
  return run(call, *this, kind, batches, steps, std::move(options));
}

Logs Model::evaluate(const Dataset& dataset, EvaluateOptions options, SourceLocation where) const {
  const CallSite call{"evaluate", where};
  Kind& kind = model_kind();
  kind.require_compiled(call);
  kind.require_built(call);
  const auto steps = training::optional_steps(call, "steps", options.steps);
  DatasetBatches batches(call, *this, dataset, {.steps = steps});
  batches.first();
  return run(call, *this, kind, batches, batches.steps(), std::move(options));
}

}  // namespace gradus
