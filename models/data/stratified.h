#pragma once

#include <gradus/models/data/random_state.h>

#include <vector>

namespace gradus::data {

struct StratifiedRows {
  std::vector<std::int64_t> train, test;
};

// Rows for two parts of the given sizes that have y's classes in proportion, drawn as scikit-learn's
// StratifiedShuffleSplit draws them. ValueError, naming the class, for one with a single sample; ValueError
// for a part with fewer rows than there are classes.
StratifiedRows stratified_rows(const Tensor& y, std::int64_t train, std::int64_t test,
                               numpy::RandomState& random);

}  // namespace gradus::data
