#include <gradus/graph/error.h>
#include <gradus/graph/number_text.h>
#include <gradus/graph/suggest.h>
#include <gradus/models/losses/op_loss.h>
#include <gradus/models/metrics/auc.h>
#include <gradus/models/metrics/threshold_counts.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>

namespace gradus {

namespace {

constexpr double kEpsilon = 1e-7;

enum class Curve { roc, pr, prgain };
enum class Summation { interpolation, minoring, majoring };

Curve curve_of(std::string_view name) {
  return static_cast<Curve>(
      find_name("curve of auc", name, std::array<std::string_view, 3>{"ROC", "PR", "PRGAIN"}));
}
Summation summation_of(std::string_view name) {
  return static_cast<Summation>(
      find_name("summation_method of auc", name,
                std::array<std::string_view, 3>{"interpolation", "minoring", "majoring"}));
}

struct Points {
  std::vector<double> x, y;
};

// As in Keras: gains below 0 count as 0, and where nothing is found, recall gains nothing and precision 1.
Points gains(const ConfusionCounts& c) {
  Points points;
  for (std::size_t i = 0; i < c.tp.size(); ++i) {
    const double negatives = c.tn[i] + c.fp[i];
    const double ratio = negatives == 0 ? 0 : (c.tp[i] + c.fn[i]) / negatives;
    const bool none = c.tp[i] == 0;
    points.x.push_back(none ? 0 : std::max(0.0, 1 - ratio * c.fn[i] / c.tp[i]));
    points.y.push_back(none ? 1 : 1 - ratio * c.fp[i] / c.tp[i]);
  }
  return points;
}

double riemann(const Points& points, Summation summation) {
  double area = 0;
  for (std::size_t i = 0; i + 1 < points.x.size(); ++i) {
    const double a = points.y[i], b = points.y[i + 1];
    const double height = summation == Summation::interpolation ? (a + b) / 2
                          : summation == Summation::minoring    ? std::min(a, b)
                                                                : std::max(a, b);
    area += (points.x[i] - points.x[i + 1]) * height;
  }
  return area;
}

double over(double a, double b) { return b == 0 ? 0 : a / b; }

// Between two thresholds the true positives are a linear function of all positives p, tp = a + s p, so that
// the area is the integral of precision: s (dtp + a log(p1 / p2)) / positives.
double interpolated_pr(const ConfusionCounts& c) {
  double area = 0;
  for (std::size_t i = 0; i + 1 < c.tp.size(); ++i) {
    const double p = c.tp[i] + c.fp[i], next = c.tp[i + 1] + c.fp[i + 1];
    const double dtp = c.tp[i] - c.tp[i + 1];
    const double slope = over(dtp, std::max(p - next, 0.0));
    const double intercept = c.tp[i + 1] - slope * next;
    const double ratio = p > 0 && next > 0 ? p / next : 1;
    area += over(slope * (dtp + intercept * std::log(ratio)), c.tp[i + 1] + c.fn[i + 1]);
  }
  return area;
}

std::vector<double> thresholds_of(const AUCOptions& options) {
  std::vector<double> result = {-kEpsilon};
  if (options.thresholds.empty()) {
    const std::vector<double> even = even_thresholds("auc", options.num_thresholds, 2);
    result.insert(result.end(), even.begin() + 1, even.end() - 1);
  } else {
    for (const double threshold : options.thresholds) {
      if (!(threshold >= 0 && threshold <= 1)) {
        throw ValueError("auc: the threshold " + scalar_text(threshold) + " is outside [0, 1]");
      }
    }
    result.insert(result.end(), options.thresholds.begin(), options.thresholds.end());
    std::sort(result.begin(), result.end());
  }
  result.push_back(1 + kEpsilon);
  return result;
}

bool is_even(const AUCOptions& options, std::vector<double> thresholds) {
  if (options.thresholds.empty()) return true;
  thresholds.front() = 0;
  thresholds.back() = 1;
  return are_even(thresholds);
}

class AucKind : public Metric::Kind {
 public:
  explicit AucKind(const AUCOptions& options)
      : name_(name_or(options.name, "auc")),
        curve_(curve_of(options.curve)),
        summation_(summation_of(options.summation_method)),
        options_(options),
        counts_(thresholds_of(options), {.even = is_even(options, thresholds_of(options)),
                                         .columns = std::max<std::int64_t>(1, options.num_labels)}) {
    if (options.num_labels < 0) {
      throw ValueError("auc: num_labels must not be negative, got " + std::to_string(options.num_labels));
    }
    if (options.num_labels > 0 && !options.multi_label) {
      throw ValueError("auc: num_labels is for multi_label");
    }
  }

  std::string_view name() const override { return name_; }

  void update(const Tensor& y_true, const Tensor& y_pred, const Tensor& sample_weight) override {
    const Labelled batch = labelled(name_, y_true, y_pred, sample_weight);
    const std::int64_t width = batch.shape.rank() < 2 ? 1 : batch.shape.back();
    require_columns(batch, width);
    if (options_.multi_label && width != counts_.columns()) counts_.reset(width);
    for (std::size_t i = 0; i < batch.y_true.size(); ++i) {
      const std::int64_t column = static_cast<std::int64_t>(i) % width;
      double weight = batch.weight[i];
      if (!options_.multi_label && !options_.label_weights.empty()) {
        weight *= options_.label_weights[static_cast<std::size_t>(column)];
      }
      counts_.add(batch.y_true[i], probability(batch.y_pred[i], y_pred.dtype()), y_pred.dtype(), weight,
                  options_.multi_label ? column : 0);
    }
    seen_ = seen_ || !batch.y_true.empty();
  }

  double result() const override {
    for (std::int64_t column = 0; seen_ && column < counts_.columns(); ++column) {
      if (has_curve(counts_.counts(column))) continue;
      const ConfusionCounts c = counts_.counts(column);
      throw ValueError(name_ + ": there is no curve, since all labels " +
                       (options_.multi_label ? "of column " + std::to_string(column) + " " : "") + "are " +
                       (c.tp[0] + c.fn[0] > 0 ? "1" : "0"));
    }
    return running_result();
  }
  double running_result() const override {
    double area = 0, weights = 0;
    for (std::int64_t column = 0; column < counts_.columns(); ++column) {
      const ConfusionCounts counts = counts_.counts(column);
      if (seen_ && !has_curve(counts)) return std::numeric_limits<double>::quiet_NaN();
      const bool weighted = options_.multi_label && !options_.label_weights.empty();
      const double weight = weighted ? options_.label_weights[static_cast<std::size_t>(column)] : 1;
      area += weight * area_of(counts);
      weights += weight;
    }
    return over(area, weights);
  }
  void reset() override {
    counts_.reset();
    seen_ = false;
  }

 private:
  double probability(double y_pred, DType dtype) const {
    if (!options_.from_logits) return y_pred;
    const double p = 1 / (1 + std::exp(-y_pred));
    return dtype == DType::float32 ? static_cast<double>(static_cast<float>(p)) : p;
  }

  void require_columns(const Labelled& batch, std::int64_t width) const {
    const auto fail = [&](const std::string& wanted) {
      throw ShapeError(name_ + ": " + wanted + ", y_pred is " + to_string(batch.shape));
    };
    if (options_.multi_label && batch.shape.rank() != 2) fail("multi_label needs [n, labels]");
    if (options_.num_labels > 0 && width != options_.num_labels) {
      fail("num_labels is " + std::to_string(options_.num_labels));
    }
    if (options_.multi_label && seen_ && width != counts_.columns()) {
      fail("the batches before had " + std::to_string(counts_.columns()) + " labels");
    }
    if (!options_.label_weights.empty() && options_.label_weights.size() != static_cast<std::size_t>(width)) {
      fail("there are " + std::to_string(options_.label_weights.size()) + " label_weights");
    }
  }

  // A precision-recall curve needs 1s only: without 0s it is a precision of 1 throughout.
  bool has_curve(const ConfusionCounts& c) const {
    const bool positives = c.tp[0] + c.fn[0] > 0, negatives = c.fp[0] + c.tn[0] > 0;
    return positives && (negatives || curve_ == Curve::pr);
  }

  double area_of(const ConfusionCounts& counts) const {
    if (curve_ == Curve::pr && summation_ == Summation::interpolation) return interpolated_pr(counts);
    if (curve_ == Curve::roc) return riemann({counts.false_positive_rate(), counts.recall()}, summation_);
    if (curve_ == Curve::pr) return riemann({counts.recall(), counts.precision()}, summation_);
    return riemann(gains(counts), summation_);
  }

  std::string name_;
  Curve curve_;
  Summation summation_;
  AUCOptions options_;
  ThresholdCounts counts_;
  bool seen_ = false;
};

}  // namespace

AUC::AUC(AUCOptions options) : Metric(std::make_shared<AucKind>(options)) {}

}  // namespace gradus
