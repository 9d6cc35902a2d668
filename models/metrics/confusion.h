#pragma once

#include <gradus/models/metrics/metric.h>
#include <gradus/models/metrics/thresholds.h>

#include <optional>

namespace gradus {

// Metrics of answers that are right or wrong: y_true holds 0 and 1 (whatever is not 0 is 1), y_pred of the
// same shape what was predicted, and a prediction strictly above a threshold says 1. All values of a batch
// count alike, in [n, classes] too. With several thresholds `results` has a number for each. ShapeError where
// the shapes do not fit.

struct ConfusionOptions {
  Thresholds thresholds = {};  // in [0, 1], else ValueError; 0.5 where none is given
  std::string name = {};       // empty: after the class, "true_positives"
};
struct PrecisionOptions {
  Thresholds thresholds = {};                 // 0.5 where none is given, or none at all with top_k
  std::optional<std::int64_t> top_k = {};     // only the k largest predictions of a row say 1
  std::optional<std::int64_t> class_id = {};  // this class of [n, classes] alone
  std::string name = {};
};
struct AtOptions {
  std::int64_t num_thresholds = 200;          // evenly in [0, 1]
  std::optional<std::int64_t> class_id = {};  // this class of [n, classes] alone
  std::string name = {};
};

// Sums of the weights of such answers: their number where there are no weights.
class TruePositives : public Metric {
 public:
  explicit TruePositives(ConfusionOptions options = {});
};
class TrueNegatives : public Metric {
 public:
  explicit TrueNegatives(ConfusionOptions options = {});
};
class FalsePositives : public Metric {
 public:
  explicit FalsePositives(ConfusionOptions options = {});
};
class FalseNegatives : public Metric {
 public:
  explicit FalseNegatives(ConfusionOptions options = {});
};

// The share of the predicted 1s that are right; 0 where none was predicted. ValueError: top_k of more classes
// than there are, class_id of a class that is not.
class Precision : public Metric {
 public:
  explicit Precision(PrecisionOptions options = {});
};
// The share of the 1s that were found; 0 where there is none.
class Recall : public Metric {
 public:
  explicit Recall(PrecisionOptions options = {});
};

// The best of one share over all thresholds at which the other is at least what is asked; 0 where there is no
// such threshold. Sensitivity is recall; specificity the share of the 0s that were told. ValueError for a
// share outside [0, 1] or no thresholds.
class SensitivityAtSpecificity : public Metric {
 public:
  explicit SensitivityAtSpecificity(double specificity, AtOptions options = {});
};
class SpecificityAtSensitivity : public Metric {
 public:
  explicit SpecificityAtSensitivity(double sensitivity, AtOptions options = {});
};
class PrecisionAtRecall : public Metric {
 public:
  explicit PrecisionAtRecall(double recall, AtOptions options = {});
};
class RecallAtPrecision : public Metric {
 public:
  explicit RecallAtPrecision(double precision, AtOptions options = {});
};

}  // namespace gradus
