// The conventions of losses: what ops.h leaves open and Keras, or we, have settled.

#include <gradus/graph/error.h>
#include <gradus/graph/gradients.h>
#include <gradus/graph/random.h>
#include <gradus/ops/activation.h>
#include <gradus/ops/elementwise.h>
#include <gradus/ops/loss.h>
#include <gradus/ops/reduction.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <limits>

#include "../values.h"

namespace gradus {
namespace {

using testing::AllOf;
using testing::DoubleNear;
using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::ThrowsMessage;
using testing::Truly;

const auto kIsFinite = Truly([](double x) { return std::isfinite(x); });

struct NamedLoss {
  std::string name;
  std::function<Variable(const Operand&, const Operand&, LossOptions)> call;
};

// Every loss of a label for each prediction, with its other settings as they are.
std::vector<NamedLoss> elementwise_losses() {
  const auto with = [](auto op, auto options) {
    return [=](const Operand& y_true, const Operand& y_pred, const LossOptions& reduced) {
      auto all = options;
      all.reduction = reduced.reduction;
      all.sample_weight = reduced.sample_weight;
      return op(y_true, y_pred, all);
    };
  };
  return {{"mean_squared_error", mean_squared_error},
          {"mean_absolute_error", mean_absolute_error},
          {"mean_absolute_percentage_error", mean_absolute_percentage_error},
          {"mean_squared_logarithmic_error", mean_squared_logarithmic_error},
          {"huber", with(huber, HuberOptions())},
          {"log_cosh", log_cosh},
          {"hinge", hinge},
          {"squared_hinge", squared_hinge},
          {"categorical_hinge", categorical_hinge},
          {"poisson", poisson},
          {"kl_divergence", kl_divergence},
          {"cosine_similarity", with(cosine_similarity, CosineSimilarityOptions())},
          {"binary_crossentropy", with(binary_crossentropy, CrossentropyOptions())},
          {"categorical_crossentropy", with(categorical_crossentropy, CrossentropyOptions())},
          {"binary_focal_crossentropy", with(binary_focal_crossentropy, BinaryFocalOptions())},
          {"categorical_focal_crossentropy", with(categorical_focal_crossentropy, CategoricalFocalOptions())},
          {"dice", with(dice, DiceOptions())},
          {"tversky", with(tversky, TverskyOptions())}};
}

TEST(LossConventions, OneTrailingAxisIsNoMatrixOfPairs) {
  Random random(1);
  const Tensor column = random.uniform({5, 1}), other = random.uniform({5, 1});
  for (const NamedLoss& loss : elementwise_losses()) {
    const Variable expected = loss.call(other, column, {.reduction = "none"});
    for (const auto& [y_true, y_pred] :
         {std::pair(other.reshape({5}), column), std::pair(other, column.reshape({5}))}) {
      const Variable values = loss.call(y_true, y_pred, {.reduction = "none"});
      EXPECT_TRUE(identical(values.value(), expected.value())) << loss.name;
    }
  }
}

TEST(LossConventions, OtherShapesAreRefused) {
  for (const NamedLoss& loss : elementwise_losses()) {
    for (const auto& [y_true, y_pred, text] :
         {std::tuple(Shape{4, 3}, Shape{4, 2}, "y_true is [4, 3], y_pred is [4, 2]"),
          std::tuple(Shape{3}, Shape{4, 3}, "y_true is [3], y_pred is [4, 3]"),
          std::tuple(Shape{2, 4}, Shape{2, 3}, "y_true is [2, 4], y_pred is [2, 3]"),
          std::tuple(Shape{}, Shape{2}, "y_true is [], y_pred is [2]")}) {
      const auto call = [&, a = y_true, b = y_pred] { loss.call(Tensor::ones(a), Tensor::ones(b), {}); };
      EXPECT_THAT(call, ThrowsMessage<ShapeError>(AllOf(HasSubstr(loss.name + ": "), HasSubstr(text))));
    }
  }
}

TEST(LossConventions, NaNInPredictionsOrLabelsMakesTheLossNaN) {
  const Tensor good{{0.25, 0.75, 0.5}};
  for (const Tensor& bad : {Tensor{{NAN, 0.5, 0.5}}, Tensor{{0.5, 0.5, NAN}}}) {
    for (const NamedLoss& loss : elementwise_losses()) {
      EXPECT_THAT(loss.call(good, bad, {}).item(), kIsNaN) << loss.name;
      EXPECT_THAT(loss.call(bad, good, {}).item(), kIsNaN) << loss.name;
    }
  }
}

TEST(LossConventions, LabelsOfAnyTypeBecomeThePredictions) {
  for (const DType dtype : {DType::float32, DType::float64}) {
    const Tensor y_pred({{0.2, 0.5, 0.3}, {0.6, 0.3, 0.1}}, dtype), labels({{0, 1, 0}, {1, 0, 0}}, dtype);
    for (const NamedLoss& loss : elementwise_losses()) {
      const Variable expected = loss.call(labels, y_pred, {.reduction = "none"});
      EXPECT_EQ(expected.dtype(), dtype) << loss.name;
      for (const DType other : {DType::int32, DType::int64, DType::boolean}) {
        const Variable values = loss.call(labels.cast(other), y_pred, {.reduction = "none"});
        EXPECT_TRUE(identical(values.value(), expected.value())) << loss.name;
      }
    }
  }
}

TEST(LossConventions, SmoothedLabelsBecomeThePredictionsType) {
  const Tensor y_pred({{0.2, 0.8}}, DType::float64), labels({{0, 1}}, DType::int64);
  for (const auto& op : {binary_crossentropy, categorical_crossentropy}) {
    EXPECT_EQ(op(labels, y_pred, {.label_smoothing = 0.5}).dtype(), DType::float64);
  }
}

TEST(LossConventions, SoftLabelsAreTakenAsTheyAre) {
  const Tensor half{{1, 1}}, y_pred{{0.5, 0.5}};
  EXPECT_NEAR(categorical_crossentropy(half, y_pred).item(), 2 * std::log(2), 1e-6);
  EXPECT_NEAR(categorical_focal_crossentropy(half, y_pred).item(), 0.25 * 0.25 * 2 * std::log(2), 1e-6);
}

TEST(LossConventions, HingeTakesLabelsOfZeroAndOne) {
  const Tensor y_pred{{0.5, -2, 3}};
  const Tensor zeros_and_ones{{0, 1, 1}}, signs{{-1, 1, 1}}, flags(std::vector<bool>{false, true, true});
  for (const auto& op : {hinge, squared_hinge}) {
    const double expected = op(signs, y_pred, {}).item();
    EXPECT_EQ(op(zeros_and_ones, y_pred, {}).item(), expected);
    EXPECT_EQ(op(zeros_and_ones.cast(DType::int64), y_pred, {}).item(), expected);
    EXPECT_EQ(op(flags.reshape({1, 3}), y_pred, {}).item(), expected);
    // One label that is neither: all are taken as they are.
    EXPECT_FLOAT_EQ(op(Tensor{{0, 1, 2}}, Tensor{{0.5, 2, 3}}, {}).item<float>(), 1 / 3.0F);
  }
  EXPECT_EQ(hinge(signs, y_pred).item(), 1.5);
  const Variable labels(zeros_and_ones, {.requires_grad = true});
  EXPECT_THAT(list(gradient(hinge(labels, y_pred, {.reduction = "sum"}), labels)),
              ElementsAre(DoubleNear(-1.0 / 3, 1e-7), DoubleNear(4.0 / 3, 1e-7), 0));
}

TEST(LossConventions, KinksHaveNoSlope) {
  const Parameter p("p", {{1, 2}});
  const auto slopes = [&](const Variable& loss) { return list(gradient(loss, p)); };
  EXPECT_THAT(slopes(mean_absolute_error(Tensor{{1, 2}}, p)), Each(0));
  EXPECT_THAT(slopes(mean_absolute_percentage_error(Tensor{{1, 2}}, p)), Each(0));
  EXPECT_THAT(slopes(hinge(Tensor{{1, 0.5}}, p)), Each(0));
  EXPECT_THAT(slopes(huber(Tensor{{0, 3}}, p)), ElementsAre(0.5, -0.5));
}

TEST(LossConventions, CosineSimilarityOfAVectorOfZerosIsZeroWithoutASlope) {
  for (const DType dtype : {DType::float32, DType::float64}) {
    const Parameter t("t", Tensor({{0, 0}, {3, 4}, {0, 0}, {3, 4}}, dtype));
    const Parameter p("p", Tensor({{1, 2}, {0, 0}, {0, 0}, {4, -3}}, dtype));
    const Variable values = cosine_similarity(t, p, {.reduction = "none"});
    EXPECT_THAT(list(values), ElementsAre(0, 0, 0, DoubleNear(0, 1e-7)));
    const auto [dt, dp] = gradients({sum(values)}, {t, p});
    for (const Variable& slope : {dt, dp}) {
      const std::vector<double> all = list(slope);
      EXPECT_THAT(std::vector<double>(all.begin(), all.begin() + 6), Each(kIsFinite));
    }
    EXPECT_THAT(list(dp)[2], 0);
    EXPECT_THAT(list(dt)[0], 0);
  }
  // Lengths do not matter, be their squares beyond float32.
  EXPECT_FLOAT_EQ(cosine_similarity(Tensor{3e30, 4e30}, Tensor{3e-6, 4e-6}).item<float>(), -1);
}

TEST(LossConventions, KlDivergenceIsFiniteForCertainDistributions) {
  const Tensor first{{1, 0}}, second{{0, 1}};
  EXPECT_NEAR(kl_divergence(first, second).item(), -std::log(1e-7), 1e-4);
  EXPECT_NEAR(kl_divergence(first, first).item(), 0, 1e-9);
  const Parameter t("t", first), p("p", second);
  for (const Variable& slope : gradients({kl_divergence(t, p)}, {t, p})) {
    EXPECT_THAT(list(slope), Each(kIsFinite));
  }
  EXPECT_THAT(list(gradient(kl_divergence(first, p), p)), ElementsAre(0, -1e-7F));  // clipped; on the bound
}

TEST(LossConventions, LossesOfZeroesAreFinite) {
  const Parameter p("p", Tensor::zeros({2, 2}));
  const Tensor labels = Tensor::zeros({2, 2});
  for (const NamedLoss& loss : elementwise_losses()) {
    const Variable value = loss.call(labels, p, {});
    if (loss.name.starts_with("categorical_") && loss.name.ends_with("crossentropy")) continue;  // 0 / 0
    EXPECT_THAT(value.item(), kIsFinite) << loss.name;
    EXPECT_THAT(list(gradient(value, p)), Each(kIsFinite)) << loss.name;
  }
}

TEST(LossConventions, MeanSquaredLogarithmicErrorTakesNoNumberBelowEpsilon) {
  const Parameter p("p", Tensor({{-3, 1}}, DType::float64));
  const Variable loss = mean_squared_logarithmic_error(Tensor({{0, 1}}, DType::float64), p);
  EXPECT_EQ(loss.item(), 0);
  EXPECT_THAT(list(gradient(loss, p)), Each(0));
}

TEST(LossConventions, LogCoshIsExactNearAndFar) {
  const auto of = [](double error, DType dtype) {
    return log_cosh(Tensor::zeros({1}, dtype), Tensor({error}, dtype)).item();
  };
  for (const DType dtype : {DType::float32, DType::float64}) {
    EXPECT_NEAR(of(1e4, dtype), 1e4 - std::log(2), 1e-3);
    EXPECT_NEAR(of(-1e4, dtype), 1e4 - std::log(2), 1e-3);
    EXPECT_EQ(of(0, dtype), 0);
  }
  EXPECT_NEAR(of(1e-5, DType::float64), 0.5e-10, 1e-20);
  EXPECT_NEAR(of(-1e-3, DType::float64), 0.5e-6 - 1e-12 / 12, 1e-18);
}

TEST(LossConventions, HugeLogitsGiveExactFocalLosses) {
  for (const DType dtype : {DType::float32, DType::float64}) {
    const Parameter z("z", Tensor({{1e4, -1e4, 0}}, dtype));
    const Tensor second({{0, 1, 0}}, dtype);
    const auto exact = [&](const Variable& loss, double value, std::vector<double> slopes) {
      EXPECT_EQ(loss.item(), value);
      EXPECT_EQ(list(gradient(loss, z)), slopes);
    };
    exact(categorical_focal_crossentropy(second, z, {.alpha = 0.5, .from_logits = true}), 10000,
          {0.5, -0.5, 0});
    const BinaryFocalOptions options = {.from_logits = true, .reduction = "sum"};
    const Tensor wrong({{0}, {1}}, dtype);
    const Parameter ends("ends", Tensor({{1e4}, {-1e4}}, dtype));
    const Variable loss = binary_focal_crossentropy(wrong, ends, options);
    EXPECT_EQ(loss.item(), 20000);
    EXPECT_THAT(list(gradient(loss, ends)), ElementsAre(1, -1));
    const Variable right = binary_focal_crossentropy(1 - wrong, ends, options);
    EXPECT_EQ(right.item(), 0);
    EXPECT_THAT(list(gradient(right, ends)), Each(0));
  }
}

TEST(LossConventions, FocalLossesAreFiniteForEveryFocus) {
  const Tensor labels{{0, 1}, {1, 0}};
  for (const double gamma : {0.0, 0.5, 1.0, 2.0, 3.5}) {
    for (const Tensor& y_pred : {Tensor{{0, 1}, {0, 1}}, Tensor{{1e4, -1e4}, {-200, 200}}}) {
      const Parameter p("p", y_pred);
      const bool from_logits = y_pred(0, 0) > 1;
      for (const Variable& loss :
           {binary_focal_crossentropy(labels, p, {.gamma = gamma, .from_logits = from_logits}),
            categorical_focal_crossentropy(labels, p, {.gamma = gamma, .from_logits = from_logits})}) {
        EXPECT_THAT(loss.item(), kIsFinite) << gamma;
        EXPECT_THAT(list(gradient(loss, p)), Each(kIsFinite)) << gamma;
      }
    }
  }
}

TEST(LossConventions, AMaskedClassHasNoGradientOfAnything) {
  for (const double gamma : {0.0, 0.5, 2.0}) {
    const auto loss = [&](const Variable& z) {
      return categorical_focal_crossentropy(Tensor{{0, 1, 0}}, z, {.gamma = gamma, .from_logits = true});
    };
    const std::vector<double> dz = slopes(loss, Tensor{{-static_cast<float>(kInf), 1, 2}});
    EXPECT_EQ(dz[0], 0);
    EXPECT_LT(dz[1], 0);
    EXPECT_GT(dz[2], 0);
  }
}

TEST(LossConventions, ProbabilitiesChangedInPlaceAreTakenAsTheyAre) {
  const Variable p = softmax(Tensor{{1, 2, 3}});
  Tensor values = p.value();
  values.copy_from(Tensor{{0.5F, 0.25F, 0.25F}});
  EXPECT_NEAR(categorical_crossentropy(Tensor{{1, 0, 0}}, p).item(), std::log(2), 1e-6);
}

TEST(LossConventions, LabelsThatWantAGradientGetZeros) {
  const Parameter labels("labels", Tensor{0, 1}), logits("logits", Tensor{{1, 2}, {3, 4}});
  for (const bool from_logits : {true, false}) {
    labels.zero_grad();
    sparse_categorical_crossentropy(labels, logits, {.from_logits = from_logits}).backward();
    EXPECT_THAT(labels.grad().to_vector<double>(), Each(0));
  }
}

TEST(LossConventions, AFocusOfZeroLeavesTheCrossentropy) {
  Random random(3);
  const Tensor z = random.normal({4, 3}, {.dtype = DType::float64});
  const Tensor labels = random.uniform({4, 3}, {.dtype = DType::float64});
  const auto near = [](const Variable& a, const Variable& b) { EXPECT_NEAR(a.item(), b.item(), 1e-12); };
  near(binary_focal_crossentropy(labels, z, {.gamma = 0, .from_logits = true}),
       binary_crossentropy(labels, z, {.from_logits = true}));
  near(categorical_focal_crossentropy(labels, z, {.alpha = 1, .gamma = 0, .from_logits = true}),
       categorical_crossentropy(labels, z, {.from_logits = true}));
}

// As Keras does on TensorFlow: there the binary loss finds the logits, the categorical one does not look.
TEST(LossConventions, OnlyTheBinaryFocalLossTakesTheLogitsBelowItsActivation) {
  const Tensor z{{40, -40, 0}}, labels{{0, 1, 0}};
  EXPECT_EQ(binary_focal_crossentropy(labels, sigmoid(z)).item(),
            binary_focal_crossentropy(labels, z, {.from_logits = true}).item());
  const Variable p = softmax(z);
  EXPECT_EQ(categorical_focal_crossentropy(labels, p).item(),
            categorical_focal_crossentropy(labels, p.value()).item());
}

// The loss reads the softmax that it was handed only as long as that is the one of its logits.
TEST(LossConventions, ProbabilitiesChangedInPlaceDoNotReachTheGradient) {
  const Tensor labels{{0, 1, 0}, {1, 0, 0}};
  const Parameter z("z", {{1, 2, -1}, {0.5, 0, 3}}), same("same", z.value());
  categorical_crossentropy(labels, same, {.from_logits = true}).backward();
  const Variable p = softmax(z);
  const Variable loss = categorical_crossentropy(labels, p);
  Tensor values = p.value();
  values.fill(0.25);
  loss.backward();
  EXPECT_TRUE(all_close(z.grad(), same.grad(), {.rtol = 1e-6}));
}

// One row has the same bits alone and among others, wherever it stands.
TEST(LossConventions, ARowsBitsDoNotDependOnItsPlace) {
  Random random(5);
  for (const std::int64_t n : {2, 3, 4, 5, 8, 16, 31, 128, 200}) {
    const Tensor z = random.normal({37, n});
    const Tensor all = softmax(z).value();
    for (const std::int64_t row : {0, 1, 17, 35, 36}) {
      EXPECT_TRUE(identical(softmax(z.rows(row, row + 1)).value(), all.rows(row, row + 1)))
          << n << " " << row;
    }
  }
}

TEST(LossConventions, DiceAndTverskyGiveOneValueForTheBatch) {
  const Tensor t{{1, 0}, {1, 1}}, p{{1, 0}, {0, 1}};
  EXPECT_NEAR(dice(t, p, {.reduction = "none"}).item(), 1 - 4.0 / 5, 1e-6);
  EXPECT_NEAR(tversky(t, p, {.alpha = 1, .beta = 0, .reduction = "none"}).item(), 1 - 2.0 / 3, 1e-6);
  EXPECT_EQ(dice(t, p, {.axis = -1, .reduction = "none"}).shape(), (Shape{2}));
  EXPECT_EQ(dice(Tensor::zeros({2, 2}), Tensor::zeros({2, 2})).item(), 1);
}

TEST(LossConventions, ABatchOfNoRowsFlowsThrough) {
  for (const NamedLoss& loss : elementwise_losses()) {
    const Parameter p("p", Tensor::zeros({0, 3}));
    const Variable value = loss.call(Tensor::zeros({0, 3}), p, {.reduction = "sum"});
    value.backward();
    EXPECT_EQ(p.grad().shape(), (Shape{0, 3})) << loss.name;
    EXPECT_THAT(value.item(), kIsFinite) << loss.name;
  }
}

}  // namespace
}  // namespace gradus
