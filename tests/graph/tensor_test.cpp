#include <gradus/graph/error.h>
#include <gradus/graph/tensor.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace gradus {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::ThrowsMessage;

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInf = std::numeric_limits<double>::infinity();

TEST(Tensor, IsMadeFromBraces) {
  const Tensor t{{1, 2, 3}, {4, 5, 6.5}};
  EXPECT_EQ(t.shape(), (Shape{2, 3}));
  EXPECT_EQ(t.dtype(), DType::float32);
  EXPECT_THAT(t.to_vector<float>(), ElementsAre(1, 2, 3, 4, 5, 6.5F));
  EXPECT_EQ((Tensor{{{1}, {2}}, {{3}, {4}}}).shape(), (Shape{2, 2, 1}));
  EXPECT_EQ((Tensor{{}, {}}).shape(), (Shape{2, 0}));
  EXPECT_TRUE(identical(Tensor({1, 0, 2}, DType::boolean), Tensor(std::vector<bool>{true, false, true})));
}

TEST(Tensor, KeepsEveryBitOfIntegersInBraces) {
  const Tensor t({INT64_MAX, INT64_MIN, std::int64_t{9007199254740993}}, DType::int64);
  EXPECT_THAT(t.to_vector<std::int64_t>(), ElementsAre(INT64_MAX, INT64_MIN, 9007199254740993));
}

TEST(Tensor, RefusesRaggedBraces) {
  const auto refused = [](auto make) {
    EXPECT_THAT(make, ThrowsMessage<ShapeError>(HasSubstr("the braces are ragged")));
  };
  refused([] { Tensor{{1, 2}, {3}}; });
  refused([] { Tensor{{1, 2}, 3}; });
  refused([] { Tensor{1, {2}}; });
  refused([] { Tensor{{}, {1}}; });
  refused([] { Tensor{{1}, {{2}}}; });
}

TEST(Tensor, RefusesNumbersThatAnIntegerDTypeLacks) {
  EXPECT_THAT(
      [] {
        Tensor({1, 1.5}, DType::int32);
      },
      ThrowsMessage<ValueError>(HasSubstr("1.5 is no value of int32")));
  EXPECT_THAT([] { Tensor({std::int64_t{1} << 31}, DType::int32); },
              ThrowsMessage<ValueError>(HasSubstr("is no value of int32")));
  EXPECT_THAT([] { Tensor({UINT64_MAX}, DType::int64); },
              ThrowsMessage<ValueError>(HasSubstr("no value of int64")));
  EXPECT_THAT([] { Tensor({kNan}, DType::int64); },
              ThrowsMessage<ValueError>(HasSubstr("nan is no value of int64")));
  EXPECT_THROW(Tensor::full({2}, 0x1p63, DType::int64), ValueError);
  EXPECT_EQ(Tensor::full({2}, -0x1p63, DType::int64)(1), -0x1p63);
  EXPECT_EQ(Tensor::full({2}, -0x1p31, DType::int32)(1), -0x1p31);
}

TEST(Tensor, TakesTheDTypeOfAVector) {
  EXPECT_EQ(Tensor(std::vector<float>{1}).dtype(), DType::float32);
  EXPECT_EQ(Tensor(std::vector<double>{1}).dtype(), DType::float64);
  EXPECT_EQ(Tensor(std::vector<int>{1}).dtype(), DType::int32);
  EXPECT_EQ(Tensor(std::vector<long>{1}).dtype(), DType::int64);
  EXPECT_EQ(Tensor(std::vector<bool>{true}).dtype(), DType::boolean);
  EXPECT_EQ(Tensor(std::vector<double>{}).shape(), (Shape{0}));
}

TEST(Tensor, CopiesVectorsRowsSpansAndPointers) {
  const std::vector<double> values = {1, 2, 3, 4, 5, 6};
  const Tensor expected({{1, 2, 3}, {4, 5, 6}}, DType::float64);
  EXPECT_TRUE(identical(Tensor(values, {2, 3}), expected));
  EXPECT_TRUE(identical(Tensor(std::span<const double>(values), {2, 3}), expected));
  EXPECT_TRUE(identical(Tensor::from(values.data(), {2, 3}), expected));
  EXPECT_TRUE(identical(Tensor(std::vector<std::vector<double>>{{1, 2, 3}, {4, 5, 6}}), expected));
}

TEST(Tensor, RefusesValuesThatDoNotFillTheShape) {
  EXPECT_THAT(
      [] {
        Tensor(std::vector<float>{1, 2, 3}, {2, 2});
      },
      ThrowsMessage<ShapeError>(HasSubstr("3 values do not fill the shape [2, 2]")));
  EXPECT_THAT(
      [] {
        Tensor(std::vector<std::vector<int>>{{1, 2}, {3}});
      },
      ThrowsMessage<ShapeError>(HasSubstr("the rows are ragged")));
}

TEST(Tensor, FactoriesFill) {
  EXPECT_TRUE(identical(Tensor::zeros({2}), Tensor{0, 0}));
  EXPECT_TRUE(identical(Tensor::ones({2}, DType::int32), Tensor(std::vector<int>{1, 1})));
  EXPECT_TRUE(identical(Tensor::full({2}, 0.5, DType::float64), Tensor(std::vector<double>{0.5, 0.5})));
  EXPECT_TRUE(identical(Tensor::arange(3), Tensor{0, 1, 2}));
  EXPECT_TRUE(identical(Tensor::eye(2), Tensor{{1, 0}, {0, 1}}));
  EXPECT_EQ(Tensor::scalar(2.5).shape(), Shape());
  EXPECT_THROW(Tensor::arange(-1), ShapeError);
}

// Refused before anything is allocated.
TEST(Tensor, RefusesMoreElementsThanCanBeCounted) {
  const std::int64_t big = std::int64_t{1} << 32;
  EXPECT_THAT(
      [&] {
        Tensor::zeros({big, big});
      },
      ThrowsMessage<ShapeError>(HasSubstr("[4294967296, 4294967296] overflows")));
}

TEST(Tensor, RefusesAPetabyte) {
  EXPECT_THAT([] { Tensor::empty({std::int64_t{1} << 50}); },
              ThrowsMessage<MemoryError>(HasSubstr("memory: ")));
  EXPECT_EQ(Tensor::ones({3}).size(), 3);
}

TEST(Tensor, ItemNeedsOneElement) {
  EXPECT_EQ(Tensor::scalar(2.5).item(), 2.5);
  EXPECT_EQ((Tensor{{7}}).item<int>(), 7);
  EXPECT_THAT(
      [] {
        (Tensor{1, 2}).item();
      },
      ThrowsMessage<ShapeError>(HasSubstr("item: needs one element, the shape is [2]")));
  EXPECT_THROW(Tensor::zeros({0}).item(), ShapeError);
}

TEST(Tensor, ElementsAreReadByIndexFromBothEnds) {
  const Tensor t{{1, 2, 3}, {4, 5, 6}};
  EXPECT_EQ(t(0, 2), 3);
  EXPECT_EQ(t(-1, -3), 4);
  EXPECT_EQ(Tensor::scalar(5)(), 5);
  EXPECT_THAT([&] { t(2, 0); },
              ThrowsMessage<ShapeError>(HasSubstr("index 2 is out of range for axis 0 of shape [2, 3]")));
  EXPECT_THAT([&] { t(0, -4); }, ThrowsMessage<ShapeError>(HasSubstr("index -4 is out of range for axis 1")));
  EXPECT_THAT([&] { t(std::int64_t{1} << 62, 0); },
              ThrowsMessage<ShapeError>(HasSubstr("4611686018427387904")));
  EXPECT_THAT([&] { t(1); }, ThrowsMessage<ShapeError>(HasSubstr("1 indices for shape [2, 3]")));
  EXPECT_THROW(Tensor::zeros({0})(0), ShapeError);
}

TEST(Tensor, SetWritesInPlaceForAllThatShare) {
  Tensor t = Tensor::zeros({2, 2});
  const Tensor shared = t;
  const std::uint32_t version = t.version();
  t.set({1, -1}, 3.5);
  EXPECT_EQ(shared(1, 1), 3.5);
  EXPECT_EQ(shared.version(), version + 1);
}

TEST(Tensor, SetRefusesAFractionInAnIntegerTensorAndChangesNothing) {
  Tensor t = Tensor::zeros({2}, DType::int32);
  const std::uint32_t version = t.version();
  EXPECT_THAT([&] { t.set({0}, 0.5); }, ThrowsMessage<ValueError>(HasSubstr("0.5 is no value of int32")));
  EXPECT_THAT([&] { t.fill(1e10); }, ThrowsMessage<ValueError>(HasSubstr("is no value of int32")));
  EXPECT_EQ(t.version(), version);
  EXPECT_TRUE(identical(t, Tensor(std::vector<int>{0, 0})));
}

TEST(Tensor, MutableValuesFillAndCopyFromCountAsChanges) {
  Tensor t{1, 2};
  const std::uint32_t version = t.version();
  t.mutable_values<float>()[0] = 5;
  EXPECT_EQ(t.version(), version + 1);
  t.fill(7);
  EXPECT_EQ(t.version(), version + 2);
  t.copy_from(Tensor{8, 9});
  EXPECT_EQ(t.version(), version + 3);
  EXPECT_TRUE(identical(t, Tensor{8, 9}));
  EXPECT_THAT(
      [&] {
        t.copy_from(Tensor{1, 2, 3});
      },
      ThrowsMessage<ShapeError>(HasSubstr("the source is [3], the tensor is [2]")));
  EXPECT_THROW(t.copy_from(Tensor::zeros({2}, DType::float64)), DTypeError);
  EXPECT_EQ(t.version(), version + 3);
}

TEST(Tensor, ValuesNeedTheRightType) {
  const Tensor t{1, 2};
  EXPECT_THAT(t.values<float>(), ElementsAre(1, 2));
  EXPECT_THAT([&] { t.values<double>(); },
              ThrowsMessage<DTypeError>(HasSubstr("the values are float32, not float64")));
}

TEST(Tensor, RowsAreCopies) {
  Tensor t{{1, 2}, {3, 4}, {5, 6}};
  const Tensor last = t[-1], some = t.rows(1, 3);
  t.fill(0);
  EXPECT_TRUE(identical(last, Tensor{5, 6}));
  EXPECT_TRUE(identical(some, Tensor{{3, 4}, {5, 6}}));
  EXPECT_EQ(t.rows(1, 1).shape(), (Shape{0, 2}));
  EXPECT_EQ((Tensor{1, 2})[0].shape(), Shape());
  EXPECT_THAT([&] { t[3]; }, ThrowsMessage<ShapeError>(HasSubstr("row 3 is out of range for shape [3, 2]")));
  EXPECT_THAT([&] { t.rows(2, 4); },
              ThrowsMessage<ShapeError>(HasSubstr("[2, 4) is out of range for shape [3, 2]")));
  EXPECT_THROW(t.rows(2, 1), ShapeError);
  EXPECT_THROW(t.rows(-1, 1), ShapeError);
  EXPECT_THAT([] { Tensor::scalar(1)[0]; }, ThrowsMessage<ShapeError>(HasSubstr("a scalar has no rows")));
}

TEST(Tensor, ReshapeSharesValuesAndVersion) {
  const Tensor t{{1, 2, 3}, {4, 5, 6}};
  Tensor flat = t.reshape({-1});
  EXPECT_EQ(flat.shape(), (Shape{6}));
  const std::uint32_t version = t.version();
  flat.set({5}, 60);
  EXPECT_EQ(t(1, 2), 60);
  EXPECT_EQ(t.version(), version + 1);
  EXPECT_THAT([&] { t.reshape({4, 2}); }, ThrowsMessage<ShapeError>(HasSubstr("reshape: [2, 3] to [4, 2]")));
}

TEST(Tensor, CopyingSharesAndCloneDoesNot) {
  Tensor t{1, 2};
  const Tensor shared = t, copy = t.clone();
  t.fill(9);
  EXPECT_EQ(shared(0), 9);
  EXPECT_EQ(copy(0), 1);
}

TEST(Tensor, CastConverts) {
  const Tensor t{-1.5, 0, 2.5};
  EXPECT_TRUE(identical(t.cast(DType::int32), Tensor(std::vector<int>{-1, 0, 2})));
  EXPECT_TRUE(identical(t.cast(DType::boolean), Tensor(std::vector<bool>{true, false, true})));
  EXPECT_TRUE(identical(t.cast(DType::float64).cast(DType::float32), t));
  EXPECT_EQ(t.cast(DType::float32).buffer().get(), t.buffer().get());
}

TEST(Tensor, CastRefusesWhatTheIntegerCannotHold) {
  const auto refused = [](const Tensor& t, DType dtype, const std::string& text) {
    EXPECT_THAT([&] { t.cast(dtype); }, ThrowsMessage<ValueError>(HasSubstr(text)));
  };
  refused(Tensor{kNan}, DType::int32, "nan is no value of int32");
  refused(Tensor{kInf}, DType::int64, "inf is no value of int64");
  refused(Tensor{0x1p31}, DType::int32, "is no value of int32");
  refused(Tensor::full({1}, 0x1p63, DType::float64), DType::int64, "is no value of int64");
  refused(Tensor({std::int64_t{1} << 31}, DType::int64), DType::int32, "2147483648 is no value of int32");
  EXPECT_EQ(Tensor::full({1}, -2147483648.5, DType::float64).cast(DType::int32)(0), -2147483648.0);
}

TEST(Tensor, IdenticalComparesDTypeShapeAndBits) {
  EXPECT_TRUE(identical(Tensor{1, 2}, Tensor{1, 2}));
  EXPECT_FALSE(identical(Tensor{1, 2}, Tensor{{1, 2}}));
  EXPECT_FALSE(identical(Tensor{1, 2}, Tensor({1, 2}, DType::float64)));
  EXPECT_FALSE(identical(Tensor{0.0}, Tensor{-0.0}));
  EXPECT_TRUE(identical(Tensor{kNan}, Tensor{kNan}));
  EXPECT_TRUE(identical(Tensor::zeros({0}), Tensor::zeros({0})));
  EXPECT_TRUE(identical(Tensor(), Tensor()));
  EXPECT_FALSE(identical(Tensor(), Tensor::zeros({0})));
}

TEST(Tensor, AllCloseFollowsNumpy) {
  EXPECT_TRUE(all_close(Tensor{1, 2}, Tensor{1, 2.00001}));
  EXPECT_FALSE(all_close(Tensor{1, 2}, Tensor{1, 2.001}));
  EXPECT_TRUE(all_close(Tensor{1, 2}, Tensor{1, 2.001}, {.rtol = 1e-3}));
  EXPECT_FALSE(all_close(Tensor{0.0}, Tensor{1e-7}));
  EXPECT_TRUE(all_close(Tensor{0.0}, Tensor{1e-7}, {.atol = 1e-6}));
  EXPECT_TRUE(all_close(Tensor{kInf, -kInf}, Tensor{kInf, -kInf}));
  EXPECT_FALSE(all_close(Tensor{1}, Tensor{kInf}));
  EXPECT_FALSE(all_close(Tensor{kInf}, Tensor{-kInf}));
  EXPECT_FALSE(all_close(Tensor{kNan}, Tensor{kNan}));
  EXPECT_TRUE(all_close(Tensor{kNan}, Tensor{kNan}, {.equal_nan = true}));
  EXPECT_FALSE(all_close(Tensor{1, 1}, Tensor{1}));
  EXPECT_TRUE(all_close(Tensor{1}, Tensor({1}, DType::float64)));
}

void expect_refused(const std::string& use, void (*call)(Tensor&)) {
  Tensor fresh;
  Tensor moved{1, 2};
  const Tensor taken = std::move(moved);
  EXPECT_EQ(taken.size(), 2);
  for (Tensor* tensor : {&fresh, &moved}) {  // NOLINT: use after a move is what is tested
    EXPECT_FALSE(tensor->defined());
    EXPECT_THAT([&] { call(*tensor); }, ThrowsMessage<StateError>(HasSubstr("before it was given values")))
        << use;
  }
}

TEST(Tensor, RefusesEveryUseBeforeValuesAndAfterAMove) {
  expect_refused("item", [](Tensor& t) { t.item(); });
  expect_refused("call", [](Tensor& t) { t(0); });
  expect_refused("call without an index", [](Tensor& t) { t(); });
  expect_refused("set", [](Tensor& t) { t.set({0}, 1); });
  expect_refused("values", [](Tensor& t) { t.values<float>(); });
  expect_refused("mutable_values", [](Tensor& t) { t.mutable_values<float>(); });
  expect_refused("to_vector", [](Tensor& t) { t.to_vector<double>(); });
  expect_refused("fill", [](Tensor& t) { t.fill(1); });
  expect_refused("copy_from", [](Tensor& t) { t.copy_from(Tensor::zeros({0})); });
  expect_refused("as a source", [](Tensor& t) { Tensor::zeros({0}).copy_from(t); });
  expect_refused("row", [](Tensor& t) { t[0]; });
  expect_refused("rows", [](Tensor& t) { t.rows(0, 0); });
  expect_refused("reshape", [](Tensor& t) { t.reshape({-1}); });
  expect_refused("clone", [](Tensor& t) { t.clone(); });
  expect_refused("cast", [](Tensor& t) { t.cast(DType::float64); });
}

TEST(Tensor, MayBeAssignedAfterAMove) {
  Tensor t{1, 2};
  const Tensor taken = std::move(t);
  t = Tensor{3};
  EXPECT_EQ(t.item(), 3);
  EXPECT_EQ(taken(1), 2);
}

}  // namespace
}  // namespace gradus
