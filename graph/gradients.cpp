#include <gradus/graph/accumulate.h>
#include <gradus/graph/call.h>
#include <gradus/graph/error.h>
#include <gradus/graph/gradients.h>
#include <gradus/graph/order.h>
#include <gradus/graph/recording.h>

#include <algorithm>

namespace gradus {

namespace {

// The gradient each output starts from: its seed, or one for a scalar.
PoolVector<Variable> starting_gradients(std::span<const Variable> outputs, std::span<const Variable> seeds,
                                        std::string_view caller) {
  const std::string prefix = std::string(caller) + ": ";
  if (!seeds.empty() && seeds.size() != outputs.size()) {
    throw ShapeError(prefix + std::to_string(seeds.size()) + " seeds for " + std::to_string(outputs.size()) +
                     " outputs");
  }
  PoolVector<Variable> result;
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    const Variable& output = outputs[i];
    if (!output.requires_grad()) {
      throw StateError(prefix + "nothing below the output " + to_string(output.shape()) +
                       " requires a gradient: it was computed from constants, or under NoGrad");
    }
    if (!seeds.empty()) {
      if (seeds[i].shape() != output.shape()) {
        throw ShapeError(prefix + "the seed is " + to_string(seeds[i].shape()) + ", the output is " +
                         to_string(output.shape()));
      }
      if (seeds[i].dtype() != output.dtype()) {
        throw DTypeError(prefix + "the seed is " + std::string(to_string(seeds[i].dtype())) +
                         ", the output is " + std::string(to_string(output.dtype())));
      }
      result.push_back(seeds[i]);
    } else {
      if (output.value().size() != 1) {
        throw ShapeError(prefix + "the output is " + to_string(output.shape()) +
                         ", not a scalar: pass a seed of that shape, or reduce it by sum or mean");
      }
      result.emplace_back(Tensor::ones(output.shape(), output.dtype()));
    }
  }
  return result;
}

// One backward pass: walks an Order from the deepest node down and carries a gradient for each place.
class Pass {
 public:
  Pass(std::span<const Variable> outputs, bool create_graph)
      : order_(outputs, Order::Select::requires_grad),
        create_graph_(create_graph),
        gradients_(order_.size()) {}

  const Order& order() const { return order_; }
  // The gradient at a place, whole; undefined where none has come by.
  Variable& gradient(std::size_t place) {
    if (!rows_.empty()) spread_rows(place);
    return gradients_[place];
  }
  // The gradient at a place where it consists of rows only.
  PoolVector<RowGradient> take_rows(std::size_t place) {
    PoolVector<RowGradient> result;
    if (rows_.empty() || gradients_[place].defined()) return result;
    for (Rows& rows : rows_) {
      if (rows.place == place) result.push_back(std::exchange(rows.gradient, {}));
    }
    std::erase_if(rows_, [&](const Rows& rows) { return rows.place == place; });
    return result;
  }
  bool reached(std::size_t place) const {
    return gradients_[place].defined() ||
           std::any_of(rows_.begin(), rows_.end(), [&](const Rows& rows) { return rows.place == place; });
  }

  void add(std::size_t place, Variable gradient) {
    Variable& sum = gradients_[place];
    if (!sum.defined()) {
      sum = std::move(gradient);
    } else if (create_graph_) {
      sum = accumulate(sum, gradient);
    } else {
      sum = accumulate_in_place(std::move(sum), gradient);
    }
  }

  // Applies the rule of the node at `place` to its gradient and hands the results to its operands. `wanted`
  // says which places lead to a gradient someone wants; empty means all do.
  void step(std::size_t place, std::span<const bool> wanted) {
    const Node& node = order_.node(place);
    const auto inputs = order_.inputs(place);
    const std::size_t count = inputs.size();
    bool few_needs[kInline];
    Variable few_gives[kInline];
    const auto many_needs = count > kInline ? std::make_unique<bool[]>(count) : nullptr;
    PoolVector<Variable> many_gives(count > kInline ? count : 0);
    const std::span<bool> needs(count > kInline ? many_needs.get() : few_needs, count);
    const std::span<Variable> gives(count > kInline ? many_gives.data() : few_gives, count);
    bool any = false;
    for (std::size_t i = 0; i < count; ++i) {
      needs[i] = inputs[i] != Order::kNone && (wanted.empty() || wanted[inputs[i]]);
      any = any || needs[i];
    }
    if (!any) return;
    PoolVector<Backward::GivenRows> gives_rows;
    Backward backward(node, take(place), needs, gives, gives_rows, create_graph_);
    {
      const recording::Attribute attribute(node.where(), node.scope());
      node.op()->vjp(backward);
    }
    for (Backward::GivenRows& given : gives_rows) {
      rows_.push_back({inputs[given.operand], std::move(given.gradient)});
    }
    for (std::size_t i = 0; i < count; ++i) {
      if (!needs[i]) continue;
      const auto is_for = [&](const Backward::GivenRows& given) { return given.operand == i; };
      if (!gives_rows.empty() && std::any_of(gives_rows.begin(), gives_rows.end(), is_for)) continue;
      if (!gives[i].defined()) {
        throw StateError(Call(*node.op(), node.inputs(), node.where(), node.scope())
                             .message("the gradient rule gave nothing for operand " + std::to_string(i), {}));
      }
      add(inputs[i], std::move(gives[i]));
    }
  }

 private:
  static constexpr std::size_t kInline = 4;
  Variable take(std::size_t place) { return std::exchange(gradient(place), Variable()); }

  struct Rows {
    std::size_t place = 0;
    RowGradient gradient = {};
  };
  // Makes the rows that came to a place a whole gradient there.
  void spread_rows(std::size_t place) {
    const PoolVector<RowGradient> all = [&] {
      Variable dense = std::exchange(gradients_[place], Variable());
      PoolVector<RowGradient> rows = take_rows(place);
      gradients_[place] = std::move(dense);
      return rows;
    }();
    if (all.empty()) return;
    const Tensor& value = order_.node(place).value();
    Tensor table = Tensor::zeros(value.shape(), value.dtype());
    for (const RowGradient& rows : all) add_rows(table, rows);
    add(place, Variable(std::move(table)));
  }

  Order order_;
  bool create_graph_;
  PoolVector<Variable> gradients_;
  PoolVector<Rows> rows_;  // few: one for each use of an embedding
};

void add_to_leaf(Node& leaf, const Variable& gradient) {
  const Tensor& sum = leaf.grad();
  if (sum.defined()) {
    Tensor old = sum;
    leaf.set_grad({});
    leaf.set_grad(accumulate_in_place(std::move(old), gradient.value()));
  } else if (gradient.node().references() == 1 && gradient.value().buffer()->unique()) {
    leaf.set_grad(gradient.value());
  } else {
    leaf.set_grad(gradient.value().clone());  // others hold the buffer: a leaf's gradient is its own
  }
}

enum class Keep { graph, nothing };

// When nothing is to be kept, the root is taken from the caller, once the pass can start, and each node is
// let go once its gradient is passed on.
void run_backward(Variable& root, std::span<const Variable> seed, Keep keep) {
  const std::span<const Variable> outputs(&root, 1);
  Pass pass(outputs, false);
  const recording::Enable off(false);
  pass.add(pass.order().find(root.node()), std::move(starting_gradients(outputs, seed, "backward").front()));
  PoolVector<Ref<Node>> owners;
  if (keep == Keep::nothing) {
    for (std::size_t place = 0; place < pass.order().size(); ++place) {
      owners.push_back(Ref<Node>::share(&pass.order().node(place)));
    }
    root = Variable();
  }
  // All gradients of leaves are known before the first is stored, so that an error leaves every one as it
  // was.
  PoolVector<std::uint32_t> leaves;
  for (std::size_t place = pass.order().size(); place-- > 0;) {
    if (!pass.reached(place)) continue;
    if (pass.order().node(place).op() == nullptr) {
      leaves.push_back(static_cast<std::uint32_t>(place));
    } else {
      pass.step(place, {});
      if (keep == Keep::nothing) owners[place] = {};
    }
  }
  for (const std::uint32_t place : leaves) {
    if (PoolVector<RowGradient> rows = pass.take_rows(place); !rows.empty()) {
      for (RowGradient& each : rows) pass.order().node(place).add_grad_rows(std::move(each));
      continue;
    }
    const Variable gradient = std::exchange(pass.gradient(place), Variable());
    add_to_leaf(pass.order().node(place), gradient);
  }
}

// Which places lead to an input whose gradient is asked for.
std::unique_ptr<bool[]> wanted_places(const Order& order, const Variables& inputs) {
  auto wanted = std::make_unique<bool[]>(order.size());
  for (const Variable& input : inputs) {
    if (const std::uint32_t place = order.find(input.node()); place != Order::kNone) wanted[place] = true;
  }
  for (std::size_t place = 0; place < order.size(); ++place) {
    for (const std::uint32_t input : order.inputs(place)) {
      if (input != Order::kNone && wanted[input]) wanted[place] = true;
    }
  }
  return wanted;
}

}  // namespace

std::vector<Variable> gradients(const Variables& outputs, const Variables& inputs, GradientOptions options) {
  if (outputs.empty()) throw ValueError("gradients: no outputs");
  for (const Variable& input : inputs) {
    if (!input.requires_grad()) {
      const auto name = input.name();
      throw StateError(
          "gradients: the input " + (name.empty() ? "" : "'" + std::string(name) + "' ") +
          to_string(input.shape()) +
          " requires no gradient: make it a Parameter, or a Variable with {.requires_grad = true}");
    }
  }
  PoolVector<Variable> starts = starting_gradients(outputs, options.seeds, "gradients");
  Pass pass(outputs, options.create_graph);
  const Order& order = pass.order();
  const auto wanted = wanted_places(order, inputs);
  const recording::Enable recorded(options.create_graph);
  for (std::size_t i = 0; i < starts.size(); ++i)
    pass.add(order.find(outputs[i].node()), std::move(starts[i]));

  // An input's own gradient is kept while it is also carried on to what lies below it.
  std::vector<Variable> result(inputs.size());
  PoolVector<std::uint32_t> places;
  for (const Variable& input : inputs) places.push_back(order.find(input.node()));
  const auto asked = std::make_unique<bool[]>(order.size());
  for (const std::uint32_t place : places) {
    if (place != Order::kNone) asked[place] = true;
  }
  for (std::size_t place = order.size(); place-- > 0;) {
    if (!wanted[place] || !pass.gradient(place).defined()) continue;
    const Variable kept = asked[place] ? pass.gradient(place) : Variable();
    if (order.node(place).op() != nullptr) pass.step(place, {wanted.get(), order.size()});
    if (kept.defined()) pass.gradient(place) = kept;
  }
  for (std::size_t i = 0; i < places.size(); ++i) {
    if (places[i] != Order::kNone) result[i] = pass.gradient(places[i]);
    if (!result[i].defined()) result[i] = Variable(Tensor::zeros(inputs[i].shape(), inputs[i].dtype()));
  }
  return result;
}

Variable gradient(const Variable& y, const Variable& x, GradientOptions options) {
  return gradients(y, Variables(x), std::move(options)).front();
}

void Variable::backward() const& {
  Variable root = *this;
  run_backward(root, {}, Keep::graph);
}

void Variable::backward(const Tensor& seed) const& {
  Variable root = *this;
  const Variable start(seed);
  run_backward(root, {&start, 1}, Keep::graph);
}

void Variable::backward() && { run_backward(*this, {}, Keep::nothing); }

}  // namespace gradus
