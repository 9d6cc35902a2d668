#pragma once

#include <gradus/models/metrics/metric.h>

namespace gradus {

// A mean of values that come with weights: what most metrics are.
class MeanKind : public Metric::Kind {
 public:
  explicit MeanKind(std::string_view name) : name_(name) {}

  std::string_view name() const override { return name_; }
  double result() const override { return count_ == 0 ? 0 : total_ / count_; }
  void reset() override { total_ = count_ = 0; }

 protected:
  void add(double total, double count) {
    total_ += total;
    count_ += count;
  }
  // Values [n, ...], of which each sample has the mean, by weight; a mask counts as weights of 0 and 1. A
  // single value stands for all samples of y_pred and cannot be weighed: ShapeError.
  void add_values(const Tensor& values, const Tensor& y_pred, const Tensor& sample_weight,
                  const Tensor& mask = {});

 private:
  std::string name_;
  double total_ = 0;
  double count_ = 0;
};

struct MetricOptions {
  std::string name = {};  // empty: after the class, "root_mean_squared_error"
};

// What takes in values as they are, to be used by itself: `mean.update(losses)`. Weights are one for each
// value, or one for each of the first axis. Among a model's metrics it is a ValueError.
class ValuesMetric : public Metric {
 public:
  void update(const Tensor& values, const Tensor& sample_weight = {}) const;

 protected:
  using Metric::Metric;
};
// The mean by weight; a sample of several values has their mean.
class Mean : public ValuesMetric {
 public:
  explicit Mean(MetricOptions options = {});
};
class Sum : public ValuesMetric {
 public:
  explicit Sum(MetricOptions options = {});
};

// The mean of what a function of (y_true, y_pred) gives: a value for each sample or for each value.
class MeanMetricWrapper : public Metric {
 public:
  explicit MeanMetricWrapper(OpFunction function, MetricOptions options = {});
};

}  // namespace gradus
