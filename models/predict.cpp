#include <gradus/models/batches.h>
#include <gradus/models/callbacks/default_callbacks.h>
#include <gradus/models/step.h>
#include <gradus/models/training_data.h>

#include <cstring>

namespace gradus {

namespace {

Shape with_rows(const Shape& sample, std::int64_t rows) {
  std::vector<std::int64_t> dims(sample.begin(), sample.end());
  dims.insert(dims.begin(), rows);
  return Shape(dims);
}

Tensor predict_batches(const CallSite& call, Model::Kind& model, const Batches& batches, std::int64_t steps,
                       const CallbackList& callbacks) {
  Logs logs;
  callbacks.call(&Callback::Kind::on_predict_begin, logs);
  const CallbackList::Batch& watchers = callbacks.predict();
  std::vector<Tensor> parts;
  std::int64_t rows = 0;
  for (std::int64_t step = 0; step < steps; ++step) {
    for (Callback::Kind* kind : watchers.begin) kind->on_predict_batch_begin(step, logs);
    parts.push_back(training::predict_step(call, model, batches.batch(step).x));
    rows += parts.back().dim(0);
    for (Callback::Kind* kind : watchers.end) kind->on_predict_batch_end(step, logs);
  }
  callbacks.call(&Callback::Kind::on_predict_end, logs);
  if (parts.size() == 1) return parts.front();

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

}  // namespace

Tensor Model::predict(const Tensor& x, PredictOptions options, SourceLocation where) const {
  const CallSite call{"predict", where};
  Model model = *this;
  Kind& kind = model_kind();
  kind.require_built(call);
  const int verbose = training::verbosity(call, options.verbose);
  const std::int64_t batch_size = training::positive(call, "batch_size", options.batch_size);
  const Tensor samples = training::input(call, kind, x);
  if (samples.dim(0) == 0) return Tensor::empty(with_rows(kind.built_output_shape(), 0), kind.dtype());
  const Batches batches({samples, {}, {}}, batch_size);
  const std::int64_t steps = training::limited_steps(call, "steps", options.steps, batches.steps());
  const CallbackList callbacks(with_progress(std::move(options.callbacks), verbose), model,
                               {verbose, 1, steps});
  return predict_batches(call, kind, batches, steps, callbacks);
}

Tensor Model::predict_on_batch(const Tensor& x, SourceLocation where) const {
  const CallSite call{"predict_on_batch", where};
  Kind& kind = model_kind();
  kind.require_built(call);
  return training::predict_step(call, kind, training::input(call, kind, x));
}

}  // namespace gradus
