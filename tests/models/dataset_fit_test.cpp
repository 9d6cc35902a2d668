#include <gradus/graph/error.h>
#include <gradus/models/data/dataset.h>
#include <gradus/models/layers/dense.h>
#include <gradus/models/sequential.h>

#include <gtest/gtest.h>

#include "example_data.h"
#include "says.h"

namespace gradus {
namespace {

using testing_data::Example;
using testing_data::regressor;
using testing_data::same_weights;
using testing_data::says;
using testing_data::sums;

Dataset batches(const Example& data, std::int64_t size) {
  return Dataset::from_tensor_slices({data.x, data.y}).batch(size);
}

TEST(DatasetFit, TrainsAsTheSameTensorsDo) {
  const Example data = sums(10);
  const Sequential a = regressor(), b = regressor();
  const History by_tensors =
      a.fit(data.x, data.y, {.batch_size = 4, .epochs = 3, .verbose = 0, .shuffle = false});
  const History by_dataset = b.fit(batches(data, 4), {.epochs = 3, .verbose = 0});
  EXPECT_EQ(by_tensors["loss"], by_dataset["loss"]);
  EXPECT_TRUE(same_weights(a, b.get_weights()));
  EXPECT_EQ(by_dataset.params.steps, 3);
  EXPECT_EQ(a.evaluate(data.x, data.y, {.batch_size = 4, .verbose = 0}).loss,
            b.evaluate(batches(data, 4), {.verbose = 0}).loss);
  EXPECT_TRUE(identical(a.predict(data.x, {.batch_size = 4, .verbose = 0}),
                        b.predict(batches(data, 4), {.verbose = 0})));
}

TEST(DatasetFit, BuildsTheModelFromTheFirstBatchAndLosesNone) {
  const Example data = sums(8);
  Sequential model({.seed = 1});
  model.add(Dense(1));
  model.compile({.optimizer = "sgd", .loss = "mse"});
  int made = 0, begun = 0;
  const Dataset counted = Dataset::from_generator([&] {
    ++begun;
    return [&, at = std::int64_t{0}]() mutable -> std::optional<Data> {
      if (at == 8) return std::nullopt;
      ++made;
      const std::int64_t from = std::exchange(at, at + 2);
      return Data{data.x.rows(from, from + 2), data.y.rows(from, from + 2)};
    };
  });
  const History history = model.fit(counted, {.epochs = 2, .verbose = 0});
  EXPECT_EQ(made, 8);
  EXPECT_EQ(begun, 2);
  EXPECT_EQ(history["loss"].size(), 2U);
  EXPECT_EQ(model.count_params(), 3);
}

TEST(DatasetFit, ValidatesOnADataset) {
  const Example data = sums(12);
  const Sequential a = regressor(), b = regressor();
  const FitOptions plain{.epochs = 2, .verbose = 0, .validation_data = {data.x, data.y}};
  const History by_tensors = a.fit(data.x, data.y, plain);
  const History by_dataset =
      b.fit(data.x, data.y, {.epochs = 2, .verbose = 0, .validation_data = batches(data, 32)});
  EXPECT_EQ(by_tensors["val_loss"], by_dataset["val_loss"]);
}

TEST(DatasetFit, StepsPerEpochGoOnWhereTheEpochBeforeEnded) {
  const Example data = sums(12);
  std::vector<double> firsts;
  const Dataset watched = batches(data, 2).map([&](Data batch) {
    firsts.push_back(batch.x[0](0, 0));
    return batch;
  });
  const Sequential model = regressor();
  model.fit(watched, {.epochs = 3, .verbose = 0, .steps_per_epoch = 4});
  ASSERT_EQ(firsts.size(), 12U);  // two passes of six batches
  for (std::size_t i = 0; i < 6; ++i) EXPECT_EQ(firsts[i], firsts[i + 6]);
  EXPECT_NE(firsts[0], firsts[4]);
}

TEST(DatasetFit, AnEndlessDatasetNeedsSteps) {
  const Example data = sums(4);
  const Sequential model = regressor();
  const Dataset endless = batches(data, 2).repeat();
  EXPECT_THAT([&] { model.fit(endless, {.verbose = 0}); }, says<ValueError>("fit", "has no end", "steps"));
  EXPECT_THAT([&] { model.evaluate(endless, {.verbose = 0}); }, says<ValueError>("has no end"));
  EXPECT_EQ(model.fit(endless, {.verbose = 0, .steps_per_epoch = 7}).params.steps, 7);
}

TEST(DatasetFit, RefusesWhatSaysNothingAboutADataset) {
  const Example data = sums(4);
  const Sequential model = regressor();
  const std::vector<Tensor> before = model.get_weights();
  const auto refuses = [&](FitOptions options, const char* what) {
    options.verbose = 0;
    EXPECT_THAT([&] { model.fit(batches(data, 2), options); }, says<ValueError>(what, "Dataset"));
  };
  refuses({.batch_size = 16}, "batch_size");
  refuses({.validation_split = 0.5}, "validation_split");
  refuses({.sample_weight = Tensor::ones({4})}, "sample_weight");
  refuses({.shuffle = "batch"}, "shuffle");
  EXPECT_TRUE(same_weights(model, before));
}

TEST(DatasetFit, ABatchThatDoesNotFitIsNamed) {
  const Sequential model = regressor();
  const Dataset wrong = Dataset::from_tensor_slices({Tensor::ones({4, 3}), Tensor::ones({4, 1})}).batch(2);
  EXPECT_THAT([&] { model.fit(wrong, {.verbose = 0}); },
              says<ShapeError>("fit", "expected 2 features, got 3"));
  const Dataset unlabelled = Dataset::from_tensor_slices({Tensor::ones({4, 2})}).batch(2);
  EXPECT_THAT([&] { model.fit(unlabelled, {.verbose = 0}); }, says<ValueError>("y is missing"));
  EXPECT_EQ(model.predict(unlabelled, {.verbose = 0}).shape(), Shape({4, 1}));
  const Dataset empty = batches(sums(4), 2).take(0);
  EXPECT_THAT([&] { model.fit(empty, {.verbose = 0}); }, says<ValueError>("there is no data"));
  EXPECT_THAT([&] { model.evaluate(empty, {.verbose = 0}); }, says<ValueError>("there is no data"));
}

TEST(DatasetFit, ClassWeightsReachEachBatch) {
  const Tensor x = Random(1).normal({8, 2});
  const Tensor y(std::vector<std::int64_t>{0, 1, 2, 3, 0, 1, 2, 3});
  const auto model = [] {
    Sequential made = testing_data::classifier();
    made.compile({.optimizer = "sgd", .loss = "sparse_categorical_crossentropy"});
    return made;
  };
  const ClassWeight weights = {{0, 2.0}, {3, 0.5}};
  const Sequential a = model(), b = model();
  a.fit(x, y, {.batch_size = 4, .verbose = 0, .shuffle = false, .class_weight = weights});
  b.fit(Dataset::from_tensor_slices({x, y}).batch(4), {.verbose = 0, .class_weight = weights});
  EXPECT_TRUE(same_weights(a, b.get_weights()));
}

TEST(DatasetFit, AnErrorOnTheProducersThreadReachesTheCaller) {
  const Example data = sums(8);
  const Sequential model = regressor();
  const Dataset failing = batches(data, 2)
                              .map([seen = 0](Data batch) mutable {
                                if (++seen == 3) throw ValueError("the third batch is broken");
                                return batch;
                              })
                              .prefetch(2);
  EXPECT_THAT([&] { model.fit(failing, {.verbose = 0}); }, says<ValueError>("the third batch is broken"));
  EXPECT_NO_THROW(model.fit(data.x, data.y, {.verbose = 0}));
}

TEST(DatasetFit, EachValidationSeesTheSameSteps) {
  const Example data = sums(8);
  std::vector<double> firsts;
  const Dataset watched = batches(data, 2).map([&](Data batch) {
    firsts.push_back(batch.x[0](0, 0));
    return batch;
  });
  regressor().fit(data.x, data.y,
                  {.epochs = 3, .verbose = 0, .validation_data = watched, .validation_steps = 2});
  ASSERT_EQ(firsts.size(), 6U);
  EXPECT_EQ(firsts[2], firsts[0]);
  EXPECT_EQ(firsts[5], firsts[1]);
}

TEST(DatasetFit, AnEmptyValidationIsAnErrorAndNoPerfectScore) {
  const Example data = sums(8);
  EXPECT_THAT(
      [&] { regressor().fit(data.x, data.y, {.verbose = 0, .validation_data = batches(data, 2).skip(9)}); },
      says<ValueError>("validation_data", "there is no data"));
}

TEST(DatasetFit, EveryFitShufflesAnew) {
  const Example data = sums(32);
  std::vector<double> seen;
  const Dataset shuffled = Dataset::from_tensor_slices({data.x, data.y})
                               .shuffle(32, 7)
                               .map([&](Data sample) {
                                 seen.push_back(sample.x[0](0));
                                 return sample;
                               })
                               .batch(8);
  const Sequential model = regressor();
  model.fit(shuffled, {.verbose = 0});
  model.fit(shuffled, {.verbose = 0});
  ASSERT_EQ(seen.size() % 2, 0U);
  const std::vector<double> first(seen.begin(), seen.begin() + 32), second(seen.end() - 32, seen.end());
  EXPECT_NE(first, second);
}

}  // namespace
}  // namespace gradus
