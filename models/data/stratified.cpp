#include <gradus/graph/error.h>
#include <gradus/models/data/classes.h>
#include <gradus/models/data/stratified.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>
#include <string>

namespace gradus::data {

namespace {

// How many of `draws` samples fall to each class: its share rounded down, and one more for those with the
// largest remainders; ties are broken by drawing. scikit-learn's _approximate_mode.
std::vector<std::int64_t> proportions(const std::vector<std::int64_t>& sizes, std::int64_t draws,
                                      numpy::RandomState& random) {
  const auto all = static_cast<double>(std::accumulate(sizes.begin(), sizes.end(), std::int64_t{0}));
  std::vector<std::int64_t> counts;
  std::vector<double> remainders;
  std::int64_t left = draws;
  for (const std::int64_t size : sizes) {
    const double share = static_cast<double>(size) / all * static_cast<double>(draws);
    counts.push_back(static_cast<std::int64_t>(std::floor(share)));
    remainders.push_back(share - std::floor(share));
    left -= counts.back();
  }
  std::vector<double> values = remainders;
  std::sort(values.begin(), values.end(), std::greater<>());
  values.erase(std::unique(values.begin(), values.end()), values.end());
  for (const double value : values) {
    if (left <= 0) break;
    std::vector<std::size_t> ties;
    for (std::size_t i = 0; i < remainders.size(); ++i) {
      if (remainders[i] == value) ties.push_back(i);
    }
    const auto number = static_cast<std::int64_t>(ties.size());
    const std::int64_t add = std::min(number, left);
    for (const std::int64_t chosen : random.choice(number, add))
      ++counts[ties[static_cast<std::size_t>(chosen)]];
    left -= add;
  }
  return counts;
}

void check(const Classes& classes, std::int64_t train, std::int64_t test) {
  for (std::size_t k = 0; k < classes.count(); ++k) {
    if (classes.sizes()[k] < 2) {
      throw ValueError("train_test_split: class " + classes.text(k) +
                       " of stratify has one sample only, row " + std::to_string(classes.first()[k]) +
                       "; each class needs two to be in both parts");
    }
  }
  const auto require = [&](const char* part, std::int64_t rows) {
    if (rows < static_cast<std::int64_t>(classes.count())) {
      throw ValueError("train_test_split: the " + std::string(part) + " set has " + std::to_string(rows) +
                       " rows, fewer than the " + std::to_string(classes.count()) + " classes of stratify");
    }
  };
  require("training", train);
  require("test", test);
}

}  // namespace

StratifiedRows stratified_rows(const Tensor& y, std::int64_t train, std::int64_t test,
                               numpy::RandomState& random) {
  const Classes classes("train_test_split", y);
  check(classes, train, test);
  std::vector<std::vector<std::int64_t>> members(classes.count());
  for (std::size_t i = 0; i < classes.codes().size(); ++i) {
    members[static_cast<std::size_t>(classes.codes()[i])].push_back(static_cast<std::int64_t>(i));
  }
  const std::vector<std::int64_t> train_counts = proportions(classes.sizes(), train, random);
  std::vector<std::int64_t> left = classes.sizes();
  for (std::size_t k = 0; k < left.size(); ++k) left[k] -= train_counts[k];
  const std::vector<std::int64_t> test_counts = proportions(left, test, random);

  StratifiedRows rows;
  for (std::size_t k = 0; k < members.size(); ++k) {
    random.shuffle(members[k]);
    const auto begin = members[k].begin(), middle = begin + train_counts[k];
    rows.train.insert(rows.train.end(), begin, middle);
    rows.test.insert(rows.test.end(), middle, middle + test_counts[k]);
  }
  random.shuffle(rows.train);
  random.shuffle(rows.test);
  return rows;
}

}  // namespace gradus::data
