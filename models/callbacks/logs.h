#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace gradus {

// What an epoch or an evaluation came to: `auto [loss, metrics] = model.evaluate(x, y);`.
struct Logs {
  double loss = 0;
  std::map<std::string, double, std::less<>> metrics = {};

  // "loss" or a metric: `logs["val_accuracy"]`. ValueError for another name.
  double operator[](std::string_view name) const;
  bool contains(std::string_view name) const;
  // All of them, sorted, those of the validation last.
  std::vector<std::string> names() const;
};

}  // namespace gradus
