#pragma once

#include <gradus/tools/tutorial/output.h>
#include <gradus/tools/tutorial/results.h>
#include <gradus/tools/tutorial/weights_file.h>

#include <optional>

namespace gradus::tutorial {

// The parts of the tutorial. Each prints what the notebook prints, writes its files, and returns what goes
// into results.json. A part that is given weights evaluates those and trains nothing.
Result run_blobs(std::uint64_t seed, const std::optional<LayerWeights>& weights, Output& output);
Result run_linear(std::uint64_t seed, const std::optional<LayerWeights>& weights, Output& output);
Result run_regression(std::uint64_t seed, Output& output);
// The text's worked example: scores, softmax and loss of one sample, by the ops.
void run_worked_example();

// Common to the parts. Prints the shapes of the data, before and after the split.
void print_data(const Lesson& lesson);
// Trains with a progress bar, or sets the weights, and evaluates; the result has no predictions yet.
Result train_and_evaluate(const Lesson& lesson, std::uint64_t seed,
                          const std::optional<LayerWeights>& weights);
Curves curves_of(const History& history);
std::string tuple_text(const Shape& shape);  // "(4000, 2)", as Python shows a shape

}  // namespace gradus::tutorial
