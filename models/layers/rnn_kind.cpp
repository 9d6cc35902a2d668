#include <gradus/graph/error.h>
#include <gradus/graph/recording.h>
#include <gradus/models/layers/padded_steps.h>
#include <gradus/models/layers/placed.h>
#include <gradus/models/layers/rnn_kind.h>
#include <gradus/models/sample_shape.h>
#include <gradus/ops/elementwise.h>
#include <gradus/ops/reduction.h>
#include <gradus/ops/shape.h>

#include <algorithm>

namespace gradus {

namespace {

// The mask of the steps, undefined where none is left out. ShapeError, DTypeError for one that is none.
Tensor steps_mask(const Layer::Kind& layer, const Shape& x, const CallOptions& options) {
  if (options.mask.empty() || !options.mask.front().defined()) return {};
  const Tensor& mask = options.mask.front();
  if (mask.shape() != Shape{x[0], x[1]}) {
    throw ShapeError(layer.name() + ": the mask of x " + to_string(x) + " must be " +
                     to_string(Shape{x[0], x[1]}) + ", got " + to_string(mask.shape()));
  }
  if (mask.dtype() != DType::boolean) {
    throw DTypeError(layer.name() + ": the mask must be boolean, got " +
                     std::string(to_string(mask.dtype())));
  }
  return all(mask).item<bool>() ? Tensor() : mask;
}

}  // namespace

RNNKind::RNNKind(const Layer& cell, Settings settings, LayerOptions options, Description description)
    : Kind(std::move(options)),
      cell_(cell),
      settings_(std::move(settings)),
      description_(std::move(description)) {
  require_cell(cell, "RNN");
}

void RNNKind::build_all(const std::vector<Shape>& inputs) {
  output_shapes(inputs);
  std::vector<Shape> step = {sample_shape(inputs.front())};  // without the time
  for (const std::int64_t size : cell().state_sizes()) step.push_back({size});
  cell_.build_all(step);
}

std::vector<Shape> RNNKind::output_shapes(const std::vector<Shape>& inputs) {
  const std::vector<std::int64_t> sizes = cell().state_sizes();
  if (inputs.size() != 1 && inputs.size() != 1 + sizes.size()) {
    throw ValueError(name() + ": " + class_name() + " takes x, or x and its " + std::to_string(sizes.size()) +
                     " states, got " + std::to_string(inputs.size()) + " inputs");
  }
  const Shape& x = inputs.front();
  if (x.rank() < 2) {
    throw ShapeError(name() + ": " + class_name() + " needs [batch, time, features], got " + batch_text(x));
  }
  for (std::size_t i = 1; i < inputs.size(); ++i) {
    if (inputs[i] != Shape{sizes[i - 1]}) {
      throw ShapeError(name() + ": state " + std::to_string(i) + " must be " + batch_text({sizes[i - 1]}) +
                       ", got " + batch_text(inputs[i]));
    }
  }
  const std::int64_t size = cell().output_size();
  std::vector<Shape> shapes = {settings_.return_sequences ? Shape{x[0], size} : Shape{size}};
  if (settings_.return_state) {
    for (const std::int64_t state : sizes) shapes.push_back({state});
  }
  return shapes;
}

std::vector<Tensor> RNNKind::output_masks(const std::vector<Operand>&, const std::vector<Tensor>& masks) {
  if (!settings_.return_sequences || masks.empty()) return {};
  return {masks.front()};
}

std::vector<Operand> RNNKind::initial_states(const std::vector<Operand>& inputs) {
  const Operand& x = inputs.front();
  const std::int64_t batch = x.shape()[0];
  for (std::size_t i = 1; i < inputs.size(); ++i) {
    if (inputs[i].shape()[0] != batch) {
      throw ShapeError(name() + ": x has " + std::to_string(batch) + " samples, state " + std::to_string(i) +
                       " has " + std::to_string(inputs[i].shape()[0]));
    }
  }
  if (!kept_.empty() && kept_.front().shape()[0] != batch && kept_are_zeros()) kept_.clear();
  if (inputs.size() > 1 || kept_.empty()) return {inputs.begin() + 1, inputs.end()};
  if (kept_.front().shape()[0] != batch) {
    throw ValueError(name() + ": a stateful layer goes on with batches of " +
                     std::to_string(kept_.front().shape()[0]) + " samples, got " + std::to_string(batch) +
                     ": call reset_state before others");
  }
  std::vector<Operand> states;
  // Copies: what is kept changes in place, and the graph goes on needing what it was.
  for (const Parameter& state : kept_) states.emplace_back(state.value().clone(), x.where());
  return states;
}

bool RNNKind::kept_are_zeros() const {
  return std::none_of(kept_.begin(), kept_.end(),
                      [](const Parameter& state) { return any(state).item<bool>(); });
}

void RNNKind::keep(const std::vector<Variable>& states) {
  if (!kept_.empty() && kept_.front().shape() != states.front().shape()) kept_.clear();
  for (std::size_t i = 0; i < states.size(); ++i) {
    if (i == kept_.size()) {
      kept_.emplace_back(name() + "/state", Tensor::zeros(states[i].shape(), states[i].dtype()));
    }
    add_update(kept_[i], states[i].value());
  }
}

void RNNKind::reset_state() {
  if (!settings_.stateful) throw StateError("reset_state: '" + name() + "' is not stateful");
  kept_.clear();
}

std::vector<Variable> RNNKind::call_all(const std::vector<Operand>& inputs, const CallOptions& options) {
  const Operand& x = inputs.front();
  std::vector<Shape> samples;
  for (const Operand& input : inputs) samples.push_back(sample_shape(input.shape()));
  output_shapes(samples);
  const Shape shape = x.shape();
  const Tensor mask = steps_mask(*this, shape, options);
  const std::vector<Operand> states = initial_states(inputs);
  const Shape step = sample_shape(samples.front());
  const RecurrentCell::Noise noise =
      options.training ? cell().draw(shape[0], step, dtype()) : RecurrentCell::Noise();

  RecurrentCell::Sequence result;
  {
    const Scope scope(cell_.name());
    std::optional<RecurrentCell::Sequence> whole;
    if (shape.rank() == 3) whole = run_at_once(x, states, mask, noise);
    result = whole ? std::move(*whole) : run_by_steps(x, states, mask, options, noise);
  }
  if (settings_.stateful) keep(result.states);
  penalize_activity(settings_.activity_regularizer, result.output, x);
  std::vector<Variable> outputs = {std::move(result.output)};
  if (settings_.return_state) outputs.insert(outputs.end(), result.states.begin(), result.states.end());
  return outputs;
}

std::optional<RecurrentCell::Sequence> RNNKind::run_at_once(const Operand& x,
                                                            const std::vector<Operand>& states,
                                                            const Tensor& mask,
                                                            const RecurrentCell::Noise& noise) const {
  RecurrentCell::Order order = {.return_sequences = settings_.return_sequences,
                                .go_backwards = settings_.go_backwards};
  if (!mask.defined()) return cell().run(x, states, order, noise);
  // See Note [Padded sequences]; the states behind the last step that counts are not to be had.
  if (settings_.return_state || settings_.stateful) return std::nullopt;
  const auto padded = PaddedSteps::find(settings_.go_backwards ? flip(mask, {.axis = 1}).value() : mask);
  if (!padded) return std::nullopt;
  order.return_sequences = true;
  auto result = cell().run(x, states, order, noise);
  if (!result) return std::nullopt;
  const Placed at(x.where());
  const Operand outputs = at(std::move(result->output));
  if (settings_.zero_output_for_mask) {
    result->output =
        settings_.return_sequences ? padded->all_or_zero(outputs) : padded->last_or_zero(outputs);
  } else {
    const Shape shape = {outputs.shape()[0], outputs.shape()[2]};
    const Operand before = at(Tensor::zeros(shape, dtype()));  // Keras's output before the first step
    result->output =
        settings_.return_sequences ? padded->all(outputs, before) : padded->last(outputs, before);
  }
  return result;
}

RecurrentCell::Sequence RNNKind::run_by_steps(const Operand& x, const std::vector<Operand>& initial,
                                              const Tensor& mask, const CallOptions& options,
                                              const RecurrentCell::Noise& noise) const {
  const Placed at(x.where());
  const std::int64_t batch = x.shape()[0];
  std::vector<Variable> steps = unstack(x, {.axis = 1}), masks;
  if (mask.defined()) masks = unstack(at(mask.reshape({batch, mask.dim(1), 1})), {.axis = 1});
  if (settings_.go_backwards) {
    std::reverse(steps.begin(), steps.end());
    std::reverse(masks.begin(), masks.end());
  }
  std::vector<Variable> states;
  for (const Operand& state : initial) states.push_back(state.variable());
  if (states.empty()) {
    for (const std::int64_t size : cell().state_sizes()) {
      states.emplace_back(Tensor::zeros({batch, size}, dtype()));
    }
  }
  CallOptions own = options;
  own.mask.clear();
  const Variable zeros(Tensor::zeros({batch, cell().output_size()}, dtype()));
  Variable output = zeros;
  std::vector<Operand> outputs;
  for (std::size_t t = 0; t < steps.size(); ++t) {
    std::vector<Operand> inputs = at(states);
    inputs.insert(inputs.begin(), at(std::move(steps[t])));
    std::vector<Variable> made = cell().step(inputs, own, noise);
    if (made.size() != 1 + states.size()) {
      throw ValueError(name() + ": cell '" + cell_.name() + "' gave " + std::to_string(made.size()) +
                       " outputs; its output and " + std::to_string(states.size()) + " states are wanted");
    }
    if (mask.defined()) {
      const Operand counts = at(masks[t]);
      const Variable& before = settings_.zero_output_for_mask ? zeros : output;
      made[0] = where(counts, at(std::move(made[0])), at(before));
      for (std::size_t i = 0; i < states.size(); ++i) {
        made[i + 1] = where(counts, at(std::move(made[i + 1])), at(states[i]));
      }
    }
    output = std::move(made[0]);
    std::move(made.begin() + 1, made.end(), states.begin());
    if (settings_.return_sequences) outputs.push_back(at(output));
  }
  if (settings_.return_sequences) {
    output = outputs.empty() ? Variable(Tensor::zeros({batch, 0, cell().output_size()}, dtype()))
                             : stack(outputs, {.axis = 1});
  }
  return {std::move(output), std::move(states)};
}

}  // namespace gradus
