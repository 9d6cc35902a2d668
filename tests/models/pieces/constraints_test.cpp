#include <gradus/graph/error.h>
#include <gradus/graph/random.h>
#include <gradus/models/constraints.h>

#include <gtest/gtest.h>

#include <cmath>

#include "../says.h"
#include "reference.h"

namespace gradus {

namespace {

using testing_data::says;
using testing_data::pieces::difference;
using testing_data::pieces::reference;

struct Case {
  std::string name;  // in reference.txt
  Constraint constraint;
};

const std::vector<Case>& cases() {
  static const std::vector<Case> all = {
      {"max_norm", "max_norm"},
      {"max_norm_all", MaxNorm({.max_value = 0.5, .axis = {}})},
      {"min_max_norm", "min_max_norm"},
      {"min_max_norm_rate", MinMaxNorm({.min_value = 1.5, .max_value = 2, .rate = 0.25, .axis = -1})},
      {"non_neg", "non_neg"},
      {"unit_norm", "unit_norm"},
  };
  return all;
}

TEST(Constraints, AreKerassFormulas) {
  for (const std::string weight :
       {"matrix", "wide", "row", "zero_row", "zero_column", "vector", "kernel", "empty"}) {
    const Tensor w = reference("weight." + weight), before = w.clone();
    for (const Case& each : cases()) {
      EXPECT_EQ(difference(each.constraint(w), each.name + "." + weight), "");
      EXPECT_EQ(difference(each.constraint(w.cast(DType::float32)), each.name + "." + weight, 1e-6), "");
    }
    EXPECT_TRUE(identical(w, before));
  }
  EXPECT_EQ(difference(MaxNorm({.axis = {0, 1, 2}})(reference("weight.kernel")), "max_norm_kernel"), "");
}

TEST(Constraints, BringNormsWhereTheyBelong) {
  Random random(3);
  const Tensor w = random.normal({50, 4}, {.dtype = DType::float64});
  const auto norm_of_column = [](const Tensor& t, std::int64_t column) {
    double square = 0;
    for (std::int64_t i = 0; i < t.dim(0); ++i) square += t(i, column) * t(i, column);
    return std::sqrt(square);
  };
  for (std::int64_t column = 0; column < 4; ++column) {
    EXPECT_NEAR(norm_of_column(MaxNorm({.max_value = 3})(w), column), 3, 1e-6);
    EXPECT_NEAR(norm_of_column(UnitNorm()(w), column), 1, 1e-6);
    EXPECT_NEAR(norm_of_column(MinMaxNorm({.min_value = 20, .max_value = 30})(w), column), 20, 1e-5);
  }
  EXPECT_TRUE(all_close(MaxNorm({.max_value = 1000})(w), w, {.rtol = 1e-7}));
  EXPECT_TRUE(all_close(MaxNorm({.max_value = INFINITY})(w), w, {.rtol = 1e-7}));
}

TEST(Constraints, DoNotOverflowForLargeWeights) {
  const Tensor w = {{3e30}, {-4e30}};
  EXPECT_TRUE(all_close(UnitNorm()(w), Tensor{{0.6}, {-0.8}}));
  EXPECT_TRUE(all_close(MaxNorm()(w), Tensor{{1.2}, {-1.6}}));
}

TEST(Constraints, LeaveZerosAlone) {
  const Tensor zeros = Tensor::zeros({3, 2});
  for (const Case& each : cases()) EXPECT_TRUE(identical(each.constraint(zeros), zeros)) << each.name;
}

TEST(Constraints, KeepNan) {
  EXPECT_TRUE(std::isnan(NonNeg()(Tensor{NAN, 1})(0)));
  EXPECT_TRUE(std::isnan(UnitNorm()(Tensor{NAN, 1})(0)));
}

TEST(Constraints, NamesMayDifferInCaseAndUnderscoresOnly) {
  EXPECT_EQ(Constraint("MaxNorm").name(), "max_norm");
  EXPECT_EQ(Constraint("nonneg").name(), "non_neg");
  EXPECT_THAT([] { Constraint("maxnrm"); },
              says<ValueError>("unknown constraint 'maxnrm'; known are 'max_norm', 'min_max_norm', "
                               "'non_neg', 'unit_norm'; did you mean 'max_norm'?"));
}

TEST(Constraints, RefuseOptionsThatMakeNoSense) {
  EXPECT_THAT([] { MaxNorm({.max_value = -1}); },
              says<ValueError>("MaxNorm: max_value must be at least 0, got -1.0"));
  EXPECT_THAT([] { MaxNorm({.max_value = NAN}); }, says<ValueError>("got nan"));
  EXPECT_THAT([] { MinMaxNorm({.min_value = -1}); },
              says<ValueError>("MinMaxNorm: min_value must be finite and not negative, got -1.0"));
  EXPECT_THAT([] { MinMaxNorm({.min_value = 2}); },
              says<ValueError>("MinMaxNorm: max_value must be at least min_value, 2.0, got 1.0"));
  EXPECT_THAT([] { MinMaxNorm({.rate = 1.5}); },
              says<ValueError>("MinMaxNorm: rate must be in [0, 1], got 1.5"));
  EXPECT_THAT([] { MinMaxNorm({.rate = NAN}); }, says<ValueError>("got nan"));
  EXPECT_THAT([] { UnitNorm({.axis = 2})(Tensor{{1, 2}}); }, says<ShapeError>("axis 2"));
  EXPECT_THAT([] { MaxNorm()(Tensor::scalar(1)); }, says<ShapeError>("axis 0"));
  EXPECT_THAT([] { MaxNorm()(Tensor()); }, says<StateError>("used before it was given values"));
}

TEST(Constraints, MayBeAFunction) {
  const Constraint same = [](const Tensor& w) { return w; };
  EXPECT_TRUE(identical(same(Tensor{1, 2}), Tensor{1, 2}));
  EXPECT_EQ(same.name(), "custom");
  const Constraint smaller("smaller", [](const Tensor& w) { return w.rows(0, 1); });
  EXPECT_THAT(
      [&] {
        smaller(Tensor{1, 2});
      },
      says<ShapeError>("constraint 'smaller': was given [2], gave [1]"));
  const Constraint other = [](const Tensor& w) { return w.cast(DType::float64); };
  EXPECT_THAT([&] { other(Tensor{1}); },
              says<DTypeError>("constraint 'custom': was given float32, gave float64"));
  EXPECT_THAT([] { Constraint("none", Constraint::Function()); },
              says<ValueError>("constraint 'none': the function is empty"));
}

TEST(Constraints, MayBeNone) {
  EXPECT_FALSE(Constraint().defined());
  EXPECT_TRUE(Constraint("non_neg").defined());
  EXPECT_THAT([] { Constraint()(Tensor{1}); }, says<StateError>("made without a function"));
  EXPECT_TRUE(Constraint().serialize().is_null());
  EXPECT_FALSE(Constraint::deserialize({}).defined());
}

TEST(Constraints, AreDescribedByClassAndOptionsAndMadeAgain) {
  const auto json = [](const Constraint& each) { return each.serialize().config().to_json(); };
  EXPECT_EQ(json("max_norm"), R"({"class_name": "MaxNorm", "config": {"max_value": 2.0, "axis": 0}})");
  EXPECT_EQ(json(MaxNorm({.max_value = 3, .axis = {0, 1, 2}})),
            R"({"class_name": "MaxNorm", "config": {"max_value": 3.0, "axis": [0, 1, 2]}})");
  EXPECT_EQ(json(UnitNorm({.axis = {}})), R"({"class_name": "UnitNorm", "config": {"axis": null}})");
  EXPECT_EQ(json("non_neg"), R"({"class_name": "NonNeg", "config": {}})");
  EXPECT_EQ(
      json("min_max_norm"),
      R"({"class_name": "MinMaxNorm", "config": {"min_value": 0.0, "max_value": 1.0, "rate": 1.0, "axis": 0}})");
  for (const Case& each : cases()) {
    const Constraint again = Constraint::deserialize(Config::from_json(json(each.constraint)));
    EXPECT_EQ(json(again), json(each.constraint));
    EXPECT_EQ(difference(again(reference("weight.matrix")), each.name + ".matrix"), "");
  }
  EXPECT_THAT([] { Constraint("mine", [](const Tensor& w) { return w; }).serialize(); },
              says<StateError>("constraint 'mine': a function of one's own has no class"));
  EXPECT_THAT(
      [] { Constraint::deserialize(Config::from_json(R"({"class_name": "NonNeg", "config": {"a": 1}})")); },
      says<ValueError>("NonNeg: unknown option 'a'"));
  EXPECT_THAT(
      [] {
        Constraint::deserialize(Config::from_json(R"({"class_name": "UnitNorm", "config": {"axis": "x"}})"));
      },
      says<ValueError>("UnitNorm: axis: "));
}

}  // namespace

}  // namespace gradus
