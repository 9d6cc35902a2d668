#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "command.h"
#include "surroundings.h"

namespace gradus {
namespace {

using nlohmann::json;
using test::content_of;
using test::Folder;
using testing::HasSubstr;
using testing::StartsWith;

// Runs the tutorial into `folder`/out, which must go well, and returns results.json.
json run(const Folder& folder, std::vector<std::string> arguments, std::string* printed = nullptr) {
  arguments.insert(arguments.begin(), {"tutorial", "--no-pictures", "--out", (folder / "out").string()});
  const ProcessResult result = test::gradus(arguments);
  EXPECT_EQ(result.exit_status, 0) << result.error;
  EXPECT_EQ(result.error, "");
  if (printed != nullptr) *printed = result.output;
  return json::parse(content_of(folder / "out/results.json"));
}

std::vector<std::string> keys(const json& object) {
  std::vector<std::string> names;
  for (const auto& item : object.items()) names.push_back(item.key());
  return names;
}

std::vector<std::string> files(const std::filesystem::path& folder) {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    names.push_back(entry.path().filename().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

void expect_classifier(const json& result, std::size_t seed, std::size_t epochs, int classes) {
  EXPECT_THAT(keys(result), testing::UnorderedElementsAre("seed", "history", "test_loss", "test_accuracy",
                                                          "predicted_classes", "weights", "bias"));
  EXPECT_EQ(result["seed"], seed);
  EXPECT_THAT(keys(result["history"]),
              testing::UnorderedElementsAre("loss", "accuracy", "val_loss", "val_accuracy"));
  for (const auto& curve : result["history"]) EXPECT_EQ(curve.size(), epochs);
  const auto predicted = result["predicted_classes"].get<std::vector<int>>();
  EXPECT_EQ(predicted.size(), 800u);
  EXPECT_THAT(predicted, testing::Each(testing::AllOf(testing::Ge(0), testing::Lt(classes))));
  ASSERT_EQ(result["weights"].size(), 2u);
  for (const auto& row : result["weights"]) EXPECT_EQ(row.size(), static_cast<std::size_t>(classes));
  EXPECT_EQ(result["bias"].size(), static_cast<std::size_t>(classes));
}

class TutorialSeeds : public testing::TestWithParam<std::size_t> {};

TEST_P(TutorialSeeds, LeadIntoTheRangesOfTheText) {
  const Folder folder;
  const json results = run(folder, {"--seed", std::to_string(GetParam())});
  EXPECT_THAT(keys(results), testing::UnorderedElementsAre("blobs", "linear", "regression"));
  const json &blobs = results["blobs"], &linear = results["linear"], &regression = results["regression"];
  expect_classifier(blobs, GetParam(), 10, 4);
  EXPECT_GT(blobs["test_loss"], 0.170);
  EXPECT_LT(blobs["test_loss"], 0.190);
  EXPECT_GE(blobs["test_accuracy"], 0.915);
  EXPECT_LE(blobs["test_accuracy"], 0.94);
  // The last validation of fit saw the same weights and points.
  EXPECT_NEAR(blobs["history"]["val_loss"].back().get<double>(), blobs["test_loss"].get<double>(), 1e-6);
  expect_classifier(linear, GetParam(), 100, 2);
  EXPECT_GT(linear["test_loss"], 0.0507);
  EXPECT_LT(linear["test_loss"], 0.0527);
  EXPECT_EQ(linear["test_accuracy"], 0.99);
  EXPECT_THAT(keys(regression), testing::UnorderedElementsAre("seed", "history", "test_loss"));
  EXPECT_THAT(keys(regression["history"]), testing::UnorderedElementsAre("loss", "val_loss"));
  EXPECT_EQ(regression["history"]["loss"].size(), 100u);
  EXPECT_LT(regression["test_loss"], 0.016);
}

INSTANTIATE_TEST_SUITE_P(Two, TutorialSeeds, testing::Values(3u, 101u));

TEST(Tutorial, GivesTheSameBytesForTheSameSeed) {
  const Folder first, second, other;
  run(first, {"--seed", "7"});
  run(second, {"--seed", "7"});
  run(other, {"--seed", "8"});
  const auto names = files(first / "out");
  EXPECT_EQ(names, files(second / "out"));
  EXPECT_EQ(names, (std::vector<std::string>{"blobs_graph.dot", "blobs_test.csv", "blobs_train.csv",
                                             "linear_graph.dot", "linear_test.csv", "linear_train.csv",
                                             "regression_graph.dot", "results.json"}));
  for (const std::string& name : names) {
    EXPECT_EQ(content_of(first / ("out/" + name)), content_of(second / ("out/" + name))) << name;
  }
  EXPECT_NE(content_of(first / "out/results.json"), content_of(other / "out/results.json"));
  EXPECT_EQ(content_of(first / "out/blobs_train.csv"), content_of(other / "out/blobs_train.csv"));
}

TEST(Tutorial, WritesTheDataOfScikitLearn) {
  const Folder folder;
  run(folder, {"--part", "a", "--part", "b"});
  const auto lines = [&](const char* name) {
    const std::string text = content_of(folder / (std::string("out/") + name));
    return std::count(text.begin(), text.end(), '\n');
  };
  EXPECT_EQ(lines("blobs_train.csv"), 3201);
  EXPECT_EQ(lines("blobs_test.csv"), 801);
  EXPECT_EQ(lines("linear_train.csv"), 3201);
  EXPECT_EQ(lines("linear_test.csv"), 801);
  // As scikit-learn's data read when Python's repr writes them.
  EXPECT_THAT(
      content_of(folder / "out/blobs_train.csv"),
      StartsWith(
          "x0,x1,label\n-10.628545640526491,-6.535223168962758,1\n-4.292676232494698,7.572383964620064,3\n"));
  EXPECT_THAT(
      content_of(folder / "out/blobs_test.csv"),
      StartsWith(
          "x0,x1,label\n5.897394509132807,7.532684775518096,2\n-5.0169249478367,6.561596609901332,3\n"));
  EXPECT_THAT(content_of(folder / "out/linear_train.csv"),
              StartsWith("x0,x1,label\n-2.4633654018668496,1.8852484483053047,0\n-12.274242065057493,-10."
                         "92623928602827,1\n"));
  EXPECT_THAT(
      content_of(folder / "out/linear_test.csv"),
      StartsWith(
          "x0,x1,label\n-11.08153851967184,-6.279191703086136,1\n-2.028769720119824,3.020515326257981,0\n"));
}

TEST(Tutorial, PrintsWhatTheNotebookPrints) {
  const Folder folder;
  std::string printed;
  run(folder, {}, &printed);
  for (const char* text :
       {"x (4000, 2), y (4000,)", "x (3200, 2), y (3200,) [1 3 3 ... 0 1 2], one-hot (3200, 4)",
        "Train on 3200 samples, validate on 800 samples\nEpoch 1/10\n", "Epoch 100/100\n",
        "val_accuracy: 0.9", "Trained in ", "Test score: 0.1", "Test accuracy: 0.9",
        "Softmax predictions:\n[[", "Class with maximum probability:\n[2 3 0 3 2", "(10000, 2)",
        "Weights:\n[[", "Biases:\n[", "Scores Wx + b: [-2.85 0.86 0.28]", "their sum: 1.000",
        "Loss of class 2: -log(0.353) = 1.04"}) {
    EXPECT_THAT(printed, HasSubstr(text));
  }
  EXPECT_THAT(content_of(folder / "out/results.json"), testing::Not(HasSubstr("Trained")));
}

TEST(Tutorial, DrawsEachModelsGraphWithItsNames) {
  const Folder folder;
  run(folder, {});
  const auto graph = [&](const char* name) { return content_of(folder / (std::string("out/") + name)); };
  for (const char* text : {"\"x\\n", "\"y\\n", "dense/kernel", "dense/bias", "softmax", "loss\\n"}) {
    EXPECT_THAT(graph("blobs_graph.dot"), HasSubstr(text));
  }
  for (const char* text : {"wx_b/kernel", "wx_b/bias", "categorical_crossentropy"}) {
    EXPECT_THAT(graph("linear_graph.dot"), HasSubstr(text));
  }
  for (const char* text : {"dense/kernel", "dense_1/kernel", "sigmoid", "mean_squared_error"}) {
    EXPECT_THAT(graph("regression_graph.dot"), HasSubstr(text));
  }
}

TEST(Tutorial, DrawsTheAskedPartOnly) {
  const Folder folder;
  const std::string out = (folder / "deep/er").string();
  const ProcessResult result = test::gradus({"tutorial", "--part", "c", "--out", out});
  EXPECT_EQ(result.exit_status, 0) << result.error;
  EXPECT_EQ(files(out),
            (std::vector<std::string>{"regression_curves.png", "regression_curves.svg", "regression_data.png",
                                      "regression_data.svg", "regression_fit.png", "regression_fit.svg",
                                      "regression_graph.dot", "regression_graph.svg", "regression_split.png",
                                      "regression_split.svg", "results.json"}));
}

TEST(Tutorial, NamesThePackagesOfMissingProgramsAndWritesTheRest) {
  const Folder folder, empty;
  const std::string out = (folder / "out").string();
  const test::SearchPath path(empty.path().string());
  const ProcessResult result = test::gradus({"tutorial", "--part", "c", "--out", out});
  EXPECT_EQ(result.exit_status, 1);
  EXPECT_THAT(result.error, StartsWith("gradus: "));
  EXPECT_THAT(result.error, HasSubstr("gnuplot-nox"));
  EXPECT_THAT(result.error, HasSubstr("graphviz"));
  EXPECT_EQ(std::count(result.error.begin(), result.error.end(), '\n'), 2) << result.error;
  EXPECT_EQ(files(out), (std::vector<std::string>{"regression_graph.dot", "results.json"}));
}

TEST(Tutorial, RefusesAFolderThatItCannotWriteInto) {
  const Folder folder;
  for (const char* path : {"/dev/null", "/dev/null/out"}) {
    const ProcessResult result = test::gradus({"tutorial", "--part", "d", "--out", path});
    EXPECT_EQ(result.exit_status, 1);
    EXPECT_THAT(result.error, HasSubstr("gradus: cannot write into the folder '" + std::string(path) +
                                        "': Not a directory"));
  }
}

}  // namespace
}  // namespace gradus
