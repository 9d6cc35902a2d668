// What metrics have in common, and their edges.

#include <gradus/graph/error.h>
#include <gradus/models/layers/dense.h>
#include <gradus/models/metrics/accuracy.h>
#include <gradus/models/metrics/confusion.h>
#include <gradus/models/metrics/correlation.h>
#include <gradus/models/metrics/f_score.h>
#include <gradus/models/metrics/iou.h>
#include <gradus/models/metrics/regression.h>
#include <gradus/models/sequential.h>

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "../says.h"

namespace gradus {
namespace {

using testing_data::says;

double value(const Metric& metric, const Tensor& y_true, const Tensor& y_pred, const Tensor& weights = {}) {
  metric.reset();
  metric.update(y_true, y_pred, weights);
  return metric.result();
}

std::vector<Metric> all_metrics() {
  std::vector<Metric> all = {SensitivityAtSpecificity(0.5),
                             SpecificityAtSensitivity(0.5),
                             PrecisionAtRecall(0.5),
                             RecallAtPrecision(0.5),
                             IoU(2, {0}),
                             MeanIoU(2),
                             OneHotIoU(2, {0}),
                             OneHotMeanIoU(2)};
  for (const char* name : {"accuracy",
                           "acc",
                           "binary_accuracy",
                           "categorical_accuracy",
                           "sparse_categorical_accuracy",
                           "top_k_categorical_accuracy",
                           "sparse_top_k_categorical_accuracy",
                           "precision",
                           "recall",
                           "true_positives",
                           "true_negatives",
                           "false_positives",
                           "false_negatives",
                           "auc",
                           "f1_score",
                           "fbeta_score",
                           "binary_iou",
                           "root_mean_squared_error",
                           "r2_score",
                           "log_cosh_error",
                           "cosine_similarity",
                           "pearson_correlation",
                           "concordance_correlation",
                           "mean",
                           "sum",
                           "mse",
                           "mae",
                           "mape",
                           "msle",
                           "bce",
                           "ce",
                           "kld",
                           "poisson",
                           "hinge",
                           "squared_hinge",
                           "categorical_hinge",
                           "huber",
                           "sparse_categorical_crossentropy",
                           "categorical_crossentropy"}) {
    all.emplace_back(name);
  }
  return all;
}

TEST(Metric, IsZeroBeforeTheFirstBatch) {
  for (const Metric& metric : all_metrics()) {
    EXPECT_EQ(metric.result(), 0) << metric.name();
    EXPECT_EQ(metric.running_result(), 0) << metric.name();
  }
}

TEST(Metric, HasKerasNames) {
  EXPECT_EQ(Metric("AUC").name(), "AUC") << "as it was typed";
  EXPECT_EQ(IoU(2, {0}).name(), "io_u");
  EXPECT_EQ(MeanIoU(2).name(), "mean_io_u");
  EXPECT_EQ(BinaryIoU().name(), "binary_io_u");
  EXPECT_EQ(OneHotIoU(2, {0}).name(), "one_hot_io_u");
  EXPECT_EQ(OneHotMeanIoU(2).name(), "one_hot_mean_io_u");
  EXPECT_EQ(FBetaScore().name(), "fbeta_score");
  EXPECT_EQ(LogCoshError().name(), "logcosh");
  EXPECT_EQ(CosineSimilarityMetric().name(), "cosine_similarity");
  EXPECT_EQ(PrecisionAtRecall(0.5).name(), "precision_at_recall");
  EXPECT_EQ(Precision({.name = "exact"}).name(), "exact");
}

TEST(Metric, OfAnUnknownNameListsTheKnown) {
  EXPECT_THAT([] { Metric("precison"); },
              says<ValueError>("unknown metric 'precison'", "'auc'", "'mse'", "did you mean 'precision'?"));
  EXPECT_THAT([] { Metric(" recall"); },
              says<ValueError>("unknown metric ' recall'", "did you mean 'recall'?"));
}

TEST(Metric, CosineSimilarityHasTheOtherSignAsALoss) {
  const Tensor y = {{3, 4}}, p = {{6, 8}};
  EXPECT_NEAR(value("cosine_similarity", y, p), 1, 1e-6);
  EXPECT_NEAR(Loss("cosine_similarity")(y, p).item(), -1, 1e-6);
  EXPECT_EQ(value("cosine_similarity", {{0, 0}}, p), 0);
}

TEST(Metric, RefusesWeightsThatDoNotFit) {
  const Tensor y = {{1, 0}, {0, 1}, {1, 0}};
  for (const Metric& metric :
       std::vector<Metric>{"accuracy", "precision", "auc", "f1_score", "r2_score", "mse",
                           "root_mean_squared_error", OneHotMeanIoU(2), TopKCategoricalAccuracy({.k = 1})}) {
    EXPECT_THAT(
        [&] {
          metric.update(y, y, {1, 2});
        },
        says<ShapeError>("sample_weight is [2], the samples are [3"))
        << metric.name();
    EXPECT_EQ(metric.result(), 0) << metric.name();
  }
}

TEST(Metric, RefusesShapesThatDoNotFit) {
  const Tensor y = {{1, 0}, {0, 1}}, p = {{1, 0, 0}, {0, 1, 0}};
  for (const Metric& metric :
       std::vector<Metric>{"precision", "recall", "auc", "f1_score", "r2_score", "root_mean_squared_error",
                           "true_positives", MeanIoU(2), TopKCategoricalAccuracy({.k = 1})}) {
    EXPECT_THAT([&] { metric.update(y, p); }, says<ShapeError>("y_true is [2, 2], y_pred is [2, 3]"))
        << metric.name();
  }
}

TEST(Metric, OfAColumnAgainstAVectorIsSqueezed) {
  const Tensor column = {{1}, {0}, {1}}, flat = {0.9, 0.8, 0.1};
  EXPECT_DOUBLE_EQ(value("precision", column, flat), 0.5);
  EXPECT_DOUBLE_EQ(value("recall", {1, 0, 1}, {{0.9}, {0.8}, {0.1}}, {1, 5, 3}), 0.25);
  EXPECT_NEAR(value("root_mean_squared_error", column, {1, 0, 4}), std::sqrt(3), 1e-6);
  EXPECT_NEAR(value("r2_score", {1, 2, 3}, {{1}, {2}, {3}}), 1, 1e-6);
}

TEST(Precision, AsksForMoreThanTheThresholdInThePredictionsDtype) {
  EXPECT_EQ(value(TruePositives({.thresholds = 0.1}), {{1}}, {{0.1}}), 0) << "0.1f is 0.1f, though above 0.1";
  EXPECT_EQ(value("true_positives", {{1}}, {{0.5}}), 0);
  EXPECT_EQ(value("true_positives", {{1}}, {{std::nextafter(0.5F, 1.0F)}}), 1);
  EXPECT_EQ(value(BinaryIoU({.target_class_ids = {1}, .threshold = 0.1}), {{1}}, {{0.1}}) > 0.99, true)
      << "an IoU asks for at least";
}

TEST(Precision, TakesNaNForNoAnswer) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(value("precision", {{1}, {1}}, {{nan}, {0.9}}), 1);
  EXPECT_EQ(value("recall", {{1}, {1}}, {{nan}, {0.9}}), 0.5);
  EXPECT_EQ(value(RecallAtPrecision(0.5), {{1}, {1}}, {{nan}, {0.9}}), 0.5);
  EXPECT_EQ(value(TopKCategoricalAccuracy({.k = 1}), {{1, 0}}, {{nan, 0.9}}), 0);
}

TEST(Precision, TakesOfEqualPredictionsTheFirst) {
  EXPECT_EQ(value(Precision({.top_k = 1}), {{1, 0, 0}}, {{0.3, 0.3, 0.3}}), 1);
  EXPECT_EQ(value(Precision({.top_k = 1}), {{0, 1, 0}}, {{0.3, 0.3, 0.3}}), 0);
}

TEST(Precision, RefusesOptionsThatAreNone) {
  const Tensor y = {{1, 0}};
  EXPECT_THAT(
      [] {
        Precision({.thresholds = {0.5, -0.1}});
      },
      says<ValueError>("precision: the threshold -0.1 is outside [0, 1]"));
  EXPECT_THAT([] { FalseNegatives({.thresholds = 2}); },
              says<ValueError>("false_negatives: the threshold 2.0"));
  EXPECT_THAT([] { Recall({.top_k = 0}); }, says<ValueError>("recall: top_k must be positive, got 0"));
  EXPECT_THAT([&] { Precision({.top_k = 3}).update(y, y); },
              says<ValueError>("precision: top_k 3 is more than the 2 classes"));
  EXPECT_THAT([&] { Precision({.class_id = 2}).update(y, y); },
              says<ValueError>("class_id 2 is not one of the classes 0 to 1"));
  EXPECT_THAT([&] { Precision({.class_id = 0}).update({1}, {1}); },
              says<ShapeError>("class_id needs predictions [n, classes], they are [1]"));
  EXPECT_THAT([] { SensitivityAtSpecificity(1.5); },
              says<ValueError>("sensitivity_at_specificity: 1.5 is outside [0, 1]"));
  EXPECT_THAT([] { PrecisionAtRecall(0.5, {.num_thresholds = 0}); },
              says<ValueError>("precision_at_recall: num_thresholds must be at least 1, got 0"));
}

TEST(FBetaScore, RefusesOptionsAndShapesThatAreNone) {
  EXPECT_THAT([] { F1Score({.average = "makro"}); },
              says<ValueError>("unknown average of an F score 'makro'", "did you mean 'macro'?"));
  EXPECT_THAT([] { FBetaScore({.beta = 0}); },
              says<ValueError>("fbeta_score: beta must be positive, got 0.0"));
  EXPECT_THAT([] { F1Score({.threshold = 0}); },
              says<ValueError>("f1_score: the threshold 0.0 is outside (0, 1]"));
  EXPECT_THAT(
      [] {
        F1Score().update({1, 0}, {1, 0});
      },
      says<ShapeError>("f1_score: y_true is [2], y_pred is [2]"));
  const F1Score score;
  score.update({{1, 0}}, {{1, 0}});
  EXPECT_THAT(
      [&] {
        score.update({{1, 0, 0}}, {{1, 0, 0}});
      },
      says<ShapeError>("the batches before had 2 classes, y_pred is [1, 3]"));
}

TEST(FBetaScore, TakesAllLargestOfARowButNoZeros) {
  const F1Score score;
  score.update({{1, 1, 0}, {1, 0, 0}}, {{0.4, 0.4, 0.2}, {0, 0, 0}});
  const std::vector<double> each = score.results();
  EXPECT_NEAR(each[0], 2.0 / 3, 1e-6) << "a row of zeros says nothing";
  EXPECT_NEAR(each[1], 1, 1e-6);
  EXPECT_EQ(each[2], 0);
}

TEST(R2Score, OfEqualLabelsIsOneOrZero) {
  const Tensor y = Tensor::full({5, 1}, 0.1, DType::float64), weights = {0.3, 0.7, 1.1, 0.2, 1.9};
  EXPECT_EQ(value("r2_score", y, y, weights), 1);
  EXPECT_EQ(value("r2_score", y, Tensor::full({5, 1}, 0.2, DType::float64), weights), 0);
}

TEST(R2Score, RefusesOptionsAndShapesThatAreNone) {
  EXPECT_THAT([] { R2Score({.class_aggregation = "mean"}); },
              says<ValueError>("unknown class_aggregation of r2_score 'mean'", "'uniform_average'"));
  EXPECT_THAT([] { R2Score({.num_regressors = -1}); },
              says<ValueError>("num_regressors must not be negative, got -1"));
  EXPECT_THAT([] { R2Score().update({1, 2}, {1, 2}); }, says<ShapeError>("r2_score: y_true is [2]"));
  const R2Score score;
  score.update({{1, 0}}, {{1, 0}});
  EXPECT_THAT([&] { score.update({{1}}, {{1}}); }, says<ShapeError>("the batches before had 2 outputs"));
}

TEST(R2Score, IsThePlainOneWhereTooFewSamplesAdjustIt) {
  const Tensor y = {{1}, {2}, {4}}, p = {{1}, {2}, {3}};
  EXPECT_DOUBLE_EQ(value(R2Score({.num_regressors = 2}), y, p), value(R2Score(), y, p));
  EXPECT_DOUBLE_EQ(value(R2Score({.num_regressors = 5}), y, p), value(R2Score(), y, p));
}

TEST(PearsonCorrelation, RunsAlongAnyAxis) {
  const Tensor y = {{1, 5}, {2, 3}, {3, 1}}, p = {{2, 1}, {4, 2}, {6, 3}};
  EXPECT_NEAR(value(PearsonCorrelation({.axis = 0}), y, p), 0, 1e-6) << "1 and -1";
  EXPECT_TRUE(std::isnan(value("pearson_correlation", {{1, 1}}, {{1, 2}}))) << "a constant has none";
  EXPECT_EQ(value("concordance_correlation", {{1, 1}}, {{1, 2}}), 0);
}

TEST(IoU, RefusesOptionsThatAreNone) {
  EXPECT_THAT([] { IoU(2, {2}); },
              says<ValueError>("io_u: the target class 2 is not one of the classes 0 to 1"));
  EXPECT_THAT([] { IoU(2, {}); }, says<ValueError>("io_u: there are no target_class_ids"));
  EXPECT_THAT([] { MeanIoU(0); }, says<ValueError>("mean_io_u: num_classes must be positive, got 0"));
}

TEST(IoU, TakesWeightsOfEachValue) {
  const Tensor y = {{0, 1}, {1, 1}}, p = {{0, 0}, {1, 1}};
  EXPECT_NEAR(value(MeanIoU(2), y, p, {{1, 2}, {3, 4}}), (1.0 / 3 + 7.0 / 9) / 2, 1e-6);
  EXPECT_NEAR(value(MeanIoU(2), y, p, {1, 0}), 0.25, 1e-6);
}

TEST(TopKCategoricalAccuracy, CountsTiesWithTheLastOfTheTop) {
  const Tensor p = {{0.4, 0.3, 0.3}};
  EXPECT_EQ(value(SparseTopKCategoricalAccuracy({.k = 2}), {1}, p), 1);
  EXPECT_EQ(value(SparseTopKCategoricalAccuracy({.k = 2}), {2}, p), 1);
  EXPECT_EQ(value(SparseTopKCategoricalAccuracy({.k = 1}), {2}, p), 0);
  EXPECT_EQ(value(TopKCategoricalAccuracy({.k = 3}), {{0, 0, 1}}, p), 1);
}

TEST(TopKCategoricalAccuracy, RefusesMoreThanTheClasses) {
  EXPECT_THAT(
      [] {
        Metric("top_k_categorical_accuracy").update({{1, 0}}, {{1, 0}});
      },
      says<ValueError>("top_k_categorical_accuracy: k = 5 of y_pred [1, 2], which has 2 classes"));
  EXPECT_THAT([] { TopKCategoricalAccuracy({.k = 0}); }, says<ValueError>("k must be positive, got 0"));
  EXPECT_THAT(
      [] {
        SparseTopKCategoricalAccuracy({.k = 1}).update({2}, {{1, 0}});
      },
      says<ValueError>("the label 2.0 at place 0 is not one of the classes 0 to 1"));
}

TEST(Accuracy, OfARegressionIsAnErrorNotZero) {
  EXPECT_THAT([] { Metric("accuracy").update({{0.5}}, {{0.4}}); },
              says<ValueError>("accuracy", "0.5", "accuracy does not measure a regression"));
}

TEST(Metric, OfSeveralNumbersLogsTheirMean) {
  Sequential model({.seed = 1});
  model.add(Dense(3, {.activation = "softmax", .input_dim = 2}));
  model.compile({.optimizer = "sgd",
                 .loss = "categorical_crossentropy",
                 .metrics = {F1Score()},
                 .weighted_metrics = {Recall({.thresholds = {0.2, 0.8}})}});
  const Tensor x = {{0, 1}, {1, 0}, {1, 1}}, y = {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}};
  const Logs logs = model.evaluate(x, y, {.verbose = 0, .sample_weight = {1, 2, 0}});
  const Tensor p = model.predict(x, {.verbose = 0});
  EXPECT_DOUBLE_EQ(logs["f1_score"], value(F1Score({.average = "macro"}), y, p));
  EXPECT_DOUBLE_EQ(logs["recall"], value(Recall({.thresholds = {0.2, 0.8}}), y, p, {1, 2, 0}));
}

}  // namespace
}  // namespace gradus
