#include <gradus/graph/error.h>
#include <gradus/graph/suggest.h>
#include <gradus/models/losses/op_loss.h>
#include <gradus/models/metrics/labelled.h>
#include <gradus/models/metrics/mean_of_results.h>
#include <gradus/models/metrics/regression.h>

#include <array>

namespace gradus {

namespace {

enum class Aggregation { none, uniform, by_variance };

Aggregation aggregation_of(std::string_view name) {
  if (name.empty()) return Aggregation::none;
  static constexpr std::array<std::string_view, 3> kNames = {"none", "uniform_average",
                                                             "variance_weighted_average"};
  return static_cast<Aggregation>(find_name("class_aggregation of r2_score", name, kNames));
}

// The weighted mean of an output's labels and their squared distances from it, taken in one by one (West,
// "Updating mean and variance estimates", 1979): a sum of squares less the square of a sum would cancel.
struct Output {
  double weight = 0, mean = 0, distances = 0, errors = 0;

  void add(double label, double prediction, double w) {
    if (w == 0) return;
    weight += w;
    const double before = label - mean;
    mean += before * (w / weight);  // exact for the first
    distances += w * before * (label - mean);
    errors += w * (label - prediction) * (label - prediction);
  }
  double score() const {
    if (distances != 0) return 1 - errors / distances;
    return errors == 0 ? 1 : 0;
  }
};

class R2Kind : public MeanOfResults {
 public:
  explicit R2Kind(const R2ScoreOptions& options)
      : MeanOfResults(name_or(options.name, "r2_score")),
        aggregation_(aggregation_of(options.class_aggregation)),
        regressors_(static_cast<double>(options.num_regressors)) {
    if (options.num_regressors < 0) {
      throw ValueError(std::string(name()) + ": num_regressors must not be negative, got " +
                       std::to_string(options.num_regressors));
    }
  }

  void update(const Tensor& y_true, const Tensor& y_pred, const Tensor& sample_weight) override {
    const Labelled batch = labelled(name(), y_true, y_pred, sample_weight);
    if (batch.shape.rank() != 2) refuse_shapes(name(), y_true, y_pred);
    const auto width = static_cast<std::size_t>(batch.shape.back());
    if (!outputs_.empty() && outputs_.size() != width) {
      throw ShapeError(std::string(name()) + ": the batches before had " + std::to_string(outputs_.size()) +
                       " outputs, y_pred is " + to_string(batch.shape));
    }
    outputs_.resize(width);
    for (std::size_t i = 0; i < batch.y_true.size(); ++i) {
      outputs_[i % width].add(batch.y_true[i], batch.y_pred[i], batch.weight[i]);
    }
    for (std::size_t row = 0; row < batch.weight.size(); row += width) {
      bool counts = false;
      for (std::size_t i = row; i < row + width; ++i) counts = counts || batch.weight[i] != 0;
      samples_ += counts ? 1 : 0;
    }
  }

  std::vector<double> results() const override {
    std::vector<double> scores;
    double uniform = 0, by_variance = 0, variance = 0;
    for (const Output& output : outputs_) {
      scores.push_back(output.weight == 0 ? 0 : output.score());
      uniform += scores.back() / static_cast<double>(outputs_.size());
      by_variance += output.distances * scores.back();
      variance += output.distances;
    }
    if (scores.empty()) return scores;
    if (aggregation_ == Aggregation::uniform || variance == 0) {
      if (aggregation_ != Aggregation::none) scores = {uniform};
    } else if (aggregation_ == Aggregation::by_variance) {
      scores = {by_variance / variance};
    }
    for (double& score : scores) score = adjusted(score);
    return scores;
  }
  void reset() override {
    outputs_.clear();
    samples_ = 0;
  }

 private:
  double adjusted(double score) const {
    const double freedom = samples_ - regressors_ - 1;
    if (regressors_ == 0 || freedom <= 0) return score;
    return 1 - (1 - score) * (samples_ - 1) / freedom;
  }

  Aggregation aggregation_;
  double regressors_;
  std::vector<Output> outputs_;
  double samples_ = 0;  // of a weight other than 0
};

}  // namespace

R2Score::R2Score(R2ScoreOptions options) : Metric(std::make_shared<R2Kind>(options)) {}

}  // namespace gradus
