#pragma once

#include <gradus/models/model_kind.h>

#include <cstdint>
#include <vector>

namespace gradus {

// The layers between symbols as a model: the calls in an order in which each comes after what it needs.
class FunctionalKind : public Model::Kind {
 public:
  FunctionalKind(const std::vector<Symbol>& inputs, const std::vector<Symbol>& outputs, ModelOptions options);

  // One call of a layer: which of the model's values it takes and where it puts its own.
  struct Step {
    Layer layer;
    std::vector<std::size_t> inputs = {};
    CallOptions options = {};
    std::size_t first_output = 0;
    std::vector<Shape> output_shapes = {};
    std::vector<Shape> input_shapes = {};
  };

  std::vector<Layer> layers() const override { return layers_; }
  std::vector<Port> inputs() const override { return inputs_; }
  std::vector<Port> outputs() const override { return outputs_; }
  const std::vector<Step>& steps() const { return steps_; }
  // Where the layer of a value stands among `layers()`, for pictures and tables; kNoLayer for an input that
  // is what another model's layer gives.
  static constexpr std::size_t kNoLayer = SIZE_MAX;
  std::size_t layer_of_value(std::size_t value) const { return layer_of_value_[value]; }

  Config get_config() const override;  // see Note [The config of a graph of layers]
  void build_all(const std::vector<Shape>& inputs) override;
  Variable call(const Operand& x, CallOptions options) override;
  std::vector<Variable> call_all(const std::vector<Operand>& inputs, const CallOptions& options) override;
  std::vector<Masked> call_masked(const std::vector<Operand>& inputs, const CallOptions& options) override;
  Shape output_shape(const Shape& input) override { return output_shapes({input}).front(); }
  std::vector<Shape> output_shapes(const std::vector<Shape>& inputs) override;

 private:
  void take_in(const std::vector<Symbol>& inputs, const std::vector<Symbol>& outputs);
  void claim_names();

  std::vector<Layer> layers_;  // each once: from the inputs on, as Keras lists them
  std::vector<Step> steps_;
  std::vector<Port> inputs_;
  std::vector<Port> outputs_;
  std::vector<std::size_t> output_values_;
  std::vector<std::size_t> layer_of_value_;
};

}  // namespace gradus
