#include <gradus/gradus.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "../says.h"

namespace gradus {
namespace {

using testing_data::says;

TEST(LayerNames, OfImagesFollowKeras) {
  EXPECT_EQ(Conv1D(1, 1).name(), "conv1d");
  EXPECT_EQ(Conv2D(1, 1).name(), "conv2d");
  EXPECT_EQ(Conv2DTranspose(1, 1).name(), "conv2d_transpose");
  EXPECT_EQ(DepthwiseConv2D(1).name(), "depthwise_conv2d");
  EXPECT_EQ(SeparableConv2D(1, 1).name(), "separable_conv2d");
  EXPECT_EQ(GlobalAveragePooling2D().name(), "global_average_pooling2d");
  EXPECT_EQ(ZeroPadding2D().name(), "zero_padding2d");
  EXPECT_EQ(UpSampling2D().name(), "up_sampling2d");
  EXPECT_EQ(SpatialDropout1D(0.5).name(), "spatial_dropout1d");
  EXPECT_EQ(LeakyReLU().name(), "leaky_re_lu");
  EXPECT_EQ(PReLU().name(), "p_re_lu");
  EXPECT_EQ(RMSNormalization().name(), "rms_normalization");
}

TEST(Convolutions, RefuseOptionsThatMeanNothing) {
  EXPECT_THAT([] { Conv2D(0, 3); }, says<ValueError>("Conv2D: filters must be positive, got 0"));
  EXPECT_THAT(
      [] {
        Conv2D(4, {3, 0});
      },
      says<ValueError>("Conv2D: kernel_size must be one number or 2, at least 1, got [3, 0]"));
  EXPECT_THAT([] { Conv2D(4, {3, 3, 3}); }, says<ValueError>("Conv2D: kernel_size", "[3, 3, 3]"));
  EXPECT_THAT(
      [] {
        Conv1D(4, {3, 3});
      },
      says<ValueError>("Conv1D: kernel_size must be one number, at least 1"));
  EXPECT_THAT([] { Conv2D(4, 3, {.strides = -1}); }, says<ValueError>("Conv2D: strides"));
  EXPECT_THAT(
      [] {
        Conv2D(4, 3, {.strides = 2, .dilation_rate = {1, 2}});
      },
      says<ValueError>("Conv2D: strides [2, 2] and dilation_rate [1, 2] cannot both be over 1"));
  EXPECT_THAT([] { Conv2D(4, 3, {.groups = 3}); }, says<ValueError>("4 filters do not fall into 3 groups"));
  EXPECT_THAT([] { Conv2D(4, 3, {.groups = 0}); },
              says<ValueError>("Conv2D: groups must be positive, got 0"));
  EXPECT_THAT([] { Conv2D(4, 3, {.padding = "sane"}); },
              says<ValueError>("unknown padding 'sane'", "did you mean 'same'?"));
  EXPECT_THAT([] { Conv2D(4, 3, {.padding = "causal"}); }, says<ValueError>("unknown padding 'causal'"));
  EXPECT_THAT([] { Conv1D(4, 3, {.padding = "casual"}); },
              says<ValueError>("unknown padding 'casual'", "did you mean 'causal'?"));
  EXPECT_THAT([] { Conv2D(4, 3, {.data_format = "channel_last"}); },
              says<ValueError>("unknown data_format 'channel_last'", "did you mean 'channels_last'?"));
  EXPECT_THAT([] { DepthwiseConv2D(3, {.depth_multiplier = 0}); },
              says<ValueError>("DepthwiseConv2D: depth_multiplier must be positive, got 0"));
  EXPECT_THAT([] { Conv2DTranspose(1, 3, {.strides = 2, .output_padding = 2}); },
              says<ValueError>("output_padding [2, 2] must be less than the strides [2, 2]"));
}

TEST(Convolutions, RefuseImagesThatDoNotFit) {
  EXPECT_THAT(
      [] {
        Conv2D(4, 3).build({8, 8});
      },
      says<ShapeError>("conv2d: Conv2D takes samples [height, width, channels], its input is (None, 8, 8)"));
  EXPECT_THAT(
      [] {
        Conv2D(4, 3, {.data_format = "channels_first"}).build({8, 8});
      },
      says<ShapeError>("[channels, height, width]"));
  EXPECT_THAT(
      [] {
        Conv2D(4, 5).build({4, 8, 1});
      },
      says<ShapeError>("conv2d: the window [5, 5] of Conv2D is larger than the image [4, 8]"));
  EXPECT_THAT(
      [] {
        Conv2D(4, 3, {.dilation_rate = 2}).output_shape({4, 8, 1});
      },
      says<ShapeError>("with dilation_rate [2, 2] is larger"));
  EXPECT_THAT(
      [] {
        Conv2D(4, 3, {.groups = 2}).build({8, 8, 3});
      },
      says<ShapeError>("3 channels do not fall into 2 groups"));
  for (const Layer& layer : {Layer(Conv2D(4, 3)), Layer(Conv2DTranspose(4, 3)), Layer(DepthwiseConv2D(3)),
                             Layer(SeparableConv2D(4, 3))}) {
    layer.build({8, 8, 3});
    EXPECT_THAT(
        [&] {
          layer.output_shape({8, 8, 2});
        },
        says<ShapeError>(layer.class_name() + " was built for 3 channels, its input has 2"));
    EXPECT_THAT(
        [&] {
          layer(Tensor::zeros({1, 8, 3}));
        },
        says<ShapeError>("takes samples [height, width, channels]"));
  }
}

TEST(Convolutions, GiveTheirWeights) {
  const Conv2D layer(4, {3, 2}, {.groups = 2, .kernel_regularizer = "l2"});
  EXPECT_THAT([&] { layer.kernel(); }, says<StateError>("kernel: 'conv2d' is not built yet"));
  layer.build({8, 8, 6});
  EXPECT_EQ(layer.kernel().shape(), (Shape{3, 2, 3, 4}));
  EXPECT_EQ(layer.bias().shape(), (Shape{4}));
  EXPECT_EQ(layer.weight_list()[0].regularizer.name(), "l2");
  EXPECT_EQ(layer.count_params(), 76);
  const Conv2D free(4, 1, {.use_bias = false});
  free.build({2, 2, 1});
  EXPECT_THAT([&] { free.bias(); }, says<StateError>("bias: 'conv2d' has no bias"));
  const SeparableConv2D separable(5, 3, {.depth_multiplier = 2});
  separable.build({8, 8, 3});
  EXPECT_EQ(separable.depthwise_kernel().shape(), (Shape{3, 3, 3, 2}));
  EXPECT_EQ(separable.pointwise_kernel().shape(), (Shape{1, 1, 6, 5}));
}

TEST(Convolutions, OfNoRowsAreEmpty) {
  EXPECT_EQ(Conv2D(4, 3)(Tensor::zeros({0, 8, 8, 3})).shape(), (Shape{0, 6, 6, 4}));
  EXPECT_EQ(MaxPooling2D()(Tensor::zeros({0, 8, 8, 3})).shape(), (Shape{0, 4, 4, 3}));
}

TEST(Pooling, RefusesWhatDoesNotFit) {
  EXPECT_THAT([] { MaxPooling2D({.pool_size = 0}); }, says<ValueError>("MaxPooling2D: pool_size"));
  EXPECT_THAT(
      [] {
        AveragePooling1D({.strides = {1, 2}});
      },
      says<ValueError>("AveragePooling1D: strides must be one number, at least 1, got [1, 2]"));
  EXPECT_THAT(
      [] {
        MaxPooling2D({.pool_size = 3}).output_shape({2, 5, 1});
      },
      says<ShapeError>("max_pooling2d: the window [3, 3] of MaxPooling2D is larger than the image [2, 5]"));
  EXPECT_EQ(MaxPooling2D({.pool_size = 3, .padding = "same"}).output_shape({2, 5, 1}), (Shape{1, 2, 1}));
  EXPECT_THAT(
      [] {
        GlobalMaxPooling1D().output_shape({0, 2});
      },
      says<ShapeError>("the image [0] has no pixels"));
  EXPECT_THAT(
      [] {
        GlobalAveragePooling1D()(Tensor::zeros({2, 3, 4}), {.mask = {Tensor::ones({2, 4}, DType::boolean)}});
      },
      says<ShapeError>("the mask of [2, 3, 4] must be [batch, steps], it is [2, 4]"));
  EXPECT_THAT([] { AdaptiveMaxPooling2D({2, 0}); }, says<ValueError>("AdaptiveMaxPooling2D: output_size"));
}

TEST(Borders, AreWrittenInThreeWays) {
  const auto shape = [](Borders padding) {
    return ZeroPadding2D({.padding = padding}).output_shape({5, 5, 1});
  };
  EXPECT_EQ(shape(1), (Shape{7, 7, 1}));
  EXPECT_EQ(shape({1, 2}), (Shape{7, 9, 1}));
  EXPECT_EQ(shape({{1, 2}, {3, 4}}), (Shape{8, 12, 1}));
  EXPECT_EQ(Cropping2D({.cropping = {{1, 2}, {0, 1}}}).output_shape({5, 5, 1}), (Shape{2, 4, 1}));
  EXPECT_THAT(
      [] {
        Borders({1, 2, 3});
      },
      says<ValueError>("Borders: give one number, two, or two pairs of numbers, got a list of 3"));
}

TEST(Borders, RefuseWhatDoesNotFit) {
  EXPECT_THAT([] { ZeroPadding2D({.padding = -1}); },
              says<ValueError>("ZeroPadding2D: padding must not be negative, got -1"));
  EXPECT_THAT(
      [] {
        ZeroPadding1D({.padding = {1, 2, 3}});
      },
      says<ValueError>("ZeroPadding1D: padding must be one number or 2, got [1, 2, 3]"));
  EXPECT_THAT(
      [] {
        Cropping1D({.cropping = {2, 2}}).output_shape({4, 1});
      },
      says<ShapeError>("cropping1d: the cropping {2, 2} leaves nothing of the image [4]"));
  EXPECT_THAT(
      [] {
        Cropping2D({.cropping = {0, 3}})(Tensor::zeros({1, 4, 4, 1}));
      },
      says<ShapeError>("the cropping {3, 3} leaves nothing of the image [4, 4]"));
  EXPECT_THAT([] { UpSampling1D({.size = 0}); },
              says<ValueError>("UpSampling1D: size must be positive, got 0"));
  EXPECT_THAT([] { UpSampling2D({.interpolation = "cubic"}); }, says<ValueError>("'cubic'", "'bilinear'"));
}

TEST(ImageLayers, MakeASmallNetThatLearns) {
  Random random(3);
  const Tensor noise = random.uniform({64, 8, 8, 1});
  Tensor x = multiply(noise, 0.3).value(), y = Tensor::zeros({64, 2});
  for (std::int64_t i = 0; i < 64; ++i) {
    for (std::int64_t k = 0; k < 8; ++k) x.set({i, i % 2 == 0 ? k : 4, i % 2 == 0 ? 4 : k, 0}, 1);
    y.set({i, i % 2}, 1);
  }
  const Input in({8, 8, 1});
  const Symbol a = Conv2D(4, 3, {.padding = "same", .activation = "relu"})(in);
  const Symbol b = MaxPooling2D()(BatchNormalization()(a));
  const Symbol c = GlobalAveragePooling2D()(SeparableConv2D(8, 3, {.activation = "relu"})(b));
  const Model model({in}, {Dense(2, {.activation = "softmax"})(c)}, {.seed = 2});
  model.compile(
      {.optimizer = SGD({.learning_rate = 0.1, .momentum = 0.9}), .loss = "categorical_crossentropy"});
  const History history = model.fit(x, y, {.batch_size = 16, .epochs = 30, .verbose = 0});
  EXPECT_LT(history["loss"].back(), 0.1);
}

}  // namespace
}  // namespace gradus
