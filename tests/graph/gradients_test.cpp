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

#include <cmath>

namespace gradus {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::ThrowsMessage;

std::vector<double> list(const Variable& variable) { return variable.value().to_vector<double>(); }
Tensor scalar(double value) { return Tensor::scalar(value, DType::float64); }

TEST(Gradients, ComeInTheOrderOfTheInputsAndLeaveGradAlone) {
  const Parameter w("w", {2, 3}), b("b", {5, 7});
  const auto [db, dw] = gradients({sum(w * w * b)}, {b, w});
  EXPECT_THAT(list(db), ElementsAre(4, 9));
  EXPECT_THAT(list(dw), ElementsAre(20, 42));
  EXPECT_FALSE(w.has_grad());
  EXPECT_FALSE(dw.requires_grad());
}

TEST(Gradients, TakeEveryKindOfList) {
  ParameterList parameters;
  const Parameter a = parameters.add("a", scalar(2)), b = parameters.add("b", scalar(3));
  const Variable y = a * b;
  EXPECT_EQ(gradients(y, parameters)[0].item(), 3);
  EXPECT_EQ(gradients(y, std::vector<Parameter>{b, a})[0].item(), 2);
  EXPECT_EQ(gradients({y, y}, a)[0].item(), 6);
  EXPECT_EQ(gradient(y, b).item(), 2);
  EXPECT_TRUE(gradients(y, Variables()).empty());
}

TEST(Gradients, WithRespectToValuesOnTheWay) {
  const Parameter x("x", scalar(2));
  const Variable u = square(x), v = u * 3, y = v * u;
  const auto [dv, du, dx, dy] = gradients({y}, {v, u, x, y});
  EXPECT_EQ(dv.item(), 4);
  EXPECT_EQ(du.item(), 24);
  EXPECT_EQ(dx.item(), 96);
  EXPECT_EQ(dy.item(), 1);
}

TEST(Gradients, OfAnInputGivenTwiceComeTwice) {
  const Parameter x("x", scalar(3));
  const auto [first, second] = gradients({square(x)}, {x, x});
  EXPECT_EQ(first.item(), 6);
  EXPECT_EQ(second.item(), 6);
}

TEST(Gradients, AreZerosForInputsThatAreNotReached) {
  const Parameter x("x", Tensor{1, 2}), apart("apart", Tensor::ones({3, 1}, DType::float64));
  const Variable above = square(x);
  const auto [dx, dapart, dabove] = gradients({sum(x * 2)}, {x, apart, above});
  EXPECT_THAT(list(dx), ElementsAre(2, 2));
  EXPECT_TRUE(identical(dapart.value(), Tensor::zeros({3, 1}, DType::float64)));
  EXPECT_TRUE(identical(dabove.value(), Tensor::zeros({2})));
}

TEST(Gradients, OfSeveralOutputsAreWeightedBySeeds) {
  const Parameter x("x", {1, 2});
  const Variable a = x * 3, b = sum(x);
  const auto [dx] =
      gradients({a, b}, {x}, {.seeds = {Variable(Tensor{10, 100}), Variable(Tensor::scalar(7))}});
  EXPECT_THAT(list(dx), ElementsAre(37, 307));
}

TEST(Gradients, ASeedMayItselfBeDifferentiated) {
  const Parameter x("x", scalar(3)), seed("seed", scalar(1));
  const Variable dx = gradient(square(x), x, {.create_graph = true, .seeds = seed});
  EXPECT_EQ(gradient(dx, seed).item(), 6);
}

TEST(Gradients, ErrorsSayWhatIsWrong) {
  const Parameter x("x", {1, 2});
  const Variable y = x * 2, constant(Tensor{1, 2}, {.name = "data"});
  EXPECT_THAT(
      [&] { gradients({y}, {x}); },
      ThrowsMessage<ShapeError>(HasSubstr("gradients: the output is [2], not a scalar: pass a seed")));
  EXPECT_THAT(
      [&] {
        gradients({y, y}, {x}, {.seeds = y});
      },
      ThrowsMessage<ShapeError>("gradients: 1 seeds for 2 outputs"));
  EXPECT_THAT([&] { gradients({y}, {x}, {.seeds = sum(y)}); },
              ThrowsMessage<ShapeError>("gradients: the seed is [], the output is [2]"));
  EXPECT_THAT([&] { gradients(Variables(), x); }, ThrowsMessage<ValueError>("gradients: no outputs"));
  EXPECT_THAT([&] { gradients({sum(constant)}, {x}); },
              ThrowsMessage<StateError>(HasSubstr("gradients: nothing below the output [] requires")));
  EXPECT_THAT([&] { gradients({sum(y)}, {constant}); },
              ThrowsMessage<StateError>("gradients: the input 'data' [2] requires no gradient: make it a "
                                        "Parameter, or a Variable with {.requires_grad = true}"));
}

TEST(Gradients, OfThirdOrderOfTanhAndExp) {
  for (const double at : {-1.3, -0.2, 0.0, 0.4, 2.0}) {
    const Parameter x("x", scalar(at));
    const auto third = [&](const Variable& y) {
      const Variable first = gradient(y, x, {.create_graph = true});
      const Variable second = gradient(first, x, {.create_graph = true});
      return gradient(second, x).item();
    };
    const double t = std::tanh(at), s = 1 - t * t;
    EXPECT_NEAR(third(tanh(x)), s * (4 * t * t - 2 * s), 1e-13);
    EXPECT_NEAR(third(exp(x)), std::exp(at), 1e-13 * std::exp(at));
    EXPECT_NEAR(third(power(x + 3, 4)), 24 * (at + 3), 1e-11);
  }
}

TEST(Gradients, ThatAreRecordedOutliveTheGraphTheyCameFrom) {
  const Parameter x("x", scalar(2));
  Variable slope;
  {
    const Variable y = x * x * x;
    slope = gradient(y, x, {.create_graph = true});
  }
  EXPECT_TRUE(slope.requires_grad());
  EXPECT_EQ(gradient(slope, x).item(), 12);
}

TEST(Gradients, RecordedOnesCanRunBackward) {
  const Parameter x("x", scalar(2));
  const Variable slope = gradient(x * x * x, x, {.create_graph = true});
  square(slope).backward();
  EXPECT_EQ(x.grad().item(), 2 * 12 * 12);
}

TEST(Gradients, AgreeRecordedOrNot) {
  Random random(5);
  const Parameter w("w", random.normal({4, 4})), b("b", random.normal({4}));
  const Tensor x = random.normal({3, 4}), y = random.uniform({3, 4});
  const Variable loss = mean_squared_error(y, sigmoid(matmul(tanh(matmul(x, w) + b), w)));
  const auto [plain_w, plain_b] = gradients({loss}, {w, b});
  const auto [recorded_w, recorded_b] = gradients({loss}, {w, b}, {.create_graph = true});
  EXPECT_TRUE(all_close(plain_w.value(), recorded_w.value(), {.rtol = 1e-6, .atol = 1e-8}));
  EXPECT_TRUE(all_close(plain_b.value(), recorded_b.value(), {.rtol = 1e-6, .atol = 1e-8}));
}

TEST(Gradients, PassNothingThroughStopGradientAtAnyOrder) {
  const Parameter x("x", scalar(3));
  const Variable y = square(x) * stop_gradient(x);
  const Variable first = gradient(y, x, {.create_graph = true});
  EXPECT_EQ(first.item(), 18);
  EXPECT_EQ(gradient(first, x).item(), 6);
}

// The sum of a loss and of a penalty on the gradient with respect to the data: a function of the parameters
// that contains first derivatives, so that its gradient contains second ones.
struct PenalisedModel {
  Random random = Random(11);
  Tensor x = draw({5, 3}), y = draw({5, 1});
  std::vector<Parameter> parameters = {Parameter("w1", draw({3, 4})), Parameter("b1", draw({4})),
                                       Parameter("w2", draw({4, 1})), Parameter("b2", draw({1}))};

  Tensor draw(const Shape& shape) { return random.normal(shape, {.dtype = DType::float64}); }
  Variable loss() const {
    const Variable data(x, {.requires_grad = true});
    const Variable hidden = tanh(matmul(data, parameters[0]) + parameters[1]);
    const Variable out = matmul(hidden, parameters[2]) + parameters[3];
    const Variable slope = gradient(sum(out), data, {.create_graph = true});
    const Variable norm = sqrt(sum(square(slope), {.axis = 1}));
    return mean_squared_error(y, sigmoid(out)) + 10 * mean(square(norm - 1));
  }
};

// 6th-order central difference of the loss along `direction` in one parameter.
double difference(const PenalisedModel& model, const Parameter& parameter, const Tensor& direction,
                  double h) {
  const Tensor before = parameter.value().clone();
  const auto at = [&](double step) {
    Tensor moved = before.clone();
    const auto values = moved.mutable_values<double>();
    for (std::size_t i = 0; i < values.size(); ++i) values[i] += step * direction.values<double>()[i];
    parameter.assign(moved);
    return model.loss().item();
  };
  const double slope =
      (45 * (at(h) - at(-h)) - 9 * (at(2 * h) - at(-2 * h)) + (at(3 * h) - at(-3 * h))) / (60 * h);
  parameter.assign(before);
  return slope;
}

TEST(Gradients, OfAGradientPenaltyMatchFiniteDifferences) {
  PenalisedModel model;
  const auto analytic = gradients(model.loss(), model.parameters);
  for (std::size_t i = 0; i < analytic.size(); ++i) {
    const Parameter& parameter = model.parameters[i];
    for (int repeat = 0; repeat < 3; ++repeat) {
      const Tensor direction = model.draw(parameter.shape());
      const double expected = sum(analytic[i] * direction).item();
      double error = INFINITY;
      for (const double h : {3e-3, 1e-3, 3e-4}) {
        const double found = difference(model, parameter, direction, h);
        error = std::min(error, std::abs(found - expected) / std::abs(expected));
      }
      EXPECT_LT(error, 1e-8) << parameter.name();
    }
  }
}

TEST(NoGrad, RecordsNothingAndNests) {
  const Parameter w("w", scalar(2));
  {
    const NoGrad outer;
    { const NoGrad inner; }
    EXPECT_FALSE((w * 2).requires_grad());
    EXPECT_EQ((w * 2).node().inputs().size(), 0U);
  }
  EXPECT_TRUE((w * 2).requires_grad());
}

TEST(NoGrad, EndsWithAnException) {
  const Parameter w("w", {1, 2});
  const auto wrong = [&] {
    const NoGrad guard;
    return w + Tensor{1, 2, 3};
  };
  EXPECT_THROW(wrong(), ShapeError);
  EXPECT_TRUE((w * 2).requires_grad());
}

TEST(NoGrad, CutsASoftmaxThoughItRemembersItsLogits) {
  const Parameter logits("logits", {{1, 2}});
  const Tensor labels{{1, 0}};
  Variable p;
  {
    const NoGrad guard;
    p = softmax(logits);
  }
  EXPECT_FALSE(p.requires_grad());
  EXPECT_FALSE(categorical_crossentropy(labels, p).requires_grad());
}

// A product is added to the gradients that came before it, in place; recorded gradients never are.
TEST(Gradients, ProductsOfOneOperandAddUp) {
  Random random(5);
  const Parameter w("w", random.uniform({3, 3}, {.dtype = DType::float64}));
  const Variable x(random.uniform({2, 4, 3}, {.dtype = DType::float64})),
      v(random.uniform({3}, {.dtype = DType::float64}));
  const auto loss = [&] {
    const Variable h = dense(matmul(x, w), w, v);
    return sum(square(matmul(matmul(h, w, {.transpose_b = true}), matmul(w, w, {.transpose_a = true})))) +
           sum(matmul(w, v)) + sum(matmul(v, w)) + sum(w);
  };
  loss().backward();
  const Variable recorded = gradient(loss(), w, {.create_graph = true});
  EXPECT_TRUE(all_close(w.grad(), recorded.value(), {.rtol = 1e-12}));
  EXPECT_TRUE(all_close(gradient(loss(), w).value(), recorded.value(), {.rtol = 1e-12}));
}

}  // namespace
}  // namespace gradus
