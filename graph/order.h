#pragma once

#include <gradus/graph/pool_vector.h>
#include <gradus/graph/variable.h>

#include <cstdint>
#include <span>

namespace gradus {

// The nodes below some outputs, each once and before its operands, as a backward pass wants them: by falling
// depth, nodes of one depth the last met first. Where only those are asked for that want a gradient, the
// leaves among them, which have neither operands nor a rule, may stand between the calls, in the order in
// which they are met. The outputs must be held by someone else for as long as the Order is used, which is by
// one thread.
//
// Note [Marks]
// To find a node's place without a hash map, each node has a mark: its place in the list of the walk that met
// it last. A mark is believed only if that place of *this* walk's list holds the node, so marks need no
// clearing. Walks that meet (a backward inside a backward, two threads with a common parameter) may overwrite
// each other's marks; a walk notices and searches.
class Order {
 public:
  enum class Select { all, requires_grad };
  Order(std::span<const Variable> outputs, Select select);

  static constexpr std::uint32_t kNone = UINT32_MAX;
  std::size_t size() const { return nodes_.size(); }
  Node& node(std::size_t place) const { return *nodes_[place]; }
  // The place of a node; kNone when it is not among them.
  std::uint32_t find(const Node& node) const {
    const std::uint32_t place = node.mark();
    return holds(place, node) ? place : search(node);
  }

 private:
  struct Found {
    const Node* node = nullptr;
    std::uint32_t place = 0;
  };
  bool holds(std::uint32_t place, const Node& node) const {
    return place < nodes_.size() && nodes_[place] == &node;
  }
  std::uint32_t search(const Node& node) const;
  bool collect(std::span<const Variable> outputs, Select select);
  bool drop_repeated();
  void sort_by_depth();
  void mark_all();

  PoolVector<Node*> nodes_;
  mutable PoolVector<Found> index_;  // by address, from the first search on
};

}  // namespace gradus
