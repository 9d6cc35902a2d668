#include <gradus/graph/error.h>
#include <gradus/graph/gradients.h>
#include <gradus/graph/random.h>
#include <gradus/ops/activation.h>
#include <gradus/ops/elementwise.h>
#include <gradus/ops/reduction.h>
#include <gradus/ops/shape.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "../values.h"

namespace gradus {
namespace {

using testing::ElementsAre;

constexpr std::int64_t kHuge = std::int64_t{1} << 40;

Tensor indices(std::initializer_list<TensorLiteral> values) { return Tensor(values, DType::int64); }

TEST(ShapeConventions, AReshapeThatDoesNotFitSaysWhy) {
  const Tensor x = Tensor::ones({2, 3});
  expect_error<ShapeError>([&] { reshape(x, {4}); }, "[2, 3] to [4]: the shapes hold 6 and 4 elements");
  expect_error<ShapeError>([&] { reshape(x, {-1, 4}); }, "6 elements do not divide into rows of 4");
  expect_error<ShapeError>([&] { reshape(x, {-1, -1}); }, "only one extent may be -1");
  expect_error<ShapeError>([&] { reshape(x, {-2, 3}); }, "extents must not be negative");
  expect_error<ShapeError>([&] { reshape(x, {kHuge, kHuge}); }, "the number of elements overflows");
}

TEST(ShapeConventions, SizesThatOverflowAreErrorsBeforeAnythingIsAllocated) {
  const Tensor x = Tensor::ones({2, 2}), none = Tensor::zeros({0, std::int64_t{1} << 62});
  expect_error<ShapeError>([&] { tile(x, {kHuge, kHuge}); }, "tile: the number of elements of");
  expect_error<ShapeError>([&] { repeat(x, INT64_MAX, {.axis = 0}); }, "repeat: the extent 2 * 92233");
  expect_error<ShapeError>([&] { pad(x, {{INT64_MAX, 0}}); }, "pad: the extent 2 + 92233");
  expect_error<ShapeError>([&] { concatenate({none, none}, {.axis = 1}); }, "concatenate: the extent 46116");
}

TEST(ShapeConventions, HugeExtentsBesideAnEmptyAxisAreNoWork) {
  constexpr std::int64_t kWide = std::int64_t{1} << 40;
  const Tensor last = Tensor::zeros({kWide, kWide, 0}), first = Tensor::zeros({0, kWide, kWide});
  for (const Tensor& x : {last, first}) {
    EXPECT_EQ(add(x, 1).shape(), x.shape());
    EXPECT_EQ(transpose(x).value().size(), 0);
    EXPECT_EQ(slice(x, {{}, {.stop = 2}}).value().size(), 0);
    EXPECT_EQ(concatenate({x, x}, {.axis = 1}).value().size(), 0);
    EXPECT_EQ(reshape(x, {kWide, 0, kWide}).value().size(), 0);
    EXPECT_EQ(flip(x).value().size(), 0);
    EXPECT_EQ(cumsum(x, {.axis = 2}).value().size(), 0);
    EXPECT_EQ(sort(x, {.axis = 1}).value().size(), 0);
    EXPECT_EQ(softmax(x).value().size(), 0);
  }
  EXPECT_EQ(sum(first, {.axis = {1, 2}}).value().size(), 0);
  EXPECT_EQ(top_k(last, 0).values.value().size(), 0);
  EXPECT_EQ(tile(first, {1, 1, 1}).value().size(), 0);
}

TEST(ShapeConventions, IntegersWrapAround) {
  const std::int64_t most = std::numeric_limits<std::int64_t>::max();
  const Tensor x(std::vector<std::int64_t>{most, 1}, Shape{2});
  EXPECT_EQ(sum(x).value().item<std::int64_t>(), std::numeric_limits<std::int64_t>::min());
  EXPECT_EQ(cumsum(x).value().to_vector<std::int64_t>()[1], std::numeric_limits<std::int64_t>::min());
  const Tensor zero(std::vector<std::int64_t>{0}, Shape{1}), twice(std::vector<std::int64_t>{0, 0}, Shape{2});
  EXPECT_EQ(scatter_add(zero, twice, x).value().item<std::int64_t>(),
            std::numeric_limits<std::int64_t>::min());
}

TEST(ShapeConventions, TransposeNeedsAPermutation) {
  const Tensor x = Tensor::ones({2, 3});
  for (const Axes& axes : {Axes{0, 0}, Axes{0, 2}, Axes{0, 1, 2}}) {
    expect_error<ShapeError>([&] { transpose(x, {.axes = axes}); }, "are no permutation of 2 axes");
  }
}

TEST(ShapeConventions, WhatIsJoinedFits) {
  const Tensor a = Tensor::ones({2, 3}), b = Tensor::ones({2, 4});
  expect_error<ShapeError>([&] { concatenate({a, Tensor::ones({3})}); }, "a is [2, 3], b is [3]");
  expect_error<ShapeError>([&] { concatenate({a, b}); }, "the operands differ outside axis 0");
  expect_error<ShapeError>([&] { concatenate({}); }, "concatenate: the list of operands is empty");
  expect_error<ShapeError>([&] { stack({a, b}); }, "stack: the operands' shapes differ: a is [2, 3]");
  expect_error<ShapeError>([&] { stack({}); }, "stack: the list of operands is empty");
  expect_error<DTypeError>([&] { stack({a, indices({{1, 2, 3}, {4, 5, 6}})}); }, "dtypes differ");
}

TEST(ShapeConventions, ASliceThatIsNoneIsAnError) {
  const Tensor x = Tensor::ones({2, 3});
  expect_error<ValueError>([&] { slice(x, {{.step = 0}}); }, "the step of ::0 is no step");
  expect_error<ShapeError>([&] { slice(x, {{}, {}, {}}); }, "3 slices for 2 axes");
  expect_error<ShapeError>([&] { broadcast_to(x, {3}); }, "does not broadcast to [3]");
}

using Along = std::function<void(const Tensor&, std::int64_t)>;
const std::vector<Along> kAlong = {
    [](const Tensor& x, std::int64_t axis) {
      concatenate({x, x}, {.axis = axis});
    },
    [](const Tensor& x, std::int64_t axis) { squeeze(x, {.axis = axis}); },
    [](const Tensor& x, std::int64_t axis) { unstack(x, {.axis = axis}); },
    [](const Tensor& x, std::int64_t axis) { split(x, 1, {.axis = axis}); },
    [](const Tensor& x, std::int64_t axis) { take(x, 0, {.axis = axis}); },
    [](const Tensor& x, std::int64_t axis) { take_along_axis(x, indices({{0}}), {.axis = axis}); },
    [](const Tensor& x, std::int64_t axis) { repeat(x, 2, {.axis = axis}); },
    [](const Tensor& x, std::int64_t axis) { flip(x, {.axis = axis}); },
    [](const Tensor& x, std::int64_t axis) { roll(x, 1, {.axis = axis}); },
    [](const Tensor& x, std::int64_t axis) { moveaxis(x, axis, 0); },
    [](const Tensor& x, std::int64_t axis) { swapaxes(x, 0, axis); },
};

TEST(ShapeConventions, AnAxisOutOfRangeIsAnError) {
  const Tensor x = Tensor::ones({1, 1});
  for (const Along& call : kAlong) {
    for (const std::int64_t axis : {2, -3, 99}) {
      expect_error<ShapeError>([&] { call(x, axis); },
                               "axis " + std::to_string(axis) + " is out of range [-2, 1]");
    }
    call(x, -1);
  }
  expect_error<ShapeError>([&] { stack({x, x}, {.axis = 3}); }, "axis 3 is out of range [-3, 2]");
  expect_error<ShapeError>([&] { expand_dims(x, {.axis = -4}); }, "axis -4 is out of range [-3, 2]");
}

TEST(ShapeConventions, ARepeatedAxisIsAnError) {
  const Tensor x = Tensor::ones({1, 1});
  for (const Axes& axes : {Axes{0, 0}, Axes{0, -2}}) {
    const std::string text = "axis 0 is repeated in " + to_string(axes);
    expect_error<ShapeError>([&] { squeeze(x, {.axis = axes}); }, text);
    expect_error<ShapeError>([&] { flip(x, {.axis = axes}); }, text);
    expect_error<ShapeError>([&] { roll(x, 1, {.axis = axes}); }, text);
    expect_error<ShapeError>([&] { moveaxis(x, axes, {0, 1}); }, text);
    expect_error<ShapeError>([&] { moveaxis(x, {0, 1}, axes); }, text);
  }
  expect_error<ShapeError>([&] { expand_dims(x, {.axis = {0, -4}}); }, "axis 0 is repeated in [0, -4]");
}

TEST(ShapeConventions, AnIndexOutOfRangeIsAnErrorWithItsLimits) {
  const Tensor x = Tensor::ones({3, 2});
  for (const std::int64_t index : {std::int64_t{3}, std::int64_t{-4}, std::int64_t{1} << 62, INT64_MIN}) {
    const std::string text = "index " + std::to_string(index) + " is out of range [-3, 2]";
    const Tensor at(std::vector<std::int64_t>{0, index}), column = at.reshape({2, 1});
    expect_error<ValueError>([&] { take(x, at, {.axis = 0}); }, "take: " + text);
    expect_error<ValueError>([&] { take(x, index, {.axis = 0}); }, "take: " + text);
    expect_error<ValueError>([&] { take_along_axis(x, column, {.axis = 0}); }, "take_along_axis: " + text);
    expect_error<ShapeError>([&] { scatter_add(x, at, x); }, "scatter_add: the updates must be [2, 2]");
    expect_error<ValueError>([&] { scatter_add(x, at, Tensor::ones({2, 2})); }, "scatter_add: " + text);
  }
  expect_error<ValueError>([] { take(Tensor::zeros({0}), 0); }, "index 0 of an empty axis");
}

TEST(ShapeConventions, IndicesAreIntegers) {
  const Tensor x = Tensor::ones({3});
  expect_error<DTypeError>([&] { take(x, Tensor{0, 1}); }, "the indices must be integers");
  expect_error<DTypeError>([&] { take(x, 0.5); }, "the indices must be integers");
  expect_error<DTypeError>([&] { take(x, Tensor(std::vector<bool>{true})); }, "must be integers");
  EXPECT_EQ(take(Tensor{5, 6, 7}, -1).item(), 7);
  EXPECT_THAT(list(take(Tensor{5, 6, 7}, Tensor({2, -3}, DType::int32))), ElementsAre(7, 5));
}

TEST(ShapeConventions, EveryDTypePassesThrough) {
  for (const DType dtype : {DType::float64, DType::int32, DType::int64, DType::boolean}) {
    const Tensor x({{1, 0}, {0, 1}}, dtype);
    for (const Variable& y :
         {flatten(x), expand_dims(x), squeeze(x), stack({x, x}), unstack(x)[1], split(x, 2)[1],
          take(x, indices({1, 1})), take_along_axis(x, indices({{1}, {0}})), pad(x, {{1, 1}}),
          pad(x, {{1, 1}}, {.mode = "reflect"}), tile(x, 2), repeat(x, 2), repeat(x, {1, 2}, {.axis = 0}),
          flip(x), roll(x, 1), moveaxis(x, 0, 1), swapaxes(x, 0, 1)}) {
      EXPECT_EQ(y.dtype(), dtype);
    }
    EXPECT_THAT(list(flip(x, {.axis = 0})), ElementsAre(0, 1, 1, 0));
  }
  const Tensor counts({1, 2}, DType::int32);
  EXPECT_THAT(list(scatter_add(counts, indices({1, 1}), Tensor({5, 5}, DType::int32))), ElementsAre(1, 12));
}

TEST(ShapeConventions, SplitComesOutEvenOrCutsWhereItIsTold) {
  const Tensor x = Tensor::arange(6);
  expect_error<ShapeError>([&] { split(x, 4); }, "axis 0 does not divide into 4 equal parts: x is [6]");
  expect_error<ValueError>([&] { split(x, 0); }, "split: 0 parts");
  EXPECT_EQ(split(x, {4}).size(), 2U);
  EXPECT_EQ(split(x, 2).size(), 2U);
  EXPECT_THAT(list(split(x, {1, 1, 4})[2]), ElementsAre(1, 2, 3));
  EXPECT_EQ(split(x, {INT64_MIN, INT64_MAX})[1].shape(), (Shape{6}));
}

TEST(ShapeConventions, GradientsOfValuesTakenTwiceAdd) {
  const Parameter x("x", {1, 2, 3});
  const Variable y = sum(take(x, indices({0, 2, 0, -3})) * Tensor{1, 2, 3, 4});
  EXPECT_THAT(list(gradient(y, x)), ElementsAre(8, 0, 2));
  const Variable padded = sum(pad(x, {{4, 0}}, {.mode = "reflect"}));
  EXPECT_THAT(list(gradient(padded, x)), ElementsAre(2, 3, 2));
}

// Rows of many lengths, some of whole vectors and some not.
TEST(ShapeConventions, ValuesAreFoundWhereTheyWereMovedAtEverySize) {
  for (const std::int64_t n : {3, 4, 15, 16, 64, 67, 300, 1031}) {
    for (const std::int64_t rows : {1, 3, 4, 21}) {
      const Tensor x = Tensor::arange(rows * n).reshape({rows, n});
      const Tensor column = Tensor::arange(rows).reshape({rows, 1});
      Tensor reverse = Tensor::empty({rows, n}, DType::int64);  // every other one counted from the end
      for (std::int64_t i = 0; i < rows; ++i) {
        for (std::int64_t j = 0; j < n; ++j)
          reverse.set({i, j}, static_cast<double>(j % 2 == 0 ? n - 1 - j : -1 - j));
      }
      const Tensor rolled = roll(x, 1, {.axis = 1}).value(), turned = transpose(x).value();
      const Tensor wide = broadcast_to(column, {rows, n}).value(), sum = add(x, column).value();
      const Tensor joined = concatenate({column, x}, {.axis = 1}).value();
      const Tensor reversed = take_along_axis(x, reverse).value();
      for (std::int64_t i = 0; i < rows; ++i) {
        for (std::int64_t j = 0; j < n; ++j) {
          const auto value = static_cast<double>(i * n + j), row = static_cast<double>(i);
          ASSERT_EQ(rolled(i, (j + 1) % n), value);
          ASSERT_EQ(turned(j, i), value);
          ASSERT_EQ(wide(i, j), row);
          ASSERT_EQ(sum(i, j), value + row);
          ASSERT_EQ(joined(i, j + 1), value);
          ASSERT_EQ(reversed(i, n - 1 - j), value);
        }
      }
    }
  }
}

TEST(ShapeConventions, AnIndexOutOfRangeIsFoundAmongMany) {
  Tensor places = Tensor::zeros({2, 9}, DType::int64);
  for (const std::int64_t wrong : {5, -6}) {
    places.set({1, 6}, static_cast<double>(wrong));
    const std::string text = "take_along_axis: index " + std::to_string(wrong) + " is out of range [-5, 4]";
    expect_error<ValueError>([&] { take_along_axis(Tensor::ones({2, 5}), places); }, text);
    expect_error<ValueError>([&] { take_along_axis(Tensor::ones({1, 5}), places); }, text);
  }
  const std::string text = "take_along_axis: index 0 of an empty axis";
  expect_error<ValueError>(
      [&] {
        take_along_axis(Tensor::ones({2, 0}), Tensor::zeros({2, 1}, DType::int64));
      },
      text);
}

TEST(ShapeConventions, APadModeHasAName) {
  const Tensor x = Tensor::ones({2});
  expect_error<ValueError>([&] { pad(x, {{1, 1}}, {.mode = "wrap"}); }, "unknown pad mode 'wrap'; known are");
  expect_error<ValueError>([&] { pad(x, {{-1, 1}}); }, "pad: the width -1 is negative");
  expect_error<ValueError>(
      [&] {
        pad(indices({1}), {{1, 1}}, {.constant_values = 0.5});
      },
      "the constant 0.5 is no int64");
  EXPECT_THAT(list(pad(Tensor{1, 2, 3}, {{2, 1}}, {.mode = "symmetric"})), ElementsAre(2, 1, 1, 2, 3, 3));
}

}  // namespace
}  // namespace gradus
