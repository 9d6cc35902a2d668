#include <gradus/graph/error.h>
#include <gradus/models/data/split_dataset.h>
#include <gradus/models/data/timeseries.h>
#include <gradus/models/training_options.h>

#include <gtest/gtest.h>

#include <algorithm>

#include "../says.h"

namespace gradus::data {
namespace {

using testing::ElementsAre;
using testing_data::says;

Tensor range(std::int64_t count) { return Tensor::arange(count, DType::int64); }

std::vector<Data> elements(const Dataset& dataset, std::uint64_t number = 0) {
  std::vector<Data> result;
  for (const Data& element : dataset.begin_pass(number)) result.push_back(element);
  return result;
}
std::vector<std::int64_t> numbers(const Tensor& x) { return x.to_vector<std::int64_t>(); }
std::vector<std::int64_t> numbers(const Dataset& dataset) {
  std::vector<std::int64_t> result;
  for (const Data& element : elements(dataset)) {
    for (const std::int64_t value : numbers(element.x.only())) result.push_back(value);
  }
  return result;
}

TEST(Timeseries, MakesTheSequencesOfKerasExample) {
  const Dataset dataset = timeseries_dataset_from_array(
      range(99), {}, 10, {.sequence_stride = 3, .sampling_rate = 2, .batch_size = std::nullopt});
  const std::vector<Data> sequences = elements(dataset);
  ASSERT_EQ(sequences.size(), 27U);
  EXPECT_EQ(dataset.size(), 27);
  EXPECT_THAT(numbers(sequences[1].x.only()), ElementsAre(3, 5, 7, 9, 11, 13, 15, 17, 19, 21));
  EXPECT_THAT(numbers(sequences[26].x.only()), ElementsAre(78, 80, 82, 84, 86, 88, 90, 92, 94, 96));
  EXPECT_FALSE(sequences[0].y.defined());
}

TEST(Timeseries, GivesTheTargetOfTheFirstRow) {
  const Tensor series = range(30);
  const std::vector<Data> batches =
      elements(timeseries_dataset_from_array(series.rows(0, 20), series.rows(10, 30), 10, {.batch_size = 4}));
  ASSERT_EQ(batches.size(), 3U);
  EXPECT_TRUE(identical(batches[0].x.only()[1], series.rows(1, 11)));
  EXPECT_TRUE(identical(batches[0].y.only(), series.rows(10, 14)));
  EXPECT_TRUE(identical(batches[2].y.only(), series.rows(18, 21)));
  // Fewer targets than sequences: those decide.
  EXPECT_EQ(timeseries_dataset_from_array(series, range(5), 2, {.batch_size = std::nullopt}).size(), 5);
}

TEST(Timeseries, StaysBetweenStartAndEnd) {
  const TimeseriesOptions options = {.batch_size = std::nullopt, .start_index = 4, .end_index = 8};
  const std::vector<Data> sequences =
      elements(timeseries_dataset_from_array(range(20), range(20), 3, options));
  ASSERT_EQ(sequences.size(), 2U);
  EXPECT_THAT(numbers(sequences[0].x.only()), ElementsAre(4, 5, 6));
  EXPECT_THAT(numbers(sequences[1].x.only()), ElementsAre(5, 6, 7));
  EXPECT_EQ(sequences[1].y.only().item(), 5);
}

TEST(Timeseries, ShufflesEachPassAnew) {
  const Dataset dataset =
      timeseries_dataset_from_array(range(50), range(50), 2, {.batch_size = 49, .shuffle = true, .seed = 3});
  const Tensor first = elements(dataset, 0)[0].y.only(), second = elements(dataset, 1)[0].y.only();
  EXPECT_FALSE(identical(first, second));
  EXPECT_TRUE(identical(elements(dataset, 0)[0].y.only(), first));
  std::vector<std::int64_t> all = numbers(first);
  EXPECT_FALSE(std::is_sorted(all.begin(), all.end()));
  std::sort(all.begin(), all.end());
  EXPECT_EQ(all, numbers(range(49)));
  const Tensor x = elements(dataset, 0)[0].x.only();
  for (std::int64_t i = 0; i < 49; ++i) EXPECT_EQ(x(i, 0), first(i));
}

TEST(Timeseries, RefusesSequencesThatAreNone) {
  const auto of = [](Count length, const TimeseriesOptions& options, const Tensor& targets = {}) {
    return [=] { timeseries_dataset_from_array(range(10), targets, length, options); };
  };
  EXPECT_THAT(of(0, {}), says<ValueError>("sequence_length must be positive, got 0"));
  EXPECT_THAT(of(2, {.sequence_stride = 0}), says<ValueError>("sequence_stride must be positive, got 0"));
  EXPECT_THAT(of(2, {.sampling_rate = -1}), says<ValueError>("sampling_rate must be positive, got -1"));
  EXPECT_THAT(of(2, {.batch_size = 0}), says<ValueError>("batch_size must be positive, got 0"));
  EXPECT_THAT(of(11, {}), says<ValueError>("a sequence of 11 steps, one in 1, is longer than the 10 rows"));
  EXPECT_THAT(of(6, {.sampling_rate = 2}), says<ValueError>("a sequence of 6 steps, one in 2, is longer"));
  EXPECT_THAT(of(2, {.start_index = 5, .end_index = 5}), says<ValueError>("start_index 5 and end_index 5"));
  EXPECT_THAT(of(2, {.end_index = 11}), says<ValueError>("within the 10 rows of data"));
  EXPECT_THAT(of(2, {.start_index = -1}), says<ValueError>("start_index -1"));
  EXPECT_THAT(of(2, {.start_index = 5}, range(5)), says<ValueError>("targets end before start_index"));
}

TEST(SplitDataset, TakesTheFirstAndTheLastElements) {
  const Dataset dataset = Dataset::from_tensor_slices({range(10)});
  const auto [left, right] = gradus::split_dataset(dataset, {.left_size = 0.8});
  EXPECT_THAT(numbers(left), ElementsAre(0, 1, 2, 3, 4, 5, 6, 7));
  EXPECT_THAT(numbers(right), ElementsAre(8, 9));
  EXPECT_EQ(left.size(), 8);
  const auto parts = split_dataset(dataset, {.left_size = 2, .right_size = 3});
  EXPECT_THAT(numbers(parts.left), ElementsAre(0, 1));
  EXPECT_THAT(numbers(parts.right), ElementsAre(7, 8, 9));
  EXPECT_EQ(split_dataset(dataset, {.right_size = 0.25}).right.size(), 2);  // 2.5, to the even neighbour
}

TEST(SplitDataset, ShufflesBeforeItSplits) {
  const Dataset dataset = Dataset::from_tensor_slices({range(40)});
  const auto [left, right] = split_dataset(dataset, {.left_size = 30, .shuffle = true, .seed = 1});
  std::vector<std::int64_t> all = numbers(left);
  EXPECT_FALSE(std::is_sorted(all.begin(), all.end()));
  EXPECT_EQ(all, numbers(split_dataset(dataset, {.left_size = 30, .shuffle = true, .seed = 1}).left));
  for (const std::int64_t value : numbers(right)) all.push_back(value);
  std::sort(all.begin(), all.end());
  EXPECT_EQ(all, numbers(range(40)));
}

TEST(SplitDataset, RefusesSizesThatSplitNothing) {
  const auto of = [](const SplitDatasetOptions& options) {
    return [=] { split_dataset(Dataset::from_tensor_slices({range(10)}), options); };
  };
  EXPECT_THAT(of({}), says<ValueError>("left_size or right_size is needed"));
  EXPECT_THAT(of({.left_size = 0}),
              says<ValueError>("left_size must be a fraction", "the 10 there are, got 0"));
  EXPECT_THAT(of({.left_size = 10}), says<ValueError>("got 10"));
  EXPECT_THAT(of({.right_size = 1.0}), says<ValueError>("right_size must be a fraction", "got 1.0"));
  EXPECT_THAT(of({.left_size = 0.01}), says<ValueError>("make parts of 0 and 10 of the 10 elements"));
  EXPECT_THAT(of({.left_size = 6, .right_size = 6}), says<ValueError>("make parts of 6 and 6"));
  EXPECT_THAT([] { split_dataset(Dataset::from_tensor_slices({range(3)}).repeat(), {.left_size = 1}); },
              says<ValueError>("the dataset has no end"));
}

}  // namespace
}  // namespace gradus::data
