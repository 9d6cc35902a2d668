#include <gradus/graph/error.h>
#include <gradus/graph/number_text.h>
#include <gradus/models/losses/ctc_labels.h>

#include <algorithm>
#include <cmath>

namespace gradus {

namespace {

std::string sample_text(std::int64_t sample) { return "ctc: sample " + std::to_string(sample); }

std::vector<std::int64_t> states_of(std::int64_t sample, std::span<const double> row, std::int64_t classes) {
  std::vector<std::int64_t> states = {0};
  bool ended = false;
  for (const double label : row) {
    if (!(label >= 0 && label < static_cast<double>(classes) && label == std::floor(label))) {
      throw ValueError(sample_text(sample) + ": the label " + scalar_text(label) +
                       " is not one of the classes 1 to " + std::to_string(classes - 1) +
                       ", nor the 0 that fills up a row");
    }
    if (label == 0) {
      ended = true;
      continue;
    }
    if (ended)
      throw ValueError(sample_text(sample) + ": the label " + scalar_text(label) + " stands behind a 0");
    states.push_back(static_cast<std::int64_t>(label));
    states.push_back(0);
  }
  return states;
}

// A step for each label and for each blank that must stand between equal ones.
std::int64_t steps_needed(const std::vector<std::int64_t>& states) {
  std::int64_t steps = 0;
  for (std::size_t s = 1; s < states.size(); s += 2) {
    steps += s > 1 && states[s] == states[s - 2] ? 2 : 1;
  }
  return steps;
}

}  // namespace

CtcLabels ctc_labels(const Operand& y_true, const Operand& y_pred) {
  const Shape labels = y_true.shape(), logits = y_pred.shape();
  if (labels.rank() != 2 || logits.rank() != 3 || labels.front() != logits.front() || logits.back() == 0) {
    throw ShapeError("ctc: y_true is " + to_string(labels) + ", y_pred is " + to_string(logits) +
                     "; they must be [n, length] and [n, steps, classes]");
  }
  const std::vector<double> values = y_true.variable().value().to_vector<double>();
  const auto length = static_cast<std::size_t>(labels.back());
  CtcLabels result;
  for (std::int64_t sample = 0; sample < labels.front(); ++sample) {
    const std::span row = std::span(values).subspan(static_cast<std::size_t>(sample) * length, length);
    std::vector<std::int64_t> states = states_of(sample, row, logits.back());
    const std::int64_t needed = steps_needed(states);
    if (needed > logits[1]) {
      throw ValueError(sample_text(sample) + ": its labels need " + std::to_string(needed) +
                       " steps, y_pred has " + std::to_string(logits[1]));
    }
    result.most_states = std::max(result.most_states, static_cast<std::int64_t>(states.size()));
    result.states.push_back(std::move(states));
  }
  return result;
}

}  // namespace gradus
