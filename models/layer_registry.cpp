#include <gradus/graph/error.h>
#include <gradus/graph/suggest.h>
#include <gradus/models/layer_registry.h>
#include <gradus/models/layers/attention.h>
#include <gradus/models/layers/bidirectional.h>
#include <gradus/models/layers/input.h>
#include <gradus/models/layers/masking.h>
#include <gradus/models/layers/merge.h>
#include <gradus/models/layers/multi_head_attention.h>
#include <gradus/models/layers/rnn.h>
#include <gradus/models/layers/time_distributed.h>
#include <gradus/models/sequential.h>

#include <array>

namespace gradus {

namespace {

struct Row {
  std::string_view class_name;
  Layer (*make)(const Config& config);
};

template <class L>
constexpr Row row(std::string_view class_name) {
  return {class_name, [](const Config& config) -> Layer { return L::from_config(config); }};
}

constexpr std::array kRows = {
    row<Add>("Add"),
    row<AdditiveAttention>("AdditiveAttention"),
    row<Attention>("Attention"),
    row<Average>("Average"),
    row<Bidirectional>("Bidirectional"),
    row<Concatenate>("Concatenate"),
    row<Dot>("Dot"),
    row<GRU>("GRU"),
    row<GRUCell>("GRUCell"),
    row<GroupQueryAttention>("GroupedQueryAttention"),
    row<InputLayer>("InputLayer"),
    row<LSTM>("LSTM"),
    row<LSTMCell>("LSTMCell"),
    row<Masking>("Masking"),
    row<Maximum>("Maximum"),
    row<Minimum>("Minimum"),
    row<MultiHeadAttention>("MultiHeadAttention"),
    row<Multiply>("Multiply"),
    row<RNN>("RNN"),
    row<Sequential>("Sequential"),
    row<SimpleRNN>("SimpleRNN"),
    row<SimpleRNNCell>("SimpleRNNCell"),
    row<StackedRNNCells>("StackedRNNCells"),
    row<Subtract>("Subtract"),
    row<TimeDistributed>("TimeDistributed"),
};

}  // namespace

std::vector<std::string_view> layer_class_names() {
  std::vector<std::string_view> names;
  for (const Row& row : kRows) names.push_back(row.class_name);
  return names;
}

Config serialize_layer(const Layer& layer) { return object_config(layer.class_name(), layer.get_config()); }

Layer deserialize_layer(const Config& description) {
  const std::string& name = description["class_name"].text();
  for (const Row& row : kRows) {
    if (row.class_name == name) return row.make(description["config"].config());
  }
  throw ValueError(unknown_name("layer class", name, layer_class_names()));
}

}  // namespace gradus
