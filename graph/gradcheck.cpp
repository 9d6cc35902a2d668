#include <gradus/graph/error.h>
#include <gradus/graph/gradcheck.h>
#include <gradus/graph/gradients.h>
#include <gradus/graph/random.h>
#include <gradus/graph/recording.h>

#include <algorithm>
#include <cmath>
#include <sstream>

namespace gradus {

namespace {

// A scalar, and the sum of the absolute values of the terms it is made of: what rounding errors are relative
// to.
struct Sum {
  double value = 0;
  double magnitude = 0;

  void add(const Tensor& a, const Tensor& b) {
    const auto left = a.values<double>(), right = b.values<double>();
    for (std::size_t i = 0; i < left.size(); ++i) {
      value += left[i] * right[i];
      magnitude += std::abs(left[i] * right[i]);
    }
  }
};

using Tensors = std::vector<Tensor>;
using ScalarFunction = std::function<Sum(const Tensors&)>;

Tensor moved(const Tensor& x, const Tensor& direction, double step) {
  Tensor result = x.clone();
  const auto from = direction.values<double>();
  const auto to = result.mutable_values<double>();
  for (std::size_t i = 0; i < to.size(); ++i) to[i] += step * from[i];
  return result;
}

// The derivative of f at x along v, by central differences of 6th order.
double directional_difference(const ScalarFunction& f, const Tensors& x, const Tensors& v, double h) {
  const auto at = [&](double step) {
    Tensors point;
    for (std::size_t i = 0; i < x.size(); ++i) point.push_back(moved(x[i], v[i], step));
    return f(point).value;
  };
  return (45 * (at(h) - at(-h)) - 9 * (at(2 * h) - at(-2 * h)) + (at(3 * h) - at(-3 * h))) / (60 * h);
}

std::vector<Variable> leaves(const Tensors& values) {
  std::vector<Variable> result;
  for (const Tensor& value : values) result.emplace_back(value, VariableOptions{.requires_grad = true});
  return result;
}

// The function under test, as a function of its floating inputs only.
class Subject {
 public:
  Subject(const Function& function, const Tensors& inputs) : function_(function) {
    for (const Tensor& input : inputs) {
      const bool floating = is_floating(input.dtype());
      all_.emplace_back(floating ? input.cast(DType::float64) : input);
      if (floating) active_.push_back(all_.size() - 1);
    }
    if (active_.empty()) throw ValueError("gradcheck: no input is floating");
  }

  Tensors point() const {
    Tensors result;
    for (const std::size_t i : active_) result.push_back(all_[i].value());
    return result;
  }
  Variable operator()(std::span<const Variable> active) const {
    std::vector<Variable> inputs = all_;
    for (std::size_t k = 0; k < active_.size(); ++k) inputs[active_[k]] = active[k];
    Variable output = function_(inputs);
    if (output.dtype() != DType::float64) {
      throw DTypeError("gradcheck: the function gives " + std::string(to_string(output.dtype())) +
                       " for float64 inputs");
    }
    return output;
  }

 private:
  const Function& function_;
  std::vector<Variable> all_;
  std::vector<std::size_t> active_;
};

// The gradients with respect to the leaves that have any; zeros for an output that depends on none of them.
std::vector<Variable> gradients_or_zeros(const Variables& outputs, const std::vector<Variable>& inputs,
                                         GradientOptions options) {
  if (!outputs.empty()) return gradients(outputs, inputs, std::move(options));
  std::vector<Variable> zeros;
  for (const Variable& input : inputs) zeros.emplace_back(Tensor::zeros(input.shape(), input.dtype()));
  return zeros;
}

// <v, gradient of <u, f(x)>>, with its derivatives with respect to x and u.
class Checker {
 public:
  Checker(const Subject& subject, const GradcheckOptions& options) : subject_(subject), options_(options) {}

  GradcheckResult run() {
    const Tensors x = subject_.point();
    Shape output_shape;
    {
      const NoGrad guard;
      std::vector<Variable> constants(x.begin(), x.end());
      output_shape = subject_(constants).shape();
    }
    Random random(options_.seed);
    for (int k = 0; k < options_.directions && message_.empty(); ++k) {
      const Tensor u = direction(random, output_shape);
      const Tensors v = directions(random, x);
      check_first(x, u, v);
      if (options_.order < 2 || !message_.empty()) continue;
      Tensors point = x, along = directions(random, x);
      point.push_back(u);
      along.push_back(direction(random, output_shape));
      check_second(point, v, along);
    }
    return {error_, message_};
  }

 private:
  static Tensor direction(Random& random, const Shape& shape) {
    return random.uniform(shape, {.low = -1, .high = 1, .dtype = DType::float64});
  }
  static Tensors directions(Random& random, const Tensors& x) {
    Tensors result;
    for (const Tensor& tensor : x) result.push_back(direction(random, tensor.shape()));
    return result;
  }

  void check_first(const Tensors& x, const Tensor& u, const Tensors& v) {
    const auto projected = [&](const Tensors& point) {
      const NoGrad guard;
      std::vector<Variable> constants(point.begin(), point.end());
      Sum sum;
      sum.add(u, subject_(constants).value());
      return sum;
    };
    const std::vector<Variable> inputs = leaves(x);
    const Variable y = subject_(inputs);
    Variables outputs;
    if (y.requires_grad()) outputs = y;
    const auto dx =
        gradients_or_zeros(outputs, inputs, {.seeds = outputs.empty() ? Variables() : Variable(u)});
    Sum analytic;
    for (std::size_t i = 0; i < dx.size(); ++i) analytic.add(dx[i].value(), v[i]);
    compare("first", projected, x, v, analytic);
  }

  // `point` and `along` hold x and, last, u.
  void check_second(const Tensors& point, const Tensors& v, const Tensors& along) {
    const auto slope = [&](const Tensors& at) {
      Sum sum;
      const auto dx = first_gradients(leaves(at), false);
      for (std::size_t i = 0; i < dx.size(); ++i) sum.add(dx[i].value(), v[i]);
      return sum;
    };
    const std::vector<Variable> inputs = leaves(point);
    const auto dx = first_gradients(inputs, true);
    std::vector<Variable> outputs, seeds;
    for (std::size_t i = 0; i < dx.size(); ++i) {
      if (!dx[i].requires_grad()) continue;
      outputs.push_back(dx[i]);
      seeds.emplace_back(v[i]);
    }
    const auto second = gradients_or_zeros(outputs, inputs, {.seeds = seeds});
    Sum analytic;
    for (std::size_t i = 0; i < second.size(); ++i) analytic.add(second[i].value(), along[i]);
    compare("second", slope, point, along, analytic);
  }

  std::vector<Variable> first_gradients(const std::vector<Variable>& x_and_u, bool create_graph) const {
    const std::vector<Variable> x(x_and_u.begin(), x_and_u.end() - 1);
    const Variable y = subject_(x);
    Variables outputs, seeds;
    if (y.requires_grad()) {
      outputs = y;
      seeds = x_and_u.back();
    }
    return gradients_or_zeros(outputs, x, {.create_graph = create_graph, .seeds = seeds});
  }

  // The step trades the stencil's error against rounding; which is best depends on the function, so the best
  // of three counts.
  void compare(const char* which, const ScalarFunction& f, const Tensors& x, const Tensors& v,
               const Sum& analytic) {
    const double scale = std::max({analytic.magnitude, 1e-4 * f(x).magnitude, 1e-12});
    double best = INFINITY, best_numeric = NAN;
    for (const double h : {1e-2, 3e-3, 1e-3}) {
      const double numeric = directional_difference(f, x, v, h);
      const double error = std::abs(numeric - analytic.value) / scale;
      if (error < best) {
        best = error;
        best_numeric = numeric;
      }
    }
    error_ = std::max(error_, best);
    if (best <= options_.tolerance) return;
    std::ostringstream text;
    text.precision(17);
    text << "gradcheck: the " << which << " derivative along a random direction is " << analytic.value
         << ", finite differences give " << best_numeric << ": a relative error of " << best << ", above "
         << options_.tolerance;
    message_ = text.str();
  }

  const Subject& subject_;
  const GradcheckOptions& options_;
  double error_ = 0;
  std::string message_;
};

}  // namespace

GradcheckResult gradcheck(const Function& function, const std::vector<Tensor>& inputs,
                          GradcheckOptions options) {
  const recording::Enable recorded(true);
  const Subject subject(function, inputs);
  return Checker(subject, options).run();
}

}  // namespace gradus
