#include <gradus/models/callbacks/backup_and_restore.h>
#include <gradus/models/callbacks/stop_on_interrupt.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <sstream>

#include "../../folder.h"
#include "../example_data.h"
#include "reference.h"

namespace gradus {
namespace {

using testing::ElementsAre;
using testing_data::fit_ten;
using testing_data::regressor;

volatile std::sig_atomic_t own_handler_calls = 0;
void own_handler(int) { own_handler_calls = own_handler_calls + 1; }

// Sets what happens on SIGINT, for as long as it lives.
class Handler {
 public:
  explicit Handler(void (*handler)(int)) : before_(std::signal(SIGINT, handler)) { own_handler_calls = 0; }
  Handler(const Handler&) = delete;
  Handler& operator=(const Handler&) = delete;
  ~Handler() { std::signal(SIGINT, before_); }

 private:
  void (*before_)(int);
};

// Ctrl-C in a batch of an epoch, some times over.
LambdaCallback interrupts(std::int64_t epoch, std::int64_t batch, int times = 1) {
  auto now = std::make_shared<std::int64_t>(0);
  return LambdaCallback({.on_epoch_begin = [=](std::int64_t begun, Logs&) { *now = begun; },
                         .on_train_batch_begin =
                             [=](std::int64_t begun, Logs&) {
                               for (int i = 0; i < times && *now == epoch && begun == batch; ++i)
                                 std::raise(SIGINT);
                             }});
}

struct Ends : Callback::Kind {
  explicit Ends(std::vector<std::string>* list) : events(list) {}
  void on_epoch_end(std::int64_t epoch, Logs&) override {
    events->push_back("epoch " + std::to_string(epoch));
  }
  void on_test_end(Logs&) override { events->push_back("validation"); }
  void on_train_end(Logs&) override { events->push_back("train"); }
  std::vector<std::string>* events;
};

TEST(StopOnInterrupt, EndsFitAtTheBatchAndReportsWholeEpochsOnly) {
  const Handler ignored(own_handler);
  const StopOnInterrupt stop;
  const Sequential model = regressor();
  std::vector<std::string> events;
  const History history = fit_ten(model, {.batch_size = 2,
                                          .epochs = 5,
                                          .callbacks = {interrupts(1, 1), stop, Ends(&events)},
                                          .validation_split = 0.2});
  EXPECT_THAT(history.epoch, ElementsAre(0));
  EXPECT_EQ(history["loss"].size(), 1U);
  EXPECT_TRUE(history.interrupted);
  EXPECT_TRUE(stop.interrupted());
  EXPECT_EQ(model.optimizer().iterations(), 4 + 2);
  EXPECT_THAT(events, ElementsAre("validation", "epoch 0", "train"));
  EXPECT_EQ(own_handler_calls, 0);

  const History next = fit_ten(model, {.epochs = 3, .callbacks = {stop}});
  EXPECT_EQ(next.epoch.size(), 3U);
  EXPECT_FALSE(next.interrupted);
  EXPECT_FALSE(stop.interrupted());
}

TEST(StopOnInterrupt, GivesTheSignalBack) {
  const Handler own(own_handler);
  std::raise(SIGINT);
  EXPECT_EQ(own_handler_calls, 1);
  fit_ten(regressor(), {.callbacks = {StopOnInterrupt()}});
  std::raise(SIGINT);
  EXPECT_EQ(own_handler_calls, 2) << "after fit";

  const LambdaCallback bomb({.on_epoch_end = [](std::int64_t, Logs&) { throw std::runtime_error("bomb"); }});
  EXPECT_THROW(fit_ten(regressor(), {.callbacks = {StopOnInterrupt(), bomb}}), std::runtime_error);
  std::raise(SIGINT);
  EXPECT_EQ(own_handler_calls, 3) << "after an exception";

  EXPECT_TRUE(fit_ten(regressor(), {.callbacks = {interrupts(0, 0, 3), StopOnInterrupt()}}).interrupted);
  EXPECT_EQ(own_handler_calls, 5) << "the second and third of three";
}

TEST(StopOnInterrupt, LeavesAloneWhatSomebodyElseHasTakenMeanwhile) {
  const Handler other(SIG_DFL);
  const LambdaCallback takes(
      {.on_epoch_begin = [](std::int64_t, Logs&) { std::signal(SIGINT, own_handler); }});
  fit_ten(regressor(), {.callbacks = {StopOnInterrupt(), takes}});
  EXPECT_EQ(std::signal(SIGINT, SIG_DFL), own_handler);
}

TEST(StopOnInterrupt, DoesNotWakeAProcessThatIgnoresTheSignal) {
  const Handler ignored(SIG_IGN);
  const History history =
      fit_ten(regressor(), {.epochs = 2, .callbacks = {interrupts(0, 0), StopOnInterrupt()}});
  EXPECT_EQ(history.epoch.size(), 2U);
  EXPECT_FALSE(history.interrupted);
}

TEST(StopOnInterrupt, WorksTwiceInOneFit) {
  const Handler own(own_handler);
  const History history = fit_ten(
      regressor(), {.epochs = 2, .callbacks = {StopOnInterrupt(), StopOnInterrupt(), interrupts(1, 0)}});
  EXPECT_THAT(history.epoch, ElementsAre(0));
  std::raise(SIGINT);
  EXPECT_EQ(own_handler_calls, 1);
}

TEST(StopOnInterrupt, BreaksOffTheValidation) {
  const Handler own(own_handler);
  std::int64_t batches = 0;
  const LambdaCallback count({.on_test_batch_end = [&](std::int64_t, Logs&) {
    if (++batches == 2) std::raise(SIGINT);
  }});
  const History history = fit_ten(
      regressor(),
      {.batch_size = 1, .epochs = 3, .callbacks = {count, StopOnInterrupt()}, .validation_split = 0.5});
  EXPECT_EQ(batches, 2);
  EXPECT_TRUE(history.interrupted);
  EXPECT_EQ(history.epoch.size(), 0U);
}

TEST(StopOnInterrupt, TellsOfASignalThatCameTooLate) {
  const Handler own(own_handler);
  const LambdaCallback late({.on_epoch_end = [](std::int64_t, Logs&) { std::raise(SIGINT); }});
  const History history = fit_ten(regressor(), {.epochs = 1, .callbacks = {StopOnInterrupt(), late}});
  EXPECT_EQ(history.epoch.size(), 1U);
  EXPECT_TRUE(history.interrupted);
}

TEST(StopOnInterrupt, KeepsTheBackupOfATrainingThatWasInterrupted) {
  const Handler own(own_handler);
  const test::Folder folder;
  const BackupAndRestore backup(folder / "backup");
  fit_ten(regressor(), {.epochs = 4, .callbacks = {interrupts(2, 0), StopOnInterrupt(), backup}});
  EXPECT_THAT(fit_ten(regressor(), {.epochs = 4, .callbacks = {backup}}).epoch, ElementsAre(2, 3));
}

}  // namespace
}  // namespace gradus
