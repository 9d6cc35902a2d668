#include <gradus/graph/call.h>
#include <gradus/graph/error.h>
#include <gradus/graph/gradients.h>
#include <gradus/graph/order.h>
#include <gradus/graph/recording.h>

#include <algorithm>

namespace gradus {

namespace {

// StateError, ShapeError or DTypeError unless a pass can start from the output: from its seed, or from one.
void require_start(const Variable& output, const Variable* seed, std::string_view caller) {
  const auto text = [&](const std::string& problem) { return std::string(caller) + ": " + problem; };
  if (!output.requires_grad()) {
    throw StateError(text("nothing below the output " + to_string(output.shape()) +
                          " requires a gradient: it was computed from constants, or under NoGrad"));
  }
  if (seed == nullptr) {
    if (output.value().size() == 1) return;
    throw ShapeError(text("the output is " + to_string(output.shape()) +
                          ", not a scalar: pass a seed of that shape, or reduce it by sum or mean"));
  }
  if (seed->shape() != output.shape()) {
    throw ShapeError(
        text("the seed is " + to_string(seed->shape()) + ", the output is " + to_string(output.shape())));
  }
  if (seed->dtype() != output.dtype()) {
    throw DTypeError(text("the seed is " + std::string(to_string(seed->dtype())) + ", the output is " +
                          std::string(to_string(output.dtype()))));
  }
}

// The gradient an output starts from: its seed, or one for a scalar.
Variable starting_gradient(const Variable& output, const Variable* seed, std::string_view caller) {
  require_start(output, seed, caller);
  return seed != nullptr ? *seed : Variable(Tensor::ones(output.shape(), output.dtype()));
}

// Applies the rule of the node at `place` to its gradient, which it takes, and adds what comes of it to the
// gradients of the operands.
[[gnu::always_inline]] inline void step(GatheredGradients& gathered, std::size_t place,
                                        recording::Attribute& attribute) {
  const Node& node = gathered.order().node(place);
  GatheredGradients::Sum& gradient = gathered.at(place);
  Backward backward(node, gradient, gathered);
  attribute.set(node.where(), node.scope());
  node.op()->vjp(backward);
  backward.require_all();
  if (gradient.defined()) gradient = {};
}

void add_to_leaf(Node& leaf, Tensor gradient) {
  if (Tensor sum = leaf.grad(); sum.defined()) {
    leaf.set_grad({});
    accumulate_in_place(sum, std::move(gradient));
    gradient = std::move(sum);
  } else if (!gradient.buffer()->unique()) {
    gradient = gradient.clone();  // others hold the buffer: a leaf's gradient is its own
  }
  leaf.set_grad(std::move(gradient));
}

// Runs the rules of all nodes that the gradient reaches, lets go of those that have owners, and lists the
// leaves.
[[gnu::noinline]] void run_rules(GatheredGradients& gathered, PoolVector<Ref<Node>>& owners,
                                 PoolVector<std::uint32_t>& leaves) {
  const Order& order = gathered.order();
  const std::size_t size = order.size();
  recording::Attribute attribute;
  for (std::size_t place = 0; place < size; ++place) {
    if (order.node(place).op() == nullptr) {
      leaves.push_back(static_cast<std::uint32_t>(place));
    } else if (gathered.reached(place)) {
      step(gathered, place, attribute);
      if (owners.empty()) continue;
      attribute.reset();  // which names the node
      owners[place] = {};
    }
  }
}

enum class Keep { graph, nothing };

// When nothing is to be kept, the root is taken from the caller, once the pass can start, and each node is
// let go once its gradient is passed on.
void run_backward(Variable& root, const Variable* seed, Keep keep) {
  Variable start = starting_gradient(root, seed, "backward");
  const Order order({&root, 1}, Order::Select::requires_grad);
  GatheredGradients gathered(order, false);
  const recording::Enable off(false);
  gathered.add(order.find(root.node()), std::move(start));
  PoolVector<Ref<Node>> owners;
  if (keep == Keep::nothing) {
    owners.reserve(order.size());
    for (std::size_t place = 0; place < order.size(); ++place) {
      owners.push_back(Ref<Node>::share(&order.node(place)));
    }
    root = Variable();
  }
  // All gradients of leaves are known before the first is stored, so that an error leaves every one as it
  // was.
  PoolVector<std::uint32_t> leaves;
  leaves.reserve(16);
  run_rules(gathered, owners, leaves);
  for (const std::uint32_t place : leaves) {
    if (!gathered.reached(place)) continue;
    if (PoolVector<RowGradient> rows = gathered.take_rows(place); !rows.empty()) {
      for (RowGradient& each : rows) order.node(place).add_grad_rows(std::move(each));
      continue;
    }
    add_to_leaf(order.node(place), std::exchange(gathered.at(place), {}).value);
  }
}

// Whether someone wants the gradient of one of its operands.
bool leads_on(const Node& node, const GatheredGradients& gathered) {
  return std::ranges::any_of(node.inputs(), [&](const Edge& edge) { return gathered.wants(edge); });
}

// Which places lead to an input whose gradient is asked for.
std::unique_ptr<bool[]> wanted_places(const Order& order, const Variables& inputs) {
  auto wanted = std::make_unique<bool[]>(order.size());
  for (const Variable& input : inputs) {
    if (const std::uint32_t place = order.find(input.node()); place != Order::kNone) wanted[place] = true;
  }
  for (std::size_t place = order.size(); place-- > 0;) {
    for (const Edge& edge : order.node(place).inputs()) {
      if (edge.node->requires_grad() && wanted[order.find(*edge.node)]) wanted[place] = true;
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
  const Variables& seeds = options.seeds;
  if (!seeds.empty() && seeds.size() != outputs.size()) {
    throw ShapeError("gradients: " + std::to_string(seeds.size()) + " seeds for " +
                     std::to_string(outputs.size()) + " outputs");
  }
  PoolVector<Variable> starts;
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    starts.push_back(starting_gradient(outputs[i], seeds.empty() ? nullptr : &seeds[i], "gradients"));
  }
  const Order order({outputs.begin(), outputs.end()}, Order::Select::requires_grad);
  const auto wanted = wanted_places(order, inputs);
  GatheredGradients gathered(order, options.create_graph, {wanted.get(), order.size()});
  const recording::Enable recorded(options.create_graph);
  recording::Attribute attribute;
  for (std::size_t i = 0; i < starts.size(); ++i) {
    gathered.add(order.find(outputs[i].node()), std::move(starts[i]));
  }

  // An input's own gradient is kept while it is also carried on to what lies below it.
  std::vector<Variable> result(inputs.size());
  PoolVector<std::uint32_t> places;
  for (const Variable& input : inputs) places.push_back(order.find(input.node()));
  const auto asked = std::make_unique<bool[]>(order.size());
  for (const std::uint32_t place : places) {
    if (place != Order::kNone) asked[place] = true;
  }
  for (std::size_t place = 0; place < order.size(); ++place) {
    const Node& node = order.node(place);
    if (node.op() == nullptr || !wanted[place] || !gathered.at(place).defined()) continue;
    const GatheredGradients::Sum kept = asked[place] ? gathered.at(place) : GatheredGradients::Sum();
    if (leads_on(node, gathered)) step(gathered, place, attribute);
    if (kept.defined()) gathered.at(place) = kept;
  }
  for (std::size_t i = 0; i < places.size(); ++i) {
    const bool reached = places[i] != Order::kNone && gathered.at(places[i]).defined();
    result[i] = reached ? gathered.at(places[i]).variable()
                        : Variable(Tensor::zeros(inputs[i].shape(), inputs[i].dtype()));
  }
  return result;
}

Variable gradient(const Variable& y, const Variable& x, GradientOptions options) {
  return gradients(y, Variables(x), std::move(options)).front();
}

void Variable::backward() const& {
  Variable root = *this;
  run_backward(root, nullptr, Keep::graph);
}

void Variable::backward(const Tensor& seed) const& {
  Variable root = *this;
  const Variable start(seed);
  run_backward(root, &start, Keep::graph);
}

void Variable::backward() && { run_backward(*this, nullptr, Keep::nothing); }

}  // namespace gradus
