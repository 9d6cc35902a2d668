// What losses have in common, and the edges of those that are no ops.

#include <gradus/graph/error.h>
#include <gradus/graph/gradcheck.h>
#include <gradus/graph/random.h>
#include <gradus/models/losses/circle.h>
#include <gradus/models/losses/crossentropy.h>
#include <gradus/models/losses/overlap.h>
#include <gradus/models/losses/regression.h>
#include <gradus/ops/activation.h>
#include <gradus/ops/elementwise.h>
#include <gradus/ops/nn.h>
#include <gradus/ops/reduction.h>

#include <gtest/gtest.h>

#include <cmath>

#include "../says.h"

namespace gradus {
namespace {

using testing_data::says;

TEST(Loss, HasKerasNamesAndShortOnes) {
  const Tensor y = {{0, 1}, {1, 0}}, p = {{0.25, 0.75}, {0.6, 0.4}};
  const std::vector<std::pair<const char*, const char*>> pairs = {
      {"mse", "mean_squared_error"},
      {"MAE", "MeanAbsoluteError"},
      {"mape", "mean_absolute_percentage_error"},
      {"msle", "mean_squared_logarithmic_error"},
      {"bce", "binary_crossentropy"},
      {"kld", "KLDivergence"},
      {"logcosh", "log_cosh"},
      {"ce", "categorical_crossentropy"},
  };
  for (const auto& [brief, whole] : pairs) {
    EXPECT_EQ(Loss(brief)(y, p).item(), Loss(whole)(y, p).item()) << whole;
  }
  EXPECT_EQ(Loss("mae").name(), "mean_absolute_error");
  EXPECT_EQ(Loss("huber").name(), "huber_loss") << "as in Keras";
  for (const char* name :
       {"huber", "cosine_similarity", "hinge", "squared_hinge", "categorical_hinge", "poisson", "dice",
        "tversky", "binary_focal_crossentropy", "categorical_focal_crossentropy"}) {
    EXPECT_TRUE(std::isfinite(Loss(name)(y, p).item())) << name;
  }
  EXPECT_TRUE(std::isfinite(Loss("categorical_generalized_cross_entropy")(Tensor{1, 0}, p).item()));
  EXPECT_TRUE(std::isfinite(Loss("circle")(Tensor{1, 0}, p).item()));
  EXPECT_TRUE(std::isfinite(Loss("CTC")(Tensor{{1}}, Tensor{{{0, 1}, {1, 0}}}).item()));
}

TEST(Loss, OfAnUnknownNameListsTheKnown) {
  EXPECT_THAT([] { Loss("hubr"); },
              says<ValueError>("unknown loss 'hubr'", "'kl_divergence'", "'ctc'", "did you mean 'huber'?"));
  EXPECT_THAT([] { Loss(" mse"); }, says<ValueError>("unknown loss ' mse'", "did you mean 'mse'?"));
  EXPECT_THAT([] { Loss(""); }, says<ValueError>("unknown loss ''"));
}

TEST(LossReduction, HasKerasNames) {
  EXPECT_EQ(LossReduction("mean"), LossReduction::sum_over_batch_size);
  EXPECT_EQ(LossReduction("sum_over_batch_size"), LossReduction::sum_over_batch_size);
  EXPECT_EQ(LossReduction("mean_with_sample_weight"), LossReduction::mean_with_sample_weight);
  EXPECT_EQ(LossReduction("none"), LossReduction::none);
  EXPECT_EQ(LossReduction(std::nullopt), LossReduction::none);
  EXPECT_EQ(LossReduction(Reduction::sum), LossReduction::sum);
  EXPECT_EQ(LossReduction(Reduction("none")), LossReduction::none);
  EXPECT_THAT([] { MeanSquaredError({.reduction = "avg"}); },
              says<ValueError>("unknown reduction 'avg'", "'mean_with_sample_weight'"));
}

TEST(Loss, WeighsEachValueOrEachSample) {
  const Tensor y = Tensor::zeros({2, 3, 1}), p = {{{1}, {2}, {3}}, {{4}, {5}, {6}}};
  const MeanSquaredError loss({.reduction = "sum"});
  EXPECT_FLOAT_EQ(loss(y, p, {1, 0}).item<float>(), 14);
  EXPECT_FLOAT_EQ(loss(y, p, {{1}, {0}}).item<float>(), 14);
  EXPECT_FLOAT_EQ(loss(y, p, {{1, 0, 0}, {0, 0, 2}}).item<float>(), 73);
  EXPECT_FLOAT_EQ(MeanSquaredError()(y, p, {1, 0}).item<float>(), 14.0F / 6);
  EXPECT_FLOAT_EQ(MeanSquaredError({.reduction = "mean_with_sample_weight"})(y, p, {2, 0}).item<float>(),
                  14.0F / 3);
  EXPECT_EQ(MeanSquaredError({.reduction = "none"})(y, p, {1, 0}).shape(), Shape({2, 3}));
}

TEST(Loss, RefusesWeightsThatDoNotFit) {
  const Tensor y = Tensor::zeros({3, 2});
  EXPECT_THAT(
      [&] {
        MeanSquaredError()(y, y, {1, 2});
      },
      says<ShapeError>("mean_squared_error: sample_weight is [2], the samples are [3]"));
  EXPECT_THAT(
      [&] {
        MeanSquaredError()(Tensor::zeros({3, 3, 1}), Tensor::zeros({3, 3, 1}), {{1, 2, 3}});
      },
      says<ShapeError>("sample_weight is [1, 3], the samples are [3, 3]"));
  EXPECT_THAT(
      [&] {
        Dice()(y, y, {1, 2, 3});
      },
      says<ShapeError>("dice: sample weights need a loss function that gives one value for each"));
}

TEST(Loss, OfWeightsThatAreAllZeroIsZero) {
  const Tensor y = {{1}, {2}}, p = {{0}, {0}};
  for (const char* reduction : {"mean", "sum", "mean_with_sample_weight"}) {
    EXPECT_EQ(MeanSquaredError({.reduction = reduction})(y, p, {0, 0}).item(), 0) << reduction;
  }
}

TEST(SparseCategoricalCrossentropy, CountsIgnoredSamplesNeitherInSumNorInNumber) {
  const Tensor p = {{0.5, 0.5}, {0.25, 0.75}, {0.1, 0.9}};
  const SparseCategoricalCrossentropy loss({.ignore_class = -1});
  EXPECT_NEAR(loss(Tensor({0, -1, 1}, DType::int64), p).item(), -(std::log(0.5) + std::log(0.9)) / 2, 1e-6);
  EXPECT_NEAR(loss(Tensor({{0}, {-1}, {1}}, DType::int32), p).item(), -(std::log(0.5) + std::log(0.9)) / 2,
              1e-6);
  const Parameter q("q", p);
  Variable none = loss(Tensor{-1, -1, -1}, q);
  EXPECT_EQ(none.item(), 0);
  none.backward();
  for (const float slope : q.grad().values<float>()) EXPECT_EQ(slope, 0);
  EXPECT_THAT([&] { loss(Tensor{0, 2, 1}, p); }, says<ValueError>("label", "2"));
}

TEST(SparseCategoricalCrossentropy, SeesTheSoftmaxWithIgnoredSamplesToo) {
  const Parameter z("z", Tensor{{1e3, 0}, {0, 1e3}});
  Variable loss = SparseCategoricalCrossentropy({.ignore_class = 7})(Tensor{1, 7}, softmax(z));
  EXPECT_NEAR(loss.item(), 1e3, 1e-3);
  loss.backward();
  EXPECT_TRUE(all_close(z.grad(), {{1, -1}, {0, 0}}));
}

TEST(CategoricalCrossentropy, SeesTheSoftmaxAsAnObjectToo) {
  const Parameter z("z", Tensor{{1e3, 0}});
  Variable loss = CategoricalCrossentropy()(Tensor{{0, 1}}, softmax(z));
  EXPECT_NEAR(loss.item(), 1e3, 1e-3) << "the clipped path stops at 16.1";
}

TEST(CategoricalGeneralizedCrossEntropy, HasGradientsAndEdges) {
  Random random(1);
  const Tensor labels = {2, 0, 1};
  const auto call = [&](const Variable& p) {
    return CategoricalGeneralizedCrossEntropy({.reduction = "none"})(labels, p);
  };
  EXPECT_TRUE(gradcheck(call, {random.uniform({3, 3}, {.low = 0.2, .high = 0.9})}));
  EXPECT_EQ(CategoricalGeneralizedCrossEntropy()(Tensor{0}, Tensor{{1, 0}}).item(), 0);
  EXPECT_EQ(CategoricalGeneralizedCrossEntropy()(Tensor{1}, Tensor{{1, 0}}).item(), 2) << "1 / q";
  EXPECT_THAT([] { CategoricalGeneralizedCrossEntropy({.q = 1}); },
              says<ValueError>("q 1.0 is outside (0, 1)"));
  EXPECT_THAT([] { CategoricalGeneralizedCrossEntropy({.q = 0}); },
              says<ValueError>("q 0.0 is outside (0, 1)"));
  EXPECT_THAT(
      [] {
        CategoricalGeneralizedCrossEntropy()(Tensor{2}, Tensor{{1, 0}});
      },
      says<ValueError>("the label 2.0 at place 0 is not one of the classes 0 to 1"));
  EXPECT_THAT(
      [] {
        CategoricalGeneralizedCrossEntropy()(Tensor{1, 0}, Tensor{{1, 0}});
      },
      says<ShapeError>("y_true is [2], it needs one class number for each of the samples [1]"));
  EXPECT_THAT(
      [] {
        CategoricalGeneralizedCrossEntropy()(Tensor{0.5}, Tensor{{1, 0}});
      },
      says<ValueError>("the label 0.5"));
}

TEST(Circle, HasGradients) {
  Random random(2);
  const auto call = [](const Variable& p) {
    return Circle({.gamma = 2, .reduction = "none"})(Tensor{0, 1, 0, 1, 2}, l2_normalize(p));
  };
  EXPECT_TRUE(gradcheck(call, {random.normal({5, 4})}));
}

TEST(Circle, LeavesSamplesWithoutPairsOut) {
  const Tensor embeddings = {{1, 0}, {0, 1}, {0.6, 0.8}};
  const Parameter p("p", embeddings);
  Variable apart = Circle()(Tensor{0, 1, 2}, p);  // no two of one class
  EXPECT_EQ(apart.item(), 0);
  apart.backward();
  for (const float slope : p.grad().values<float>()) EXPECT_EQ(slope, 0);
  EXPECT_EQ(Circle()(Tensor{0, 0, 0}, embeddings).item(), 0) << "no two of different classes";
  const Tensor each = Circle({.reduction = "none"})(Tensor{0, 1, 0}, embeddings).value();
  EXPECT_EQ(each(1), 0);
  EXPECT_NEAR(Circle()(Tensor{0, 1, 0}, embeddings).item(), (each(0) + each(2)) / 2, 1e-5);
}

TEST(Circle, RefusesShapesThatDoNotFit) {
  EXPECT_THAT(
      [] {
        Circle()(Tensor{0, 1}, Tensor{{1, 0}, {0, 1}, {1, 0}});
      },
      says<ShapeError>("circle: y_true is [2], y_pred is [3, 2]"));
  EXPECT_THAT([] { Circle()(Tensor{0, 1}, Tensor{1, 0}); }, says<ShapeError>("[n] and [n, size]"));
}

TEST(Tversky, WeighsFalsePositivesByAlpha) {
  const Tensor y = {{1, 0}}, p = {{1, 1}};  // one hit, one false positive
  EXPECT_NEAR(Tversky({.alpha = 1, .beta = 0})(y, p).item(), 0.5, 1e-6);
  EXPECT_NEAR(Tversky({.alpha = 0, .beta = 1})(y, p).item(), 0, 1e-6);
  EXPECT_THAT([] { Tversky({.alpha = -1}); },
              says<ValueError>("tversky: alpha must not be negative, got -1.0"));
  EXPECT_THAT([] { Tversky({.beta = -0.5}); },
              says<ValueError>("tversky: beta must not be negative, got -0.5"));
}

TEST(Huber, RefusesADeltaThatIsNotPositive) {
  EXPECT_THAT([] { Huber({.delta = 0})(Tensor{{1}}, Tensor{{2}}); }, says<ValueError>("huber", "delta"));
}

}  // namespace
}  // namespace gradus
