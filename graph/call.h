#pragma once

#include <gradus/graph/error.h>
#include <gradus/graph/gathered_gradients.h>
#include <gradus/graph/operand_set.h>
#include <gradus/graph/variable.h>

#include <cassert>

namespace gradus {

// What errors call operand i of `count`: "x", "a", "y_true".
std::string operand_name(const Op& op, std::size_t count, std::size_t i);

// One use of an op, as its rules see it: the operands' shapes, dtypes and names, and the user's line.
class Call {
 public:
  Call(const Op& op, std::span<const Edge> operands, const SourceLocation& where, const std::string* scope)
      : op_(op), operands_(operands), where_(where), scope_(scope) {}

  std::size_t size() const { return operands_.size(); }
  const Tensor& value(std::size_t i) const { return operands_[i].node->value(); }
  const Shape& shape(std::size_t i) const { return value(i).shape(); }
  DType dtype(std::size_t i) const { return value(i).dtype(); }
  // The operand as a Variable, for rules that look at what made it.
  Variable input(std::size_t i) const { return Variable(operands_[i].node); }
  const Node& node(std::size_t i) const { return *operands_[i].node; }

  // The number type all operands (or operands `first` … `last`) meet in; see Op::operand_dtype.
  DType common_dtype(std::size_t first = 0, std::size_t last = SIZE_MAX) const;
  // The same, but integers become float32, as in Keras.
  DType common_floating_dtype(std::size_t first = 0, std::size_t last = SIZE_MAX) const;

  // "matmul: inner sizes differ: a is [3, 4], b is [5, 2] (model.cpp:42, in dense_1)"
  ShapeError shape_error(std::string_view problem) const {
    return ShapeError(message(problem, describe_shapes()));
  }
  DTypeError dtype_error(std::string_view problem) const {
    return DTypeError(message(problem, describe_dtypes()));
  }
  ValueError value_error(std::string_view problem) const { return ValueError(message(problem, {})); }
  // An axis counted from the front; ShapeError outside [-rank, rank) of operand i.
  std::size_t axis(std::int64_t axis, std::size_t i = 0) const;
  // Axes counted from the front, in rising order; ShapeError for one out of range or repeated.
  Dims axes(const Axes& axes, std::size_t i = 0) const;

  std::string operand_name(std::size_t i) const;  // "a", or "a 'kernel'" where the operand has a name
  std::string message(std::string_view problem, std::string_view operands) const;
  const Op& op() const { return op_; }
  const SourceLocation& where() const { return where_; }
  const std::string* scope() const { return scope_; }

 private:
  std::string describe_shapes() const;
  std::string describe_dtypes() const;

  const Op& op_;
  std::span<const Edge> operands_;
  const SourceLocation& where_;
  const std::string* scope_;
};

// A call on its way to a value.
class Forward : public Call {
 public:
  // `recorded`: whether a gradient may be asked for later.
  Forward(const Call& call, const Shape& shape, DType dtype, bool recorded)
      : Call(call), shape_(shape), dtype_(dtype), recorded_(recorded) {}

  bool recorded() const { return recorded_; }
  const Shape& output_shape() const { return shape_; }
  DType output_dtype() const { return dtype_; }
  // The result, of the inferred shape and dtype, its values not yet set.
  Tensor& output() {
    if (!output_.defined()) output_ = Tensor::empty(shape_, dtype_);
    return output_;
  }
  // Hands over a result made elsewhere, which may share an operand's buffer. REQUIRES the inferred shape and
  // dtype.
  void give(Tensor result) { output_ = std::move(result); }
  // Keeps a tensor for the gradient rule: `backward.saved(k)`. Forgotten unless recorded().
  void save(Tensor tensor);

  // For the engine.
  Tensor take_output();
  PoolVector<Tensor>& saved() { return saved_; }

 private:
  const Shape& shape_;
  DType dtype_;
  bool recorded_;
  Tensor output_;
  PoolVector<Tensor> saved_;
};

// A node on its way back: what a gradient rule reads and gives.
class Backward {
 public:
  // `gradient` is the node's own, which the rule may take.
  Backward(const Node& node, GatheredGradients::Sum& gradient, GatheredGradients& gathered)
      : node_(node),
        edges_(node.inputs()),
        needed_(edges_.size(),
                [&gathered, edges = edges_](std::size_t i) { return gathered.wants(edges[i]); }),
        gradient_(gradient),
        gathered_(gathered) {}

  // Whether anyone wants the gradient of operand i.
  bool needs(std::size_t i) const { return needed_.contains(i); }
  // Hands over the gradient of operand i. StateError unless it has the operand's shape and dtype, and is the
  // only one.
  void give(std::size_t i, Variable gradient) { give_any(i, std::move(gradient)); }
  void give(std::size_t i, Tensor&& gradient) { give_any(i, std::move(gradient)); }
  void give(std::size_t i, const Tensor& gradient) { give_any(i, gradient); }
  // Whether the rule reads the gradient again after a use of it, which else may take it.
  enum class Use : std::uint8_t { further, last };
  // Gives operand i a gradient that `write(tensor, into)` computes, where someone wants it: into a tensor of
  // the operand's shape and dtype or, where `into` is true, on top of what that tensor holds, the operand's
  // gradients so far. At the last use it may be the gradient's own tensor, to write where it has read.
  // REQUIRES !create_graph() and, at the last use, is_like_gradient(i).
  template <class Write>
  void give_by(std::size_t i, const Write& write, Use use = Use::further) {
    assert(use == Use::further || is_like_gradient(i));
    if (i >= size() || given_.contains(i)) refuse(i, {});
    given_.insert(i);
    if (!needs(i)) return;
    Tensor& sum = gathered_.own_sum(place(i));
    const bool into = sum.defined();
    const bool over = !into && use == Use::last && gradient_.value.buffer()->unique();
    if (!into && !over) sum = Tensor::empty_like(value(i));
    write(std::as_const(over ? gradient_.value : sum), into);  // once, so that the compiler meets it once
    if (over) sum = last_gradient();
  }
  // Gives operand i the gradient as it is. REQUIRES !create_graph() and is_like_gradient(i).
  void hand_on(std::size_t i, Use use) {
    assert(is_like_gradient(i));
    if (given_.contains(i)) refuse(i, gradient_.value);
    if (use == Use::further) return deliver(i, gradient_value());
    deliver(i, last_gradient());
  }
  // Whether operand i has the gradient's shape and dtype.
  bool is_like_gradient(std::size_t i) const { return node_.alike() || gradient_.value.is_like(value(i)); }
  // Gives the gradient of a table of which few rows were used. REQUIRES !create_graph().
  void give(std::size_t i, RowGradient gradient);

  // With respect to the node's value: as what ops take, and its values for kernels.
  const Variable& gradient() const {
    if (!gradient_.recorded.defined()) gradient_.recorded = Variable(gradient_.value);
    return gradient_.recorded;
  }
  const Tensor& gradient_value() const { return gradient_.value; }
  // The gradient for a rule's last use of it. REQUIRES !create_graph().
  Tensor take_gradient() { return last_gradient(); }
  // An operand and the result, and their values for kernels. StateError when the value was changed in place
  // since the node was made.
  Variable input(std::size_t i) const { return Variable(unchanged(i).node); }
  const Tensor& input_value(std::size_t i) const { return unchanged(i).node->value(); }
  Variable output() const;
  const Tensor& output_value() const {
    if (node_.value().version() != node_.version()) refuse_changed_output();
    return node_.value();
  }
  const Tensor& saved(std::size_t k) const { return node_.saved()[k]; }
  std::size_t saved_count() const { return node_.saved().size(); }
  const Shape& shape(std::size_t i) const { return value(i).shape(); }
  // Whether the gradient is itself to be differentiated: then it must be computed by ops.
  bool create_graph() const { return gathered_.create_graph(); }
  std::size_t size() const { return edges_.size(); }
  // The call that made the node.
  Call call() const { return {*node_.op(), edges_, node_.where(), node_.scope()}; }
  // For an op that is one op after another: from here on the gradient is the inner op's, whose rule comes
  // next.
  void descend(Variable gradient) {
    gradient_.value = gradient.value();
    gradient_.recorded = std::move(gradient);
  }
  void descend(Tensor gradient) { gradient_ = {.value = std::move(gradient)}; }

  // For the engine: StateError unless every gradient that someone wants was given.
  void require_all() const {
    if (!given_.includes(needed_)) refuse_silence();
  }

 private:
  static const Tensor& value_of(const Tensor& gradient) { return gradient; }
  static const Tensor& value_of(const Variable& gradient) { return gradient.value(); }
  template <class V>
  void give_any(std::size_t i, V&& gradient) {
    const Tensor& values = value_of(gradient);
    if (i >= size() || given_.contains(i) || !values.defined() || !values.is_like(value(i))) {
      refuse(i, values);
    }
    deliver(i, std::forward<V>(gradient));
  }
  // REQUIRES that nothing is wrong with it.
  template <class V>
  void deliver(std::size_t i, V&& gradient) {
    given_.insert(i);
    if (needs(i)) gathered_.add(place(i), std::forward<V>(gradient));
  }
  // What take_gradient gives, without a move in between.
  Tensor&& last_gradient() {
    gradient_.recorded = Variable();
    return std::move(gradient_.value);
  }
  const Tensor& value(std::size_t i) const { return edges_[i].node->value(); }
  // In the pass's order. REQUIRES needs(i).
  std::uint32_t place(std::size_t i) const { return gathered_.order().find(*edges_[i].node); }
  const Edge& unchanged(std::size_t i) const {
    const Edge& edge = edges_[i];
    if (edge.node->value().version() != edge.version) refuse_changed(i);
    return edge;
  }
  [[noreturn]] void refuse(std::size_t i, const Tensor& gradient) const;
  [[noreturn]] void refuse_silence() const;
  [[noreturn]] void refuse_changed(std::size_t i) const;
  [[noreturn]] void refuse_changed_output() const;
  [[noreturn]] void fail(const std::string& problem) const;

  const Node& node_;
  const std::span<const Edge> edges_;
  const OperandSet needed_;
  GatheredGradients::Sum& gradient_;
  OperandSet given_;
  GatheredGradients& gathered_;
};

}  // namespace gradus
