#include <gradus/graph/error.h>
#include <gradus/graph/recording.h>
#include <gradus/models/metrics/mean.h>
#include <gradus/models/metrics/metric.h>
#include <gradus/models/metrics/named_metrics.h>

namespace gradus {

namespace {

class LossMetric : public MeanKind {
 public:
  explicit LossMetric(Loss loss) : MeanKind(loss.name()), loss_(std::move(loss)) {}

  void update(const Tensor& y_true, const Tensor& y_pred, const Tensor& sample_weight) override {
    const NoGrad guard;
    const LossValues losses = loss_.values(y_true, y_pred);
    add_values(losses.values.value(), y_pred, sample_weight, losses.mask);
  }

 private:
  Loss loss_;
};

class NumberMetric : public MeanKind {
 public:
  NumberMetric(std::string_view name, Metric::NumberFunction function)
      : MeanKind(name), function_(std::move(function)) {}

  void update(const Tensor& y_true, const Tensor& y_pred, const Tensor& sample_weight) override {
    if (sample_weight.defined()) {
      throw ValueError(std::string(name()) + ": a metric made from a function takes no sample weights");
    }
    const NoGrad guard;
    add_values(Tensor::scalar(function_(y_true, y_pred), DType::float64), y_pred, {});
  }

  bool takes_weights() const override { return false; }

 private:
  Metric::NumberFunction function_;
};

}  // namespace

Metric::Metric(std::shared_ptr<Kind> kind) : kind_(std::move(kind)), name_(kind_->name()) {}
Metric::Metric(std::string_view name) : kind_(make_metric(name).kind_), name_(name) {}
Metric::Metric(const Loss& loss) : Metric(std::make_shared<LossMetric>(loss)) {}

Metric::Metric(std::string name, OpFunction function)
    : Metric(MeanMetricWrapper(std::move(function), {.name = std::move(name)})) {}

Metric::Metric(std::string name, NumberFunction function)
    : kind_(std::make_shared<NumberMetric>(name, std::move(function))), name_(std::move(name)) {}

Metric::Kind& Metric::kind() const {
  if (!kind_) throw StateError("Metric: used after a move");
  return *kind_;
}

void Metric::update(const Tensor& y_true, const Tensor& y_pred, const Tensor& sample_weight) const {
  kind().update(y_true, y_pred, sample_weight);
}
double Metric::result() const { return kind().result(); }
std::vector<double> Metric::results() const { return kind().results(); }
double Metric::running_result() const { return kind().running_result(); }
void Metric::reset() const { kind().reset(); }
bool Metric::takes_weights() const { return kind().takes_weights(); }

}  // namespace gradus
