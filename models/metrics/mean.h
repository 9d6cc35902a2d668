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

 private:
  std::string name_;
  double total_ = 0;
  double count_ = 0;
};

}  // namespace gradus
