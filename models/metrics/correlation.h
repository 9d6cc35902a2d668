#pragma once

#include <gradus/models/metrics/metric.h>

namespace gradus {

struct CorrelationOptions {
  std::string name = {};  // empty: after the class, "pearson_correlation"
  std::int64_t axis = -1;
};

// How far y_pred goes with y_true along an axis, averaged over what is left. As in Keras the last axis is
// taken unless told otherwise: each sample is correlated by itself. `.axis = 0` correlates each output over
// the samples of a batch.

// The covariance over the two standard deviations; NaN where one of them is constant.
class PearsonCorrelation : public Metric {
 public:
  explicit PearsonCorrelation(CorrelationOptions options = {});
};
// 2 cov / (var(y_true) + var(y_pred) + (mean(y_true) - mean(y_pred))^2 + 1e-7): 1 only where they are equal
// (Lin, "A concordance correlation coefficient to evaluate reproducibility", 1989).
class ConcordanceCorrelation : public Metric {
 public:
  explicit ConcordanceCorrelation(CorrelationOptions options = {});
};

}  // namespace gradus
