#include <gradus/graph/error.h>
#include <gradus/models/data/normalize.h>
#include <gradus/models/data/pad_sequences.h>
#include <gradus/models/data/scalers.h>

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "../says.h"
#include "reference.h"

namespace gradus::data {
namespace {

using testing_data::says;

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

TEST(StandardScaler, AgreesWithScikitLearn) {
  const Tensor x = reference_values("columns");
  // The columns' means are 1e9 times the smallest deviation: scikit-learn's own rounding shows.
  const CloseOptions close = {.rtol = 1e-6, .atol = 1e-6, .equal_nan = true};
  StandardScaler scaler;
  const Tensor scaled = scaler.fit_transform(x);
  EXPECT_TRUE(all_close(scaled, reference_values("columns_standard"), close));
  EXPECT_TRUE(all_close(scaler.inverse_transform(scaled), x, {.rtol = 1e-15, .equal_nan = true}));
}

TEST(MinMaxScaler, AgreesWithScikitLearn) {
  const Tensor x = reference_values("columns");
  MinMaxScaler scaler({.feature_range = {-1, 3}});
  const Tensor scaled = scaler.fit_transform(x);
  EXPECT_TRUE(all_close(scaled, reference_values("columns_min_max"),
                        {.rtol = 1e-6, .atol = 1e-6, .equal_nan = true}));
  EXPECT_TRUE(all_close(scaler.inverse_transform(scaled), x, {.rtol = 1e-14, .equal_nan = true}));
}

TEST(Standardise, MakesAConstantColumnZero) {
  for (const DType dtype : {DType::float32, DType::float64}) {
    const Tensor x = Tensor({{0.1, 1}, {0.1, 3}, {0.1, 5}}, dtype);
    const Tensor scaled = standardise(x);
    for (std::int64_t i = 0; i < 3; ++i) EXPECT_EQ(scaled(i, 0), 0);
    EXPECT_EQ(scaled(1, 1), 0);
    EXPECT_NEAR(scaled(2, 1), std::sqrt(1.5), 1e-7);
    EXPECT_EQ(scaled.dtype(), dtype);
    EXPECT_EQ(MinMaxScaler().fit_transform(x)(1, 0), 0);
  }
}

TEST(Standardise, AppliesTheTrainingSetsScaleToTheTestSet) {
  const auto [train, test] =
      standardise(Tensor({{0}, {2}}, DType::float64), Tensor({{1}, {5}}, DType::float64));
  EXPECT_TRUE(identical(train, Tensor({{-1}, {1}}, DType::float64)));
  EXPECT_TRUE(identical(test, Tensor({{0}, {4}}, DType::float64)));
}

TEST(StandardScaler, LeavesOutWhatItIsTold) {
  const Tensor x = Tensor({1, 3}, DType::int32);
  EXPECT_TRUE(
      identical(StandardScaler({.with_std = false}).fit_transform(x), Tensor({-1, 1}, DType::float64)));
  EXPECT_TRUE(
      identical(StandardScaler({.with_mean = false}).fit_transform(x), Tensor({1, 3}, DType::float64)));
  StandardScaler scaler;
  scaler.fit(Tensor::ones({4, 2, 3}));
  EXPECT_EQ(scaler.mean().shape(), (Shape{2, 3}));
  EXPECT_TRUE(identical(scaler.scale(), Tensor::ones({2, 3}, DType::float64)));
}

TEST(Scalers, TakeAColumnOfNothingButNansForMissing) {
  const Tensor x({{kNan}, {kNan}}, DType::float64);
  EXPECT_TRUE(std::isnan(standardise(x).at(std::vector<std::int64_t>{0, 0})));
  EXPECT_TRUE(std::isnan(MinMaxScaler().fit_transform(x)(0, 0)));
}

TEST(Scalers, RefuseWhatTheyCannotScale) {
  EXPECT_THAT([] { standardise(Tensor::zeros({0, 2})); }, says<ValueError>("no rows to fit to: x is [0, 2]"));
  EXPECT_THAT(
      [] {
        standardise(Tensor{{1, 2}, {3, kInfinity}});
      },
      says<ValueError>("StandardScaler: x has inf in row 1, column 1"));
  EXPECT_THAT([] { StandardScaler().transform(Tensor{1}); }, says<StateError>("has not been fitted"));
  EXPECT_THAT(
      [] {
        standardise(Tensor{{1, 2}}, Tensor{{1}});
      },
      says<ShapeError>("x is [1, 1], the scaler was fitted to rows of shape [2]"));
  EXPECT_THAT([] { standardise(Tensor::scalar(1)); }, says<ShapeError>("x is a scalar"));
  EXPECT_THAT(
      [] {
        MinMaxScaler({.feature_range = {1, 1}});
      },
      says<ValueError>("feature_range must ascend and be finite, got [1.0, 1.0]"));
}

TEST(Normalize, DividesByTheNorm) {
  const Tensor x{{3, 4}, {0, 0}};
  EXPECT_TRUE(all_close(normalize(x), Tensor{{0.6, 0.8}, {0, 0}}));
  EXPECT_TRUE(all_close(normalize(x, {.axis = 0}), Tensor{{1, 1}, {0, 0}}));
  EXPECT_TRUE(all_close(gradus::normalize(x, {.order = 1}), Tensor{{3 / 7., 4 / 7.}, {0, 0}}));
  EXPECT_TRUE(all_close(normalize(x, {.order = kInfinity}), Tensor{{0.75, 1}, {0, 0}}));
  const double cubic = std::cbrt(91.);
  EXPECT_TRUE(all_close(normalize(x, {.order = 3}), Tensor{{3 / cubic, 4 / cubic}, {0, 0}}));
  EXPECT_TRUE(all_close(normalize(Tensor({1e200, 1e200}, DType::float64)),
                        Tensor({std::sqrt(0.5), std::sqrt(0.5)}, DType::float64)));
  EXPECT_EQ(normalize(Tensor({3, 4}, DType::int32)).dtype(), DType::float64);
  EXPECT_TRUE(identical(normalize(Tensor::scalar(-5)), Tensor{-1}));
  EXPECT_EQ(normalize(Tensor::zeros({0, 3})).shape(), (Shape{0, 3}));
  // The middle axis of three
  EXPECT_TRUE(all_close(normalize(Tensor{{{3, 1}, {4, 0}}}, {.axis = 1}), Tensor{{{0.6, 1}, {0.8, 0}}}));
}

TEST(Normalize, RefusesAnAxisOrOrderThatIsNone) {
  EXPECT_THAT([] { normalize(Tensor{1}, {.axis = 1}); }, testing::Throws<ShapeError>());
  EXPECT_THAT([] { normalize(Tensor{1}, {.order = 0}); },
              says<ValueError>("order must be positive, got 0.0"));
}

TEST(PadSequences, PadsAndCutsAsKeras) {
  const std::vector<std::vector<int>> x = {{1}, {2, 3}, {4, 5, 6}};
  const auto expected = [](std::initializer_list<TensorLiteral> values) {
    return Tensor(values, DType::int32);
  };
  EXPECT_TRUE(identical(pad_sequences(x), expected({{0, 0, 1}, {0, 2, 3}, {4, 5, 6}})));
  EXPECT_TRUE(identical(pad_sequences(x, {.value = -1}), expected({{-1, -1, 1}, {-1, 2, 3}, {4, 5, 6}})));
  EXPECT_TRUE(identical(pad_sequences(x, {.padding = "post"}), expected({{1, 0, 0}, {2, 3, 0}, {4, 5, 6}})));
  EXPECT_TRUE(identical(pad_sequences(x, {.maxlen = 2}), expected({{0, 1}, {2, 3}, {5, 6}})));
  EXPECT_TRUE(
      identical(pad_sequences(x, {.maxlen = 2, .truncating = "post"}), expected({{0, 1}, {2, 3}, {4, 5}})));
  EXPECT_EQ(pad_sequences(x, {.maxlen = 0}).shape(), (Shape{3, 0}));
  EXPECT_TRUE(
      identical(gradus::pad_sequences(std::vector<std::vector<double>>{{0.5}, {}}, {.dtype = DType::float32}),
                Tensor{{0.5}, {0}}));
}

TEST(PadSequences, PadsStepsOfAnyShape) {
  const std::vector<Tensor> x = {Tensor{{1, 2}}, Tensor::zeros({0}), Tensor{{3, 4}, {5, 6}}};
  EXPECT_TRUE(identical(pad_sequences(x, {.dtype = DType::float32}),
                        Tensor{{{0, 0}, {1, 2}}, {{0, 0}, {0, 0}}, {{3, 4}, {5, 6}}}));
  EXPECT_EQ(pad_sequences(std::vector<Tensor>{}).shape(), (Shape{0, 0}));
}

TEST(PadSequences, RefusesWhatItCannotPad) {
  const std::vector<Tensor> x = {Tensor{1}, Tensor{{1, 2}}};
  EXPECT_THAT([&] { pad_sequences(x); },
              says<ShapeError>("sequence 1 has steps of shape [2], those before it []"));
  EXPECT_THAT([] { pad_sequences(std::vector{Tensor::scalar(1)}); },
              says<ShapeError>("sequence 0 is a scalar"));
  EXPECT_THAT([] { pad_sequences(std::vector{Tensor{1}}, {.padding = "front"}); },
              says<ValueError>("unknown padding 'front'", "'pre', 'post'"));
  EXPECT_THAT([] { pad_sequences(std::vector{Tensor{1}}, {.truncating = "begin"}); },
              says<ValueError>("unknown truncating 'begin'"));
  EXPECT_THAT([] { pad_sequences(std::vector{Tensor{1}}, {.maxlen = -1}); },
              says<ValueError>("maxlen must not be negative, got -1"));
  EXPECT_THAT([] { pad_sequences(std::vector{Tensor{kNan}}); }, testing::Throws<ValueError>());
}

}  // namespace
}  // namespace gradus::data
