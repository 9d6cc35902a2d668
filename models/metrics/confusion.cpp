#include <gradus/graph/error.h>
#include <gradus/graph/number_text.h>
#include <gradus/models/losses/op_loss.h>
#include <gradus/models/metrics/confusion.h>
#include <gradus/models/metrics/mean_of_results.h>
#include <gradus/models/metrics/threshold_counts.h>

#include <algorithm>

namespace gradus {

namespace {

// What is to be read from the counts: a number for each threshold, or one from all.
using Reading = std::vector<double> (*)(const ConfusionCounts& counts);

struct Selection {
  std::optional<std::int64_t> top_k = {};
  std::optional<std::int64_t> class_id = {};
};

class CountsKind : public MeanOfResults {
 public:
  CountsKind(std::string_view name, std::vector<double> thresholds, bool even, Selection selection)
      : MeanOfResults(name), counts_(std::move(thresholds), {.even = even}), selection_(selection) {}

  void update(const Tensor& y_true, const Tensor& y_pred, const Tensor& sample_weight) override {
    Labelled batch = labelled(name(), y_true, y_pred, sample_weight);
    if (selection_.top_k) keep_top(name(), batch, *selection_.top_k);
    if (selection_.class_id) select_class(name(), batch, *selection_.class_id);
    for (std::size_t i = 0; i < batch.y_true.size(); ++i) {
      counts_.add(batch.y_true[i], batch.y_pred[i], y_pred.dtype(), batch.weight[i]);
    }
  }
  void reset() override { counts_.reset(); }

 protected:
  ConfusionCounts counts() const { return counts_.counts(); }

 private:
  ThresholdCounts counts_;
  Selection selection_;
};

class ReadKind : public CountsKind {
 public:
  ReadKind(std::string_view name, std::vector<double> thresholds, Selection selection, Reading reading)
      : CountsKind(name, thresholds, are_even(thresholds), selection), reading_(reading) {}
  std::vector<double> results() const override { return reading_(counts()); }

 private:
  Reading reading_;
};

std::vector<double> checked(std::string_view name, const Thresholds& thresholds, double otherwise) {
  for (const double threshold : thresholds.values()) {
    if (!(threshold >= 0 && threshold <= 1)) {
      throw ValueError(std::string(name) + ": the threshold " + scalar_text(threshold) +
                       " is outside [0, 1]");
    }
  }
  return thresholds.empty() ? std::vector{otherwise} : thresholds.values();
}

std::shared_ptr<Metric::Kind> counted(const ConfusionOptions& options, std::string_view otherwise,
                                      Reading reading) {
  const std::string_view name = name_or(options.name, otherwise);
  return std::make_shared<ReadKind>(name, checked(name, options.thresholds, 0.5), Selection{}, reading);
}

std::shared_ptr<Metric::Kind> shared(const PrecisionOptions& options, std::string_view otherwise,
                                     Reading reading) {
  const std::string_view name = name_or(options.name, otherwise);
  if (options.top_k && *options.top_k < 1) {
    throw ValueError(std::string(name) + ": top_k must be positive, got " + std::to_string(*options.top_k));
  }
  return std::make_shared<ReadKind>(name, checked(name, options.thresholds, options.top_k ? kBelowAll : 0.5),
                                    Selection{.top_k = options.top_k, .class_id = options.class_id}, reading);
}

// The best of `wanted` where `held` is at least `value`.
class AtKind : public CountsKind {
 public:
  AtKind(std::string_view name, double value, const AtOptions& options, Reading held, Reading wanted)
      : CountsKind(name, even_thresholds(name, options.num_thresholds, 1), options.num_thresholds > 1,
                   {.class_id = options.class_id}),
        value_(value),
        held_(held),
        wanted_(wanted) {
    if (!(value >= 0 && value <= 1)) {
      throw ValueError(std::string(name) + ": " + scalar_text(value) + " is outside [0, 1]");
    }
  }
  std::vector<double> results() const override {
    const ConfusionCounts all = counts();
    const std::vector<double> held = held_(all), wanted = wanted_(all);
    double best = 0;
    for (std::size_t i = 0; i < held.size(); ++i) {
      if (held[i] >= value_) best = std::max(best, wanted[i]);
    }
    return {best};
  }

 private:
  double value_;
  Reading held_, wanted_;
};

std::shared_ptr<Metric::Kind> at(double value, const AtOptions& options, std::string_view otherwise,
                                 Reading held, Reading wanted) {
  return std::make_shared<AtKind>(name_or(options.name, otherwise), value, options, held, wanted);
}

std::vector<double> precisions(const ConfusionCounts& counts) { return counts.precision(); }
std::vector<double> recalls(const ConfusionCounts& counts) { return counts.recall(); }
std::vector<double> specificities(const ConfusionCounts& counts) { return counts.specificity(); }

}  // namespace

TruePositives::TruePositives(ConfusionOptions options)
    : Metric(counted(options, "true_positives", [](const ConfusionCounts& c) { return c.tp; })) {}
TrueNegatives::TrueNegatives(ConfusionOptions options)
    : Metric(counted(options, "true_negatives", [](const ConfusionCounts& c) { return c.tn; })) {}
FalsePositives::FalsePositives(ConfusionOptions options)
    : Metric(counted(options, "false_positives", [](const ConfusionCounts& c) { return c.fp; })) {}
FalseNegatives::FalseNegatives(ConfusionOptions options)
    : Metric(counted(options, "false_negatives", [](const ConfusionCounts& c) { return c.fn; })) {}

Precision::Precision(PrecisionOptions options) : Metric(shared(options, "precision", precisions)) {}
Recall::Recall(PrecisionOptions options) : Metric(shared(options, "recall", recalls)) {}

SensitivityAtSpecificity::SensitivityAtSpecificity(double specificity, AtOptions options)
    : Metric(at(specificity, options, "sensitivity_at_specificity", specificities, recalls)) {}
SpecificityAtSensitivity::SpecificityAtSensitivity(double sensitivity, AtOptions options)
    : Metric(at(sensitivity, options, "specificity_at_sensitivity", recalls, specificities)) {}
PrecisionAtRecall::PrecisionAtRecall(double recall, AtOptions options)
    : Metric(at(recall, options, "precision_at_recall", recalls, precisions)) {}
RecallAtPrecision::RecallAtPrecision(double precision, AtOptions options)
    : Metric(at(precision, options, "recall_at_precision", precisions, recalls)) {}

}  // namespace gradus
