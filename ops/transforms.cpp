#include <gradus/graph/error.h>
#include <gradus/graph/gradients.h>
#include <gradus/graph/recording.h>
#include <gradus/ops/elementwise.h>
#include <gradus/ops/shape.h>
#include <gradus/ops/transforms.h>

namespace gradus {

namespace {

// A function called on its inputs, recorded.
class Run {
 public:
  Run(std::string_view transform, const Function& f, const Variables& inputs, TransformOptions options)
      : transform_(transform), options_(options) {
    if (!f) throw ValueError(says("there is no function"));
    if (inputs.empty()) throw ValueError(says("the list of inputs is empty"));
    for (const Variable& input : inputs) {
      if (!is_floating(input.dtype())) {
        throw DTypeError(
            says("an input is " + std::string(to_string(input.dtype())) + ", which has no derivatives"));
      }
      const bool attached = options.create_graph && input.requires_grad();
      inputs_.push_back(attached ? input : Variable(input.value(), {.requires_grad = true}));
    }
    const recording::Enable recorded(true);
    value_ = f(inputs_);
    if (!is_floating(value_.dtype())) {
      throw DTypeError(
          says("the function gave " + std::string(to_string(value_.dtype())) + ", which has no derivatives"));
    }
  }

  const std::vector<Variable>& inputs() const { return inputs_; }
  const Variable& value() const { return value_; }

  // The derivatives of `outputs`, weighted by `seeds`; zeros where they depend on no input.
  std::vector<Variable> pull(const Variable& output, const Variable& seed, bool create_graph) const {
    if (output.requires_grad()) {
      return gradients(output, inputs_, {.create_graph = create_graph, .seeds = seed});
    }
    std::vector<Variable> zeros;
    for (const Variable& input : inputs_) zeros.emplace_back(Tensor::zeros(input.shape(), input.dtype()));
    return zeros;
  }
  std::vector<Variable> pull(const Variable& output, const Variable& seed) const {
    return pull(output, seed, options_.create_graph);
  }
  // The gradients of the scalar that the function gave.
  std::vector<Variable> slopes(bool create_graph) const {
    if (value_.value().size() != 1)
      throw ShapeError(says("the function gave " + to_string(value_.shape()) + ", not a scalar"));
    return pull(value_, Variable(Tensor::ones(value_.shape(), value_.dtype())), create_graph);
  }
  // What leaves the transform: cut off unless it may be differentiated in turn.
  Variable released(const Variable& x) const { return options_.create_graph ? x : Variable(x.value()); }

  void require_like(std::string_view what, const Variable& given, const Variable& wanted) const {
    if (given.shape() != wanted.shape()) {
      throw ShapeError(says("the " + std::string(what) + " is " + to_string(given.shape()) + ", not " +
                            to_string(wanted.shape())));
    }
    if (given.dtype() != wanted.dtype()) {
      throw DTypeError(says("the " + std::string(what) + " is " + std::string(to_string(given.dtype())) +
                            ", not " + std::string(to_string(wanted.dtype()))));
    }
  }
  void require_like_inputs(std::string_view what, const Variables& given) const {
    if (given.size() != inputs_.size()) {
      throw ValueError(says(std::to_string(given.size()) + " " + std::string(what) + "s for " +
                            std::to_string(inputs_.size()) + " inputs"));
    }
    for (std::size_t i = 0; i < given.size(); ++i) require_like(what, given[i], inputs_[i]);
  }

  // The derivatives of `output`, element by element: of shape [output.., input..] for each input.
  std::vector<Variable> rows(const Variable& output) const {
    const std::int64_t count = output.value().size();
    std::vector<std::vector<Operand>> columns(inputs_.size());
    for (std::int64_t i = 0; i < count; ++i) {
      Tensor seed = Tensor::zeros({count}, output.dtype());
      dispatch_floating(seed.dtype(), [&]<class T>() { seed.raw<T>()[i] = 1; });
      const std::vector<Variable> row = pull(output, Variable(seed.reshape(output.shape().dims())));
      for (std::size_t k = 0; k < row.size(); ++k) columns[k].emplace_back(reshape(row[k], {1, -1}));
    }
    std::vector<Variable> result;
    for (std::size_t k = 0; k < inputs_.size(); ++k) {
      PoolVector<std::int64_t> dims(output.shape().begin(), output.shape().end());
      dims.insert(dims.end(), inputs_[k].shape().begin(), inputs_[k].shape().end());
      const Shape shape{Dims(std::span<const std::int64_t>(dims))};
      if (shape.elements() == 0) {
        result.emplace_back(Tensor::zeros(shape, inputs_[k].dtype()));
      } else {
        result.push_back(released(reshape(concatenate(columns[k]), shape.dims())));
      }
    }
    return result;
  }

 private:
  std::string says(const std::string& problem) const { return std::string(transform_) + ": " + problem; }

  std::string_view transform_;
  TransformOptions options_;
  std::vector<Variable> inputs_;
  Variable value_;
};

}  // namespace

ValueAndGradients value_and_gradients(const Function& f, const Variables& inputs, TransformOptions options) {
  const Run run("value_and_gradients", f, inputs, options);
  return {run.released(run.value()), run.slopes(options.create_graph)};
}

VectorJacobian vjp(const Function& f, const Variables& inputs, const Variable& cotangent,
                   TransformOptions options) {
  const Run run("vjp", f, inputs, options);
  run.require_like("cotangent", cotangent, run.value());
  return {run.released(run.value()), run.pull(run.value(), cotangent)};
}

JacobianVector jvp(const Function& f, const Variables& inputs, const Variables& tangents,
                   TransformOptions options) {
  const Run run("jvp", f, inputs, options);
  run.require_like_inputs("tangent", tangents);
  const Variable u(Tensor::zeros(run.value().shape(), run.value().dtype()), {.requires_grad = true});
  const std::vector<Variable> pulled = run.pull(run.value(), u, true);
  std::vector<Variable> outputs, seeds;
  for (std::size_t i = 0; i < pulled.size(); ++i) {
    if (!pulled[i].requires_grad()) continue;  // the value does not depend on this input
    outputs.push_back(pulled[i]);
    seeds.push_back(tangents[i]);
  }
  if (outputs.empty()) return {run.released(run.value()), Variable(u.value())};
  return {run.released(run.value()),
          gradients(outputs, u, {.create_graph = options.create_graph, .seeds = seeds}).front()};
}

Variable jacobian(const Function& f, const Variable& input, TransformOptions options) {
  const Run run("jacobian", f, input, options);
  return run.rows(run.value()).front();
}

std::vector<Variable> jacobians(const Function& f, const Variables& inputs, TransformOptions options) {
  const Run run("jacobians", f, inputs, options);
  return run.rows(run.value());
}

Variable hessian(const Function& f, const Variable& input, TransformOptions options) {
  const Run run("hessian", f, input, options);
  return run.rows(run.slopes(true).front()).front();
}

Variable hessian_vector_product(const Function& f, const Variable& input, const Variable& vector,
                                TransformOptions options) {
  return hessian_vector_products(f, input, vector, options).front();
}

std::vector<Variable> hessian_vector_products(const Function& f, const Variables& inputs,
                                              const Variables& vectors, TransformOptions options) {
  const Run run("hessian_vector_product", f, inputs, options);
  run.require_like_inputs("vector", vectors);
  const std::vector<Variable> slopes = run.slopes(true);
  std::vector<Variable> outputs, seeds;
  for (std::size_t i = 0; i < slopes.size(); ++i) {
    if (!slopes[i].requires_grad()) continue;  // linear in this input
    outputs.push_back(slopes[i]);
    seeds.push_back(vectors[i]);
  }
  if (outputs.empty()) return run.pull(Variable(run.value().value()), {});
  return gradients(outputs, run.inputs(), {.create_graph = options.create_graph, .seeds = seeds});
}

}  // namespace gradus
