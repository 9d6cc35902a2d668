#include <gradus/models/callbacks/default_callbacks.h>
#include <gradus/models/sample_shape.h>
#include <gradus/models/training/dataset_batches.h>
#include <gradus/models/training/step.h>
#include <gradus/models/training/training_data.h>

#include <cstring>

namespace gradus {

namespace {

// The parts under one another.
Tensor joined(const CallSite& call, const std::vector<Tensor>& parts, std::int64_t rows) {
  if (parts.size() == 1) return parts.front();
  for (const Tensor& part : parts) {
    if (sample_shape(part.shape()) != sample_shape(parts.front().shape())) {
      throw call.shape_error(
          "outputs of batches differ in their shapes: " + batch_text(sample_shape(parts.front().shape())) +
          " and " + batch_text(sample_shape(part.shape())));
    }
  }
  Dims dims = parts.front().shape().dims();
  dims[0] = rows;
  Tensor result = Tensor::empty(Shape(std::move(dims)), parts.front().dtype());
  std::byte* out = result.buffer()->data();
  for (const Tensor& part : parts) {
    std::memcpy(out, part.buffer()->data(), part.bytes());
    out += part.bytes();
  }
  return result;
}

Tensors predict_batches(const CallSite& call, Model::Kind& model, BatchSource& batches,
                        std::optional<std::int64_t> steps, const CallbackList& callbacks) {
  Logs logs;
  callbacks.call(&Callback::Kind::on_predict_begin, logs);
  const CallbackList::Batch& watchers = callbacks.predict();
  std::vector<std::vector<Tensor>> parts(model.outputs().size());
  std::int64_t rows = 0;
  Data batch;
  batches.begin_pass(0);
  for (std::int64_t step = 0; (!steps || step < *steps) && batches.next(batch); ++step) {
    for (Callback::Kind* kind : watchers.begin) kind->on_predict_batch_begin(step, logs);
    const std::vector<Tensor> outputs = training::predict_step(call, model, batch.x);
    for (std::size_t i = 0; i < outputs.size(); ++i) parts[i].push_back(outputs[i]);
    rows += batch.x[0].dim(0);
    for (Callback::Kind* kind : watchers.end) kind->on_predict_batch_end(step, logs);
  }
  callbacks.call(&Callback::Kind::on_predict_end, logs);
  std::vector<Tensor> results;
  for (const std::vector<Tensor>& part : parts) results.push_back(joined(call, part, rows));
  return results;
}

Tensors run(const CallSite& call, Model model, Model::Kind& kind, BatchSource& batches,
            std::optional<std::int64_t> steps, PredictOptions options) {
  const int verbose = training::verbosity(call, options.verbose);
  const CallbackList callbacks(with_progress(std::move(options.callbacks), verbose), model,
                               {verbose, 1, steps.value_or(0)});
  return predict_batches(call, kind, batches, steps, callbacks);
}

}  // namespace

Tensors Model::predict_all(const Tensors& x, PredictOptions options, SourceLocation where) const {
  const CallSite call{"predict", where};
  Kind& kind = model_kind();
  kind.require_built(call);
  training::verbosity(call, options.verbose);
  const std::int64_t batch_size = training::positive(call, "batch_size", options.batch_size);
  const Tensors samples = training::input(call, kind, x);
  if (samples[0].dim(0) == 0) {
    std::vector<Tensor> none;
    for (const Kind::Port& port : kind.outputs()) {
      none.push_back(Tensor::empty(batch_shape(port.shape, 0), kind.dtype()));
    }
    return none;
  }
  Batches batches({samples, {}, {}}, batch_size);
  const std::int64_t steps = training::limited_steps(call, "steps", options.steps, *batches.steps());
  return run(call, *this, kind, batches, steps, std::move(options));
}

Tensors Model::predict_all(const Dataset& dataset, PredictOptions options, SourceLocation where) const {
  const CallSite call{"predict", where};
  Kind& kind = model_kind();
  kind.require_built(call);
  const auto steps = training::optional_steps(call, "steps", options.steps);
  DatasetBatches batches(call, *this, dataset, {.labels = DatasetBatches::Labels::ignored, .steps = steps});
  batches.first();
  return run(call, *this, kind, batches, batches.steps(), std::move(options));
}

Tensor Model::predict(const Tensors& x, PredictOptions options, SourceLocation where) const {
  model_kind().require_one_output({"predict", where});
  return predict_all(x, std::move(options), where)[0];
}

Tensor Model::predict(const Dataset& batches, PredictOptions options, SourceLocation where) const {
  model_kind().require_one_output({"predict", where});
  return predict_all(batches, std::move(options), where)[0];
}

Tensor Model::predict_on_batch(const Tensors& x, SourceLocation where) const {
  const CallSite call{"predict_on_batch", where};
  Kind& kind = model_kind();
  kind.require_built(call);
  kind.require_one_output(call);
  return training::predict_step(call, kind, training::input(call, kind, x)).front();
}

}  // namespace gradus
