#include <gradus/graph/error.h>
#include <gradus/graph/gradcheck.h>
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

using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;
using testing::ThrowsMessage;

const Tensor kPoint = Random(1).normal({3, 4});

TEST(Gradcheck, PassesRightRules) {
  Random random(2);
  const Tensor a = random.normal({3, 4}), b = random.normal({4, 2});
  const auto product = gradcheck([](const Operand& x, const Operand& y) { return matmul(x, y); }, {a, b});
  EXPECT_TRUE(product) << product.message();
  EXPECT_EQ(product.message(), "");
  EXPECT_LT(product.error(), 1e-8);
  EXPECT_TRUE(gradcheck([](const Operand& x) { return exp(tanh(x)); }, {a}));
  EXPECT_TRUE(gradcheck([](const Variable& x) { return sum(x * x * x); }, {a}));
  EXPECT_TRUE(gradcheck([](const Operand& x, const Operand& y, const Operand& z) { return dense(x, y, z); },
                        {a, b, random.normal({2})}));
  EXPECT_TRUE(gradcheck([](const Operand& w, const Operand& x, const Operand& y,
                           const Operand& z) { return w * x + y / exp(z); },
                        {a, a, a, a}));
  EXPECT_TRUE(gradcheck([](std::span<const Variable> x) { return x[0] * x[1]; }, {a, a}));
}

TEST(Gradcheck, FindsAFactorThatIsOffByThreeInAHundredMillion) {
  const auto off = [](const Operand& x) {
    return with_rule(x, [](Backward& b) { b.give(0, b.gradient() * (1 + 3e-8)); });
  };
  const GradcheckResult result = gradcheck(off, {kPoint});
  EXPECT_FALSE(result);
  EXPECT_NEAR(result.error(), 3e-8, 2e-8);
  EXPECT_THAT(result.message(),
              AllOf(StartsWith("gradcheck: the first derivative along a random direction is "),
                    HasSubstr(", finite differences give "), HasSubstr(": a relative error of "),
                    HasSubstr("e-08, above 1")));
  EXPECT_TRUE(gradcheck(off, {kPoint}, {.tolerance = 1e-6}));
}

TEST(Gradcheck, FindsAWrongGradientOfOneOperandAmongSeveral) {
  const auto wrong = [](const Operand& x, const Operand& y) {
    return x * with_rule(y, [](Backward& b) { b.give(0, -b.gradient()); });
  };
  EXPECT_FALSE(gradcheck(wrong, {kPoint, kPoint}));
}

TEST(Gradcheck, FindsAWrongSecondDerivative) {
  const auto wrong = [](const Operand& x) {
    return with_rule(x, [](Backward& b) {
      const Variable operand = b.input(0);
      b.give(0, b.gradient() * (1 + operand - operand.detach()));
    });
  };
  const GradcheckResult result = gradcheck(wrong, {kPoint});
  EXPECT_FALSE(result);
  EXPECT_THAT(result.message(), StartsWith("gradcheck: the second derivative along a random direction is "));
  EXPECT_TRUE(gradcheck(wrong, {kPoint}, {.order = 1}));
}

TEST(Gradcheck, FindsAGradientThatIsCutOffFromTheGraph) {
  const auto cut = [](const Operand& x) {
    return with_rule(square(x), [](Backward& b) { b.give(0, b.gradient().detach()); });
  };
  EXPECT_THAT(gradcheck(cut, {kPoint}).message(), HasSubstr("the second derivative"));
  EXPECT_TRUE(gradcheck(cut, {kPoint}, {.order = 1}));
}

TEST(Gradcheck, FindsAGradientThatIsNotGiven) {
  const auto none = [](const Operand& x) {
    return with_rule(x, [](Backward& b) { b.give(0, Tensor::zeros(b.shape(0), b.gradient().dtype())); });
  };
  EXPECT_FALSE(gradcheck(none, {kPoint}));
  EXPECT_FALSE(gradcheck([](const Operand& x) { return stop_gradient(x) * 2; }, {kPoint}));
}

TEST(Gradcheck, LeavesIntegersAlone) {
  const Tensor labels({0, 2, 1}, DType::int64);
  const auto loss = [](const Operand& y, const Operand& z) {
    EXPECT_EQ(y.dtype(), DType::int64);
    return sparse_categorical_crossentropy(y, z, {.from_logits = true});
  };
  EXPECT_TRUE(gradcheck(loss, {labels, kPoint}));
  const Tensor mask = Random(3).bernoulli({3, 4}, 0.5, DType::boolean);
  EXPECT_TRUE(
      gradcheck([](const Operand& m, const Operand& x) { return where(m, x, exp(x)); }, {mask, kPoint}));
  EXPECT_THAT([&] { gradcheck([](const Operand& n) { return n * 2; }, {labels}); },
              ThrowsMessage<ValueError>("gradcheck: no input is floating"));
}

TEST(Gradcheck, RunsInFloat64AndSaysWhenTheFunctionDoesNot) {
  EXPECT_TRUE(gradcheck(
      [](const Operand& x) {
        EXPECT_EQ(x.dtype(), DType::float64);
        return exp(x);
      },
      {kPoint}));
  EXPECT_THAT([] { gradcheck([](const Operand&) { return Variable(Tensor{1}); }, {kPoint}); },
              ThrowsMessage<DTypeError>("gradcheck: the function gives float32 for float64 inputs"));
}

TEST(Gradcheck, ChangesNoInputAndWorksUnderNoGrad) {
  const Tensor before = kPoint.clone(), exact = Random(4).normal({2}, {.dtype = DType::float64});
  const Tensor exact_before = exact.clone();
  const NoGrad guard;
  EXPECT_TRUE(gradcheck([](const Operand& x) { return tanh(x); }, {kPoint}));
  EXPECT_TRUE(gradcheck([](const Operand& x) { return tanh(x); }, {exact}));
  EXPECT_TRUE(identical(kPoint, before));
  EXPECT_TRUE(identical(exact, exact_before));
  EXPECT_EQ(kPoint.version(), 0U);
}

TEST(Gradcheck, TakesFunctionsThatDoNotDependOnTheirInput) {
  EXPECT_TRUE(
      gradcheck([](const Operand&) { return Variable(Tensor::ones({2}, DType::float64)); }, {kPoint}));
  EXPECT_TRUE(gradcheck([](const Operand& x) { return x * 0; }, {kPoint}));
  EXPECT_TRUE(gradcheck([](const Operand& x) { return x * 2; }, {Tensor::zeros({0, 3})}));
}

TEST(Gradcheck, TriesTheSameDirectionsForTheSameSeed) {
  const auto off = [](const Operand& x) {
    return with_rule(x, [](Backward& b) { b.give(0, b.gradient() * 2); });
  };
  EXPECT_EQ(gradcheck(off, {kPoint}).message(), gradcheck(off, {kPoint}).message());
  EXPECT_NE(gradcheck(off, {kPoint}).message(), gradcheck(off, {kPoint}, {.seed = 1}).message());
}

}  // namespace
}  // namespace gradus
