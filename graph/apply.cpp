#include <gradus/graph/apply.h>
#include <gradus/graph/call.h>
#include <gradus/graph/expansion.h>
#include <gradus/graph/number_text.h>
#include <gradus/graph/recording.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace gradus {

namespace {

// The line of the first operand that is no number: a number in a function's body was not passed by the user.
const SourceLocation& location_of(std::span<const Operand> operands) {
  if (const SourceLocation* where = recording::attributed_location()) return *where;
  for (const Operand& operand : operands) {
    if (!operand.is_number()) return operand.where();
  }
  return operands.front().where();
}

[[noreturn]] void throw_undefined(const Op& op, std::span<const Operand> operands, std::size_t i) {
  const std::string line = to_string(location_of(operands));
  throw StateError(std::string(op.name()) + ": " + operand_name(op, operands.size(), i) +
                   " is undefined: it was used before it was given a value, or after a move" +
                   (line.empty() ? "" : " (" + line + ")"));
}

// The dtype that numbers among the operands take: that of the first operand that is no number, booleans last.
struct NumberDType {
  DType dtype = DType::float32;
  bool found = false;
  bool boolean = false;
};
NumberDType number_dtype(const Op& op, std::span<const Operand> operands) {
  NumberDType result;
  for (std::size_t i = 0; i < operands.size(); ++i) {
    const Operand& operand = operands[i];
    if (operand.is_number()) continue;
    if (!operand.variable().defined()) throw_undefined(op, operands, i);
    if (operand.dtype() == DType::boolean) {
      result.boolean = true;
    } else if (!result.found) {
      result.dtype = operand.dtype();
      result.found = true;
    }
  }
  return result;
}

// A number beside integers must be one of them.
template <class T>
T as_integer(const Operand& operand, const Op& op) {
  constexpr auto kLeast = static_cast<double>(std::numeric_limits<T>::min());
  const double number = operand.number();
  if (operand.is_integer() && std::in_range<T>(operand.integer())) return static_cast<T>(operand.integer());
  if (operand.is_integer() || number != std::trunc(number) || !(number >= kLeast && number < -kLeast)) {
    const std::string text =
        operand.is_integer() ? std::to_string(operand.integer()) : scalar_text(operand.number());
    const std::string line = to_string(operand.where());
    throw DTypeError(std::string(op.name()) + ": the number " + text + " is no " +
                     std::string(to_string(dtype_of<T>())) + ", the dtype of the other operand" +
                     (line.empty() ? "" : " (" + line + ")"));
  }
  return static_cast<T>(number);
}

Ref<Node> number_leaf(const Operand& operand, const NumberDType& others, const Op& op) {
  DType dtype = others.dtype;
  if (!others.found && others.boolean && operand.is_truth()) dtype = DType::boolean;
  Tensor value = Tensor::empty({}, dtype);
  dispatch(dtype, [&]<class T>() {
    if constexpr (is_integer(dtype_of<T>())) {
      *value.raw<T>() = as_integer<T>(operand, op);
    } else {
      *value.raw<T>() = static_cast<T>(operand.number());
    }
  });
  return Node::leaf(NodeKind::constant, std::move(value), false);
}

// Points the edges at the operands' nodes; whether one of them wants a gradient.
bool bind(const Op& op, std::span<const Operand> operands, std::span<Edge> edges) {
  const NumberDType numbers = number_dtype(op, operands);
  bool wants_gradient = false;
  for (std::size_t i = 0; i < edges.size(); ++i) {
    const Operand& operand = operands[i];
    edges[i].node = operand.is_number() ? number_leaf(operand, numbers, op) : operand.variable().ref();
    wants_gradient = wants_gradient || edges[i].node->requires_grad();
  }
  return wants_gradient;
}

// Converts the operands to the dtypes that the op wants.
void convert(const Call& call, std::span<Edge> edges, std::span<DType> dtypes) {
  // All are asked for before the first is converted: a rule looks at every operand.
  for (std::size_t i = 0; i < edges.size(); ++i) dtypes[i] = call.op().operand_dtype(call, i);
  for (std::size_t i = 0; i < edges.size(); ++i) {
    if (dtypes[i] != call.dtype(i)) {
      // No gradient passes: only integers and booleans are converted, and floats by ops that give booleans.
      edges[i].node = Node::leaf(NodeKind::constant, call.value(i).cast(dtypes[i]), false);
    }
  }
}

constexpr std::size_t kInline = 4;

}  // namespace

Variable apply(Ref<const Op> op, std::span<const Operand> operands) {
  Edge few[kInline];
  PoolVector<Edge> many(operands.size() > kInline ? operands.size() : 0);
  const std::span<Edge> edges(operands.size() > kInline ? many.data() : few, operands.size());
  const bool wants_gradient = bind(*op, operands, edges);

  const SourceLocation& where = location_of(operands);
  const Call call(*op, edges, where, recording::scope());
  DType few_dtypes[kInline];
  PoolVector<DType> many_dtypes(operands.size() > kInline ? operands.size() : 0);
  convert(call, edges, {operands.size() > kInline ? many_dtypes.data() : few_dtypes, operands.size()});
  const Shape shape = op->infer_shape(call);
  Forward forward(call, shape, op->infer_dtype(call));
  op->forward(forward);

  const bool recorded = wants_gradient && recording::enabled() && op->differentiable();
  Tensor result = forward.take_output();
  if (!recorded && !op->remembers_operands()) {
    return Variable(Node::leaf(NodeKind::constant, std::move(result), false));
  }
  for (Edge& edge : edges) {
    // Remembered, not recorded: no gradient may pass here later, and nothing further down be kept alive.
    if (!recorded && (edge.node->requires_grad() || edge.node->op() != nullptr)) {
      edge.node = Node::leaf(NodeKind::constant, edge.node->value(), false);
    }
    edge.version = edge.node->value().version();
  }
  Variable output(Node::call(std::move(op), edges, std::move(result), recorded, where, call.scope()));
  if (recorded && !forward.saved().empty()) output.node().save(std::move(forward.saved()));
  return output;
}

DType Expansion::Parts::operand_dtype(const Call& call, std::size_t i) const {
  switch (signature_.takes) {
    case Takes::floating: return call.common_floating_dtype();
    case Takes::numbers: return call.common_dtype();
    case Takes::anything: break;
  }
  return call.dtype(i);
}

Expansion::Expansion(const Signature& signature, std::span<const Operand> operands)
    : parts_(signature),
      edges_(operands.size()),
      where_(location_of(operands)),
      call_(parts_, edges_, where_, recording::scope()),
      attribute_(where_, recording::scope()) {
  bind(parts_, operands, edges_);
  PoolVector<DType> dtypes(edges_.size());
  convert(call_, edges_, dtypes);
  for (const Edge& edge : edges_) operands_.emplace_back(edge.node);
}

Variable Expansion::named(Variable result) const {
  const auto is_operand = [&](const Variable& operand) { return &operand.node() == &result.node(); };
  if (result.requires_grad() && result.name().empty() && std::ranges::none_of(operands_, is_operand)) {
    result.set_name(parts_.name());
  }
  return result;
}

}  // namespace gradus
