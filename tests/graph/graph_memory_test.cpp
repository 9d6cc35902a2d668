#include <gradus/graph/gradients.h>
#include <gradus/graph/graph.h>
#include <gradus/graph/memory.h>
#include <gradus/graph/parameters.h>
#include <gradus/graph/random.h>
#include <gradus/graph/recording.h>
#include <gradus/ops/activation.h>
#include <gradus/ops/elementwise.h>
#include <gradus/ops/linalg.h>
#include <gradus/ops/loss.h>
#include <gradus/ops/reduction.h>
#include <gradus/optim/sgd.h>

#include <gtest/gtest.h>

namespace gradus {
namespace {

struct Net {
  // The first call makes the ops that live for good; what is counted begins after them.
  Net() {
    loss().backward();
    zero_grad({w, b});
  }

  Random random = Random(7);
  Parameter w{"w", random.normal({4, 3})}, b{"b", Tensor::zeros({3})};
  Tensor x = random.normal({8, 4}), y = random.uniform({8, 3});

  Variable loss() const { return mean_squared_error(y, sigmoid(matmul(x, w) + b)); }
};

TEST(GraphMemory, StaysFlatOverTenThousandSteps) {
  Net net;
  SGD optimizer({net.w, net.b}, {.learning_rate = 0.1});
  const auto step = [&] {
    Variable loss = net.loss();
    std::move(loss).backward();
    optimizer.step();
    optimizer.zero_grad();
  };
  step();
  const MemoryStats before = memory_stats();
  for (int i = 0; i < 10000; ++i) step();
  const MemoryStats after = memory_stats();
  EXPECT_EQ(after.in_use, before.in_use);
  EXPECT_EQ(after.cached, before.cached);
}

TEST(GraphMemory, StaysFlatWithSecondDerivatives) {
  const Net net;
  const auto step = [&] {
    const auto [dw] = gradients({net.loss()}, {net.w}, {.create_graph = true});
    sum(square(dw)).backward();
    net.w.zero_grad();
    net.b.zero_grad();
  };
  step();
  const std::size_t before = memory_stats().in_use;
  for (int i = 0; i < 1000; ++i) step();
  EXPECT_EQ(memory_stats().in_use, before);
}

TEST(GraphMemory, AHistoryOfItemsKeepsNoGraph) {
  const Net net;
  std::vector<double> history;
  const std::size_t before = memory_stats().in_use;
  for (int i = 0; i < 100; ++i) history.push_back(net.loss().item());
  EXPECT_EQ(memory_stats().in_use, before);
  EXPECT_EQ(history.front(), history.back());
}

TEST(GraphMemory, AHistoryOfLossesKeepsEveryGraph) {
  const Net net;
  const std::size_t before = memory_stats().in_use;
  std::vector<Variable> history;
  history.push_back(net.loss());
  const std::size_t one = memory_stats().in_use - before;
  for (int i = 1; i < 100; ++i) history.push_back(net.loss());
  EXPECT_EQ(memory_stats().in_use - before, 100 * one);
  for (Variable& loss : history) loss = loss.detach();
  EXPECT_LT(memory_stats().in_use - before, 25 * one);
  history.clear();
  EXPECT_EQ(memory_stats().in_use, before);
}

TEST(GraphMemory, IsFreedWithTheLastHandle) {
  const Net net;
  const std::size_t before = memory_stats().in_use;
  {
    const Variable loss = net.loss();
    const Graph graph(loss);
    const Variable copy = loss;
    const std::vector<Variable> more(10, copy);
    loss.backward();
    net.w.zero_grad();
    net.b.zero_grad();
    EXPECT_GT(memory_stats().in_use, before);
  }
  EXPECT_EQ(memory_stats().in_use, before);
}

TEST(GraphMemory, NoGradKeepsNothingButTheResult) {
  const Net net;
  const NoGrad guard;
  Tensor p = net.x;
  p = softmax(matmul(p, net.w)).value();
  const std::size_t before = memory_stats().in_use;
  Variable y = softmax(matmul(net.x, net.w));
  Variable deep = y;
  const std::size_t one = memory_stats().in_use - before;
  for (int i = 0; i < 1000; ++i) deep = softmax(deep);
  EXPECT_LE(memory_stats().in_use - before, 3 * one);
}

TEST(GraphMemory, AnErrorLeaksNothing) {
  const Net net;
  std::size_t before = 0;
  for (int i = 0; i < 10; ++i) {
    if (i == 1) before = memory_stats().in_use;  // the first round makes the ops that live for good
    EXPECT_ANY_THROW(matmul(tanh(matmul(net.x, net.w)), net.w));
    EXPECT_ANY_THROW((matmul(net.x, net.w) + net.b).backward());
    const Variable loss = sum(square(net.w));
    net.w.assign(net.w.value());
    EXPECT_ANY_THROW(loss.backward());
  }
  EXPECT_EQ(memory_stats().in_use, before);
}

}  // namespace
}  // namespace gradus
