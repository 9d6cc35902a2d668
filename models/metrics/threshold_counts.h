#pragma once

#include <gradus/models/metrics/labelled.h>

#include <optional>

namespace gradus {

// Weighted counts of right and wrong answers, for each threshold in the order in which they were given.
struct ConfusionCounts {
  std::vector<double> tp, fp, tn, fn;

  std::vector<double> precision() const;
  std::vector<double> recall() const;  // sensitivity
  std::vector<double> specificity() const;
  std::vector<double> false_positive_rate() const;
};
// a / b, 0 where b is 0.
std::vector<double> quotients(const std::vector<double>& a, const std::vector<double>& b);

struct ThresholdCountsOptions {
  // Thresholds 0, 1/(n - 1), … 1, perhaps a little more at the ends: see Note [Even thresholds].
  bool even = false;
  std::int64_t columns = 1;  // counted apart
};

// Note [Even thresholds]
// A prediction says 1 where it is strictly above a threshold. Where n thresholds divide [0, 1] evenly, Keras
// does not compare: a prediction, clipped to [0, 1], is above the first ceil(p (n - 1)) of them. Rounding
// makes a difference there, so it is done the same way and in the predictions' own dtype.

// Counts in one cell for each number of thresholds that a prediction may be above, so that a prediction costs
// the same however many thresholds there are.
class ThresholdCounts {
 public:
  explicit ThresholdCounts(std::vector<double> thresholds, ThresholdCountsOptions options = {});

  // A label other than 0 is 1; a NaN is above no threshold.
  void add(double label, double prediction, DType dtype, double weight, std::int64_t column = 0);
  ConfusionCounts counts(std::int64_t column = 0) const;
  void reset(std::int64_t columns);
  void reset() { reset(columns_); }
  std::int64_t columns() const { return columns_; }
  std::size_t size() const { return order_.size(); }

 private:
  struct Cell {
    double positive = 0, negative = 0;
  };
  std::size_t exceeded(double prediction, DType dtype) const;

  std::vector<double> sorted_;
  std::vector<std::size_t> order_;  // the place of each threshold in sorted_
  bool even_;
  std::int64_t columns_;
  std::vector<Cell> cells_;  // [columns, thresholds + 1]
};

// Whether Keras takes them for even: three or more, each within its tolerance of i / (n - 1).
bool are_even(const std::vector<double>& thresholds);
// 0, 1/(n - 1), … 1; just 0.5 for n = 1. ValueError, its text beginning with `name`, below `least`.
std::vector<double> even_thresholds(std::string_view name, std::int64_t count, std::int64_t least);

// What a batch holds of one class, [..., classes] -> [..., 1]. ValueError where there is no such class.
void select_class(std::string_view name, Labelled& batch, std::int64_t class_id);
// Predictions that are not among the k largest of their row made lower than any threshold; of equal ones the
// first count. ValueError unless a row has k values.
void keep_top(std::string_view name, Labelled& batch, std::int64_t k);
inline constexpr double kBelowAll = -1e10;

}  // namespace gradus
