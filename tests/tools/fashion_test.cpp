#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "command.h"
#include "small_fashion.h"
#include "surroundings.h"

namespace gradus {
namespace {

using nlohmann::json;
using test::content_of;
using test::Folder;
using testing::HasSubstr;

class Fashion : public testing::Test {
 protected:
  Fashion() {
    test::write_small_fashion(folder_.path(), "train", 600);
    test::write_small_fashion(folder_.path(), "t10k", 100);
  }
  std::string out() const { return folder_ / "out"; }
  ProcessResult run(std::vector<std::string> more = {}) const {
    std::vector<std::string> arguments = {"tutorial", "--part", "fashion", "--no-pictures", "--epochs",
                                          "4",        "--out",  out(),     "--data",        folder_.path()};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return test::gradus(arguments);
  }

 private:
  Folder folder_;
};

TEST_F(Fashion, TrainsTheNetWithoutAndWithDropout) {
  const ProcessResult result = run();
  ASSERT_EQ(result.exit_status, 0) << result.error;
  for (const char* text : {"x (600, 784), one-hot (600, 10)", "x (100, 784)", "T-shirt/top", "Ankle boot",
                           "dropout_1", "Trained in ", " s an epoch", "Test accuracy: "}) {
    EXPECT_THAT(result.output, HasSubstr(text));
  }
  const json results = json::parse(content_of(out() + "/results.json"));
  ASSERT_EQ(results.size(), 2U);
  for (const char* name : {"fashion", "fashion_dropout"}) {
    const json& entry = results[name];
    EXPECT_EQ(entry["seed"], 101);
    for (const char* curve : {"loss", "accuracy", "val_loss", "val_accuracy"}) {
      EXPECT_EQ(entry["history"][curve].size(), 4U);
    }
    EXPECT_GT(entry["test_accuracy"], 0.9) << name;
    EXPECT_NEAR(entry["history"]["val_loss"].back().get<double>(), entry["test_loss"].get<double>(), 1e-6);
    EXPECT_FALSE(entry.contains("weights"));
    EXPECT_THAT(content_of(out() + "/" + name + "_graph.dot"), HasSubstr("dense_2/kernel"));
  }
  EXPECT_NE(results["fashion"]["test_loss"], results["fashion_dropout"]["test_loss"]);
}

TEST_F(Fashion, TrainsWithProductsOfBfloat16) {
  ASSERT_EQ(run().exit_status, 0);
  const json plain = json::parse(content_of(out() + "/results.json"));
  ASSERT_EQ(run({"--matmul-precision", "bfloat16"}).exit_status, 0);
  const json rounded = json::parse(content_of(out() + "/results.json"));
  EXPECT_NE(rounded["fashion"]["test_loss"], plain["fashion"]["test_loss"]);
  EXPECT_GT(rounded["fashion"]["test_accuracy"], 0.9);
}

TEST_F(Fashion, NamesThePackageOfItsData) {
  const Folder empty;
  const ProcessResult missing =
      test::gradus({"tutorial", "--part", "fashion", "--out", out(), "--data", empty.path()});
  EXPECT_EQ(missing.exit_status, 1);
  EXPECT_THAT(missing.error, HasSubstr("apt-get install dataset-fashion-mnist"));
}

TEST_F(Fashion, RefusesImpossibleOptions) {
  for (const auto& [option, value] :
       {std::pair("--epochs", "0"), std::pair("--epochs", "x"), std::pair("--matmul-precision", "float16")}) {
    const ProcessResult result = test::gradus({"tutorial", "--part", "fashion", option, value});
    EXPECT_NE(result.exit_status, 0);
    EXPECT_THAT(result.error, HasSubstr(option));
  }
}

}  // namespace
}  // namespace gradus
