#include <gradus/graph/order.h>

#include <algorithm>
#include <unordered_set>

namespace gradus {

namespace {

bool selected(const Node& node, Order::Select select) {
  return select == Order::Select::all || node.requires_grad();
}

}  // namespace

Order::Order(std::span<const Variable> outputs, Select select) {
  collect(outputs, select);
  sort_by_depth();
  link(select);
}

bool Order::marked(const Node& node) const {
  const std::uint32_t place = node.mark();
  return place < nodes_.size() && nodes_[place] == &node;
}

std::uint32_t Order::find(const Node& node) const {
  if (const std::uint32_t place = node.mark(); place < nodes_.size() && nodes_[place] == &node) return place;
  const auto first =
      std::lower_bound(nodes_.begin(), nodes_.end(), node.depth(),
                       [](const Node* other, std::uint32_t depth) { return other->depth() < depth; });
  for (auto it = first; it != nodes_.end() && (*it)->depth() == node.depth(); ++it) {
    if (*it == &node) return static_cast<std::uint32_t>(it - nodes_.begin());
  }
  return kNone;
}

void Order::collect(std::span<const Variable> outputs, Select select) {
  const auto meet = [&](Node& node) {
    if (!selected(node, select) || marked(node)) return;
    node.set_mark(static_cast<std::uint32_t>(nodes_.size()));
    nodes_.push_back(&node);
  };
  for (const Variable& output : outputs) meet(output.node());
  for (std::size_t i = 0; i < nodes_.size(); ++i) {
    for (const Edge& edge : nodes_[i]->inputs()) meet(*edge.node);
  }
  const bool disturbed = !std::ranges::all_of(
      nodes_, [&, place = std::uint32_t{0}](const Node* node) mutable { return node->mark() == place++; });
  if (disturbed) drop_repeated();
}

// Another thread's walk came between a mark and its reading, so a node may have been taken up twice.
void Order::drop_repeated() {
  std::unordered_set<const Node*> met;
  std::erase_if(nodes_, [&](const Node* node) { return !met.insert(node).second; });
}

// Depths are dense (a node of depth d has an operand of depth d - 1), so counting sorts in linear time. A
// graph whose lower part was left out has fewer nodes than depths; then an ordinary sort is cheaper.
void Order::sort_by_depth() {
  if (nodes_.empty()) return;
  const auto [low, high] = std::minmax_element(
      nodes_.begin(), nodes_.end(), [](const Node* a, const Node* b) { return a->depth() < b->depth(); });
  const std::uint32_t base = (*low)->depth();
  const std::size_t range = (*high)->depth() - base + 1;
  if (range > 4 * nodes_.size() + 64) {
    std::stable_sort(nodes_.begin(), nodes_.end(),
                     [](const Node* a, const Node* b) { return a->depth() < b->depth(); });
  } else {
    PoolVector<std::uint32_t> starts(range + 1, 0);
    for (const Node* node : nodes_) ++starts[node->depth() - base + 1];
    for (std::size_t i = 1; i <= range; ++i) starts[i] += starts[i - 1];
    PoolVector<Node*> sorted(nodes_.size());
    for (Node* node : nodes_) sorted[starts[node->depth() - base]++] = node;
    nodes_ = std::move(sorted);
  }
  for (std::size_t i = 0; i < nodes_.size(); ++i) nodes_[i]->set_mark(static_cast<std::uint32_t>(i));
}

void Order::link(Select select) {
  first_input_.reserve(nodes_.size() + 1);
  first_input_.push_back(0);
  for (const Node* node : nodes_) {
    for (const Edge& edge : node->inputs()) {
      input_places_.push_back(selected(*edge.node, select) ? find(*edge.node) : kNone);
    }
    first_input_.push_back(static_cast<std::uint32_t>(input_places_.size()));
  }
}

}  // namespace gradus
