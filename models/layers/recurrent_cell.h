#pragma once

#include <gradus/models/layer.h>

#include <optional>
#include <vector>

namespace gradus {

// What an RNN does at each step: a layer of inputs {x, states…} and outputs {output, states…}, all of shape
// [batch, ..]. What one derives a cell of one's own from:
//   struct Sum : RecurrentCell {
//     std::vector<std::int64_t> state_sizes() const override { return {3}; }
//     std::vector<Variable> call_all(const std::vector<Operand>& in, const CallOptions&) override {
//       const Variable sum = in[0] + in[1];
//       return {sum, sum};
//     }
//   };
//   RNN net(Sum(), {.return_sequences = true});
class RecurrentCell : public Layer::Kind {
 public:
  using Layer::Kind::Kind;

  // The extents of the states, each [batch, size].
  virtual std::vector<std::int64_t> state_sizes() const = 0;
  virtual std::int64_t output_size() const { return state_sizes().front(); }

  // Dropout's masks, drawn once for all steps of a sequence. Of several each belongs to a gate.
  struct Noise {
    std::vector<Tensor> input = {};
    std::vector<Tensor> recurrent = {};
    std::vector<Noise> cells = {};  // of the cells in this one
  };
  virtual Noise draw(std::int64_t batch, const Shape& input, DType dtype);
  // One step with the given masks; unless overridden, `call_all`.
  virtual std::vector<Variable> step(const std::vector<Operand>& inputs, const CallOptions& options,
                                     const Noise& noise);

  struct Order {
    bool return_sequences = false;
    bool go_backwards = false;
  };
  struct Sequence {
    Variable output;  // [batch, time, size] in the order of the steps, or that of the last, [batch, size]
    std::vector<Variable> states;
  };
  // All steps of x, [batch, time, features], at once; nothing where the cell must be asked step by step.
  // `states` is empty for zeros.
  virtual std::optional<Sequence> run(const Operand& x, const std::vector<Operand>& states, Order order,
                                      const Noise& noise);

  // Builds for the shape of one step's x.
  void build_all(const std::vector<Shape>& inputs) override;
  std::vector<Shape> output_shapes(const std::vector<Shape>& inputs) override;
};

// ValueError unless the layer is such a cell; `owner` wants it.
void require_cell(const Layer& layer, std::string_view owner);

}  // namespace gradus
