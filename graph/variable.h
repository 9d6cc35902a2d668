#pragma once

#include <gradus/graph/node.h>

#include <concepts>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace gradus {

struct VariableOptions {
  std::string_view name = {};
  bool requires_grad = false;
};

// A cheap handle to a node of the graph; copies refer to the same node. What every op takes and returns. The
// graph below a Variable lives as long as the Variable: to keep a loss for a history, keep `loss.item()`.
class Variable {
 public:
  Variable() = default;
  // A leaf that holds `value`, sharing its buffer. DTypeError when an integer is to want a gradient.
  explicit Variable(Tensor value, VariableOptions options = {});
  explicit Variable(Ref<Node> node) : node_(std::move(node)) {}

  bool defined() const { return static_cast<bool>(node_); }
  const Tensor& value() const { return node().value(); }
  const Shape& shape() const { return node().value().shape(); }
  DType dtype() const { return node().value().dtype(); }
  int rank() const { return shape().rank(); }
  template <class T = double>
  T item() const {
    return value().item<T>();
  }
  bool requires_grad() const { return node().requires_grad(); }
  std::string_view name() const { return node().name(); }
  // Names the node, for errors and pictures of the graph.
  Variable& set_name(std::string_view name) {
    node().set_name(name);
    return *this;
  }

  // Differentiates this scalar and adds the gradient of every leaf that wants one to `leaf.grad()`: calling
  // twice adds twice. ShapeError for a non-scalar (pass a seed), StateError where nothing wants a gradient or
  // where a value the graph needs was changed in place.
  void backward() const&;
  // The same from a non-scalar, for the gradient `seed` of its own shape and dtype.
  void backward(const Tensor& seed) const&;
  // The same, giving values back to the pool on the way: those that nobody else holds.
  // `std::move(loss).backward()`.
  void backward() &&;

  // The gradient that backward has left. StateError when there is none: backward has not reached this leaf.
  const Tensor& grad() const;
  bool has_grad() const { return node().has_grad(); }
  void zero_grad() const { node().set_grad({}); }
  // The same value, cut off from the graph.
  Variable detach() const;

  Node& node() const {
    if (!node_) throw_undefined();
    return *node_;
  }
  const Ref<Node>& ref() const { return node_; }

 private:
  [[noreturn]] static void throw_undefined();
  Ref<Node> node_;
};

// A named leaf that wants a gradient: what a model learns.
class Parameter : public Variable {
 public:
  Parameter() = default;
  // Holds a copy of `value`. DTypeError unless it is floating.
  Parameter(std::string_view name, const Tensor& value);
  // Writes new values in place. ShapeError, DTypeError unless both agree with the old ones.
  void assign(const Tensor& value) const;
};

// A list of Variables: from one, from braces, or from any range of Variables or Parameters.
class Variables {
 public:
  Variables() = default;
  Variables(const Variable& variable) : list_{variable} {}                    // NOLINT: implicit on purpose
  Variables(std::initializer_list<Variable> variables) : list_(variables) {}  // NOLINT
  template <class R>
  requires std::derived_from<typename R::value_type, Variable> Variables(const R& range)  // NOLINT
      : list_(range.begin(), range.end()) {}

  bool empty() const { return list_.empty(); }
  std::size_t size() const { return list_.size(); }
  const Variable& operator[](std::size_t i) const { return list_[i]; }
  auto begin() const { return list_.begin(); }
  auto end() const { return list_.end(); }

 private:
  std::vector<Variable> list_;
};

}  // namespace gradus
