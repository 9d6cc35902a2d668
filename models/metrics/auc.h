#pragma once

#include <gradus/models/metrics/metric.h>

namespace gradus {

struct AUCOptions {
  std::int64_t num_thresholds = 200;  // at least 2
  std::string curve = "ROC";          // or "PR", "PRGAIN"
  // How the area between two thresholds is taken: "interpolation", or with the lower ("minoring") or the
  // upper
  // ("majoring") height.
  std::string summation_method = "interpolation";
  std::string name = {};                // empty: "auc"
  std::vector<double> thresholds = {};  // within [0, 1], in the place of num_thresholds; the ends are added
  bool multi_label = false;             // an area for each column of [n, labels], averaged
  std::int64_t num_labels = 0;          // with multi_label; 0: as many as y_pred has columns
  std::vector<double> label_weights = {};  // of the columns
  bool from_logits = false;                // y_pred goes through a sigmoid first
};

// The area under a curve, by thresholds: the chance that a 1 is predicted above a 0 (ROC: recall over the
// false positive rate), or precision over recall (PR; interpolated as in Davis and Goadrich, "The
// relationship between precision-recall and ROC curves", 2006), or their gains (PRGAIN; Flach and Kull,
// 2015). Predictions are clipped to [0, 1]. y_true and y_pred have one shape; labels other than 0 are 1.
//
// ValueError for an option that is none; and from `result` where labels of one class only came in: then there
// is no curve, and 0 or 0.5 would look like a bad model. With no sample at all it is 0.
class AUC : public Metric {
 public:
  explicit AUC(AUCOptions options = {});
};

}  // namespace gradus
