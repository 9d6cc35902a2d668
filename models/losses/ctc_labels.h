#pragma once

#include <gradus/graph/operand.h>

#include <vector>

namespace gradus {

// What ctc reads in its labels: for each sample its classes with blanks before, between and after them,
// 2 labels + 1 states.
struct CtcLabels {
  std::vector<std::vector<std::int64_t>> states;
  std::int64_t most_states = 1;

  // Whether a path may step over the blank before state s of a sample: from another label.
  static bool may_skip(const std::vector<std::int64_t>& states, std::size_t s) {
    return s >= 2 && states[s] != 0 && states[s] != states[s - 2];
  }
};

// Throws what CTC's documentation says.
CtcLabels ctc_labels(const Operand& y_true, const Operand& y_pred);

}  // namespace gradus
