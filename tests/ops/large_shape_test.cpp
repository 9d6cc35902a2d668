#include "values.h"

#include <gradus/gradus.h>

// Ops that move values at sizes where they run in tiles and on several threads, beside plain indexing.

namespace gradus {
namespace {

TEST(Transpose, MovesEachValueAtEverySizeAndPermutation) {
  Random random(3);
  for (const Shape& shape : {Shape{70, 33, 5}, Shape{16, 48, 32}, Shape{3, 500, 301}, Shape{400, 2, 90}}) {
    const Tensor x = random.uniform(shape);
    for (const Axes& axes : {Axes{2, 1, 0}, Axes{0, 2, 1}, Axes{1, 2, 0}, Axes{2, 0, 1}, Axes{1, 0, 2}}) {
      for (const DType dtype : {DType::float32, DType::float64}) {
        const Tensor y = transpose(x.cast(dtype), {.axes = axes}).value();
        for (std::int64_t i = 0; i < shape[0]; i += 1 + i / 3) {
          for (std::int64_t j = 0; j < shape[1]; ++j) {
            for (std::int64_t k = 0; k < shape[2]; ++k) {
              const std::int64_t from[3] = {i, j, k};
              ASSERT_EQ(x(i, j, k), y(from[axes[0]], from[axes[1]], from[axes[2]])) << to_string(axes);
            }
          }
        }
      }
    }
  }
}

TEST(Parts, JoinedAgainAreTheWholeAndSoAreTheirGradients) {
  Random random(4);
  const Tensor x = random.uniform({60, 48}), g = random.uniform({60, 48});
  const auto expect_whole = [&](const auto& apart, const auto& joined) {
    const Variable at(x, {.requires_grad = true});
    const Variable y = joined(apart(at));
    EXPECT_TRUE(identical(y.value(), x));
    EXPECT_TRUE(identical(gradients({y}, {at}, {.seeds = {Variable(g)}})[0].value(), g));
    // Recorded, the gradient is made of ops and is the same.
    EXPECT_TRUE(
        identical(gradients({y}, {at}, {.create_graph = true, .seeds = {Variable(g)}})[0].value(), g));
  };
  const auto operands = [](const std::vector<Variable>& parts) {
    return std::vector<Operand>(parts.begin(), parts.end());
  };
  for (const std::int64_t axis : {0, 1}) {
    const auto stacked = [&](const std::vector<Variable>& parts) {
      return stack(operands(parts), {.axis = axis});
    };
    const auto side_by_side = [&](const std::vector<Variable>& parts) {
      return concatenate(operands(parts), {.axis = axis});
    };
    expect_whole([&](const Variable& v) { return unstack(v, {.axis = axis}); }, stacked);
    expect_whole([&](const Variable& v) { return split(v, 6, {.axis = axis}); }, side_by_side);
    expect_whole([&](const Variable& v) { return split(v, {5, 17}, {.axis = axis}); }, side_by_side);
  }
}

TEST(Parts, OnePartAloneLeavesZerosElsewhere) {
  const Variable x(Tensor::ones({4, 3}), {.requires_grad = true});
  EXPECT_THAT(list(gradient(sum(split(x, {1, 3}, {.axis = 0})[1]), x)),
              testing::ElementsAre(0, 0, 0, 1, 1, 1, 1, 1, 1, 0, 0, 0));
  EXPECT_THAT(list(gradient(sum(unstack(x, {.axis = 1})[2]), x)),
              testing::ElementsAre(0, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0, 1));
}

TEST(TakeAlongAxis, TakesAndAddsBackAlongEveryAxis) {
  Random random(5);
  const Tensor x = random.uniform({7, 90, 40});
  for (const std::int64_t axis : {0, 1, 2}) {
    const Tensor order =
        reshape(Variable(Tensor::arange(x.dim(axis), DType::int64)), axis == 0   ? Dims{7, 1, 1}
                                                                     : axis == 1 ? Dims{1, 90, 1}
                                                                                 : Dims{1, 1, 40})
            .value();
    const Tensor back = flip(broadcast_to(order, x.shape()), {.axis = axis}).value();
    const Variable at(x, {.requires_grad = true});
    const Variable y = take_along_axis(at, back, {.axis = axis});
    EXPECT_TRUE(identical(y.value(), flip(x, {.axis = axis}).value()));
    EXPECT_TRUE(identical(gradients({y}, {at}, {.seeds = {y.detach()}})[0].value(), x));
  }
}

TEST(Triangles, MeetOnTheDiagonalTheyShare) {
  Random random(6);
  const Tensor x = random.uniform({2, 37, 50});
  for (const std::int64_t k : {-40, -3, 0, 5, 60}) {
    const Tensor both = add(tril(x, {.k = k}), triu(x, {.k = k + 1})).value();
    EXPECT_TRUE(identical(both, x)) << k;
  }
}

}  // namespace
}  // namespace gradus
