#pragma once

#include <gradus/graph/memory.h>
#include <gradus/graph/op.h>
#include <gradus/graph/pool_vector.h>
#include <gradus/graph/row_gradient.h>
#include <gradus/graph/source_location.h>
#include <gradus/graph/tensor.h>

#include <atomic>
#include <cassert>
#include <memory>
#include <new>

namespace gradus {

class Node;

// An operand of a node, and the version of its values that the node saw.
struct Edge {
  Ref<Node> node;
  std::uint32_t version = 0;
};

enum class NodeKind : std::uint8_t { constant, input, parameter, call };

// One recorded call, or a leaf. Made by the engine, immutable but for a leaf's name and gradient; shared by
// the Variables and nodes that refer to it. Destroyed by a loop, never by recursion, however deep the graph
// is.
class alignas(64) Node : public memory::Pooled<Node> {
 public:
  static Ref<Node> leaf(NodeKind kind, Tensor value, bool requires_grad);
  // A call in the making: its operands are bound first, then its value is computed from them; at last one of
  // `record` and `settle` completes it. Where the number of operands is known to the compiler, it says so.
  static Ref<Node> prepare(std::size_t operands);
  std::span<Edge> operands() { return {edges(), count_}; }
  // Has `make` return the value. REQUIRES that there is none.
  template <class Make>
  void compute(const Make& make);
  template <std::size_t count = std::dynamic_extent>
  void record(const Ref<const Op>& op, bool requires_grad, const SourceLocation& where,
              const std::string* scope);
  void settle();  // as a constant, which knows no operands
  // The operands and the value have one shape and dtype: nobody need compare them again.
  void set_alike() { alike_ = true; }
  Node(const Node&) = delete;
  Node& operator=(const Node&) = delete;

  NodeKind kind() const { return kind_; }
  const Op* op() const { return op_.get(); }  // nullptr for a leaf
  std::span<const Edge> inputs() const { return {edges(), count_}; }
  const Tensor& value() const { return value_; }
  std::uint32_t version() const { return version_; }  // of the value when the node was made
  // 0 for a leaf, else one more than the deepest operand's: a topological order without a counter.
  std::uint32_t depth() const { return depth_; }
  bool requires_grad() const { return requires_grad_; }
  bool alike() const { return alike_; }  // known to be so; see set_alike
  const SourceLocation& where() const { return where_; }
  const std::string* scope() const { return scope_; }  // nullptr outside any; not of a dying node

  std::string_view name() const { return extra_ ? std::string_view(extra_->name) : std::string_view(); }
  void set_name(std::string_view name) { extra().name = name; }
  // The gradient that backward has left in this leaf; undefined when there is none. Row gradients become a
  // whole table here.
  const Tensor& grad() const;
  bool has_grad() const { return extra_ && (extra_->grad.defined() || !extra_->grad_rows.empty()); }
  // Replaces all of the gradient.
  void set_grad(Tensor grad);
  // The gradient where it consists of rows only; else empty.
  std::span<const RowGradient> grad_rows() const;
  void add_grad_rows(RowGradient rows);
  // Tensors that forward kept for the gradient rule.
  std::span<const Tensor> saved() const;
  void save(PoolVector<Tensor> tensors);

  void retain() noexcept { references_.increment(); }
  void release() noexcept {
    if (references_.decrement()) destroy(this);
  }
  std::uint32_t references() const noexcept { return references_.count(); }

  // Scratch of a walk: a place in the walk's list, believed only when the list agrees (see order.h).
  std::uint32_t mark() const { return mark_.load(std::memory_order_relaxed); }
  void set_mark(std::uint32_t mark) { mark_.store(mark, std::memory_order_relaxed); }

 private:
  static constexpr std::size_t kInline = 3;
  // What few nodes have.
  struct Extra : memory::Pooled<Extra> {
    PoolVector<Edge> edges = {};  // of a node with more than kInline
    std::string name = {};
    Tensor grad = {};
    PoolVector<RowGradient> grad_rows = {};  // beside an undefined grad only
    PoolVector<Tensor> saved = {};
  };
  Node() = default;
  inline ~Node();  // stands in node.cpp, where all nodes end
  static void destroy(Node* node) noexcept;
  Edge* edges() { return count_ <= kInline ? inline_ : extra_->edges.data(); }
  const Edge* edges() const { return count_ <= kInline ? inline_ : extra_->edges.data(); }
  Extra& extra();
  void set_many_edges(std::size_t count);  // more than kInline

  // Two cache lines in all.
  ReferenceCount references_;
  std::atomic<std::uint32_t> mark_ = 0;
  std::uint32_t depth_ = 0;
  std::uint32_t version_ = 0;
  std::uint32_t count_ = 0;
  NodeKind kind_ = NodeKind::constant;
  bool requires_grad_ = false;
  bool alike_ = false;
  Ref<const Op> op_;
  Tensor value_;
  union {
    const std::string* scope_ = nullptr;
    Node* next_dead_;  // of a node on its way to destruction
  };
  union {  // ended by `destroy`, edge by edge
    Edge inline_[kInline] = {};
  };
  SourceLocation where_ = {};
  std::unique_ptr<Extra> extra_;
};

inline Ref<Node> Node::prepare(std::size_t operands) {
  auto node = Ref<Node>::adopt(new Node);
  if (operands > kInline) node->set_many_edges(operands);
  node->count_ = static_cast<std::uint32_t>(operands);
  return node;
}

// Made where it stays, without a move.
template <class Make>
void Node::compute(const Make& make) {
  assert(!value_.defined());
  try {
    new (&value_) Tensor(make());
  } catch (...) {
    new (&value_) Tensor();
    throw;
  }
}

template <std::size_t count>
void Node::record(const Ref<const Op>& op, bool requires_grad, const SourceLocation& where,
                  const std::string* scope) {
  kind_ = NodeKind::call;
  op_.set_first(op);
  version_ = value_.version();
  requires_grad_ = requires_grad;
  where_ = where;
  scope_ = scope;
  std::uint32_t depth = 0;
  Edge* const own = count <= kInline ? inline_ : edges();
  for (Edge& edge : std::span<Edge, count>(own, count_)) {
    const Node& operand = *edge.node;
    edge.version = operand.value_.version();
    if (operand.depth_ > depth) depth = operand.depth_;
  }
  depth_ = depth + 1;
}

}  // namespace gradus
