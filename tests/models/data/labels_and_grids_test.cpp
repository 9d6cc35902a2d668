#include <gradus/graph/error.h>
#include <gradus/models/data/linspace.h>
#include <gradus/models/data/meshgrid.h>
#include <gradus/models/data/take_rows.h>
#include <gradus/models/data/to_categorical.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "reference.h"

namespace gradus {
namespace {

using testing::HasSubstr;
using testing::ThrowsMessage;

TEST(ToCategorical, MakesOneHotRows) {
  const Tensor labels(std::vector<std::int64_t>{2, 0, 1});
  EXPECT_TRUE(identical(to_categorical(labels), Tensor{{0, 0, 1}, {1, 0, 0}, {0, 1, 0}}));
  EXPECT_TRUE(identical(data::to_categorical(labels, 4), Tensor{{0, 0, 1, 0}, {1, 0, 0, 0}, {0, 1, 0, 0}}));
}

TEST(ToCategorical, TakesLabelsOfEveryDTypeAndShape) {
  EXPECT_TRUE(identical(to_categorical(Tensor{1, 0}), Tensor{{0, 1}, {1, 0}}));
  EXPECT_TRUE(identical(to_categorical(Tensor(std::vector<bool>{true, false})), Tensor{{0, 1}, {1, 0}}));
  EXPECT_EQ(to_categorical(Tensor::zeros({5, 1}), 3).shape(), (Shape{5, 3}));
  EXPECT_EQ(to_categorical(Tensor::zeros({1}), 3).shape(), (Shape{1, 3}));
  EXPECT_EQ(to_categorical(Tensor::zeros({5, 2}), 3).shape(), (Shape{5, 2, 3}));
  EXPECT_EQ(to_categorical(Tensor::scalar(1), 3).shape(), (Shape{3}));
  EXPECT_EQ(to_categorical(Tensor::zeros({0}), 3).shape(), (Shape{0, 3}));
}

TEST(ToCategorical, NamesTheLabelThatIsNoClass) {
  const auto of = [](double label) { return to_categorical(Tensor({0, label}, DType::float64), 3); };
  EXPECT_THAT([&] { of(3); },
              ThrowsMessage<ValueError>(HasSubstr("label 3 at index 1 is not below num_classes, 3")));
  EXPECT_THAT([&] { of(-1); },
              ThrowsMessage<ValueError>(HasSubstr("label -1 at index 1 is no class: it is negative")));
  EXPECT_THAT([&] { of(1.5); }, ThrowsMessage<ValueError>(HasSubstr("label 1.5 at index 1 is no class")));
  EXPECT_THAT([&] { of(std::numeric_limits<double>::quiet_NaN()); },
              ThrowsMessage<ValueError>(HasSubstr("nan")));
  EXPECT_THAT([&] { of(1e300); }, ThrowsMessage<ValueError>(HasSubstr("label 1e+300 at index 1")));
  EXPECT_THAT([] { to_categorical(Tensor{1}, 0); },
              ThrowsMessage<ValueError>(HasSubstr("num_classes must be positive, got 0")));
  EXPECT_THAT([] { to_categorical(Tensor::zeros({0})); }, ThrowsMessage<ValueError>(HasSubstr("no labels")));
  EXPECT_THROW(to_categorical(Tensor()), StateError);
}

TEST(Linspace, HasNumpysBits) {
  struct Case {
    std::string name;
    double start, stop;
    std::int64_t num;
  };
  const std::vector<Case> cases = {{"linspace_tutorial", -20, 20, 1000},
                                   {"linspace_thirds", 0.1, 0.7, 31},
                                   {"linspace_subnormal", 0, 5e-324, 4},
                                   {"linspace_one", 3, 9, 1},
                                   {"linspace_falling", 1e10, -1e-3, 77}};
  for (const auto& [name, start, stop, num] : cases) {
    EXPECT_EQ(difference_from_reference(name, linspace(start, stop, num)), "");
    EXPECT_EQ(
        difference_from_reference(name + "_open", data::linspace(start, stop, num, {.endpoint = false})), "");
  }
}

TEST(Linspace, HasFiftyValuesUnlessTold) {
  EXPECT_EQ(linspace(0, 1).shape(), (Shape{50}));
  EXPECT_EQ(linspace(0, 1, 0).shape(), (Shape{0}));
  EXPECT_TRUE(identical(linspace(0, 1, 3, {.dtype = DType::float32}), Tensor{0, 0.5, 1}));
}

TEST(Linspace, RefusesANegativeCountAndIntegers) {
  EXPECT_THAT([] { linspace(0, 1, -1); },
              ThrowsMessage<ValueError>(HasSubstr("num must not be negative, got -1")));
  EXPECT_THAT([] { linspace(0, 1, 3, {.dtype = DType::int32}); },
              ThrowsMessage<DTypeError>(HasSubstr("not int32")));
}

TEST(Meshgrid, RunsXAlongRowsAndYDownColumns) {
  const auto [xx, yy] = meshgrid(Tensor{1, 2, 3}, Tensor({4, 5}, DType::float64));
  EXPECT_TRUE(identical(xx, Tensor{{1, 2, 3}, {1, 2, 3}}));
  EXPECT_TRUE(identical(yy, Tensor({{4, 4, 4}, {5, 5, 5}}, DType::float64)));
  EXPECT_EQ(data::meshgrid(Tensor::zeros({0}), Tensor{1, 2}).yy.shape(), (Shape{2, 0}));
}

TEST(Meshgrid, RefusesAMatrix) {
  EXPECT_THAT(
      [] {
        meshgrid(Tensor{{1, 2}}, Tensor{1});
      },
      ThrowsMessage<ShapeError>(HasSubstr("meshgrid: needs two vectors, x is [1, 2], y is [1]")));
}

TEST(TakeRows, CopiesRowsInTheOrderAskedFor) {
  const Tensor x{{1, 2}, {3, 4}, {5, 6}};
  EXPECT_TRUE(
      identical(data::take_rows(x, std::vector<std::int64_t>{2, 0, 2}), Tensor{{5, 6}, {1, 2}, {5, 6}}));
  EXPECT_EQ(data::take_rows(x, {}).shape(), (Shape{0, 2}));
  EXPECT_THAT(
      [&] {
        data::take_rows(x, std::vector<std::int64_t>{0, 3});
      },
      ThrowsMessage<ShapeError>(HasSubstr("row 3 is out of range for shape [3, 2]")));
  EXPECT_THAT([&] { data::take_rows(x, std::vector<std::int64_t>{-1}); },
              ThrowsMessage<ShapeError>(HasSubstr("row -1")));
}

}  // namespace
}  // namespace gradus
