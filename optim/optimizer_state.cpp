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

}  // namespace

std::string Optimizer::State::parameter_name(std::size_t place) const {
  const auto name = parameters[place].name();
  return name.empty() ? "parameter_" + std::to_string(place) : std::string(name);
}

std::vector<std::size_t> Optimizer::State::saved_order() const {
  std::vector<std::size_t> order(tensors.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::ranges::stable_sort(order, {}, [&](std::size_t i) { return slots[i % slots.size()].group; });
  return order;
}

std::vector<Optimizer::NamedState> Optimizer::variables() const {
  const State& state = require_built("variables");
  std::vector<NamedState> result;
  result.push_back({"iteration", Tensor(std::vector<std::int64_t>{state.iterations}, Shape{})});
  result.push_back({"learning_rate", Tensor::scalar(state.learning_rate, DType::float64)});
  for (const std::size_t i : state.saved_order()) {
    const std::size_t slots = state.slots.size();
    result.push_back({state.parameter_name(i / slots) + "_" + std::string(state.slots[i % slots].name),
                      state.tensors[i].clone()});
  }
  return result;
}

void Optimizer::set_variables(const std::vector<Tensor>& values) {
  State& state = require_built("set_variables");
  const std::vector<std::size_t> order = state.saved_order();
  if (values.size() != order.size() + 2) {
    throw ShapeError("set_variables: " + std::string(name()) + " has " + std::to_string(order.size() + 2) +
                     " values of state, got " + std::to_string(values.size()));
  }
  for (const Tensor& value : values) value.require_defined();
  require_fit(values[0].rank() == 0, is_integer(values[0].dtype()), 0, "iteration", "an integer scalar",
              values[0]);
  require_fit(values[1].rank() == 0, is_floating(values[1].dtype()), 1, "learning_rate", "a floating scalar",
              values[1]);
  for (std::size_t i = 0; i < order.size(); ++i) {
    const Tensor& old = state.tensors[order[i]];
    require_fit(values[i + 2].shape() == old.shape(), values[i + 2].dtype() == old.dtype(), i + 2,
                std::string(state.slots[order[i] % state.slots.size()].name),
                std::string(to_string(old.dtype())) + " " + to_string(old.shape()), values[i + 2]);
  }
  const auto iterations = values[0].item<std::int64_t>();
  if (iterations < 0) {
    throw ValueError("set_variables: iteration must be at least 0, got " + std::to_string(iterations));
  }
  const double learning_rate = values[1].item<double>();
  check::learning_rate("set_variables", learning_rate);

  state.iterations = iterations;
  state.learning_rate = learning_rate;
  for (std::size_t i = 0; i < order.size(); ++i) state.tensors[order[i]].copy_from(values[i + 2]);
}

}  // namespace gradus
