#include <gradus/graph/flush_subnormals.h>
#include <gradus/graph/number_text.h>
#include <gradus/models/training/step.h>
#include <gradus/models/training/training_data.h>

#include <cmath>

namespace gradus {

Logs Model::train_on_batch(const Tensors& x, const Tensors& y, TrainOnBatchOptions options,
                           SourceLocation where) const {
  const CallSite call{"train_on_batch", where};
  Kind& kind = model_kind();
  kind.require_compiled(call);
  Data batch = training::data(call, kind, x, y, options.sample_weight);
  if (!kind.built()) build_all(training::sample_shapes(batch.x));
  batch = training::weighted(call, kind, std::move(batch), options.class_weight);
  training::Running running(call, kind);
  Optimizer& optimizer = kind.ready_optimizer();
  const FlushSubnormals guard;
  const double loss = training::train_step(call, kind, optimizer, batch, running);
  if (!std::isfinite(loss)) {
    throw call.value_error("the loss is " + scalar_text(loss) + "; the weights are as they were before");
  }
  return std::move(running.logs());  // a copy could fail, after the step
}

Logs Model::test_on_batch(const Tensors& x, const Tensors& y, TestOnBatchOptions options,
                          SourceLocation where) const {
  const CallSite call{"test_on_batch", where};
  Kind& kind = model_kind();
  kind.require_compiled(call);
  kind.require_built(call);
  kind.find_regularized();
  training::Running running(call, kind);
  training::test_step(call, kind, training::data(call, kind, x, y, options.sample_weight), running);
  return std::move(running.logs());
}

}  // namespace gradus
