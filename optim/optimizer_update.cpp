#include <gradus/graph/error.h>
#include <gradus/graph/pool_vector.h>
#include <gradus/optim/check.h>
#include <gradus/optim/in_place.h>
#include <gradus/optim/optimizer_state.h>
#include <gradus/optim/rescale.h>

#include <algorithm>
#include <cmath>

namespace gradus {

namespace {

void scale_all(std::span<Tensor> gradients, double factor) {
  for (Tensor& gradient : gradients) {
    if (gradient.defined()) gradient = scaled(gradient, factor);
  }
}

// Replaces the gradients by clipped ones; the old ones keep their values.
void clip(std::span<Tensor> gradients, const OptimizerOptions& options) {
  if (options.global_clipnorm) {
    scale_all(gradients, clip_factor(norm_of(gradients), *options.global_clipnorm));
  }
  for (Tensor& gradient : gradients) {
    if (!gradient.defined()) continue;
    if (options.clipnorm)
      gradient = scaled(gradient, clip_factor(norm_of({&gradient, 1}), *options.clipnorm));
    if (options.clipvalue) gradient = clamped(gradient, -*options.clipvalue, *options.clipvalue);
  }
}

// Whether a gradient reaches the rule as backward leaves it.
bool untouched(const OptimizerOptions& options) {
  return !options.clipnorm && !options.clipvalue && !options.global_clipnorm && options.weight_decay == 0 &&
         !options.loss_scale_factor && !options.gradient_accumulation_steps;
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

void Optimizer::step() {
  const State& state = require_built("step");
  PoolVector<Tensor> gradients;
  gradients.reserve(state.parameters.size());
  const bool rows = state.kind->takes_rows() && untouched(state.options());
  for (const Variable& parameter : state.parameters) {
    const Node& leaf = parameter.node();
    gradients.push_back(rows && !leaf.grad_rows().empty() ? Tensor() : leaf.grad());
  }
  take(gradients, "step", rows ? Rows::in_leaves : Rows::none);
}

void Optimizer::apply(const std::vector<Tensor>& gradients) {
  PoolVector<Tensor> own(gradients.begin(), gradients.end());
  take(own, "apply");
}

void Optimizer::apply(const Variables& gradients) {
  PoolVector<Tensor> own;
  for (const Variable& gradient : gradients) own.push_back(gradient.defined() ? gradient.value() : Tensor());
  take(own, "apply");
}

void Optimizer::take(std::span<Tensor> gradients, std::string_view caller, Rows rows) {
  State& state = require_built(caller);
  const std::size_t count = state.parameters.size();
  if (gradients.size() != count) {
    throw ShapeError(std::string(caller) + ": " + std::to_string(gradients.size()) + " gradients for the " +
                     std::to_string(count) + " parameters of " + std::string(name()));
  }
  bool any = false;
  for (std::size_t i = 0; i < count; ++i) {
    Tensor& gradient = gradients[i];
    const Variable& parameter = state.parameters[i];
    any = any || gradient.defined() || (rows == Rows::in_leaves && !parameter.node().grad_rows().empty());
    if (!gradient.defined()) continue;
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
  const double rate = learning_rate();
  if (!(std::isfinite(rate) && rate >= 0)) {
    check::learning_rate(std::string(name()) + " at step " + std::to_string(state.steps), rate);
  }

  const OptimizerOptions& options = state.options();
  if (options.loss_scale_factor) scale_all(gradients, 1 / *options.loss_scale_factor);
  if (!options.gradient_accumulation_steps) {
    update(gradients, rate, rows);
  } else if ((state.steps + 1) % *options.gradient_accumulation_steps == 0) {
    for (std::size_t i = 0; i < count; ++i) {
      if (!gradients[i].defined()) continue;
      gradients[i] = mean_with(state.gathered[i], gradients[i],
                               static_cast<double>(*options.gradient_accumulation_steps));
    }
    update(gradients, rate, rows);
    for (Tensor& sum : state.gathered) sum.fill(0);
  } else {
    for (std::size_t i = 0; i < count; ++i) {
      if (gradients[i].defined()) gather(state.gathered[i], gradients[i]);
    }
  }
  state.follow_averages();
  ++state.steps;
}

void Optimizer::update(std::span<Tensor> gradients, double learning_rate, Rows rows) {
  State& state = *state_;
  const Kind& kind = *state.kind;
  clip(gradients, state.options());
  const std::int64_t step = state.updates() + 1;
  kind.advance(state.shared, step);
  const std::size_t slots = state.slots.size();
  for (std::size_t i = 0; i < gradients.size(); ++i) {
    Tensor value = state.parameters[i].value();  // shares the buffer
    if (rows == Rows::in_leaves) {
      for (const RowGradient& used : state.parameters[i].node().grad_rows()) {
        kind.update_rows(value, used, learning_rate);
      }
    }
    if (!gradients[i].defined()) continue;
    if (!state.decays.empty() && state.decays[i] * learning_rate != 0) {
      decay(value, state.decays[i] * learning_rate);
    }
    kind.update({.value = value,
                 .gradient = gradients[i],
                 .slots = std::span(state.tensors).subspan(i * slots, slots),
                 .learning_rate = learning_rate,
                 .step = step,
                 .shared = state.shared});
  }
}

void Optimizer::Kind::update_rows(Tensor& /*value*/, const RowGradient& /*gradient*/,
                                  double /*learning_rate*/) const {
  throw StateError(std::string(name()) + ": its rule takes no row gradients");
}

}  // namespace gradus
