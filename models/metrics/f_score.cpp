#include <gradus/graph/error.h>
#include <gradus/graph/number_text.h>
#include <gradus/graph/suggest.h>
#include <gradus/models/losses/op_loss.h>
#include <gradus/models/metrics/f_score.h>
#include <gradus/models/metrics/labelled.h>
#include <gradus/models/metrics/mean_of_results.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace gradus {

namespace {

constexpr double kEpsilon = 1e-7;
enum class Average { none, micro, macro, weighted };

Average average_of(std::string_view name) {
  if (name.empty()) return Average::none;
  static constexpr std::array<std::string_view, 4> kNames = {"none", "micro", "macro", "weighted"};
  return static_cast<Average>(find_name("average of an F score", name, kNames));
}

struct Count {
  double tp = 0, fp = 0, fn = 0;
};

class FScoreKind : public MeanOfResults {
 public:
  FScoreKind(std::string_view name, const FBetaScoreOptions& options)
      : MeanOfResults(name),
        average_(average_of(options.average)),
        beta_(options.beta),
        threshold_(options.threshold) {
    if (!(options.beta > 0)) {
      throw ValueError(std::string(name) + ": beta must be positive, got " + scalar_text(options.beta));
    }
    if (threshold_ && !(*threshold_ > 0 && *threshold_ <= 1)) {
      throw ValueError(std::string(name) + ": the threshold " + scalar_text(*threshold_) +
                       " is outside (0, 1]");
    }
  }

  void update(const Tensor& y_true, const Tensor& y_pred, const Tensor& sample_weight) override {
    if (y_true.rank() != 2 || y_true.shape() != y_pred.shape()) refuse_shapes(name(), y_true, y_pred);
    const Labelled batch = labelled(name(), y_true, y_pred, sample_weight);
    const auto classes = static_cast<std::size_t>(batch.shape.back());
    if (!counts_.empty() && counts_.size() != classes) {
      throw ShapeError(std::string(name()) + ": the batches before had " + std::to_string(counts_.size()) +
                       " classes, y_pred is " + to_string(batch.shape));
    }
    counts_.resize(classes);
    double largest = 0;
    for (std::size_t i = 0; i < batch.y_pred.size(); ++i) {
      const double* row = batch.y_pred.data() + i;
      if (i % classes == 0) largest = *std::max_element(row, row + classes);
      const double answer = says_one(batch.y_pred[i], largest, y_pred.dtype()) ? 1 : 0;
      const double label = batch.y_true[i], weight = batch.weight[i];
      Count& count = counts_[i % classes];
      count.tp += weight * answer * label;
      count.fp += weight * answer * (1 - label);
      count.fn += weight * (1 - answer) * label;
    }
  }

  std::vector<double> results() const override {
    std::vector<Count> counts = counts_;
    if (average_ == Average::micro) counts.assign(1, sum());
    std::vector<double> scores;
    for (const Count& count : counts) scores.push_back(score(count));
    if (scores.empty() || average_ == Average::none) return scores;
    double total = 0;
    for (std::size_t i = 0; i < scores.size(); ++i) {
      const double positives = counts[i].tp + counts[i].fn;
      const double share = average_ == Average::weighted ? positives / (sum().tp + sum().fn + kEpsilon)
                                                         : 1 / static_cast<double>(scores.size());
      total += scores[i] * share;
    }
    return {total};
  }
  void reset() override { counts_.clear(); }

 private:
  bool says_one(double prediction, double largest, DType dtype) const {
    if (!threshold_) return prediction >= largest && std::abs(prediction) > 1e-9;
    const double threshold =
        dtype == DType::float32 ? static_cast<double>(static_cast<float>(*threshold_)) : *threshold_;
    return prediction > threshold;
  }
  Count sum() const {
    Count total;
    for (const Count& count : counts_) {
      total.tp += count.tp;
      total.fp += count.fp;
      total.fn += count.fn;
    }
    return total;
  }
  double score(const Count& count) const {
    const double precision = count.tp / (count.tp + count.fp + kEpsilon);
    const double recall = count.tp / (count.tp + count.fn + kEpsilon);
    const double square = beta_ * beta_;
    return precision * recall / (square * precision + recall + kEpsilon) * (1 + square);
  }

  Average average_;
  double beta_;
  std::optional<double> threshold_;
  std::vector<Count> counts_;  // of the classes
};

}  // namespace

FBetaScore::FBetaScore(FBetaScoreOptions options)
    : Metric(std::make_shared<FScoreKind>(name_or(options.name, "fbeta_score"), options)) {}

F1Score::F1Score(F1ScoreOptions options)
    : Metric(std::make_shared<FScoreKind>(
          name_or(options.name, "f1_score"),
          FBetaScoreOptions{.average = options.average, .threshold = options.threshold})) {}

}  // namespace gradus
