#include <gradus/graph/error.h>
#include <gradus/graph/number_text.h>
#include <gradus/models/layers/gated_cell.h>
#include <gradus/models/sample_shape.h>
#include <gradus/ops/elementwise.h>
#include <gradus/ops/linalg.h>
#include <gradus/ops/nn.h>
#include <gradus/ops/shape.h>

namespace gradus {

namespace {

void require_rate(const Layer::Kind& layer, std::string_view option, double rate) {
  if (rate >= 0 && rate <= 1) return;
  throw ValueError((layer.name().empty() ? "recurrent layer" : layer.name()) + ": " + std::string(option) +
                   " must be in [0, 1], got " + scalar_text(rate));
}

}  // namespace

GatedCell::GatedCell(std::int64_t units, std::int64_t gates, CellSettings settings, LayerOptions options,
                     std::function<Config()> describe)
    : RecurrentCell(std::move(options)),
      units_(units),
      gates_(gates),
      settings_(std::move(settings)),
      describe_(std::move(describe)) {
  if (units < 1) {
    throw ValueError("recurrent layer: units must be positive, got " + std::to_string(units));
  }
  require_rate(*this, "dropout", settings_.dropout);
  require_rate(*this, "recurrent_dropout", settings_.recurrent_dropout);
}

void GatedCell::build(const Shape& input) {
  if (input.rank() != 1) {
    throw ShapeError(name() + ": " + class_name() + " needs [batch, features] at each step, got " +
                     batch_text(input));
  }
  kernel_ = add_weight("kernel", {input.back(), gates_ * units_},
                       {.initializer = settings_.kernel_initializer,
                        .regularizer = settings_.kernel_regularizer,
                        .constraint = settings_.kernel_constraint});
  recurrent_kernel_ = add_weight("recurrent_kernel", {units_, gates_ * units_},
                                 {.initializer = settings_.recurrent_initializer,
                                  .regularizer = settings_.recurrent_regularizer,
                                  .constraint = settings_.recurrent_constraint});
  if (!settings_.use_bias) return;
  WeightOptions options = {.initializer = settings_.bias_initializer,
                           .regularizer = settings_.bias_regularizer,
                           .constraint = settings_.bias_constraint};
  if (settings_.unit_forget_bias) {
    options.initializer = [own = settings_.bias_initializer, units = units_](const Shape&, Random& random,
                                                                             DType dtype) {
      const Tensor first = own({units}, random, dtype), last = own({2 * units}, random, dtype);
      return concatenate({first, Tensor::ones({units}, dtype), last}).value();
    };
  }
  bias_ = add_weight("bias", bias_shape(), std::move(options));
}

std::vector<Tensor> GatedCell::masks(std::int64_t rows, std::int64_t columns, double rate, DType dtype) {
  std::vector<Tensor> list;
  if (rate == 0) return list;
  // As in Keras: each gate drops other values once the state is dropped from, too.
  const std::int64_t count = settings_.recurrent_dropout > 0 ? gates_ : 1;
  for (std::int64_t i = 0; i < count; ++i) {
    list.push_back(rate == 1
                       ? Tensor::zeros({rows, columns}, dtype)
                       : dropout(Tensor::ones({rows, columns}, dtype), random(), {.rate = rate}).value());
  }
  return list;
}

RecurrentCell::Noise GatedCell::draw(std::int64_t batch, const Shape& input, DType dtype) {
  return {.input = masks(batch, input.back(), settings_.dropout, dtype),
          .recurrent = masks(batch, units_, settings_.recurrent_dropout, dtype)};
}

std::vector<Variable> GatedCell::call_all(const std::vector<Operand>& inputs, const CallOptions& options) {
  const Operand& x = inputs.front();
  return step(inputs, options,
              options.training && x.rank() == 2 ? draw(x.shape()[0], {x.shape()[1]}, dtype()) : Noise{});
}

std::vector<Variable> GatedCell::step(const std::vector<Operand>& inputs, const CallOptions&,
                                      const Noise& noise) {
  const std::size_t wanted = 1 + state_sizes().size();
  if (inputs.size() != wanted) {
    throw ValueError(name() + ": " + class_name() + " takes " + std::to_string(wanted) +
                     " inputs, x and the states, got " + std::to_string(inputs.size()));
  }
  std::vector<Variable> states = states_after(inputs, noise);
  states.insert(states.begin(), states.front());
  return states;
}

Variable GatedCell::product(const Operand& x, const Parameter& weight,
                            const std::vector<Tensor>& masks) const {
  const Placed at(x.where());
  if (masks.empty()) return dense(x, at(weight));
  if (masks.size() == 1) return dense(at(multiply(x, at(masks.front()))), at(weight));
  const std::vector<Variable> parts = split(at(weight), gates_, {.axis = 1});
  std::vector<Operand> products;
  for (std::size_t gate = 0; gate < masks.size(); ++gate) {
    products.push_back(at(dense(at(multiply(x, at(masks[gate]))), at(parts[gate]))));
  }
  return concatenate(products, {.axis = 1});
}

bool GatedCell::fits_op(const Noise& noise) const {
  return settings_.activation.name() == "tanh" && settings_.recurrent_activation.name() == "sigmoid" &&
         noise.input.size() <= 1 && noise.recurrent.empty();
}

Variable GatedCell::dropped(const Operand& x, const Noise& noise) {
  if (noise.input.empty()) return x.variable();
  const Tensor& mask = noise.input.front();
  return multiply(x, Operand(mask.reshape({mask.dim(0), 1, mask.dim(1)}), x.where()));
}

}  // namespace gradus
