#include <gradus/graph/error.h>
#include <gradus/optim/check.h>
#include <gradus/optim/optimizer_state.h>

#include <algorithm>

namespace gradus {

namespace {

void require_fit(bool shape_fits, bool dtype_fits, std::size_t place, const std::string& name,
                 const std::string& wanted, const Tensor& given) {
  if (shape_fits && dtype_fits) return;
  const std::string text = "set_variables: value " + std::to_string(place) + ", " + name + ", must be " +
                           wanted + ", got " + std::string(to_string(given.dtype())) + " " +
                           to_string(given.shape());
  if (!shape_fits) throw ShapeError(text);
  throw DTypeError(text);
}

double number(const Tensor& given, std::size_t place, const std::string& name) {
  require_fit(given.rank() == 0, is_floating(given.dtype()), place, name, "a floating scalar", given);
  return given.item<double>();
}

}  // namespace

Optimizer::State Optimizer::State::unbuilt() const {
  return {.kind = kind, .learning_rate = learning_rate, .undecayed = undecayed};
}

Optimizer::State Optimizer::State::built_for(const Variables& given) const {
  State state = unbuilt();
  state.parameters = given;
  state.slots = kind->slots();
  for (const Kind::Slot& slot : kind->shared()) state.shared.push_back(slot.initial);
  const auto is_undecayed = [&](const Variable& parameter) {
    const auto is_it = [&](const Variable& one) { return one.defined() && &one.node() == &parameter.node(); };
    const auto is_in_name = [&](const std::string& part) {
      return parameter.name().find(part) != std::string_view::npos;
    };
    return std::ranges::any_of(undecayed.var_list, is_it) ||
           std::ranges::any_of(undecayed.var_names, is_in_name);
  };
  const auto full = [](const Variable& parameter, double value) {
    return Tensor::full(parameter.shape(), value, parameter.dtype());
  };
  for (const Variable& parameter : given) {
    state.buffers.push_back(parameter.value().buffer().get());
    for (const Kind::Slot& slot : state.slots) state.tensors.push_back(full(parameter, slot.initial));
    if (options().use_ema) state.averages.push_back(full(parameter, 0));
    if (options().gradient_accumulation_steps) state.gathered.push_back(full(parameter, 0));
    if (options().weight_decay != 0) {
      state.decays.push_back(is_undecayed(parameter) ? 0 : options().weight_decay);
    }
  }
  std::ranges::sort(state.buffers);
  return state;
}

std::string Optimizer::State::parameter_name(std::size_t place) const {
  const auto name = parameters[place].name();
  return name.empty() ? "parameter_" + std::to_string(place) : std::string(name);
}

std::vector<Optimizer::NamedState> Optimizer::State::saved_tensors() const {
  std::vector<NamedState> result;
  const auto add = [&](std::size_t parameter, std::string_view what, const Tensor& tensor) {
    result.push_back({parameter_name(parameter) + "_" + std::string(what), tensor});
  };
  for (std::size_t i = 0; i < averages.size(); ++i) add(i, "average", averages[i]);
  for (std::size_t i = 0; i < gathered.size(); ++i) add(i, "gradient_accumulator", gathered[i]);
  std::vector<std::size_t> order(tensors.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::ranges::stable_sort(order, {}, [&](std::size_t i) { return slots[i % slots.size()].group; });
  for (const std::size_t i : order) add(i / slots.size(), slots[i % slots.size()].name, tensors[i]);
  return result;
}

std::vector<Optimizer::NamedState> Optimizer::variables() const {
  const State& state = require_built("variables");
  std::vector<NamedState> result;
  result.push_back({"iteration", Tensor(std::vector<std::int64_t>{state.steps}, Shape{})});
  const auto add_number = [&](std::string_view name, double value) {
    result.push_back({std::string(name), Tensor::scalar(value, DType::float64)});
  };
  if (!state.learning_rate.is_schedule()) add_number("learning_rate", state.learning_rate(0));
  for (auto& [name, tensor] : state.saved_tensors()) result.push_back({std::move(name), tensor.clone()});
  const std::vector<Kind::Slot> shared = state.kind->shared();
  for (std::size_t i = 0; i < shared.size(); ++i) add_number(shared[i].name, state.shared[i]);
  return result;
}

void Optimizer::set_variables(const std::vector<Tensor>& values) {
  State& state = require_built("set_variables");
  std::vector<NamedState> tensors = state.saved_tensors();
  const std::vector<Kind::Slot> slots = state.kind->shared();
  const std::size_t first = state.learning_rate.is_schedule() ? 1 : 2, last = first + tensors.size();
  if (values.size() != last + slots.size()) {
    throw ShapeError("set_variables: " + std::string(name()) + " has " + std::to_string(last + slots.size()) +
                     " values of state, got " + std::to_string(values.size()));
  }
  for (const Tensor& value : values) value.require_defined();
  require_fit(values[0].rank() == 0, is_integer(values[0].dtype()), 0, "iteration", "an integer scalar",
              values[0]);
  LearningRate learning_rate = state.learning_rate;
  if (!learning_rate.is_schedule()) learning_rate = number(values[1], 1, "learning_rate");
  for (std::size_t i = 0; i < tensors.size(); ++i) {
    const auto& [name, old] = tensors[i];
    const Tensor& value = values[first + i];
    require_fit(value.shape() == old.shape(), value.dtype() == old.dtype(), first + i, name,
                std::string(to_string(old.dtype())) + " " + to_string(old.shape()), value);
  }
  std::vector<double> shared;
  for (std::size_t i = 0; i < slots.size(); ++i) {
    shared.push_back(number(values[last + i], last + i, std::string(slots[i].name)));
  }
  const auto steps = values[0].item<std::int64_t>();
  if (steps < 0)
    throw ValueError("set_variables: iteration must be at least 0, got " + std::to_string(steps));
  check::learning_rate("set_variables", learning_rate);

  state.steps = steps;
  state.learning_rate = learning_rate;
  state.shared = std::move(shared);
  for (std::size_t i = 0; i < tensors.size(); ++i) tensors[i].value.copy_from(values[first + i]);
}

}  // namespace gradus
