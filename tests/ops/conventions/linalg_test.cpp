// The conventions of linear algebra, one test each.

#include <gradus/graph/error.h>
#include <gradus/graph/gradients.h>
#include <gradus/graph/random.h>
#include <gradus/ops/elementwise.h>
#include <gradus/ops/linalg.h>
#include <gradus/ops/reduction.h>
#include <gradus/ops/shape.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "../values.h"

namespace gradus {
namespace {

using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::ThrowsMessage;

Variable stack_of(const Tensor& a, const Tensor& b) {
  return concatenate({reshape(a, {1, 2, 2}), reshape(b, {1, 2, 2})});
}

TEST(LinalgConventions, InnerSizesAndBatchesThatDifferAreNamed) {
  const Tensor a = Tensor::ones({2, 3}), batch = Tensor::ones({2, 2, 3}), other = Tensor::ones({3, 3, 2});
  EXPECT_THAT([&] { matmul(a, a); },
              ThrowsMessage<ShapeError>(HasSubstr("matmul: inner sizes differ, 3 and 2")));
  EXPECT_THAT([&] { matmul(Tensor::scalar(1), a); },
              ThrowsMessage<ShapeError>(HasSubstr("matmul: needs rank 1 or more")));
  EXPECT_THAT([&] { matmul(batch, other); },
              ThrowsMessage<ShapeError>(HasSubstr("matmul: batch sizes [2] and [3] do not broadcast")));
  EXPECT_THAT([&] { dot(a, a); }, ThrowsMessage<ShapeError>(HasSubstr("dot: inner sizes differ, 3 and 2")));
}

TEST(LinalgConventions, AProductOverNothingIsZeros) {
  const Tensor a = Tensor::ones({2, 0}), b = Tensor::ones({0, 3}), zeros = Tensor::zeros({2, 3});
  for (const Variable& y : {matmul(a, b), dot(a, b), tensordot(a, b, {.axes = 1}), einsum("ij,jk", {a, b})}) {
    EXPECT_TRUE(identical(y.value(), zeros));
  }
  const Parameter w("w", a);
  EXPECT_EQ(gradient(sum(matmul(w, b)), w).shape(), (Shape{2, 0}));
}

TEST(LinalgConventions, IntegersStayIntegersInProducts) {
  const Tensor a({{1, 2}, {3, 4}}, DType::int64), v({1, 2, 3}, DType::int32);
  for (const Variable& y : {dot(a, a), outer(a, a), tensordot(a, a), kron(a, a), einsum("ij,jk", {a, a}),
                            trace(a), diag(a), diagonal(a), tril(a), triu(a)}) {
    EXPECT_EQ(y.dtype(), DType::int64);
  }
  EXPECT_EQ(cross(v, v).dtype(), DType::int32);
  EXPECT_EQ(inverse(a).dtype(), DType::float32);
  EXPECT_EQ(svd(a).s.dtype(), DType::float32);
}

TEST(LinalgConventions, StructureTakesEveryDtype) {
  const Tensor flags(std::vector<bool>{true, false, true, true}, {2, 2});
  EXPECT_EQ(tril(flags).dtype(), DType::boolean);
  EXPECT_THAT(list(triu(flags)), ElementsAre(1, 0, 0, 1));
  EXPECT_THAT(list(diagonal(flags)), ElementsAre(1, 1));
  EXPECT_EQ(diag(diag(flags)).dtype(), DType::boolean);
  EXPECT_EQ(trace(flags).dtype(), DType::int64);
  EXPECT_EQ(trace(flags).item(), 2);
}

TEST(LinalgConventions, TheTriangleNotTakenAddsNothing) {
  const Parameter x("x", {{1, 2}, {3, 4}});
  const Variable poisoned = x / Tensor{{1, 0}, {1, 1}};
  EXPECT_THAT(list(tril(poisoned)), ElementsAre(1, 0, 3, 4));
  EXPECT_THAT(list(gradient(sum(tril(poisoned)), x)), ElementsAre(1, 0, 1, 1));
}

TEST(LinalgConventions, CrossTakesVectorsOfThreeOnly) {
  EXPECT_THAT(
      [] {
        cross(Tensor{1, 2}, Tensor{3, 4});
      },
      ThrowsMessage<ShapeError>(HasSubstr("cross: needs 3 elements along axis -1: a is [2], b is [2]")));
  EXPECT_THAT(list(cross(Tensor{1, 0, 0}, Tensor{0, 1, 0})), ElementsAre(0, 0, 1));
}

TEST(LinalgConventions, OnlyTheEllipsisOfEinsumBroadcasts) {
  EXPECT_THAT(
      [] {
        einsum("ij,ij->ij", {Tensor::ones({1, 3}), Tensor::ones({2, 3})});
      },
      ThrowsMessage<ShapeError>(HasSubstr("'i' has the extents 1 and 2")));
  EXPECT_EQ(einsum("...j,...j->...j", {Tensor::ones({1, 3}), Tensor::ones({2, 3})}).shape(), (Shape{2, 3}));
}

TEST(LinalgConventions, TensordotTakesACountOrTwoLists) {
  const Tensor a{{1, 2}, {3, 4}};
  EXPECT_EQ(tensordot(a, a).item(), 30);
  EXPECT_EQ(tensordot(a, a, {.axes = {{0, 1}, {1, 0}}}).item(), 29);
  EXPECT_THAT(list(tensordot(a, a, {.axes = {{0}, {0}}})), ElementsAre(10, 14, 14, 20));
  EXPECT_EQ(tensordot(a, a, {.axes = 0}).shape(), (Shape{2, 2, 2, 2}));
}

TEST(LinalgConventions, ABOfOneAxisLessThanAIsAVector) {
  const Tensor a = Tensor{{{2, 0}, {0, 4}}, {{1, 0}, {0, 8}}};
  EXPECT_THAT(list(solve(a, Tensor{{2, 4}, {3, 8}})), ElementsAre(1, 1, 3, 1));
  EXPECT_THAT(list(solve(a, Tensor{8, 8})), ElementsAre(4, 2, 8, 1));
  EXPECT_EQ(solve(a, Tensor::ones({1, 2, 5})).shape(), (Shape{2, 2, 5}));
}

TEST(LinalgConventions, ASingularMatrixIsAnErrorWithItsPlace) {
  const Tensor batch = Tensor{{{{1, 0}, {0, 1}}}, {{{1, 2}, {2, 4}}}};
  EXPECT_THAT([&] { inverse(batch); },
              ThrowsMessage<ValueError>(HasSubstr("inverse: the matrix at [1, 0] is singular (linalg_test")));
  EXPECT_THAT(
      [&] {
        solve(batch, Tensor{1, 1});
      },
      ThrowsMessage<ValueError>(HasSubstr("solve: the matrix at [1, 0] is singular")));
  EXPECT_THAT([&] { cholesky(batch); },
              ThrowsMessage<ValueError>(
                  HasSubstr("the matrix at [1, 0] is not positive definite: pivot 1 is not positive")));
}

TEST(LinalgConventions, LogdetIsNaNOrInfiniteWhereThereIsNoLogarithm) {
  EXPECT_THAT(logdet(Tensor{{0, 1}, {1, 0}}).item(), kIsNaN);
  EXPECT_EQ(logdet(Tensor{{1, 2}, {2, 4}}).item(), -kInf);
  EXPECT_EQ(det(Tensor{{1, 2}, {2, 4}}).item(), 0);
  const Tensor large = (Tensor::eye(400, DType::float64) * 1e10).value();
  EXPECT_NEAR(logdet(large).item(), 4000 * std::log(10), 1e-10);
  EXPECT_EQ(det(large).item(), kInf);
}

TEST(LinalgConventions, DetDoesNotOverflowOnTheWay) {
  const Tensor x = diag(Tensor({1e200, 1e200, 1e-200, 1e-200}, DType::float64)).value();
  EXPECT_NEAR(det(x).item(), 1, 1e-14);
}

TEST(LinalgConventions, TheDecompositionsOfSymmetricMatricesSymmetriseTheirOperand) {
  const Tensor x{{4, 3}, {1, 5}}, symmetric{{4, 2}, {2, 5}};
  EXPECT_TRUE(identical(cholesky(x).value(), cholesky(symmetric).value()));
  EXPECT_TRUE(identical(eigh(x).vectors.value(), eigh(symmetric).vectors.value()));
  const Parameter p("p", x);
  const Variable dx = gradient(sum(cholesky(p)), p);
  EXPECT_EQ(dx.value()(0, 1), dx.value()(1, 0));
}

TEST(LinalgConventions, VectorsHaveCanonicalSigns) {
  Random random(1);
  for (const Shape& shape : {Shape{5, 5}, Shape{7, 3}, Shape{3, 7}}) {
    const Tensor x = random.normal(shape, {.dtype = DType::float64});
    const Variable u = svd(x, {.full_matrices = false}).u;
    EXPECT_THAT(list(max(u, {.axis = 0})), testing::Pointwise(testing::Eq(), list(max(abs(u), {.axis = 0}))));
    EXPECT_TRUE(all_close(u.value(), svd(-Variable(x), {.full_matrices = false}).u.value()));
    EXPECT_TRUE(all_close(u.value().cast(DType::float32),
                          svd(x.cast(DType::float32), {.full_matrices = false}).u.value(), {.atol = 1e-5}));
  }
  const Tensor tied({{0, -1}, {-1, 0}}, DType::float64);
  EXPECT_GT(eigh(tied).vectors.value()(0, 0), 0);
  EXPECT_GT(eigh(tied).vectors.value()(0, 1), 0);
}

TEST(LinalgConventions, TheSignsOfQrAreLapacks) {
  const auto [q, r] = qr(Tensor({{3, 1}, {4, 2}}, DType::float64));
  EXPECT_NEAR(r.value()(0, 0), -5, 1e-14);
  EXPECT_NEAR(q.value()(0, 0), -0.6, 1e-15);
}

TEST(LinalgConventions, FullMatricesOfSvdAreOrthogonal) {
  Random random(2);
  for (const Shape& shape : {Shape{4, 2}, Shape{2, 4}, Shape{3, 3}}) {
    for (const Tensor& x : {random.normal(shape, {.dtype = DType::float64}),
                            Tensor::ones(shape, DType::float64), Tensor::zeros(shape, DType::float64)}) {
      const auto [u, s, vh] = svd(x, {.full_matrices = true});
      const auto near = [](const Variable& a, const Tensor& b) {
        return all_close(a.value(), b, {.atol = 1e-14});
      };
      EXPECT_TRUE(near(matmul(u, u, {.transpose_b = true}), Tensor::eye(shape[0], DType::float64)));
      EXPECT_TRUE(near(matmul(vh, vh, {.transpose_b = true}), Tensor::eye(shape[1], DType::float64)));
      const auto [thin_u, thin_s, thin_vh] = svd(x, {.full_matrices = false});
      EXPECT_TRUE(near(matmul(thin_u * thin_s, thin_vh), x));
      EXPECT_TRUE(identical(s.value(), thin_s.value()));
    }
  }
}

TEST(LinalgConventions, SvdHoldsOverAllMagnitudes) {
  const Tensor x = diag(Tensor({1e150, 1, 1e-150}, DType::float64)).value();
  EXPECT_THAT(list(svd(x, {.full_matrices = false}).s),
              ElementsAre(1e150, testing::DoubleNear(1, 1e-15), testing::DoubleNear(0, 1e-149)));
  const Tensor tiny = (Tensor::eye(2, DType::float64) * 1e-300).value();
  EXPECT_THAT(list(svd(tiny).s), Each(1e-300));
}

TEST(LinalgConventions, NaNAndInfinityGiveNaN) {
  for (const double bad : {std::nan(""), kInf}) {
    const Tensor x({{bad, 1}, {1, 2}}, DType::float64);
    for (const Variable& y : {inverse(x), solve(x, Tensor({1, 2}, DType::float64)), cholesky(x), qr(x).q,
                              qr(x).r, svd(x, {.full_matrices = false}).u, svd(x, {.full_matrices = false}).s,
                              svd(x, {.full_matrices = false}).vh, eigh(x).values, eigh(x).vectors}) {
      EXPECT_THAT(list(y), Each(kIsNaN));
    }
    const Variable two = inverse(stack_of(x, Tensor::eye(2, DType::float64)));
    EXPECT_EQ(two.value()(1, 0, 0), 1);
  }
  EXPECT_THAT(det(Tensor{{NAN, 1}, {1, 2}}).item(), kIsNaN);
  EXPECT_THAT(logdet(Tensor{{1, 1}, {NAN, 2}}).item(), kIsNaN);
}

}  // namespace
}  // namespace gradus
