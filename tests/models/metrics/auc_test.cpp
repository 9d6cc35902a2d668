// AUC beyond the reference: what has no curve, what is refused.

#include <gradus/graph/error.h>
#include <gradus/models/layers/dense.h>
#include <gradus/models/metrics/auc.h>
#include <gradus/models/sequential.h>

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "../says.h"

namespace gradus {
namespace {

using testing_data::says;

TEST(AUC, OfOneClassIsAnErrorNotAHalf) {
  const Metric auc = "auc";
  EXPECT_EQ(auc.result(), 0) << "nothing came in";
  auc.update({{1}, {1}}, {{0.2}, {0.9}});
  EXPECT_THAT([&] { auc.result(); }, says<ValueError>("auc: there is no curve, since all labels are 1"));
  EXPECT_TRUE(std::isnan(auc.running_result()));
  auc.update({{0}}, {{0.1}});
  EXPECT_DOUBLE_EQ(auc.result(), 1);
  auc.reset();
  EXPECT_EQ(auc.result(), 0);
  auc.update({{0}}, {{0.1}});
  EXPECT_THAT([&] { auc.result(); }, says<ValueError>("all labels are 0"));
}

TEST(AUC, OfPrecisionAndRecallNeedsOnesOnly) {
  const Metric auc = AUC({.curve = "pr"});
  auc.update({{1}, {1}}, {{0.2}, {0.9}});
  EXPECT_NEAR(auc.result(), 1, 1e-6);
  auc.reset();
  auc.update({{0}}, {{0.2}});
  EXPECT_THAT([&] { auc.result(); }, says<ValueError>("there is no curve", "0"));
}

TEST(AUC, NamesTheColumnOfOneClass) {
  const Metric auc = AUC({.multi_label = true});
  auc.update({{1, 0}, {0, 0}}, {{0.9, 0.5}, {0.1, 0.6}});
  EXPECT_THAT([&] { auc.result(); }, says<ValueError>("all labels of column 1 are 0"));
}

TEST(AUC, TrainsOnBatchesOfOneClassAndReportsTheEpoch) {
  Sequential model({.seed = 1});
  model.add(Dense(1, {.activation = "sigmoid", .input_dim = 1}));
  model.compile({.optimizer = "sgd", .loss = "bce", .metrics = {"auc", "accuracy"}});
  const Tensor x = {0, 1, 2, 3}, y = {0, 0, 1, 1};
  const History history = model.fit(x, y, {.batch_size = 2, .epochs = 1, .verbose = 0, .shuffle = false});
  EXPECT_GE(history["auc"][0], 0);
  EXPECT_LE(history["auc"][0], 1);
  const Tensor ones = Tensor::ones({4});
  EXPECT_THAT([&] { model.evaluate(x, ones, {.verbose = 0}); }, says<ValueError>("all labels are 1"));
  EXPECT_THAT([&] { model.fit(x, ones, {.verbose = 0}); }, says<ValueError>("all labels are 1"));
  model.compile({.optimizer = "sgd", .loss = "bce", .metrics = {"accuracy"}});
  const History trained = model.fit(x, ones, {.verbose = 0});
  EXPECT_TRUE(std::isfinite(trained["accuracy"][0])) << "accuracy is defined for one class";
}

TEST(AUC, TakesNaNForNoAnswer) {
  const Metric auc = "auc";
  auc.update({{1}, {0}}, {{std::numeric_limits<double>::quiet_NaN()}, {0.5}});
  EXPECT_GE(auc.result(), 0);
  EXPECT_LE(auc.result(), 1);
}

TEST(AUC, RefusesOptionsThatAreNone) {
  EXPECT_THAT([] { AUC({.num_thresholds = 1}); },
              says<ValueError>("auc: num_thresholds must be at least 2, got 1"));
  EXPECT_THAT([] { AUC({.curve = "RCO"}); },
              says<ValueError>("unknown curve of auc 'RCO'", "did you mean 'ROC'?"));
  EXPECT_THAT([] { AUC({.summation_method = "riemann"}); },
              says<ValueError>("unknown summation_method of auc 'riemann'", "'majoring'"));
  EXPECT_THAT(
      [] {
        AUC({.thresholds = {0.5, 1.5}});
      },
      says<ValueError>("auc: the threshold 1.5 is outside [0, 1]"));
  EXPECT_THAT([] { AUC({.num_labels = 3}); }, says<ValueError>("num_labels is for multi_label"));
  EXPECT_THAT([] { AUC({.multi_label = true, .num_labels = -1}); },
              says<ValueError>("num_labels must not be negative, got -1"));
}

TEST(AUC, RefusesShapesThatDoNotFit) {
  const Tensor y = {{1, 0}, {0, 1}};
  EXPECT_THAT(
      [&] {
        Metric("auc").update({1, 0}, y);
      },
      says<ShapeError>("auc: y_true is [2], y_pred is [2, 2]"));
  EXPECT_THAT(
      [&] {
        AUC({.multi_label = true}).update({1, 0}, {0.5, 0.5});
      },
      says<ShapeError>("multi_label needs [n, labels], y_pred is [2]"));
  EXPECT_THAT([&] { AUC({.multi_label = true, .num_labels = 3}).update(y, y); },
              says<ShapeError>("num_labels is 3, y_pred is [2, 2]"));
  EXPECT_THAT([&] { AUC({.label_weights = {1}}).update(y, y); },
              says<ShapeError>("there are 1 label_weights, y_pred is [2, 2]"));
  const AUC auc({.multi_label = true});
  auc.update(y, y);
  EXPECT_THAT([&] { auc.update({{1}}, {{1}}); }, says<ShapeError>("the batches before had 2 labels"));
  EXPECT_DOUBLE_EQ(auc.result(), 1) << "the refused batch left nothing";
}

}  // namespace
}  // namespace gradus
