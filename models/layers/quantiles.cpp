#include <gradus/graph/error.h>
#include <gradus/models/layers/quantiles.h>

#include <algorithm>
#include <cmath>

namespace gradus {

namespace {

// Values in order, and how many each stands for.
struct Summary {
  std::vector<double> values, weights;
};

// np.interp: y at x for the points (xs, ys), xs in ascending order; the ends go on.
double interpolated(double x, const std::vector<double>& xs, const std::vector<double>& ys) {
  if (x >= xs.back()) return ys.back();
  const auto after = static_cast<std::size_t>(std::upper_bound(xs.begin(), xs.end(), x) - xs.begin());
  if (after == 0) return ys.front();
  const std::size_t before = after - 1;
  return ys[before] + (ys[after] - ys[before]) * (x - xs[before]) / (xs[after] - xs[before]);
}

Summary summarized(const std::vector<double>& sorted, double epsilon) {
  const double step = std::max(static_cast<double>(sorted.size()) * epsilon, 1.0);
  Summary summary;
  for (auto i = static_cast<std::size_t>(step - 1); i < sorted.size(); i += static_cast<std::size_t>(step)) {
    summary.values.push_back(sorted[i]);
    summary.weights.push_back(step);
  }
  return summary;
}

Summary compressed(const Summary& summary, double epsilon) {
  if (static_cast<double>(summary.values.size()) * epsilon < 1) return summary;
  std::vector<double> sums, shares;
  double sum = 0;
  for (const double weight : summary.weights) sums.push_back(sum += weight);
  for (const double each : sums) shares.push_back(each / sum);
  Summary result;
  const auto count = static_cast<std::int64_t>(std::ceil(1 / epsilon));  // of np.arange(0, 1, epsilon)
  double before = 0;
  for (std::int64_t i = 0; i < count; ++i) {
    const double share = epsilon + static_cast<double>(i) * epsilon;
    result.values.push_back(interpolated(share, shares, summary.values));
    const double until = interpolated(share, shares, sums);
    result.weights.push_back(until - before);
    before = until;
  }
  return result;
}

}  // namespace

BinBoundaries quantiles(const Tensor& data, std::int64_t num_bins, double epsilon) {
  std::vector<double> sorted = data.to_vector<double>();
  if (sorted.empty()) throw ValueError("adapt: needs values, the data is " + to_string(data.shape()));
  if (std::any_of(sorted.begin(), sorted.end(), [](double value) { return std::isnan(value); })) {
    throw ValueError("adapt: a value is NaN");
  }
  std::sort(sorted.begin(), sorted.end());
  const Summary summary = compressed(summarized(sorted, epsilon), epsilon);
  const std::vector<double> found = compressed(summary, 1.0 / static_cast<double>(num_bins)).values;
  return BinBoundaries(found.begin(), found.end() - 1);
}

}  // namespace gradus
