#include <gradus/graph/error.h>
#include <gradus/graph/suggest.h>
#include <gradus/models/activation_function.h>
#include <gradus/models/activations.h>

#include <algorithm>
#include <vector>

namespace gradus {

namespace {

using AnyOp = void (*)();
using Unary = Variable (*)(const Operand&);

struct Row {
  std::string_view name;
  Unary apply;
  AnyOp op;
};

Row row(std::string_view name, Unary op) { return {name, op, reinterpret_cast<AnyOp>(op)}; }

// An op with options, which get their defaults.
template <auto op>
Row row(std::string_view name) {
  return {name, [](const Operand& x) { return op(x, {}); }, reinterpret_cast<AnyOp>(op)};
}

// Of several rows with one op the first has the name by which it is described; of several with one name the
// first is what the name means.
const std::vector<Row>& rows() {
  static const std::vector<Row> result = {
      row<celu>("celu"),
      row<elu>("elu"),
      row("exponential", activations::exponential),
      row("exponential", exp),
      row<gelu>("gelu"),
      row<glu>("glu"),
      row<hard_shrink>("hard_shrink"),
      row("hard_sigmoid", hard_sigmoid),
      row("hard_silu", hard_swish),
      row("hard_swish", hard_swish),
      row("hard_tanh", hard_tanh),
      row<leaky_relu>("leaky_relu"),
      row("linear", activations::linear),
      row("log_sigmoid", log_sigmoid),
      row<log_softmax>("log_softmax"),
      row("mish", mish),
      row("relu", relu),
      row("relu6", relu6),
      row("selu", selu),
      row("sigmoid", sigmoid),
      row("silu", silu),
      row<soft_shrink>("soft_shrink"),
      row<softmax>("softmax"),
      row("softplus", softplus),
      row("softsign", softsign),
      row("sparse_plus", activations::sparse_plus),
      row("sparse_sigmoid", activations::sparse_sigmoid),
      row<sparsemax>("sparsemax"),
      row<squareplus>("squareplus"),
      row("swish", silu),
      row("tanh", tanh),
      row("tanh_shrink", tanh_shrink),
      row<threshold>("threshold"),
  };
  return result;
}

const Row* row_of(AnyOp op) {
  const auto found = std::ranges::find(rows(), op, &Row::op);
  return found == rows().end() ? nullptr : &*found;
}

const Row& row_of(std::string_view name) {
  std::vector<std::string_view> names;
  for (const Row& each : rows()) {
    if (names.empty() || names.back() != each.name) names.push_back(each.name);
  }
  const std::string_view known = names[find_name("activation", name, names)];
  return *row_of(std::ranges::find(rows(), known, &Row::name)->op);
}

}  // namespace

ActivationFunction::ActivationFunction(std::string_view name)
    : ActivationFunction(row_of(name).op, row_of(name).apply) {}

ActivationFunction::ActivationFunction(AnyOp op, Function function)
    : function_(std::move(function)), name_("function") {
  if (!function_) throw ValueError("activation: the function is empty");
  if (const Row* row = row_of(op)) name_ = row->name;
  if (name_ == "linear") function_ = nullptr;
}

Variable ActivationFunction::operator()(const Operand& x) const {
  return function_ ? function_(x) : activations::linear(x);
}

ConfigValue ActivationFunction::serialize() const {
  if (name_ == "function") {
    throw StateError(
        "activation: a function of one's own has no name by which it could be described; use a named one");
  }
  return name_;
}

ActivationFunction ActivationFunction::deserialize(const ConfigValue& description) {
  return description.is_null() ? ActivationFunction() : ActivationFunction(description.text());
}

}  // namespace gradus
