#include <gradus/graph/error.h>
#include <gradus/models/callbacks/early_stopping.h>
#include <gradus/models/callbacks/model_checkpoint.h>
#include <gradus/models/callbacks/terminate_on_nan.h>
#include <gradus/optim/sgd.h>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <cmath>
#include <limits>

#include "../example_data.h"
#include "../says.h"
#include "reference.h"

namespace gradus {
namespace {

using testing::ElementsAre;
using testing_data::fit_ten;
using testing_data::keras_reference;
using testing_data::optional_of;
using testing_data::Printed;
using testing_data::regressor;
using testing_data::same_weights;
using testing_data::says;
using testing_data::sums;
using testing_data::writes;

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInf = std::numeric_limits<double>::infinity();

// The weights after each epoch.
struct Snapshots : Callback::Kind {
  explicit Snapshots(std::vector<std::vector<Tensor>>* list) : all(list) {}
  void on_epoch_end(std::int64_t, Logs&) override { all->push_back(model().get_weights()); }
  std::vector<std::vector<Tensor>>* all;
};

TEST(EarlyStopping, StopsRestoresAndSpeaksAsKeras) {
  const auto reference = nlohmann::json::parse(keras_reference());
  for (const auto& expected : reference.at("early_stopping")) {
    SCOPED_TRACE(expected.dump());
    const EarlyStopping stop({.monitor = "m",
                              .min_delta = expected["min_delta"],
                              .patience = expected["patience"].get<int>(),
                              .verbose = 1,
                              .mode = expected["mode"],
                              .baseline = optional_of<double>(expected["baseline"]),
                              .restore_best_weights = expected["restore_best_weights"],
                              .start_from_epoch = expected["start_from_epoch"].get<int>()});
    const auto curve = expected["curve"].get<std::vector<double>>();
    std::vector<std::vector<Tensor>> weights;
    const Sequential model = regressor();
    const Printed printed;
    const History history = fit_ten(
        model, {.epochs = curve.size(), .callbacks = {writes("m", curve), stop, Snapshots(&weights)}});
    EXPECT_EQ(history.epoch.size(), expected["epochs"]);
    EXPECT_EQ(stop.stopped_epoch(), expected["stopped_epoch"]);
    EXPECT_EQ(stop.wait(), expected["wait"]);
    EXPECT_EQ(stop.best(), optional_of<double>(expected["best"]));
    EXPECT_TRUE(same_weights(model, weights.at(expected["weights_of"])));
    EXPECT_EQ(printed.text(), expected["printed"]);
  }
}

History follow(const EarlyStopping& stop, const std::vector<double>& curve, const Sequential& model) {
  return fit_ten(model, {.epochs = curve.size(), .callbacks = {writes("m", curve), stop}});
}

TEST(EarlyStopping, NeverTakesAValueForBetterThatIsNotFinite) {
  const EarlyStopping stop({.monitor = "m", .patience = 2, .mode = "max"});
  follow(stop, {kNan, kInf, 3, kNan, kInf, 5}, regressor());
  EXPECT_EQ(stop.stopped_epoch(), 1) << "two epochs without a finite value are two without improvement";
  EXPECT_EQ(stop.best(), std::nullopt);

  const EarlyStopping later({.monitor = "m", .patience = 2, .mode = "max"});
  follow(later, {kNan, 3, kNan, kInf, 5}, regressor());
  EXPECT_EQ(later.best(), 3);
  EXPECT_EQ(later.best_epoch(), 1);
  EXPECT_EQ(later.stopped_epoch(), 3);
}

TEST(EarlyStopping, RestoresNothingWithoutAFiniteValueOrAnEpoch) {
  const EarlyStopping stop({.monitor = "m", .mode = "min", .restore_best_weights = true});
  const Sequential model = regressor();
  std::vector<std::vector<Tensor>> weights;
  fit_ten(model, {.epochs = 2, .callbacks = {writes("m", {kNan, kNan}), stop, Snapshots(&weights)}});
  EXPECT_EQ(stop.best_epoch(), std::nullopt);
  EXPECT_TRUE(same_weights(model, weights.at(1)));
  EXPECT_NO_THROW(fit_ten(model, {.epochs = 0, .callbacks = {writes("m", {}), stop}}));
  EXPECT_TRUE(same_weights(model, weights.at(1)));
}

TEST(EarlyStopping, RestoresTheBestWeightsAlsoWhenTrainingDiverges) {
  const auto [x, y] = sums(10);
  const Sequential model = regressor();
  model.compile({.optimizer = SGD({.learning_rate = 1e10}), .loss = "mse"});
  const EarlyStopping stop({.monitor = "loss", .patience = 100, .restore_best_weights = true});
  const History history =
      model.fit(x, y, {.epochs = 50, .verbose = 0, .callbacks = {TerminateOnNaN(), stop}});
  EXPECT_LT(history.epoch.size(), 50U);
  EXPECT_FALSE(std::isfinite(history["loss"].back()));
  EXPECT_EQ(stop.best_epoch(), 0);
  EXPECT_TRUE(std::isfinite(*stop.best()));
  for (const Tensor& weight : model.get_weights()) EXPECT_TRUE(std::isfinite(weight.to_vector<double>()[0]));
}

TEST(EarlyStopping, StartsAfreshInEachFit) {
  const EarlyStopping stop({.monitor = "m", .mode = "min"});
  const Sequential model = regressor();
  follow(stop, {1, 2}, model);
  EXPECT_EQ(stop.stopped_epoch(), 1);
  EXPECT_EQ(follow(stop, {9, 8, 7}, model).epoch.size(), 3U);
  EXPECT_EQ(stop.stopped_epoch(), 0);
  EXPECT_EQ(stop.best(), 7);
}

TEST(EarlyStopping, ModeAutoGoesByTheName) {
  const auto best = [](const char* name) {
    const EarlyStopping stop({.monitor = name, .patience = 9});
    fit_ten(regressor(), {.epochs = 2, .callbacks = {writes(name, {1, 2}), stop}});
    return *stop.best();
  };
  for (const char* name : {"accuracy", "val_acc", "auc_1", "val_head_accuracy", "top_k_categorical_accuracy",
                           "Precision", "recall_2", "f1_score", "mean_io_u", "r2_score", "iou",
                           "precision_at_recall", "sparse_categorical_accuracy", "cosine_similarity"}) {
    EXPECT_EQ(best(name), 2) << name;
  }
  for (const char* name :
       {"val_loss", "head_loss", "mse", "MeanSquaredError", "val_mae_1", "root_mean_squared_error",
        "sparse_categorical_crossentropy", "kl_divergence", "squared_hinge"}) {
    EXPECT_EQ(best(name), 1) << name;
  }
  EXPECT_THAT([&] { best("acceleration"); },
              says<ValueError>("EarlyStopping: mode \"auto\" cannot tell whether 'acceleration'",
                               "give mode \"max\" or \"min\""));
}

TEST(EarlyStopping, RefusesBadOptions) {
  EXPECT_THAT([] { EarlyStopping({.patience = -1}); },
              says<ValueError>("EarlyStopping: patience must not be negative, got -1"));
  EXPECT_THAT([] { EarlyStopping({.start_from_epoch = -2}); },
              says<ValueError>("EarlyStopping: start_from_epoch must not be negative, got -2"));
  EXPECT_THAT([] { EarlyStopping({.mode = "mini"}); },
              says<ValueError>("unknown mode 'mini'", "'auto', 'min', 'max'", "did you mean 'min'?"));
  EXPECT_THAT([] { EarlyStopping({.min_delta = kNan}); },
              says<ValueError>("EarlyStopping: min_delta must be finite, got nan"));
  EXPECT_THAT([] { EarlyStopping({.baseline = kNan}); }, says<ValueError>("EarlyStopping: baseline is nan"));
}

TEST(EarlyStopping, RefusesAnEntryThatTheLogsWillNotHave) {
  const Sequential model = regressor();
  const auto before = model.get_weights();
  EXPECT_THAT([&] { fit_ten(model, {.callbacks = {EarlyStopping()}}); },
              says<ValueError>("EarlyStopping: unknown entry of the logs 'val_loss'; known are 'loss'",
                               "fit has no validation_data or validation_split"));
  EXPECT_THAT(
      [&] {
        fit_ten(model, {.callbacks = {EarlyStopping({.monitor = "val_los"})}, .validation_split = 0.5});
      },
      says<ValueError>(
          "unknown entry of the logs 'val_los'; known are 'loss', 'val_loss'; did you mean 'val_loss'?"));
  EXPECT_TRUE(same_weights(model, before)) << "refused before training";

  // A callback of one's own may write anything, so that the first epoch must tell.
  const LambdaCallback other({.on_epoch_end = [](std::int64_t, Logs& logs) { logs.metrics["mine"] = 1; }});
  EXPECT_THAT(
      [&] {
        fit_ten(model, {.callbacks = {other, EarlyStopping({.monitor = "my", .mode = "min"})}});
      },
      says<ValueError>("unknown entry of the logs 'my'; known are 'loss', 'mine'"));
  EXPECT_EQ(fit_ten(model, {.epochs = 2}).epoch.size(), 2U) << "the model is usable";
}

TEST(EarlyStopping, LooksOnlyAtEpochsThatWereValidated) {
  const EarlyStopping stop({.patience = 50});
  const History history =
      fit_ten(regressor(), {.epochs = 5, .callbacks = {stop}, .validation_split = 0.5, .validation_freq = 2});
  EXPECT_EQ(history["val_loss"].size(), 2U);
  EXPECT_EQ(stop.best(), std::min(history["val_loss"][0], history["val_loss"][1]));
  EXPECT_THAT(history.params.metrics, ElementsAre("loss", "val_loss"));
  EXPECT_EQ(history.params.validation_freq, 2);
}

TEST(EarlyStopping, CopiesAreTheSameCallback) {
  std::vector<Callback> list = {EarlyStopping({.monitor = "loss", .patience = 3}), TerminateOnNaN()};
  const EarlyStopping stop({.monitor = "loss", .patience = 3});
  list.push_back(stop);
  fit_ten(regressor(), {.epochs = 1, .callbacks = list});
  EXPECT_TRUE(stop.best().has_value());
}

}  // namespace
}  // namespace gradus
