#include <gradus/graph/recording.h>
#include <gradus/models/data/linspace.h>
#include <gradus/ops/activation.h>
#include <gradus/ops/elementwise.h>
#include <gradus/ops/linalg.h>
#include <gradus/ops/loss.h>
#include <gradus/ops/nn.h>
#include <gradus/ops/reduction.h>
#include <gradus/optim/sgd.h>
#include <gradus/tools/tutorial/spiral_net.h>

#include <cmath>

namespace gradus::tutorial {

namespace {

constexpr std::int64_t kClasses = 3, kPointsOfAClass = 100, kUnits = 50;
constexpr double kPenalty = 0.001, kStep = 0.1;

// One step of descent, and the loss before it.
using Step = std::function<double(SGD& optimizer)>;

std::vector<double> train(const Spiral& data, const Variables& weights, int iterations, const Step& step) {
  SGD optimizer(weights, {.learning_rate = kStep});
  std::vector<double> losses;
  for (int i = 0; i < iterations; ++i) losses.push_back(step(optimizer));
  losses.push_back(spiral_loss(data, {weights.begin(), weights.end()}).item());
  return losses;
}

}  // namespace

Spiral make_spiral(numpy::RandomState& random) {
  std::vector<double> x;
  std::vector<std::int64_t> y;
  const Tensor radius = linspace(0, 1, kPointsOfAClass);
  for (std::int64_t arm = 0; arm < kClasses; ++arm) {
    const auto first = static_cast<double>(arm) * 4;
    const Tensor angle = linspace(first, first + 4, kPointsOfAClass);
    for (std::int64_t i = 0; i < kPointsOfAClass; ++i) {
      const double r = radius(i), t = angle(i) + random.standard_normal() * 0.2;
      x.insert(x.end(), {r * std::sin(t), r * std::cos(t)});
      y.push_back(arm);
    }
  }
  return {Tensor(x, {kClasses * kPointsOfAClass, 2}), Tensor(y)};
}

Variables spiral_weights(numpy::RandomState& random) {
  const auto drawn = [&](const char* name, const Shape& shape) {
    return Parameter(name, random.normal(0, 0.1, shape));
  };
  const auto zeros = [](const char* name, std::int64_t units) {
    return Parameter(name, Tensor::zeros({units}, DType::float64));
  };
  const Parameter w1 = drawn("w1", {2, kUnits});
  const Parameter w2 = drawn("w2", {kUnits, kUnits});
  const Parameter w3 = drawn("w3", {kUnits, kClasses});
  return {w1, zeros("b1", kUnits), w2, zeros("b2", kUnits), w3, zeros("b3", kClasses)};
}

Variable spiral_scores(const Operand& x, Function::Operands weights) {
  const Variable h1 = tanh(matmul(x, weights[0]) + weights[1]);
  const Variable h2 = tanh(matmul(h1, weights[2]) + weights[3]);
  return matmul(h2, weights[4]) + weights[5];
}

Variable spiral_loss(const Spiral& data, Function::Operands weights) {
  const Variable scores = spiral_scores(data.x, weights);
  const Variable penalty = sum(square(weights[0])) + sum(square(weights[2])) + sum(square(weights[4]));
  return sparse_categorical_crossentropy(data.y, scores, {.from_logits = true}) + kPenalty / 2 * penalty;
}

Variable right_slope(const Variable& h) { return 1 - square(h); }
Variable notebook_slope(const Variable& h) { return 1 - square(tanh(h)); }

std::vector<Variable> gradients_by_hand(const Spiral& data, Function::Operands weights, const Slope& slope) {
  const NoGrad unrecorded;
  const auto &w1 = weights[0], &b1 = weights[1], &w2 = weights[2], &b2 = weights[3], &w3 = weights[4],
             &b3 = weights[5];
  const Variable h1 = tanh(matmul(data.x, w1) + b1);  // [300, 50]
  const Variable h2 = tanh(matmul(h1, w2) + b2);      // [300, 50]
  const Variable p = softmax(matmul(h2, w3) + b3);    // [300, 3]
  const Variable one = one_hot(data.y, kClasses, {.dtype = DType::float64});
  // From the loss back to each layer's sums.
  const Variable d3 = (p - one) / static_cast<double>(data.y.size());
  const Variable d2 = matmul(d3, w3, {.transpose_b = true}) * slope(h2);
  const Variable d1 = matmul(d2, w2, {.transpose_b = true}) * slope(h1);
  const auto of_weights = [](const Operand& input, const Variable& d, const Variable& w) {
    return matmul(input, d, {.transpose_a = true}) + kPenalty * w;
  };
  const auto of_bias = [](const Variable& d) { return sum(d, {.axis = 0}); };
  return {of_weights(data.x, d1, w1), of_bias(d1), of_weights(h1, d2, w2), of_bias(d2),
          of_weights(h2, d3, w3),     of_bias(d3)};
}

std::vector<double> train_by_backward(const Spiral& data, const Variables& weights, int iterations) {
  return train(data, weights, iterations, [&](SGD& optimizer) {
    const Variable loss = spiral_loss(data, {weights.begin(), weights.end()});
    optimizer.zero_grad();
    loss.backward();
    optimizer.step();
    return loss.item();
  });
}

std::vector<double> train_by_hand(const Spiral& data, const Variables& weights, const Slope& slope,
                                  int iterations) {
  return train(data, weights, iterations, [&](SGD& optimizer) {
    const Function::Operands list(weights.begin(), weights.end());
    const double loss = spiral_loss(data, list).item();
    optimizer.apply(Variables(gradients_by_hand(data, list, slope)));
    return loss;
  });
}

}  // namespace gradus::tutorial
