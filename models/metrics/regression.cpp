#include <gradus/graph/error.h>
#include <gradus/graph/recording.h>
#include <gradus/models/losses/op_loss.h>
#include <gradus/models/losses/regression.h>
#include <gradus/models/metrics/labelled.h>
#include <gradus/models/metrics/regression.h>
#include <gradus/ops/elementwise.h>

#include <cmath>

namespace gradus {

namespace {

class RootKind : public MeanKind {
 public:
  using MeanKind::MeanKind;
  double result() const override { return std::sqrt(MeanKind::result()); }

  void update(const Tensor& y_true, const Tensor& y_pred, const Tensor& sample_weight) override {
    const Labelled batch = labelled(name(), y_true, y_pred, sample_weight);
    double total = 0, count = 0;
    for (std::size_t i = 0; i < batch.y_true.size(); ++i) {
      const double error = batch.y_pred[i] - batch.y_true[i];
      total += batch.weight[i] * error * error;
      count += batch.weight[i];
    }
    add(total, count);
  }
};

}  // namespace

RootMeanSquaredError::RootMeanSquaredError(MetricOptions options)
    : Metric(std::make_shared<RootKind>(name_or(options.name, "root_mean_squared_error"))) {}

LogCoshError::LogCoshError(MetricOptions options)
    : Metric(LogCosh({.name = std::string(name_or(options.name, "logcosh"))})) {}

CosineSimilarityMetric::CosineSimilarityMetric(CosineSimilarityMetricOptions options)
    : Metric(MeanMetricWrapper(
          [axis = options.axis](const Operand& y_true, const Operand& y_pred) {
            return negative(cosine_similarity(y_true, y_pred, {.axis = axis, .reduction = Reduction::none}));
          },
          {.name = std::string(name_or(options.name, "cosine_similarity"))})) {}

}  // namespace gradus
