#include <gradus/models/callbacks/early_stopping.h>
#include <gradus/models/callbacks/progress_bar.h>
#include <gradus/models/callbacks/reduce_lr_on_plateau.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <locale>
#include <sstream>

#include "../example_data.h"
#include "reference.h"

namespace gradus {
namespace {

using testing::HasSubstr;
using testing::MatchesRegex;
using testing_data::Printed;
using testing_data::regressor;
using testing_data::sums;

// A clock that moves on by `step` at each look.
std::function<double()> ticking(double step) {
  return [now = 0.0, step]() mutable { return now += step; };
}

struct Case {
  ProgressOptions options = {};
  std::optional<std::uint64_t> seed = 7;
  std::int64_t batch_size = 2;
  int verbose = 0;
  std::vector<Callback> callbacks = {};
};

std::string fit_output(Case given) {
  std::ostringstream out;
  const Tensor x = Tensor::zeros({4, 2}), y = Tensor::full({4, 1}, 2);
  Sequential model({.seed = given.seed});
  model.add(Dense(1, {.kernel_initializer = "zeros", .input_dim = 2}));
  model.compile({.optimizer = "sgd", .loss = "mse", .metrics = {"mse"}});
  given.callbacks.push_back(ProgressBar(out, std::move(given.options)));
  model.fit(x, y,
            {.batch_size = given.batch_size,
             .epochs = 2,
             .verbose = given.verbose,
             .callbacks = given.callbacks,
             .validation_data = {x, y}});
  return out.str();
}

TEST(ProgressBar, WritesPlainLinesWhereThereIsNoTerminal) {
  const char* lines =
      "Epoch 1/2\n2/2 - [0-9]+s - 250ms/step - loss: 3.[0-9]* - mse: 3.[0-9]* - val_loss: 3.[0-9]* - "
      "val_mse: 3.[0-9]*\n"
      "Epoch 2/2\n2/2 - [0-9]+s - 250ms/step - loss: 3.[0-9]* - mse: 3.[0-9]* - val_loss: 3.[0-9]* - "
      "val_mse: 3.[0-9]*\n";
  for (const int verbose : {0, 1, 2}) {
    EXPECT_THAT(fit_output({.options = {.clock = ticking(0.5)}, .verbose = verbose}), MatchesRegex(lines));
  }
  EXPECT_THAT(fit_output({.options = {.terminal = true, .clock = ticking(0.5)}, .verbose = 2}),
              MatchesRegex(lines));
}

TEST(ProgressBar, ShowsWhatCallbacksWriteBehindTheValidation) {
  const std::string text =
      fit_output({.options = {.clock = ticking(0.5)}, .callbacks = {ReduceLROnPlateau({.monitor = "loss"})}});
  EXPECT_THAT(text,
              testing::ContainsRegex(" - val_loss: 3.[0-9]+ - val_mse: 3.[0-9]+ - learning_rate: 0.0100\n"));
}

TEST(ProgressBar, RedrawsItsLineOnATerminal) {
  const std::string text = fit_output({.options = {.terminal = true, .colour = true, .clock = ticking(1)}});
  EXPECT_THAT(text,
              HasSubstr("Epoch 1/2\n\r\x1b[1m1/2\x1b[0m \x1b[32m━━━━━━━━━━\x1b[0m\x1b[37m━━━━━━━━━━\x1b[0m "
                        "\x1b[1m2s\x1b[0m 2s/step - loss: "));
  EXPECT_THAT(
      text, HasSubstr("\b\r\x1b[1m2/2\x1b[0m \x1b[32m━━━━━━━━━━━━━━━━━━━━\x1b[0m\x1b[37m\x1b[0m \x1b[1m5s\x1b"
                      "[0m 3s/step - loss: "));
  EXPECT_THAT(text, HasSubstr(" - val_loss: "));
}

TEST(ProgressBar, DrawsNoMoreOftenThanItsInterval) {
  const std::string text =
      fit_output({.options = {.terminal = true, .interval = 1e6, .clock = ticking(1)}, .batch_size = 1});
  EXPECT_EQ(std::count(text.begin(), text.end(), '\r'), 4) << "first step and end of each epoch: " << text;
}

TEST(ProgressBar, UsesNoColoursWhereNoneAreWanted) {
  const std::string text = fit_output({.options = {.terminal = true, .colour = false, .clock = ticking(1)}});
  EXPECT_THAT(text, testing::Not(HasSubstr("\x1b")));
  EXPECT_THAT(text, HasSubstr("\r1/2 ━━━━━━━━━━           2s 2s/step"));
}

TEST(ProgressBar, ShowsASeedThatWasDrawn) {
  EXPECT_THAT(fit_output({.seed = std::nullopt}), MatchesRegex("seed [0-9]+\nEpoch 1/2\n.*"));
}

TEST(ProgressBar, TakesThePlaceOfTheOneThatFitAdds) {
  const Printed printed;
  EXPECT_THAT(fit_output({.verbose = 1}), HasSubstr("Epoch 2/2\n"));
  EXPECT_EQ(printed.text(), "");
}

TEST(ProgressBar, ReportsEvaluateAndPredict) {
  std::ostringstream out;
  const auto [x, y] = sums(4);
  const Sequential model = regressor();
  const Callback bar = ProgressBar(out, {.clock = ticking(0.001)});
  model.evaluate(x, y, {.batch_size = 2, .verbose = 0, .callbacks = {bar}});
  model.predict(x, {.batch_size = 2, .verbose = 0, .callbacks = {bar}});
  EXPECT_THAT(out.str(), MatchesRegex("2/2 - 0s - 500us/step - loss: [0-9.]*\n2/2 - 0s - 500us/step\n"));
}

struct Grouping : std::numpunct<char> {
  char do_decimal_point() const override { return ','; }
  char do_thousands_sep() const override { return '.'; }
  std::string do_grouping() const override { return "\3"; }
};

TEST(ProgressBar, DoesNotHeedTheLocaleOfItsStream) {
  std::ostringstream out;
  out.imbue(std::locale(out.getloc(), new Grouping));
  const auto [x, y] = sums(4);
  regressor().fit(x, y,
                  {.epochs = 1234, .verbose = 0, .callbacks = {ProgressBar(out)}, .initial_epoch = 1233});
  EXPECT_THAT(out.str(), testing::ContainsRegex(
                             "^Epoch 1234/1234\n1/1 - 0s - [0-9]+[mu]?s/step - loss: [0-9]+\\.[0-9]+"));
}

// What the bar is told by fit over data that does not say how long it is.
TEST(ProgressBar, CountsWhereTheStepsAreNotKnownAndKnowsThemInTheNextEpoch) {
  std::ostringstream out;
  ProgressBar bar(out, {.terminal = true, .colour = false, .clock = ticking(1)});
  Sequential model = regressor();
  bar.set_params({.verbose = 1, .epochs = 2, .steps = 0, .metrics = {"loss"}});
  bar.set_model(&model);
  Logs logs{.loss = 0.5};
  bar.on_train_begin(logs);
  for (const std::int64_t epoch : {0, 1}) {
    bar.on_epoch_begin(epoch, logs);
    for (const std::int64_t batch : {0, 1, 2}) bar.on_train_batch_end(batch, logs);
    bar.on_epoch_end(epoch, logs);
  }
  bar.on_train_end(logs);
  const std::string text = out.str();
  const std::string first = text.substr(0, text.find("Epoch 2/2"));
  EXPECT_THAT(first, HasSubstr("\r      1/Unknown 2s 2s/step - loss: 0.5000"));
  EXPECT_THAT(first, HasSubstr("\r      3/Unknown 6s 2s/step - loss: 0.5000"));
  EXPECT_THAT(first, HasSubstr("\r3/3 ━━━━━━━━━━━━━━━━━━━━ 7s 2s/step - loss: 0.5000\n"));
  EXPECT_THAT(text.substr(first.size()), HasSubstr("\r1/3 ━━━━━━               4s 2s/step"));
  EXPECT_THAT(text.substr(first.size()), testing::Not(HasSubstr("Unknown")));
}

TEST(ProgressBar, ShowsTheStepsOfAnEpochThatWasStopped) {
  std::ostringstream out;
  const auto [x, y] = sums(10);
  const Sequential model = regressor();
  const LambdaCallback stop({.on_train_batch_end = [&](std::int64_t batch, Logs&) {
    if (batch == 1) model.stop_training();
  }});
  model.fit(x, y, {.batch_size = 2, .verbose = 0, .callbacks = {stop, ProgressBar(out)}});
  EXPECT_THAT(out.str(), testing::StartsWith("2/5 - "));
}

TEST(ProgressBar, EndsItsLineWhenFitEndsWithAnException) {
  std::ostringstream out;
  const auto [x, y] = sums(10);
  const LambdaCallback bomb({.on_train_batch_begin = [](std::int64_t batch, Logs&) {
    if (batch == 2) throw std::runtime_error("bomb");
  }});
  const ProgressBar bar(out, {.terminal = true, .colour = true, .interval = 0});
  EXPECT_THROW(regressor().fit(x, y, {.batch_size = 2, .verbose = 0, .callbacks = {bomb, bar}}),
               std::runtime_error);
  const std::string text = out.str();
  EXPECT_TRUE(text.ends_with('\n'));
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 1);
}

}  // namespace
}  // namespace gradus
