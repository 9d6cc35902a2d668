#include <gradus/graph/error.h>
#include <gradus/graph/suggest.h>
#include <gradus/models/data/confusion_matrix.h>
#include <gradus/models/data/label_pairs.h>

#include <algorithm>
#include <array>

namespace gradus::data {

namespace {

constexpr std::array<std::string_view, 3> kNormalizations = {"true", "pred", "all"};

// Divides each value by the sum that `group(row, column)` names.
template <class F>
void divide_by_sums(Tensor& matrix, F group) {
  const std::int64_t k = matrix.dim(0);
  std::vector<double> sums(static_cast<std::size_t>(std::max<std::int64_t>(k, 1)));
  double* values = matrix.raw<double>();
  for (std::int64_t i = 0; i < k * k; ++i) sums[static_cast<std::size_t>(group(i / k, i % k))] += values[i];
  for (std::int64_t i = 0; i < k * k; ++i) {
    const double sum = sums[static_cast<std::size_t>(group(i / k, i % k))];
    values[i] = sum == 0 ? 0 : values[i] / sum;
  }
}

}  // namespace

Tensor confusion_matrix(const Tensor& y_true, const Tensor& y_pred, const ConfusionMatrixOptions& options) {
  const std::string call = "confusion_matrix";
  const LabelPairs pairs = label_pairs(call, y_true, y_pred, options.labels, options.sample_weight);
  const bool counts = options.normalize.empty();
  const std::size_t way = counts ? 0 : find_name("normalize", options.normalize, kNormalizations);
  const std::int64_t k = pairs.listed;
  if (options.labels.defined() && !pairs.truth.empty() &&
      std::none_of(pairs.truth.begin(), pairs.truth.end(), [&](std::int64_t t) { return t < k; })) {
    throw ValueError(call + ": none of the labels occurs in y_true");
  }
  Tensor matrix = Tensor::zeros({k, k}, DType::float64);
  for (std::size_t i = 0; i < pairs.truth.size(); ++i) {
    if (pairs.truth[i] < k && pairs.guess[i] < k) {
      matrix.raw<double>()[pairs.truth[i] * k + pairs.guess[i]] += pairs.weight[i];
    }
  }
  if (counts) return pairs.whole_weights ? matrix.cast(DType::int64) : matrix;
  if (way == 0) divide_by_sums(matrix, [](std::int64_t row, std::int64_t) { return row; });
  if (way == 1) divide_by_sums(matrix, [](std::int64_t, std::int64_t column) { return column; });
  if (way == 2) divide_by_sums(matrix, [](std::int64_t, std::int64_t) { return std::int64_t{0}; });
  return matrix;
}

}  // namespace gradus::data
