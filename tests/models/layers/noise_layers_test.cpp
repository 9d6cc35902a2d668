#include <gradus/gradus.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "../says.h"

namespace gradus {
namespace {

using testing_data::says;

CallOptions training() { return {.training = true}; }

double mean_of(const Tensor& x) { return mean(x).item(); }
double deviation_of(const Tensor& x) { return gradus::std(x).item(); }

const std::vector<Layer>& all_noise() {
  static const std::vector<Layer> layers = {
      Dropout(0.5, {.seed = 1}),      GaussianNoise(0.5, {.seed = 1}),    GaussianDropout(0.5, {.seed = 1}),
      AlphaDropout(0.5, {.seed = 1}), SpatialDropout1D(0.5, {.seed = 1}),
  };
  return layers;
}

TEST(Noise, DrawsAnewInTrainingAndDoesNothingElse) {
  const Tensor x = Tensor::ones({4, 5, 6});
  for (const Layer& layer : all_noise()) {
    const Tensor first = layer(x, training()).value();
    EXPECT_FALSE(identical(first, x)) << layer.name();
    EXPECT_FALSE(identical(first, layer(x, training()).value())) << layer.name();
    EXPECT_TRUE(identical(layer(x).value(), x)) << layer.name();
    EXPECT_TRUE(layer.kind().supports_masking()) << layer.name();
    EXPECT_EQ(layer.get_config()["seed"].integer(), 1) << layer.name();
  }
}

TEST(Noise, OfZeroChangesNothing) {
  const Tensor x = Tensor::ones({2, 3, 4});
  for (const Layer& layer : {Layer(Dropout(0)), Layer(GaussianNoise(0)), Layer(GaussianDropout(0)),
                             Layer(AlphaDropout(0)), Layer(SpatialDropout1D(0))}) {
    EXPECT_TRUE(identical(layer(x, training()).value(), x)) << layer.name();
  }
}

TEST(Noise, HasTheMomentsItIsSaidToHave) {
  const Tensor x = Tensor::full({200, 200}, 2);
  const Tensor added = GaussianNoise(0.3, {.seed = 2})(x, training()).value();
  EXPECT_NEAR(mean_of(added), 2, 0.01);
  EXPECT_NEAR(deviation_of(added), 0.3, 0.01);
  const Tensor scaled = GaussianDropout(0.2, {.seed = 2})(x, training()).value();
  EXPECT_NEAR(mean_of(scaled), 2, 0.02);
  EXPECT_NEAR(deviation_of(scaled), 2 * std::sqrt(0.2 / 0.8), 0.02);
}

TEST(AlphaDropout, KeepsMeanAndVarianceOfANormalInput) {
  Random random(5);
  const Tensor x = random.normal({300, 300});
  const AlphaDropout layer(0.3, {.seed = 2});
  const Tensor y = layer(x, training()).value();
  EXPECT_NEAR(mean_of(y), 0, 0.02);
  EXPECT_NEAR(deviation_of(y), 1, 0.02);
  // What is dropped has one value: a (-1.7580993) + b, with Keras's a and b.
  const double low = -1.7580993408473766, a = 1 / std::sqrt(0.7 * (1 + 0.3 * low * low));
  std::int64_t dropped = 0;
  for (const float value : y.values<float>()) dropped += std::abs(value - a * low * 0.7) < 1e-5 ? 1 : 0;
  EXPECT_NEAR(static_cast<double>(dropped) / 90000, 0.3, 0.01);
}

TEST(AlphaDropout, SharesDrawsAlongTheNoiseShape) {
  const Tensor y =
      AlphaDropout(0.5, {.noise_shape = {-1, 1}, .seed = 1})(Tensor::ones({20, 3}), training()).value();
  for (std::int64_t i = 0; i < 20; ++i) EXPECT_EQ(y(i, 0), y(i, 2));
  EXPECT_THAT(
      [] {
        AlphaDropout(0.5, {.noise_shape = {3}})(Tensor::ones({2, 3}), training());
      },
      says<ShapeError>("AlphaDropout: noise_shape [3] does not fit the input [2, 3]"));
}

TEST(SpatialDropout, DropsWholeChannels) {
  const auto whole = [](const Tensor& y) {  // [batch, pixels, channels]
    for (std::int64_t i = 0; i < y.dim(0); ++i) {
      for (std::int64_t c = 0; c < y.dim(2); ++c) {
        for (std::int64_t p = 1; p < y.dim(1); ++p) EXPECT_EQ(y(i, p, c), y(i, 0, c));
      }
    }
    const double share = mean(cast(equal(y, 0.0), DType::float32)).item();
    EXPECT_GT(share, 0.3);
    EXPECT_LT(share, 0.7);
  };
  whole(SpatialDropout1D(0.5, {.seed = 3})(Tensor::ones({8, 4, 16}), training()).value());
  whole(SpatialDropout2D(0.5, {.seed = 3})(Tensor::ones({8, 3, 4, 16}), training())
            .value()
            .reshape({8, 12, 16}));
  whole(SpatialDropout3D(0.5, {.seed = 3})(Tensor::ones({8, 2, 3, 4, 16}), training())
            .value()
            .reshape({8, 24, 16}));
  const Tensor first = SpatialDropout2D(0.5, {.data_format = "channels_first", .seed = 3})(
                           Tensor::ones({8, 16, 3, 4}), training())
                           .value();
  whole(transpose(first.reshape({8, 16, 12}), {.axes = {0, 2, 1}}).value());
  EXPECT_THAT(
      [] {
        SpatialDropout2D(0.5).output_shape({3, 4});
      },
      says<ShapeError>("SpatialDropout2D takes samples [height, width, channels]"));
  EXPECT_THAT(
      [] {
        SpatialDropout1D(0.5)(Tensor::ones({2, 3}), training());
      },
      says<ShapeError>("SpatialDropout1D takes samples [steps, channels], its input is (None, 3)"));
}

TEST(Noise, RefusesSharesThatAreNone) {
  for (const double rate : {-0.1, 1.5, static_cast<double>(NAN)}) {
    EXPECT_THAT([&] { Dropout{rate}; }, says<ValueError>("Dropout: rate must be in [0, 1]"));
    EXPECT_THAT([&] { SpatialDropout2D{rate}; },
                says<ValueError>("SpatialDropout2D: rate must be in [0, 1]"));
    EXPECT_THAT([&] { GaussianDropout{rate}; }, says<ValueError>("GaussianDropout: rate must be in [0, 1)"));
    EXPECT_THAT([&] { AlphaDropout{rate}; }, says<ValueError>("AlphaDropout: rate must be in [0, 1)"));
    EXPECT_THAT([&] { GaussianNoise{rate}; }, says<ValueError>("GaussianNoise: stddev must be in [0, 1]"));
  }
  EXPECT_THAT([] { GaussianDropout(1); }, says<ValueError>("got 1.0"));
}

}  // namespace
}  // namespace gradus
