#include <gradus/graph/error.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "example_data.h"

namespace gradus {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::StrEq;
using testing::ThrowsMessage;
using testing_data::regressor;
using testing_data::sums;

using Events = std::vector<std::string>;

struct Recorder : Callback::Kind {
  explicit Recorder(Events* list) : events(list) {}
  virtual void note(const std::string& text) { events->push_back(text); }
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

// Throws in the hook whose turn it is to be the `at`-th of all that are called.
struct ThrowsAt : Recorder {
  ThrowsAt(Events* list, std::size_t place) : Recorder(list), at(place) {}
  void note(const std::string& text) override {
    Recorder::note(text);
    if (events->size() == at + 1) throw std::runtime_error("in " + text);
  }
  std::size_t at;
};

TEST(Callback, ThatThrowsInAnyHookLeavesTheModelUsable) {
  const auto [x, y] = sums(4);
  const Sequential model = regressor();
  const auto fit = [&model, data = Data{x, y}](const Callback& callback) {
    model.fit(data.x, data.y, {.verbose = 0, .callbacks = {callback}, .validation_data = data});
  };
  Events all;
  fit(Recorder(&all));
  EXPECT_EQ(all.size(), 10U);
  for (std::size_t i = 0; i < all.size(); ++i) {
    Events events;
    const Callback throws = ThrowsAt(&events, i);
    EXPECT_THAT([&] { fit(throws); }, ThrowsMessage<std::runtime_error>(StrEq("in " + all[i])));
    EXPECT_EQ(events.size(), i + 1) << "no hook comes after";
    Events after;
    fit(Recorder(&after));
    EXPECT_EQ(after, all);
    Logs logs;
    EXPECT_NO_THROW(throws.kind().on_train_end(logs)) << "it is still whole";
  }
  Events events;
  const PredictOptions options{.verbose = 0, .callbacks = {ThrowsAt(&events, 1)}};
  const auto predict = [&model, &options, rows = x] { model.predict(rows, options); };
  EXPECT_THAT(predict, ThrowsMessage<std::runtime_error>(StrEq("in row 0")));
}

TEST(History, ListsItsCurvesForAnUnknownName) {
  const auto [x, y] = sums(4);
  const History history = regressor().fit(x, y, {.verbose = 0});
  EXPECT_THAT(
      [&] { history["val_loss"]; },
      ThrowsMessage<ValueError>(HasSubstr("unknown curve of the history 'val_loss'; known are 'loss'")));
}

}  // namespace
}  // namespace gradus
