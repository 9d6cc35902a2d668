#include <gradus/graph/error.h>
#include <gradus/graph/suggest.h>
#include <gradus/models/layers/attention.h>
#include <gradus/models/layers/bidirectional.h>
#include <gradus/models/layers/inner_layer.h>
#include <gradus/models/layers/masking.h>
#include <gradus/models/layers/multi_head_attention.h>
#include <gradus/models/layers/rnn.h>
#include <gradus/models/layers/time_distributed.h>

#include <array>

namespace gradus {

namespace {

struct Row {
  std::string_view class_name;
  Layer (*make)(const Config& config);
};

template <class L>
constexpr Row row(std::string_view class_name) {
  return {class_name, [](const Config& config) { return Layer(L::from_config(config)); }};
}

constexpr std::array kRows = {
    row<AdditiveAttention>("AdditiveAttention"),
    row<Attention>("Attention"),
    row<Bidirectional>("Bidirectional"),
    row<GRU>("GRU"),
    row<GRUCell>("GRUCell"),
    row<GroupQueryAttention>("GroupedQueryAttention"),
    row<LSTM>("LSTM"),
    row<LSTMCell>("LSTMCell"),
    row<Masking>("Masking"),
    row<MultiHeadAttention>("MultiHeadAttention"),
    row<RNN>("RNN"),
    row<SimpleRNN>("SimpleRNN"),
    row<SimpleRNNCell>("SimpleRNNCell"),
    row<StackedRNNCells>("StackedRNNCells"),
    row<TimeDistributed>("TimeDistributed"),
};

Layer made(const ConfigValue& description) {
  std::array<std::string_view, kRows.size()> names;
  for (std::size_t i = 0; i < names.size(); ++i) names[i] = kRows[i].class_name;
  const Config& whole = description.config();
  return kRows[find_name("layer", whole["class_name"].text(), names)].make(whole["config"].config());
}

}  // namespace

ConfigValue to_config_value(const Layer& layer) {
  return object_config(layer.class_name(), layer.get_config());
}
ConfigValue to_config_value(const std::vector<Layer>& layers) {
  ConfigValue::List list;
  for (const Layer& layer : layers) list.push_back(to_config_value(layer));
  return list;
}

void read_config_value(const ConfigValue& value, std::optional<Layer>& layer) {
  if (value.is_null()) {
    layer.reset();
  } else {
    layer = made(value);
  }
}
void read_config_value(const ConfigValue& value, std::vector<Layer>& layers) {
  layers.clear();
  for (const ConfigValue& each : value.list()) layers.push_back(made(each));
}

}  // namespace gradus
