#pragma once

#include <gradus/models/data/classes.h>

#include <vector>

namespace gradus::data {

// True and predicted labels, each as the place of its class in a list.
struct LabelPairs {
  Tensor labels = {};                    // the list [k]: the one asked for, then those it leaves out
  std::int64_t listed = 0;               // how many were asked for; all of them when none were
  std::vector<std::int64_t> truth = {};  // places in `labels`
  std::vector<std::int64_t> guess = {};
  std::vector<double> weight = {};  // ones unless given
  bool whole_weights = true;        // counts are whole numbers
};

// Checks as confusion_matrix says, naming `call`.
LabelPairs label_pairs(const std::string& call, const Tensor& y_true, const Tensor& y_pred,
                       const Tensor& labels, const Tensor& sample_weight);

}  // namespace gradus::data
