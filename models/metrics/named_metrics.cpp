#include <gradus/models/losses/named_losses.h>
#include <gradus/models/metrics/accuracy.h>
#include <gradus/models/metrics/auc.h>
#include <gradus/models/metrics/confusion.h>
#include <gradus/models/metrics/correlation.h>
#include <gradus/models/metrics/f_score.h>
#include <gradus/models/metrics/iou.h>
#include <gradus/models/metrics/mean.h>
#include <gradus/models/metrics/named_metrics.h>
#include <gradus/models/metrics/regression.h>

#include <array>

namespace gradus {

namespace {

template <class M>
Metric make() {
  return M();
}

constexpr auto kMetrics = std::to_array<Named<Metric>>({
    {"accuracy", make<Accuracy>},
    {"acc", make<Accuracy>},
    {"binary_accuracy", make<BinaryAccuracy>},
    {"categorical_accuracy", make<CategoricalAccuracy>},
    {"sparse_categorical_accuracy", make<SparseCategoricalAccuracy>},
    {"top_k_categorical_accuracy", make<TopKCategoricalAccuracy>},
    {"sparse_top_k_categorical_accuracy", make<SparseTopKCategoricalAccuracy>},
    {"precision", make<Precision>},
    {"recall", make<Recall>},
    {"true_positives", make<TruePositives>},
    {"true_negatives", make<TrueNegatives>},
    {"false_positives", make<FalsePositives>},
    {"false_negatives", make<FalseNegatives>},
    {"auc", make<AUC>},
    {"f1_score", make<F1Score>},
    {"fbeta_score", make<FBetaScore>},
    {"binary_iou", make<BinaryIoU>},
    {"root_mean_squared_error", make<RootMeanSquaredError>},
    {"r2_score", make<R2Score>},
    {"log_cosh_error", make<LogCoshError>},
    {"cosine_similarity", make<CosineSimilarityMetric>},
    {"pearson_correlation", make<PearsonCorrelation>},
    {"concordance_correlation", make<ConcordanceCorrelation>},
    {"mean", make<Mean>},
    {"sum", make<Sum>},
});

}  // namespace

Metric make_metric(std::string_view name) {
  struct Maker {
    Metric (*metric)();
    Loss (*loss)();
  };
  std::vector<std::string_view> names;
  std::vector<Maker> makers;
  for (const auto& [known, make] : kMetrics) {
    names.push_back(known);
    makers.push_back({make, nullptr});
  }
  for (const auto& [known, make] : named_losses()) {
    if (known == "cosine_similarity") continue;  // the metric's sign is the other one
    names.push_back(known);
    makers.push_back({nullptr, make});
  }
  const Maker& found = makers[find_name("metric", name, names)];
  return found.metric != nullptr ? found.metric() : Metric(found.loss());
}

}  // namespace gradus
