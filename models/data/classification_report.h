#pragma once

#include <gradus/graph/tensor.h>

#include <optional>
#include <string>
#include <vector>

namespace gradus::data {

// scikit-learn's arguments and defaults.
struct ClassificationReportOptions {
  Tensor labels = {};                          // the classes [k] to report; all that occur unless given
  std::vector<std::string> target_names = {};  // what they are called; their labels unless given
  Tensor sample_weight = {};                   // [n]; each sample counts once unless given
  int digits = 2;
  double zero_division = 0;  // what a quotient with nothing below it is: 0 or 1
};

// How well one class, or the average of them, was told.
struct ClassScores {
  std::string name = {};
  double precision = 0;  // of what was taken for the class, the share that was
  double recall = 0;     // of the class, the share that was found
  double f1_score = 0;   // 2 precision recall / (precision + recall)
  double support = 0;    // samples of the class, by weight
};

struct ClassificationScores {
  std::vector<ClassScores> classes = {};
  std::optional<double> accuracy = {};  // unless `labels` are others than those that occur;
  ClassScores micro_avg = {};           // then this stands for it, counting all classes together
  ClassScores macro_avg = {};           // each class counts once
  ClassScores weighted_avg = {};        // each class counts by its support
};

// The numbers of scikit-learn's classification_report (its output_dict). y_true and y_pred are labels as
// confusion_matrix takes them. ValueError for target_names that are not one a class, a zero_division that is
// not 0 or 1, or no labels at all; else throws as confusion_matrix.
ClassificationScores classification_scores(const Tensor& y_true, const Tensor& y_pred,
                                           const ClassificationReportOptions& options = {});

// The same as scikit-learn's text, character by character. Also ValueError for digits outside [0, 100].
std::string classification_report(const Tensor& y_true, const Tensor& y_pred,
                                  const ClassificationReportOptions& options = {});

}  // namespace gradus::data
