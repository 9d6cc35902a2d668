#pragma once

#include <gradus/models/metrics/metric.h>

#include <numeric>

namespace gradus {

// A metric of several numbers: `result` is their mean.
class MeanOfResults : public Metric::Kind {
 public:
  explicit MeanOfResults(std::string_view name) : name_(name) {}
  std::string_view name() const override { return name_; }
  double result() const override {
    const std::vector<double> all = results();
    return all.empty() ? 0 : std::accumulate(all.begin(), all.end(), 0.0) / static_cast<double>(all.size());
  }
  std::vector<double> results() const override = 0;

 private:
  std::string name_;
};

}  // namespace gradus
