#pragma once

#include <gradus/models/metrics/metric.h>

#include <optional>

namespace gradus {

struct IoUOptions {
  std::string name = {};                          // empty: as Keras makes it of the class, "io_u"
  std::optional<std::int64_t> ignore_class = {};  // values of this label do not count
  bool sparse_y_true = true;                      // class numbers; else the largest along `axis` is the class
  bool sparse_y_pred = true;                      // the same of predictions
  std::int64_t axis = -1;
};
struct OneHotIoUOptions {
  std::string name = {};
  std::optional<std::int64_t> ignore_class = {};
  bool sparse_y_pred = false;
  std::int64_t axis = -1;
};
struct BinaryIoUOptions {
  std::vector<std::int64_t> target_class_ids = {0, 1};
  double threshold = 0.5;  // a prediction of at least this is class 1
  std::string name = {};
};

// Intersection over union: of the values that a class has in y_true or in y_pred, the share that has it in
// both; averaged over the target classes that occur at all. Class numbers outside 0 … num_classes - 1 do not
// count. As in Keras both divisors have 1e-7 added. Weights are one for each value or for each sample.
// ValueError for a target that is no class, or no classes; ShapeError where the shapes do not fit.
class IoU : public Metric {
 public:
  IoU(std::int64_t num_classes, std::vector<std::int64_t> target_class_ids, IoUOptions options = {});
};
// Over all classes.
class MeanIoU : public Metric {
 public:
  explicit MeanIoU(std::int64_t num_classes, IoUOptions options = {});
};
// Of labels given as rows of zeros with a one.
class OneHotIoU : public Metric {
 public:
  OneHotIoU(std::int64_t num_classes, std::vector<std::int64_t> target_class_ids,
            OneHotIoUOptions options = {});
};
class OneHotMeanIoU : public Metric {
 public:
  explicit OneHotMeanIoU(std::int64_t num_classes, OneHotIoUOptions options = {});
};
// Of labels 0 and 1 and predictions cut at a threshold.
class BinaryIoU : public Metric {
 public:
  explicit BinaryIoU(BinaryIoUOptions options = {});
};

}  // namespace gradus
