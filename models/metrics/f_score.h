#pragma once

#include <gradus/models/metrics/metric.h>

#include <optional>

namespace gradus {

struct FBetaScoreOptions {
  std::string average = {};  // of the classes: "micro", "macro", "weighted"; empty: none, as Keras's None
  double beta = 1;           // how many times recall counts as much as precision
  std::optional<double> threshold = {};  // in (0, 1]; without one the largest of a row says 1
  std::string name = {};                 // empty: "fbeta_score"
};
struct F1ScoreOptions {
  std::string average = {};
  std::optional<double> threshold = {};
  std::string name = {};  // empty: "f1_score"
};

// (1 + beta^2) precision recall / (beta^2 precision + recall) of each class, of y_true and y_pred
// [n, classes], both of which may have several 1s in a row. "macro" is the mean of the classes, "weighted"
// that by their share of the 1s, "micro" counts all classes together. Without an average `results` has each
// class and `result` their mean. Quotients carry Keras's 1e-7 below them. ValueError for an option that is
// none, ShapeError for other ranks or another number of classes than before.
class FBetaScore : public Metric {
 public:
  explicit FBetaScore(FBetaScoreOptions options = {});
};
class F1Score : public Metric {
 public:
  explicit F1Score(F1ScoreOptions options = {});
};

}  // namespace gradus
