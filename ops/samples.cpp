#include <gradus/ops/samples.h>

#include <algorithm>

namespace gradus::samples {

Tensor uniform(Random& random, const Shape& shape, Range range) {
  return random.uniform(shape, {.low = range.low, .high = range.high});
}

Tensor away_from_zero(Random& random, const Shape& shape, Range range) {
  Tensor values = uniform(random, shape, range);
  const Tensor signs = random.bernoulli(shape, 0.5);
  for (std::int64_t i = 0; i < values.size(); ++i) {
    if (signs.raw<float>()[i] == 0) values.raw<float>()[i] = -values.raw<float>()[i];
  }
  return values;
}

Tensor distinct(Random& random, const Shape& shape, double gap) {
  Tensor values = Tensor::empty(shape);
  const auto order = random.permutation(shape.elements());
  const double middle = static_cast<double>(shape.elements()) / 2;
  std::transform(order.begin(), order.end(), values.raw<float>(), [&](std::int64_t place) {
    return static_cast<float>((static_cast<double>(place) - middle) * gap);
  });
  return values;
}

Samples unary(Unary function, Draw draw) {
  return [=](Random& random, std::int64_t n) {
    const GradcheckFunction call = [=](std::span<const Variable> x) { return function(x[0]); };
    std::vector<OpSample> result;
    for (const Shape& shape : {Shape{n, n}, Shape{}, Shape{n}, Shape{1}, Shape{2, 1, n}, Shape{1, 2, n, 2},
                               Shape{0}, Shape{3, 0, 2}}) {
      result.push_back({.note = to_string(shape), .inputs = {draw(random, shape)}, .call = call});
    }
    return result;
  };
}

Samples unary(Unary function, Range range) {
  return unary(std::move(function),
               [range](Random& random, const Shape& shape) { return uniform(random, shape, range); });
}

Samples binary(Binary function, Draw a, Draw b) {
  return [=](Random& random, std::int64_t n) {
    const GradcheckFunction call = [=](std::span<const Variable> x) { return function(x[0], x[1]); };
    const std::vector<std::pair<Shape, Shape>> shapes = {{{n, n}, {n, n}},
                                                         {{}, {}},
                                                         {{n, 3}, {3}},
                                                         {{3}, {n, 3}},
                                                         {{n, 1}, {1, n}},
                                                         {{}, {2, n}},
                                                         {{2, n}, {1, 1}},
                                                         {{2, 1, n}, {3, 1}},
                                                         {{1, 2, 1, n}, {2, 1, 3, 1}},
                                                         {{0, 3}, {3}},
                                                         {{2, 0}, {1, 1}}};
    std::vector<OpSample> result;
    for (const auto& [left, right] : shapes) {
      result.push_back({.note = to_string(left) + " with " + to_string(right),
                        .inputs = {a(random, left), b(random, right)},
                        .call = call});
    }
    return result;
  };
}

Samples binary(Binary function, Range a, Range b) {
  return binary(
      std::move(function), [a](Random& random, const Shape& shape) { return uniform(random, shape, a); },
      [b](Random& random, const Shape& shape) { return uniform(random, shape, b); });
}

Samples along_axis(AlongAxis function) {
  return [=](Random& random, std::int64_t n) {
    std::vector<OpSample> result;
    const auto add = [&](const Shape& shape, std::int64_t axis) {
      result.push_back({.note = to_string(shape) + " along " + std::to_string(axis),
                        .inputs = {uniform(random, shape)},
                        .call = [=](std::span<const Variable> x) { return function(x[0], axis); }});
    };
    add({n, n}, -1);
    add({n, n}, 0);
    add({n}, 0);
    add({n, 1}, -1);
    add({2, n, 3}, 1);
    add({2, n, 3}, -3);
    add({2, 1, n, 2}, 2);
    add({0, 3}, -1);
    return result;
  };
}

std::vector<OpError> along_axis_errors(AlongAxis function) {
  const auto along = [=](std::int64_t axis) {
    return [=](std::span<const Variable> x) { return function(x[0], axis); };
  };
  return {{.message = "axis 2 is out of range [-2, 1]: x is [2, 3]",
           .inputs = {Tensor::ones({2, 3})},
           .call = along(2)},
          {.message = "axis -1 of a scalar: x is []", .inputs = {Tensor::ones({})}, .call = along(-1)},
          {.message = "does not take booleans: x is boolean",
           .inputs = {Tensor::ones({2}, DType::boolean)},
           .call = along(0)}};
}

Samples reduction(Reduce function, Draw draw, bool takes_empty) {
  return [=](Random& random, std::int64_t n) {
    std::vector<OpSample> result;
    const auto add = [&](const Shape& shape, const Axes& axis, bool keepdims) {
      result.push_back({.note = to_string(shape) + " over " + to_string(axis) + (keepdims ? ", kept" : ""),
                        .inputs = {draw(random, shape)},
                        .call = [=](std::span<const Variable> x) { return function(x[0], axis, keepdims); }});
    };
    add({n, n}, {}, false);
    add({n, n}, 0, false);
    add({n, n}, -1, true);
    add({}, {}, false);
    add({n}, 0, false);
    add({2, n, 3}, 1, false);
    add({2, n, 3}, {0, -1}, true);
    add({2, 1, n, 2}, {0, 2}, false);
    add({2, 1, n, 2}, {}, true);
    add({0, 3}, 1, false);
    if (takes_empty) add({0, 3}, 0, false);
    if (takes_empty) add({2, 0}, {}, false);
    return result;
  };
}

std::vector<OpError> reduction_errors(Reduce function) {
  const auto over = [=](const Axes& axis) {
    return [=](std::span<const Variable> x) { return function(x[0], axis, false); };
  };
  return {{.message = "axis 2 is out of range [-2, 1]: x is [2, 3]",
           .inputs = {Tensor::ones({2, 3})},
           .call = over(2)},
          {.message = "axis 0 is repeated in [0, -2]: x is [2, 3]",
           .inputs = {Tensor::ones({2, 3})},
           .call = over({0, -2})},
          {.message = "axis 0 of a scalar: x is []", .inputs = {Tensor::ones({})}, .call = over(0)}};
}

Samples loss(LossCall function, Draw y_true, Draw y_pred) {
  return [=](Random& random, std::int64_t n) {
    std::vector<OpSample> result;
    const auto add = [&](const Shape& shape, Reduction reduction, const Tensor& weight = {}) {
      result.push_back(
          {.note = to_string(shape) + (weight.defined() ? ", weighted" : ""),
           .inputs = {y_true(random, shape), y_pred(random, shape)},
           .call = [=](std::span<const Variable> x) { return function(x[0], x[1], reduction, weight); }});
    };
    add({n, n}, "mean");
    add({n, 3}, "none");
    add({n, 3}, "sum");
    add({2, n, 3}, "sum_over_batch_size");
    add({n}, "mean");
    add({n, 1}, "mean");
    add({n, 2}, "mean", uniform(random, {n}, {.low = 0, .high = 1}));
    add({2, n, 2}, "none", uniform(random, {2, n}, {.low = 0, .high = 1}));
    add({0, 3}, "sum");
    return result;
  };
}

std::vector<OpError> loss_errors(LossCall function) {
  const GradcheckFunction call = [=](std::span<const Variable> x) {
    return function(x[0], x[1], "mean", {});
  };
  return {
      {.message = "the shapes differ, and a loss never broadcasts: y_true is [4, 3], y_pred is [4, 2]",
       .inputs = {Tensor::ones({4, 3}), Tensor::ones({4, 2})},
       .call = call},
      {.message = "the operands' dtypes differ: y_true is float64, y_pred is float32",
       .inputs = {Tensor::ones({4, 3}, DType::float64), Tensor::ones({4, 3})},
       .call = call},
      {.message = "does not take booleans: y_true is float32, y_pred is boolean",
       .inputs = {Tensor::ones({4, 3}), Tensor::ones({4, 3}, DType::boolean)},
       .call = call},
      {.message = "sample_weight is [3], the samples are [4]",
       .inputs = {Tensor::ones({4, 3}), Tensor::ones({4, 3})},
       .call = [=](std::span<const Variable> x) { return function(x[0], x[1], "mean", Tensor::ones({3})); }}};
}

Samples joined(Samples first, Samples second) {
  return [=](Random& random, std::int64_t n) {
    std::vector<OpSample> result = first(random, n);
    for (OpSample& sample : second(random, n)) result.push_back(std::move(sample));
    return result;
  };
}

std::vector<OpError> unary_errors(Unary function) {
  const GradcheckFunction call = [=](std::span<const Variable> x) { return function(x[0]); };
  return {{.message = "does not take booleans: x is boolean",
           .inputs = {Tensor::zeros({2}, DType::boolean)},
           .call = call}};
}

std::vector<OpError> binary_errors(Binary function) {
  const GradcheckFunction call = [=](std::span<const Variable> x) { return function(x[0], x[1]); };
  return {{.message = "the shapes do not broadcast: a is [2, 3], b is [2]",
           .inputs = {Tensor::ones({2, 3}), Tensor::ones({2})},
           .call = call},
          {.message = "the operands' dtypes differ: a is float32, b is float64",
           .inputs = {Tensor::ones({2}), Tensor::ones({2}, DType::float64)},
           .call = call},
          {.message = "does not take booleans: a is boolean, b is float32",
           .inputs = {Tensor::ones({2}, DType::boolean), Tensor::ones({2})},
           .call = call}};
}

std::function<double(const OpSample&, const Tensor&)> flops_per_element(double count) {
  return
      [count](const OpSample&, const Tensor& result) { return count * static_cast<double>(result.size()); };
}

std::function<double(const OpSample&, const Tensor&)> flops_of_operand(double count) {
  return [count](const OpSample& sample, const Tensor&) {
    return count * static_cast<double>(sample.inputs[0].size());
  };
}

}  // namespace gradus::samples
