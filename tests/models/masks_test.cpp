#include <gradus/gradus.h>

#include <gtest/gtest.h>

#include "says.h"

namespace gradus {
namespace {

using testing_data::says;

// Two sequences of three steps, of which the first three and two count.
const Tensor kWords = {{1, 2, 1}, {2, 1, 0}};

Sequential tagger(const Loss& loss, std::vector<Metric> metrics = {}, std::vector<Metric> weighted = {}) {
  Sequential model({.seed = 3});
  model.add(Embedding(3, 4, {.mask_zero = true}));
  model.add(Dense(2, {.activation = "softmax"}));
  model.compile({.optimizer = "sgd", .loss = loss, .metrics = metrics, .weighted_metrics = weighted});
  model.build({3});
  return model;
}

const Tensor kTags = Tensor({{0, 1, 1}, {1, 0, 1}}, DType::int64);

// The crossentropy of each step.
std::vector<double> step_losses(const Sequential& model) {
  const Tensor y = model.predict(kWords, {.verbose = 0});
  std::vector<double> losses;
  for (int i = 0; i < 2; ++i) {
    for (int t = 0; t < 3; ++t) losses.push_back(-std::log(y(i, t, static_cast<int>(kTags(i, t)))));
  }
  return losses;
}

TEST(Masks, AMeanIsTakenOverTheStepsThatCount) {
  const Sequential model = tagger("sparse_categorical_crossentropy");
  const std::vector<double> l = step_losses(model);
  EXPECT_NEAR(model.evaluate(kWords, kTags, {.verbose = 0}).loss, (l[0] + l[1] + l[2] + l[3] + l[4]) / 5,
              1e-6);
}

TEST(Masks, ASumIsNotScaled) {
  const Sequential model = tagger(SparseCategoricalCrossentropy({.reduction = "sum"}));
  const std::vector<double> l = step_losses(model);
  EXPECT_NEAR(model.evaluate(kWords, kTags, {.verbose = 0}).loss, l[0] + l[1] + l[2] + l[3] + l[4], 1e-5);
}

TEST(Masks, WeightsOfSamplesOrStepsMultiplyThem) {
  const Sequential model = tagger("sparse_categorical_crossentropy");
  const std::vector<double> l = step_losses(model);
  const Tensor samples = {2, 0.5};
  EXPECT_NEAR(model.evaluate(kWords, kTags, {.verbose = 0, .sample_weight = samples}).loss,
              (2 * (l[0] + l[1] + l[2]) + 0.5 * (l[3] + l[4])) / 5, 1e-6);
  const Tensor steps = {{1, 0, 3}, {2, 1, 9}};
  EXPECT_NEAR(model.evaluate(kWords, kTags, {.verbose = 0, .sample_weight = steps}).loss,
              (l[0] + 3 * l[2] + 2 * l[3] + l[4]) / 5, 1e-6);
}

TEST(Masks, WeightsThatDoNotFitTheMaskAreRefused) {
  const Sequential model = tagger("categorical_crossentropy");
  const Tensor y = one_hot(kTags, 2).value();
  EXPECT_THAT(
      [&] {
        model.evaluate(kWords, y, {.verbose = 0, .sample_weight = Tensor::ones({2, 3, 2})});
      },
      says<ShapeError>("sample_weight is [2, 3, 2]", "mask of [2, 3]"));
}

TEST(Masks, MetricsLeaveMaskedStepsOut) {
  const Sequential model =
      tagger("sparse_categorical_crossentropy", {"accuracy"}, {SparseCategoricalAccuracy()});
  const Tensor y = model.predict(kWords, {.verbose = 0});
  double hits = 0;
  for (int i = 0; i < 2; ++i) {
    for (int t = 0; t < 3 - i; ++t) hits += (y(i, t, 1) > y(i, t, 0)) == (kTags(i, t) == 1) ? 1 : 0;
  }
  const Logs logs = model.evaluate(kWords, kTags, {.verbose = 0});
  EXPECT_NEAR(logs["accuracy"], hits / 5, 1e-9);
  EXPECT_NEAR(logs["sparse_categorical_accuracy"], hits / 5, 1e-9);
}

TEST(Masks, MetricsOfNumbersTakeNoMaskAndDoNotMind) {
  const Metric own("own", Metric::NumberFunction([](const Tensor&, const Tensor& y) { return y.dim(0); }));
  EXPECT_EQ(tagger("sparse_categorical_crossentropy", {own}).evaluate(kWords, kTags, {.verbose = 0})["own"],
            2);
}

TEST(Masks, SequencesTrainThroughTheMask) {
  Sequential model({.seed = 1});
  model.add(Embedding(3, 4, {.mask_zero = true}));
  model.add(LSTM(5));
  model.add(Dense(1));
  model.compile({.optimizer = Adam({.learning_rate = 0.05}), .loss = "mse"});
  const Tensor padded = {{1, 2, 0, 0}, {2, 2, 1, 0}, {1, 1, 1, 1}};
  const Tensor y = {{1}, {0}, {0.5}};
  const History history = model.fit(padded, y, {.epochs = 60, .verbose = 0});
  EXPECT_LT(history["loss"].back(), 0.02);
  // What stands behind the end of a sequence says nothing.
  Sequential same({.seed = 1});
  same.add(Embedding(3, 4, {.mask_zero = true}));
  same.add(LSTM(5));
  same.add(Dense(1));
  same.build({2});
  same.set_weights(model.get_weights());
  EXPECT_TRUE(all_close(same.predict(Tensor{{1, 2}}, {.verbose = 0}),
                        model.predict(padded, {.verbose = 0}).rows(0, 1)));
}

TEST(Masks, ClassWeightsAreForOneLabelASample) {
  const Sequential model = tagger("sparse_categorical_crossentropy");
  EXPECT_THAT(
      [&] {
        model.fit(kWords, kTags, {.verbose = 0, .class_weight = {{0, 2.0}}});
      },
      says<ValueError>("class_weight says nothing about outputs of several values"));
}

}  // namespace
}  // namespace gradus
