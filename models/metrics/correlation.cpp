#include <gradus/models/losses/op_loss.h>
#include <gradus/models/metrics/correlation.h>
#include <gradus/models/metrics/labelled.h>
#include <gradus/models/metrics/mean.h>
#include <gradus/ops/elementwise.h>
#include <gradus/ops/reduction.h>

namespace gradus {

namespace {

constexpr double kEpsilon = 1e-7;

struct Moments {
  Variable covariance, var_true, var_pred, mean_true, mean_pred;
};

Moments moments(const Tensor& y_true, const Tensor& y_pred, std::int64_t axis) {
  const ReduceOptions kept{.axis = axis, .keepdims = true}, along{.axis = axis};
  const Variable t = subtract(y_true, mean(y_true, kept)), p = subtract(y_pred, mean(y_pred, kept));
  return {mean(t * p, along), mean(square(t), along), mean(square(p), along), mean(y_true, along),
          mean(y_pred, along)};
}

Variable pearson(const Moments& m) { return m.covariance / (sqrt(m.var_true) * sqrt(m.var_pred)); }

Variable concordance(const Moments& m) {
  return 2 * m.covariance / (m.var_true + m.var_pred + square(m.mean_true - m.mean_pred) + kEpsilon);
}

MeanMetricWrapper correlation(const CorrelationOptions& options, std::string_view otherwise,
                              Variable (*of)(const Moments&)) {
  const std::string name(name_or(options.name, otherwise));
  return MeanMetricWrapper(
      [name, axis = options.axis, of](const Operand& y_true, const Operand& y_pred) {
        const Tensor &labels = y_true.variable().value(), &predictions = y_pred.variable().value();
        const Shape shape = labelled(name, labels, predictions, {}).shape;
        return of(moments(labels.cast(predictions.dtype()).reshape(shape), predictions.reshape(shape), axis));
      },
      {.name = name});
}

}  // namespace

PearsonCorrelation::PearsonCorrelation(CorrelationOptions options)
    : Metric(correlation(options, "pearson_correlation", pearson)) {}

ConcordanceCorrelation::ConcordanceCorrelation(CorrelationOptions options)
    : Metric(correlation(options, "concordance_correlation", concordance)) {}

}  // namespace gradus
