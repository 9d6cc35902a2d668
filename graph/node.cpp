#include <gradus/graph/node.h>

namespace gradus {

Ref<Node> Node::leaf(NodeKind kind, Tensor value, bool requires_grad) {
  auto node = Ref<Node>::adopt(new Node);
  node->kind_ = kind;
  node->version_ = value.version();
  node->value_ = std::move(value);
  node->requires_grad_ = requires_grad;
  return node;
}

void Node::settle() {
  for (Edge& edge : operands()) edge.node = {};
  count_ = 0;
  if (extra_) extra_ = nullptr;
  version_ = value_.version();
}

const Tensor& Node::grad() const {
  static const Tensor none;
  if (!extra_) return none;
  if (!extra_->grad_rows.empty()) {
    Tensor table = Tensor::zeros(value_.shape(), value_.dtype());
    for (const RowGradient& rows : extra_->grad_rows) add_rows(table, rows);
    extra_->grad_rows.clear();
    extra_->grad = std::move(table);
  }
  return extra_->grad;
}

void Node::set_grad(Tensor grad) {
  if (!extra_ && !grad.defined()) return;
  extra().grad_rows.clear();
  extra_->grad = std::move(grad);
}

std::span<const RowGradient> Node::grad_rows() const {
  return extra_ ? std::span<const RowGradient>(extra_->grad_rows) : std::span<const RowGradient>();
}

void Node::add_grad_rows(RowGradient rows) {
  if (extra().grad.defined()) {
    if (!extra_->grad.buffer()->unique()) extra_->grad = extra_->grad.clone();
    add_rows(extra_->grad, rows);
  } else {
    if (!rows.rows.buffer()->unique()) rows.rows = rows.rows.clone();  // a leaf's gradient is its own
    extra_->grad_rows.push_back(std::move(rows));
  }
}

std::span<const Tensor> Node::saved() const {
  return extra_ ? std::span<const Tensor>(extra_->saved) : std::span<const Tensor>();
}

void Node::save(PoolVector<Tensor> tensors) { extra().saved = std::move(tensors); }

void Node::set_many_edges(std::size_t count) { extra().edges.resize(count); }

Node::Extra& Node::extra() {
  if (!extra_) extra_ = std::make_unique<Extra>();
  return *extra_;
}

[[gnu::always_inline]] inline Node::~Node() {}  // NOLINT: the edges are gone by now
static_assert(sizeof(void*) != 8 || sizeof(SourceLocation) != 8 || sizeof(Node) == 128);

// A chain of a million nodes would overflow the stack if each destructor called the next: the dead wait in a
// list.
void Node::destroy(Node* node) noexcept {
  Node* dead = node;
  dead->next_dead_ = nullptr;
  while (dead != nullptr) {
    Node* current = dead;
    dead = current->next_dead_;
    for (Edge *edge = current->edges(), *end = edge + current->count_; edge != end; ++edge) {
      Node* input = edge->node.detach();
      if (input != nullptr && input->references_.decrement()) {
        input->next_dead_ = dead;
        dead = input;
      }
    }
    delete current;
  }
}

}  // namespace gradus
