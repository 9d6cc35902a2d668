#include <gradus/gradus.h>

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <vector>

namespace gradus {
namespace {

using Select = Order::Select;

// A net of sums whose operands are drawn among the last `reach` values: 1 gives a chain.
std::vector<Variable> net(std::uint64_t seed, std::int64_t calls, std::int64_t reach) {
  Random random(seed);
  std::vector<Variable> values = {Parameter("a", Tensor::scalar(1)), Parameter("b", Tensor::scalar(2)),
                                  Variable(Tensor::scalar(3))};
  const std::vector<Variable> leaves = values;
  values.push_back(values[0] + values[1]);
  for (std::int64_t i = 0; i < calls; ++i) {
    const auto draw = [&](std::int64_t size) {
      return static_cast<std::size_t>(random.integers({1}, 0, size).item<std::int64_t>());
    };
    const auto size = static_cast<std::int64_t>(values.size());
    const Variable near = values[values.size() - 1 - draw(std::min(reach, size))];
    const Variable other = reach == 1 || draw(2) == 0 ? leaves[draw(3)] : values[draw(size)];
    values.push_back(near + other);
  }
  values.push_back(values.back() + values[0]);
  return values;
}

// Each node stands once, where `find` says, and a call before its operands.
void expect_ordered(const Order& order) {
  std::set<const Node*> met;
  for (std::size_t place = 0; place < order.size(); ++place) {
    const Node& node = order.node(place);
    EXPECT_TRUE(met.insert(&node).second);
    ASSERT_EQ(order.find(node), place);
    for (const Edge& edge : node.inputs()) {
      const std::uint32_t operand = order.find(*edge.node);
      if (operand == Order::kNone) {
        EXPECT_FALSE(edge.node->requires_grad());
      } else if (edge.node->op() != nullptr) {
        EXPECT_LT(place, operand);
      }
    }
  }
}

TEST(Order, PutsCallsBeforeTheirOperands) {
  for (const std::int64_t calls : {1, 5, 40, 700}) {
    for (const std::int64_t reach : {1, 3, 1000}) {
      const std::vector<Variable> values = net(static_cast<std::uint64_t>(calls + reach), calls, reach);
      const Order order({&values.back(), 1}, Select::requires_grad);
      expect_ordered(order);
      EXPECT_EQ(&order.node(0), &values.back().node());
      EXPECT_EQ(order.find(values[2].node()), Order::kNone);  // wants no gradient
      const Order all(values, Select::all);
      expect_ordered(all);
      EXPECT_EQ(all.size(), values.size());
    }
  }
}

TEST(Order, FindsItsPlacesWhenAnotherWalkHasOverwrittenTheMarks) {
  for (const std::int64_t reach : {1, 1000}) {
    const std::vector<Variable> values = net(9, 300, reach);
    const Order first({&values.back(), 1}, Select::requires_grad);
    const Variable elsewhere = values[100] + values[0];
    const Order second({&elsewhere, 1}, Select::requires_grad);
    expect_ordered(first);
    expect_ordered(second);
    EXPECT_EQ(first.find(elsewhere.node()), Order::kNone);
  }
}

TEST(Order, OfSeveralOutputsHasEachOnce) {
  const Parameter x("x", Tensor::scalar(1));
  const Variable deep = x * x + x, outputs[] = {deep, x, deep, deep * x};
  const Order order(outputs, Select::requires_grad);
  expect_ordered(order);
  EXPECT_EQ(order.size(), 4);
}

TEST(Order, OfAGraphPutsOperandsFirstAndNodesOfOneDepthAsTheyAreMet) {
  const Parameter a("a", Tensor::scalar(1)), b("b", Tensor::scalar(2));
  const Variable left = a + b, right = a * b, y = left + right;
  const Graph graph(y);
  const Node* const wanted[] = {&a.node(), &b.node(), &left.node(), &right.node(), &y.node()};
  ASSERT_EQ(graph.size(), 5);
  for (std::size_t place = 0; place < 5; ++place) EXPECT_EQ(&graph.node(place), wanted[place]) << place;
}

}  // namespace
}  // namespace gradus
