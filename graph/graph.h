#pragma once

#include <gradus/graph/order.h>

#include <vector>

namespace gradus {

// A snapshot of all nodes below some outputs, operands before the nodes that use them. It keeps them alive.
// The order, and so every place in it, is the same for the same program.
class Graph {
 public:
  explicit Graph(const Variables& outputs);

  std::size_t size() const { return order_.size(); }
  const Node& node(std::size_t place) const { return order_.node(size() - 1 - place); }
  // The places of a node's operands, in the operands' order.
  std::span<const std::uint32_t> inputs(std::size_t place) const {
    return {inputs_.data() + first_input_[place], inputs_.data() + first_input_[place + 1]};
  }
  const Variables& outputs() const { return outputs_; }
  bool is_output(std::size_t place) const;

 private:
  Variables outputs_;
  Order order_;
  std::vector<std::size_t> first_input_;
  std::vector<std::uint32_t> inputs_;
};

}  // namespace gradus
