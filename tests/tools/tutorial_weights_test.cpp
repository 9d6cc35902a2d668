#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "command.h"
#include "surroundings.h"

namespace gradus {
namespace {

using nlohmann::json;
using test::content_of;
using test::Folder;
using testing::HasSubstr;

// What evaluating the weights of `text` gives; `arguments` come on top.
ProcessResult evaluate(const Folder& folder, const std::string& text,
                       const std::vector<std::string>& arguments = {}) {
  std::ofstream(folder / "weights.json", std::ios::binary) << text;
  std::vector<std::string> all = {"tutorial",  "--no-pictures",
                                  "--out",     (folder / "out").string(),
                                  "--weights", (folder / "weights.json").string()};
  all.insert(all.end(), arguments.begin(), arguments.end());
  return test::gradus(all);
}

constexpr const char* kPrinted =
    R"({"linear": {"weights": [[0.18243906, -0.32536864], [0.80486184, 0.29774043]],
                   "bias": [1.4485976, -1.4485976]}})";

TEST(TutorialWeights, OfTheNotebookGiveItsScore) {
  const Folder folder;
  const ProcessResult result = evaluate(folder, kPrinted);
  ASSERT_EQ(result.exit_status, 0) << result.error;
  EXPECT_THAT(result.output, testing::Not(HasSubstr("Epoch")));
  const json results = json::parse(content_of(folder / "out/results.json"));
  ASSERT_EQ(results.size(), 1u);
  const json& linear = results["linear"];
  EXPECT_NEAR(linear["test_loss"].get<double>(), 0.0513614, 0.0513614e-6);
  EXPECT_EQ(linear["test_accuracy"], 0.99);
  EXPECT_EQ(linear["history"],
            json::parse(R"({"loss": [], "accuracy": [], "val_loss": [], "val_accuracy": []})"));
  EXPECT_EQ(linear["predicted_classes"].size(), 800u);
  // As printed, though they are float32.
  EXPECT_EQ(linear["weights"], json::parse(kPrinted)["linear"]["weights"]);
  EXPECT_EQ(linear["bias"], json::parse(kPrinted)["linear"]["bias"]);
}

TEST(TutorialWeights, OfATrainedModelReadBackExactly) {
  const Folder folder;
  ASSERT_TRUE(test::gradus({"tutorial", "--no-pictures", "--part", "a", "--part", "b", "--out",
                            (folder / "trained").string()})
                  .succeeded());
  const json trained = json::parse(content_of(folder / "trained/results.json"));
  json weights;
  for (const char* name : {"blobs", "linear"}) {
    weights[name] = {{"weights", trained[name]["weights"]}, {"bias", trained[name]["bias"]}};
  }
  ASSERT_TRUE(evaluate(folder, weights.dump()).succeeded());
  const json again = json::parse(content_of(folder / "out/results.json"));
  for (const char* name : {"blobs", "linear"}) {
    for (const char* field : {"test_loss", "test_accuracy", "predicted_classes", "weights", "bias"}) {
      EXPECT_EQ(again[name][field], trained[name][field]) << name << " " << field;
    }
  }
}

TEST(TutorialWeights, AreCheckedBeforeAnythingIsWritten) {
  const auto linear = [](const std::string& weights, const std::string& bias = "[1, -1]") {
    return R"({"linear": {"weights": )" + weights + R"(, "bias": )" + bias + "}}";
  };
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"", "it is not valid JSON: parse error at line 1, column 1"},
      {R"({"linear": )", "it is not valid JSON: parse error"},
      {linear("[[1, NaN], [1, 2]]"), "it is not valid JSON: parse error"},
      {linear("[[1, 1e999], [1, 2]]"), "it is not valid JSON: number overflow"},
      {linear("[[1, 1e39], [1, 2]]"), "linear.weights[0][1] is 1e+39, beyond what float32 holds"},
      {linear("[[1, 2], [1, \"2\"]]"), "linear.weights[1][1] must be a number, not a string"},
      {linear("[[1, 2], [1, null]]"), "linear.weights[1][1] must be a number, not null"},
      {linear("[[1, 2], [1, true]]"), "linear.weights[1][1] must be a number, not true"},
      {linear("[[1, 2]]"), "linear.weights must be a list of 2 rows, it has 1"},
      {linear("[[1, 2], [1, 2, 3]]"), "linear.weights[1] must be a list of 2 numbers, it has 3"},
      {linear("[[1, 2], 3]"), "linear.weights[1] must be a list of 2 numbers, not 3"},
      {linear("{}"), "linear.weights must be a list of 2 rows, not an object"},
      {linear("[[1, 2], [3, 4]]", "[[1, 2]]"), "linear.bias must be a list of 2 numbers, it has 1"},
      {linear("[[1, 2], [3, 4]]", "[1, []]"), "linear.bias[1] must be a number, not a list"},
      {R"({"blobs": {"weights": [[1, 2], [3, 4]], "bias": [1, 2, 3, 4]}})",
       "blobs.weights[0] must be a list of 4 numbers, it has 2"},
      {R"({"linear": {"weights": [[1, 2], [3, 4]]}})", "\"linear\" has no \"bias\""},
      {R"({"linear": {"wieghts": []}})", "\"linear\" has an unknown key \"wieghts\"; the known ones are"},
      {R"({"linear": 1})", "\"linear\" must be an object with the keys \"bias\", \"weights\", not 1"},
      {R"({"regression": {}})", "the file has an unknown key \"regression\""},
      {R"({"linear": {"bias": [1, 2], "bias": [1, 2]}})", "the key \"bias\" is there twice"},
      {"[]", "the file must be an object with the keys \"blobs\", \"linear\", not a list"},
      {"{}", "it has neither \"blobs\" nor \"linear\""},
  };
  for (const auto& [text, message] : cases) {
    const Folder folder;
    const ProcessResult result = evaluate(folder, text);
    EXPECT_EQ(result.exit_status, 1) << message;
    EXPECT_EQ(result.output, "") << message;
    EXPECT_THAT(result.error,
                testing::StartsWith("gradus: --weights '" + (folder / "weights.json").string()));
    EXPECT_THAT(result.error, HasSubstr(message));
    EXPECT_FALSE(std::filesystem::exists(folder / "out")) << message;
  }
}

TEST(TutorialWeights, MayLeaveOutWhatIsNotAskedFor) {
  const Folder folder;
  for (const auto& [part, message] : std::vector<std::pair<std::string, std::string>>{
           {"a", "gradus: --part a with --weights: the file has no \"blobs\""},
           {"c", "gradus: --part c with --weights: the regression is only trained"}}) {
    const ProcessResult result = evaluate(folder, kPrinted, {"--part", part});
    EXPECT_EQ(result.exit_status, 1);
    EXPECT_THAT(result.error, HasSubstr(message));
    EXPECT_FALSE(std::filesystem::exists(folder / "out"));
  }
  EXPECT_EQ(evaluate(folder, kPrinted, {"--part", "b", "--part", "d"}).exit_status, 0);
}

TEST(TutorialWeights, MustBeAFile) {
  const Folder folder;
  const std::vector<std::pair<std::string, std::string>> cases = {
      {(folder / "missing.json").string(), "No such file or directory"},
      {folder.path().string(), "it is a folder"},
      {"/dev/zero", "it is not a regular file"}};
  for (const auto& [path, reason] : cases) {
    const ProcessResult result =
        test::gradus({"tutorial", "--weights", path, "--out", (folder / "out").string()});
    EXPECT_EQ(result.exit_status, 1);
    EXPECT_EQ(result.error, "gradus: cannot read '" + path + "': " + reason + "\n");
    EXPECT_FALSE(std::filesystem::exists(folder / "out"));
  }
}

}  // namespace
}  // namespace gradus
