#include <gradus/graph/error.h>
#include <gradus/graph/gradients.h>
#include <gradus/graph/recording.h>
#include <gradus/ops/elementwise.h>
#include <gradus/ops/reduction.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "with_rule.h"

namespace gradus {
namespace {

using testing::AllOf;
using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;
using testing::ThrowsMessage;

// What a wrong rule is told by backward, and by gradients of either kind.
template <class Matcher>
void expect_refused(const GradientRule& rule, const Matcher& text) {
  const Parameter a("a", {1, 2}), b("b", {3, 4});
  const Scope scope("layer");
  const Variable loss = sum(apply(WithRule(rule), {a, b}));
  const auto refused =
      ThrowsMessage<StateError>(AllOf(StartsWith("with_rule: the gradient rule gave "), text,
                                      HasSubstr("(custom_rule_test.cpp:"), EndsWith(", in layer)")));
  EXPECT_THAT([&] { loss.backward(); }, refused);
  EXPECT_THAT([&] { gradients({loss}, {a, b}); }, refused);
  EXPECT_THAT([&] { gradients({loss}, {a, b}, {.create_graph = true}); }, refused);
  EXPECT_FALSE(a.has_grad());
  EXPECT_FALSE(b.has_grad());
}

TEST(CustomRule, AGradientOfAnotherShapeIsRefused) {
  expect_refused(
      [](Backward& b) {
        b.give(0, b.gradient());
        b.give(1, sum(b.gradient()));
      },
      HasSubstr("operand 1, which is float32 [2], a gradient of float32 []"));
}

TEST(CustomRule, AGradientOfAnotherDTypeIsRefused) {
  expect_refused([](Backward& b) { b.give(0, Tensor::ones({2}, DType::float64)); },
                 HasSubstr("operand 0, which is float32 [2], a gradient of float64 [2]"));
}

TEST(CustomRule, TooFewGradientsAreRefused) {
  expect_refused([](Backward& b) { b.give(0, b.gradient()); }, HasSubstr("nothing for operand 1"));
  expect_refused([](Backward&) {}, HasSubstr("nothing for operand 0"));
}

TEST(CustomRule, TooManyGradientsAreRefused) {
  expect_refused([](Backward& b) { b.give(2, b.gradient()); }, HasSubstr("operand 2 of 2"));
}

TEST(CustomRule, AGradientGivenTwiceIsRefused) {
  expect_refused(
      [](Backward& b) {
        b.give(0, b.gradient());
        b.give(0, b.gradient());
      },
      HasSubstr("operand 0 twice"));
}

TEST(CustomRule, AnUndefinedGradientIsRefused) {
  expect_refused([](Backward& b) { b.give(0, Tensor()); }, HasSubstr("operand 0 an undefined gradient"));
}

TEST(CustomRule, MayHaveMoreOperandsThanFitAWord) {
  constexpr std::size_t kCount = 66;
  std::vector<Parameter> parameters;
  std::vector<Operand> operands;
  for (std::size_t i = 0; i < kCount; ++i) parameters.emplace_back("p" + std::to_string(i), Tensor{1, 2});
  for (const Parameter& each : parameters) operands.emplace_back(each);
  const auto call = [&](const GradientRule& rule) {
    return sum(gradus::apply(WithRule(rule), std::span<const Operand>(operands)));
  };

  const Variable y = call([](Backward& b) {
    for (std::size_t i = 0; i < b.size(); ++i) {
      if (b.needs(i)) b.give(i, multiply(b.gradient(), static_cast<double>(i)));
    }
  });
  y.backward();
  for (std::size_t i = 0; i < kCount; ++i) EXPECT_EQ(parameters[i].grad()(1), static_cast<double>(i));
  EXPECT_EQ(gradient(y, parameters[65]).value()(0), 65);

  const auto silent = call([](Backward& b) {
    for (std::size_t i = 0; i + 1 < b.size(); ++i) b.give(i, b.gradient());
  });
  EXPECT_THAT([&] { silent.backward(); },
              ThrowsMessage<StateError>(HasSubstr("gave nothing for operand 65")));
  const auto repeated = call([](Backward& b) {
    b.give(64, b.gradient());
    b.give(64, b.gradient());
  });
  EXPECT_THAT([&] { repeated.backward(); }, ThrowsMessage<StateError>(HasSubstr("gave operand 64 twice")));
}

TEST(CustomRule, MayGiveAGradientThatNobodyNeeds) {
  const Parameter a("a", {1, 2});
  const Variable y = apply(WithRule([](Backward& b) {
                             EXPECT_TRUE(b.needs(0));
                             EXPECT_FALSE(b.needs(1));
                             b.give(0, b.gradient());
                             b.give(1, b.gradient());
                           }),
                           {a, Tensor{3, 4}});
  sum(y).backward();
  EXPECT_EQ(a.grad()(1), 1);
}

TEST(CustomRule, RunsOnlyForGradientsThatAreAskedFor) {
  const Parameter a("a", Tensor::scalar(2)), b("b", Tensor::scalar(3));
  const Variable never = with_rule(b, [](Backward&) { FAIL() << "nobody asked for the gradient of b"; });
  EXPECT_EQ(gradient(a * never, a).item(), 3);
}

TEST(CustomRule, SeesTheScopeAndLineOfItsOwnCall) {
  const Parameter x("x", Tensor::scalar(2));
  Variable y;
  const int line = __LINE__ + 3;
  {
    const Scope scope("layer");
    y = with_rule(x, [](Backward& b) { b.give(0, multiply(b.gradient(), Tensor{1, 2}.reshape({1, 2}))); });
  }
  const Scope elsewhere("elsewhere");
  EXPECT_THAT([&] { y.backward(); },
              ThrowsMessage<StateError>(HasSubstr("a gradient of float32 [1, 2] (custom_rule_test.cpp:" +
                                                  std::to_string(line) + ", in layer)")));
  EXPECT_EQ(*recording::scope(), "elsewhere");
}

// The value of its operand, or one of a shape it has not announced.
class Broken : public Op {
 public:
  std::string_view name() const override { return "broken"; }
  Shape infer_shape(const Call& call) const override { return call.shape(0); }
  void forward(Forward& forward) const override { forward.give(Tensor::ones({7})); }
};

TEST(CustomOp, AValueOfAnotherShapeThanAnnouncedIsRefused) {
  EXPECT_THAT(
      [] {
        apply(Broken(), {Tensor{1, 2}});
      },
      ThrowsMessage<StateError>(
          HasSubstr("broken: forward gave float32 [7], the rule says float32 [2] (custom_rule_test")));
}

class WithoutRule : public Broken {
 public:
  std::string_view name() const override { return "without_rule"; }
  void forward(Forward& forward) const override { forward.give(forward.value(0)); }
};

TEST(CustomOp, WithoutARuleSaysSoInBackward) {
  const Parameter x("x", Tensor::scalar(2));
  const Variable y = apply(WithoutRule(), {x});
  EXPECT_THAT([&] { y.backward(); }, ThrowsMessage<StateError>("without_rule: has no gradient"));
}

}  // namespace
}  // namespace gradus
