#include <gradus/graph/error.h>
#include <gradus/models/data/k_fold.h>
#include <gradus/models/data/load_digits.h>
#include <gradus/models/data/load_iris.h>
#include <gradus/models/data/random_state.h>
#include <gradus/models/data/take_columns.h>
#include <gradus/models/data/to_categorical.h>
#include <gradus/models/data/train_test_split.h>

#include <gtest/gtest.h>

#include <limits>

#include "../says.h"
#include "reference.h"

namespace gradus::data {
namespace {

using testing_data::says;

// 37, 11, 5 and 48 labels of the classes 0, 1, 5 and 2, mixed as make_reference.py mixes them.
Tensor labels() {
  std::vector<std::int64_t> sorted;
  for (const auto& [label, count] : {std::pair{0, 37}, {1, 11}, {5, 5}, {2, 48}}) {
    sorted.insert(sorted.end(), static_cast<std::size_t>(count), label);
  }
  std::vector<std::int64_t> mixed;
  for (const std::int64_t i : numpy::RandomState(1).permutation(101)) {
    mixed.push_back(sorted[static_cast<std::size_t>(i)]);
  }
  return Tensor(mixed);
}

// The rows of make_reference.py's splits.
Split split(std::int64_t rows, const SplitOptions& options) {
  Tensor x = Tensor::empty({rows, 2, 2}, DType::float64);
  for (std::int64_t i = 0; i < x.size(); ++i) {
    x.raw<double>()[i] = static_cast<double>(i / 4) + 0.25 * static_cast<double>(i % 4);
  }
  return train_test_split(x, Tensor::arange(rows, DType::int64), options);
}

void expect_reference(const std::string& name, const Split& split) {
  EXPECT_EQ(difference_from_reference(name + ".x_train", split.x_train), "");
  EXPECT_EQ(difference_from_reference(name + ".x_test", split.x_test), "");
  EXPECT_EQ(difference_from_reference(name + ".y_train", split.y_train), "");
  EXPECT_EQ(difference_from_reference(name + ".y_test", split.y_test), "");
}

TEST(StratifiedSplit, TakesScikitLearnsRows) {
  EXPECT_EQ(difference_from_reference("stratify", labels()), "");
  expect_reference("stratified_default", split(101, {.random_state = 0, .stratify = labels()}));
  expect_reference("stratified_counts",
                   split(101, {.test_size = 13, .train_size = 20, .random_state = 7, .stratify = labels()}));
  std::vector<std::int64_t> of_five;
  for (std::int64_t i = 0; i < 20; ++i) of_five.push_back(i % 5);
  expect_reference("stratified_ties",
                   split(20, {.test_size = 7, .random_state = 3, .stratify = Tensor(of_five)}));
  expect_reference(
      "stratified_one_hot",
      split(101, {.test_size = 0.2, .random_state = 4, .stratify = to_categorical(labels(), 6)}));
}

TEST(StratifiedSplit, NamesTheClassOfASingleSample) {
  const auto of = [](std::initializer_list<TensorLiteral> y, SplitOptions options = {}) {
    options.stratify = Tensor(y);
    const std::int64_t rows = options.stratify.dim(0);
    return [rows, options] { train_test_split(Tensor::zeros({rows}), Tensor::zeros({rows}), options); };
  };
  EXPECT_THAT(of({0, 0, 0, 7, 1, 1}), says<ValueError>("class 7.0 of stratify has one sample only, row 3"));
  EXPECT_THAT(of({{0, 1}, {0, 1}, {1, 0}}), says<ValueError>("class [1.0, 0.0] of stratify has one sample"));
  EXPECT_THAT(of({0, 0, 1, 1}, {.test_size = 1}),
              says<ValueError>("the test set has 1 rows, fewer than the 2 classes"));
  EXPECT_THAT(of({0, 0, 1, 1}, {.test_size = 3}), says<ValueError>("the training set has 1 rows"));
  EXPECT_THAT(of({0, 0, 1, 1}, {.shuffle = false}), says<ValueError>("stratify needs shuffle"));
  EXPECT_THAT(of({0, std::numeric_limits<double>::quiet_NaN()}), says<ValueError>("label of row 1 is nan"));
  EXPECT_THAT([] { split(4, {.stratify = Tensor::zeros({3})}); },
              says<ShapeError>("stratify is [3], it needs a label for each of the 4 rows"));
  EXPECT_THAT([] { split(4, {.stratify = Tensor::scalar(1)}); }, says<ShapeError>("stratify is []"));
}

void expect_folds(const std::string& name, const std::vector<Fold>& folds, std::size_t count) {
  ASSERT_EQ(folds.size(), count);
  for (std::size_t k = 0; k < count; ++k) {
    const std::string prefix = name + "_" + std::to_string(k);
    EXPECT_EQ(difference_from_reference(prefix + ".train", Tensor(folds[k].train)), "");
    EXPECT_EQ(difference_from_reference(prefix + ".test", Tensor(folds[k].test)), "");
  }
}

TEST(KFold, TakesScikitLearnsRows) {
  expect_folds("fold_default", k_fold(Tensor::zeros({101, 2})), 5);
  expect_folds("fold_shuffled",
               k_fold(Tensor::zeros({101}), {.n_splits = 3, .shuffle = true, .random_state = 6}), 3);
}

TEST(StratifiedKFold, TakesScikitLearnsRows) {
  expect_folds("stratified_fold", stratified_k_fold(labels()), 5);
  expect_folds("stratified_fold_shuffled",
               stratified_k_fold(labels(), {.n_splits = 4, .shuffle = true, .random_state = 8}), 4);
  expect_folds("stratified_fold", stratified_k_fold(to_categorical(labels())), 5);
}

TEST(KFold, RefusesFoldsThatAreNone) {
  EXPECT_THAT([] { k_fold(Tensor::zeros({10}), {.n_splits = 1}); },
              says<ValueError>("k_fold: n_splits must be from 2 to the 10 rows there are, got 1"));
  EXPECT_THAT([] { k_fold(Tensor::zeros({4})); }, says<ValueError>("the 4 rows there are, got 5"));
  EXPECT_THAT([] { k_fold(Tensor::scalar(1)); }, says<ShapeError>("k_fold: x is a scalar"));
  EXPECT_THAT([] { k_fold(Tensor()); }, testing::Throws<StateError>());
  EXPECT_THAT([] { k_fold(Tensor::zeros({10}), {.random_state = 1}); },
              says<ValueError>("random_state has no effect without shuffle"));
  EXPECT_THAT(
      [] {
        stratified_k_fold(Tensor{0, 0, 1, 1, 2, 2}, {.n_splits = 3});
      },
      says<ValueError>("n_splits is 3, more than the samples of any class: the largest has 2"));
}

TEST(LoadIris, HasTheValuesOfScikitLearn) {
  const auto [x, y] = load_iris();
  EXPECT_EQ(difference_from_reference("iris.x", x), "");
  EXPECT_EQ(difference_from_reference("iris.y", y), "");
  EXPECT_EQ(kIrisClasses[2], "virginica");
}

TEST(LoadDigits, HasTheValuesOfScikitLearn) {
  const auto [x, y] = load_digits();
  EXPECT_EQ(difference_from_reference("digits.x", x), "");
  EXPECT_EQ(difference_from_reference("digits.y", y), "");
}

TEST(TakeColumns, CopiesColumnsInTheOrderAskedFor) {
  const Tensor x{{1, 2, 3}, {4, 5, 6}};
  EXPECT_TRUE(identical(take_columns(x, std::vector<std::int64_t>{2, 0}), Tensor{{3, 1}, {6, 4}}));
  EXPECT_EQ(take_columns(x, {}).shape(), (Shape{2, 0}));
  EXPECT_THAT([&] { take_columns(x, std::vector<std::int64_t>{3}); },
              says<ShapeError>("column 3 is out of range for shape [2, 3]"));
  EXPECT_THAT(
      [] {
        take_columns(Tensor{1, 2}, std::vector<std::int64_t>{0});
      },
      says<ShapeError>("needs a matrix, x is [2]"));
}

}  // namespace
}  // namespace gradus::data
