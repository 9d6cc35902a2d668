#pragma once

#include <gradus/graph/pool_vector.h>
#include <gradus/graph/variable.h>

#include <cstdint>
#include <span>

namespace gradus {

// The nodes below some outputs, operands before the nodes that use them: by depth, nodes of one depth in the
// order in which they are met. Each node stands once. The outputs must be held by someone else for as long as
// the Order is used.
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
  // The places of a node's operands; kNone for one that was not selected.
  std::span<const std::uint32_t> inputs(std::size_t place) const {
    return {input_places_.data() + first_input_[place], input_places_.data() + first_input_[place + 1]};
  }
  // The place of a node; kNone when it is not among them.
  std::uint32_t find(const Node& node) const;

 private:
  bool marked(const Node& node) const;
  void collect(std::span<const Variable> outputs, Select select);
  void drop_repeated();
  void sort_by_depth();
  void link(Select select);

  PoolVector<Node*> nodes_;
  PoolVector<std::uint32_t> first_input_;
  PoolVector<std::uint32_t> input_places_;
};

}  // namespace gradus
