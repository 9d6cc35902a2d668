#include <gradus/gradus.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "../reference.h"
#include "../says.h"

namespace gradus {
namespace {

using testing_data::says;

const Tensor kTokens = Tensor({{0, 2, 2}, {1, 1, 1}}, DType::int64);

TEST(CategoryEncoding, TellsWhichAndHowOften) {
  EXPECT_TRUE(identical(CategoryEncoding(4)(kTokens).value(), Tensor{{1, 0, 1, 0}, {0, 1, 0, 0}}));
  EXPECT_TRUE(identical(CategoryEncoding(4, {.output_mode = "count"})(kTokens).value(),
                        Tensor{{1, 0, 2, 0}, {0, 3, 0, 0}}));
  EXPECT_TRUE(identical(CategoryEncoding(3, {.output_mode = "one_hot"})(kTokens.rows(0, 1)).value(),
                        Tensor{{{1, 0, 0}, {0, 0, 1}, {0, 0, 1}}}));
  const CategoryEncoding weighed(3, {.output_mode = "count"});
  const Tensor weights = {{0.5, 1, 2}, {1, 1, 1}};
  EXPECT_TRUE(identical(weighed({kTokens, weights}).value(), Tensor{{0.5, 0, 3}, {0, 3, 0}}));
  EXPECT_THAT(
      [&] {
        weighed({kTokens, Tensor{{1, 2}}});
      },
      says<ShapeError>("the categories are [2, 3], their counts are [1, 2]"));
}

TEST(CategoryEncoding, KnowsItsShapes) {
  EXPECT_EQ(CategoryEncoding(4).output_shape({3}), (Shape{4}));
  EXPECT_EQ(CategoryEncoding(4).output_shape({}), (Shape{4}));
  EXPECT_EQ(CategoryEncoding(4, {.output_mode = "one_hot"}).output_shape({1}), (Shape{4}));
  EXPECT_EQ(CategoryEncoding(4, {.output_mode = "one_hot"}).output_shape({2, 3}), (Shape{2, 3, 4}));
  EXPECT_EQ(CategoryEncoding(4, {.output_mode = "one_hot"})(Tensor({{1}, {0}}, DType::int32)).shape(),
            (Shape{2, 4}));
  EXPECT_EQ(CategoryEncoding(4)(Tensor({1, 0}, DType::int32)).shape(), (Shape{2, 4}));
}

TEST(CategoryEncoding, RefusesWhatDoesNotFit) {
  EXPECT_THAT([] { CategoryEncoding(0); }, says<ValueError>("CategoryEncoding: num_tokens must be positive"));
  EXPECT_THAT([] { CategoryEncoding(3, {.output_mode = "int"}); }, says<ValueError>("\"multi_hot\""));
  EXPECT_THAT([] { CategoryEncoding(3, {.output_mode = "counts"}); },
              says<ValueError>("unknown output_mode 'counts'", "did you mean 'count'?"));
  EXPECT_THAT([] { CategoryEncoding(2)(kTokens); }, says<ValueError>("2", "in category_encoding"));
  EXPECT_THAT([] { CategoryEncoding(2).output_shape({2, 3}); }, says<ShapeError>("takes samples [n]"));
  EXPECT_THAT(
      [] {
        CategoryEncoding(3)({kTokens, kTokens});
      },
      says<ValueError>("counts go with output_mode \"count\", got 2 inputs"));
}

TEST(Discretization, FindsTheBin) {
  const Discretization layer({.bin_boundaries = {0, 1, 2}});
  const Tensor x = {{-1.5, 1, 3.4}, {0, 0.5, 2}};
  const Tensor y = layer(x).value();
  EXPECT_EQ(y.dtype(), DType::int32);
  EXPECT_EQ(y.to_vector<int>(), (std::vector<int>{0, 2, 3, 1, 1, 3}));
  EXPECT_EQ(layer.output_shape({3}), (Shape{3}));
  const Discretization counts({.bin_boundaries = {0, 1, 2}, .output_mode = "count"});
  EXPECT_TRUE(identical(counts(x).value(), Tensor{{1, 0, 1, 1}, {0, 2, 0, 1}}));
  EXPECT_EQ(Discretization({.bin_boundaries = {1.0}})(Tensor{NAN}).value()(0), 1);
}

// By Keras's summarize, merge_summaries and get_bin_boundaries in NumPy: of 0 … 9 with 4 bins, of sin(0),
// sin(1), … sin(999) with 5, of 250 squares with 3, and of fewer values than bins.
TEST(Discretization, AdaptsAsKerasDoes) {
  const Discretization few({.num_bins = 4});
  few.adapt(Tensor::arange(10));
  EXPECT_THAT(few.bin_boundaries(),
              testing::ElementsAre(testing::DoubleNear(1.5, 1e-6), testing::DoubleNear(4, 1e-6),
                                   testing::DoubleNear(6.5, 1e-6)));
  const Discretization many({.num_bins = 5});
  many.adapt(sin(Tensor::arange(1000, DType::float64)).value());
  const double expected[] = {-0.8115683794021606, -0.31317204236984253, 0.31314244866371155,
                             0.8064182996749878};
  ASSERT_EQ(many.bin_boundaries().size(), 4U);
  for (std::size_t i = 0; i < 4; ++i) EXPECT_NEAR(many.bin_boundaries()[i], expected[i], 1e-5);
  const Discretization squares({.num_bins = 3});
  squares.adapt(square(Tensor::arange(250)).value());
  EXPECT_NEAR(squares.bin_boundaries()[0], 6781.00341796875, 0.01);
  EXPECT_NEAR(squares.bin_boundaries()[1], 27447.671875, 0.01);
  const Discretization three({.num_bins = 4});
  three.adapt(Tensor::arange(3));
  EXPECT_THAT(three.bin_boundaries(), testing::ElementsAre(0, 1));
  const Discretization again = Discretization::from_config(Config::from_json(many.get_config().to_json()));
  EXPECT_EQ(again.bin_boundaries(), many.bin_boundaries());
}

TEST(Discretization, RefusesWhatMeansNothing) {
  EXPECT_THAT([] { Discretization({}); },
              says<ValueError>("give bin_boundaries or num_bins, one of the two"));
  EXPECT_THAT([] { Discretization({.bin_boundaries = {1.0}, .num_bins = 2}); },
              says<ValueError>("one of the two"));
  EXPECT_THAT(
      [] {
        Discretization({.bin_boundaries = {1.0, 1.0}});
      },
      says<ValueError>("Discretization: bin_boundaries must be in ascending order, got 1.0"));
  EXPECT_THAT([] { Discretization({.num_bins = 0}); }, says<ValueError>("num_bins must be positive, got 0"));
  EXPECT_THAT([] { Discretization({.num_bins = 2, .epsilon = 1}); },
              says<ValueError>("epsilon must be in (0, 1)"));
  const Discretization layer({.num_bins = 2});
  EXPECT_THAT([&] { layer(Tensor{1}); }, says<StateError>("'discretization' has none yet: call adapt"));
  EXPECT_THAT([&] { layer.adapt(Tensor{1, NAN}); }, says<ValueError>("adapt: a value is NaN"));
  EXPECT_THAT([&] { layer.adapt(Tensor::zeros({0})); }, says<ValueError>("needs values, the data is [0]"));
  EXPECT_THAT([] { Discretization({.bin_boundaries = {1.0}}).adapt(Tensor{1}); },
              says<StateError>("was given its bin_boundaries"));
}

TEST(Encodings, AreMadeAgainByTheirConfigs) {
  for (const Layer& layer :
       {Layer(CategoryEncoding(3, {.output_mode = "count"})),
        Layer(Discretization({.bin_boundaries = {0.1, 0.7}, .output_mode = "one_hot"}))}) {
    const std::string text = layer.get_config().to_json();
    EXPECT_EQ(
        deserialize_layer(object_config(layer.class_name(), Config::from_json(text))).get_config().to_json(),
        text);
  }
}

}  // namespace
}  // namespace gradus
