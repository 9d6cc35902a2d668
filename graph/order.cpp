#include <gradus/graph/order.h>

#include <algorithm>
#include <type_traits>
#include <unordered_set>

namespace gradus {

namespace {

// By insertion, which is stable and takes no memory.
constexpr std::size_t kFew = 16;
template <class Below>
void sort_few(PoolVector<Node*>& nodes, const Below& below) {
  for (std::size_t i = 1; i < nodes.size(); ++i) {
    Node* const node = nodes[i];
    std::size_t at = i;
    for (; at > 0 && below(node, nodes[at - 1]); --at) nodes[at] = nodes[at - 1];
    nodes[at] = node;
  }
}

}  // namespace

Order::Order(std::span<const Variable> outputs, Select select) {
  collect(outputs, select);
  sort_by_depth();
}

std::uint32_t Order::search(const Node& node) const {
  const auto [first, last] = std::equal_range(depths_.begin(), depths_.end(), node.depth());
  const auto begin = nodes_.begin() + (first - depths_.begin());
  const auto end = nodes_.begin() + (last - depths_.begin());
  const auto found = std::find(begin, end, &node);
  return found == end ? kNone : static_cast<std::uint32_t>(found - nodes_.begin());
}

void Order::collect(std::span<const Variable> outputs, Select select) {
  nodes_.reserve(64);
  const auto walk = [&]<bool all>(std::bool_constant<all>) {
    std::uint32_t count = 0;
    const auto meet = [&](Node& node) {
      if (!all && !node.requires_grad()) return;
      if (const std::uint32_t mark = node.mark(); mark < count && nodes_[mark] == &node) return;
      node.set_mark(count++);
      nodes_.push_back(&node);
    };
    for (const Variable& output : outputs) meet(output.node());
    for (std::size_t i = 0; i < count; ++i) {
      for (const Edge& edge : nodes_[i]->inputs()) meet(*edge.node);
    }
  };
  select == Select::all ? walk(std::true_type()) : walk(std::false_type());
}

// Another thread's walk came between a mark and its reading, so a node may have been taken up twice.
void Order::drop_repeated() {
  std::unordered_set<const Node*> met;
  std::erase_if(nodes_, [&](const Node* node) { return !met.insert(node).second; });
}

// Depths are dense (a node of depth d has an operand of depth d - 1), so counting sorts in linear time. A
// graph whose lower part was left out has fewer nodes than depths, and a small one few: then another sort is
// cheaper.
void Order::sort_by_depth() {
  if (nodes_.empty()) return;
  std::uint32_t low = UINT32_MAX, high = 0, disturbed = 0;
  for (std::uint32_t place = 0; const Node* node : nodes_) {
    low = std::min(low, node->depth());
    high = std::max(high, node->depth());
    disturbed |= node->mark() ^ place++;
  }
  if (disturbed != 0) drop_repeated();
  const std::size_t range = high - low + 1;
  depths_.resize(nodes_.size());
  const bool few = nodes_.size() <= kFew;
  if (few || range > 4 * nodes_.size() + 64) {
    const auto below = [](const Node* a, const Node* b) { return a->depth() < b->depth(); };
    few ? sort_few(nodes_, below) : std::stable_sort(nodes_.begin(), nodes_.end(), below);
    for (std::size_t i = 0; i < nodes_.size(); ++i) {
      nodes_[i]->set_mark(static_cast<std::uint32_t>(i));
      depths_[i] = nodes_[i]->depth();
    }
    return;
  }
  PoolVector<std::uint32_t> starts(range + 1, 0);
  for (const Node* node : nodes_) ++starts[node->depth() - low + 1];
  for (std::size_t i = 1; i <= range; ++i) starts[i] += starts[i - 1];
  PoolVector<Node*> sorted(nodes_.size());
  std::uint32_t* const depths = depths_.data();
  for (Node* node : nodes_) {
    const std::uint32_t depth = node->depth(), place = starts[depth - low]++;
    sorted[place] = node;
    depths[place] = depth;
    node->set_mark(place);
  }
  nodes_ = std::move(sorted);
}

}  // namespace gradus
