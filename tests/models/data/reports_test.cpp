#include <gradus/graph/error.h>
#include <gradus/models/data/classification_report.h>
#include <gradus/models/data/confusion_matrix.h>

#include <gtest/gtest.h>

#include <limits>

#include "../says.h"
#include "reference.h"

namespace gradus::data {
namespace {

using testing_data::says;

// Labels as make_reference.py makes them: five classes, mostly told right.
struct Labels {
  Tensor y_true, y_pred, weights;
};
const Labels& labels() {
  static const Labels labels = [] {
    std::vector<std::int64_t> y_true, y_pred;
    std::vector<double> weights;
    for (std::int64_t i = 0; i < 200; ++i) {
      y_true.push_back((i * 7 + i / 30) % 5);
      y_pred.push_back((i * 7 + i / 30 + (i % 9 == 0 ? i % 4 : 0)) % 5);
      weights.push_back(0.5 + static_cast<double>(i % 3) * 0.25);
    }
    return Labels{Tensor(y_true), Tensor(y_pred), Tensor(weights)};
  }();
  return labels;
}
std::string report(const ClassificationReportOptions& options) {
  return classification_report(labels().y_true, labels().y_pred, options);
}
Tensor whole(const std::vector<std::int64_t>& values) { return Tensor(values); }

TEST(ClassificationReport, IsScikitLearnsText) {
  EXPECT_EQ(report({}), reference_text("report"));
  EXPECT_EQ(report({.target_names = {"a", "b", "c", "d", "a name of length 22.."}, .digits = 3}),
            reference_text("report_names"));
  EXPECT_EQ(report({.labels = whole({3, 1})}), reference_text("report_subset"));
  EXPECT_EQ(report({.labels = whole({0, 1, 2, 3, 4, 7}), .zero_division = 1}),
            reference_text("report_more_labels"));
  EXPECT_EQ(report({.sample_weight = labels().weights, .digits = 4}), reference_text("report_weights"));
  EXPECT_EQ(report({.digits = 0}), reference_text("report_no_digits"));
  EXPECT_EQ(classification_report(labels().y_true.cast(DType::float64), labels().y_pred.cast(DType::float32)),
            reference_text("report_floats"));
  EXPECT_EQ(classification_report(whole({0, 0, 1, 1}), whole({0, 0, 0, 2})),
            reference_text("report_missing"));
  EXPECT_EQ(classification_report(whole({0, 1}), whole({0, 2}), {.labels = whole({2, 3})}),
            reference_text("report_absent"));
  EXPECT_EQ(
      classification_report(whole({0, 1}), whole({0, 1}), {.target_names = {"grün, länger als alle", "rot"}}),
      reference_text("report_umlaut"));
}

TEST(ClassificationScores, HasTheNumbersOfTheReport) {
  const ClassificationScores scores = classification_scores(whole({0, 0, 1, 1}), whole({0, 1, 1, 1}));
  ASSERT_EQ(scores.classes.size(), 2U);
  EXPECT_EQ(scores.classes[1].name, "1");
  EXPECT_DOUBLE_EQ(scores.classes[0].precision, 1);
  EXPECT_DOUBLE_EQ(scores.classes[0].recall, 0.5);
  EXPECT_DOUBLE_EQ(scores.classes[1].precision, 2 / 3.);
  EXPECT_DOUBLE_EQ(scores.classes[1].f1_score, 0.8);
  EXPECT_DOUBLE_EQ(*scores.accuracy, 0.75);
  EXPECT_DOUBLE_EQ(scores.macro_avg.recall, 0.75);
  EXPECT_DOUBLE_EQ(scores.weighted_avg.support, 4);
}

TEST(ClassificationReport, RefusesWhatItCannotReport) {
  EXPECT_THAT([] { report({.target_names = {"a"}}); },
              says<ValueError>("there are 1 target_names for 5 classes"));
  EXPECT_THAT([] { report({.zero_division = 0.5}); },
              says<ValueError>("zero_division must be 0 or 1, got 0.5"));
  EXPECT_THAT([] { report({.digits = -1}); }, says<ValueError>("digits must be from 0 to 100, got -1"));
  EXPECT_THAT([] { classification_report(Tensor::zeros({0}), Tensor::zeros({0})); },
              says<ValueError>("there are no labels"));
}

TEST(ConfusionMatrix, IsScikitLearns) {
  const auto& [y_true, y_pred, weights] = labels();
  EXPECT_EQ(difference_from_reference("confusion", confusion_matrix(y_true, y_pred)), "");
  EXPECT_EQ(difference_from_reference("confusion_subset",
                                      confusion_matrix(y_true, y_pred, {.labels = whole({3, 0, 9})})),
            "");
  for (const std::string normalize : {"true", "pred", "all"}) {
    const Tensor matrix =
        confusion_matrix(y_true, y_pred, {.labels = whole({0, 1, 2, 3, 4, 9}), .normalize = normalize});
    EXPECT_TRUE(all_close(matrix, reference_values("confusion_" + normalize), {.rtol = 1e-15})) << normalize;
  }
  EXPECT_TRUE(all_close(confusion_matrix(y_true, y_pred, {.sample_weight = weights}),
                        reference_values("confusion_weights"), {.rtol = 1e-15}));
}

TEST(ConfusionMatrix, TakesLabelsOfEveryDTypeAndAColumn) {
  const Tensor expected(std::vector<std::int64_t>{1, 1, 0, 1}, {2, 2});
  EXPECT_TRUE(identical(confusion_matrix(Tensor{0, 0, 1}, Tensor({0, 1, 1}, DType::int32)), expected));
  EXPECT_TRUE(identical(confusion_matrix(Tensor{{0}, {0}, {1}}, Tensor(std::vector<bool>{false, true, true})),
                        expected));
  EXPECT_EQ(confusion_matrix(Tensor::zeros({0}), Tensor::zeros({0})).shape(), (Shape{0, 0}));
  // Whole weights count whole.
  EXPECT_TRUE(identical(
      confusion_matrix(Tensor{0, 0, 1}, Tensor{0, 1, 1}, {.sample_weight = whole({1, 1, 1})}), expected));
}

TEST(ConfusionMatrix, RefusesWhatAreNoLabels) {
  const auto of = [](const Tensor& y_true, const Tensor& y_pred, const ConfusionMatrixOptions& options = {}) {
    return [=] { confusion_matrix(y_true, y_pred, options); };
  };
  EXPECT_THAT(of(Tensor{0, 1}, Tensor{0}), says<ShapeError>("y_true has 2 labels, y_pred has 1"));
  EXPECT_THAT(of(Tensor{0, 1}, Tensor{{0.1, 0.9}, {1, 0}}),
              says<ShapeError>("y_pred is [2, 2], it needs one class label a sample", "argmax"));
  EXPECT_THAT(of(Tensor{0, 1}, Tensor{0, 0.25}),
              says<ValueError>("y_pred has 0.25 in row 1, which is no class"));
  EXPECT_THAT(of(Tensor{0, std::numeric_limits<double>::quiet_NaN()}, Tensor{0, 1}),
              says<ValueError>("y_true has nan in row 1"));
  EXPECT_THAT(of(Tensor::scalar(1), Tensor{1}), says<ShapeError>("y_true is a scalar"));
  EXPECT_THAT(of(Tensor{0}, Tensor{0}, {.labels = Tensor{1, 1}}), says<ValueError>("labels has 1.0 twice"));
  EXPECT_THAT(of(Tensor{0}, Tensor{1}, {.labels = Tensor{1, 2}}),
              says<ValueError>("none of the labels occurs in y_true"));
  EXPECT_THAT(of(Tensor{0}, Tensor{0}, {.normalize = "rows"}),
              says<ValueError>("unknown normalize 'rows'", "'pred'"));
  EXPECT_THAT(of(Tensor{0}, Tensor{0}, {.sample_weight = Tensor{1, 2}}),
              says<ShapeError>("sample_weight is [2], it needs one weight for each of the 1 samples"));
  EXPECT_THAT(of(Tensor{0}, Tensor{0}, {.sample_weight = Tensor{-1}}),
              says<ValueError>("a sample_weight", "got -1.0"));
}

}  // namespace
}  // namespace gradus::data
