#include <gradus/graph/error.h>
#include <gradus/models/losses/sample_weights.h>
#include <gradus/models/metrics/labelled.h>

#include <algorithm>

namespace gradus {

namespace {

bool is_with_column(const Shape& longer, const Shape& shorter) {
  return longer.rank() == shorter.rank() + 1 && longer.back() == 1 &&
         std::equal(shorter.begin(), shorter.end(), longer.begin());
}

}  // namespace

void refuse_shapes(std::string_view name, const Tensor& y_true, const Tensor& y_pred) {
  throw ShapeError(std::string(name) + ": y_true is " + to_string(y_true.shape()) + ", y_pred is " +
                   to_string(y_pred.shape()) + ": they do not fit");
}

Labelled labelled(std::string_view name, const Tensor& y_true, const Tensor& y_pred,
                  const Tensor& sample_weight) {
  const Shape &labels = y_true.shape(), &predictions = y_pred.shape();
  const bool column = is_with_column(labels, predictions);
  if (labels != predictions && !column && !is_with_column(predictions, labels)) {
    refuse_shapes(name, y_true, y_pred);
  }
  Labelled result{.shape = column ? labels : predictions, .y_true = {}, .y_pred = {}, .weight = {}};
  const WeightReader weights(name, sample_weight, result.shape);
  result.y_true = y_true.to_vector<double>();
  result.y_pred = y_pred.to_vector<double>();
  result.weight.resize(result.y_true.size());
  for (std::size_t i = 0; i < result.weight.size(); ++i) {
    result.weight[i] = weights[static_cast<std::int64_t>(i)];
  }
  return result;
}

}  // namespace gradus
