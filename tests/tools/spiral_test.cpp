#include <gradus/graph/gradients.h>
#include <gradus/tools/tutorial/spiral_net.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "command.h"
#include "surroundings.h"

namespace gradus::tutorial {
namespace {

using nlohmann::json;
using test::content_of;
using test::Folder;
using testing::HasSubstr;

// What NumPy makes of the same part: reference/spiral.py.
json reference() {
  return json::parse(
      content_of(std::filesystem::path(GRADUS_SOURCE_DIR) / "tests/tools/reference/spiral.json"));
}

struct Drawn {
  Spiral data = {};
  Variables weights = {};
};
Drawn drawn() {
  numpy::RandomState random(0);
  Drawn result{.data = make_spiral(random)};
  for (int net = 0; net < 3; ++net) result.weights = spiral_weights(random);
  return result;
}

std::vector<Variable> list_of(const Variables& weights) { return {weights.begin(), weights.end()}; }

TEST(Spiral, IsThatOfNumPy) {
  const auto [data, weights] = drawn();
  const json expected = reference();
  const auto x = expected["x"].get<std::vector<double>>();
  ASSERT_EQ(data.x.shape(), (Shape{300, 2}));
  // NumPy's sine may differ from the C library's by a bit.
  for (std::size_t i = 0; i < x.size(); ++i) EXPECT_NEAR(data.x.values<double>()[i], x[i], 1e-15);
  EXPECT_EQ(weights[4].value().to_vector<double>(), expected["w3"].get<std::vector<double>>());
  for (const std::int64_t i : {0, 99, 100, 299}) EXPECT_EQ(data.y(i), static_cast<double>(i / 100));
}

void expect_curve(const std::vector<double>& losses, const json& expected) {
  ASSERT_EQ(losses.size(), 2001U);
  ASSERT_EQ(expected.size(), 21U);
  for (std::size_t i = 0; i < expected.size(); ++i) {
    const double loss = expected[i];
    EXPECT_NEAR(losses[100 * i], loss, 1e-9 * loss) << "iteration " << 100 * i;
  }
}

TEST(Spiral, HasTheLossesOfTheNotebookByItsRule) {
  const auto [data, weights] = drawn();
  const std::vector<double> losses = train_by_hand(data, weights, notebook_slope, 2000);
  expect_curve(losses, reference()["by_hand"]);
  EXPECT_NEAR(losses[1000], 0.765900305099139, 1e-9);  // as the notebook has printed them
  EXPECT_NEAR(losses[2000], 0.43433340575057927, 1e-9);
}

TEST(Spiral, HasTheRightLossesByBackward) {
  const auto [data, weights] = drawn();
  const std::vector<double> losses = train_by_backward(data, weights, 2000);
  expect_curve(losses, reference()["by_backward"]);
  EXPECT_NEAR(losses[1000], 0.6997080396177892, 1e-9);
  EXPECT_NEAR(losses[2000], 0.26779394412820395, 1e-9);
}

TEST(Spiral, HasByHandTheGradientsOfBackwardWhereTheSlopeIsRight) {
  const auto [data, weights] = drawn();
  train_by_backward(data, weights, 100);
  const std::vector<Variable> by_hand = gradients_by_hand(data, list_of(weights), right_slope);
  const std::vector<Variable> wrong = gradients_by_hand(data, list_of(weights), notebook_slope);
  const Variables by_backward = gradients({spiral_loss(data, list_of(weights))}, weights);
  for (std::size_t i = 0; i < weights.size(); ++i) {
    const auto a = by_hand[i].value().to_vector<double>(), b = by_backward[i].value().to_vector<double>();
    ASSERT_EQ(by_hand[i].shape(), weights[i].shape());
    double wrong_by = 0;
    for (std::size_t j = 0; j < a.size(); ++j) {
      EXPECT_NEAR(a[j], b[j], 1e-14);
      wrong_by = std::max(wrong_by, std::abs(wrong[i].value().to_vector<double>()[j] - b[j]));
    }
    EXPECT_EQ(wrong_by > 1e-6, i < 4) << weights[i].name();  // the last layer is right
  }
}

TEST(Spiral, TellsWhereTheRuleIsWrong) {
  const Folder folder;
  const ProcessResult result =
      test::gradus({"tutorial", "--part", "spiral", "--no-pictures", "--out", folder / "out"});
  ASSERT_EQ(result.exit_status, 0) << result.error;
  for (const char* text : {"iteration 1000: loss 0.76590030509", "iteration 2000: loss 0.43433340575",
                           "iteration 1000: loss 0.69970803961", "iteration 2000: loss 0.26779394412",
                           "WRONG", "gradcheck: the first derivative along a random direction is "}) {
    EXPECT_THAT(result.output, HasSubstr(text));
  }
  const json results = json::parse(content_of(folder / "out/results.json"));
  EXPECT_EQ(results.size(), 2U);
  const json &by_hand = results["spiral_by_hand"], &right = results["spiral"];
  EXPECT_EQ(by_hand["step_loss"].size(), 2001U);
  EXPECT_GT(right["training_accuracy"], 0.9);
  for (const char* name : {"w1", "b1", "w2", "b2", "tanh"}) {
    EXPECT_GT(by_hand["gradient_error"][name], 1e-4) << name;
  }
  for (const char* name : {"w3", "b3"}) EXPECT_LT(by_hand["gradient_error"][name], 1e-8) << name;
  for (const json& error : right["gradient_error"]) EXPECT_LT(error, 1e-8);
  EXPECT_THAT(content_of(folder / "out/spiral.csv"), testing::StartsWith("x0,x1,label\n0,0,0\n"));
  EXPECT_THAT(content_of(folder / "out/spiral_graph.dot"), HasSubstr("sparse_categorical_crossentropy"));
}

}  // namespace
}  // namespace gradus::tutorial
