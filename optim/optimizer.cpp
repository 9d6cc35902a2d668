#include <gradus/graph/error.h>
#include <gradus/graph/parameters.h>
#include <gradus/optim/check.h>
#include <gradus/optim/optimizer_state.h>

#include <algorithm>

namespace gradus {

namespace {

void check_options(std::string_view who, const OptimizerOptions& options) {
  check::not_negative(who, "weight_decay", options.weight_decay);
  if (options.clipnorm) check::positive(who, "clipnorm", *options.clipnorm);
  if (options.clipvalue) check::positive(who, "clipvalue", *options.clipvalue);
  if (options.global_clipnorm) check::positive(who, "global_clipnorm", *options.global_clipnorm);
  if (options.clipnorm.has_value() + options.clipvalue.has_value() + options.global_clipnorm.has_value() >
      1) {
    throw ValueError(std::string(who) + ": only one of clipnorm, clipvalue and global_clipnorm can be given");
  }
  check::fraction(who, "ema_momentum", options.ema_momentum);
  if (options.ema_overwrite_frequency) {
    check::at_least(who, "ema_overwrite_frequency", *options.ema_overwrite_frequency, 1);
  }
  if (options.loss_scale_factor) check::scale(who, "loss_scale_factor", *options.loss_scale_factor);
  if (options.gradient_accumulation_steps) {
    check::at_least(who, "gradient_accumulation_steps", *options.gradient_accumulation_steps, 2);
  }
}

}  // namespace

Optimizer::Kind::Kind(LearningRate learning_rate, OptimizerOptions options, std::string_view name)
    : learning_rate_(std::move(learning_rate)), options_(options) {
  check::learning_rate(name, learning_rate_);
  check_options(name, options_);
}

Optimizer::Optimizer(std::shared_ptr<const Kind> kind)
    : state_(std::make_shared<State>(State{.kind = kind, .learning_rate = kind->learning_rate()})) {}

Optimizer::State& Optimizer::require_built(std::string_view caller) const {
  if (!built()) {
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
  *state_ = state_->built_for(parameters);
}

bool Optimizer::built() const { return !state_->parameters.empty(); }

void Optimizer::reset() { *state_ = state_->unbuilt(); }

void Optimizer::exclude_from_weight_decay(const WeightDecayExclusion& excluded) {
  if (built()) {
    throw StateError("exclude_from_weight_decay: " + std::string(name()) +
                     " is built already: call it before build, on an optimizer made without parameters");
  }
  state_->undecayed = excluded;
}

void Optimizer::zero_grad() { gradus::zero_grad(require_built("zero_grad").parameters); }

double Optimizer::learning_rate() const { return state_->learning_rate(state_->steps); }

void Optimizer::set_learning_rate(const LearningRate& learning_rate) {
  check::learning_rate(name(), learning_rate);
  if (state_->learning_rate.is_schedule() && !learning_rate.is_schedule()) {
    throw StateError("set_learning_rate: the learning rate of " + std::string(name()) +
                     " is a schedule: make the optimizer with a number to be able to set it");
  }
  state_->learning_rate = learning_rate;
}

std::int64_t Optimizer::iterations() const { return state_->updates(); }

double Optimizer::loss_scale() const { return state_->options().loss_scale_factor.value_or(1); }

std::string_view Optimizer::name() const { return state_->kind->name(); }

const Optimizer::Kind& Optimizer::kind() const { return *state_->kind; }

const Variables& Optimizer::parameters() const { return require_built("parameters").parameters; }

}  // namespace gradus
