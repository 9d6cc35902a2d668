#include <gradus/graph/error.h>
#include <gradus/graph/gradcheck.h>
#include <gradus/graph/gradients.h>
#include <gradus/graph/random.h>
#include <gradus/models/regularizers.h>
#include <gradus/ops/elementwise.h>
#include <gradus/ops/reduction.h>

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
  Regularizer regularizer;
  bool matrices_only = false;
};

const std::vector<Case>& cases() {
  static const std::vector<Case> all = {
      {"l1", "l1"},
      {"l2", "l2"},
      {"l1_l2", "l1_l2"},
      {"l1_l2_options", L1L2({.l1 = 0.3, .l2 = 0.7})},
      {"rows", "orthogonal_regularizer", true},
      {"columns", OrthogonalRegularizer({.factor = 2.5, .mode = "columns"}), true},
  };
  return all;
}

TEST(Regularizers, AreKerassFormulasWithTheirGradients) {
  for (const std::string weight :
       {"matrix", "wide", "row", "zero_row", "zero_column", "vector", "kernel", "empty"}) {
    const Parameter w("w", reference("weight." + weight));
    for (const Case& each : cases()) {
      if (each.matrices_only && w.rank() != 2) continue;
      const Variable penalty = each.regularizer(w);
      EXPECT_EQ(difference(penalty.value(), each.name + "." + weight), "");
      EXPECT_EQ(difference(gradients(penalty, w)[0].value(), each.name + "." + weight + ".gradient"), "");
    }
  }
}

TEST(Regularizers, HaveGradientsOfBothOrders) {
  Random random(2);
  const Tensor w = random.uniform({3, 4}, {.low = 0.2, .high = 1, .dtype = DType::float64});
  for (const Case& each : cases()) {
    const auto result = gradcheck([&](const Variable& v) { return each.regularizer(v); }, {w});
    EXPECT_TRUE(result) << each.name << ": " << result.message();
  }
}

TEST(Regularizers, OfAClassHaveKerassDefaults) {
  const Tensor w = {{1, -2}, {3, 4}};
  EXPECT_FLOAT_EQ(L1()(w).item<float>(), 0.1F);
  EXPECT_FLOAT_EQ(L1(0.5)(w).item<float>(), 5.0F);
  EXPECT_FLOAT_EQ(L2()(w).item<float>(), 0.3F);
  EXPECT_FLOAT_EQ(L2(0.5)(w).item<float>(), 15.0F);
  EXPECT_EQ(L1L2()(w).item(), 0);
  EXPECT_FLOAT_EQ(L1L2({.l2 = 0.1})(w).item<float>(), 3.0F);
  EXPECT_FLOAT_EQ(Regularizer("l1_l2")(w).item<float>(), 0.4F);
  EXPECT_EQ(L2()(w).dtype(), DType::float32);
  EXPECT_EQ(L1L2()(w.cast(DType::float64)).dtype(), DType::float64);
}

TEST(Regularizers, NamesMayDifferInCaseAndUnderscoresOnly) {
  EXPECT_EQ(Regularizer("L2").name(), "l2");
  EXPECT_EQ(Regularizer("L1L2").name(), "l1_l2");
  EXPECT_EQ(Regularizer("OrthogonalRegularizer").name(), "orthogonal_regularizer");
  EXPECT_THAT([] { Regularizer("l3"); },
              says<ValueError>("unknown regularizer 'l3'; known are 'l1', 'l1_l2', 'l2', "
                               "'orthogonal_regularizer'; did you mean 'l1'?"));
  EXPECT_THAT([] { Regularizer("l2 "); }, says<ValueError>("did you mean 'l2'?"));
}

TEST(Regularizers, RefuseFactorsThatAreNegativeOrNoNumber) {
  EXPECT_THAT([] { L1(-0.1); }, says<ValueError>("L1: l1 must be finite and not negative, got -0.1"));
  EXPECT_THAT([] { (void)L2(NAN); }, says<ValueError>("L2: l2 must be finite and not negative, got nan"));
  EXPECT_THAT([] { (void)L2(1 / 0.0); }, says<ValueError>("got inf"));
  EXPECT_THAT([] { L1L2({.l1 = -1}); }, says<ValueError>("L1L2: l1 must be", "got -1.0"));
  EXPECT_THAT([] { L1L2({.l2 = NAN}); }, says<ValueError>("L1L2: l2 must be", "got nan"));
  EXPECT_THAT([] { OrthogonalRegularizer({.factor = -1}); },
              says<ValueError>("OrthogonalRegularizer: factor must be", "got -1.0"));
  EXPECT_THAT([] { OrthogonalRegularizer({.mode = "row"}); },
              says<ValueError>("unknown OrthogonalRegularizer mode 'row'", "did you mean 'rows'?"));
  EXPECT_NO_THROW(L2(0));
}

TEST(Regularizers, OrthogonalNeedsAMatrix) {
  EXPECT_THAT(
      [] {
        OrthogonalRegularizer()(Tensor{1, 2});
      },
      says<ShapeError>("OrthogonalRegularizer: needs a matrix, got [2]"));
}

TEST(Regularizers, MayBeAFunction) {
  const Regularizer mine = [](const Operand& w) { return sum(square(w)) * 3; };
  EXPECT_EQ(mine(Tensor{1, 2}).item(), 15);
  EXPECT_EQ(mine.name(), "custom");
  EXPECT_EQ(Regularizer("sum", [](const Operand& w) { return sum(w); }).name(), "sum");
  const Regularizer vector = [](const Operand& w) { return w * 1; };
  EXPECT_THAT(
      [&] {
        vector(Tensor{1, 2});
      },
      says<ShapeError>("regularizer 'custom': must give a scalar, gave [2]"));
  EXPECT_THAT([] { Regularizer("none", Regularizer::Function()); },
              says<ValueError>("regularizer 'none': the function is empty"));
}

TEST(Regularizers, MayBeNone) {
  EXPECT_FALSE(Regularizer().defined());
  EXPECT_TRUE(Regularizer("l2").defined());
  EXPECT_THAT([] { Regularizer()(Tensor{1}); }, says<StateError>("made without a function"));
  EXPECT_TRUE(Regularizer().serialize().is_null());
  EXPECT_FALSE(Regularizer::deserialize({}).defined());
}

TEST(Regularizers, AreDescribedByClassAndOptionsAndMadeAgain) {
  const auto json = [](const Regularizer& each) { return each.serialize().config().to_json(); };
  EXPECT_EQ(json(L2(0.25)), R"({"class_name": "L2", "config": {"l2": 0.25}})");
  EXPECT_EQ(json("l1"), R"({"class_name": "L1", "config": {"l1": 0.01}})");
  EXPECT_EQ(json("l1_l2"), R"({"class_name": "L1L2", "config": {"l1": 0.01, "l2": 0.01}})");
  EXPECT_EQ(json(OrthogonalRegularizer({.mode = "Columns"})),
            R"({"class_name": "OrthogonalRegularizer", "config": {"factor": 0.01, "mode": "columns"}})");
  for (const Case& each : cases()) {
    const Regularizer again = Regularizer::deserialize(Config::from_json(json(each.regularizer)));
    EXPECT_EQ(json(again), json(each.regularizer));
    EXPECT_EQ(again.name(), each.regularizer.name());
    EXPECT_EQ(difference(again(reference("weight.matrix")).value(), each.name + ".matrix"), "");
  }
}

TEST(Regularizers, AreReadAsKerasWritesThem) {
  const Regularizer read = Regularizer::deserialize(Config::from_json(
      R"({"module": "keras.regularizers", "class_name": "L2", "config": {"l2": 1}, "registered_name": null})"));
  EXPECT_EQ(read(Tensor{1, 2}).item(), 5);
  EXPECT_EQ(Regularizer::deserialize("l2").name(), "l2");
  EXPECT_EQ(Regularizer::deserialize(Config::from_json(R"({"class_name": "L1L2", "config": {}})"))(Tensor{1})
                .item(),
            0);
  const auto reading = [](const char* text) {
    return [text] { Regularizer::deserialize(Config::from_json(text)); };
  };
  EXPECT_THAT(reading(R"({"class_name": "L3", "config": {}})"), says<ValueError>("unknown regularizer 'L3'"));
  EXPECT_THAT(reading(R"({"class_name": "L2", "config": {"l": 1}})"),
              says<ValueError>("L2: unknown option 'l'; known are 'l2'"));
  EXPECT_THAT(reading(R"({"class_name": "L2", "config": {"l2": "much"}})"),
              says<ValueError>("L2: l2: ", "must be a number, it is a text"));
  EXPECT_THAT(reading(R"({"class_name": "L2", "config": {"l2": -1}})"),
              says<ValueError>("l2 must be finite"));
  EXPECT_THAT(reading(R"({"config": {}})"), says<ValueError>("class_name"));
}

TEST(Regularizers, OfOnesOwnCannotBeDescribed) {
  const Regularizer mine("mine", [](const Operand& w) { return sum(w); });
  EXPECT_THAT([&] { mine.serialize(); },
              says<StateError>("regularizer 'mine': a function of one's own has no class"));
}

}  // namespace

}  // namespace gradus
