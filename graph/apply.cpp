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

using Operands = std::span<const Operand* const>;

// Pointers to the operands in a list; to few of them without taking memory.
class Pointers {
 public:
  explicit Pointers(std::span<const Operand> operands) : size_(operands.size()) {
    if (size_ > kInline) many_.resize(size_);
    for (std::size_t i = 0; i < size_; ++i) data()[i] = &operands[i];
  }
  operator Operands() { return {data(), size_}; }  // NOLINT: implicit on purpose

 private:
  static constexpr std::size_t kInline = 4;
  const Operand** data() { return size_ > kInline ? many_.data() : few_; }

  std::size_t size_;
  const Operand* few_[kInline];
  PoolVector<const Operand*> many_;
};

// The line of the first operand that is no number: a number in a function's body was not passed by the user.
const SourceLocation& location_of(Operands operands) {
  if (const SourceLocation* where = recording::attributed_location()) return *where;
  for (const Operand* operand : operands) {
    if (!operand->is_number()) return operand->where();
  }
  return operands.front()->where();
}

[[noreturn]] void throw_undefined(const Op& op, Operands operands, std::size_t i) {
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
NumberDType number_dtype(const Op& op, Operands operands) {
  NumberDType result;
  for (std::size_t i = 0; i < operands.size(); ++i) {
    const Operand& operand = *operands[i];
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
[[gnu::noinline]] bool bind_numbers(const Op& op, Operands operands, std::span<Edge> edges) {
  const NumberDType numbers = number_dtype(op, operands);
  bool wants_gradient = false;
  for (std::size_t i = 0; i < edges.size(); ++i) {
    const Operand& operand = *operands[i];
    edges[i].node = operand.is_number() ? number_leaf(operand, numbers, op) : operand.variable().ref();
    wants_gradient = wants_gradient || edges[i].node->requires_grad();
  }
  return wants_gradient;
}
template <std::size_t count>
[[gnu::always_inline]] inline bool bind(const Op& op, std::span<const Operand* const, count> operands,
                                        std::span<Edge, count> edges) {
  bool wants_gradient = false;
  for (std::size_t i = 0; i < edges.size(); ++i) {
    const Operand& operand = *operands[i];
    if (operand.is_number()) return bind_numbers(op, operands, edges);
    const Ref<Node>& node = operand.variable().ref();
    if (!node) throw_undefined(op, operands, i);
    edges[i].node.set_first(node);
    wants_gradient = wants_gradient || node->requires_grad();
  }
  return wants_gradient;
}

constexpr std::size_t kInline = 4;

void convert(Edge& edge, DType dtype) {
  const Tensor& value = edge.node->value();
  // No gradient passes: only integers and booleans are converted, and floats by ops that give booleans.
  if (value.dtype() != dtype) edge.node = Node::leaf(NodeKind::constant, value.cast(dtype), false);
}
// Converts the operands to the dtypes that the op wants; it is asked before the first is converted.
void convert(const Call& call, std::span<Edge> edges) {
  if (const std::optional<DType> dtype = call.op().operands_dtype(call)) {
    for (Edge& edge : edges) convert(edge, *dtype);
    return;
  }
  DType few[kInline];
  PoolVector<DType> many(edges.size() > kInline ? edges.size() : 0);
  DType* const dtypes = edges.size() > kInline ? many.data() : few;
  for (std::size_t i = 0; i < edges.size(); ++i) dtypes[i] = call.op().operand_dtype(call, i);
  for (std::size_t i = 0; i < edges.size(); ++i) convert(edges[i], dtypes[i]);
}

// Remembered, not recorded: no gradient may pass here later, and nothing further down be kept alive.
void cut_off(std::span<Edge> edges) {
  for (Edge& edge : edges) {
    if (edge.node->requires_grad() || edge.node->op() != nullptr) {
      edge.node = Node::leaf(NodeKind::constant, edge.node->value(), false);
    }
  }
}

// Converts the operands, asks the op's rules and computes.
[[gnu::noinline]] Tensor evaluate(const Call& call, Node& node, bool recorded) {
  convert(call, node.operands());
  const Shape shape = call.op().infer_shape(call);
  Forward forward(call, shape, call.op().infer_dtype(call), recorded);
  call.op().forward(forward);
  if (recorded && !forward.saved().empty()) node.save(std::move(forward.saved()));
  return forward.take_output();
}

// For one and two operands, which most calls have, without loops over them.
template <std::size_t count>
Variable run(const Ref<const Op>& op, std::span<const Operand* const, count> operands) {
  Ref<Node> node = Node::prepare(operands.size());
  const std::span<Edge, count> edges(node->operands());
  const bool recorded = bind(*op, operands, edges) && recording::enabled() && op->differentiable();

  const SourceLocation& where = location_of(operands);
  const Call call(*op, edges, where, recording::scope());
  node->compute([&] { return op->compute_alike(call); });
  if (node->value().defined()) {
    node->set_alike();
  } else {
    node->compute([&] { return evaluate(call, *node, recorded); });
  }
  if (!recorded) {
    if (!op->remembers_operands()) {
      node->settle();
      return Variable(std::move(node));
    }
    cut_off(edges);
  }
  node->template record<count>(op, recorded, where, call.scope());
  return Variable(std::move(node));
}

}  // namespace

Variable apply(Ref<const Op> op, std::span<const Operand> operands) {
  return run(op, Operands(Pointers(operands)));
}
Variable apply(const Ref<const Op>& op, const Operand& x) {
  const Operand* const list[] = {&x};
  return run(op, std::span(list));
}
Variable apply(const Ref<const Op>& op, const Operand& a, const Operand& b) {
  const Operand* const list[] = {&a, &b};
  return run(op, std::span(list));
}
Variable apply(const Ref<const Op>& op, std::span<const Operand* const> operands) {
  return run(op, operands);
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
      where_(location_of(Pointers(operands))),
      call_(parts_, edges_, where_, recording::scope()),
      attribute_(where_, recording::scope()) {
  bind(parts_, Operands(Pointers(operands)), std::span<Edge>(edges_));
  convert(call_, edges_);
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
