#include <gradus/graph/error.h>
#include <gradus/graph/random.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <numeric>
#include <set>

namespace gradus {
namespace {

using testing::HasSubstr;
using testing::ThrowsMessage;

using Words = std::array<std::uint32_t, 4>;

// Philox 4x32-10 as its paper has it, round by round.
Words reference_philox(Words counter, std::array<std::uint32_t, 2> key) {
  for (int round = 0; round < 10; ++round) {
    const std::uint64_t first = 0xD2511F53ULL * counter[0], second = 0xCD9E8D57ULL * counter[2];
    const auto high = [](std::uint64_t product) { return static_cast<std::uint32_t>(product >> 32); };
    const auto low = [](std::uint64_t product) { return static_cast<std::uint32_t>(product); };
    counter = {high(second) ^ counter[1] ^ key[0], low(second), high(first) ^ counter[3] ^ key[1],
               low(first)};
    key = {key[0] + 0x9E3779B9U, key[1] + 0xBB67AE85U};
  }
  return counter;
}

TEST(ReferencePhilox, GivesTheKnownAnswersOfRandom123) {
  EXPECT_EQ(reference_philox({0, 0, 0, 0}, {0, 0}), (Words{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
  constexpr std::uint32_t kOnes = 0xffffffff;
  EXPECT_EQ(reference_philox({kOnes, kOnes, kOnes, kOnes}, {kOnes, kOnes}),
            (Words{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
  EXPECT_EQ(reference_philox({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}),
            (Words{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}));
}

// One block of four words: integers below 2^64 - 1 tell every 64-bit draw but 0, less one.
Words next_block(Random& random) {
  const Tensor pairs = random.integers({2}, INT64_MIN, INT64_MAX);
  Words words;
  for (std::size_t i = 0; i < 2; ++i) {
    const auto drawn = static_cast<std::uint64_t>(pairs.values<std::int64_t>()[i]) + (1ULL << 63) + 1;
    words[2 * i] = static_cast<std::uint32_t>(drawn >> 32);
    words[2 * i + 1] = static_cast<std::uint32_t>(drawn);
  }
  return words;
}

TEST(Random, IsPhiloxKeyedByTheSeedAndCountingBlocks) {
  for (const std::uint64_t seed : {0ULL, 1ULL, 42ULL, 0xffffffffULL, 0x1234567890abcdefULL, ~0ULL}) {
    Random random(seed);
    for (std::uint32_t position = 0; position < 5; ++position) {
      EXPECT_EQ(next_block(random),
                reference_philox({position, 0, 0, 0},
                                 {static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32)}));
    }
  }
  EXPECT_EQ(Random(0).bits(), 0x6627e8d5e169c58dU);
}

TEST(Random, DrawsTheSameFromTheSameSeed) {
  Random a(7), b(7);
  EXPECT_TRUE(identical(a.normal({100}), b.normal({100})));
  EXPECT_TRUE(identical(a.uniform({3, 5}), b.uniform({3, 5})));
  EXPECT_TRUE(identical(a.truncated_normal({9}), b.truncated_normal({9})));
  EXPECT_TRUE(identical(a.bernoulli({9}, 0.3), b.bernoulli({9}, 0.3)));
  EXPECT_EQ(a.permutation(10), b.permutation(10));
  EXPECT_EQ(a.bits(), b.bits());
  EXPECT_EQ(a.seed(), 7U);
}

TEST(Random, EachDrawMovesOnAndACopyGoesItsOwnWay) {
  Random a(7);
  const Tensor first = a.uniform({4});
  Random copy = a;
  EXPECT_FALSE(identical(first, a.uniform({4})));
  EXPECT_TRUE(identical(Random(a).uniform({4}), Random(a).uniform({4})));
  const Tensor from_copy = copy.uniform({4});
  EXPECT_FALSE(identical(first, from_copy));
}

TEST(Random, AShorterDrawIsTheBeginningOfALongerOne) {
  for (const std::int64_t size : {1, 2, 3, 4, 5, 17}) {
    EXPECT_TRUE(identical(Random(3).uniform({100}).rows(0, size), Random(3).uniform({size})));
    EXPECT_TRUE(identical(Random(3).normal({100}).rows(0, size), Random(3).normal({size})));
  }
  EXPECT_EQ(Random(3).uniform({0}).size(), 0);
}

TEST(Random, SeedsAndStreamsAreAllDifferent) {
  std::set<std::uint64_t> met;
  std::size_t drawn = 0;
  for (const std::uint64_t seed : {0ULL, 1ULL, 2ULL, 0xffffffffULL, 0x100000000ULL, ~0ULL - 1, ~0ULL}) {
    const Random parent(seed);
    met.insert(Random(parent).bits());
    ++drawn;
    for (const std::uint64_t index : {0ULL, 1ULL, 2ULL, 0xffffffffULL, 0x100000000ULL, ~0ULL}) {
      const Random child = parent.stream(index);
      met.insert(Random(child).bits());
      met.insert(child.stream(0).bits());
      met.insert(child.stream(index).bits());
      drawn += index == 0 ? 2 : 3;
    }
  }
  EXPECT_EQ(met.size(), drawn);
}

TEST(Random, AStreamDoesNotDependOnHowFarItsParentHasBeenDrawn) {
  Random parent(5);
  const std::uint64_t before = parent.stream(3).bits();
  parent.normal({1000});
  EXPECT_EQ(parent.stream(3).bits(), before);
  EXPECT_NE(parent.stream(3).bits(), parent.bits());
}

struct Moments {
  double mean = 0, variance = 0, skewness = 0, kurtosis = 0, least = INFINITY, most = -INFINITY;
};
Moments moments(const Tensor& tensor) {
  const std::vector<double> values = tensor.to_vector<double>();
  const auto n = static_cast<double>(values.size());
  Moments m;
  for (const double x : values) m.mean += x / n;
  for (const double x : values) {
    const double d = x - m.mean;
    m.variance += d * d / n;
    m.skewness += d * d * d / n;
    m.kurtosis += d * d * d * d / n;
    m.least = std::min(m.least, x);
    m.most = std::max(m.most, x);
  }
  m.skewness /= std::pow(m.variance, 1.5);
  m.kurtosis /= m.variance * m.variance;
  return m;
}

// With a million draws a standard error is about 1e-3.
TEST(Random, UniformNumbersHaveTheirMomentsAndBounds) {
  for (const DType dtype : {DType::float32, DType::float64}) {
    const Moments m = moments(Random(1).uniform({1000000}, {.low = -2, .high = 4, .dtype = dtype}));
    EXPECT_NEAR(m.mean, 1, 0.01);
    EXPECT_NEAR(m.variance, 3, 0.02);
    EXPECT_NEAR(m.kurtosis, 1.8, 0.02);
    EXPECT_GE(m.least, -2);
    EXPECT_LT(m.most, 4);
    EXPECT_LT(m.least, -1.9999);
    EXPECT_GT(m.most, 3.9999);
  }
}

TEST(Random, TheUpperBoundIsNeverDrawnThoughRoundingReachesIt) {
  const float high = std::nextafter(std::nextafter(1.0F, 2.0F), 2.0F);
  const Moments m = moments(Random(1).uniform({10000}, {.low = 1, .high = high}));
  EXPECT_EQ(m.least, 1);
  EXPECT_LT(m.most, high);
  EXPECT_EQ(moments(Random(1).uniform({10}, {.low = 3, .high = 3})).most, 3);
}

TEST(Random, NormalNumbersHaveTheirMoments) {
  for (const DType dtype : {DType::float32, DType::float64}) {
    const Moments m = moments(Random(2).normal({1000000}, {.mean = 3, .stddev = 2, .dtype = dtype}));
    EXPECT_NEAR(m.mean, 3, 0.01);
    EXPECT_NEAR(m.variance, 4, 0.03);
    EXPECT_NEAR(m.skewness, 0, 0.01);
    EXPECT_NEAR(m.kurtosis, 3, 0.03);
    EXPECT_TRUE(std::isfinite(m.least) && std::isfinite(m.most));
  }
  EXPECT_TRUE(identical(Random(2).normal({10}, {.mean = 3, .stddev = 0}), Tensor::full({10}, 3)));
}

TEST(Random, TruncatedNormalNumbersStayWithinTwoDeviations) {
  const Moments m = moments(Random(2).truncated_normal({1000000}, {.mean = 1, .stddev = 0.5}));
  EXPECT_NEAR(m.mean, 1, 0.003);
  EXPECT_NEAR(std::sqrt(m.variance), 0.5 * 0.8796256610342398, 0.001);
  EXPECT_GE(m.least, 0);
  EXPECT_LE(m.most, 2);
}

TEST(Random, BernoulliHasItsProbability) {
  for (const double probability : {0.1, 0.5, 0.999}) {
    EXPECT_NEAR(moments(Random(3).bernoulli({1000000}, probability)).mean, probability, 0.002);
  }
  EXPECT_EQ(moments(Random(3).bernoulli({10000}, 0)).most, 0);
  EXPECT_EQ(moments(Random(3).bernoulli({10000}, 1)).least, 1);
  EXPECT_EQ(Random(3).bernoulli({4}, 0.5, DType::boolean).dtype(), DType::boolean);
}

TEST(Random, IntegersFillTheirRangeEvenly) {
  const Tensor drawn = Random(4).integers({70000}, -3, 4);
  std::map<std::int64_t, int> counts;
  for (const std::int64_t value : drawn.values<std::int64_t>()) ++counts[value];
  ASSERT_EQ(counts.size(), 7U);
  for (const auto& [value, count] : counts) EXPECT_NEAR(count, 10000, 500) << value;
  EXPECT_TRUE(identical(Random(4).integers({100}, 5, 6), Tensor::full({100}, 5, DType::int64)));
  EXPECT_EQ(Random(4).integers({2}, 0, 2, DType::int32).dtype(), DType::int32);
}

TEST(Random, APermutationIsOneAndEveryOneIsAsLikely) {
  std::vector<std::int64_t> sorted = Random(5).permutation(1000);
  EXPECT_FALSE(std::is_sorted(sorted.begin(), sorted.end()));
  std::sort(sorted.begin(), sorted.end());
  std::vector<std::int64_t> expected(1000);
  std::iota(expected.begin(), expected.end(), std::int64_t{0});
  EXPECT_EQ(sorted, expected);
  EXPECT_TRUE(Random(5).permutation(0).empty());
  EXPECT_EQ(Random(5).permutation(1), std::vector<std::int64_t>{0});
  Random random(6);
  std::map<std::vector<std::int64_t>, int> counts;
  for (int i = 0; i < 6000; ++i) ++counts[random.permutation(3)];
  ASSERT_EQ(counts.size(), 6U);
  for (const auto& [order, count] : counts) EXPECT_NEAR(count, 1000, 150);
}

TEST(Random, RefusesWhatIsNoDistribution) {
  Random random(1);
  EXPECT_THAT([&] { random.uniform({2}, {.low = 1, .high = 0}); },
              ThrowsMessage<ValueError>("uniform: low 1.000000 is above high 0.000000"));
  EXPECT_THAT([&] { random.uniform({2}, {.low = NAN}); },
              ThrowsMessage<ValueError>(HasSubstr("uniform: needs finite numbers, got nan")));
  EXPECT_THAT([&] { random.normal({2}, {.mean = INFINITY}); },
              ThrowsMessage<ValueError>(HasSubstr("normal: needs finite numbers, got inf")));
  EXPECT_THAT([&] { random.normal({2}, {.stddev = -1}); },
              ThrowsMessage<ValueError>(HasSubstr("normal: stddev -1.000000 is negative")));
  EXPECT_THAT([&] { random.truncated_normal({2}, {.stddev = -1}); },
              ThrowsMessage<ValueError>(HasSubstr("truncated_normal: stddev -1.000000 is negative")));
  EXPECT_THAT([&] { random.bernoulli({2}, 1.5); },
              ThrowsMessage<ValueError>(HasSubstr("bernoulli: probability 1.500000 is outside [0, 1]")));
  EXPECT_THROW(random.bernoulli({2}, NAN), ValueError);
  EXPECT_THAT([&] { random.integers({2}, 3, 3); },
              ThrowsMessage<ValueError>("integers: low 3 is not below high 3"));
  EXPECT_THAT([&] { random.integers({2}, 0, 3000000000, DType::int32); },
              ThrowsMessage<ValueError>("integers: int32 does not hold all of [0, 3000000000)"));
  EXPECT_THAT([&] { random.integers({2}, -1, 2, DType::boolean); },
              ThrowsMessage<ValueError>("integers: boolean does not hold all of [-1, 2)"));
  EXPECT_THAT([&] { random.integers({2}, 0, 1LL << 60, DType::float32); },
              ThrowsMessage<ValueError>(HasSubstr("integers: float32 does not hold all of [0, ")));
  EXPECT_THROW(random.permutation(-1), ShapeError);
  EXPECT_THAT([&] { random.uniform({2}, {.dtype = DType::int64}); },
              ThrowsMessage<DTypeError>(HasSubstr("int64")));
  EXPECT_EQ(random.bits(), Random(1).bits());  // an error draws nothing
}

}  // namespace
}  // namespace gradus
