#include <gradus/graph/error.h>
#include <gradus/graph/shape.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace gradus {
namespace {

std::vector<std::int64_t> list(const Dims& dims) { return {dims.begin(), dims.end()}; }

using testing::ElementsAre;
using testing::HasSubstr;
using testing::ThrowsMessage;

TEST(Dims, KeepShortAndLongLists) {
  const Dims few{1, 2, 3, 4}, many{1, 2, 3, 4, 5, 6};
  EXPECT_THAT(list(few), ElementsAre(1, 2, 3, 4));
  EXPECT_THAT(list(many), ElementsAre(1, 2, 3, 4, 5, 6));
  EXPECT_THAT(list(Dims(5, 7)), ElementsAre(7, 7, 7, 7, 7));
  EXPECT_TRUE(Dims().empty());
}

TEST(Dims, CopyAndMoveBetweenShortAndLongLists) {
  const Dims few{1, 2}, many{1, 2, 3, 4, 5};
  Dims dims = many;
  EXPECT_EQ(dims, many);
  dims = few;
  EXPECT_EQ(dims, few);
  Dims other = many;
  dims = std::move(other);
  EXPECT_EQ(dims, many);
  EXPECT_TRUE(other.empty());  // NOLINT: what a move leaves is what is tested
  Dims taken(std::move(dims));
  EXPECT_EQ(taken, many);
  const Dims& same = taken;
  taken = same;
  EXPECT_EQ(taken, many);
}

TEST(Dims, TakeIntegersOfEveryType) {
  const std::size_t rows = 3;
  const std::int32_t columns = 4;
  EXPECT_THAT(list((Dims{rows, columns, 5L, 'a'})), ElementsAre(3, 4, 5, 97));
  EXPECT_THAT(list(Axes(-1)), ElementsAre(-1));
  EXPECT_THAT(list((Axes{0, 1})), ElementsAre(0, 1));
}

TEST(Shape, KeepsTheZeroAtTheEndOfAList) {
  EXPECT_EQ(to_string(Shape{2, 2, 2, 0}), "[2, 2, 2, 0]");
  EXPECT_EQ(to_string(Axes{1, 1, 1, 0}), "[1, 1, 1, 0]");
}

TEST(Shape, CountsElements) {
  EXPECT_EQ(Shape().elements(), 1);
  EXPECT_EQ((Shape{2, 3, 4}).elements(), 24);
  EXPECT_EQ((Shape{2, 0, 4}).elements(), 0);
  EXPECT_EQ(Shape(std::vector<std::int64_t>{50000, 50000}).elements(), 2500000000);
}

TEST(Shape, CountsAxesFromBothEnds) {
  const Shape shape{2, 3, 4};
  EXPECT_EQ(shape.rank(), 3);
  EXPECT_EQ(shape.dim(0), 2);
  EXPECT_EQ(shape.dim(-1), 4);
  EXPECT_EQ(shape.front(), 2);
  EXPECT_EQ(shape.back(), 4);
  EXPECT_EQ(shape.normalize_axis(-3), 0U);
  for (const std::int64_t axis : {std::int64_t{3}, std::int64_t{-4}, std::int64_t{99}, INT64_MIN}) {
    EXPECT_THAT([&] { shape.dim(axis); },
                ThrowsMessage<ShapeError>(HasSubstr("axis " + std::to_string(axis) + " is out of range")));
  }
  EXPECT_THROW(Shape().back(), ShapeError);
}

TEST(Shape, RefusesNegativeExtents) {
  EXPECT_THAT(
      [] {
        Shape({2, -3});
      },
      ThrowsMessage<ShapeError>(HasSubstr("extents must not be negative, got [2, -3]")));
}

TEST(Shape, RefusesAProductThatOverflows) {
  const std::int64_t big = std::int64_t{1} << 32;
  EXPECT_THAT(
      [&] {
        Shape({big, big});
      },
      ThrowsMessage<ShapeError>(HasSubstr("[4294967296, 4294967296] overflows")));
  // 4194305 * 4194305 * 211106198978564 wraps to 4.
  EXPECT_THAT(
      [] {
        Shape({4194305, 4194305, 211106198978564});
      },
      ThrowsMessage<ShapeError>(HasSubstr("overflows")));
  EXPECT_EQ((Shape{big, big, 0}).elements(), 0);
}

TEST(Shape, IsWrittenInBrackets) {
  EXPECT_EQ(to_string(Shape{3, 4}), "[3, 4]");
  EXPECT_EQ(to_string(Shape()), "[]");
}

TEST(Shape, IsAScalarAfterAMove) {
  Shape shape{2, 3};
  const Shape taken = std::move(shape);
  EXPECT_EQ(taken, (Shape{2, 3}));
  EXPECT_EQ(shape, Shape());  // NOLINT: what a move leaves is what is tested
  EXPECT_EQ(shape.elements(), 1);
}

TEST(BroadcastShapes, FollowsNumpy) {
  const auto broadcast = [](const Shape& a, const Shape& b) { return broadcast_shapes(a, b); };
  EXPECT_EQ(broadcast({2, 3}, {2, 3}).shape, (Shape{2, 3}));
  EXPECT_EQ(broadcast({2, 3}, {3}).shape, (Shape{2, 3}));
  EXPECT_EQ(broadcast({}, {2, 3}).shape, (Shape{2, 3}));
  EXPECT_EQ(broadcast({4, 1, 3}, {5, 1}).shape, (Shape{4, 5, 3}));
  EXPECT_EQ(broadcast({2, 1}, {1, 3}).shape, (Shape{2, 3}));
  EXPECT_EQ(broadcast({0, 3}, {1, 3}).shape, (Shape{0, 3}));
  EXPECT_EQ(broadcast({1}, {0}).shape, (Shape{0}));
  EXPECT_FALSE(broadcast({2, 3}, {2}).ok);
  EXPECT_FALSE(broadcast({0}, {2}).ok);
  EXPECT_FALSE(broadcast({2, 3}, {3, 2}).ok);
}

TEST(BroadcastShapes, RefusesAProductThatOverflows) {
  const std::int64_t big = std::int64_t{1} << 31;
  EXPECT_THROW(broadcast_shapes({big, 1}, {1, big}), ShapeError);
}

TEST(Reshaped, WorksOutOneExtent) {
  EXPECT_EQ(reshaped({2, 6}, Dims{3, -1}), (Shape{3, 4}));
  EXPECT_EQ(reshaped({2, 6}, Dims{-1}), (Shape{12}));
  EXPECT_EQ(reshaped({1}, Dims{}), Shape());
  EXPECT_EQ(reshaped({0, 3}, Dims{-1, 3}), (Shape{0, 3}));
  EXPECT_EQ(reshaped({0, 3}, Dims{5, 0}), (Shape{5, 0}));
}

TEST(Reshaped, NamesBothShapesAndWhatIsWrong) {
  const auto refusal = [](const Dims& dims) -> std::string {
    try {
      return to_string(reshaped({2, 6}, dims));
    } catch (const ShapeError& error) {
      return error.what();
    }
  };
  EXPECT_THAT(refusal({5, 2}), HasSubstr("reshape: [2, 6] to [5, 2]: the shapes hold 12 and 10 elements"));
  EXPECT_THAT(refusal({5, -1}), HasSubstr("12 elements do not divide into rows of 5"));
  EXPECT_THAT(refusal({0, -1}), HasSubstr("do not divide"));
  EXPECT_THAT(refusal({-1, -1}), HasSubstr("only one extent may be -1"));
  EXPECT_THAT(refusal({-2, -6}), HasSubstr("must not be negative"));
  EXPECT_THAT(refusal({std::int64_t{1} << 62, 8}), HasSubstr("overflows"));
}

}  // namespace
}  // namespace gradus
