#include <gradus/graph/error.h>
#include <gradus/graph/gradcheck.h>
#include <gradus/graph/gradients.h>
#include <gradus/graph/memory.h>
#include <gradus/graph/random.h>
#include <gradus/ops/elementwise.h>
#include <gradus/ops/graph.h>
#include <gradus/ops/linalg.h>
#include <gradus/ops/reduction.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace gradus {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::ThrowsMessage;

std::vector<double> list(const Tensor& x) { return x.to_vector<double>(); }

TEST(Checkpoint, TakesParametersInsideAsTheyAreMet) {
  const Parameter a("a", Tensor{1}), b("b", Tensor{1}), c("c", Tensor{1}), x("x", Tensor{1});
  const auto names = [&](const Function& f) {
    std::vector<std::string> result;
    const Variable y = checkpoint(f, {x});
    for (const Edge& edge : y.node().inputs()) result.emplace_back(edge.node->name());
    return result;
  };
  EXPECT_THAT(names([&](const Variable& v) { return (v * a) * b + (v * b) * c; }),
              ElementsAre("x", "b", "c", "a"));
  EXPECT_THAT(names([&](const Variable& v) { return ((v * a) * b) * c; }), ElementsAre("x", "c", "b", "a"));
}

TEST(Checkpoint, GivesParametersInsideTheirGradients) {
  const Parameter w("w", Tensor{2, 3}), x("x", Tensor{1, 2});
  const auto f = [&](const Variable& v) { return v * w * w; };
  sum(checkpoint(f, {x})).backward();
  EXPECT_THAT(list(x.grad()), ElementsAre(4, 9));
  EXPECT_THAT(list(w.grad()), ElementsAre(4, 12));
}

TEST(Checkpoint, CanBeDifferentiatedTwiceWithRespectToAParameterInside) {
  const auto f = [](const Variable& x, const Variable& w) {
    return checkpoint([=](const Variable& v) { return tanh(v * w); }, {x});
  };
  EXPECT_TRUE(gradcheck(f, {Tensor{0.3F, -0.2F}, Tensor{0.5F, 0.7F}}));
}

TEST(Checkpoint, KeepsNothingInside) {
  Random random(1);
  const Parameter x("x", random.uniform({64, 64}));
  const auto deep = [](const Variable& v) {
    Variable y = v;
    for (int i = 0; i < 20; ++i) y = tanh(y);
    return y;
  };
  const auto kept_by = [](auto make) {
    const std::size_t before = memory_stats().in_use;
    const Variable y = make();
    return memory_stats().in_use - before;
  };
  const std::size_t matrix = x.value().bytes();
  EXPECT_GE(kept_by([&] { return deep(x); }), 20 * matrix);
  EXPECT_LT(kept_by([&] { return checkpoint(deep, {x}); }), 2 * matrix);
}

TEST(Checkpoint, NoticesAFunctionThatGivesAnotherValue) {
  Random random(1);
  const Parameter x("x", Tensor::ones({8}));
  const auto noisy = [&](const Variable& v) { return v * random.uniform({8}); };
  const Variable y = sum(checkpoint(noisy, {x}));
  EXPECT_THAT([&] { y.backward(); }, ThrowsMessage<StateError>(HasSubstr("another value when it ran again")));
  EXPECT_FALSE(x.has_grad());
  const Random fixed(1);
  const auto repeatable = [=](const Variable& v) { return v * Random(fixed).uniform({8}); };
  sum(checkpoint(repeatable, {x})).backward();
  EXPECT_TRUE(x.has_grad());
}

TEST(Checkpoint, OfWhatHasNoGradientIsAConstant) {
  const Parameter x("x", Tensor{3, 1});
  EXPECT_FALSE(checkpoint([](const Variable& v) { return v > 2; }, {x}).requires_grad());
}

TEST(CustomGradient, TakesAnUndefinedGradientForZeros) {
  const Parameter a("a", Tensor{1, 2}), b("b", Tensor{3, 4});
  const auto product = [](const Variable& x, const Variable& y) { return x * y; };
  const auto rule = [](const CustomBackward& at) { return Variables{at.g * at.x[1], Variable()}; };
  sum(custom_gradient(product, rule, {a, b})).backward();
  EXPECT_THAT(list(a.grad()), ElementsAre(3, 4));
  EXPECT_THAT(list(b.grad()), ElementsAre(0, 0));
}

TEST(CustomGradient, ReplacesTheFunctionsOwn) {
  // A clipped gradient: what passes is at most 1.
  const Parameter x("x", Tensor{0.1F, 5});
  const auto identity = [](const Variable& v) { return v * 1; };
  const auto clipped = [](const CustomBackward& at) { return maximum(-1, -maximum(-at.g, -1)); };
  sum(10 * custom_gradient(identity, clipped, {x})).backward();
  EXPECT_THAT(list(x.grad()), ElementsAre(1, 1));
}

TEST(CustomGradient, RefusesAGradientOfAnotherShape) {
  const Parameter x("x", Tensor{1, 2});
  const auto f = [](const Variable& v) { return v * 2; };
  const auto scalar = [](const CustomBackward& at) { return sum(at.g); };
  const Variable y = sum(custom_gradient(f, scalar, {x}));
  EXPECT_THAT([&] { y.backward(); }, ThrowsMessage<StateError>(HasSubstr("custom_gradient")));
  EXPECT_FALSE(x.has_grad());
}

}  // namespace
}  // namespace gradus
