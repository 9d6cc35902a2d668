#include <gradus/graph/error.h>
#include <gradus/models/data/dataset.h>
#include <gradus/models/data/read_npy.h>
#include <gradus/models/training_options.h>

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <numeric>
#include <thread>

#include "../saving/temporary_folder.h"
#include "../says.h"

namespace gradus::data {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing_data::says;

Tensor whole(const std::vector<std::int64_t>& values) { return Tensor(values); }

// The numbers from 0 on, each an element.
Dataset numbers(std::int64_t count) {
  return Dataset::from_tensor_slices({Tensor::arange(count, DType::int64)});
}
// The x of all elements, one after the other.
std::vector<std::int64_t> values(Dataset::Pass pass) {
  std::vector<std::int64_t> result;
  for (const Data& element : pass) {
    const std::vector<std::int64_t> own = element.x.only().to_vector<std::int64_t>();
    result.insert(result.end(), own.begin(), own.end());
  }
  return result;
}
std::vector<std::int64_t> values(const Dataset& dataset, std::uint64_t number = 0) {
  return values(dataset.begin_pass(number));
}
std::vector<std::int64_t> range(std::int64_t count) {
  std::vector<std::int64_t> all(static_cast<std::size_t>(count));
  std::iota(all.begin(), all.end(), 0);
  return all;
}
std::vector<std::int64_t> sorted(std::vector<std::int64_t> values) {
  std::sort(values.begin(), values.end());
  return values;
}

TEST(Dataset, GivesTheRowsOfTensors) {
  const Dataset dataset =
      Dataset::from_tensor_slices({Tensor{{1, 2}, {3, 4}}, whole({5, 6}), Tensor{0.5, 1}});
  EXPECT_EQ(dataset.size(), 2);
  Dataset::Pass pass = dataset.begin_pass();
  pass.next();
  const std::optional<Data> element = pass.next();
  ASSERT_TRUE(element);
  EXPECT_TRUE(identical(element->x.only(), Tensor{3, 4}));
  EXPECT_TRUE(identical(element->y.only(), Tensor::scalar(6, DType::int64)));
  EXPECT_TRUE(identical(element->sample_weight.only(), Tensor::scalar(1)));
  EXPECT_FALSE(pass.next());
  EXPECT_FALSE(pass.next());
}

TEST(Dataset, RefusesTensorsWithoutRowsThatAgree) {
  EXPECT_THAT(
      [] {
        Dataset::from_tensor_slices({Tensor::zeros({3, 2}), Tensor::zeros({2})});
      },
      says<ShapeError>("from_tensor_slices: x has 3 rows, y has 2"));
  EXPECT_THAT([] { Dataset::from_tensor_slices({Tensor::scalar(1)}); }, says<ShapeError>("x is a scalar"));
  EXPECT_THROW(Dataset::from_tensor_slices({}), StateError);
}

TEST(Dataset, CallsAGeneratorAnewForEachPass) {
  const Dataset dataset = Dataset::from_generator([] {
    return [next = 0]() mutable -> std::optional<Data> {
      if (next == 3) return std::nullopt;
      return Data{Tensor::scalar(next++, DType::int64)};
    };
  });
  EXPECT_EQ(dataset.size(), std::nullopt);
  EXPECT_FALSE(dataset.endless());
  EXPECT_THAT(values(dataset), ElementsAre(0, 1, 2));
  EXPECT_THAT(values(dataset), ElementsAre(0, 1, 2));
  EXPECT_THAT([] { Dataset::from_generator({}); }, says<ValueError>("there is no function"));
  EXPECT_THAT([] { Dataset::from_generator([] { return Dataset::Generator(); }).begin_pass(); },
              says<ValueError>("the function gave no generator"));
}

TEST(Dataset, BatchesAlongANewAxis) {
  const Dataset pairs =
      Dataset::from_tensor_slices({Tensor::arange(10).reshape({5, 2}), whole({0, 1, 2, 3, 4})});
  const Dataset dataset = pairs.batch(2);
  EXPECT_EQ(dataset.size(), 3);
  std::vector<Data> batches;
  for (const Data& batch : dataset.begin_pass()) batches.push_back(batch);
  ASSERT_EQ(batches.size(), 3U);
  EXPECT_TRUE(identical(batches[1].x.only(), Tensor{{4, 5}, {6, 7}}));
  EXPECT_TRUE(identical(batches[2].x.only(), Tensor{{8, 9}}));
  EXPECT_TRUE(identical(batches[2].y.only(), whole({4})));
  EXPECT_FALSE(batches[0].sample_weight.defined());
  EXPECT_EQ(pairs.batch(2, {.drop_remainder = true}).size(), 2);
  EXPECT_THAT(values(numbers(5).batch(2, {.drop_remainder = true})), ElementsAre(0, 1, 2, 3));
  EXPECT_EQ(values(numbers(8).batch(2).batch(3)), range(8));
}

TEST(Dataset, RefusesABatchOfElementsThatDoNotFit) {
  const auto of = [](const std::vector<Data>& elements) {
    const Dataset dataset = Dataset::from_generator([elements] {
      return [elements, at = std::size_t{0}]() mutable -> std::optional<Data> {
        return at == elements.size() ? std::nullopt : std::optional(elements[at++]);
      };
    });
    return [dataset] { values(dataset.batch(4)); };
  };
  EXPECT_THAT(of({{Tensor{1}}, {Tensor{1, 2}}}),
              says<ShapeError>("batch: x of element 1 is float32 [2], that of the first is float32 [1]"));
  EXPECT_THAT(of({{Tensor{1}}, {whole({1})}}), says<DTypeError>("x of element 1 is int64 [1]"));
  EXPECT_THAT(of({{Tensor{1}, Tensor{2}}, {Tensor{1}}}),
              says<ShapeError>("y of element 1 has 0 tensors, that of the first has 1"));
}

TEST(Dataset, TreatsSeveralTensorsAlike) {
  const Tensor a{1, 2, 3}, b{{4}, {5}, {6}}, c = whole({7, 8, 9});
  const Dataset dataset = Dataset::from_tensor_slices({{{"a", a}, {"b", b}}, c});
  Dataset::Pass pass = dataset.batch(2).begin_pass();
  const std::optional<Data> batch = pass.next();
  ASSERT_EQ(batch->x.size(), 2U);
  EXPECT_THAT(batch->x.names(), ElementsAre("a", "b"));
  EXPECT_TRUE(identical(batch->x[0], Tensor{1, 2}));
  EXPECT_TRUE(identical(batch->x[1], Tensor{{4}, {5}}));
  EXPECT_TRUE(identical(batch->y.only(), whole({7, 8})));
  EXPECT_THAT(
      [&] {
        Dataset::from_tensor_slices({{a, Tensor{{1}}}, c});
      },
      says<ShapeError>("from_tensor_slices: x has 3 rows, x has 1"));
  const Dataset mixed = Dataset::from_tensor_slices({{{"a", a}}}).map([first = true](Data element) mutable {
    if (!std::exchange(first, false)) element.x = {{"z", element.x.only()}};
    return element;
  });
  EXPECT_THAT([&] { values(mixed.batch(2)); },
              says<ValueError>("x of element 1 has other names than that of the first"));
}

TEST(Dataset, MapsEachElement) {
  const Dataset dataset = numbers(4).map([](Data element) {
    element.y = element.x;
    element.x = Tensor::scalar(element.x.only().item() * 10, DType::int64);
    return element;
  });
  EXPECT_EQ(dataset.size(), 4);
  EXPECT_THAT(values(dataset), ElementsAre(0, 10, 20, 30));
  EXPECT_THAT([] { numbers(1).map({}); }, says<ValueError>("map: there is no function"));
}

TEST(Dataset, ShufflesEachPassAnewAndRepeatably) {
  const Dataset dataset = numbers(100).shuffle(100, 7);
  const std::vector<std::int64_t> first = values(dataset, 0), second = values(dataset, 1);
  EXPECT_EQ(sorted(first), range(100));
  EXPECT_EQ(sorted(second), range(100));
  EXPECT_NE(first, range(100));
  EXPECT_NE(first, second);
  EXPECT_EQ(values(dataset, 0), first);
  EXPECT_EQ(values(numbers(100).shuffle(100, 7), 1), second);
  EXPECT_NE(values(numbers(100).shuffle(100, 8), 0), first);
  EXPECT_NE(values(numbers(100).shuffle(100)), values(numbers(100).shuffle(100)));
  EXPECT_EQ(dataset.size(), 100);
}

TEST(Dataset, DrawsFromTheBufferOnly) {
  const std::vector<std::int64_t> drawn = values(numbers(200).shuffle(10, 3));
  for (std::size_t i = 0; i < drawn.size(); ++i) EXPECT_LT(drawn[i], static_cast<std::int64_t>(i) + 10);
  EXPECT_EQ(sorted(drawn), range(200));
  EXPECT_EQ(values(numbers(20).shuffle(1, 3)), range(20));
}

TEST(Dataset, ShufflesEvenly) {
  std::vector<int> first(5);
  const Dataset dataset = numbers(5).shuffle(5, 1);
  for (std::uint64_t pass = 0; pass < 5000; ++pass)
    ++first[static_cast<std::size_t>(values(dataset, pass)[0])];
  // Each count is binomial with mean 1000 and deviation 28.
  for (const int count : first) EXPECT_NEAR(count, 1000, 150);
}

TEST(Dataset, RepeatsTakesAndSkips) {
  EXPECT_THAT(values(numbers(2).repeat(3)), ElementsAre(0, 1, 0, 1, 0, 1));
  EXPECT_EQ(numbers(2).repeat(3).size(), 6);
  EXPECT_THAT(values(numbers(2).repeat(0)), ElementsAre());
  EXPECT_THAT(values(numbers(5).take(2)), ElementsAre(0, 1));
  EXPECT_THAT(values(numbers(2).take(5)), ElementsAre(0, 1));
  EXPECT_EQ(numbers(2).take(5).size(), 2);
  EXPECT_THAT(values(numbers(5).skip(3)), ElementsAre(3, 4));
  EXPECT_THAT(values(numbers(2).skip(3)), ElementsAre());
  EXPECT_EQ(numbers(2).skip(3).size(), 0);
  EXPECT_THAT(values(numbers(3).take(0)), ElementsAre());
}

TEST(Dataset, KnowsWhatHasNoEnd) {
  const Dataset endless = numbers(3).repeat();
  EXPECT_TRUE(endless.endless());
  EXPECT_EQ(endless.size(), std::nullopt);
  EXPECT_TRUE(endless.skip(2).batch(2).shuffle(4, 1).prefetch(1).endless());
  EXPECT_FALSE(endless.take(4).endless());
  EXPECT_EQ(endless.take(4).size(), 4);
  EXPECT_THAT(values(endless.skip(2).take(4)), ElementsAre(2, 0, 1, 2));
  // Nothing, repeated for ever, is nothing.
  EXPECT_FALSE(numbers(0).repeat().endless());
  EXPECT_THAT(values(numbers(0).repeat()), ElementsAre());
}

TEST(Dataset, ShufflesEachRepeatAnew) {
  const std::vector<std::int64_t> twice = values(numbers(50).shuffle(50, 3).repeat(2));
  const std::vector<std::int64_t> first(twice.begin(), twice.begin() + 50),
      second(twice.begin() + 50, twice.end());
  EXPECT_EQ(sorted(first), range(50));
  EXPECT_EQ(sorted(second), range(50));
  EXPECT_NE(first, second);
}

TEST(Dataset, RefusesCountsThatMakeNoSense) {
  EXPECT_THAT([] { numbers(3).batch(0); }, says<ValueError>("batch: the count must be 1 or more, got 0"));
  EXPECT_THAT([] { numbers(3).shuffle(0); }, says<ValueError>("shuffle: the count must be 1 or more"));
  EXPECT_THAT([] { numbers(3).prefetch(0); }, says<ValueError>("prefetch: the count must be 1 or more"));
  EXPECT_THAT([] { numbers(3).take(-1); }, says<ValueError>("take: the count must be 0 or more, got -1"));
  EXPECT_THAT([] { numbers(3).skip(-1); }, says<ValueError>("skip: the count must be 0 or more"));
  EXPECT_THAT([] { numbers(3).repeat(-1); }, says<ValueError>("repeat: the count must be 0 or more"));
}

TEST(Prefetch, GivesTheSameElements) {
  const Dataset dataset = numbers(500).shuffle(64, 5).batch(7);
  EXPECT_EQ(values(dataset.prefetch(3), 2), values(dataset, 2));
  EXPECT_EQ(values(dataset.prefetch(1).prefetch(1000), 1), values(dataset, 1));
  EXPECT_EQ(dataset.prefetch(3).size(), dataset.size());
}

TEST(Prefetch, HandsAFailureToTheConsumerAfterTheElementsBeforeIt) {
  const Dataset dataset = numbers(10)
                              .map([](Data element) {
                                if (element.x.only().item() == 4) throw ValueError("four");
                                return element;
                              })
                              .prefetch(2);
  Dataset::Pass pass = dataset.begin_pass();
  for (int i = 0; i < 4; ++i) EXPECT_TRUE(pass.next());
  EXPECT_THAT([&] { pass.next(); }, says<ValueError>("four"));
  EXPECT_FALSE(pass.next());
}

TEST(Prefetch, StopsItsThreadWhenGivenUp) {
  const auto made = std::make_shared<std::atomic<int>>(0);
  {
    Dataset::Pass pass = numbers(3)
                             .repeat()
                             .map([made](Data element) {
                               ++*made;
                               return element;
                             })
                             .prefetch(4)
                             .begin_pass();
    pass.next();
  }
  // Nobody makes elements now: the thread was joined.
  const int before = *made;
  EXPECT_LE(before, 6);
  std::this_thread::yield();
  EXPECT_EQ(*made, before);
  // A pass nobody asked for anything ends as well.
  numbers(3).repeat().prefetch(2).begin_pass();
}

TEST(Prefetch, OutlivesTheDatasetItCameFrom) {
  auto dataset = std::make_unique<Dataset>(numbers(20).prefetch(2));
  Dataset::Pass pass = dataset->begin_pass();
  dataset = nullptr;
  EXPECT_EQ(values(std::move(pass)), range(20));
}

class DatasetFiles : public saving::TemporaryFolder {
 protected:
  std::string path(const std::string& name) const { return folder() / name; }
};

TEST_F(DatasetFiles, ReadsTheRowsOfACsvFile) {
  write(path("file.csv"), "a,b,kind\n1,2,cat\n3,4,dog\n");
  const CsvOptions options = {
      .target = "kind", .categories = {{"kind", {"dog", "cat"}}}, .dtype = DType::float32};
  const Dataset dataset = Dataset::from_csv(path("file.csv"), options);
  EXPECT_EQ(dataset.size(), std::nullopt);
  for (std::uint64_t number = 0; number < 2; ++number) {
    Dataset::Pass pass = dataset.batch(5).begin_pass(number);
    const std::optional<Data> batch = pass.next();
    ASSERT_TRUE(batch);
    EXPECT_TRUE(identical(batch->x.only(), Tensor{{1, 2}, {3, 4}}));
    EXPECT_TRUE(identical(batch->y.only(), whole({1, 0})));
    EXPECT_FALSE(pass.next());
  }
  EXPECT_THAT([&] { Dataset::from_csv(path("file.csv"), {.target = "kind", .target_type = "text"}); },
              says<ValueError>("from_csv: the texts of a column are not known before the end",
                               "give its categories"));
  EXPECT_THAT([&] { Dataset::from_csv(path("none.csv")); }, says<FileError>("none.csv"));
  write(path("file.csv"), "a,b\n1,2\n3,x\n");
  EXPECT_THAT([&] { values(Dataset::from_csv(path("file.csv")).prefetch(2)); },
              says<FileError>("line 3, column 2 ('b'): 'x' is no number"));
}

TEST_F(DatasetFiles, ReadsTheRowsOfNpyFiles) {
  const Tensor x = Tensor::arange(12).reshape({3, 2, 2}), y = whole({5, 6, 7});
  save_npy(path("x.npy"), x);
  save_npy(path("y.npy"), y);
  const Dataset dataset = Dataset::from_npy(path("x.npy"), path("y.npy"));
  EXPECT_EQ(dataset.size(), 3);
  Dataset::Pass pass = dataset.batch(3).begin_pass();
  const std::optional<Data> all = pass.next();
  EXPECT_TRUE(identical(all->x.only(), x));
  EXPECT_TRUE(identical(all->y.only(), y));
  EXPECT_EQ(values(Dataset::from_npy(path("y.npy"))), (std::vector<std::int64_t>{5, 6, 7}));
  save_npy(path("y.npy"), whole({1}));
  EXPECT_THAT([&] { Dataset::from_npy(path("x.npy"), path("y.npy")); },
              says<FileError>("y.npy': it has 1 rows, '", "x.npy' has 3"));
  save_npy(path("y.npy"), Tensor::scalar(1));
  EXPECT_THAT([&] { Dataset::from_npy(path("y.npy")); }, says<FileError>("it has a single value, no rows"));
}

TEST_F(DatasetFiles, ReadsTheRowsOfIdxFiles) {
  write(path("x"), std::string("\0\0\x08\x02\0\0\0\2\0\0\0\3\1\2\3\4\5\xFF", 18));
  write(path("y"), std::string("\0\0\x08\x01\0\0\0\2\7\x08", 10));
  const Dataset dataset = Dataset::from_idx(path("x"), path("y"), {.dtype = DType::float32});
  EXPECT_EQ(dataset.size(), 2);
  Dataset::Pass pass = dataset.batch(2).begin_pass();
  const std::optional<Data> all = pass.next();
  EXPECT_TRUE(identical(all->x.only(), Tensor{{1, 2, 3}, {4, 5, 255}}));
  EXPECT_TRUE(identical(all->y.only(), Tensor{7, 8}));
  EXPECT_EQ(values(Dataset::from_idx(path("y"))), (std::vector<std::int64_t>{7, 8}));
}

}  // namespace
}  // namespace gradus::data
