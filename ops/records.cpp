#include <gradus/ops/records.h>

#include <algorithm>
#include <limits>

namespace gradus::record {

namespace {

constexpr float kInf = std::numeric_limits<float>::infinity();
constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();
constexpr float kSubnormal = 1e-42F;

Tensor extremes() { return {-kInf, -1e4F, -1, -kSubnormal, -0.0F, 0, kSubnormal, 1, 1e4F, kInf, kNaN}; }

Function taking_one(Unary function) {
  return [=](std::span<const Variable> x) { return function(x[0]); };
}
Function taking_two(Binary function) {
  return [=](std::span<const Variable> x) { return function(x[0], x[1]); };
}

void append(std::vector<OpError>& errors, std::vector<OpError> more) {
  for (OpError& error : more) errors.push_back(std::move(error));
}

// What the kind says where the record says nothing.
OpInfo completed(OpInfo about, std::string signature, std::string shapes) {
  if (about.signature.empty()) about.signature = std::move(signature);
  if (about.shapes.empty()) about.shapes = std::move(shapes);
  return about;
}

}  // namespace

Draw uniform(double low, double high) {
  return
      [=](Random& random, const Shape& shape) { return random.uniform(shape, {.low = low, .high = high}); };
}

Draw away_from_zero(double low, double high) {
  return [=](Random& random, const Shape& shape) {
    Tensor values = random.uniform(shape, {.low = low, .high = high});
    const Tensor signs = random.bernoulli(shape, 0.5);
    for (std::int64_t i = 0; i < values.size(); ++i) {
      if (signs.raw<float>()[i] == 0) values.raw<float>()[i] = -values.raw<float>()[i];
    }
    return values;
  };
}

Draw distinct(double gap) {
  return [=](Random& random, const Shape& shape) {
    Tensor values = Tensor::empty(shape);
    const auto order = random.permutation(shape.elements());
    const double middle = static_cast<double>(shape.elements()) / 2;
    std::transform(order.begin(), order.end(), values.raw<float>(), [&](std::int64_t place) {
      return static_cast<float>((static_cast<double>(place) - middle) * gap);
    });
    return values;
  };
}

Draw zeros_and_ones() {
  return [](Random& random, const Shape& shape) { return random.bernoulli(shape, 0.5); };
}

Draw distributions() {
  return [](Random& random, const Shape& shape) {
    Tensor values = random.uniform(shape, {.low = 0.1, .high = 1});
    const std::int64_t n = shape.rank() == 0 ? 1 : shape.back();
    for (std::int64_t row = 0; n != 0 && row < values.size() / n; ++row) {
      float sum = 0;
      float* begin = values.raw<float>() + row * n;
      for (std::int64_t i = 0; i < n; ++i) sum += begin[i];
      for (std::int64_t i = 0; i < n; ++i) begin[i] /= sum;
    }
    return values;
  };
}

Draw integers(std::int64_t low, std::int64_t high) {
  return [=](Random& random, const Shape& shape) { return random.integers(shape, low, high); };
}

Draw booleans() {
  return [](Random& random, const Shape& shape) { return random.bernoulli(shape, 0.5, DType::boolean); };
}

Draw ones(DType dtype) {
  return [=](Random& /*random*/, const Shape& shape) { return Tensor::ones(shape, dtype); };
}

Draw constant(Tensor values) {
  return [values = std::move(values)](Random& /*random*/, const Shape& /*shape*/) { return values; };
}

OpInfo unary(UnaryFunction function, OpInfo about, const Draw& draw) {
  return unary({{"", [=](const Variable& x) { return function(x); }}}, std::move(about), draw);
}

OpInfo unary(const std::vector<Variant>& variants, OpInfo about, const Draw& draw) {
  OpInfo record = completed(std::move(about), "(x)", "any -> same");
  record.samples = [=](Random& random, std::int64_t n) {
    std::vector<OpSample> result;
    for (const Variant& variant : variants) {
      const bool first = &variant == &variants.front();
      const std::vector<Shape> shapes =
          first ? std::vector<Shape>{{n, n}, {}, {n}, {1}, {2, 1, n}, {1, 2, n, 2}, {0}, {3, 0, 2}}
                : std::vector<Shape>{{n, n}, {3}};
      for (const Shape& shape : shapes) {
        result.push_back({variant.arguments, {draw(random, shape)}, taking_one(variant.call)});
      }
      result.push_back({variant.arguments, {extremes()}, taking_one(variant.call), true});
    }
    return result;
  };
  const Function call = taking_one(variants.front().call);
  if (record.errors.empty()) {
    record.errors.push_back(
        {"does not take booleans: x is boolean", {Tensor::zeros({2}, DType::boolean)}, call});
    record.errors.push_back(
        {"does not take booleans: x is boolean", {Tensor::zeros({}, DType::boolean)}, call});
  }
  append(record.errors, undefined_errors(call, {Tensor::ones({2})}, {"x"}));
  return record;
}

namespace {

OpInfo binary_record(BinaryFunction function, OpInfo about, const Draw& a, const Draw& b) {
  OpInfo record = completed(std::move(about), "(a, b)", "any, any -> broadcast");
  const Function call =
      taking_two([=](const Variable& left, const Variable& right) { return function(left, right); });
  record.samples = [=](Random& random, std::int64_t n) {
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
      result.push_back({"", {a(random, left), b(random, right)}, call});
    }
    const Tensor column = extremes().reshape({11, 1});
    result.push_back({"", {column, extremes()}, call, true});
    return result;
  };
  append(record.errors, {{"the shapes do not broadcast: a is [2, 3], b is [2]",
                          {Tensor::ones({2, 3}), Tensor::ones({2})},
                          call},
                         {"the operands' dtypes differ: a is float32, b is float64",
                          {Tensor::ones({2}), Tensor::ones({2}, DType::float64)},
                          call}});
  append(record.errors, undefined_errors(call, {Tensor::ones({2}), Tensor::ones({2})}, {"a", "b"}));
  return record;
}

}  // namespace

OpInfo binary(BinaryFunction function, OpInfo about, const Draw& a, const Draw& b) {
  about.errors.push_back(
      {"does not take booleans: a is boolean, b is float32",
       {Tensor::ones({2}, DType::boolean), Tensor::ones({2})},
       taking_two([=](const Variable& left, const Variable& right) { return function(left, right); })});
  return binary_record(function, std::move(about), a, b);
}

OpInfo comparison(BinaryFunction function, OpInfo about, const Draw& a, const Draw& b) {
  return binary_record(function, std::move(about), a, b);
}

OpInfo along_axis(const AlongAxis& function, OpInfo about, const Draw& draw) {
  OpInfo record = completed(std::move(about), "(x, {.axis = -1})", "any of rank 1 or more -> same");
  const auto along = [=](std::int64_t axis) {
    return [=](std::span<const Variable> x) { return function(x[0], axis); };
  };
  record.samples = [=](Random& random, std::int64_t n) {
    std::vector<OpSample> result;
    const auto add = [&](const Shape& shape, std::int64_t axis) {
      result.push_back({"axis = " + std::to_string(axis), {draw(random, shape)}, along(axis)});
    };
    add({n, n}, -1);
    add({n, n}, 0);
    add({n}, 0);
    add({n, 1}, -1);
    add({2, n, 3}, 1);
    add({2, n, 3}, -3);
    add({2, 1, n, 2}, 2);
    add({0, 3}, -1);
    const Tensor rows = {{1e4F, -1e4F, 0}, {-kInf, 0, 1},         {kInf, 0, 1},
                         {kNaN, 0, 1},     {-kInf, -kInf, -kInf}, {kSubnormal, -kSubnormal, 0}};
    result.push_back({"axis = -1", {rows}, along(-1), true});
    return result;
  };
  append(record.errors,
         {{"axis 2 is out of range [-2, 1]: x is [2, 3]", {Tensor::ones({2, 3})}, along(2)},
          {"axis -3 is out of range [-2, 1]: x is [2, 3]", {Tensor::ones({2, 3})}, along(-3)},
          {"axis -1 of a scalar: x is []", {Tensor::ones({})}, along(-1)},
          {"does not take booleans: x is boolean", {Tensor::ones({2}, DType::boolean)}, along(0)}});
  append(record.errors, undefined_errors(along(0), {Tensor::ones({2})}, {"x"}));
  return record;
}

OpInfo reduction(Reducer function, OpInfo about, const Draw& draw, ReductionKind kind) {
  return reduction([=](const Variable& x, const Axes& axis,
                       bool keepdims) { return function(x, {.axis = axis, .keepdims = keepdims}); },
                   std::move(about), draw, kind);
}

OpInfo reduction(const Reduce& function, OpInfo about, const Draw& draw, ReductionKind kind) {
  OpInfo record =
      completed(std::move(about), "(x, {.axis, .keepdims})", "any -> without the axes, or 1 there");
  const auto over = [=](const Axes& axis, bool keepdims = false) {
    return [=](std::span<const Variable> x) { return function(x[0], axis, keepdims); };
  };
  record.samples = [=](Random& random, std::int64_t n) {
    std::vector<OpSample> result;
    const auto add = [&](const Shape& shape, const Axes& axis, bool keepdims) {
      std::string arguments = axis.empty() ? "" : "axis = " + to_string(axis);
      if (keepdims) arguments += arguments.empty() ? "keepdims = true" : ", keepdims = true";
      result.push_back({std::move(arguments), {draw(random, shape)}, over(axis, keepdims)});
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
    if (kind.takes_empty) add({0, 3}, 0, false);
    if (kind.takes_empty) add({2, 0}, {}, false);
    const Tensor rows = {{1e4F, -1e4F, 0}, {-kInf, 0, 1}, {kInf, 0, 1}, {kNaN, 0, 1}, {kSubnormal, 0, 0}};
    result.push_back({"axis = [1]", {rows}, over(1), true});
    return result;
  };
  append(record.errors,
         {{"axis 2 is out of range [-2, 1]: x is [2, 3]", {Tensor::ones({2, 3})}, over(2)},
          {"axis 0 is repeated in [0, -2]: x is [2, 3]", {Tensor::ones({2, 3})}, over({0, -2})},
          {"axis 0 of a scalar: x is []", {Tensor::ones({})}, over(0)}});
  if (!kind.takes_empty) {
    append(record.errors, {{"no values to choose from: x is [2, 0]", {Tensor::ones({2, 0})}, over(1)}});
  }
  if (!kind.takes_booleans) {
    append(record.errors,
           {{"does not take booleans: x is boolean", {Tensor::ones({2}, DType::boolean)}, over({})}});
  }
  append(record.errors, undefined_errors(over({}), {Tensor::ones({2})}, {"x"}));
  return record;
}

OpInfo loss(LossFunction function, OpInfo about, const Draw& y_true, const Draw& y_pred) {
  const LossCall call = [=](const Variable& labels, const Variable& predictions, Reduction reduction,
                            const Tensor& weight) {
    return function(labels, predictions, {.reduction = reduction, .sample_weight = weight});
  };
  return loss({{"", call, y_true, y_pred}}, std::move(about));
}

OpInfo loss(const std::vector<LossVariant>& variants, OpInfo about) {
  OpInfo record = completed(std::move(about), "(y_true, y_pred, {.reduction, .sample_weight})",
                            "[.., n], same -> a value a sample [..], reduced");
  record.samples = [=](Random& random, std::int64_t n) {
    std::vector<OpSample> result;
    for (const LossVariant& variant : variants) {
      const auto add = [&](const Shape& shape, std::string_view name, const Tensor& weight = {}) {
        const Reduction reduction(name);
        std::string arguments = variant.arguments + (variant.arguments.empty() ? "" : ", ");
        arguments += "reduction = '" + std::string(name) + "'";
        if (weight.defined()) {
          arguments += ", sample_weight = [";
          for (const float value : weight.values<float>()) arguments += std::to_string(value) + ", ";
          arguments += "]";
        }
        result.push_back({std::move(arguments),
                          {variant.y_true(random, shape), variant.y_pred(random, shape)},
                          [=, call = variant.call](std::span<const Variable> x) {
                            return call(x[0], x[1], reduction, weight);
                          }});
      };
      add({n, n}, "sum_over_batch_size");
      add({n, 3}, "none");
      add({n, 3}, "sum");
      add({2, n, 3}, "sum_over_batch_size");
      add({n}, "sum_over_batch_size");
      add({n, 1}, "sum_over_batch_size");
      add({3, 2}, "sum_over_batch_size", {0.25F, 1, 0.5F});
      add({2, 2, 3}, "none", {{0.5F, 0}, {1, 0.25F}});
      add({0, 3}, "sum");
    }
    return result;
  };
  const auto weighted = [=, call = variants.front().call](const Tensor& weight) {
    return [=](std::span<const Variable> x) { return call(x[0], x[1], "mean", weight); };
  };
  append(record.errors,
         {{"the shapes differ, and a loss never broadcasts: y_true is [4, 3], y_pred is [4, 2]",
           {Tensor::ones({4, 3}), Tensor::ones({4, 2})},
           weighted({})},
          {"the operands' dtypes differ: y_true is float64, y_pred is float32",
           {Tensor::ones({4, 3}, DType::float64), Tensor::ones({4, 3})},
           weighted({})},
          {"does not take booleans: y_true is float32, y_pred is boolean",
           {Tensor::ones({4, 3}), Tensor::ones({4, 3}, DType::boolean)},
           weighted({})},
          {"sample_weight is [3], the samples are [4]",
           {Tensor::ones({4, 3}), Tensor::ones({4, 3})},
           weighted(Tensor::ones({3}))}});
  append(record.errors,
         undefined_errors(weighted({}), {Tensor::ones({4, 3}), Tensor::ones({4, 3})}, {"y_true", "y_pred"}));
  return record;
}

namespace {

std::vector<Tensor> drawn(const Case& one, Random& random, const Draw& otherwise) {
  std::vector<Tensor> inputs;
  for (std::size_t i = 0; i < one.shapes.size(); ++i) {
    inputs.push_back((i < one.draws.size() ? one.draws[i] : otherwise)(random, one.shapes[i]));
  }
  return inputs;
}

}  // namespace

OpInfo cases(OpInfo about, const Cases& list, const std::vector<Misuse>& misuses) {
  about.samples = [](Random&, std::int64_t) { return std::vector<OpSample>(); };
  OpInfo record = with_cases(std::move(about), list);
  Random random;
  for (const Misuse& misuse : misuses) {
    record.errors.push_back({misuse.message, drawn(misuse.of, random, ones()), misuse.of.call});
  }
  return record;
}

OpInfo with_cases(OpInfo record, const Cases& more) {
  record.samples = [first = record.samples, more](Random& random, std::int64_t n) {
    std::vector<OpSample> result = first(random, n);
    for (const Case& one : more(n)) {
      result.push_back({one.arguments, drawn(one, random, uniform()), one.call, one.extreme});
    }
    return result;
  };
  return record;
}

std::vector<OpError> undefined_errors(const Function& call, const std::vector<Tensor>& inputs,
                                      const std::vector<std::string>& names) {
  std::vector<OpError> result;
  for (std::size_t i = 0; i < names.size(); ++i) {
    result.push_back({names[i] + " is undefined: it was used before it was given a value, or after a move",
                      inputs, [=](std::span<const Variable> x) {
                        std::vector<Variable> operands(x.begin(), x.end());
                        operands[i] = Variable();
                        return call(operands);
                      }});
  }
  return result;
}

std::vector<OpError> undefined_errors(UnaryFunction function) {
  const std::string message = "x is undefined: it was used before it was given a value, or after a move";
  return {{message, {}, [=](std::span<const Variable>) { return function(Tensor()); }},
          {message, {}, [=](std::span<const Variable>) { return function(Parameter()); }}};
}

OpCost per_input(double count) {
  return OpCost([count](const OpSample& sample, const Tensor& /*result*/) {
    return count * static_cast<double>(sample.inputs[0].size());
  });
}

}  // namespace gradus::record
