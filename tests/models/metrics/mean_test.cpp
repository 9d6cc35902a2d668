// Mean, Sum and what is made of functions.

#include <gradus/graph/error.h>
#include <gradus/models/losses/crossentropy.h>
#include <gradus/models/losses/regression.h>
#include <gradus/models/metrics/mean.h>
#include <gradus/ops/elementwise.h>
#include <gradus/ops/reduction.h>

#include <gtest/gtest.h>

#include <cmath>

#include "../says.h"

namespace gradus {
namespace {

using testing_data::says;

TEST(Mean, IsOfValuesByWeight) {
  const Mean mean;
  EXPECT_EQ(mean.result(), 0);
  mean.update({1, 3, 5, 7});
  EXPECT_DOUBLE_EQ(mean.result(), 4) << "Keras's own example";
  mean.reset();
  mean.update({1, 3, 5, 7}, {1, 1, 0, 0});
  EXPECT_DOUBLE_EQ(mean.result(), 2);
  mean.update(Tensor::scalar(10));
  EXPECT_DOUBLE_EQ(mean.result(), 14.0 / 3);
  mean.reset();
  mean.update({{1, 3}, {5, 9}}, {1, 3});
  EXPECT_DOUBLE_EQ(mean.result(), (2 + 3 * 7) / 4.0);
  mean.reset();
  mean.update({{1, 3}, {5, 9}}, {{1, 0}, {0, 1}});
  EXPECT_DOUBLE_EQ(mean.result(), 5);
  EXPECT_EQ(Metric(mean).name(), "mean");
  EXPECT_EQ(Mean({.name = "mine"}).name(), "mine");
}

TEST(Sum, IsOfValuesTimesWeights) {
  const Sum sum;
  sum.update({1, 3, 5, 7});
  sum.update({{1, 3}, {5, 7}}, {0, 0.5});
  EXPECT_DOUBLE_EQ(sum.result(), 22);
  sum.reset();
  EXPECT_EQ(sum.result(), 0);
}

TEST(Mean, RefusesLabelsAndWeightsThatDoNotFit) {
  EXPECT_THAT([] { Metric("mean").update({1}, {2}); }, says<ValueError>("mean: it takes values, not labels"));
  EXPECT_THAT(
      [] {
        Mean().update({1, 2}, {1, 2, 3});
      },
      says<ShapeError>("mean: sample_weight is [3], the samples are [2]"));
}

TEST(MeanMetricWrapper, TakesAFunctionOfValuesAndWeighsThem) {
  const MeanMetricWrapper metric([](const Operand& t, const Operand& p) { return abs(t - p); },
                                 {.name = "off"});
  metric.update({{1, 2}, {3, 4}}, {{0, 0}, {0, 0}}, {3, 1});
  EXPECT_DOUBLE_EQ(metric.result(), (3 * 1.5 + 3.5) / 4);
  EXPECT_EQ(metric.name(), "off");
  const MeanMetricWrapper whole([](const Operand& t, const Operand& p) { return sum(t - p); });
  whole.update({{1}, {3}}, {{0}, {0}});
  whole.update({{1}}, {{0}});
  EXPECT_DOUBLE_EQ(whole.result(), (2 * 4 + 1) / 3.0) << "a single value stands for all samples";
  EXPECT_THAT(
      [&] {
        whole.update({{1}, {3}}, {{0}, {0}}, {1, 2});
      },
      says<ShapeError>("sample weights need one value for each of the 2 samples"));
}

TEST(Metric, OfALossIsItsMeanWhateverItsReduction) {
  const Tensor y = {{1}, {2}}, p = {{0}, {0}};
  for (const char* reduction : {"sum", "none", "mean", "mean_with_sample_weight"}) {
    const Metric metric = MeanSquaredError({.reduction = reduction});
    metric.update(y, p);
    metric.update({{3}}, {{0}});
    EXPECT_DOUBLE_EQ(metric.result(), 14.0 / 3) << reduction;
    metric.reset();
    metric.update(y, p, {3, 1});
    EXPECT_DOUBLE_EQ(metric.result(), 7.0 / 4) << reduction;
  }
}

TEST(Metric, OfALossLeavesIgnoredSamplesOut) {
  const Metric metric = SparseCategoricalCrossentropy({.ignore_class = 0});
  metric.update({0, 1}, {{0.5, 0.5}, {0.5, 0.5}});
  metric.update({0, 0, 0}, {{0.5, 0.5}, {0.5, 0.5}, {0.5, 0.5}});
  EXPECT_NEAR(metric.result(), std::log(2.0), 1e-6);
}

}  // namespace
}  // namespace gradus
