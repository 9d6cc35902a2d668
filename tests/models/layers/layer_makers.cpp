#include "layer_makers.h"

#include <map>
#include <stdexcept>

namespace gradus::testing_data {

namespace {

using Maker = Layer (*)(const Config&);

template <class L>
constexpr Maker kMake = [](const Config& config) -> Layer { return L::from_config(config); };

const std::map<std::string, Maker> kMakers = {
    {"Activation", kMake<Activation>},
    {"ActivityRegularization", kMake<ActivityRegularization>},
    {"AdaptiveAveragePooling1D", kMake<AdaptiveAveragePooling1D>},
    {"AdaptiveAveragePooling2D", kMake<AdaptiveAveragePooling2D>},
    {"AdaptiveMaxPooling1D", kMake<AdaptiveMaxPooling1D>},
    {"AdaptiveMaxPooling2D", kMake<AdaptiveMaxPooling2D>},
    {"AlphaDropout", kMake<AlphaDropout>},
    {"AveragePooling1D", kMake<AveragePooling1D>},
    {"AveragePooling2D", kMake<AveragePooling2D>},
    {"BatchNormalization", kMake<BatchNormalization>},
    {"Conv1D", kMake<Conv1D>},
    {"Conv2D", kMake<Conv2D>},
    {"Conv2DTranspose", kMake<Conv2DTranspose>},
    {"Conv3D", kMake<Conv3D>},
    {"Cropping1D", kMake<Cropping1D>},
    {"Cropping2D", kMake<Cropping2D>},
    {"Dense", kMake<Dense>},
    {"DepthwiseConv2D", kMake<DepthwiseConv2D>},
    {"Dropout", kMake<Dropout>},
    {"ELU", kMake<ELU>},
    {"EinsumDense", kMake<EinsumDense>},
    {"Embedding", kMake<Embedding>},
    {"Flatten", kMake<Flatten>},
    {"GaussianDropout", kMake<GaussianDropout>},
    {"GaussianNoise", kMake<GaussianNoise>},
    {"GlobalAveragePooling1D", kMake<GlobalAveragePooling1D>},
    {"GlobalAveragePooling2D", kMake<GlobalAveragePooling2D>},
    {"GlobalMaxPooling1D", kMake<GlobalMaxPooling1D>},
    {"GlobalMaxPooling2D", kMake<GlobalMaxPooling2D>},
    {"GroupNormalization", kMake<GroupNormalization>},
    {"Identity", kMake<Identity>},
    {"LayerNormalization", kMake<LayerNormalization>},
    {"LeakyReLU", kMake<LeakyReLU>},
    {"MaxPooling1D", kMake<MaxPooling1D>},
    {"MaxPooling2D", kMake<MaxPooling2D>},
    {"Normalization", kMake<Normalization>},
    {"PReLU", kMake<PReLU>},
    {"Permute", kMake<Permute>},
    {"RMSNormalization", kMake<RMSNormalization>},
    {"ReLU", kMake<ReLU>},
    {"RepeatVector", kMake<RepeatVector>},
    {"Rescaling", kMake<Rescaling>},
    {"Reshape", kMake<Reshape>},
    {"SeparableConv2D", kMake<SeparableConv2D>},
    {"Softmax", kMake<Softmax>},
    {"SpatialDropout1D", kMake<SpatialDropout1D>},
    {"SpatialDropout2D", kMake<SpatialDropout2D>},
    {"SpatialDropout3D", kMake<SpatialDropout3D>},
    {"UnitNormalization", kMake<UnitNormalization>},
    {"UpSampling1D", kMake<UpSampling1D>},
    {"UpSampling2D", kMake<UpSampling2D>},
    {"ZeroPadding1D", kMake<ZeroPadding1D>},
    {"ZeroPadding2D", kMake<ZeroPadding2D>},
};

}  // namespace

Layer make_layer(const std::string& class_name, const Config& config) {
  return kMakers.at(class_name)(config);
}

}  // namespace gradus::testing_data
