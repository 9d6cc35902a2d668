// Every metric against NumPy, SciPy and scikit-learn, gathered over batches, with and without weights.

#include <gradus/models/metrics/accuracy.h>
#include <gradus/models/metrics/auc.h>
#include <gradus/models/metrics/confusion.h>
#include <gradus/models/metrics/correlation.h>
#include <gradus/models/metrics/f_score.h>
#include <gradus/models/metrics/iou.h>
#include <gradus/models/metrics/regression.h>

#include <gtest/gtest.h>

#include <numeric>
#include <ostream>

#include "../reference.h"

namespace gradus {
namespace {

using testing_data::reference;
using testing_data::tensor_of;

struct MetricCase {
  std::string name;
  Metric metric;
};
void PrintTo(const MetricCase& given, std::ostream* out) { *out << given.name; }

std::vector<MetricCase> auc_cases() {
  std::vector<MetricCase> cases;
  for (const char* curve : {"ROC", "PR", "PRGAIN"}) {
    for (const char* method : {"interpolation", "minoring", "majoring"}) {
      cases.push_back(
          {std::string("auc_") + curve + "_" + method, AUC({.curve = curve, .summation_method = method})});
    }
  }
  cases.push_back({"auc_fine", AUC({.num_thresholds = 100001})});
  cases.push_back({"auc_thresholds", AUC({.thresholds = {0.8, 0.1, 0.4, 0.35}})});
  cases.push_back({"auc_even_thresholds", AUC({.thresholds = {0.25, 0.5, 0.75}})});
  cases.push_back({"auc_logits", AUC({.from_logits = true})});
  cases.push_back({"auc_ties", AUC()});
  cases.push_back({"auc_beyond", "auc"});
  cases.push_back({"auc_multi_label", AUC({.multi_label = true})});
  cases.push_back(
      {"auc_multi_label_weights", AUC({.multi_label = true, .num_labels = 3, .label_weights = {0.5, 0, 2}})});
  cases.push_back({"auc_label_weights", AUC({.label_weights = {0.5, 0.1, 2}})});
  return cases;
}

std::vector<MetricCase> f_score_cases() {
  std::vector<MetricCase> cases;
  for (const std::string average : {"None", "micro", "macro", "weighted"}) {
    const std::string given = average == "None" ? "" : average;
    const std::string key = average == "None" ? "None" : average;
    cases.push_back({"f1_" + key, F1Score({.average = given})});
    cases.push_back({"fbeta_" + key, FBetaScore({.average = given, .beta = 2, .threshold = 0.25})});
  }
  return cases;
}

std::vector<MetricCase> cases() {
  const Thresholds several = {0.7, 0.2, 0.55}, others = {0.3, 0.6, 0.99};
  std::vector<MetricCase> all = {
      {"true_positives", "true_positives"},
      {"true_negatives", "TrueNegatives"},
      {"false_positives", FalsePositives({.thresholds = 0.5})},
      {"false_negatives", FalseNegatives()},
      {"true_positives_several", TruePositives({.thresholds = several})},
      {"true_negatives_several", TrueNegatives({.thresholds = several})},
      {"false_positives_several", FalsePositives({.thresholds = several})},
      {"false_negatives_several", FalseNegatives({.thresholds = several})},
      {"precision", "precision"},
      {"recall", "recall"},
      {"precision_several", Precision({.thresholds = others})},
      {"recall_several", Recall({.thresholds = others})},
      {"precision_of_none", Precision()},
      {"precision_top_k", Precision({.top_k = 2})},
      {"recall_top_k", Recall({.top_k = 2})},
      {"recall_class", Recall({.thresholds = 0.3, .class_id = 1})},
      {"precision_top_k_class", Precision({.top_k = 1, .class_id = 2})},
      {"precision_all_classes", Precision()},
      {"sensitivity_at_specificity", SensitivityAtSpecificity(0.6)},
      {"specificity_at_sensitivity", SpecificityAtSensitivity(0.6)},
      {"precision_at_recall", PrecisionAtRecall(0.7)},
      {"recall_at_precision", RecallAtPrecision(0.8)},
      {"recall_at_precision_few", RecallAtPrecision(0.6, {.num_thresholds = 5})},
      {"precision_at_recall_one", PrecisionAtRecall(0.1, {.num_thresholds = 1})},
      {"r2_score", "r2_score"},
      {"r2_score_variance", R2Score({.class_aggregation = "variance_weighted_average"})},
      {"r2_score_each", R2Score({.class_aggregation = ""})},
      {"r2_score_adjusted", R2Score({.num_regressors = 4})},
      {"r2_score_constant", R2Score({.class_aggregation = "none"})},
      {"r2_score_constant_met", R2Score({.class_aggregation = "none"})},
      {"root_mean_squared_error", RootMeanSquaredError()},
      {"mean_squared_error", "mse"},
      {"mean_squared_error_of_sequences", "mse"},
      {"mean_absolute_error", "mae"},
      {"log_cosh_error", LogCoshError()},
      {"cosine_similarity", "cosine_similarity"},
      {"pearson_correlation", PearsonCorrelation()},
      {"concordance_correlation", ConcordanceCorrelation()},
      {"top_k_categorical_accuracy", TopKCategoricalAccuracy({.k = 2})},
      {"sparse_top_k_categorical_accuracy", SparseTopKCategoricalAccuracy({.k = 3})},
      {"sparse_top_k_categorical_accuracy_ties", SparseTopKCategoricalAccuracy({.k = 2})},
      {"sparse_top_k_sorted_ids", SparseTopKCategoricalAccuracy({.k = 2, .from_sorted_ids = true})},
      {"iou", IoU(4, {0, 2})},
      {"mean_iou", MeanIoU(4)},
      {"mean_iou_ignoring", MeanIoU(4, {.ignore_class = 1})},
      {"mean_iou_more_classes", MeanIoU(6)},
      {"mean_iou_out_of_range", MeanIoU(3)},
      {"mean_iou_of_pictures", MeanIoU(4)},
      {"one_hot_iou", OneHotIoU(4, {1, 3})},
      {"one_hot_mean_iou", OneHotMeanIoU(4)},
      {"binary_iou", BinaryIoU({.threshold = 0.3})},
      {"binary_iou_class", BinaryIoU({.target_class_ids = {1}})},
  };
  for (const auto& more : {auc_cases(), f_score_cases()}) all.insert(all.end(), more.begin(), more.end());
  return all;
}

class MetricReference : public testing::TestWithParam<MetricCase> {
 protected:
  static void expect(const MetricCase& given, bool weighted) {
    const Config& expected = reference("metrics")[given.name].config();
    given.metric.reset();
    for (const ConfigValue& value : expected["batches"].list()) {
      const Config& batch = value.config();
      given.metric.update(tensor_of(batch["y_true"]), tensor_of(batch["y_pred"]),
                          weighted ? tensor_of(batch["sample_weight"]) : Tensor());
    }
    const ConfigValue::List& theirs = expected[weighted ? "weighted" : "results"].list();
    const std::vector<double> ours = given.metric.results();
    ASSERT_EQ(ours.size(), theirs.size());
    for (std::size_t i = 0; i < ours.size(); ++i) {
      EXPECT_NEAR(ours[i], theirs[i].number(), 1e-9 * (1 + std::abs(ours[i]))) << i;
    }
    const double mean = std::accumulate(ours.begin(), ours.end(), 0.0) / static_cast<double>(ours.size());
    EXPECT_NEAR(given.metric.result(), mean, 1e-12 * (1 + std::abs(mean)));
  }
};

TEST_P(MetricReference, Agrees) { expect(GetParam(), false); }
TEST_P(MetricReference, AgreesWithWeights) { expect(GetParam(), true); }

INSTANTIATE_TEST_SUITE_P(All, MetricReference, testing::ValuesIn(cases()), testing_data::CaseName());

TEST(MetricReference, HasACaseForAll) { EXPECT_EQ(reference("metrics").values().size(), cases().size()); }

}  // namespace
}  // namespace gradus
