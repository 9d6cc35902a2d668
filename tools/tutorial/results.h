#pragma once

#include <gradus/models/callbacks/history.h>
#include <gradus/tools/tutorial/lesson.h>

#include <cstdint>
#include <string>
#include <vector>

namespace gradus::tutorial {

// What came of a lesson.
struct Result {
  std::string name = {};
  std::uint64_t seed = 0;
  History history = {};  // without a curve where the weights were given
  Logs test = {};        // over the test set
  // Of a classifier of points: the classes it predicts for the test points, and its one layer.
  std::vector<int> predicted_classes = {};
  Tensor weights = {}, bias = {};  // undefined for the others
};

// results.json: an object with an entry for each result, as its text. Every number reads back exactly,
// float32 ones as such; the same results give the same bytes.
std::string results_json(const std::vector<Result>& results);

}  // namespace gradus::tutorial
