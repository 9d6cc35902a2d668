#include <gradus/graph/error.h>
#include <gradus/graph/recording.h>
#include <gradus/models/losses/circle.h>
#include <gradus/models/losses/op_loss.h>
#include <gradus/ops/activation.h>
#include <gradus/ops/elementwise.h>
#include <gradus/ops/linalg.h>
#include <gradus/ops/reduction.h>

#include <cmath>

namespace gradus {

namespace {

// Stands for log 0: its exponential is 0 and, unlike infinity's, so is its gradient.
constexpr double kNothing = -1e30;

// Which pairs of samples are of one class and which of two, [n, n].
struct Pairs {
  Tensor alike;
  Tensor different;
};

Pairs pairs_of(const Operand& y_true, const Shape& embeddings, bool remove_diagonal) {
  const Shape labels = y_true.shape();
  const bool column = labels.rank() == 2 && labels.back() == 1;
  if (embeddings.rank() != 2 || !y_true.has_value() || (labels.rank() != 1 && !column) ||
      labels.front() != embeddings.front()) {
    throw ShapeError("circle: y_true is " + to_string(labels) + ", y_pred is " + to_string(embeddings) +
                     "; they must be [n] and [n, size]");
  }
  const std::vector<double> values = y_true.variable().value().to_vector<double>();
  const auto n = static_cast<std::int64_t>(values.size());
  std::vector<bool> alike, different;
  for (std::int64_t i = 0; i < n; ++i) {
    for (std::int64_t j = 0; j < n; ++j) {
      const bool same = values[static_cast<std::size_t>(i)] == values[static_cast<std::size_t>(j)];
      alike.push_back(same && !(remove_diagonal && i == j));
      different.push_back(!same);
    }
  }
  return {Tensor(alike, Shape{n, n}), Tensor(different, Shape{n, n})};
}

LossValues circle(const Operand& y_true, const Operand& y_pred, const CircleLossOptions& options) {
  const auto [alike, different] = pairs_of(y_true, y_pred.shape(), options.remove_diagonal);
  const Variable distance = maximum(subtract(1, matmul(y_pred, transpose(y_pred))), 0);
  const Variable drawn = maximum(distance + options.margin, 0) * (distance - options.margin);
  const Variable pushed = maximum(1 + options.margin - distance, 0) * (1 - options.margin - distance);
  const auto over = [&](const Tensor& pairs, const Variable& force) {
    return logsumexp(where(pairs, options.gamma * force, kNothing), {.axis = 1});
  };
  Variable values = softplus(over(alike, drawn) + over(different, pushed));
  const NoGrad guard;
  return {values, greater(values, 0).value()};
}

}  // namespace

Circle::Circle(CircleLossOptions options)
    : Loss(Values([options](const Operand& y_true, const Operand& y_pred) {
             return circle(y_true, y_pred, options);
           }),
           options.reduction, name_or(options.name, "circle")) {}

}  // namespace gradus
