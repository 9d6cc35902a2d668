#pragma once

// Gradus's call for each op of the cases, a table a family.

#include "cases.h"

#include <gradus/graph/variable.h>

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace gradus::bench {

using In = const std::vector<Variable>&;
// An op's results, whatever their number.
struct Results {
  Results(Variable y) { all.push_back(std::move(y)); }                 // NOLINT: implicit on purpose
  Results(std::vector<Variable> results) : all(std::move(results)) {}  // NOLINT
  std::vector<Variable> all;
};
using Call = std::function<Results(In x, const Case& item)>;
using Calls = std::map<std::string, Call>;  // by label, or by op for all its variants

Calls elementwise_calls();
Calls activation_calls();
Calls reduction_calls();
Calls shape_calls();
Calls loss_calls();
Calls linalg_calls();
Calls nn_calls();

}  // namespace gradus::bench
