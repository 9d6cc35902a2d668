#include <gradus/graph/error.h>
#include <gradus/models/data/make_blobs.h>
#include <gradus/models/data/train_test_split.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "reference.h"

namespace gradus::data {
namespace {

using testing::HasSubstr;
using testing::ThrowsMessage;

void expect_reference(const std::string& name, const Split& split) {
  EXPECT_EQ(difference_from_reference(name + ".x_train", split.x_train), "");
  EXPECT_EQ(difference_from_reference(name + ".x_test", split.x_test), "");
  EXPECT_EQ(difference_from_reference(name + ".y_train", split.y_train), "");
  EXPECT_EQ(difference_from_reference(name + ".y_test", split.y_test), "");
}

TEST(TrainTestSplit, SplitsTheTutorialsDataAsScikitLearn) {
  const auto [xa, ya] = make_blobs({.n_samples = 4000, .centers = 4, .cluster_std = 2, .random_state = 101});
  expect_reference("a", train_test_split(xa, ya, {.test_size = 0.2, .random_state = 42}));
  const auto [xb, yb] =
      make_blobs({.n_samples = 4000, .centers = 2, .cluster_std = 2.5, .random_state = 101});
  expect_reference("b", train_test_split(xb, yb, {.test_size = 0.2, .random_state = 42}));
}

TEST(TrainTestSplit, TakesSizesAsScikitLearn) {
  std::vector<double> values;
  for (int row = 0; row < 101; ++row) {
    for (const double offset : {0.0, 0.25, 0.5, 0.75}) values.push_back(row + offset);
  }
  const Tensor x(values, {101, 2, 2});
  const Tensor y = Tensor::arange(101, DType::int64);
  expect_reference("split_default", train_test_split(x, y, {.random_state = 0}));
  expect_reference("split_third", train_test_split(x, y, {.test_size = 0.33, .random_state = 4294967295}));
  expect_reference("split_counts",
                   train_test_split(x, y, {.test_size = 20, .train_size = 30, .random_state = 5}));
  expect_reference("split_train_size", train_test_split(x, y, {.train_size = 0.6, .random_state = 5}));
  expect_reference("split_both",
                   train_test_split(x, y, {.test_size = 0.3, .train_size = 0.3, .random_state = 5}));
  expect_reference("split_in_order", train_test_split(x, y, {.test_size = 0.3, .shuffle = false}));
}

TEST(TrainTestSplit, KeepsEveryDType) {
  for (const DType dtype : {DType::float32, DType::int32, DType::boolean}) {
    const Tensor x = Tensor::arange(6).cast(dtype);
    const auto [x_train, x_test, y_train, y_test] =
        train_test_split(x, x, {.test_size = 2, .shuffle = false});
    EXPECT_TRUE(identical(x_train, x.rows(0, 4)));
    EXPECT_TRUE(identical(y_test, x.rows(4, 6)));
  }
}

TEST(TrainTestSplit, DiffersFromRunToRunWithoutASeed) {
  const Tensor x = Tensor::arange(50);
  EXPECT_FALSE(identical(train_test_split(x, x).x_train, train_test_split(x, x).x_train));
}

TEST(TrainTestSplit, RefusesXAndYOfDifferentLength) {
  EXPECT_THAT(
      [] {
        train_test_split(Tensor::zeros({100, 2}), Tensor::zeros({99}));
      },
      ThrowsMessage<ShapeError>(HasSubstr("train_test_split: x has 100 rows, y has 99")));
  EXPECT_THAT(
      [] {
        train_test_split(Tensor::zeros({100, 2}), Tensor::scalar(1));
      },
      ThrowsMessage<ShapeError>(HasSubstr("needs rows, x is [100, 2], y is []")));
  EXPECT_THAT([] { train_test_split(Tensor(), Tensor::zeros({99})); }, testing::Throws<StateError>());
}

std::string refusal(std::int64_t rows, const SplitOptions& options) {
  try {
    train_test_split(Tensor::zeros({rows}), Tensor::zeros({rows}), options);
    return "accepted";
  } catch (const ValueError& error) {
    return error.what();
  }
}

TEST(TrainTestSplit, RefusesSizesThatSplitNothing) {
  EXPECT_THAT(refusal(10, {.test_size = 0.0}), HasSubstr("test_size must be a fraction inside (0, 1)"));
  EXPECT_THAT(refusal(10, {.test_size = 1.0}), HasSubstr("got 1.0"));
  EXPECT_THAT(refusal(10, {.test_size = 1.5}), HasSubstr("got 1.5"));
  EXPECT_THAT(refusal(10, {.test_size = -0.1}), HasSubstr("got -0.1"));
  EXPECT_THAT(refusal(10, {.test_size = std::numeric_limits<double>::quiet_NaN()}), HasSubstr("got nan"));
  EXPECT_THAT(refusal(10, {.test_size = 0}), HasSubstr("from 1 to one less than the 10 there are, got 0"));
  EXPECT_THAT(refusal(10, {.test_size = 10}), HasSubstr("got 10"));
  EXPECT_THAT(refusal(10, {.train_size = 1.0}), HasSubstr("train_size must be a fraction"));
  EXPECT_THAT(refusal(10, {.test_size = 0.6, .train_size = 0.6}),
              HasSubstr("together take more than the 10"));
  EXPECT_THAT(refusal(10, {.test_size = 6, .train_size = 6}), HasSubstr("test_size 6 and train_size 6"));
  EXPECT_THAT(refusal(1, {.test_size = 0.5}), HasSubstr("none is left to train on"));
  EXPECT_THAT(refusal(1, {}), HasSubstr("of 1 rows"));
  EXPECT_THAT(refusal(0, {}), HasSubstr("of 0 rows"));
  EXPECT_THAT(refusal(10, {.random_state = -1}), HasSubstr("seed must be between 0 and 2^32 - 1, got -1"));
}

}  // namespace
}  // namespace gradus::data
