#include <gradus/graph/error.h>
#include <gradus/models/callbacks/progress_bar.h>
#include <gradus/models/callbacks/progress_text.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

#include "example_data.h"

namespace gradus {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::ThrowsMessage;
using testing_data::regressor;
using testing_data::sums;

using Events = std::vector<std::string>;

struct Recorder : Callback::Kind {
  explicit Recorder(Events* list) : events(list) {}
  void note(const std::string& text) { events->push_back(text); }
  void on_train_begin(Logs&) override { note("train"); }
  void on_train_end(Logs&) override { note("/train"); }
  void on_epoch_begin(std::int64_t epoch, Logs&) override { note("epoch " + std::to_string(epoch)); }
  void on_epoch_end(std::int64_t epoch, Logs& logs) override {
    note("/epoch " + std::to_string(epoch) + (logs.contains("val_loss") ? " validated" : ""));
  }
  void on_train_batch_begin(std::int64_t batch, Logs&) override { note("batch " + std::to_string(batch)); }
  void on_train_batch_end(std::int64_t batch, Logs& logs) override {
    note("/batch " + std::to_string(batch) + (logs.loss > 0 ? " loss" : ""));
  }
  void on_test_begin(Logs&) override { note("test"); }
  void on_test_end(Logs&) override { note("/test"); }
  void on_test_batch_begin(std::int64_t batch, Logs&) override {
    note("test batch " + std::to_string(batch));
  }
  void on_test_batch_end(std::int64_t batch, Logs&) override { note("/test batch " + std::to_string(batch)); }
  void on_predict_begin(Logs&) override { note("predict"); }
  void on_predict_end(Logs&) override { note("/predict"); }
  void on_predict_batch_begin(std::int64_t batch, Logs&) override { note("row " + std::to_string(batch)); }
  void on_predict_batch_end(std::int64_t batch, Logs&) override { note("/row " + std::to_string(batch)); }
  Events* events;
};

TEST(Callback, HooksComeAtKerasMoments) {
  Events events;
  const auto [x, y] = sums(4);
  const Sequential model = regressor();
  model.fit(x, y,
            {.batch_size = 2, .verbose = 0, .callbacks = {Recorder(&events)}, .validation_data = {x, y}});
  EXPECT_THAT(events, ElementsAre("train", "epoch 0", "batch 0", "/batch 0 loss", "batch 1", "/batch 1 loss",
                                  "test", "test batch 0", "/test batch 0", "test batch 1", "/test batch 1",
                                  "/test", "/epoch 0 validated", "/train"));
  events.clear();
  model.evaluate(x, y, {.verbose = 0, .callbacks = {Recorder(&events)}});
  EXPECT_THAT(events, ElementsAre("test", "test batch 0", "/test batch 0", "/test"));
  events.clear();
  model.predict(x, {.verbose = 0, .callbacks = {Recorder(&events)}});
  EXPECT_THAT(events, ElementsAre("predict", "row 0", "/row 0", "/predict"));
}

class PrivateBatch : public Callback::Kind {
 public:
  explicit PrivateBatch(int* count) : count_(count) {}

 private:
  void on_train_batch_end(std::int64_t, Logs&) override { ++*count_; }
  int* count_;
};

TEST(Callback, KnowsWhichBatchHooksItsKindOverrides) {
  struct Quiet : Callback::Kind {};
  EXPECT_FALSE(Callback(Quiet()).batch_hooks().train_end);
  EXPECT_FALSE(Callback(Quiet()).batch_hooks().predict_begin);
  int count = 0;
  const Callback watching = PrivateBatch(&count);
  EXPECT_TRUE(watching.batch_hooks().train_end);
  EXPECT_FALSE(watching.batch_hooks().train_begin);
  const auto [x, y] = sums(4);
  regressor().fit(x, y, {.batch_size = 1, .verbose = 0, .callbacks = {watching}});
  EXPECT_EQ(count, 4);
}

struct Stop : Callback::Kind {
  void on_train_batch_end(std::int64_t batch, Logs&) override {
    if (batch == 1) model().stop_training();
  }
  void on_epoch_end(std::int64_t, Logs& logs) override { logs.metrics["mark"] = 7; }
};

TEST(Callback, StopsTrainingAndWritesIntoTheLogs) {
  const auto [x, y] = sums(10);
  const Sequential model = regressor();
  const Callback stop = Stop();
  const History history = model.fit(x, y, {.batch_size = 2, .epochs = 5, .verbose = 0, .callbacks = {stop}});
  EXPECT_EQ(model.optimizer().iterations(), 2);
  EXPECT_THAT(history["mark"], ElementsAre(7));
  EXPECT_EQ(model.fit(x, y, {.epochs = 3, .verbose = 0}).epoch.size(), 3U) << "the next fit is not stopped";
  EXPECT_THAT(
      [&] {
        Logs logs;
        stop.kind().on_train_batch_end(1, logs);
      },
      ThrowsMessage<StateError>(HasSubstr("only during fit")));
  EXPECT_NO_THROW(stop.as<Stop>());
  EXPECT_THAT([&] { stop.as<Recorder>(); }, ThrowsMessage<StateError>(HasSubstr("no Recorder")));
}

TEST(History, ListsItsCurvesForAnUnknownName) {
  const auto [x, y] = sums(4);
  const History history = regressor().fit(x, y, {.verbose = 0});
  EXPECT_THAT(
      [&] { history["val_loss"]; },
      ThrowsMessage<ValueError>(HasSubstr("unknown curve of the history 'val_loss'; known are 'loss'")));
}

TEST(ProgressText, WritesNumbersAndTimesAsKeras) {
  EXPECT_EQ(
      progress::entries(
          {.loss = 0.17041, .metrics = {{"accuracy", 0.938125}, {"val_loss", 0.0005}, {"val_accuracy", 0}}}),
      " - accuracy: 0.9381 - loss: 0.1704 - val_accuracy: 0.0000e+00 - val_loss: 5.0000e-04");
  EXPECT_EQ(progress::duration_per_step(2.4), "2s/step");
  EXPECT_EQ(progress::duration_per_step(0.0024), "2ms/step");
  EXPECT_EQ(progress::duration_per_step(0.0000074), "7us/step");
  EXPECT_EQ(progress::remaining(59.9), "59s");
  EXPECT_EQ(progress::remaining(95), "1:35");
  EXPECT_EQ(progress::remaining(3725), "1:02:05");
  EXPECT_EQ(progress::step_count(7, 800), "  7/800");
}

// A clock that moves on by `step` at each look.
std::function<double()> ticking(double step) {
  return [now = 0.0, step]() mutable { return now += step; };
}

std::string fit_output(ProgressOptions options, std::optional<std::uint64_t> seed = 7,
                       std::int64_t batch_size = 2) {
  std::ostringstream out;
  const Tensor x = Tensor::zeros({4, 2}), y = Tensor::full({4, 1}, 2);
  Sequential model({.seed = seed});
  model.add(Dense(1, {.kernel_initializer = "zeros", .input_dim = 2}));
  model.compile({.optimizer = "sgd", .loss = "mse"});
  ProgressBar bar(out, std::move(options));
  model.fit(
      x, y,
      {.batch_size = batch_size, .epochs = 2, .verbose = 0, .callbacks = {bar}, .validation_data = {x, y}});
  return out.str();
}

TEST(ProgressBar, WritesPlainLinesWhereThereIsNoTerminal) {
  const std::string text = fit_output({.clock = ticking(0.5)});
  EXPECT_THAT(text, testing::MatchesRegex(
                        "Epoch 1/2\n2/2 - 0s - 250ms/step - loss: 3.[0-9]* - val_loss: 3.[0-9]*\n"
                        "Epoch 2/2\n2/2 - 0s - 250ms/step - loss: 3.[0-9]* - val_loss: 3.[0-9]*\n"));
}

TEST(ProgressBar, RedrawsItsLineOnATerminal) {
  const std::string text = fit_output({.terminal = true, .colour = true, .clock = ticking(1)});
  EXPECT_THAT(text,
              HasSubstr("Epoch 1/2\n\r\x1b[1m1/2\x1b[0m \x1b[32m━━━━━━━━━━\x1b[0m\x1b[37m━━━━━━━━━━\x1b[0m "
                        "\x1b[1m1s\x1b[0m 1s/step - loss: "));
  EXPECT_THAT(
      text,
      HasSubstr(
          "\b\r\x1b[1m2/2\x1b[0m \x1b[32m━━━━━━━━━━━━━━━━━━━━\x1b[0m \x1b[1m3s\x1b[0m 2s/step - loss: "));
  EXPECT_THAT(text, HasSubstr(" - val_loss: "));
}

TEST(ProgressBar, DrawsNoMoreOftenThanItsInterval) {
  const std::string text = fit_output({.terminal = true, .interval = 1e6, .clock = ticking(1)}, 7, 1);
  EXPECT_EQ(std::count(text.begin(), text.end(), '\r'), 4) << "first step and end of each epoch: " << text;
}

TEST(ProgressBar, UsesNoColoursWhereNoneAreWanted) {
  const std::string text = fit_output({.terminal = true, .colour = false, .clock = ticking(1)});
  EXPECT_THAT(text, testing::Not(HasSubstr("\x1b")));
  EXPECT_THAT(text, HasSubstr("\r1/2 ━━━━━━━━━━           1s 1s/step"));
}

TEST(ProgressBar, ShowsASeedThatWasDrawn) {
  EXPECT_THAT(fit_output({}, std::nullopt), testing::MatchesRegex("seed [0-9]+\nEpoch 1/2\n.*"));
}

TEST(ProgressBar, ReportsEvaluateAndPredict) {
  std::ostringstream out;
  const auto [x, y] = sums(4);
  const Sequential model = regressor();
  const Callback bar = ProgressBar(out, {.clock = ticking(0.001)});
  model.evaluate(x, y, {.batch_size = 2, .verbose = 0, .callbacks = {bar}});
  model.predict(x, {.batch_size = 2, .verbose = 0, .callbacks = {bar}});
  EXPECT_THAT(out.str(),
              testing::MatchesRegex("2/2 - 0s - 500us/step - loss: [0-9.]*\n2/2 - 0s - 500us/step\n"));
}

}  // namespace
}  // namespace gradus
