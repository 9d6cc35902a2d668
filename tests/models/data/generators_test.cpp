#include <gradus/graph/error.h>
#include <gradus/models/data/make_circles.h>
#include <gradus/models/data/make_classification.h>
#include <gradus/models/data/make_low_rank_matrix.h>
#include <gradus/models/data/make_moons.h>
#include <gradus/models/data/make_regression.h>
#include <gradus/models/data/random_state.h>

#include <gtest/gtest.h>

#include <limits>

#include "../says.h"
#include "reference.h"

namespace gradus::data {
namespace {

using testing_data::says;

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr CloseOptions kRounding = {.rtol = 1e-12, .atol = 1e-12};

TEST(RandomState, DrawsNumpysIntegersAndChoices) {
  for (const std::int64_t seed : {0, 7}) {
    numpy::RandomState random(seed);
    std::vector<std::int64_t> drawn(20);
    for (std::int64_t& value : drawn) value = random.randint(-3, 5);
    drawn.push_back(random.randint(0, std::int64_t{1} << 40));
    EXPECT_EQ(difference_from_reference("randint_" + std::to_string(seed), Tensor(drawn)), "");
    EXPECT_EQ(difference_from_reference("choice_" + std::to_string(seed), Tensor(random.choice(50, 20))), "");
  }
}

TEST(RandomState, RefusesRangesAndChoicesThatAreNone) {
  numpy::RandomState random(0);
  EXPECT_THAT([&] { random.randint(3, 3); }, says<ValueError>("low must be below high, got 3 and 3"));
  EXPECT_THAT([&] { random.choice(3, 4); }, says<ValueError>("cannot draw 4 different ones of 3"));
  EXPECT_THAT([&] { random.choice(3, -1); }, says<ValueError>("cannot draw -1"));
  EXPECT_EQ(random.randint(INT64_MIN, INT64_MIN + 1), INT64_MIN);
}

void expect_reference(const std::string& name, const Curves& curves) {
  EXPECT_EQ(difference_from_reference(name + ".x", curves.x), "");
  EXPECT_EQ(difference_from_reference(name + ".y", curves.y), "");
}

TEST(MakeMoons, DrawsScikitLearnsBits) {
  expect_reference("moons_default", make_moons({.random_state = 3}));
  expect_reference("moons_noisy", make_moons({.n_samples = 201, .noise = 0.15, .random_state = 42}));
  expect_reference("moons_uneven",
                   make_moons({.n_samples = {3, 10}, .shuffle = false, .noise = 0.5, .random_state = 1}));
  expect_reference("moons_single", make_moons({.n_samples = 1, .random_state = 1}));
}

TEST(MakeCircles, DrawsScikitLearnsBits) {
  expect_reference("circles_default", make_circles({.random_state = 3}));
  expect_reference("circles_noisy",
                   make_circles({.n_samples = 301, .noise = 0.05, .random_state = 42, .factor = 0.3}));
  expect_reference("circles_uneven",
                   make_circles({.n_samples = {0, 7}, .shuffle = false, .random_state = 1, .factor = 0}));
}

TEST(MakeMoons, RefusesWhatMakesNoCurves) {
  EXPECT_THAT([] { make_moons({.n_samples = 0}); },
              says<ValueError>("make_moons: n_samples must be positive"));
  EXPECT_THAT([] { make_moons({.n_samples = -4}); }, says<ValueError>("got -2 and -2"));
  EXPECT_THAT([] { make_moons({.n_samples = {-1, 5}}); }, says<ValueError>("got -1 and 5"));
  EXPECT_THAT([] { make_moons({.noise = -0.1}); },
              says<ValueError>("make_moons: noise must be finite and not negative, got -0.1"));
  EXPECT_THAT([] { make_moons({.noise = kNan}); }, says<ValueError>("got nan"));
  EXPECT_THAT([] { make_moons({.random_state = -1}); }, says<ValueError>("got -1"));
}

TEST(MakeCircles, RefusesAFactorOfOneOrMore) {
  EXPECT_THAT([] { make_circles({.factor = 1}); },
              says<ValueError>("make_circles: factor must be in [0, 1), got 1.0"));
  EXPECT_THAT([] { make_circles({.factor = -0.5}); }, says<ValueError>("got -0.5"));
  EXPECT_THAT([] { make_circles({.noise = kInfinity}); }, says<ValueError>("make_circles: noise", "got inf"));
}

void expect_regression(const std::string& name, RegressionOptions options) {
  Tensor coef;
  options.coef = &coef;
  const auto [x, y] = make_regression(options);
  if (options.effective_rank) {
    EXPECT_TRUE(all_close(x, reference_values(name + ".x"), kRounding)) << name;
  } else {
    EXPECT_EQ(difference_from_reference(name + ".x", x), "");
  }
  EXPECT_EQ(difference_from_reference(name + ".coef", coef), "");
  EXPECT_TRUE(all_close(y, reference_values(name + ".y"), {.rtol = 1e-12, .atol = 1e-10})) << name;
}

TEST(MakeRegression, DrawsScikitLearnsProblem) {
  expect_regression("regression_small",
                    {.n_samples = 7, .n_features = 4, .n_informative = 2, .random_state = 0});
  expect_regression(
      "regression_noisy",
      {.n_samples = 20, .n_features = 3, .n_targets = 2, .bias = 5, .noise = 2.5, .random_state = 9});
  expect_regression("regression_in_order",
                    {.n_samples = 6, .n_features = 12, .shuffle = false, .random_state = 1});
  expect_regression(
      "regression_low_rank",
      {.n_samples = 12, .n_features = 5, .effective_rank = 2, .tail_strength = 0.1, .random_state = 4});
}

TEST(MakeRegression, RefusesWhatMakesNoProblem) {
  EXPECT_THAT([] { make_regression({.n_samples = 0}); },
              says<ValueError>("make_regression: n_samples must be positive, got 0"));
  EXPECT_THAT([] { make_regression({.n_features = -1}); }, says<ValueError>("n_features", "got -1"));
  EXPECT_THAT([] { make_regression({.n_informative = 0}); }, says<ValueError>("n_informative", "got 0"));
  EXPECT_THAT([] { make_regression({.n_targets = 0}); }, says<ValueError>("n_targets", "got 0"));
  EXPECT_THAT([] { make_regression({.bias = kNan}); }, says<ValueError>("bias must be finite, got nan"));
  EXPECT_THAT([] { make_regression({.effective_rank = 0}); }, says<ValueError>("effective_rank", "got 0"));
  EXPECT_THAT([] { make_regression({.tail_strength = 1.5}); },
              says<ValueError>("tail_strength must be in [0, 1], got 1.5"));
  EXPECT_THAT([] { make_regression({.noise = -1}); }, says<ValueError>("noise", "got -1.0"));
}

TEST(MakeLowRankMatrix, IsScikitLearnsUpToRounding) {
  const Tensor x =
      make_low_rank_matrix({.n_samples = 6, .n_features = 9, .effective_rank = 3, .random_state = 2});
  EXPECT_TRUE(all_close(x, reference_values("low_rank"), kRounding));
  EXPECT_THAT([] { make_low_rank_matrix({.effective_rank = 0}); },
              says<ValueError>("make_low_rank_matrix: effective_rank must be positive, got 0"));
}

TEST(MakeClassification, DrawsScikitLearnsClusters) {
  struct Case {
    std::string name;
    ClassificationOptions options;
  };
  const std::vector<Case> cases = {
      {"classes_default", {.random_state = 0}},
      {"classes_odd",
       {.n_samples = 53,
        .n_features = 9,
        .n_informative = 4,
        .n_redundant = 3,
        .n_repeated = 2,
        .n_classes = 3,
        .flip_y = 0.3,
        .class_sep = 0.7,
        .random_state = 11}},
      {"classes_weighted",
       {.n_samples = 40,
        .n_features = 6,
        .n_informative = 3,
        .n_classes = 3,
        .n_clusters_per_class = 1,
        .weights = {0.1, 0.25},
        .shift = std::nullopt,
        .scale = std::nullopt,
        .random_state = 2}},
      {"classes_polytope",
       {.n_samples = 30,
        .n_features = 5,
        .n_informative = 5,
        .n_redundant = 0,
        .hypercube = false,
        .shift = {1, 2, 3, 4, 5},
        .scale = 2,
        .shuffle = false,
        .random_state = 3}},
      {"classes_all_corners",
       {.n_samples = 30, .n_features = 4, .n_classes = 4, .n_clusters_per_class = 1, .random_state = 5}},
      {"classes_few_corners",
       {.n_samples = 20, .n_features = 14, .n_informative = 12, .n_redundant = 1, .random_state = 6}},
      {"classes_wide", {.n_samples = 12, .n_features = 40, .n_informative = 33, .random_state = 8}},
  };
  for (const auto& [name, options] : cases) {
    const auto [x, y] = make_classification(options);
    EXPECT_EQ(difference_from_reference(name + ".y", y), "");
    EXPECT_TRUE(all_close(x, reference_values(name + ".x"), kRounding)) << name;
  }
}

TEST(MakeClassification, RefusesNumbersThatDoNotFitTogether) {
  EXPECT_THAT([] { make_classification({.n_features = 3}); },
              says<ValueError>("n_informative + n_redundant + n_repeated is 4", "the 3 of n_features"));
  EXPECT_THAT([] { make_classification({.n_classes = 3}); },
              says<ValueError>("n_classes * n_clusters_per_class is 6", "2^n_informative = 2^2 corners"));
  EXPECT_THAT(
      [] {
        make_classification({.weights = {0.1, 0.2, 0.3}});
      },
      says<ValueError>("there are 3 weights for 2 classes"));
  EXPECT_THAT(
      [] {
        make_classification({.weights = {0.8, 0.7}});
      },
      says<ValueError>("the weights sum up to 1.5, more than 1"));
  EXPECT_THAT([] { make_classification({.weights = {-0.1}}); }, says<ValueError>("a weight", "got -0.1"));
  EXPECT_THAT([] { make_classification({.n_samples = 0}); }, says<ValueError>("n_samples", "got 0"));
  EXPECT_THAT([] { make_classification({.n_redundant = -1}); },
              says<ValueError>("n_redundant must not be negative, got -1"));
  EXPECT_THAT([] { make_classification({.n_classes = 0}); }, says<ValueError>("n_classes", "got 0"));
  EXPECT_THAT([] { make_classification({.flip_y = 1.1}); },
              says<ValueError>("flip_y must be in [0, 1], got 1.1"));
  EXPECT_THAT([] { make_classification({.class_sep = kInfinity}); },
              says<ValueError>("class_sep", "got inf"));
  EXPECT_THAT(
      [] {
        make_classification({.shift = {1, 2}});
      },
      says<ValueError>("shift has 2 values for 20 features"));
  EXPECT_THAT([] { make_classification({.scale = kNan}); },
              says<ValueError>("scale must be finite, got nan"));
}

}  // namespace
}  // namespace gradus::data
