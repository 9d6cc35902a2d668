#include <gradus/graph/error.h>
#include <gradus/graph/gradients.h>
#include <gradus/graph/parameters.h>
#include <gradus/graph/random.h>
#include <gradus/graph/recording.h>
#include <gradus/ops/activation.h>
#include <gradus/ops/elementwise.h>
#include <gradus/ops/graph.h>
#include <gradus/ops/linalg.h>
#include <gradus/ops/loss.h>
#include <gradus/ops/reduction.h>
#include <gradus/ops/shape.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "with_rule.h"

namespace gradus {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;
using testing::ThrowsMessage;

std::vector<double> list(const Tensor& tensor) { return tensor.to_vector<double>(); }

TEST(Backward, LeavesTheGradientOfEveryLeafThatWantsOne) {
  const Parameter w("w", {2, 3}), b("b", {5, 7});
  const Tensor x{10, 100};
  sum(w * x + b).backward();
  EXPECT_THAT(list(w.grad()), ElementsAre(10, 100));
  EXPECT_THAT(list(b.grad()), ElementsAre(1, 1));
}

TEST(Backward, ReachesInputsThatWantAGradient) {
  const Variable x(Tensor{3}, {.name = "x", .requires_grad = true}), constant(Tensor{2});
  sum(square(x) * constant).backward();
  EXPECT_THAT(list(x.grad()), ElementsAre(12));
  EXPECT_FALSE(constant.has_grad());
}

TEST(Backward, AccumulatesWhenAnInputIsUsedTwice) {
  const Parameter x("x", Tensor::scalar(3));
  (x * x).backward();
  EXPECT_EQ(x.grad().item(), 6);
}

TEST(Backward, OfAValueUsedAThousandTimesIsExact) {
  const Parameter x("x", Tensor::scalar(3));
  Variable y = x * 0;
  for (int i = 1; i < 1000; ++i) y = y + x * i;
  y.backward();
  EXPECT_EQ(x.grad().item(), 499500);
  EXPECT_EQ(y.item(), 3 * 499500);
}

TEST(Backward, TwiceOnOneGraphAddsExactlyTwice) {
  Random random(1);
  const Parameter w("w", random.normal({4, 3}));
  const Tensor x = random.normal({5, 4});
  const Variable loss = mean(square(tanh(matmul(x, w))));
  loss.backward();
  const std::vector<double> once = list(w.grad());
  loss.backward();
  const std::vector<double> twice = list(w.grad());
  for (std::size_t i = 0; i < once.size(); ++i) EXPECT_EQ(twice[i], 2 * once[i]);
}

TEST(Backward, WithoutZeroGradAddsToWhatIsThere) {
  const Parameter w("w", Tensor::scalar(2));
  (w * 3).backward();
  (w * 4).backward();
  EXPECT_EQ(w.grad().item(), 7);
  w.zero_grad();
  EXPECT_FALSE(w.has_grad());
  (w * 5).backward();
  EXPECT_EQ(w.grad().item(), 5);
}

TEST(Backward, OfALeafGivesOne) {
  const Parameter w("w", Tensor::scalar(2, DType::float64));
  w.backward();
  EXPECT_EQ(w.grad().item(), 1);
  EXPECT_EQ(w.grad().dtype(), DType::float64);
}

TEST(Backward, FromANonScalarAsksForASeed) {
  const Parameter w("w", {1, 2, 3});
  const Variable y = w * 2;
  EXPECT_THAT([&] { y.backward(); },
              ThrowsMessage<ShapeError>(
                  "backward: the output is [3], not a scalar: pass a seed of that shape, or reduce it by sum "
                  "or mean"));
  EXPECT_FALSE(w.has_grad());
  y.backward(Tensor{1, 10, 100});
  EXPECT_THAT(list(w.grad()), ElementsAre(2, 20, 200));
}

TEST(Backward, FromOneElementOfAnyRankNeedsNoSeed) {
  const Parameter w("w", {{2}});
  (w * 3).backward();
  EXPECT_EQ(w.grad().shape(), (Shape{1, 1}));
  EXPECT_EQ(w.grad().item(), 3);
}

TEST(Backward, RefusesASeedOfAnotherShapeOrDType) {
  const Parameter w("w", {1, 2, 3});
  const Variable y = w * 2;
  EXPECT_THAT(
      [&] {
        y.backward(Tensor{1, 2});
      },
      ThrowsMessage<ShapeError>("backward: the seed is [2], the output is [3]"));
  EXPECT_THAT([&] { y.backward(Tensor::scalar(1)); },
              ThrowsMessage<ShapeError>("backward: the seed is [], the output is [3]"));
  EXPECT_THAT([&] { y.backward(Tensor::ones({3}, DType::float64)); },
              ThrowsMessage<DTypeError>("backward: the seed is float64, the output is float32"));
  EXPECT_THAT([&] { y.backward(Tensor()); },
              ThrowsMessage<StateError>(HasSubstr("Tensor: used before it was given values")));
  EXPECT_FALSE(w.has_grad());
}

TEST(Backward, FromAConstantIsAnError) {
  constexpr auto kNothing =
      "backward: nothing below the output [] requires a gradient: it was computed from constants, or under "
      "NoGrad";
  const Parameter w("w", Tensor::scalar(2));
  EXPECT_THAT([] { (Variable(Tensor::scalar(1)) * 2).backward(); }, ThrowsMessage<StateError>(kNothing));
  EXPECT_THAT([&] { (w.detach() * 2).backward(); }, ThrowsMessage<StateError>(kNothing));
  EXPECT_THAT([&] { (stop_gradient(w) * 2).backward(); }, ThrowsMessage<StateError>(kNothing));
  EXPECT_THAT(
      [&] {
        const NoGrad guard;
        (w * 2).backward();
      },
      ThrowsMessage<StateError>(kNothing));
}

TEST(Backward, AGradientReadBeforeItIsAnError) {
  const Parameter w("w", Tensor::scalar(2)), other("other", Tensor::scalar(2));
  EXPECT_THAT([&] { w.grad(); },
              ThrowsMessage<StateError>(
                  "grad: 'w' has no gradient: no backward pass has reached it since it was made or zeroed"));
  EXPECT_THAT([] { Variable(Tensor::scalar(2), {.requires_grad = true}).grad(); },
              ThrowsMessage<StateError>(HasSubstr("grad: the variable has no gradient")));
  other.backward();
  EXPECT_FALSE(w.has_grad());
}

TEST(Backward, LeavesNothingInValuesOnTheWay) {
  const Parameter w("w", Tensor::scalar(2));
  const Variable y = w * 3, loss = y * y;
  loss.backward();
  EXPECT_FALSE(y.has_grad());
  EXPECT_FALSE(loss.has_grad());
  EXPECT_EQ(w.grad().item(), 36);
}

TEST(Backward, StopGradientCutsExactlyOnePath) {
  const Parameter x("x", Tensor::scalar(3));
  const Variable shared = x * 5;
  (shared * stop_gradient(shared) + shared).backward();
  EXPECT_EQ(x.grad().item(), 5 * 15 + 5);
  x.zero_grad();
  (shared * shared.detach() + shared).backward();
  EXPECT_EQ(x.grad().item(), 5 * 15 + 5);
}

TEST(Backward, AGradientIsALeafsOwn) {
  const Parameter a("a", {1, 2}), b("b", {3, 4});
  Tensor seed{1, 1};
  (a + b).backward(seed);
  seed.fill(7);
  EXPECT_THAT(list(a.grad()), ElementsAre(1, 1));
  Tensor changed = a.grad();
  changed.fill(9);
  EXPECT_THAT(list(b.grad()), ElementsAre(1, 1));
  a.backward(seed);
  EXPECT_THAT(list(changed), ElementsAre(9, 9));
}

TEST(Backward, AddsToAGradientThatAGraphHoldsWithoutChangingIt) {
  const Parameter w("w", Tensor::scalar(2));
  square(w).backward();
  const Variable first(w.grad());
  const Variable loss = w * first;
  loss.backward();
  EXPECT_EQ(first.item(), 4);
  EXPECT_EQ(w.grad().item(), 8);
}

TEST(Backward, AGraphLivesAsLongAsAVariableThatNeedsIt) {
  const Parameter w("w", Tensor::scalar(2));
  Variable loss;
  {
    Parameter inner("inner", Tensor::scalar(3));
    Variable y = w * inner;
    loss = square(y);
    y = Variable();
    inner = Parameter();
  }
  loss.backward();
  EXPECT_EQ(w.grad().item(), 2 * 6 * 3);
}

TEST(Backward, OperandsOfTwoGraphsMeet) {
  const Parameter a("a", Tensor::scalar(2)), b("b", Tensor::scalar(3));
  const Variable first = square(a), second = exp(log(b));
  first.backward();
  (first * second).backward();
  EXPECT_EQ(a.grad().item(), 4 + 12);
  EXPECT_NEAR(b.grad().item(), 4, 1e-6);
}

TEST(Backward, AssigningAVariableToItselfMakesNoCycle) {
  const Parameter w("w", Tensor::scalar(2));
  Variable y = w;
  for (int i = 0; i < 5; ++i) y = y * y;
  EXPECT_EQ(y.item(), 4294967296);
  y.backward();
  EXPECT_EQ(w.grad().item(), 32.0 * 2147483648);
  y = y;
  EXPECT_EQ(y.node().depth(), 5U);
}

TEST(Backward, OperandsMayBeAssignedTheirOwnResult) {
  const Parameter w("w", {{1, 2}, {3, 4}});
  Variable a = w;
  a = transpose(a);
  a = a * transpose(a);
  a = matmul(a, a);
  EXPECT_THAT(list(a.value()), ElementsAre(37, 102, 102, 292));
  sum(a).backward();
  EXPECT_THAT(list(w.grad()), ElementsAre(28, 174, 116, 352));
  Tensor t{{1, 2}, {3, 4}};
  t.copy_from(t);
  t = t.reshape({4});
  EXPECT_THAT(list(t), ElementsAre(1, 2, 3, 4));
}

TEST(Backward, AnErrorOnTheWayLeavesEveryGradientAsItWas) {
  const Parameter a("a", Tensor::scalar(2)), b("b", Tensor::scalar(3));
  (a * b).backward();
  bool fails = true;
  const Variable failing = with_rule(b, [&](Backward& backward) {
    if (fails) throw ValueError("on purpose");
    backward.give(0, backward.gradient());
  });
  const Variable loss = exp(a) * 0 + a * failing;
  EXPECT_THAT([&] { loss.backward(); }, ThrowsMessage<ValueError>("on purpose"));
  EXPECT_EQ(a.grad().item(), 3);
  EXPECT_EQ(b.grad().item(), 2);
  EXPECT_TRUE(recording::enabled());
  EXPECT_EQ(recording::attributed_location(), nullptr);
  fails = false;
  loss.backward();
  EXPECT_EQ(a.grad().item(), 6);
  EXPECT_EQ(b.grad().item(), 4);
}

TEST(Backward, MayRunInsideAGradientRule) {
  const Parameter x("x", Tensor::scalar(3)), inner("inner", Tensor::scalar(5));
  const Variable y = with_rule(x, [&](Backward& backward) {
    const Variable again = square(inner) * x;  // shares a leaf with the pass that runs
    EXPECT_FALSE(again.requires_grad());       // a rule records nothing unless it asks to
    {
      const recording::Enable on(true);
      (square(inner) * x).backward();
      const auto [dx] = gradients({square(x)}, {x});
      backward.give(0, multiply(backward.gradient(), dx));
    }
  });
  (y * x + y).backward();
  EXPECT_EQ(inner.grad().item(), 30);
  EXPECT_EQ(x.grad().item(), 25 + 4 * 6 + 3);
}

TEST(Backward, AnUndefinedVariableIsAnError) {
  constexpr auto kUndefined = "Variable: used before it was given a value, or after a move";
  const auto refused_by = [](const std::string& operand) {
    return ThrowsMessage<StateError>(
        StartsWith(operand + " is undefined: it was used before it was given a value, or after a move ("));
  };
  const Variable nothing;
  Variable moved(Tensor::scalar(1), {.requires_grad = true});
  const Variable taken = std::move(moved);
  EXPECT_THAT([&] { nothing.backward(); }, ThrowsMessage<StateError>(kUndefined));
  EXPECT_THAT([&] { moved.backward(); }, ThrowsMessage<StateError>(kUndefined));  // NOLINT: the point
  EXPECT_THAT([&] { nothing.value(); }, ThrowsMessage<StateError>(kUndefined));
  EXPECT_THAT([&] { nothing.grad(); }, ThrowsMessage<StateError>(kUndefined));
  EXPECT_THAT([&] { nothing.item(); }, ThrowsMessage<StateError>(kUndefined));
  EXPECT_THAT([&] { nothing.detach(); }, ThrowsMessage<StateError>(kUndefined));
  EXPECT_THAT([&] { Variable().set_name("x"); }, ThrowsMessage<StateError>(kUndefined));
  EXPECT_THAT([&] { sum(nothing); }, refused_by("sum: x"));
  EXPECT_THAT([&] { taken* nothing; }, refused_by("multiply: b"));
  EXPECT_THAT([&] { 2 * nothing; }, refused_by("multiply: b"));
  EXPECT_THAT([&] { Parameter().assign(Tensor{1}); }, ThrowsMessage<StateError>(kUndefined));
  EXPECT_THAT([&] { gradients({nothing}, {taken}); }, ThrowsMessage<StateError>(kUndefined));
  EXPECT_THAT([&] { gradients({taken}, {nothing}); }, ThrowsMessage<StateError>(kUndefined));
  EXPECT_THAT([&] { mean_squared_error(nothing, taken); }, refused_by("mean_squared_error: y_true"));
  EXPECT_THAT([&] { softmax(nothing); }, refused_by("softmax: x"));
  EXPECT_THAT([&] { concatenate({taken, nothing}); }, refused_by("concatenate: b"));
  EXPECT_THAT([&] { zero_grad({taken, nothing}); }, ThrowsMessage<StateError>(kUndefined));
}

TEST(Backward, AnUndefinedTensorIsAnError) {
  const auto undefined =
      ThrowsMessage<StateError>("Tensor: used before it was given values, or after a move");
  const Parameter w("w", {1, 2});
  EXPECT_THAT([] { Variable(Tensor(), {}); }, undefined);
  EXPECT_THAT([] { Parameter("w", Tensor()); }, undefined);
  EXPECT_THAT([&] { w + Tensor(); }, ThrowsMessage<StateError>(StartsWith("add: b is undefined")));
  EXPECT_THAT([&] { w.assign(Tensor()); }, undefined);
  EXPECT_THAT([&] { mean_squared_error(Tensor(), w); },
              ThrowsMessage<StateError>(StartsWith("mean_squared_error: y_true is undefined")));
}

TEST(Backward, IntegersCannotWantAGradient) {
  EXPECT_THAT([] { Variable(Tensor({1}, DType::int64), {.requires_grad = true}); },
              ThrowsMessage<DTypeError>("Variable: only float32 and float64 can want a gradient, not int64"));
  EXPECT_THAT([] { Parameter("n", Tensor({1}, DType::int32)); },
              ThrowsMessage<DTypeError>("Parameter 'n': needs float32 or float64, not int32"));
}

}  // namespace
}  // namespace gradus
