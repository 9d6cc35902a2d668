#pragma once

#include <gradus/graph/accumulate.h>
#include <gradus/graph/order.h>
#include <gradus/graph/pool_vector.h>
#include <gradus/graph/row_gradient.h>

#include <utility>

namespace gradus {

// The gradients that a backward pass has gathered so far: a sum for each place of its Order. A gradient that
// consists of rows of a table stays so until someone wants it whole.
class GatheredGradients {
 public:
  // A gradient: its values and, with `create_graph`, the Variable that has them, undefined elsewhere.
  struct Sum {
    Tensor value = {};
    Variable recorded = {};

    bool defined() const { return value.defined(); }
    Variable variable() const { return recorded.defined() ? recorded : Variable(value); }
  };

  // With `create_graph` sums are recorded; else they are made in place where nobody else holds them.
  GatheredGradients(const Order& order, bool create_graph)
      : order_(order), create_graph_(create_graph), sums_(order.size()) {}

  bool create_graph() const { return create_graph_; }
  const Order& order() const { return order_; }
  // The place of a node's operand; Order::kNone for one that wants no gradient.
  std::uint32_t place(const Edge& edge) const {
    return edge.node->requires_grad() ? order_.find(*edge.node) : Order::kNone;
  }

  // The gradient at a place, whole; undefined where none has come by.
  Sum& at(std::size_t place) {
    if (!rows_.empty()) spread_rows(place);
    return sums_[place];
  }
  bool reached(std::size_t place) const {
    return sums_[place].defined() || (!rows_.empty() && has_rows(place));
  }
  void add(std::size_t place, Variable gradient) {
    Sum& sum = sums_[place];
    if (!create_graph_) {
      Tensor value = gradient.value();
      gradient = Variable();  // it may be all that holds the buffer, too
      return add_value(sum, std::move(value));
    }
    sum.recorded = sum.defined() ? accumulate(sum.recorded, gradient) : std::move(gradient);
    sum.value = sum.recorded.value();
  }
  void add(std::size_t place, Tensor gradient) {
    if (create_graph_) return add(place, Variable(std::move(gradient)));
    add_value(sums_[place], std::move(gradient));
  }

  // The sum at a place where it may be written: nobody else holds it.
  const Tensor* own_sum(std::size_t place) const {
    const Tensor& sum = sums_[place].value;
    return sum.defined() && !create_graph_ && sum.buffer()->unique() ? &sum : nullptr;
  }

  void add_rows(std::size_t place, RowGradient gradient) { rows_.push_back({place, std::move(gradient)}); }
  // The gradient at a place where it consists of rows only.
  PoolVector<RowGradient> take_rows(std::size_t place);

 private:
  struct Rows {
    std::size_t place = 0;
    RowGradient gradient = {};
  };
  static void add_value(Sum& sum, Tensor gradient) {
    sum.value =
        sum.defined() ? accumulate_in_place(std::move(sum.value), std::move(gradient)) : std::move(gradient);
  }
  bool has_rows(std::size_t place) const;
  void spread_rows(std::size_t place);

  const Order& order_;
  bool create_graph_;
  PoolVector<Sum> sums_;
  PoolVector<Rows> rows_;  // few: one for each use of an embedding
};

}  // namespace gradus
