#include <gradus/graph/error.h>
#include <gradus/graph/recording.h>
#include <gradus/models/losses/op_loss.h>
#include <gradus/models/losses/sample_weights.h>
#include <gradus/models/metrics/iou.h>
#include <gradus/models/metrics/labelled.h>
#include <gradus/ops/reduction.h>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace gradus {

namespace {

constexpr double kEpsilon = 1e-7;

class IoUKind : public Metric::Kind {
 public:
  IoUKind(std::string_view name, std::int64_t classes, std::vector<std::int64_t> targets, IoUOptions options)
      : name_(name), classes_(classes), targets_(std::move(targets)), options_(std::move(options)) {
    if (classes < 1) {
      throw ValueError(name_ + ": num_classes must be positive, got " + std::to_string(classes));
    }
    if (targets_.empty()) throw ValueError(name_ + ": there are no target_class_ids");
    for (const std::int64_t target : targets_) {
      if (target >= 0 && target < classes) continue;
      throw ValueError(name_ + ": the target class " + std::to_string(target) +
                       " is not one of the classes 0 to " + std::to_string(classes - 1));
    }
    reset();
  }

  std::string_view name() const override { return name_; }

  void update(const Tensor& y_true, const Tensor& y_pred, const Tensor& sample_weight) override {
    const Tensor labels = options_.sparse_y_true ? y_true : largest(y_true);
    const Tensor predictions = options_.sparse_y_pred ? y_pred : largest(y_pred);
    if (labels.size() != predictions.size()) refuse_shapes(name_, y_true, y_pred);
    const WeightReader weights(name_, sample_weight, labels.shape());
    const std::vector<double> rows = labels.to_vector<double>(), columns = predictions.to_vector<double>();
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const std::int64_t label = number(rows[i]), prediction = class_of(columns[i]);
      if (!is_class(label) || !is_class(prediction) || label == options_.ignore_class) continue;
      counts_[static_cast<std::size_t>(label * classes_ + prediction)] +=
          weights[static_cast<std::int64_t>(i)];
    }
  }

  double result() const override {
    double total = 0, valid = 0;
    for (const std::int64_t target : targets_) {
      const double both = count(target, target);
      double either = -both;
      for (std::int64_t other = 0; other < classes_; ++other)
        either += count(target, other) + count(other, target);
      if (!(either > 1e-9)) continue;
      total += both / (either + kEpsilon);
      valid += 1;
    }
    return total / (valid + kEpsilon);
  }
  void reset() override { counts_.assign(static_cast<std::size_t>(classes_ * classes_), 0); }

 protected:
  virtual std::int64_t class_of(double prediction) const { return number(prediction); }

 private:
  Tensor largest(const Tensor& scores) const {
    const NoGrad guard;
    return argmax(scores, {.axis = options_.axis}).value();
  }
  // The fraction cut off, as Keras does; -1 for what is no number of a class.
  std::int64_t number(double value) const {
    const double whole = std::trunc(value);
    if (!(std::abs(whole) < 9e15)) return -1;
    return static_cast<std::int64_t>(whole);
  }
  bool is_class(std::int64_t number) const { return number >= 0 && number < classes_; }
  double count(std::int64_t label, std::int64_t prediction) const {
    return counts_[static_cast<std::size_t>(label * classes_ + prediction)];
  }

  std::string name_;
  std::int64_t classes_;
  std::vector<std::int64_t> targets_;
  IoUOptions options_;
  std::vector<double> counts_;  // [labels, predictions]
};

class BinaryIoUKind : public IoUKind {
 public:
  explicit BinaryIoUKind(BinaryIoUOptions options)
      : IoUKind(name_or(options.name, "binary_io_u"), 2, std::move(options.target_class_ids), {}),
        threshold_(options.threshold) {}

  void update(const Tensor& y_true, const Tensor& y_pred, const Tensor& sample_weight) override {
    narrow_ = y_pred.dtype() == DType::float32;
    IoUKind::update(y_true, y_pred, sample_weight);
  }

 protected:
  std::int64_t class_of(double prediction) const override {
    const double threshold = narrow_ ? static_cast<double>(static_cast<float>(threshold_)) : threshold_;
    return prediction >= threshold ? 1 : 0;
  }

 private:
  double threshold_;
  bool narrow_ = false;
};

std::vector<std::int64_t> all(std::int64_t classes) {
  std::vector<std::int64_t> ids(static_cast<std::size_t>(std::max<std::int64_t>(0, classes)));
  std::iota(ids.begin(), ids.end(), std::int64_t{0});
  return ids;
}

IoUOptions one_hot(const OneHotIoUOptions& options) {
  return {.ignore_class = options.ignore_class,
          .sparse_y_true = false,
          .sparse_y_pred = options.sparse_y_pred,
          .axis = options.axis};
}

}  // namespace

IoU::IoU(std::int64_t num_classes, std::vector<std::int64_t> target_class_ids, IoUOptions options)
    : Metric(std::make_shared<IoUKind>(name_or(options.name, "io_u"), num_classes,
                                       std::move(target_class_ids), options)) {}

MeanIoU::MeanIoU(std::int64_t num_classes, IoUOptions options)
    : Metric(std::make_shared<IoUKind>(name_or(options.name, "mean_io_u"), num_classes, all(num_classes),
                                       options)) {}

OneHotIoU::OneHotIoU(std::int64_t num_classes, std::vector<std::int64_t> target_class_ids,
                     OneHotIoUOptions options)
    : Metric(std::make_shared<IoUKind>(name_or(options.name, "one_hot_io_u"), num_classes,
                                       std::move(target_class_ids), one_hot(options))) {}

OneHotMeanIoU::OneHotMeanIoU(std::int64_t num_classes, OneHotIoUOptions options)
    : Metric(std::make_shared<IoUKind>(name_or(options.name, "one_hot_mean_io_u"), num_classes,
                                       all(num_classes), one_hot(options))) {}

BinaryIoU::BinaryIoU(BinaryIoUOptions options)
    : Metric(std::make_shared<BinaryIoUKind>(std::move(options))) {}

}  // namespace gradus
