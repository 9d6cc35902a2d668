#include <gradus/graph/order.h>

#include <algorithm>
#include <functional>
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
  const bool ordered = collect(outputs, select), repeated = drop_repeated();
  if (!ordered) {
    sort_by_depth();
    if (select == Select::requires_grad) {
      std::reverse(std::ranges::find(nodes_, std::uint32_t{0}, &Node::depth), nodes_.end());  // the leaves
    }
  }
  if (repeated || !ordered) mark_all();
}

// Nodes may be gone by the time one is searched for: they are told apart by where they were.
std::uint32_t Order::search(const Node& node) const {
  if (index_.empty()) {
    index_.reserve(nodes_.size());
    for (std::uint32_t place = 0; const Node* each : nodes_) index_.push_back({each, place++});
    std::ranges::sort(index_, std::less<>(), &Found::node);
  }
  const auto found = std::ranges::lower_bound(index_, &node, std::less<>(), &Found::node);
  return found != index_.end() && found->node == &node ? found->place : kNone;
}

// Whether the nodes were met in the order that is asked for: the deepest first, as in all that is one thing
// after another.
bool Order::collect(std::span<const Variable> outputs, Select select) {
  const auto walk = [&]<bool all>(std::bool_constant<all>) {
    std::uint32_t count = 0, last_depth = UINT32_MAX;
    bool falling = !all;
    Node** list = nullptr;
    std::size_t room = 0;
    const auto make_room = [&](std::size_t more) {
      if (count + more <= room) return;
      room = std::max<std::size_t>(16, 2 * (count + more));
      nodes_.resize(room);
      list = nodes_.data();
    };
    const auto meet = [&](Node& node) {
      if (!all && !node.requires_grad()) return;
      if (const std::uint32_t mark = node.mark(); mark < count && list[mark] == &node) return;
      node.set_mark(count);
      list[count++] = &node;
      if (const std::uint32_t depth = node.depth(); depth != 0) {
        falling = falling && depth < last_depth;
        last_depth = depth;
      }
    };
    make_room(outputs.size());
    for (const Variable& output : outputs) meet(output.node());
    for (std::size_t i = 0; i < count; ++i) {
      const std::span<const Edge> operands = list[i]->inputs();
      make_room(operands.size());
      for (const Edge& edge : operands) meet(*edge.node);
    }
    nodes_.resize(count);
    return falling;
  };
  return select == Select::all ? walk(std::true_type()) : walk(std::false_type());
}

// Another thread's walk may come between a mark and its reading, so that a node is taken up twice: then its
// mark is not what it was set to. Whether that was so.
bool Order::drop_repeated() {
  if (single_threaded()) return false;
  std::uint32_t disturbed = 0;
  for (std::uint32_t place = 0; const Node* node : nodes_) disturbed |= node->mark() ^ place++;
  if (disturbed == 0) return false;
  std::unordered_set<const Node*> met;
  std::erase_if(nodes_, [&](const Node* node) { return !met.insert(node).second; });
  return true;
}

// Depths are dense (a node of depth d has an operand of depth d - 1), so counting sorts in linear time. A
// graph whose lower part was left out has fewer nodes than depths, and a small one few: then another sort is
// cheaper.
void Order::sort_by_depth() {
  if (nodes_.empty()) return;
  std::uint32_t low = UINT32_MAX, high = 0;
  for (const Node* node : nodes_) {
    low = std::min(low, node->depth());
    high = std::max(high, node->depth());
  }
  const std::size_t range = high - low + 1;
  const bool few = nodes_.size() <= kFew;
  if (few || range > 4 * nodes_.size() + 64) {
    const auto below = [](const Node* a, const Node* b) { return a->depth() < b->depth(); };
    few ? sort_few(nodes_, below) : std::stable_sort(nodes_.begin(), nodes_.end(), below);
    std::ranges::reverse(nodes_);
    return;
  }
  PoolVector<std::uint32_t> ends(range, 0);
  for (const Node* node : nodes_) ++ends[high - node->depth()];
  for (std::size_t i = 1; i < range; ++i) ends[i] += ends[i - 1];
  PoolVector<Node*> sorted(nodes_.size());
  for (Node* node : nodes_) sorted[--ends[high - node->depth()]] = node;
  nodes_ = std::move(sorted);
}

void Order::mark_all() {
  for (std::size_t place = 0; place < nodes_.size(); ++place) {
    nodes_[place]->set_mark(static_cast<std::uint32_t>(place));
  }
}

}  // namespace gradus
