#include <gradus/models/by_output.h>

#include <algorithm>

namespace gradus {

Losses::Losses(std::initializer_list<Loss> losses) {
  for (const Loss& loss : losses) assigned_.parts.emplace_back("", loss);
}
Losses::Losses(std::initializer_list<std::pair<std::string, Loss>> losses) : assigned_{losses, true} {}

LossWeights::LossWeights(std::initializer_list<double> weights) {
  for (const double weight : weights) assigned_.parts.emplace_back("", weight);
}
LossWeights::LossWeights(std::initializer_list<std::pair<std::string, double>> weights)
    : assigned_{weights, true} {}

Metrics::Metrics(std::initializer_list<Metric> metrics) : Metrics(std::vector<Metric>(metrics)) {}
Metrics::Metrics(std::vector<Metric> metrics) {
  if (!metrics.empty()) assigned_.parts.emplace_back("", std::move(metrics));
}
Metrics::Metrics(std::initializer_list<std::pair<std::string, std::vector<Metric>>> metrics)
    : assigned_{metrics, true} {}

bool Losses::defined() const {
  return std::any_of(assigned_.parts.begin(), assigned_.parts.end(),
                     [](const auto& part) { return part.second.defined(); });
}

}  // namespace gradus
