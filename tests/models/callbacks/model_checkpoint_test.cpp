#include <gradus/graph/error.h>
#include <gradus/models/callbacks/model_checkpoint.h>
#include <gradus/models/callbacks/terminate_on_nan.h>
#include <gradus/models/layers/dense.h>
#include <gradus/optim/sgd.h>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <fstream>
#include <limits>
#include <set>

#include "../../folder.h"
#include "../example_data.h"
#include "../says.h"
#include "reference.h"

namespace gradus {
namespace {

using test::Folder;
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

std::string without(std::string text, const std::string& part) {
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part))
    text.erase(at, part.size());
  return text;
}

TEST(ModelCheckpoint, SavesAndSpeaksAsKeras) {
  const auto reference = nlohmann::json::parse(keras_reference());
  for (const auto& expected : reference.at("checkpoint")) {
    SCOPED_TRACE(expected.dump());
    const Folder folder;
    const std::string prefix = folder.path().string() + "/";
    const ModelCheckpoint checkpoint(
        prefix + expected["pattern"].get<std::string>(),
        {.monitor = "m",
         .verbose = 1,
         .save_best_only = expected["save_best_only"],
         .mode = expected["mode"],
         .initial_value_threshold = optional_of<double>(expected["initial_value_threshold"])});
    const auto curve = expected["curve"].get<std::vector<double>>();
    const Printed printed;
    fit_ten(regressor(), {.epochs = curve.size(), .callbacks = {writes("m", curve), checkpoint}});
    EXPECT_EQ(without(printed.text(), prefix), expected["printed"]);
    EXPECT_EQ(checkpoint.best(), optional_of<double>(expected["best"]));
    const auto saved = expected["saved"].get<std::vector<std::string>>();
    for (const std::string& name : saved) EXPECT_TRUE(std::filesystem::exists(folder / name)) << name;
    EXPECT_EQ(folder.count(), std::set<std::string>(saved.begin(), saved.end()).size()) << "and nothing else";
    EXPECT_EQ(without(checkpoint.last_path(), prefix), saved.empty() ? "" : saved.back());
  }
}

TEST(ModelCheckpoint, KeepsTheWeightsOfTheBestEpoch) {
  const Folder folder;
  const std::string path = folder / "deep/er/best.npz";
  std::vector<Tensor> best;
  const Sequential model = regressor();
  const LambdaCallback snapshot({.on_epoch_end = [&](std::int64_t epoch, Logs&) {
    if (epoch == 1) best = model.get_weights();
  }});
  const ModelCheckpoint checkpoint(path, {.monitor = "m", .save_best_only = true, .mode = "max"});
  fit_ten(model, {.epochs = 4, .callbacks = {writes("m", {kNan, 3, 2, kInf}), snapshot, checkpoint}});
  EXPECT_EQ(checkpoint.best(), 3);
  EXPECT_FALSE(same_weights(model, best));
  model.load_weights(path);
  EXPECT_TRUE(same_weights(model, best));
  fit_ten(model, {.epochs = 1, .callbacks = {writes("m", {2.5}), checkpoint}});
  EXPECT_EQ(checkpoint.best(), 3) << "the best is kept over several calls of fit";
}

TEST(ModelCheckpoint, SavesNoDivergedWeightsAsBest) {
  const Folder folder;
  const auto [x, y] = sums(10);
  const Sequential model = regressor();
  model.compile({.optimizer = SGD({.learning_rate = 1e10}), .loss = "mse"});
  const ModelCheckpoint checkpoint(folder / "{epoch}.npz", {.monitor = "loss", .save_best_only = true});
  model.fit(x, y, {.epochs = 50, .verbose = 0, .callbacks = {TerminateOnNaN(), checkpoint}});
  EXPECT_EQ(folder.count(), 1U);
  EXPECT_EQ(checkpoint.last_path(), folder / "1.npz");

  const ModelCheckpoint nothing(folder / "nan-{epoch}.npz",
                                {.monitor = "m", .save_best_only = true, .mode = "min"});
  fit_ten(regressor(), {.epochs = 2, .callbacks = {writes("m", {kNan, kNan}), nothing}});
  EXPECT_EQ(nothing.last_path(), "");
}

TEST(ModelCheckpoint, SavesAfterEverySoManyBatches) {
  const Folder folder;
  const ModelCheckpoint checkpoint(folder / "{epoch}-{batch:02d}-{loss:.1f}.npz", {.save_freq = 2});
  fit_ten(regressor(), {.batch_size = 4, .epochs = 2, .callbacks = {checkpoint}});  // 3 batches an epoch
  std::vector<std::string> starts;
  for (const auto& file : std::filesystem::directory_iterator(folder.path())) {
    starts.push_back(file.path().filename().string().substr(0, 4));
  }
  EXPECT_THAT(starts, testing::UnorderedElementsAre("1-02", "2-01", "2-03"));
}

TEST(ModelCheckpoint, SavesTheBestOfValidatedEpochsOnly) {
  const Folder folder;
  const ModelCheckpoint checkpoint(folder / "{epoch}-{val_loss:.3f}.npz", {.save_best_only = true});
  const History history = fit_ten(
      regressor(), {.epochs = 3, .callbacks = {checkpoint}, .validation_split = 0.5, .validation_freq = 2});
  EXPECT_EQ(folder.count(), 1U);
  EXPECT_EQ(checkpoint.best(), history["val_loss"][0]);
}

TEST(ModelCheckpoint, RefusesAPathItCannotFill) {
  const auto path = [](const char* text) { return [text] { ModelCheckpoint checkpoint(text); }; };
  EXPECT_THAT(path("model.h5"),
              says<ValueError>("ModelCheckpoint: the path must end in '.npz', got 'model.h5'"));
  EXPECT_THAT(path("{epoch.npz"), says<ValueError>("in the path '{epoch.npz': a '{' is never closed"));
  EXPECT_THAT(path("epoch}.npz"), says<ValueError>("a '}' closes nothing"));
  EXPECT_THAT(path("{}.npz"), says<ValueError>("'{}' has no name"));
  EXPECT_THAT(path("{epoch:2x}.npz"),
              says<ValueError>("'{epoch:2x}' is not [<|>][+| ][0][width][.precision]"));
  EXPECT_THAT(path("{epoch:.2d}.npz"), says<ValueError>("'{epoch:.2d}' is not"));
  EXPECT_THAT(path("{loss:.f}.npz"), says<ValueError>("no digits after the point of '{loss:.f}'"));
  EXPECT_THAT(path("{loss:4d}.npz"), says<ValueError>("'{loss:4d}' is for whole numbers; use f, e or g"));
}

TEST(ModelCheckpoint, RefusesNamesThatTheLogsWillNotHave) {
  const Folder folder;
  const Sequential model = regressor();
  const auto before = model.get_weights();
  const auto fit_with = [&](const char* name, ModelCheckpointOptions options = {}, FitOptions fit = {}) {
    return [&, name, options, fit] {
      FitOptions all = fit;
      all.callbacks = {ModelCheckpoint(folder / name, options)};
      fit_ten(model, all);
    };
  };
  EXPECT_THAT(
      fit_with("{epoch}-{val_loss:.2f}.npz"),
      says<ValueError>("ModelCheckpoint: in the path", "unknown name 'val_loss'; known are 'epoch', 'loss'"));
  EXPECT_THAT(fit_with("{epok}.npz"), says<ValueError>("unknown name 'epok'", "did you mean 'epoch'?"));
  EXPECT_THAT(fit_with("{batch}.npz"), says<ValueError>("unknown name 'batch'"));
  EXPECT_THAT(fit_with("a.npz", {.save_best_only = true}),
              says<ValueError>("ModelCheckpoint: unknown entry of the logs 'val_loss'"));
  EXPECT_THAT(
      fit_with("{val_loss}.npz", {.save_freq = 2}, {.validation_split = 0.5}),
      says<ValueError>("'val_loss' is known at the end of an epoch only: save_freq must be \"epoch\""));
  EXPECT_THAT(fit_with("a.npz", {.save_best_only = true, .save_freq = 2}, {.validation_split = 0.5}),
              says<ValueError>("'val_loss' is known at the end of an epoch only"));
  EXPECT_THAT(
      fit_with("{val_loss}.npz", {}, {.validation_split = 0.5, .validation_freq = 2}),
      says<ValueError>("there is no 'val_loss' in the epochs without validation (validation_freq is 2)"));
  EXPECT_THAT(
      [] { ModelCheckpoint("a.npz", {.save_freq = 0}); },
      says<ValueError>("a frequency must be \"epoch\", \"batch\" or a positive number of batches, got 0"));
  EXPECT_THAT(
      [] { ModelCheckpoint("a.npz", {.save_freq = "epochs"}); },
      says<ValueError>("unknown frequency 'epochs'; known are 'epoch', 'batch'", "did you mean 'epoch'?"));
  EXPECT_THAT([] { ModelCheckpoint("a.npz", {.initial_value_threshold = kNan}); },
              says<ValueError>("ModelCheckpoint: the value to start from is nan"));
  EXPECT_TRUE(same_weights(model, before)) << "refused before training";
  EXPECT_EQ(folder.count(), 0U);
}

TEST(ModelCheckpoint, SaysWhichFileItCannotWrite) {
  const Folder folder;
  std::ofstream(folder / "file") << "x";
  const Sequential model = regressor();
  EXPECT_THAT([&] { fit_ten(model, {.callbacks = {ModelCheckpoint(folder / "file/a.npz")}}); },
              says<FileError>("ModelCheckpoint: cannot make the folder '", "file"));
  std::filesystem::create_directory(folder / "a.npz");
  EXPECT_THAT([&] { fit_ten(model, {.callbacks = {ModelCheckpoint(folder / "a.npz")}}); },
              says<FileError>("a.npz", "it is a folder"));
  EXPECT_EQ(fit_ten(model, {.epochs = 2}).epoch.size(), 2U) << "the model is usable";
}

}  // namespace
}  // namespace gradus
