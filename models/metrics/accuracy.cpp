#include <gradus/graph/error.h>
#include <gradus/graph/number_text.h>
#include <gradus/models/losses/op_loss.h>
#include <gradus/models/losses/sample_weights.h>
#include <gradus/models/metrics/accuracy.h>
#include <gradus/models/metrics/labelled.h>
#include <gradus/models/metrics/mean.h>

#include <algorithm>

namespace gradus {

namespace {

// The values are read in place: a batch of a small model costs tens of nanoseconds.
class AccuracyKind : public MeanKind {
 public:
  using MeanKind::MeanKind;

 protected:
  void categorical(const Tensor& y_true, const Tensor& y_pred, const Tensor& sample_weight) {
    if (y_true.shape() != y_pred.shape() || y_pred.rank() == 0) refuse_shapes(name(), y_true, y_pred);
    const std::int64_t width = y_pred.shape().back();
    require_classes(y_true, y_pred, width);
    dispatch_floating(y_pred.dtype(), [&]<class P>() {
      dispatch(y_true.dtype(), [&]<class L>() {
        const P* scores = y_pred.raw<P>();
        const L* labels = y_true.raw<L>();
        count(y_pred, width, sample_weight, [&](std::int64_t row) {
          return largest(scores + row * width, width) == largest(labels + row * width, width);
        });
      });
    });
  }

  void sparse(const Tensor& y_true, const Tensor& y_pred, const Tensor& sample_weight) {
    if (y_pred.rank() == 0) refuse_shapes(name(), y_true, y_pred);
    const std::int64_t width = y_pred.shape().back();
    require_classes(y_true, y_pred, width);
    const std::int64_t rows = y_pred.size() / width;
    if (y_true.size() != rows) refuse_shapes(name(), y_true, y_pred);
    dispatch_floating(y_pred.dtype(), [&]<class P>() {
      dispatch(y_true.dtype(), [&]<class L>() {
        const P* scores = y_pred.raw<P>();
        const L* labels = y_true.raw<L>();
        count(y_pred, width, sample_weight, [&](std::int64_t row) {
          return static_cast<double>(largest(scores + row * width, width)) ==
                 static_cast<double>(labels[row]);
        });
      });
    });
  }

  void binary(const Tensor& y_true, const Tensor& y_pred, const Tensor& sample_weight, double threshold) {
    if (y_true.size() != y_pred.size()) refuse_shapes(name(), y_true, y_pred);
    dispatch_floating(y_pred.dtype(), [&]<class P>() {
      dispatch(y_true.dtype(), [&]<class L>() {
        const P* scores = y_pred.raw<P>();
        const L* labels = y_true.raw<L>();
        const auto limit = static_cast<P>(threshold);
        count(y_pred, 1, sample_weight, [&](std::int64_t i) {
          const bool one = labels[i] == static_cast<L>(1);
          if (!one && labels[i] != static_cast<L>(0)) refuse_label(static_cast<double>(labels[i]), i);
          return one == (scores[i] > limit);
        });
      });
    });
  }

 private:
  template <class T>
  static std::int64_t largest(const T* values, std::int64_t width) {
    return std::max_element(values, values + width) - values;
  }

  // Counts the rows of `width` predictions each.
  template <class Hit>
  void count(const Tensor& y_pred, std::int64_t width, const Tensor& sample_weight, Hit hit) {
    const std::int64_t rows = y_pred.size() / width;
    if (!sample_weight.defined()) {
      std::int64_t hits = 0;
      for (std::int64_t row = 0; row < rows; ++row) hits += hit(row) ? 1 : 0;
      return add(static_cast<double>(hits), static_cast<double>(rows));
    }
    const Shape& shape = y_pred.shape();
    const Shape samples = width == 1 ? shape : Shape(Dims(std::span(shape.begin(), shape.end() - 1)));
    const WeightReader weights(name(), sample_weight, samples);
    double total = 0, sum = 0;
    for (std::int64_t row = 0; row < rows; ++row) {
      const double weight = weights[row];
      total += hit(row) ? weight : 0;
      sum += weight;
    }
    add(total, sum);
  }

  void require_classes(const Tensor& y_true, const Tensor& y_pred, std::int64_t width) const {
    if (width == 0) refuse_shapes(name(), y_true, y_pred);
  }
  [[noreturn]] void refuse_label(double label, std::int64_t i) const {
    throw ValueError(std::string(name()) + ": the label of a single output must be 0 or 1, got " +
                     scalar_text(label) + " at place " + std::to_string(i) +
                     " of the batch; accuracy does not measure a regression");
  }
};

class BinaryKind : public AccuracyKind {
 public:
  BinaryKind(std::string_view name, double threshold) : AccuracyKind(name), threshold_(threshold) {}
  void update(const Tensor& y_true, const Tensor& y_pred, const Tensor& sample_weight) override {
    binary(y_true, y_pred, sample_weight, threshold_);
  }

 private:
  double threshold_;
};

struct CategoricalKind : AccuracyKind {
  using AccuracyKind::AccuracyKind;
  void update(const Tensor& y_true, const Tensor& y_pred, const Tensor& sample_weight) override {
    categorical(y_true, y_pred, sample_weight);
  }
};

struct SparseKind : AccuracyKind {
  using AccuracyKind::AccuracyKind;
  void update(const Tensor& y_true, const Tensor& y_pred, const Tensor& sample_weight) override {
    sparse(y_true, y_pred, sample_weight);
  }
};

struct ByShapeKind : AccuracyKind {
  using AccuracyKind::AccuracyKind;
  void update(const Tensor& y_true, const Tensor& y_pred, const Tensor& sample_weight) override {
    if (y_pred.rank() == 0 || y_pred.shape().back() == 1) return binary(y_true, y_pred, sample_weight, 0.5);
    if (y_true.rank() < y_pred.rank() || y_true.shape().back() == 1) {
      return sparse(y_true, y_pred, sample_weight);
    }
    categorical(y_true, y_pred, sample_weight);
  }
};

}  // namespace

BinaryAccuracy::BinaryAccuracy(BinaryAccuracyOptions options)
    : Metric(std::make_shared<BinaryKind>(name_or(options.name, "binary_accuracy"), options.threshold)) {}
CategoricalAccuracy::CategoricalAccuracy(AccuracyOptions options)
    : Metric(std::make_shared<CategoricalKind>(name_or(options.name, "categorical_accuracy"))) {}
SparseCategoricalAccuracy::SparseCategoricalAccuracy(AccuracyOptions options)
    : Metric(std::make_shared<SparseKind>(name_or(options.name, "sparse_categorical_accuracy"))) {}
Accuracy::Accuracy(AccuracyOptions options)
    : Metric(std::make_shared<ByShapeKind>(name_or(options.name, "accuracy"))) {}

}  // namespace gradus
