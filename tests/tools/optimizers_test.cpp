#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <numeric>

#include "command.h"
#include "small_fashion.h"
#include "surroundings.h"

namespace gradus {
namespace {

using nlohmann::json;
using test::content_of;
using test::Folder;
using testing::HasSubstr;

class Optimizers : public testing::Test {
 protected:
  Optimizers() {
    test::write_small_fashion(folder_.path(), "train", 600);
    test::write_small_fashion(folder_.path(), "t10k", 100);
  }
  std::string out() const { return folder_ / "out"; }
  ProcessResult run(std::vector<std::string> more = {}) const {
    std::vector<std::string> arguments = {"tutorial", "--part", "optimizers", "--no-pictures",
                                          "--out",    out(),    "--data",     folder_.path()};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return test::gradus(arguments);
  }

 private:
  Folder folder_;
};

TEST_F(Optimizers, TrainOneNetEachAndRecordEveryBatch) {
  const ProcessResult result = run({"--epochs", "4", "--seed", "5"});
  ASSERT_EQ(result.exit_status, 0) << result.error;
  for (const char* text : {"x (600, 784), one-hot (600, 10)", "dropout_1", "\nSGD\n", "\nRMSprop\n",
                           "\nAdam\n", "\nAdagrad\n", "Test accuracy: "}) {
    EXPECT_THAT(result.output, HasSubstr(text));
  }
  const json results = json::parse(content_of(out() + "/results.json"));
  ASSERT_EQ(results.size(), 4U);
  for (const char* name : {"optimizers_sgd", "optimizers_rmsprop", "optimizers_adam", "optimizers_adagrad"}) {
    const json& entry = results[name];
    EXPECT_EQ(entry["seed"], 5);
    const auto epochs = entry["history"]["loss"].get<std::vector<double>>();
    const auto batches = entry["step_loss"].get<std::vector<double>>();
    ASSERT_EQ(epochs.size(), 4U);
    ASSERT_EQ(batches.size(), 12U);
    // An epoch's loss is the mean over its samples, in batches of 256, 256 and 88.
    for (std::size_t epoch = 0; epoch < 4; ++epoch) {
      const double* loss = &batches[3 * epoch];
      EXPECT_NEAR((256 * loss[0] + 256 * loss[1] + 88 * loss[2]) / 600, epochs[epoch], 1e-12 * epochs[epoch])
          << name;
    }
    EXPECT_LT(epochs.back(), epochs.front()) << name;
    EXPECT_TRUE(entry.contains("test_accuracy"));
    // The same weights and the same batches: the first loss comes before any step.
    EXPECT_EQ(batches.front(), results["optimizers_sgd"]["step_loss"].front());
  }
  EXPECT_GT(results["optimizers_adam"]["test_accuracy"], 0.9);
  EXPECT_THAT(content_of(out() + "/optimizers_graph.dot"), HasSubstr("dense_2/kernel"));
}

TEST_F(Optimizers, TakeThreeEpochsUnlessTold) {
  ASSERT_EQ(run().exit_status, 0);
  const json results = json::parse(content_of(out() + "/results.json"));
  EXPECT_EQ(results["optimizers_adam"]["history"]["loss"].size(), 3U);
}

TEST_F(Optimizers, NameThePackageOfTheirData) {
  const Folder empty;
  const ProcessResult missing =
      test::gradus({"tutorial", "--part", "optimizers", "--out", out(), "--data", empty.path()});
  EXPECT_EQ(missing.exit_status, 1);
  EXPECT_THAT(missing.error, HasSubstr("apt-get install dataset-fashion-mnist"));
}

TEST_F(Optimizers, RefuseGivenWeights) {
  const std::string file = out() + ".json";
  std::ofstream(file) << R"({"linear": {"weights": [[1, 2], [3, 4]], "bias": [0, 0]}})";
  const ProcessResult result = run({"--weights", file});
  EXPECT_EQ(result.exit_status, 1);
  EXPECT_THAT(result.error, HasSubstr("--part optimizers with --weights: its nets are only trained"));
}

}  // namespace
}  // namespace gradus
