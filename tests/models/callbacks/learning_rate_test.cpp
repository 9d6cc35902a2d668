#include <gradus/graph/error.h>
#include <gradus/models/callbacks/early_stopping.h>
#include <gradus/models/callbacks/learning_rate_scheduler.h>
#include <gradus/models/callbacks/reduce_lr_on_plateau.h>
#include <gradus/optim/sgd.h>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <limits>

#include "../example_data.h"
#include "../says.h"
#include "reference.h"

namespace gradus {
namespace {

using testing::ElementsAre;
using testing_data::fit_ten;
using testing_data::keras_reference;
using testing_data::Printed;
using testing_data::regressor;
using testing_data::same_weights;
using testing_data::says;
using testing_data::writes;

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

Sequential learning_at(double rate) {
  const Sequential model = regressor();
  model.compile({.optimizer = SGD({.learning_rate = rate}), .loss = "mse"});
  return model;
}

TEST(ReduceLROnPlateau, ReducesAndSpeaksAsKeras) {
  const auto reference = nlohmann::json::parse(keras_reference());
  for (const auto& expected : reference.at("reduce_lr")) {
    SCOPED_TRACE(expected.dump());
    const ReduceLROnPlateau reduce({.monitor = "m",
                                    .factor = expected["factor"],
                                    .patience = expected["patience"].get<int>(),
                                    .verbose = 1,
                                    .mode = expected["mode"],
                                    .min_delta = expected["min_delta"],
                                    .cooldown = expected["cooldown"].get<int>(),
                                    .min_lr = expected["min_lr"]});
    const auto curve = expected["curve"].get<std::vector<double>>();
    const Sequential model = learning_at(0.5);
    const Printed printed;
    const History history =
        fit_ten(model, {.epochs = curve.size(), .callbacks = {writes("m", curve), reduce}});
    EXPECT_EQ(history["learning_rate"], expected["rates"].get<std::vector<double>>());
    EXPECT_EQ(model.optimizer().learning_rate(), expected["last_rate"]);
    EXPECT_EQ(printed.text(), expected["printed"]);
  }
}

TEST(ReduceLROnPlateau, CountsWhatIsNotFiniteAsNoImprovement) {
  const ReduceLROnPlateau reduce({.monitor = "m", .factor = 0.5, .patience = 1, .mode = "min"});
  const Sequential model = learning_at(1);
  const History history = fit_ten(model, {.epochs = 3, .callbacks = {writes("m", {kNan, kNan, 1}), reduce}});
  EXPECT_THAT(history["learning_rate"], ElementsAre(1, 0.5, 0.25));
  EXPECT_EQ(reduce.best(), 1);
  EXPECT_EQ(reduce.wait(), 0);
}

TEST(ReduceLROnPlateau, RefusesBadOptions) {
  EXPECT_THAT([] { ReduceLROnPlateau({.factor = 1}); },
              says<ValueError>("ReduceLROnPlateau: factor must be at least 0 and below 1, got 1.0"));
  EXPECT_THAT([] { ReduceLROnPlateau({.factor = kNan}); }, says<ValueError>("got nan"));
  EXPECT_THAT([] { ReduceLROnPlateau({.patience = -3}); },
              says<ValueError>("ReduceLROnPlateau: patience must not be negative, got -3"));
  EXPECT_THAT([] { ReduceLROnPlateau({.cooldown = -1}); }, says<ValueError>("cooldown must not be negative"));
  EXPECT_THAT([] { ReduceLROnPlateau({.min_lr = -0.5}); },
              says<ValueError>("min_lr must be finite and not negative, got -0.5"));
  EXPECT_THAT([] { fit_ten(regressor(), {.callbacks = {ReduceLROnPlateau()}}); },
              says<ValueError>("ReduceLROnPlateau: unknown entry of the logs 'val_loss'"));
}

TEST(ReduceLROnPlateau, ItsEntryOfTheLogsCanBeFollowed) {
  const EarlyStopping stop({.monitor = "learning_rate", .mode = "min"});
  const ReduceLROnPlateau reduce({.monitor = "loss"});
  EXPECT_NO_THROW(fit_ten(regressor(), {.callbacks = {reduce, stop}}));
  EXPECT_EQ(stop.best(), 0.01);
  EXPECT_THAT([] { fit_ten(regressor(), {.callbacks = {EarlyStopping({.monitor = "learning_rate"})}}); },
              says<ValueError>("unknown entry of the logs 'learning_rate'"));
}

TEST(LearningRateScheduler, SetsLogsAndSpeaksAsKeras) {
  const auto expected = nlohmann::json::parse(keras_reference()).at("scheduler");
  const Sequential model = learning_at(0.5);
  const LearningRateScheduler schedule(
      [](std::int64_t epoch, double rate) { return epoch < 2 ? rate : rate * 0.75; }, {.verbose = 1});
  const Printed printed;
  const History history = fit_ten(model, {.epochs = 6, .callbacks = {schedule}});
  EXPECT_EQ(history["learning_rate"], expected["rates"].get<std::vector<double>>());
  EXPECT_EQ(printed.text(), expected["printed"]);
}

TEST(LearningRateScheduler, TakesAFunctionOfTheEpochAlone) {
  const Sequential model = learning_at(0.5);
  const LearningRateScheduler schedule([](int epoch) { return 1.0 / (epoch + 1); });
  EXPECT_THAT(fit_ten(model, {.epochs = 2, .callbacks = {schedule}})["learning_rate"], ElementsAre(1, 0.5));
}

TEST(LearningRateScheduler, RefusesARateThatIsNone) {
  const Sequential model = regressor();
  const auto fit_with = [&](double rate) {
    fit_ten(model,
            {.epochs = 3,
             .callbacks = {LearningRateScheduler([=](int epoch) { return epoch == 1 ? rate : 0.125; })}});
  };
  EXPECT_THAT([&] { fit_with(kNan); },
              says<ValueError>("LearningRateScheduler: the schedule gave the learning rate nan for epoch 2"));
  EXPECT_THAT([&] { fit_with(-1); }, says<ValueError>("learning rate -1.0 for epoch 2"));
  EXPECT_EQ(model.optimizer().learning_rate(), 0.125);
  EXPECT_THAT([] { LearningRateScheduler(LearningRateScheduler::Schedule()); },
              says<ValueError>("the schedule is an empty function"));
}

}  // namespace
}  // namespace gradus
