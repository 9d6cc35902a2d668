#pragma once

#include <gradus/models/callbacks/history.h>
#include <gradus/tools/tutorial/lesson.h>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace gradus::tutorial {

// What came of a lesson.
struct Result {
  std::string name = {};
  std::uint64_t seed = 0;
  History history = {};           // without a curve where the weights were given
  std::optional<Logs> test = {};  // over the test set, where there is one
  // Of a classifier of points: the classes it predicts for the test points, and its one layer.
  std::vector<int> predicted_classes = {};
  Tensor weights = {}, bias = {};  // undefined for the others
  // Where each step's loss was recorded.
  std::vector<double> step_loss = {};
  // Of a net trained without a model: what it gets right of its training set, and how far each gradient is
  // from finite differences.
  std::optional<double> training_accuracy = {};
  std::map<std::string, double> gradient_error = {};
};

// results.json: an object with an entry for each result, as its text. Every number reads back exactly,
// float32 ones as such; the same results give the same bytes.
std::string results_json(const std::vector<Result>& results);

}  // namespace gradus::tutorial
