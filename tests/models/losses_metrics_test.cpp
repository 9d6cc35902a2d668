#include <gradus/graph/error.h>
#include <gradus/models/losses/crossentropy.h>
#include <gradus/models/losses/mean_squared_error.h>
#include <gradus/models/metrics/accuracy.h>
#include <gradus/models/metrics/mean.h>
#include <gradus/ops/elementwise.h>
#include <gradus/ops/reduction.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "example_data.h"

namespace gradus {
namespace {

using testing::HasSubstr;
using testing::ThrowsMessage;

double value(const Metric& metric, const Tensor& y_true, const Tensor& y_pred, const Tensor& weights = {}) {
  metric.reset();
  metric.update(y_true, y_pred, weights);
  return metric.result();
}

TEST(Loss, IsTheSameByNameByOpAndByObject) {
  const Tensor y = {{0, 1}, {1, 0}}, p = {{0.25, 0.75}, {0.5, 0.5}};
  const double expected = (-std::log(0.75) - std::log(0.5)) / 2;
  EXPECT_NEAR(Loss("categorical_crossentropy")(y, p).item(), expected, 1e-6);
  EXPECT_NEAR(Loss("CategoricalCrossentropy")(y, p).item(), expected, 1e-6);
  EXPECT_NEAR(Loss(categorical_crossentropy)(y, p).item(), expected, 1e-6);
  EXPECT_NEAR(CategoricalCrossentropy()(y, p).item(), expected, 1e-6);
  EXPECT_NEAR(CategoricalCrossentropy({.from_logits = true})(y, log(p)).item(), expected, 1e-6);
  EXPECT_NEAR(CategoricalCrossentropy({.reduction = "sum"})(y, p).item(), 2 * expected, 1e-6);
  EXPECT_NEAR(SparseCategoricalCrossentropy()(Tensor({1, 0}, DType::int64), p).item(), expected, 1e-6);
  EXPECT_EQ(CategoricalCrossentropy({.name = "mine"}).name(), "mine");
}

TEST(Loss, CrossentropyPicksByShape) {
  const Tensor p = {{0.25, 0.75}, {0.5, 0.5}};
  const double expected = (-std::log(0.75) - std::log(0.5)) / 2;
  EXPECT_NEAR(Loss("ce")(Tensor{{0, 1}, {1, 0}}, p).item(), expected, 1e-6);
  EXPECT_NEAR(Loss("crossentropy")(Tensor{1, 0}, p).item(), expected, 1e-6);
  EXPECT_NEAR(Loss("ce")(Tensor{{1}, {0}}, Tensor{{0.75}, {0.5}}).item(), expected, 1e-6);
}

TEST(Loss, OfAFunctionIsItsMean) {
  const Loss loss = [](const Operand& y_true, const Operand& y_pred) {
    return sum(square(y_true - y_pred), {.axis = -1});
  };
  const Tensor y = {{1, 1}, {0, 2}}, p = {{0, 0}, {0, 0}};
  EXPECT_DOUBLE_EQ(loss(y, p).item(), 3);
  EXPECT_DOUBLE_EQ(loss(y, p, {1, 0}).item(), 1);
  const Loss scalar = [](const Operand& y_true, const Operand& y_pred) { return sum(y_true - y_pred); };
  EXPECT_DOUBLE_EQ(scalar(y, p).item(), 4);
  EXPECT_THAT(
      [&] {
        scalar(y, p, {1, 0});
      },
      ThrowsMessage<ShapeError>(HasSubstr("one value for each of the 2 samples")));
}

TEST(Loss, WithoutAFunctionSaysSo) {
  EXPECT_THAT([] { Loss()(Tensor{1}, Tensor{1}); },
              ThrowsMessage<StateError>(HasSubstr("without a function")));
}

TEST(Accuracy, PicksByShapeAndKeepsItsName) {
  const Tensor p = {{0.1, 0.7, 0.2}, {0.6, 0.3, 0.1}};
  EXPECT_DOUBLE_EQ(value("accuracy", {{0, 1, 0}, {0, 0, 1}}, p), 0.5);
  EXPECT_DOUBLE_EQ(value("acc", Tensor({1, 2}, DType::int64), p), 0.5);
  EXPECT_DOUBLE_EQ(value("accuracy", Tensor({{1}, {0}}, DType::int32), p), 1);
  EXPECT_DOUBLE_EQ(value("accuracy", {1, 0, 1, 1}, {{0.9}, {0.2}, {0.5}, {0.6}}), 0.75)
      << "0.5 is not above 0.5";
  EXPECT_EQ(Metric("acc").name(), "acc");
  EXPECT_EQ(Metric("accuracy").name(), "accuracy");
}

TEST(Accuracy, OfEachKindByClassAndName) {
  const Tensor p = {{0.1, 0.9}, {0.6, 0.4}};
  EXPECT_DOUBLE_EQ(value(CategoricalAccuracy(), {{0, 1}, {0, 1}}, p), 0.5);
  EXPECT_DOUBLE_EQ(value("categorical_accuracy", {{0, 1}, {0, 1}}, p), 0.5);
  EXPECT_DOUBLE_EQ(value(SparseCategoricalAccuracy(), {1, 1}, p), 0.5);
  EXPECT_DOUBLE_EQ(value(BinaryAccuracy({.threshold = 0.95}), {{0, 1}, {0, 0}}, p), 0.75);
  EXPECT_EQ(SparseCategoricalAccuracy({.name = "right"}).name(), "right");
  EXPECT_EQ(Metric(BinaryAccuracy()).name(), "binary_accuracy");
}

TEST(Accuracy, GathersOverBatchesAndWeighsSamples) {
  const Metric metric = "accuracy";
  metric.update({{0, 1}}, {{0, 1}});
  metric.update({{0, 1}, {0, 1}, {0, 1}}, {{1, 0}, {1, 0}, {0, 1}});
  EXPECT_DOUBLE_EQ(metric.result(), 0.5);
  metric.reset();
  EXPECT_EQ(metric.result(), 0);
  EXPECT_DOUBLE_EQ(value(metric, {{0, 1}, {0, 1}}, {{0, 1}, {1, 0}}, {3, 1}), 0.75);
}

TEST(Accuracy, RefusesShapesThatDoNotFit) {
  EXPECT_THAT(
      [] {
        value("accuracy", {{0, 1, 0}}, {{0, 1}});
      },
      ThrowsMessage<ShapeError>(HasSubstr("accuracy: y_true is [1, 3], y_pred is [1, 2]")));
  EXPECT_THAT(
      [] {
        value("sparse_categorical_accuracy", {1, 2, 3}, {{0, 1}});
      },
      ThrowsMessage<ShapeError>(HasSubstr("y_true is [3]")));
  EXPECT_THAT(
      [] {
        value(BinaryAccuracy(), {1, 0, 1}, {{0.5}});
      },
      ThrowsMessage<ShapeError>(HasSubstr("[3]")));
}

TEST(Metric, TakesLossesAndFunctions) {
  const Tensor y = {{1}, {2}}, p = {{0}, {0}};
  EXPECT_DOUBLE_EQ(value("mse", y, p), 2.5);
  EXPECT_DOUBLE_EQ(value(MeanSquaredError(), y, p), 2.5);
  EXPECT_EQ(Metric(MeanSquaredError()).name(), "mean_squared_error");
  EXPECT_DOUBLE_EQ(value("mse", y, p, {1, 0}), 1);
  EXPECT_DOUBLE_EQ(value(Metric("bias", [](const Operand& a, const Operand& b) { return b - a; }), y, p),
                   -1.5);
  EXPECT_DOUBLE_EQ(
      value(Metric("rows", [](const Tensor& a, const Tensor&) { return static_cast<double>(a.dim(0)); }), y,
            p),
      2);
}

TEST(Metric, OfOnesOwnStandsInLogsAndHistory) {
  struct Largest : Metric::Kind {
    std::string_view name() const override { return "largest"; }
    void update(const Tensor&, const Tensor& y_pred, const Tensor&) override {
      for (const float v : y_pred.values<float>()) most = std::max(most, static_cast<double>(v));
    }
    double result() const override { return most; }
    void reset() override { most = -1e30; }
    double most = -1e30;
  };
  const auto [x, y] = testing_data::sums(10);
  const Sequential model = testing_data::regressor();
  model.compile({.optimizer = "sgd",
                 .loss = "mse",
                 .metrics = {Largest(), Metric("mine", [](const Operand& a, const Operand& b) {
                               return square(a - b);
                             })}});
  const History history = model.fit(x, y, {.epochs = 2, .verbose = 0, .validation_split = 0.5});
  EXPECT_NEAR(history["mine"][1], history["loss"][1], 1e-6);
  EXPECT_NEAR(history["val_mine"][1], history["val_loss"][1], 1e-6);
  const Logs logs = model.evaluate(x, y, {.verbose = 0});
  double most = -1e30;
  const Tensor predicted = model.predict(x, {.verbose = 0});
  for (const float v : predicted.values<float>()) most = std::max(most, static_cast<double>(v));
  EXPECT_DOUBLE_EQ(logs["largest"], most);
}

TEST(Metric, IsUnweightedUnlessAmongTheWeightedOnes) {
  const auto [x, y] = testing_data::sums(4);
  const Sequential model = testing_data::regressor();
  model.compile({.optimizer = "sgd", .loss = "mse", .metrics = {"mse"}, .weighted_metrics = {Metric("MSE")}});
  const Logs logs = model.evaluate(x, y, {.verbose = 0, .sample_weight = {0, 0, 0, 4}});
  EXPECT_NEAR(logs["mse"], model.evaluate(x, y, {.verbose = 0}).loss, 1e-6);
  EXPECT_NEAR(logs["MSE"], logs.loss, 1e-6);
}

TEST(Logs, NameWhatTheyHold) {
  const Logs logs{.loss = 2, .metrics = {{"accuracy", 0.5}}};
  EXPECT_EQ(logs["loss"], 2);
  EXPECT_EQ(logs["accuracy"], 0.5);
  EXPECT_TRUE(logs.contains("loss"));
  EXPECT_FALSE(logs.contains("acc"));
  EXPECT_THAT(
      [&] { logs["acc"]; },
      ThrowsMessage<ValueError>(HasSubstr("unknown entry of the logs 'acc'; known are 'loss', 'accuracy'")));
}

}  // namespace
}  // namespace gradus
