#include <gradus/graph/error.h>
#include <gradus/graph/gradients.h>
#include <gradus/graph/operand.h>
#include <gradus/graph/variable.h>

namespace gradus {

Variable::Variable(Tensor value, VariableOptions options) {
  value.require_defined();
  if (options.requires_grad && !is_floating(value.dtype())) {
    throw DTypeError("Variable: only float32 and float64 can want a gradient, not " +
                     std::string(to_string(value.dtype())));
  }
  node_ = Node::leaf(options.name.empty() && !options.requires_grad ? NodeKind::constant : NodeKind::input,
                     std::move(value), options.requires_grad);
  if (!options.name.empty()) node_->set_name(options.name);
}

const Tensor& Variable::grad() const {
  const Tensor& gradient = node().grad();
  if (!gradient.defined()) {
    const auto given = name();
    throw StateError("grad: " + (given.empty() ? "the variable" : "'" + std::string(given) + "'") +
                     " has no gradient: no backward pass has reached it since it was made or zeroed");
  }
  return gradient;
}

Variable Variable::detach() const { return Variable(value()); }

void Variable::throw_undefined() {
  throw StateError("Variable: used before it was given a value, or after a move");
}

Parameter::Parameter(std::string_view name, const Tensor& value) {
  value.require_defined();
  if (!is_floating(value.dtype())) {
    throw DTypeError("Parameter '" + std::string(name) + "': needs float32 or float64, not " +
                     std::string(to_string(value.dtype())));
  }
  static_cast<Variable&>(*this) = Variable(Node::leaf(NodeKind::parameter, value.clone(), true));
  set_name(name);
}

void Parameter::assign(const Tensor& value) const {
  const Tensor& old = this->value();
  value.require_defined();
  if (value.shape() != old.shape() || value.dtype() != old.dtype()) {
    const std::string text = "Parameter '" + std::string(name()) + "': is " +
                             std::string(to_string(old.dtype())) + " " + to_string(old.shape()) +
                             ", cannot be assigned " + std::string(to_string(value.dtype())) + " " +
                             to_string(value.shape());
    if (value.shape() != old.shape()) throw ShapeError(text);
    throw DTypeError(text);
  }
  Tensor target = old;
  target.copy_from(value);
}

Operand::Operand(const Tensor& tensor, SourceLocation where)
    : kept_(tensor.defined() ? Variable(tensor) : Variable()), where_(where) {}

}  // namespace gradus
