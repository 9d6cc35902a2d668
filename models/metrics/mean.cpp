#include <gradus/graph/error.h>
#include <gradus/graph/recording.h>
#include <gradus/models/losses/op_loss.h>
#include <gradus/models/losses/sample_weights.h>
#include <gradus/models/metrics/mean.h>

namespace gradus {

namespace {

struct Sums {
  double total = 0;  // of the values times their weights
  double count = 0;  // of the weights
};

Sums sums(std::string_view name, const Tensor& values, const Tensor& sample_weight, const Tensor& mask) {
  const WeightReader weights(name, sample_weight, values.shape());
  Sums result;
  dispatch(values.dtype(), [&]<class T>() {
    const T* numbers = values.raw<T>();
    if (weights.empty() && !mask.defined()) {
      for (std::int64_t i = 0; i < values.size(); ++i) result.total += static_cast<double>(numbers[i]);
      result.count = static_cast<double>(values.size());
      return;
    }
    const bool* counts = mask.defined() ? mask.raw<bool>() : nullptr;
    for (std::int64_t i = 0; i < values.size(); ++i) {
      const double weight = counts == nullptr || counts[i] ? weights[i] : 0;
      if (weight != 0) result.total += weight * static_cast<double>(numbers[i]);
      result.count += weight;
    }
  });
  return result;
}

class WrappedKind : public MeanKind {
 public:
  WrappedKind(Metric::OpFunction function, std::string_view name)
      : MeanKind(name), function_(std::move(function)) {}

  void update(const Tensor& y_true, const Tensor& y_pred, const Tensor& sample_weight) override {
    const NoGrad guard;
    add_values(function_(y_true, y_pred).value(), y_pred, sample_weight);
  }

 private:
  Metric::OpFunction function_;
};

// Takes its values as y_pred, and no labels.
class ValuesMean : public MeanKind {
 public:
  using MeanKind::MeanKind;
  void update(const Tensor& y_true, const Tensor& values, const Tensor& sample_weight) override {
    if (y_true.defined()) {
      throw ValueError(std::string(name()) + ": it takes values, not labels and predictions: update(values)");
    }
    take(values, sample_weight);
  }

 protected:
  virtual void take(const Tensor& values, const Tensor& sample_weight) {
    if (values.rank() > 0) return add_values(values, values, sample_weight);
    const Sums part = sums(name(), values, sample_weight, {});
    add(part.total, part.count);
  }
};

class ValuesSum : public ValuesMean {
 public:
  using ValuesMean::ValuesMean;
  double result() const override { return total_; }
  void reset() override { total_ = 0; }

 protected:
  void take(const Tensor& values, const Tensor& sample_weight) override {
    total_ += sums(name(), values, sample_weight, {}).total;
  }

 private:
  double total_ = 0;
};

}  // namespace

void MeanKind::add_values(const Tensor& values, const Tensor& y_pred, const Tensor& sample_weight,
                          const Tensor& mask) {
  if (values.rank() == 0) {
    if (sample_weight.defined()) {
      throw ShapeError(name_ + ": sample weights need one value for each of the " +
                       std::to_string(sample_weight.size()) + " samples; there is one for all");
    }
    const double samples = y_pred.rank() == 0 ? 1 : static_cast<double>(y_pred.dim(0));
    return add(values.item() * samples, samples);
  }
  const Sums part = sums(name_, values, sample_weight, mask);
  if (values.size() == 0) return;
  const double each = static_cast<double>(values.size()) / static_cast<double>(values.dim(0));
  add(part.total / each, part.count / each);
}

void ValuesMetric::update(const Tensor& values, const Tensor& sample_weight) const {
  kind().update({}, values, sample_weight);
}

Mean::Mean(MetricOptions options)
    : ValuesMetric(std::make_shared<ValuesMean>(name_or(options.name, "mean"))) {}
Sum::Sum(MetricOptions options) : ValuesMetric(std::make_shared<ValuesSum>(name_or(options.name, "sum"))) {}

MeanMetricWrapper::MeanMetricWrapper(OpFunction function, MetricOptions options)
    : Metric(
          std::make_shared<WrappedKind>(std::move(function), name_or(options.name, "mean_metric_wrapper"))) {}

}  // namespace gradus
