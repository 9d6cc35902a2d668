#include <gradus/graph/apply.h>
#include <gradus/graph/call.h>
#include <gradus/graph/gradients.h>
#include <gradus/graph/memory.h>
#include <gradus/ops/elementwise.h>
#include <gradus/ops/reduction.h>
#include <gradus/ops/shape.h>
#include <gradus/optim/adam.h>
#include <gradus/optim/sgd.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace gradus {
namespace {

using testing::ElementsAre;

// Row 1 of a table, twice over, and row 0.
class Rows : public Op {
 public:
  std::string_view name() const override { return "rows"; }
  Shape infer_shape(const Call& call) const override { return {3, call.shape(0)[1]}; }
  void forward(Forward& forward) const override {
    const std::int64_t width = forward.shape(0)[1];
    const float* from = forward.value(0).raw<float>();
    for (std::int64_t i = 0; i < 3; ++i) {
      std::copy_n(from + kRows[i] * width, width, forward.output().raw<float>() + i * width);
    }
  }
  void vjp(Backward& b) const override {
    b.give(0, RowGradient{Tensor({1, 1, 0}, DType::int64), b.gradient().value()});
  }
  static constexpr std::int64_t kRows[] = {1, 1, 0};
};

Variable rows(const Operand& table) { return apply(Rows(), {table}); }
std::vector<double> list(const Tensor& x) { return x.to_vector<double>(); }

TEST(RowGradient, BecomesATableWhenItIsRead) {
  const Parameter table("table", Tensor::ones({3, 2}));
  sum(rows(table)).backward();
  EXPECT_TRUE(table.has_grad());
  EXPECT_EQ(table.node().grad_rows().size(), 1U);
  EXPECT_THAT(list(table.grad()), ElementsAre(1, 1, 2, 2, 0, 0));
  EXPECT_TRUE(table.node().grad_rows().empty());
}

TEST(RowGradient, AddsUpOverBackwardPasses) {
  const Parameter table("table", Tensor::ones({3, 2}));
  sum(rows(table)).backward();
  sum(rows(table)).backward();
  EXPECT_THAT(list(table.grad()), ElementsAre(2, 2, 4, 4, 0, 0));
  sum(rows(table)).backward();
  EXPECT_THAT(list(table.grad()), ElementsAre(3, 3, 6, 6, 0, 0));
  table.zero_grad();
  EXPECT_FALSE(table.has_grad());
}

TEST(RowGradient, MeetsWholeGradients) {
  const Parameter table("table", Tensor::ones({3, 2}));
  sum(rows(table) * 2).backward();
  (sum(rows(table)) + sum(table * 10)).backward();
  EXPECT_THAT(list(table.grad()), ElementsAre(13, 13, 16, 16, 10, 10));
}

TEST(RowGradient, PassesThroughAValueOnTheWay) {
  const Parameter table("table", Tensor::ones({3, 2}));
  const Variable scaled = table * 3;
  sum(rows(scaled)).backward();
  EXPECT_THAT(list(table.grad()), ElementsAre(3, 3, 6, 6, 0, 0));
  EXPECT_THAT(list(gradient(sum(rows(table)), table).value()), ElementsAre(1, 1, 2, 2, 0, 0));
}

// The gradient of a value that is cut at each of `cuts`, of which the first and the last part are used, the
// latter five times.
std::vector<double> cut_gradient(const std::vector<Sections>& cuts) {
  const Parameter x("x", Tensor::ones({6, 1}));
  const Variable value = x * 2;
  Variable total(Tensor::scalar(0));
  for (const Sections& each : cuts) {
    const std::vector<Variable> parts = split(value, each);
    total = total + sum(parts.front()) + 5 * sum(parts.back());
  }
  total.backward();
  return list(x.grad());
}

TEST(RowGradient, OfPartsThatLieApartIsZeroBetweenThem) {
  EXPECT_THAT(cut_gradient({3}), ElementsAre(2, 2, 0, 0, 10, 10));
  EXPECT_THAT(cut_gradient({2}), ElementsAre(2, 2, 2, 10, 10, 10));
}

TEST(RowGradient, OfPartsThatOverlapOrDifferInLengthAddsUp) {
  EXPECT_THAT(cut_gradient({3, 3}), ElementsAre(4, 4, 0, 0, 20, 20));
  EXPECT_THAT(cut_gradient({3, 2}), ElementsAre(4, 4, 2, 10, 20, 20));
  EXPECT_THAT(cut_gradient({Sections({2, 3})}), ElementsAre(2, 2, 0, 10, 10, 10));
}

TEST(RowGradient, LeavesALargeTableUntouched) {
  const Parameter table("table", Tensor::zeros({100000, 4}));
  const std::size_t bytes = table.value().bytes();
  SGD optimizer(table, {.learning_rate = 0.5});
  reset_peak_memory();
  const std::size_t before = memory_stats().in_use;
  sum(rows(table)).backward();
  optimizer.step();
  EXPECT_LT(memory_stats().peak - before, bytes / 10);
  EXPECT_THAT(
      std::vector<float>(table.value().values<float>().begin(), table.value().values<float>().begin() + 9),
      ElementsAre(-0.5, -0.5, -0.5, -0.5, -1, -1, -1, -1, 0));
}

TEST(RowGradient, GivesTheSameStepsAsAWholeGradient) {
  const auto train = [](auto make, bool whole) {
    const Parameter table("table", Tensor::ones({3, 2}));
    auto optimizer = make(table);
    for (int i = 0; i < 3; ++i) {
      optimizer.zero_grad();
      sum(square(rows(table))).backward();
      if (whole) {
        EXPECT_TRUE(table.grad().defined());  // reading makes it whole
      }
      optimizer.step();
    }
    return table.value().clone();
  };
  const auto sgd = [](const Parameter& p) { return SGD(p, {.learning_rate = 0.125}); };
  const auto momentum = [](const Parameter& p) { return SGD(p, {.learning_rate = 0.125, .momentum = 0.5}); };
  const auto decay = [](const Parameter& p) { return SGD(p, {.learning_rate = 0.125, .weight_decay = 0.5}); };
  const auto adam = [](const Parameter& p) { return Adam(p, {.learning_rate = 0.125}); };
  EXPECT_TRUE(identical(train(sgd, true), train(sgd, false)));
  EXPECT_TRUE(identical(train(momentum, true), train(momentum, false)));
  EXPECT_TRUE(identical(train(decay, true), train(decay, false)));
  EXPECT_TRUE(identical(train(adam, true), train(adam, false)));
}

TEST(RowGradient, IsALeafsOwn) {
  const Parameter table("table", Tensor::ones({3, 2}));
  Tensor seed = Tensor::ones({3, 2});
  rows(table).backward(seed);
  seed.fill(7);
  EXPECT_THAT(list(table.grad()), ElementsAre(1, 1, 2, 2, 0, 0));
}

TEST(RowGradient, IsWholeWhereItIsDifferentiatedFurther) {
  const Parameter table("table", Tensor::ones({3, 2}));
  const auto [g] = gradients({sum(square(rows(table)))}, {table});
  EXPECT_THAT(list(g.value()), ElementsAre(2, 2, 4, 4, 0, 0));
}

}  // namespace
}  // namespace gradus
