#include <gradus/models/callbacks/default_callbacks.h>
#include <gradus/models/evaluate_loop.h>
#include <gradus/models/training_data.h>

namespace gradus {

namespace training {

Logs evaluate(const CallSite& call, Model::Kind& model, const Batches& batches, std::int64_t steps,
              const CallbackList& callbacks) {
  Running running(model);
  callbacks.call(&Callback::Kind::on_test_begin, running.logs());
  const CallbackList::Batch& watchers = callbacks.test();
  for (std::int64_t step = 0; step < steps && !model.training().interrupted; ++step) {
    for (Callback::Kind* kind : watchers.begin) kind->on_test_batch_begin(step, running.logs());
    test_step(call, model, batches.batch(step), running);
    for (Callback::Kind* kind : watchers.end) kind->on_test_batch_end(step, running.logs());
  }
  callbacks.call(&Callback::Kind::on_test_end, running.logs());
  return running.logs();
}

}  // namespace training

Logs Model::evaluate(const Tensor& x, const Tensor& y, EvaluateOptions options, SourceLocation where) const {
  const CallSite call{"evaluate", where};
  Model model = *this;
  Kind& kind = model_kind();
  kind.require_compiled(call);
  kind.require_built(call);
  const int verbose = training::verbosity(call, options.verbose);
  const Batches batches(training::data(call, kind, x, y, options.sample_weight),
                        training::positive(call, "batch_size", options.batch_size));
  const std::int64_t steps = training::limited_steps(call, "steps", options.steps, batches.steps());
  const CallbackList callbacks(with_progress(std::move(options.callbacks), verbose), model,
                               {verbose, 1, steps});
  return training::evaluate(call, kind, batches, steps, callbacks);
}

}  // namespace gradus
