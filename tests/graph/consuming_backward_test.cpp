#include <gradus/graph/error.h>
#include <gradus/graph/memory.h>
#include <gradus/graph/random.h>
#include <gradus/ops/activation.h>
#include <gradus/ops/elementwise.h>
#include <gradus/ops/linalg.h>
#include <gradus/ops/loss.h>
#include <gradus/ops/reduction.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "with_rule.h"

namespace gradus {
namespace {

using testing::HasSubstr;
using testing::ThrowsMessage;

struct Net {
  Random random = Random(3);
  Parameter w1{"w1", random.normal({6, 8})}, b1{"b1", random.normal({8})}, w2{"w2", random.normal({8, 3})};
  Tensor x = random.normal({5, 6}), y = random.uniform({5, 3});

  Variable loss() const { return categorical_crossentropy(y, softmax(matmul(relu(matmul(x, w1) + b1), w2))); }
};

TEST(ConsumingBackward, GivesTheBitsOfThePlainForm) {
  const Net plain, consumed;
  plain.loss().backward();
  const Variable kept = plain.loss();
  plain.w1.zero_grad();
  plain.b1.zero_grad();
  plain.w2.zero_grad();
  kept.backward();
  Variable loss = consumed.loss();
  std::move(loss).backward();
  EXPECT_TRUE(identical(plain.w1.grad(), consumed.w1.grad()));
  EXPECT_TRUE(identical(plain.b1.grad(), consumed.b1.grad()));
  EXPECT_TRUE(identical(plain.w2.grad(), consumed.w2.grad()));
  EXPECT_FALSE(loss.defined());  // NOLINT: a consumed handle is empty
}

// Bytes in use when the gradient reaches the bottom of a chain of values of a MiB each.
template <class Run>
std::size_t bytes_at_the_bottom(const Run& run) {
  const Parameter x("x", Tensor::full({1 << 18}, 0.5));
  const std::size_t before = memory_stats().in_use;
  std::size_t at_bottom = 0;
  Variable y = with_rule(x, [&](Backward& backward) {
    at_bottom = memory_stats().in_use - before;
    backward.give(0, backward.gradient());
  });
  for (int i = 0; i < 20; ++i) y = tanh(y);
  Variable loss = sum(y);
  y = Variable();
  run(loss);
  return at_bottom;
}

TEST(ConsumingBackward, ReleasesValuesOnTheWay) {
  const std::size_t plain = bytes_at_the_bottom([](Variable& loss) { loss.backward(); });
  const std::size_t consumed = bytes_at_the_bottom([](Variable& loss) { std::move(loss).backward(); });
  EXPECT_GT(plain, std::size_t{20} << 20);
  EXPECT_LT(consumed, std::size_t{4} << 20);
}

TEST(ConsumingBackward, LeavesWhatSomebodyHolds) {
  const Parameter x("x", Tensor::scalar(0.5));
  const Variable held = tanh(x);
  Variable loss = square(exp(held));
  const Tensor value = held.value();
  std::move(loss).backward();
  EXPECT_NEAR(x.grad().item(), 2 * std::exp(2 * std::tanh(0.5)) * (1 - std::pow(std::tanh(0.5), 2)), 1e-5);
  EXPECT_TRUE(identical(held.value(), value));
  x.zero_grad();
  held.backward();
  EXPECT_NEAR(x.grad().item(), 1 - std::pow(std::tanh(0.5), 2), 1e-6);
}

TEST(ConsumingBackward, OfALossThatSomebodyElseHoldsLeavesItWhole) {
  const Parameter x("x", Tensor::scalar(2));
  const Variable loss = square(square(x));
  Variable handle = loss;
  std::move(handle).backward();
  EXPECT_EQ(x.grad().item(), 32);
  EXPECT_EQ(loss.item(), 16);
  loss.backward();
  EXPECT_EQ(x.grad().item(), 64);
}

TEST(ConsumingBackward, OfATemporaryIsChosenByTheLanguage) {
  const Parameter x("x", Tensor::scalar(2));
  square(x).backward();
  EXPECT_EQ(x.grad().item(), 4);
}

TEST(ConsumingBackward, ThatCannotStartLeavesTheLoss) {
  const Parameter x("x", {1, 2});
  Variable loss = square(x);
  EXPECT_THAT([&] { std::move(loss).backward(); }, ThrowsMessage<ShapeError>(HasSubstr("not a scalar")));
  ASSERT_TRUE(loss.defined());
  sum(loss).backward();
  EXPECT_EQ(x.grad()(1), 4);
}

}  // namespace
}  // namespace gradus
