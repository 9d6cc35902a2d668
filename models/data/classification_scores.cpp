#include <gradus/graph/error.h>
#include <gradus/graph/number_text.h>
#include <gradus/models/data/classification_report.h>
#include <gradus/models/data/label_pairs.h>

#include <algorithm>
#include <functional>

namespace gradus::data {

namespace {

// Weights of samples: of the class and taken for it, taken for it, of it.
struct Counts {
  double hits = 0, guessed = 0, support = 0;
};

std::vector<Counts> count(const LabelPairs& pairs) {
  std::vector<Counts> counts(static_cast<std::size_t>(pairs.listed));
  for (std::size_t i = 0; i < pairs.truth.size(); ++i) {
    const std::int64_t truth = pairs.truth[i], guess = pairs.guess[i];
    if (truth < pairs.listed) counts[static_cast<std::size_t>(truth)].support += pairs.weight[i];
    if (guess < pairs.listed) counts[static_cast<std::size_t>(guess)].guessed += pairs.weight[i];
    if (truth == guess && truth < pairs.listed) {
      counts[static_cast<std::size_t>(truth)].hits += pairs.weight[i];
    }
  }
  return counts;
}

bool listed_are_those_that_occur(const LabelPairs& pairs) {
  std::vector<bool> occurs(static_cast<std::size_t>(pairs.labels.size()));
  for (const auto* places : {&pairs.truth, &pairs.guess}) {
    for (const std::int64_t place : *places) occurs[static_cast<std::size_t>(place)] = true;
  }
  return pairs.listed == pairs.labels.size() &&
         std::find(occurs.begin(), occurs.end(), false) == occurs.end();
}

ClassScores scores(const std::string& name, const Counts& counts, double zero_division) {
  ClassScores result;
  result.name = name;
  result.precision = counts.guessed == 0 ? zero_division : counts.hits / counts.guessed;
  result.recall = counts.support == 0 ? zero_division : counts.hits / counts.support;
  const double sum = result.precision + result.recall;
  result.f1_score = 2 * result.precision * result.recall / (sum == 0 ? 1 : sum);
  result.support = counts.support;
  return result;
}

ClassScores average(const std::string& name, const std::vector<ClassScores>& classes,
                    const std::function<double(const ClassScores&)>& weight) {
  ClassScores result;
  result.name = name;
  double sum = 0;
  for (const ClassScores& each : classes) {
    result.precision += weight(each) * each.precision;
    result.recall += weight(each) * each.recall;
    result.f1_score += weight(each) * each.f1_score;
    result.support += each.support;
    sum += weight(each);
  }
  result.precision /= sum;
  result.recall /= sum;
  result.f1_score /= sum;
  return result;
}

// By support; without any there is nothing to weigh, and scikit-learn's rule decides.
ClassScores weighted(const std::vector<ClassScores>& classes, const Counts& all, double zero_division) {
  if (all.support != 0) {
    return average("weighted avg", classes, [](const ClassScores& each) { return each.support; });
  }
  const double of_guesses = all.guessed == 0 ? zero_division : 0;
  return {"weighted avg", of_guesses, zero_division, of_guesses, 0};
}

}  // namespace

ClassificationScores classification_scores(const Tensor& y_true, const Tensor& y_pred,
                                           const ClassificationReportOptions& options) {
  const std::string call = "classification_report";
  const LabelPairs pairs = label_pairs(call, y_true, y_pred, options.labels, options.sample_weight);
  if (pairs.listed == 0) throw ValueError(call + ": there are no labels");
  if (options.zero_division != 0 && options.zero_division != 1) {
    throw ValueError(call + ": zero_division must be 0 or 1, got " + scalar_text(options.zero_division));
  }
  const auto listed = static_cast<std::size_t>(pairs.listed);
  if (!options.target_names.empty() && options.target_names.size() != listed) {
    throw ValueError(call + ": there are " + std::to_string(options.target_names.size()) +
                     " target_names for " + std::to_string(listed) + " classes");
  }
  const std::vector<Counts> counts = count(pairs);
  ClassificationScores result;
  Counts all;
  for (std::size_t k = 0; k < listed; ++k) {
    const std::string name = options.target_names.empty()
                                 ? label_text(pairs.labels, static_cast<std::int64_t>(k))
                                 : options.target_names[k];
    result.classes.push_back(scores(name, counts[k], options.zero_division));
    all.hits += counts[k].hits;
    all.guessed += counts[k].guessed;
    all.support += counts[k].support;
  }
  result.micro_avg = scores("micro avg", all, options.zero_division);
  if (listed_are_those_that_occur(pairs)) result.accuracy = result.micro_avg.f1_score;
  result.macro_avg = average("macro avg", result.classes, [](const ClassScores&) { return 1.0; });
  result.weighted_avg = weighted(result.classes, all, options.zero_division);
  return result;
}

}  // namespace gradus::data
