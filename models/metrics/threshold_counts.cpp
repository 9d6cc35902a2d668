#include <gradus/graph/error.h>
#include <gradus/models/metrics/threshold_counts.h>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace gradus {

std::vector<double> quotients(const std::vector<double>& a, const std::vector<double>& b) {
  std::vector<double> result(a.size());
  for (std::size_t i = 0; i < a.size(); ++i) result[i] = b[i] == 0 ? 0 : a[i] / b[i];
  return result;
}

namespace {

std::vector<double> share(const std::vector<double>& part, const std::vector<double>& rest) {
  std::vector<double> whole(part.size());
  std::transform(part.begin(), part.end(), rest.begin(), whole.begin(), std::plus<>());
  return quotients(part, whole);
}

}  // namespace

std::vector<double> ConfusionCounts::precision() const { return share(tp, fp); }
std::vector<double> ConfusionCounts::recall() const { return share(tp, fn); }
std::vector<double> ConfusionCounts::specificity() const { return share(tn, fp); }
std::vector<double> ConfusionCounts::false_positive_rate() const { return share(fp, tn); }

ThresholdCounts::ThresholdCounts(std::vector<double> thresholds, ThresholdCountsOptions options)
    : sorted_(std::move(thresholds)), order_(sorted_.size()), even_(options.even), columns_(options.columns) {
  std::vector<std::size_t> places(sorted_.size());
  std::iota(places.begin(), places.end(), std::size_t{0});
  std::stable_sort(places.begin(), places.end(),
                   [this](std::size_t a, std::size_t b) { return sorted_[a] < sorted_[b]; });
  for (std::size_t i = 0; i < places.size(); ++i) order_[places[i]] = i;
  std::sort(sorted_.begin(), sorted_.end());
  reset();
}

std::size_t ThresholdCounts::exceeded(double prediction, DType dtype) const {
  if (std::isnan(prediction)) return 0;
  const auto count = static_cast<std::size_t>(sorted_.size());
  const bool narrow = dtype == DType::float32;
  if (!even_) {
    const auto below = [&](double threshold) {
      return (narrow ? static_cast<double>(static_cast<float>(threshold)) : threshold) < prediction;
    };
    return static_cast<std::size_t>(std::partition_point(sorted_.begin(), sorted_.end(), below) -
                                    sorted_.begin());
  }
  const double within = std::clamp(prediction, 0.0, 1.0), steps = static_cast<double>(count - 1);
  const double place =
      narrow ? static_cast<double>(static_cast<float>(within) * static_cast<float>(steps)) : within * steps;
  // The first threshold is below 0 where they reach beyond the ends.
  return std::max(static_cast<std::size_t>(std::ceil(place)), std::size_t{sorted_.front() < 0 ? 1u : 0u});
}

void ThresholdCounts::add(double label, double prediction, DType dtype, double weight, std::int64_t column) {
  Cell& cell = cells_[static_cast<std::size_t>(column) * (size() + 1) + exceeded(prediction, dtype)];
  (label != 0 ? cell.positive : cell.negative) += weight;
}

ConfusionCounts ThresholdCounts::counts(std::int64_t column) const {
  const std::size_t n = size();
  const Cell* cells = cells_.data() + static_cast<std::size_t>(column) * (n + 1);
  const auto sum = [](const Cell* from, const Cell* to) {
    Cell total;
    for (; from != to; ++from) {
      total.positive += from->positive;
      total.negative += from->negative;
    }
    return total;
  };
  std::vector<Cell> above(n + 1);  // above[i]: of predictions above threshold i of sorted_
  for (std::size_t i = n; i-- > 0;) {
    above[i] = {above[i + 1].positive + cells[i + 1].positive, above[i + 1].negative + cells[i + 1].negative};
  }
  const Cell all = sum(cells, cells + n + 1);
  ConfusionCounts result;
  for (const std::size_t i : order_) {
    result.tp.push_back(above[i].positive);
    result.fp.push_back(above[i].negative);
    // What rounding leaves of a sum less all its parts is no count.
    result.fn.push_back(std::max(0.0, all.positive - above[i].positive));
    result.tn.push_back(std::max(0.0, all.negative - above[i].negative));
  }
  return result;
}

void ThresholdCounts::reset(std::int64_t columns) {
  columns_ = columns;
  cells_.assign(static_cast<std::size_t>(columns) * (size() + 1), Cell{});
}

bool are_even(const std::vector<double>& thresholds) {
  const std::size_t n = thresholds.size();
  if (n < 3) return false;
  for (std::size_t i = 0; i < n; ++i) {
    const double even = static_cast<double>(i) / static_cast<double>(n - 1);
    if (!(std::abs(thresholds[i] - even) <= 1e-7 + 1e-5 * even)) return false;  // np.allclose
  }
  return true;
}

std::vector<double> even_thresholds(std::string_view name, std::int64_t count, std::int64_t least) {
  if (count < least) {
    throw ValueError(std::string(name) + ": num_thresholds must be at least " + std::to_string(least) +
                     ", got " + std::to_string(count));
  }
  if (count == 1) return {0.5};
  std::vector<double> result;
  for (std::int64_t i = 0; i < count; ++i) {
    result.push_back(static_cast<double>(i) / static_cast<double>(count - 1));
  }
  return result;
}

namespace {

std::int64_t classes_of(std::string_view name, const Labelled& batch, const char* option) {
  if (batch.shape.rank() < 2) {
    throw ShapeError(std::string(name) + ": " + option + " needs predictions [n, classes], they are " +
                     to_string(batch.shape));
  }
  return batch.shape.back();
}

}  // namespace

void select_class(std::string_view name, Labelled& batch, std::int64_t class_id) {
  const std::int64_t classes = classes_of(name, batch, "class_id");
  if (class_id < 0 || class_id >= classes) {
    throw ValueError(std::string(name) + ": class_id " + std::to_string(class_id) +
                     " is not one of the classes 0 to " + std::to_string(classes - 1));
  }
  for (auto* values : {&batch.y_true, &batch.y_pred, &batch.weight}) {
    std::vector<double> chosen;
    for (auto i = static_cast<std::size_t>(class_id); i < values->size();
         i += static_cast<std::size_t>(classes)) {
      chosen.push_back((*values)[i]);
    }
    *values = std::move(chosen);
  }
  std::vector<std::int64_t> dims(batch.shape.begin(), batch.shape.end());
  dims.back() = 1;
  batch.shape = Shape(dims);
}

void keep_top(std::string_view name, Labelled& batch, std::int64_t k) {
  const std::int64_t classes = classes_of(name, batch, "top_k");
  if (k > classes) {
    throw ValueError(std::string(name) + ": top_k " + std::to_string(k) + " is more than the " +
                     std::to_string(classes) + " classes");
  }
  const auto width = static_cast<std::size_t>(classes);
  std::vector<std::size_t> order(width);
  for (std::size_t row = 0; row < batch.y_pred.size(); row += width) {
    std::iota(order.begin(), order.end(), row);
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
      const double x = batch.y_pred[a], y = batch.y_pred[b];
      return std::isnan(y) ? false : std::isnan(x) || x > y;
    });
    for (auto i = static_cast<std::size_t>(k); i < width; ++i) batch.y_pred[order[i]] = kBelowAll;
  }
}

}  // namespace gradus
