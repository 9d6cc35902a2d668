#include <gradus/graph/error.h>
#include <gradus/models/layers/inner_layer.h>
#include <gradus/models/layers/rnn_kind.h>

namespace gradus {

template <>
inline constexpr auto kFields<RNNOptions> = std::tuple(
    field("return_sequences", &RNNOptions::return_sequences),
    field("return_state", &RNNOptions::return_state), field("go_backwards", &RNNOptions::go_backwards),
    field("stateful", &RNNOptions::stateful),
    field("zero_output_for_mask", &RNNOptions::zero_output_for_mask),
    field("activity_regularizer", &RNNOptions::activity_regularizer), field("seed", &RNNOptions::seed));
template <>
inline constexpr auto kFields<SimpleRNNLayerOptions> = recurrent_fields<SimpleRNNLayerOptions>();
template <>
inline constexpr auto kFields<LSTMLayerOptions> = recurrent_fields<LSTMLayerOptions>();
template <>
inline constexpr auto kFields<GRULayerOptions> = recurrent_fields<GRULayerOptions>();

namespace {

Layer same_cell(const Layer& cell) {
  std::optional<Layer> other;
  read_config_value(to_config_value(cell), other);
  return *other;
}

std::shared_ptr<Layer::Kind> rnn(const Layer& cell, const RNNOptions& options) {
  const auto config = [=] { return with_options(Config().set("cell", to_config_value(cell)), options); };
  const auto varied = [=](const RNNVariation& variation) {
    RNNOptions other = options;
    other.name = variation.name;
    other.go_backwards = variation.go_backwards;
    return Layer(RNN(same_cell(cell), other));
  };
  return std::make_shared<RNNKind>(cell, rnn_settings(options), common_options(options),
                                   RNNKind::Description{config, varied});
}

}  // namespace

RNN::RNN(std::shared_ptr<Kind> kind, std::string_view class_name) : Layer(std::move(kind), class_name) {}
RNN::RNN(const Layer& cell, RNNOptions options) : RNN(rnn(cell, options), "RNN") {}
RNN::RNN(const std::vector<Layer>& cells, RNNOptions options)
    : RNN(StackedRNNCells(cells), std::move(options)) {}

RNN RNN::from_config(const Config& config) {
  LayerConfig own(without_ways_to_run(config), "RNN");
  const auto cell = own.take<std::optional<Layer>>("cell");
  return RNN(*cell, own.options<RNNOptions>());
}

void RNN::reset_state() const { as<RNNKind>().reset_state(); }
const Layer& RNN::cell() const { return as<RNNKind>().cell_layer(); }

SimpleRNN::SimpleRNN(std::int64_t units, SimpleRNNLayerOptions options)
    : RNN(rnn_of_units<SimpleRNN, SimpleRNNCell, SimpleRNNCellOptions>(units, options), "SimpleRNN") {}
LSTM::LSTM(std::int64_t units, LSTMLayerOptions options)
    : RNN(rnn_of_units<LSTM, LSTMCell, LSTMCellOptions>(units, options), "LSTM") {}
GRU::GRU(std::int64_t units, GRULayerOptions options)
    : RNN(rnn_of_units<GRU, GRUCell, GRUCellOptions>(units, options), "GRU") {}

SimpleRNN SimpleRNN::from_config(const Config& config) {
  return layer_of_units<SimpleRNN, SimpleRNNLayerOptions>(config, "SimpleRNN");
}
LSTM LSTM::from_config(const Config& config) {
  return layer_of_units<LSTM, LSTMLayerOptions>(config, "LSTM");
}
GRU GRU::from_config(const Config& config) { return layer_of_units<GRU, GRULayerOptions>(config, "GRU"); }

}  // namespace gradus
