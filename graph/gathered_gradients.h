#pragma once

#include <gradus/graph/accumulate.h>
#include <gradus/graph/order.h>
#include <gradus/graph/pool_vector.h>
#include <gradus/graph/row_gradient.h>

#include <span>
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

  // With `create_graph` sums are recorded; else they are made in place where nobody else holds them. `wanted`
  // says which places lead to a gradient someone wants, and must live as long; empty means all do.
  GatheredGradients(const Order& order, bool create_graph, std::span<const bool> wanted = {})
      : order_(order), create_graph_(create_graph), wanted_(wanted), sums_(order.size()) {}

  bool create_graph() const { return create_graph_; }
  const Order& order() const { return order_; }
  // Whether someone wants the gradient of a node's operand.
  bool wants(const Edge& edge) const {
    return edge.node->requires_grad() && (wanted_.empty() || wanted_[order_.find(*edge.node)]);
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
      return add(place, std::move(value));
    }
    sum.recorded = sum.defined() ? accumulate(sum.recorded, gradient) : std::move(gradient);
    sum.value = sum.recorded.value();
  }
  void add(std::size_t place, Tensor&& gradient) { add_value(place, std::move(gradient)); }
  void add(std::size_t place, const Tensor& gradient) { add_value(place, gradient); }

  // The sum at a place, to be written: nobody else holds its values. Undefined where no gradient has come by.
  // REQUIRES !create_graph().
  Tensor& own_sum(std::size_t place) {
    Tensor& sum = sums_[place].value;
    if (sum.defined() && !sum.buffer()->unique()) sum = sum.clone();
    return sum;
  }

  void add_rows(std::size_t place, RowGradient gradient);
  // The gradient at a place where it consists of rows only.
  PoolVector<RowGradient> take_rows(std::size_t place);

 private:
  struct Rows {
    std::size_t place = 0;
    RowGradient gradient = {};
  };
  template <class T>
  void add_value(std::size_t place, T&& gradient) {
    Tensor& sum = sums_[place].value;
    if (create_graph_) {
      add_recorded(place, gradient);
    } else if (sum.defined()) {
      accumulate_in_place(sum, std::forward<T>(gradient));
    } else {
      sum = std::forward<T>(gradient);
    }
  }
  void add_recorded(std::size_t place, const Tensor& gradient);
  bool has_rows(std::size_t place) const;
  void spread_rows(std::size_t place);

  const Order& order_;
  bool create_graph_;
  std::span<const bool> wanted_;
  PoolVector<Sum> sums_;
  PoolVector<Rows> rows_;  // few: one for each use of an embedding
};

}  // namespace gradus
