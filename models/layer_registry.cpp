#include <gradus/graph/error.h>
#include <gradus/graph/suggest.h>
#include <gradus/models/layer_registry.h>
#include <gradus/models/layers/activation.h>
#include <gradus/models/layers/attention.h>
#include <gradus/models/layers/batch_normalization.h>
#include <gradus/models/layers/bidirectional.h>
#include <gradus/models/layers/borders.h>
#include <gradus/models/layers/cells.h>
#include <gradus/models/layers/convolution.h>
#include <gradus/models/layers/dense.h>
#include <gradus/models/layers/dropout.h>
#include <gradus/models/layers/einsum_dense.h>
#include <gradus/models/layers/embedding.h>
#include <gradus/models/layers/encoding.h>
#include <gradus/models/layers/flatten.h>
#include <gradus/models/layers/input.h>
#include <gradus/models/layers/layer_normalization.h>
#include <gradus/models/layers/masking.h>
#include <gradus/models/layers/merge.h>
#include <gradus/models/layers/multi_head_attention.h>
#include <gradus/models/layers/noise.h>
#include <gradus/models/layers/normalization.h>
#include <gradus/models/layers/pooling.h>
#include <gradus/models/layers/rectifiers.h>
#include <gradus/models/layers/rescaling.h>
#include <gradus/models/layers/reshaping.h>
#include <gradus/models/layers/rnn.h>
#include <gradus/models/layers/separable.h>
#include <gradus/models/layers/softmax.h>
#include <gradus/models/layers/time_distributed.h>
#include <gradus/models/layers/up_sampling.h>
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
    row<Activation>("Activation"),
    row<ActivityRegularization>("ActivityRegularization"),
    row<AdaptiveAveragePooling1D>("AdaptiveAveragePooling1D"),
    row<AdaptiveAveragePooling2D>("AdaptiveAveragePooling2D"),
    row<AdaptiveMaxPooling1D>("AdaptiveMaxPooling1D"),
    row<AdaptiveMaxPooling2D>("AdaptiveMaxPooling2D"),
    row<Add>("Add"),
    row<AdditiveAttention>("AdditiveAttention"),
    row<AlphaDropout>("AlphaDropout"),
    row<Attention>("Attention"),
    row<Average>("Average"),
    row<AveragePooling1D>("AveragePooling1D"),
    row<AveragePooling2D>("AveragePooling2D"),
    row<BatchNormalization>("BatchNormalization"),
    row<Bidirectional>("Bidirectional"),
    row<CategoryEncoding>("CategoryEncoding"),
    row<Concatenate>("Concatenate"),
    row<Conv1D>("Conv1D"),
    row<Conv2D>("Conv2D"),
    row<Conv2DTranspose>("Conv2DTranspose"),
    row<Conv3D>("Conv3D"),
    row<Cropping1D>("Cropping1D"),
    row<Cropping2D>("Cropping2D"),
    row<Dense>("Dense"),
    row<DepthwiseConv2D>("DepthwiseConv2D"),
    row<Discretization>("Discretization"),
    row<Dot>("Dot"),
    row<Dropout>("Dropout"),
    row<ELU>("ELU"),
    row<EinsumDense>("EinsumDense"),
    row<Embedding>("Embedding"),
    row<Flatten>("Flatten"),
    row<Model>("Functional"),
    row<GRU>("GRU"),
    row<GRUCell>("GRUCell"),
    row<GaussianDropout>("GaussianDropout"),
    row<GaussianNoise>("GaussianNoise"),
    row<GlobalAveragePooling1D>("GlobalAveragePooling1D"),
    row<GlobalAveragePooling2D>("GlobalAveragePooling2D"),
    row<GlobalMaxPooling1D>("GlobalMaxPooling1D"),
    row<GlobalMaxPooling2D>("GlobalMaxPooling2D"),
    row<GroupNormalization>("GroupNormalization"),
    row<GroupQueryAttention>("GroupedQueryAttention"),
    row<Identity>("Identity"),
    row<InputLayer>("InputLayer"),
    row<LSTM>("LSTM"),
    row<LSTMCell>("LSTMCell"),
    row<LayerNormalization>("LayerNormalization"),
    row<LeakyReLU>("LeakyReLU"),
    row<Masking>("Masking"),
    row<MaxPooling1D>("MaxPooling1D"),
    row<MaxPooling2D>("MaxPooling2D"),
    row<Maximum>("Maximum"),
    row<Minimum>("Minimum"),
    row<MultiHeadAttention>("MultiHeadAttention"),
    row<Multiply>("Multiply"),
    row<Normalization>("Normalization"),
    row<PReLU>("PReLU"),
    row<Permute>("Permute"),
    row<RMSNormalization>("RMSNormalization"),
    row<RNN>("RNN"),
    row<ReLU>("ReLU"),
    row<RepeatVector>("RepeatVector"),
    row<Rescaling>("Rescaling"),
    row<Reshape>("Reshape"),
    row<SeparableConv2D>("SeparableConv2D"),
    row<Sequential>("Sequential"),
    row<SimpleRNN>("SimpleRNN"),
    row<SimpleRNNCell>("SimpleRNNCell"),
    row<Softmax>("Softmax"),
    row<SpatialDropout1D>("SpatialDropout1D"),
    row<SpatialDropout2D>("SpatialDropout2D"),
    row<SpatialDropout3D>("SpatialDropout3D"),
    row<StackedRNNCells>("StackedRNNCells"),
    row<Subtract>("Subtract"),
    row<TimeDistributed>("TimeDistributed"),
    row<UnitNormalization>("UnitNormalization"),
    row<UpSampling1D>("UpSampling1D"),
    row<UpSampling2D>("UpSampling2D"),
    row<ZeroPadding1D>("ZeroPadding1D"),
    row<ZeroPadding2D>("ZeroPadding2D"),
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
    if (row.class_name != name) continue;
    try {
      return row.make(description["config"].config());
    } catch (const ValueError& error) {
      if (std::string_view(error.what()).starts_with(name)) throw;
      throw ValueError(name + ": " + error.what());
    }
  }
  throw ValueError(unknown_name("layer class", name, layer_class_names()));
}

}  // namespace gradus
