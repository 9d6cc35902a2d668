#include <gradus/graph/error.h>
#include <gradus/graph/gradients.h>
#include <gradus/graph/random.h>
#include <gradus/ops/elementwise.h>
#include <gradus/ops/linalg.h>
#include <gradus/ops/loss.h>
#include <gradus/ops/reduction.h>
#include <gradus/ops/shape.h>
#include <gradus/ops/transforms.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "values.h"

namespace gradus {
namespace {

using testing::ElementsAre;
using testing::ThrowsMessage;

constexpr DType kDouble = DType::float64;

void expect_near(const Variable& a, const Variable& b, double tolerance) {
  ASSERT_EQ(a.shape(), b.shape());
  const auto left = list(a), right = list(b);
  for (std::size_t i = 0; i < left.size(); ++i)
    EXPECT_NEAR(left[i], right[i], tolerance * (1 + std::abs(right[i])));
}

Variable random_variable(const Shape& shape, std::uint64_t seed) {
  return Variable(Random(seed).normal(shape, {.dtype = kDouble}));
}

TEST(Transforms, ValueAndGradientsGivesBoth) {
  const auto f = [](const Variable& x, const Variable& y) { return sum(x * x * y); };
  const auto [value, slopes] = value_and_gradients(f, {Variable(Tensor{1, 2}), Variable(Tensor{3, 4})});
  EXPECT_EQ(value.item(), 19);
  EXPECT_THAT(list(slopes[0]), ElementsAre(6, 16));
  EXPECT_THAT(list(slopes[1]), ElementsAre(1, 4));
  EXPECT_FALSE(value.requires_grad());
  EXPECT_FALSE(slopes[0].requires_grad());
}

TEST(Transforms, VjpAndJvpAreTransposes) {
  const Variable a = random_variable({3, 4}, 1), b = random_variable({4, 2}, 2);
  const auto f = [](const Variable& x, const Variable& y) { return tanh(matmul(x, y)); };
  const Variable u = random_variable({3, 2}, 3);
  const Variables v = {random_variable({3, 4}, 4), random_variable({4, 2}, 5)};
  const auto pulled = vjp(f, {a, b}, u).products;
  const double left = sum(u * jvp(f, {a, b}, v).product).item();
  EXPECT_NEAR(left, (sum(pulled[0] * v[0]) + sum(pulled[1] * v[1])).item(), 1e-12);
}

// f(x) = A x: its Jacobian is A.
TEST(Transforms, JacobianOfALinearMapIsItsMatrix) {
  const Variable a = random_variable({3, 5}, 1);
  expect_near(jacobian([&](const Variable& x) { return matmul(a, x); }, random_variable({5}, 2)), a, 1e-10);
}

// f(x) = exp(x): diag(e^x).
TEST(Transforms, JacobianOfAnElementwiseFunctionIsDiagonal) {
  const Variable x = random_variable({4}, 3);
  const auto f = [](const Variable& v) { return exp(v); };
  expect_near(jacobian(f, x), Variable(Tensor::eye(4, kDouble)) * exp(x), 1e-10);
}

// Polar to Cartesian, (r, t) -> (r cos t, r sin t), by the exponential's real parts: here (a b, a / b).
TEST(Transforms, JacobianOfTwoFunctionsOfTwoNumbers) {
  const auto f = [](const Variable& x) {
    const Variable a = slice(x, {{.stop = 1}}), b = slice(x, {{.start = 1}});
    return concatenate({a * b, a / b});
  };
  const Variable j = jacobian(f, Variable(Tensor({3, 2}, kDouble)));
  EXPECT_EQ(j.shape(), Shape({2, 2}));
  EXPECT_THAT(list(j), ElementsAre(2, 3, 0.5, -0.75));
}

TEST(Transforms, JacobianHasTheShapesOfValueAndInput) {
  const Variable x = random_variable({2, 3}, 1);
  const auto f = [](const Variable& v) { return sum(v, {.axis = 0}); };
  EXPECT_EQ(jacobian(f, x).shape(), Shape({3, 2, 3}));
  const auto both = jacobians([](const Variable& a, const Variable& b) { return matmul(a, b); },
                              {random_variable({2, 3}, 1), random_variable({3}, 2)});
  EXPECT_EQ(both[0].shape(), Shape({2, 2, 3}));
  EXPECT_EQ(both[1].shape(), Shape({2, 3}));
  EXPECT_EQ(jacobian(f, Variable(Tensor::zeros({0, 3}))).shape(), Shape({3, 0, 3}));
}

// f(x) = x' A x / 2: (A + A') / 2.
TEST(Transforms, HessianOfAQuadraticFormIsItsSymmetricPart) {
  const Variable a = random_variable({4, 4}, 7);
  const auto f = [&](const Variable& x) { return 0.5 * sum(x * matmul(a, x)); };
  expect_near(hessian(f, random_variable({4}, 8)), 0.5 * (a + transpose(a)), 1e-10);
}

// Rosenbrock's function: [[1200 x^2 - 400 y + 2, -400 x], [-400 x, 200]].
TEST(Transforms, HessianOfRosenbrock) {
  const auto f = [](const Variable& p) {
    const Variable x = slice(p, {{.stop = 1}}), y = slice(p, {{.start = 1}});
    return sum(square(1 - x) + 100 * square(y - x * x));
  };
  const double x = -1.2, y = 1;
  expect_near(hessian(f, Variable(Tensor({x, y}, kDouble))),
              Variable(Tensor({{1200 * x * x - 400 * y + 2, -400 * x}, {-400 * x, 200.0}}, kDouble)), 1e-10);
}

// log sum e^x: diag(p) - p p', p = softmax(x).
TEST(Transforms, HessianOfLogSumExp) {
  const Variable x = random_variable({5}, 9);
  const Variable p = exp(x - logsumexp(x));
  const Variable expected = Variable(Tensor::eye(5, kDouble)) * p - reshape(p, {5, 1}) * p;
  expect_near(hessian([](const Variable& v) { return logsumexp(v); }, x), expected, 1e-10);
}

TEST(Transforms, HessianVectorProductOfAnMlpMatchesDifferencesOfGradients) {
  const Variable x = random_variable({6, 4}, 1), y = random_variable({6, 3}, 2);
  const auto loss = [&](const Variable& w1, const Variable& b1, const Variable& w2) {
    return mean_squared_error(y, matmul(tanh(matmul(x, w1) + b1), w2));
  };
  const std::vector<Variable> w = {random_variable({4, 5}, 3), random_variable({5}, 4),
                                   random_variable({5, 3}, 5)};
  const std::vector<Variable> v = {random_variable({4, 5}, 6), random_variable({5}, 7),
                                   random_variable({5, 3}, 8)};
  const auto slopes_at = [&](double step) {
    std::vector<Variable> moved;
    for (std::size_t i = 0; i < w.size(); ++i) moved.push_back(w[i] + step * v[i]);
    return value_and_gradients(loss, moved).gradients;
  };
  const double h = 1e-3;
  const auto products = hessian_vector_products(loss, w, v);
  const auto p1 = slopes_at(h), m1 = slopes_at(-h), p2 = slopes_at(2 * h), m2 = slopes_at(-2 * h);
  for (std::size_t i = 0; i < w.size(); ++i) {
    expect_near(products[i], (8 * (p1[i] - m1[i]) - (p2[i] - m2[i])) / (12 * h), 1e-7);
  }
}

TEST(Transforms, HessianVectorProductIsTheHessianTimesTheVector) {
  const auto f = [](const Variable& x) { return sum(exp(x) * x * sum(x)); };
  const Variable x = random_variable({4}, 1), v = random_variable({4}, 2);
  expect_near(hessian_vector_product(f, x, v), matmul(hessian(f, x), v), 1e-10);
}

TEST(Transforms, Nest) {
  // The gradient of the squared norm of a gradient: f = sum x^3 / 3, |f'|^2 = sum x^4, whose gradient is 4
  // x^3.
  const auto f = [](const Variable& x) { return sum(x * x * x) / 3; };
  const auto penalty = [&](const Variable& x) {
    return sum(square(value_and_gradients(f, x, {.create_graph = true}).gradients[0]));
  };
  EXPECT_THAT(list(value_and_gradients(penalty, Variable(Tensor{1, 2})).gradients[0]), ElementsAre(4, 32));
  const auto trace = [&](const Variable& x) {
    return sum(hessian(f, x, {.create_graph = true}) * Variable(Tensor::eye(2)));  // 2 sum x
  };
  EXPECT_THAT(list(value_and_gradients(trace, Variable(Tensor{1, 2})).gradients[0]), ElementsAre(2, 2));
}

TEST(Transforms, GiveZerosForWhatDependsOnNothing) {
  const auto constant = [](const Variable&) { return Variable(Tensor{5}); };
  const Variable x(Tensor{1, 2});
  EXPECT_THAT(list(jacobian(constant, x)), ElementsAre(0, 0));
  EXPECT_THAT(list(value_and_gradients(constant, x).gradients[0]), ElementsAre(0, 0));
  EXPECT_THAT(list(jvp(constant, x, x).product), ElementsAre(0));
  const auto linear = [](const Variable& v) { return sum(2 * v); };
  EXPECT_THAT(list(hessian(linear, x)), ElementsAre(0, 0, 0, 0));
  EXPECT_THAT(list(hessian_vector_product(linear, x, x)), ElementsAre(0, 0));
}

TEST(Transforms, LeaveTheInputsAsTheyWere) {
  const Parameter w("w", Tensor{1, 2});
  value_and_gradients([](const Variable& x) { return sum(x * x); }, w);
  EXPECT_FALSE(w.has_grad());
}

TEST(Transforms, RefuseMisuse) {
  const auto f = [](const Variable& x) { return x * 2; };
  const Variable x(Tensor{1, 2});
  EXPECT_THAT([&] { value_and_gradients(f, x); },
              ThrowsMessage<ShapeError>("value_and_gradients: the function gave [2], not a scalar"));
  EXPECT_THAT([&] { hessian(f, x); },
              ThrowsMessage<ShapeError>("hessian: the function gave [2], not a scalar"));
  EXPECT_THAT(
      [&] {
        vjp(f, x, Variable(Tensor{1, 2, 3}));
      },
      ThrowsMessage<ShapeError>("vjp: the cotangent is [3], not [2]"));
  EXPECT_THAT(
      [&] {
        vjp(f, x, Variable(Tensor({1, 2}, kDouble)));
      },
      ThrowsMessage<DTypeError>("vjp: the cotangent is float64, not float32"));
  EXPECT_THAT([&] { jvp(f, x, Variables{x, x}); }, ThrowsMessage<ValueError>("jvp: 2 tangents for 1 inputs"));
  EXPECT_THAT([&] { jvp(f, x, Variable(Tensor{1})); },
              ThrowsMessage<ShapeError>("jvp: the tangent is [1], not [2]"));
  EXPECT_THAT([&] { jacobians(f, Variables()); },
              ThrowsMessage<ValueError>("jacobians: the list of inputs is empty"));
  EXPECT_THAT([&] { jacobian(Function(), x); }, ThrowsMessage<ValueError>("jacobian: there is no function"));
  EXPECT_THAT(
      [&] {
        jacobian(f, Variable(Tensor({1, 2}, DType::int64)));
      },
      ThrowsMessage<DTypeError>("jacobian: an input is int64, which has no derivatives"));
  EXPECT_THAT([&] { jacobian([](const Variable& v) { return v > 1; }, x); },
              ThrowsMessage<DTypeError>("jacobian: the function gave boolean, which has no derivatives"));
  EXPECT_THAT([&] { jacobians(f, {x, x}); }, ThrowsMessage<ValueError>("Function: takes 1 operand, not 2"));
}

}  // namespace
}  // namespace gradus
