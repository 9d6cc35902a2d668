#include <gradus/graph/error.h>
#include <gradus/models/callbacks/crc32c.h>
#include <gradus/models/callbacks/csv_logger.h>
#include <gradus/models/callbacks/tensor_board.h>
#include <gradus/models/callbacks/terminate_on_nan.h>
#include <gradus/optim/sgd.h>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <cmath>
#include <cstdio>
#include <fstream>
#include <sstream>

#include "../../folder.h"
#include "../example_data.h"
#include "../says.h"
#include "reference.h"

namespace gradus {
namespace {

using test::Folder;
using testing::ElementsAre;
using testing::HasSubstr;
using testing_data::Example;
using testing_data::fit_ten;
using testing_data::keras_reference;
using testing_data::Printed;
using testing_data::regressor;
using testing_data::says;
using testing_data::sums;

std::string text_of(const std::filesystem::path& path) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

// A callback that puts in the place of each epoch's logs those of a list.
LambdaCallback replaces(const nlohmann::json& list) {
  return LambdaCallback({.on_epoch_end = [list](std::int64_t epoch, Logs& logs) {
    logs.metrics.clear();
    for (const auto& [name, value] : list.at(static_cast<std::size_t>(epoch)).items()) {
      (name == "loss" ? logs.loss : logs.metrics[name]) = value;
    }
  }});
}

TEST(CSVLogger, WritesAndAppendsAsKeras) {
  const auto reference = nlohmann::json::parse(keras_reference());
  for (const auto& expected : reference.at("csv_logger")) {
    const Folder folder;
    const std::string path = folder / "log.csv";
    for (const bool append : {false, true}) {
      const CSVLogger logger(path, {.separator = expected["separator"], .append = append});
      fit_ten(regressor(), {.epochs = 2, .callbacks = {replaces(expected["logs"]), logger}});
    }
    EXPECT_EQ(text_of(path), expected["text"]);
  }
}

TEST(CSVLogger, QuotesWhatWouldBeReadAsSeveralFields) {
  const Folder folder;
  const std::string path = folder / "log.csv";
  fit_ten(regressor(),
          {.callbacks = {replaces({{{"loss", 0.5}, {"a,\"b\"", 1}, {"val_loss", 2}}}), CSVLogger(path)}});
  EXPECT_EQ(text_of(path), "epoch,\"a,\"\"b\"\"\",loss,val_loss\n0,1.0,0.5,2.0\n");
  fit_ten(regressor(), {.callbacks = {replaces({{{"loss", 0.5}}}), CSVLogger(path, {.separator = "."})}});
  EXPECT_EQ(text_of(path), "epoch.loss.val_loss\n0.\"0.5\".NA\n");
}

TEST(CSVLogger, StartsANewFileUnlessItAppends) {
  const Folder folder;
  const std::string path = folder / "log.csv";
  const CSVLogger logger(path);
  fit_ten(regressor(), {.epochs = 3, .callbacks = {logger}});
  fit_ten(regressor(), {.epochs = 1, .callbacks = {logger}});
  EXPECT_THAT(text_of(path), testing::MatchesRegex("epoch,loss,val_loss\n0,[0-9.e-]+,NA\n"));
}

TEST(CSVLogger, RefusesWhatItCannotWrite) {
  const Folder folder;
  EXPECT_THAT([] { CSVLogger("a.csv", {.separator = ", "}); },
              says<ValueError>("CSVLogger: separator must be one character", "got ', '"));
  EXPECT_THAT([] { CSVLogger("a.csv", {.separator = "\n"}); }, says<ValueError>("separator must be one"));
  EXPECT_THAT([&] { fit_ten(regressor(), {.callbacks = {CSVLogger(folder / "no/a.csv")}}); },
              says<FileError>("CSVLogger: cannot write '", "no/a.csv': No such file or directory"));
  const std::string path = folder / "a.csv";
  std::ofstream(path) << "epoch,accuracy\n0,1\n";
  EXPECT_THAT([&] { fit_ten(regressor(), {.callbacks = {CSVLogger(path, {.append = true})}}); },
              says<FileError>("has the columns 'epoch,accuracy', this training has 'epoch,loss,val_loss'"));
  EXPECT_EQ(text_of(path), "epoch,accuracy\n0,1\n");
}

TEST(Crc32c, AgreesWithTheStandardsExamples) {  // RFC 3720, B.4
  EXPECT_EQ(crc32c(std::string(32, '\0')), 0x8A9136AAU);
  EXPECT_EQ(crc32c(std::string(32, '\xFF')), 0x62A8AB43U);
  EXPECT_EQ(crc32c("123456789"), 0xE3069283U);
  EXPECT_EQ(crc32c(""), 0U);
}

// What the independent reader finds in a folder: "tag step value" for each scalar.
std::vector<std::string> scalars(const std::filesystem::path& folder) {
  const std::string command = "/usr/bin/env python3 '" GRADUS_SOURCE_DIR
                              "/tests/models/callbacks/read_events.py' '" +
                              folder.string() + "'";
  std::FILE* pipe = ::popen(command.c_str(), "r");
  std::string text;
  for (int c = std::fgetc(pipe); c != EOF; c = std::fgetc(pipe)) text += static_cast<char>(c);
  EXPECT_EQ(::pclose(pipe), 0);
  std::istringstream lines(text);
  std::vector<std::string> found;
  for (std::string line; std::getline(lines, line);) {
    const auto entry = nlohmann::json::parse(line);
    std::ostringstream shown;
    shown << entry[0].get<std::string>() << ' ' << entry[1] << ' ' << entry[2].get<float>();
    found.push_back(shown.str());
  }
  return found;
}

std::string scalar(const char* tag, std::int64_t step, double value) {
  std::ostringstream shown;
  shown << tag << ' ' << step << ' ' << static_cast<float>(value);
  return shown.str();
}

TEST(TensorBoard, WritesWhatAnIndependentReaderReads) {
  const Folder folder;
  const std::string logs = folder / "logs";
  const History history = fit_ten(
      regressor(), {.epochs = 2, .callbacks = {TensorBoard({.log_dir = logs})}, .validation_split = 0.5});
  const std::vector<double>&loss = history["loss"], &validated = history["val_loss"];
  EXPECT_THAT(scalars(logs + "/train"),
              ElementsAre(scalar("epoch_loss", 0, loss[0]), scalar("epoch_learning_rate", 0, 0.01),
                          scalar("epoch_loss", 1, loss[1]), scalar("epoch_learning_rate", 1, 0.01)));
  EXPECT_THAT(scalars(logs + "/validation"),
              ElementsAre(scalar("evaluation_loss_vs_iterations", 1, validated[0]),
                          scalar("epoch_loss", 0, validated[0]),
                          scalar("evaluation_loss_vs_iterations", 2, validated[1]),
                          scalar("epoch_loss", 1, validated[1])));
}

TEST(TensorBoard, WritesBatchesAndSpeed) {
  const Folder folder;
  const TensorBoard board({.log_dir = folder / "logs", .write_steps_per_second = true, .update_freq = 2});
  fit_ten(regressor(), {.batch_size = 3, .epochs = 2, .callbacks = {board}});  // 4 batches an epoch
  std::vector<std::string> starts;
  for (const std::string& line : scalars(folder / "logs/train"))
    starts.push_back(line.substr(0, line.rfind(' ')));
  EXPECT_THAT(starts, ElementsAre("batch_steps_per_second 2", "batch_loss 2", "batch_steps_per_second 4",
                                  "batch_loss 4", "epoch_loss 0", "epoch_learning_rate 0",
                                  "epoch_steps_per_second 0", "batch_steps_per_second 6", "batch_loss 6",
                                  "batch_steps_per_second 8", "batch_loss 8", "epoch_loss 1",
                                  "epoch_learning_rate 1", "epoch_steps_per_second 1"));
  EXPECT_FALSE(std::filesystem::exists(folder / "logs/validation")) << "nothing was validated";
  fit_ten(regressor(), {.callbacks = {board}});
  EXPECT_EQ(scalars(folder / "logs/train").size(), starts.size() + 3) << "each fit has a file of its own";
}

TEST(TensorBoard, RefusesAFolderItCannotUse) {
  const Folder folder;
  std::ofstream(folder / "file") << "x";
  EXPECT_THAT([] { TensorBoard({.log_dir = ""}); }, says<ValueError>("TensorBoard: log_dir is empty"));
  EXPECT_THAT([&] { fit_ten(regressor(), {.callbacks = {TensorBoard({.log_dir = folder / "file"})}}); },
              says<FileError>("TensorBoard: cannot write '", "Not a directory"));
  EXPECT_NO_THROW(TensorBoard({.update_freq = "batch"}));
  EXPECT_THAT([] { TensorBoard({.update_freq = 0}); }, says<ValueError>("got 0"));
}

TEST(TerminateOnNaN, StopsOrThrowsAsItIsTold) {
  const Example sum = sums(10);
  const auto diverge = [&](const TerminateOnNaN& callback, int verbose) {
    const Sequential model = regressor();
    model.compile({.optimizer = SGD({.learning_rate = 1e10}), .loss = "mse"});
    return model.fit(sum.x, sum.y,
                     {.batch_size = 5, .epochs = 50, .verbose = verbose, .callbacks = {callback}});
  };
  const Printed printed;
  const History quiet = diverge(TerminateOnNaN(), 0);
  EXPECT_LT(quiet.epoch.size(), 50U);
  EXPECT_EQ(printed.text(), "");
  diverge(TerminateOnNaN(), 2);
  EXPECT_THAT(printed.text(), testing::ContainsRegex("\nBatch [01]: Invalid loss, terminating training\n"));
  EXPECT_THAT([&] { diverge(TerminateOnNaN({.raise_error = true}), 0); },
              says<ValueError>("TerminateOnNaN: NaN or Inf loss encountered at batch ",
                               ". Loss value: ", ". Terminating training immediately"));
}

TEST(LambdaCallback, CallsWhatItIsGivenAndWatchesNoMore) {
  std::string calls;
  const LambdaCallback callback(
      {.on_epoch_begin = [&](std::int64_t epoch, Logs&) { calls += "epoch " + std::to_string(epoch) + ", "; },
       .on_train_end = [&](const Logs& logs) { calls += logs.loss > 0 ? "end" : "?"; },
       .on_train_batch_end = [&](std::int64_t batch,
                                 const Logs&) { calls += std::to_string(batch) + ", "; }});
  fit_ten(regressor(), {.batch_size = 5, .epochs = 2, .callbacks = {callback}});
  EXPECT_EQ(calls, "epoch 0, 0, 1, epoch 1, 0, 1, end");
  EXPECT_TRUE(callback.batch_hooks().train_end);
  EXPECT_FALSE(callback.batch_hooks().train_begin);
  EXPECT_FALSE(callback.batch_hooks().predict_end);
}

TEST(Callback, ThatThrowsInTheThirdEpochLeavesTheModelUsableAndNoFiles) {
  const Folder folder;
  const Sequential model = regressor();
  const LambdaCallback bomb({.on_epoch_end = [](std::int64_t epoch, Logs&) {
    if (epoch == 2) throw std::runtime_error("in epoch 3");
  }});
  const CSVLogger log(folder / "log.csv");
  EXPECT_THAT(
      [&] {
        fit_ten(model, {.epochs = 9, .callbacks = {bomb, log}});
      },
      testing::ThrowsMessage<std::runtime_error>(testing::StrEq("in epoch 3")));
  EXPECT_EQ(folder.count(), 1U) << "the log, and nothing temporary";
  EXPECT_EQ(model.optimizer().iterations(), 3);
  EXPECT_EQ(fit_ten(model, {.epochs = 2, .callbacks = {log}}).epoch.size(), 2U);
}

}  // namespace
}  // namespace gradus
