// Gradients of the decompositions against closed forms, at sizes, batches and degenerate points that their
// records do not have.

#include <gradus/graph/error.h>
#include <gradus/graph/gradcheck.h>
#include <gradus/graph/gradients.h>
#include <gradus/graph/random.h>
#include <gradus/ops/elementwise.h>
#include <gradus/ops/linalg.h>
#include <gradus/ops/reduction.h>
#include <gradus/ops/shape.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "values.h"

namespace gradus {
namespace {

using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::ThrowsMessage;

Variable wanted(const Tensor& x) { return Variable(x.cast(DType::float64), {.requires_grad = true}); }

Variable swapped(const Variable& x) {
  return x.rank() == 2 ? transpose(x) : transpose(x, {.axes = {0, 2, 1}});
}

// Values in [-1, 1) and size more on the diagonal.
Variable regular(Random& random, const Shape& shape) {
  const std::int64_t n = shape.back();
  const Tensor noise = random.uniform(shape, {.low = -1, .high = 1, .dtype = DType::float64});
  const Tensor diagonal = Tensor::eye(n, DType::float64);
  return wanted((diagonal * static_cast<double>(n) + noise).value());
}

// With an axis more, so that each matrix of a batch has a row of its own.
Variable expand(const Variable& x) { return x.rank() == 0 ? reshape(x, {1}) : reshape(x, {-1, 1}); }

void expect_near(const Variable& a, const Variable& b, double tolerance) {
  ASSERT_EQ(a.shape(), b.shape());
  double largest = 0;
  for (const double x : list(b)) largest = std::max(largest, std::abs(x));
  for (const double x : list(a - b)) EXPECT_LE(std::abs(x), tolerance * largest);
}

TEST(LinalgGradients, ThatOfLogdetIsTheInverseTransposed) {
  Random random(1);
  for (const Shape& shape : {Shape{20, 20}, Shape{3, 20, 20}}) {
    const Variable x = regular(random, shape);
    expect_near(gradient(sum(logdet(x)), x), swapped(inverse(x)), 1e-10);
    expect_near(gradient(sum(det(x)), x),
                reshape(swapped(inverse(x)) * reshape(det(x), {-1, 1, 1}), x.shape().dims()), 1e-10);
  }
}

TEST(LinalgGradients, ThatOfSolveIsASolveOfTheTransposed) {
  Random random(2);
  for (const Shape& shape : {Shape{20, 20}, Shape{3, 20, 20}}) {
    const Variable a = regular(random, shape);
    const Variable b = wanted(random.normal(shape)), g = wanted(random.normal(shape));
    const Variable x = solve(a, b);
    expect_near(matmul(a, x), b, 1e-12);
    const auto found = gradients(x, {a, b}, {.seeds = g});
    const Variable db = matmul(swapped(inverse(a)), g);
    expect_near(found[1], db, 1e-10);
    expect_near(found[0], -matmul(db, x, {.transpose_b = true}), 1e-10);
  }
}

TEST(LinalgGradients, BatchesAreTheirMatrices) {
  Random random(3);
  const Variable x = regular(random, {3, 4, 4});
  const auto functions = {+[](const Variable& v) { return inverse(v); },
                          +[](const Variable& v) { return cholesky(v); },
                          +[](const Variable& v) { return qr(v).q; },
                          +[](const Variable& v) { return qr(v).r; },
                          +[](const Variable& v) { return svd(v, {.full_matrices = false}).u; },
                          +[](const Variable& v) { return svd(v, {.full_matrices = false}).vh; },
                          +[](const Variable& v) { return eigh(v).vectors; },
                          +[](const Variable& v) { return eigh(v).values; },
                          +[](const Variable& v) { return expand(det(v)); },
                          +[](const Variable& v) { return expand(logdet(v)); },
                          +[](const Variable& v) { return solve(v, exp(0 * v)); }};
  for (const auto& f : functions) {
    const Variable y = f(x);
    const Tensor seed = random.normal(y.shape(), {.dtype = DType::float64});
    const Variable dx = gradients(y, {x}, {.seeds = Variable(seed)})[0];
    for (std::int64_t i = 0; i < 3; ++i) {
      const Variable one = wanted(x.value()[i]);
      const Variable part = f(one);
      expect_near(Variable(y.value()[i]), part, 1e-14);
      expect_near(Variable(dx.value()[i]), gradients(part, {one}, {.seeds = Variable(seed[i])})[0], 1e-12);
    }
  }
}

using Decompose = Variable (*)(const Variable&);

void expect_gradients(const std::vector<Decompose>& functions, const std::vector<Shape>& shapes) {
  Random random(4);
  for (const Shape& shape : shapes) {
    Tensor x = random.uniform(shape, {.low = -0.3, .high = 0.3, .dtype = DType::float64});
    for (std::int64_t i = 0; i < std::min(shape[0], shape[1]); ++i) x.set({i, i}, 1 + static_cast<double>(i));
    for (const Decompose f : functions) {
      const GradcheckResult result = gradcheck(f, {x});
      EXPECT_TRUE(result) << to_string(shape) << ": " << result.message();
    }
  }
}

TEST(LinalgGradients, ThoseOfSvdAreRightToTheSecondOrder) {
  expect_gradients({[](const Variable& x) { return svd(x, {.full_matrices = false}).u; },
                    [](const Variable& x) { return svd(x, {.full_matrices = false}).s; },
                    [](const Variable& x) { return svd(x, {.full_matrices = false}).vh; },
                    [](const Variable& x) {
                      const auto [u, s, vh] = svd(x, {.full_matrices = false});
                      return matmul(u * s * s, vh);
                    }},
                   {{4, 3}, {3, 4}, {5, 5}, {1, 4}, {4, 1}});
}

TEST(LinalgGradients, ThoseOfEighAreRightToTheSecondOrder) {
  expect_gradients(
      {[](const Variable& x) { return eigh(x).values; }, [](const Variable& x) { return eigh(x).vectors; },
       [](const Variable& x) {
         const auto [w, v] = eigh(x);
         return matmul(v * exp(w), v, {.transpose_b = true});
       }},
      {{5, 5}, {3, 3}, {1, 1}});
}

TEST(LinalgGradients, ThoseOfQrAreRightToTheSecondOrder) {
  expect_gradients({[](const Variable& x) { return qr(x).q; }, [](const Variable& x) { return qr(x).r; }},
                   {{4, 3}, {3, 4}, {5, 5}, {1, 3}, {3, 1}});
}

TEST(LinalgGradients, ThoseOfCholeskyAreRightToTheSecondOrder) {
  expect_gradients({[](const Variable& x) { return cholesky(x); }}, {{5, 5}, {3, 3}, {1, 1}});
}

TEST(LinalgGradients, DetHasThemWhereTheMatrixIsSingular) {
  for (const Tensor& x : {Tensor{{1, 2, 3}, {4, 5, 6}, {7, 8, 9}}, Tensor{{1, 0, 0}, {0, 1, 0}, {0, 0, 0}}}) {
    const GradcheckResult result = gradcheck([](const Variable& v) { return det(v); }, {x});
    EXPECT_TRUE(result) << result.message();
  }
  const Variable x = wanted(Tensor{{1, 2, 3}, {4, 5, 6}, {7, 8, 9}});
  expect_near(gradient(det(x), x), Variable(Tensor({{-3, 6, -3}, {6, -12, 6}, {-3, 6, -3}}, DType::float64)),
              1e-14);
  const Variable zeros = wanted(Tensor::zeros({3, 3}));
  EXPECT_THAT(list(gradient(det(zeros), zeros)), Each(0));
  // Of rank 1 the gradient is 0, and that of its middle element is not.
  const Variable one = wanted(Tensor{{1, 0, 0}, {0, 0, 0}, {0, 0, 0}});
  const Variable first = gradient(det(one), one, {.create_graph = true});
  EXPECT_THAT(list(first), Each(0));
  const Variable middle = sum(slice(first, {{.start = 1, .stop = 2}, {.start = 1, .stop = 2}}));
  EXPECT_THAT(list(gradient(middle, one)), ElementsAre(0, 0, 0, 0, 0, 0, 0, 0, 1));
}

TEST(LinalgGradients, ValuesThatMeetHaveThemAndTheirVectorsDoNot) {
  const Variable x = wanted(Tensor{{3, 0, 0}, {0, 3, 0}, {0, 0, 1}});
  expect_near(gradient(sum(square(svd(x, {.full_matrices = false}).s)), x), 2 * x, 1e-14);
  expect_near(gradient(sum(square(eigh(x).values)), x), 2 * x, 1e-14);
  const auto [w, v] = eigh(x);
  EXPECT_THAT(list(gradient(sum(v * Tensor({{1, 2, 3}}, DType::float64)), x)), testing::Contains(kIsNaN));
  // The vector of the third, which nothing meets, can be asked for.
  const Variable third = slice(v, {{}, {.start = 0, .stop = 1}});
  expect_near(gradient(sum(third), x),
              Variable(Tensor({{0, 0, -0.25}, {0, 0, -0.25}, {-0.25, -0.25, 0}}, DType::float64)), 1e-14);
}

TEST(LinalgGradients, SingularValuesOfZeroHaveThem) {
  const Variable x = wanted(Tensor{{1, 2}, {2, 4}, {3, 6}});
  const Variable s = svd(x, {.full_matrices = false}).s;
  EXPECT_NEAR(s.value()(1), 0, 1e-15);
  expect_near(gradient(sum(square(s)), x), 2 * x, 1e-13);
  const Variable zeros = wanted(Tensor::zeros({3, 2}));
  EXPECT_THAT(list(gradient(sum(square(svd(zeros).s)), zeros)), Each(0));
}

TEST(LinalgGradients, LogdetAddsNothingWhereItIsNotTaken) {
  const Variable x = wanted(Tensor{{{1, 2}, {2, 4}}, {{2, 0}, {0, 4}}, {{0, 1}, {1, 0}}});
  const Variable y = logdet(x);
  const Variable taken = where(Tensor(std::vector<bool>{false, true, false}), y, 0);
  expect_near(gradient(sum(taken), x),
              Variable(Tensor({{{0, 0}, {0, 0}}, {{0.5, 0}, {0, 0.25}}, {{0, 0}, {0, 0}}}, DType::float64)),
              1e-15);
  EXPECT_THAT(list(gradient(sum(y), x)), testing::Contains(kIsNaN).Times(8));
}

TEST(LinalgGradients, EmptyMatricesHaveThem) {
  const Variable none = wanted(Tensor::zeros({0, 0}));
  EXPECT_EQ(det(none).item(), 1);
  EXPECT_EQ(logdet(none).item(), 0);
  EXPECT_EQ(inverse(none).shape(), (Shape{0, 0}));
  EXPECT_EQ(solve(none, Tensor::zeros({0}, DType::float64)).shape(), (Shape{0}));
  EXPECT_EQ(cholesky(none).shape(), (Shape{0, 0}));
  EXPECT_EQ(svd(Tensor::zeros({2, 0}), {.full_matrices = true}).u.shape(), (Shape{2, 2}));
  EXPECT_TRUE(identical(svd(Tensor::zeros({2, 0}), {.full_matrices = true}).u.value(), Tensor::eye(2)));
  const Variable ones = wanted(Tensor::zeros({4, 0, 0}));
  EXPECT_THAT(list(det(ones)), Each(1));
  EXPECT_EQ(gradient(sum(det(ones)), ones).shape(), (Shape{4, 0, 0}));
  EXPECT_EQ(gradient(sum(logdet(ones)), ones, {.create_graph = true}).shape(), (Shape{4, 0, 0}));
}

TEST(LinalgGradients, BatchesOfNoneHaveThem) {
  const Variable none = wanted(Tensor::zeros({0, 3, 3}));
  const auto functions = {+[](const Variable& v) { return inverse(v); },
                          +[](const Variable& v) { return det(v); },
                          +[](const Variable& v) { return logdet(v); },
                          +[](const Variable& v) { return cholesky(v); },
                          +[](const Variable& v) { return qr(v).r; },
                          +[](const Variable& v) { return svd(v, {.full_matrices = false}).u; },
                          +[](const Variable& v) { return eigh(v).vectors; },
                          +[](const Variable& v) { return solve(v, v); }};
  for (const auto& f : functions) {
    for (const bool create_graph : {false, true}) {
      EXPECT_EQ(gradient(sum(f(none)), none, {.create_graph = create_graph}).shape(), none.shape());
    }
  }
}

TEST(LinalgGradients, QrOfDependentColumnsHasNone) {
  const Variable x = wanted(Tensor{{1, 0, 2}, {0, 0, 1}, {0, 0, 2}});
  const Variable y = sum(qr(x).q);
  EXPECT_THAT([&] { gradient(y, x); }, ThrowsMessage<ValueError>(HasSubstr("the matrix is singular")));
}

}  // namespace
}  // namespace gradus
