#include <gradus/graph/error.h>
#include <gradus/graph/parameters.h>
#include <gradus/graph/pool_vector.h>
#include <gradus/optim/check.h>
#include <gradus/optim/optimizer.h>
#include <gradus/optim/optimizer_state.h>
#include <gradus/optim/rescale.h>

#include <algorithm>

namespace gradus {

namespace {

// w -= w * decay
void decay_weights(Tensor& value, double decay) {
  dispatch_floating(value.dtype(), [&]<class T>() {
    const T by = static_cast<T>(decay);
    for (T& w : value.mutable_values<T>()) w -= w * by;
  });
}

// Replaces the gradients by clipped ones; the old ones keep their values.
void clip(std::span<Tensor> gradients, const OptimizerOptions& options) {
  const auto scale_all = [&](double factor) {
    for (Tensor& gradient : gradients) {
      if (gradient.defined()) gradient = scaled(gradient, factor);
    }
  };
  if (options.global_clipnorm) scale_all(clip_factor(norm_of(gradients), *options.global_clipnorm));
  for (Tensor& gradient : gradients) {
    if (!gradient.defined()) continue;
    if (options.clipnorm)
      gradient = scaled(gradient, clip_factor(norm_of({&gradient, 1}), *options.clipnorm));
    if (options.clipvalue) gradient = clamped(gradient, -*options.clipvalue, *options.clipvalue);
  }
}

void require_like(const Tensor& gradient, const Variable& parameter, const std::string& what) {
  const auto text = [&] {
    return what + " is " + std::string(to_string(gradient.dtype())) + " " + to_string(gradient.shape()) +
           ", the parameter is " + std::string(to_string(parameter.dtype())) + " " +
           to_string(parameter.shape());
  };
  if (gradient.shape() != parameter.shape()) throw ShapeError(text());
  if (gradient.dtype() != parameter.dtype()) throw DTypeError(text());
}

}  // namespace

Optimizer::Kind::Kind(double learning_rate, OptimizerOptions options, std::string_view name)
    : learning_rate_(learning_rate), options_(options) {
  check::learning_rate(name, learning_rate);
  check::not_negative(name, "weight_decay", options.weight_decay);
  if (options.clipnorm) check::positive(name, "clipnorm", *options.clipnorm);
  if (options.clipvalue) check::positive(name, "clipvalue", *options.clipvalue);
  if (options.global_clipnorm) check::positive(name, "global_clipnorm", *options.global_clipnorm);
  if (options.clipnorm.has_value() + options.clipvalue.has_value() + options.global_clipnorm.has_value() >
      1) {
    throw ValueError(std::string(name) +
                     ": only one of clipnorm, clipvalue and global_clipnorm can be given");
  }
}

Optimizer::Optimizer(std::shared_ptr<const Kind> kind)
    : state_(std::make_shared<State>(State{.kind = kind, .learning_rate = kind->learning_rate()})) {}

Optimizer::State& Optimizer::require_built(std::string_view caller) const {
  if (state_->parameters.empty()) {
    throw StateError(std::string(caller) + ": " + std::string(name()) +
                     " knows no parameters yet: call build with them first");
  }
  return *state_;
}

void Optimizer::build(const Variables& parameters) {
  const std::string caller = std::string(name()) + " build";
  if (parameters.empty()) throw ValueError(caller + ": there are no parameters");
  require_trainable(parameters, caller);
  if (built()) {
    const auto same = [](const Variable& a, const Variable& b) { return &a.node() == &b.node(); };
    if (std::ranges::equal(parameters, state_->parameters, same)) return;
    throw StateError(
        caller + ": is built for " + std::to_string(state_->parameters.size()) +
        " parameters already, and keeps state for each: reset it first, or make another optimizer");
  }
  State state{.kind = state_->kind, .learning_rate = state_->learning_rate, .parameters = parameters};
  state.slots = state.kind->slots();
  for (const Variable& parameter : parameters) {
    state.buffers.push_back(parameter.value().buffer().get());
    for (const Kind::Slot& slot : state.slots) {
      state.tensors.push_back(Tensor::full(parameter.shape(), slot.initial, parameter.dtype()));
    }
  }
  std::ranges::sort(state.buffers);
  *state_ = std::move(state);
}

bool Optimizer::built() const { return !state_->parameters.empty(); }

void Optimizer::reset() { *state_ = State{.kind = state_->kind, .learning_rate = state_->learning_rate}; }

void Optimizer::step() {
  const State& state = require_built("step");
  PoolVector<Tensor> gradients;
  gradients.reserve(state.parameters.size());
  const OptimizerOptions& options = state.kind->options();
  const bool clips = options.clipnorm || options.clipvalue || options.global_clipnorm;
  const bool rows = state.kind->takes_rows() && !clips && options.weight_decay == 0;
  for (const Variable& parameter : state.parameters) {
    const Node& leaf = parameter.node();
    gradients.push_back(rows && !leaf.grad_rows().empty() ? Tensor() : leaf.grad());
  }
  update(gradients, "step", rows ? Rows::in_leaves : Rows::none);
}

void Optimizer::apply(const std::vector<Tensor>& gradients) {
  PoolVector<Tensor> own(gradients.begin(), gradients.end());
  update(own, "apply");
}

void Optimizer::apply(const Variables& gradients) {
  PoolVector<Tensor> own;
  for (const Variable& gradient : gradients) own.push_back(gradient.defined() ? gradient.value() : Tensor());
  update(own, "apply");
}

void Optimizer::update(std::span<Tensor> gradients, std::string_view caller, Rows rows) {
  State& state = require_built(caller);
  const Kind& kind = *state.kind;
  const std::size_t count = state.parameters.size();
  if (gradients.size() != count) {
    throw ShapeError(std::string(caller) + ": " + std::to_string(gradients.size()) + " gradients for the " +
                     std::to_string(count) + " parameters of " + std::string(name()));
  }
  const auto rows_of = [&](std::size_t i) {
    return rows == Rows::none ? std::span<const RowGradient>() : state.parameters[i].node().grad_rows();
  };
  bool any = false;
  for (std::size_t i = 0; i < count; ++i) {
    Tensor& gradient = gradients[i];
    any = any || gradient.defined() || !rows_of(i).empty();
    if (!gradient.defined()) continue;
    const Variable& parameter = state.parameters[i];
    if (gradient.shape() != parameter.shape() || gradient.dtype() != parameter.dtype()) {
      require_like(gradient, parameter, std::string(caller) + ": the gradient of " + state.parameter_name(i));
    }
    // A parameter given as a gradient: its values are about to change.
    if (std::ranges::binary_search(state.buffers, gradient.buffer().get())) gradient = gradient.clone();
  }
  if (!any) {
    throw StateError(std::string(caller) + ": none of the " + std::to_string(count) + " parameters of " +
                     std::string(name()) +
                     " has a gradient: call backward on a loss that depends on them first");
  }
  clip(gradients, kind.options());

  const double decay = kind.options().weight_decay * state.learning_rate;
  const std::size_t slots = state.slots.size();
  for (std::size_t i = 0; i < count; ++i) {
    Tensor value = state.parameters[i].value();  // shares the buffer
    for (const RowGradient& used : rows_of(i)) kind.update_rows(value, used, state.learning_rate);
    if (!gradients[i].defined()) continue;
    if (decay != 0) decay_weights(value, decay);
    kind.update({.value = value,
                 .gradient = gradients[i],
                 .slots = std::span(state.tensors).subspan(i * slots, slots),
                 .learning_rate = state.learning_rate,
                 .step = state.iterations + 1});
  }
  ++state.iterations;
}

void Optimizer::Kind::update_rows(Tensor& /*value*/, const RowGradient& /*gradient*/,
                                  double /*learning_rate*/) const {
  throw StateError(std::string(name()) + ": its rule takes no row gradients");
}

void Optimizer::zero_grad() { gradus::zero_grad(require_built("zero_grad").parameters); }

double Optimizer::learning_rate() const { return state_->learning_rate; }

void Optimizer::set_learning_rate(double learning_rate) {
  check::learning_rate(name(), learning_rate);
  state_->learning_rate = learning_rate;
}

std::int64_t Optimizer::iterations() const { return state_->iterations; }

std::string_view Optimizer::name() const { return state_->kind->name(); }

const Optimizer::Kind& Optimizer::kind() const { return *state_->kind; }

const Variables& Optimizer::parameters() const { return require_built("parameters").parameters; }

}  // namespace gradus
