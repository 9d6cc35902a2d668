#include <gradus/graph/error.h>
#include <gradus/models/data/random_state.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "reference.h"

namespace gradus::numpy {
namespace {

using testing::HasSubstr;
using testing::ThrowsMessage;

Tensor intervals(RandomState& random, std::uint64_t max) {
  std::vector<std::int64_t> values(20);
  for (std::int64_t& value : values) value = static_cast<std::int64_t>(random.random_interval(max));
  return Tensor(values);
}

class RandomStateSeed : public testing::TestWithParam<std::int64_t> {};

// One stream of draws after the other from one generator, so a word too many in one shows in all that follow.
TEST_P(RandomStateSeed, DrawsNumpysBits) {
  const std::string suffix = "_" + std::to_string(GetParam());
  RandomState random(GetParam());
  std::vector<double> draws;
  for (int i = 0; i < 7; ++i) draws.push_back(random.standard_normal());
  for (int i = 0; i < 4; ++i) draws.push_back(random.uniform(-3, 5));
  for (int i = 0; i < 4; ++i) draws.push_back(random.normal(2, 0.5));
  draws.push_back(random.uniform());
  EXPECT_EQ(difference_from_reference("draws" + suffix, Tensor(draws)), "");

  Tensor shuffled = Tensor::arange(1000, DType::int64);
  random.shuffle(shuffled);
  EXPECT_EQ(difference_from_reference("shuffle" + suffix, shuffled), "");
  EXPECT_EQ(difference_from_reference("permutation" + suffix, Tensor(random.permutation(257))), "");
  Tensor rows = Tensor::arange(60, DType::float64).reshape({20, 3});
  random.shuffle(rows);
  EXPECT_EQ(difference_from_reference("rows" + suffix, rows), "");
  EXPECT_EQ(difference_from_reference("wide" + suffix, intervals(random, std::uint64_t{1} << 40)), "");
  EXPECT_EQ(difference_from_reference("narrow" + suffix, intervals(random, 1000)), "");
}

INSTANTIATE_TEST_SUITE_P(Seeds, RandomStateSeed, testing::Values(0, 1, 42, 2147483648, 4294967295));

TEST(RandomState, RefusesASeedThatNumpyRefuses) {
  EXPECT_THAT([] { RandomState(-1); }, ThrowsMessage<ValueError>(HasSubstr("got -1")));
  EXPECT_THAT([] { RandomState(4294967296); }, ThrowsMessage<ValueError>(HasSubstr("got 4294967296")));
}

TEST(RandomState, DrawsAnotherSeedEachTimeNoneIsGiven) {
  EXPECT_NE(RandomState().permutation(50), RandomState().permutation(50));
}

TEST(RandomState, FillsTensorsInTheOrderOfSingleDraws) {
  RandomState one(3), other(3);
  const Tensor uniform = one.uniform(-1, 1, {2, 3});
  const Tensor normal = one.normal(5, 2, {3});
  for (const double value : uniform.values<double>()) EXPECT_EQ(value, other.uniform(-1, 1));
  for (const double value : normal.values<double>()) EXPECT_EQ(value, other.normal(5, 2));
}

TEST(RandomState, ShufflesEmptyAndSingleRowsWithoutADraw) {
  RandomState random(1), fresh(1);
  Tensor empty = Tensor::zeros({0, 2}), single = Tensor{{1, 2}};
  random.shuffle(empty);
  random.shuffle(single);
  EXPECT_TRUE(identical(single, Tensor{{1, 2}}));
  EXPECT_EQ(random.random_interval(0), 0U);
  EXPECT_EQ(random.random_uint32(), fresh.random_uint32());
}

TEST(RandomState, RefusesWhatHasNoDistribution) {
  RandomState random(1);
  EXPECT_THAT([&] { random.normal(0, -1); },
              ThrowsMessage<ValueError>(HasSubstr("scale must not be negative")));
  EXPECT_THAT([&] { random.uniform(-1e308, 1e308); }, ThrowsMessage<ValueError>(HasSubstr("is not finite")));
  EXPECT_THAT([&] { random.permutation(-2); }, ThrowsMessage<ValueError>(HasSubstr("got -2")));
  Tensor scalar = Tensor::scalar(1);
  EXPECT_THAT([&] { random.shuffle(scalar); }, ThrowsMessage<ShapeError>(HasSubstr("a scalar has no rows")));
}

}  // namespace
}  // namespace gradus::numpy
