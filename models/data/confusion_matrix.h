#pragma once

#include <gradus/graph/tensor.h>

#include <string>

namespace gradus::data {

// scikit-learn's arguments and defaults.
struct ConfusionMatrixOptions {
  Tensor labels = {};         // the classes [k] in the order wanted; all that occur, ascending, unless given
  Tensor sample_weight = {};  // [n]; each sample counts once unless given
  std::string normalize =
      {};  // "true": rows sum up to 1, "pred": columns do, "all": all do; counts unless given
};

// Row i, column j: how many samples of class i were taken for class j. y_true and y_pred hold class labels
// [n] or [n, 1] of any dtype; for probabilities take argmax first. int64 [k, k], or float64 with floating
// weights or normalize (0 where there is nothing to divide). Labels that `labels` leaves out are not counted.
// ShapeError for lengths that differ or more than one column, ValueError for a label that is a fraction or
// NaN, `labels` that repeat or none of which occurs in y_true, or an unknown normalize.
Tensor confusion_matrix(const Tensor& y_true, const Tensor& y_pred,
                        const ConfusionMatrixOptions& options = {});

}  // namespace gradus::data
