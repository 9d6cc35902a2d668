#pragma once

#include <gradus/models/metrics/metric.h>

namespace gradus {

struct AccuracyOptions {
  std::string name = {};  // empty: after the class, "categorical_accuracy"
};
struct BinaryAccuracyOptions {
  double threshold = 0.5;  // an output strictly above it says 1
  std::string name = {};
};
struct TopKAccuracyOptions {
  std::int64_t k = 5;
  std::string name = {};
};
struct SparseTopKAccuracyOptions {
  std::int64_t k = 5;
  std::string name = {};
  bool from_sorted_ids = false;  // y_pred holds class numbers, the likeliest first
};

// The share of samples whose answer is right. Shapes: [..., classes] against [..., classes] (categorical: the
// places of the largest values agree; on a tie the first counts), against [...] or [..., 1] (sparse: class
// numbers), or the same number of values, each 0 or 1 (binary). ShapeError where they do not fit, ValueError
// for a label that is no class: accuracy does not measure a regression.
class BinaryAccuracy : public Metric {
 public:
  explicit BinaryAccuracy(BinaryAccuracyOptions options = {});
};
class CategoricalAccuracy : public Metric {
 public:
  explicit CategoricalAccuracy(AccuracyOptions options = {});
};
class SparseCategoricalAccuracy : public Metric {
 public:
  explicit SparseCategoricalAccuracy(AccuracyOptions options = {});
};
// One of the three, by Keras's rule: binary for a single output, sparse for labels with fewer axes than the
// output or a last one of extent 1, else categorical.
class Accuracy : public Metric {
 public:
  explicit Accuracy(AccuracyOptions options = {});
};
// The share of samples whose class is among the k likeliest; one that is as likely as the k-th counts as
// well. Shapes as for the categorical and the sparse accuracy; y_true gives the place of its largest value,
// or a class number. ValueError: k below 1 or above the number of classes, a label that is no class.
class TopKCategoricalAccuracy : public Metric {
 public:
  explicit TopKCategoricalAccuracy(TopKAccuracyOptions options = {});
};
class SparseTopKCategoricalAccuracy : public Metric {
 public:
  explicit SparseTopKCategoricalAccuracy(SparseTopKAccuracyOptions options = {});
};

}  // namespace gradus
