#pragma once

#include <gradus/models/metrics/mean.h>

namespace gradus {

struct R2ScoreOptions {
  // "uniform_average", "variance_weighted_average", or empty for none, as Keras's None
  std::string class_aggregation = "uniform_average";
  std::int64_t num_regressors = 0;  // for the adjusted score; 0: the score as it is
  std::string name = {};            // empty: "r2_score"
};
struct CosineSimilarityMetricOptions {
  std::string name = {};  // empty: "cosine_similarity"
  std::int64_t axis = -1;
};

// The errors of numbers that are no losses; the losses MeanSquaredError, MeanAbsoluteError,
// MeanAbsolutePercentageError and MeanSquaredLogarithmicError are metrics as they are.

// sqrt(mean((y_true - y_pred)^2)) over everything that came in.
class RootMeanSquaredError : public Metric {
 public:
  explicit RootMeanSquaredError(MetricOptions options = {});
};
// The loss log_cosh under Keras's name "logcosh".
class LogCoshError : public Metric {
 public:
  explicit LogCoshError(MetricOptions options = {});
};
// The cosine of the angle between y_true and y_pred: 1 in the same direction. The loss of that name is its
// negative.
class CosineSimilarityMetric : public Metric {
 public:
  explicit CosineSimilarityMetric(CosineSimilarityMetricOptions options = {});
};
// 1 - (sum of squared errors) / (sum of squared distances from the mean) of each column of [n, outputs],
// averaged, or each of `results`. For labels that are all the same it is 1 where they are met exactly, else
// 0, as in scikit-learn. The adjusted score is 1 - (1 - R2) (n - 1) / (n - num_regressors - 1), and the plain
// one where that has no positive divisor. ValueError for an option that is none, ShapeError for other ranks.
class R2Score : public Metric {
 public:
  explicit R2Score(R2ScoreOptions options = {});
};

}  // namespace gradus
