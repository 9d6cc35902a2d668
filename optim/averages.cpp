// The exponential moving averages of the parameters.

#include <gradus/graph/error.h>
#include <gradus/optim/in_place.h>
#include <gradus/optim/optimizer_state.h>

namespace gradus {

void Optimizer::State::follow_averages() {
  if (averages.empty()) return;
  const std::int64_t before = updates();
  for (std::size_t i = 0; i < averages.size(); ++i) {
    const Tensor& value = parameters[i].value();
    if (before == 0) {
      averages[i].copy_from(value);
    } else {
      average(averages[i], value, options().ema_momentum);
    }
  }
  const auto frequency = options().ema_overwrite_frequency;
  if (frequency && (before + 1) % *frequency == 0) take_averages();
}

void Optimizer::State::take_averages() {
  for (std::size_t i = 0; i < averages.size(); ++i) {
    Tensor value = parameters[i].value();  // shares the buffer
    value.copy_from(averages[i]);
  }
}

void Optimizer::finalize_variable_values() {
  State& state = require_built("finalize_variable_values");
  if (state.steps > 0) state.take_averages();
}

void Optimizer::swap_averages() {
  State& state = require_built("swap_averages");
  const auto refuse = [&](const std::string& why) {
    throw StateError("swap_averages: " + std::string(name()) + " has no averages" + why);
  };
  if (state.averages.empty()) refuse(": make it with {.use_ema = true}");
  if (state.steps == 0) refuse(" before its first step");
  for (std::size_t i = 0; i < state.averages.size(); ++i) {
    Tensor value = state.parameters[i].value();
    exchange(value, state.averages[i]);
  }
}

}  // namespace gradus
