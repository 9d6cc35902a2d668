#include <gradus/graph/error.h>
#include <gradus/graph/recording.h>
#include <gradus/models/losses/class_labels.h>
#include <gradus/models/losses/op_loss.h>
#include <gradus/models/losses/sample_weights.h>
#include <gradus/models/metrics/accuracy.h>
#include <gradus/models/metrics/labelled.h>
#include <gradus/models/metrics/mean.h>
#include <gradus/ops/reduction.h>

#include <algorithm>
#include <cmath>

namespace gradus {

namespace {

class TopKKind : public MeanKind {
 public:
  TopKKind(std::string_view name, std::int64_t k) : MeanKind(name), k_(k) {
    if (k < 1) throw ValueError(std::string(name) + ": k must be positive, got " + std::to_string(k));
  }

 protected:
  // Adds the share of rows of y_pred for which hit(row, its values).
  template <class Hit>
  void count(const Tensor& y_pred, const Tensor& sample_weight, const Hit& hit) {
    const std::int64_t width = y_pred.shape().back();
    const Shape samples = samples_of(y_pred);
    const WeightReader weights(name(), sample_weight, samples);
    const std::vector<double> scores = y_pred.to_vector<double>();
    double total = 0, sum = 0;
    for (std::int64_t row = 0; row < samples.elements(); ++row) {
      const std::span<const double> values(scores.data() + row * width, static_cast<std::size_t>(width));
      total += hit(static_cast<std::size_t>(row), values) ? weights[row] : 0;
      sum += weights[row];
    }
    add(total, sum);
  }
  void require_classes(const Tensor& y_true, const Tensor& y_pred) const {
    if (y_pred.rank() == 0) refuse_shapes(name(), y_true, y_pred);
    if (k_ > y_pred.shape().back()) {
      throw ValueError(std::string(name()) + ": k = " + std::to_string(k_) + " of y_pred " +
                       to_string(y_pred.shape()) + ", which has " + std::to_string(y_pred.shape().back()) +
                       " classes");
    }
  }
  static Shape samples_of(const Tensor& y_pred) {
    return Shape(Dims(std::span(y_pred.shape().begin(), y_pred.shape().end() - 1)));
  }
  bool is_among_top(std::span<const double> scores, std::int64_t label) const {
    const double score = scores[static_cast<std::size_t>(label)];
    if (std::isnan(score)) return false;
    return std::ranges::count_if(scores, [score](double other) { return other > score; }) < k_;
  }
  std::int64_t k() const { return k_; }

 private:
  std::int64_t k_;
};

class CategoricalKind : public TopKKind {
 public:
  using TopKKind::TopKKind;
  void update(const Tensor& y_true, const Tensor& y_pred, const Tensor& sample_weight) override {
    require_classes(y_true, y_pred);
    if (y_true.shape() != y_pred.shape()) refuse_shapes(name(), y_true, y_pred);
    const NoGrad guard;
    const auto labels = argmax(y_true, {.axis = -1}).value().to_vector<std::int64_t>();
    count(y_pred, sample_weight,
          [&](std::size_t row, std::span<const double> scores) { return is_among_top(scores, labels[row]); });
  }
};

class SparseKind : public TopKKind {
 public:
  SparseKind(std::string_view name, const SparseTopKAccuracyOptions& options)
      : TopKKind(name, options.k), sorted_ids_(options.from_sorted_ids) {}

  void update(const Tensor& y_true, const Tensor& y_pred, const Tensor& sample_weight) override {
    require_classes(y_true, y_pred);
    if (sorted_ids_) return among_sorted(y_true, y_pred, sample_weight);
    const auto labels =
        class_labels(name(), y_true, samples_of(y_pred), y_pred.shape().back()).to_vector<std::int64_t>();
    count(y_pred, sample_weight,
          [&](std::size_t row, std::span<const double> scores) { return is_among_top(scores, labels[row]); });
  }

 private:
  void among_sorted(const Tensor& y_true, const Tensor& y_pred, const Tensor& sample_weight) {
    if (y_true.size() != samples_of(y_pred).elements()) refuse_shapes(name(), y_true, y_pred);
    const std::vector<double> labels = y_true.to_vector<double>();
    count(y_pred, sample_weight, [&](std::size_t row, std::span<const double> ids) {
      const auto first = ids.first(static_cast<std::size_t>(k()));
      return std::ranges::find(first, labels[row]) != first.end();
    });
  }

  bool sorted_ids_;
};

}  // namespace

TopKCategoricalAccuracy::TopKCategoricalAccuracy(TopKAccuracyOptions options)
    : Metric(std::make_shared<CategoricalKind>(name_or(options.name, "top_k_categorical_accuracy"),
                                               options.k)) {}

SparseTopKCategoricalAccuracy::SparseTopKCategoricalAccuracy(SparseTopKAccuracyOptions options)
    : Metric(std::make_shared<SparseKind>(name_or(options.name, "sparse_top_k_categorical_accuracy"),
                                          options)) {}

}  // namespace gradus
