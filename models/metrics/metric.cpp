#include <gradus/graph/error.h>
#include <gradus/graph/recording.h>
#include <gradus/graph/suggest.h>
#include <gradus/models/metrics/accuracy.h>
#include <gradus/models/metrics/mean.h>
#include <gradus/models/metrics/metric.h>
#include <gradus/ops/reduction.h>

#include <array>
#include <numeric>

namespace gradus {

namespace {

double samples(const Tensor& y_pred) { return y_pred.rank() == 0 ? 1 : static_cast<double>(y_pred.dim(0)); }

class LossMetric : public MeanKind {
 public:
  explicit LossMetric(Loss loss) : MeanKind(loss.name()), loss_(std::move(loss)) {}

  void update(const Tensor& y_true, const Tensor& y_pred, const Tensor& sample_weight) override {
    const NoGrad guard;
    const double count = samples(y_pred);
    const double total = loss_(y_true, y_pred, sample_weight).item() * count;
    if (!sample_weight.defined()) return add(total, count);
    const std::vector<double> weights = sample_weight.to_vector<double>();
    add(total, std::accumulate(weights.begin(), weights.end(), 0.0));
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
    const double count = samples(y_pred);
    add(function_(y_true, y_pred) * count, count);
  }

 private:
  Metric::NumberFunction function_;
};

constexpr std::array<std::string_view, 13> kNames = {"accuracy",
                                                     "acc",
                                                     "binary_accuracy",
                                                     "categorical_accuracy",
                                                     "sparse_categorical_accuracy",
                                                     "mean_squared_error",
                                                     "mse",
                                                     "binary_crossentropy",
                                                     "bce",
                                                     "categorical_crossentropy",
                                                     "sparse_categorical_crossentropy",
                                                     "crossentropy",
                                                     "ce"};

Metric named(std::string_view name) {
  switch (find_name("metric", name, kNames)) {
    case 0:
    case 1: return Accuracy();
    case 2: return BinaryAccuracy();
    case 3: return CategoricalAccuracy();
    case 4: return SparseCategoricalAccuracy();
    default: return Loss(name);
  }
}

}  // namespace

Metric::Metric(std::shared_ptr<Kind> kind) : kind_(std::move(kind)), name_(kind_->name()) {}
Metric::Metric(std::string_view name) : kind_(named(name).kind_), name_(name) {}
Metric::Metric(const Loss& loss) : Metric(std::make_shared<LossMetric>(loss)) {}

Metric::Metric(std::string name, OpFunction function)
    : Metric(std::move(name), [function = std::move(function)](const Tensor& y_true, const Tensor& y_pred) {
        const Variable values = function(y_true, y_pred);
        return values.rank() == 0 ? values.item() : mean(values).item();
      }) {}

Metric::Metric(std::string name, NumberFunction function)
    : kind_(std::make_shared<NumberMetric>(name, std::move(function))), name_(std::move(name)) {}

void Metric::update(const Tensor& y_true, const Tensor& y_pred, const Tensor& sample_weight) const {
  kind_->update(y_true, y_pred, sample_weight);
}
double Metric::result() const { return kind_->result(); }
void Metric::reset() const { kind_->reset(); }

}  // namespace gradus
