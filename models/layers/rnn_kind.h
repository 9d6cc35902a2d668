#pragma once

#include <gradus/models/layers/activity.h>
#include <gradus/models/layers/recurrent_cell.h>
#include <gradus/models/layers/recurrent_fields.h>
#include <gradus/models/layers/rnn.h>

#include <functional>
#include <memory>

namespace gradus {

// How a layer differs from the one it is made after.
struct RNNVariation {
  std::string name = {};
  bool go_backwards = false;
};

// A cell run over time: RNN, SimpleRNN, LSTM and GRU, which differ in how they are described.
class RNNKind : public Layer::Kind {
 public:
  struct Settings {
    bool return_sequences = false;
    bool return_state = false;
    bool go_backwards = false;
    bool stateful = false;
    bool zero_output_for_mask = false;
    Regularizer activity_regularizer = {};
  };
  struct Description {
    std::function<Config()> config;
    std::function<Layer(const RNNVariation&)> varied;  // a layer of the same options, without weights
  };
  RNNKind(const Layer& cell, Settings settings, LayerOptions options, Description description);

  void build_all(const std::vector<Shape>& inputs) override;
  std::vector<Variable> call_all(const std::vector<Operand>& inputs, const CallOptions& options) override;
  Shape output_shape(const Shape& input) override { return output_shapes({input}).front(); }
  std::vector<Shape> output_shapes(const std::vector<Shape>& inputs) override;
  std::vector<Tensor> output_masks(const std::vector<Operand>& inputs,
                                   const std::vector<Tensor>& masks) override;
  std::vector<Layer> layers() const override { return {cell_}; }
  Config get_config() const override { return description_.config(); }

  const Settings& settings() const { return settings_; }
  std::size_t state_count() const { return cell().state_sizes().size(); }
  Layer varied(const RNNVariation& variation) const { return description_.varied(variation); }
  // Masked steps of sequences are to be zeros, as Bidirectional wants them.
  void zero_masked_sequences() { settings_.zero_output_for_mask = settings_.return_sequences; }
  void reset_state();
  const Layer& cell_layer() const { return cell_; }

 private:
  RecurrentCell& cell() const { return cell_.as<RecurrentCell>(); }
  // Those given, or those that the last batch left; none for zeros.
  std::vector<Operand> initial_states(const std::vector<Operand>& inputs);
  // All steps by the cell's own run; nothing where they must be taken one by one.
  std::optional<RecurrentCell::Sequence> run_at_once(const Operand& x, const std::vector<Operand>& states,
                                                     const Tensor& mask,
                                                     const RecurrentCell::Noise& noise) const;
  RecurrentCell::Sequence run_by_steps(const Operand& x, const std::vector<Operand>& states,
                                       const Tensor& mask, const CallOptions& options,
                                       const RecurrentCell::Noise& noise) const;
  void keep(const std::vector<Variable>& states);
  bool kept_are_zeros() const;

  Layer cell_;
  Settings settings_;
  Description description_;
  std::vector<Parameter> kept_;  // of a stateful layer: what each batch leaves to the next
};

template <class Options>
RNNKind::Settings rnn_settings(const Options& options) {
  return {.return_sequences = options.return_sequences,
          .return_state = options.return_state,
          .go_backwards = options.go_backwards,
          .stateful = options.stateful,
          .zero_output_for_mask = options.zero_output_for_mask,
          .activity_regularizer = options.activity_regularizer};
}

// The layer L of units, which runs a Cell.
template <class L, class Cell, class CellOptions, class Options>
std::shared_ptr<RNNKind> rnn_of_units(std::int64_t units, const Options& options) {
  return std::make_shared<RNNKind>(
      Cell(units, cell_options<CellOptions>(options)), rnn_settings(options), common_options(options),
      RNNKind::Description{.config = [=] { return with_options(Config().set("units", units), options); },
                           .varied =
                               [=](const RNNVariation& variation) {
                                 Options other = options;
                                 other.name = variation.name;
                                 other.go_backwards = variation.go_backwards;
                                 return Layer(L(units, other));
                               }});
}

}  // namespace gradus
